from django.urls import path

from alliances import views
from alliances.registers import ALLIANCES, DEPARTMENTS, REGIONS, TEAMS
from core.registers import create_view, edit_view, export_view, patterns

app_name = "alliances"

urlpatterns = [
    path("regions/", views.region_tree, name="region_tree"),
    path("regions/export/", export_view(REGIONS), name="region_export"),
    path("regions/new/", create_view(REGIONS), name="region_create"),
    path("regions/<int:pk>/", views.region_detail, name="region_detail"),
    path("regions/<int:pk>/edit/", edit_view(REGIONS), name="region_edit"),
    *patterns(DEPARTMENTS, "departments/"),
    path("departments/<int:pk>/", views.department_detail, name="department_detail"),
    *patterns(ALLIANCES, "alliances/"),
    path("alliances/<int:pk>/", views.alliance_detail, name="alliance_detail"),
    *patterns(TEAMS, "teams/"),
    path("teams/<int:pk>/", views.team_detail, name="team_detail"),
    path("teams/<int:pk>/members/new/", views.member_create, name="member_create"),
    path("teams/members/<int:pk>/end/", views.member_end, name="member_end"),
]
