from django.urls import path

from dashboards import views, wall_views

app_name = "dashboards"

urlpatterns = [
    path("", views.home, name="home"),
    path("cockpit/", views.cockpit, name="cockpit"),
    path("cockpit/committees-not-met/", views.committees_not_met, name="committees_not_met"),
    path("cockpit/committees-not-met/export/", views.committees_not_met_export, name="committees_not_met_export"),
    path("structure/", views.structure, name="structure"),
    path("structure/rows/", views.structure_rows, name="structure_rows"),
    path("structure/rows/export/", views.structure_rows_export, name="structure_rows_export"),
    path("teams/<int:pk>/rows/", views.team_rows, name="team_rows"),
    path("teams/<int:pk>/rows/export/", views.team_rows_export, name="team_rows_export"),
    path("compare/", views.compare, name="compare"),
    path("organisation-chart/", views.organisation_chart, name="organisation_chart"),
    path("organisation-chart/rows/", views.organisation_rows, name="organisation_rows"),
    path("organisation-chart/rows/export/", views.organisation_rows_export, name="organisation_rows_export"),
    path("walls/", wall_views.key_list, name="wall_key_list"),
    path("walls/new/", wall_views.key_create, name="wall_key_create"),
    path("walls/<int:pk>/revoke/", wall_views.key_revoke, name="wall_key_revoke"),
]
