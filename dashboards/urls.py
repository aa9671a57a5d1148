from django.urls import path

from dashboards import views, wall_views

app_name = "dashboards"

urlpatterns = [
    path("", views.home, name="home"),
    path("cockpit/", views.cockpit, name="cockpit"),
    path("cockpit/committees-not-met/", views.committees_not_met, name="committees_not_met"),
    path("structure/", views.structure, name="structure"),
    path("structure/rows/", views.structure_rows, name="structure_rows"),
    path("teams/<int:pk>/rows/", views.team_rows, name="team_rows"),
    path("compare/", views.compare, name="compare"),
    path("organisation-chart/", views.organisation_chart, name="organisation_chart"),
    path("organisation-chart/rows/", views.organisation_rows, name="organisation_rows"),
    path("walls/", wall_views.key_list, name="wall_key_list"),
    path("walls/new/", wall_views.key_create, name="wall_key_create"),
    path("walls/<int:pk>/revoke/", wall_views.key_revoke, name="wall_key_revoke"),
]
