from django.urls import path

from core.registers import patterns
from enterprises import views
from enterprises.registers import ENTERPRISES, ORGANISATIONS

app_name = "enterprises"

urlpatterns = [
    *patterns(ENTERPRISES, "enterprises/"),
    path("enterprises/<int:pk>/", views.enterprise_detail, name="enterprise_detail"),
    path("enterprises/<int:pk>/chains/join/", views.chain_join, name="chain_join"),
    path("enterprises/<int:pk>/employees/", views.employees_record, name="employees_record"),
    path("enterprises/<int:pk>/merge/", views.enterprise_merge, name="enterprise_merge"),
    path("enterprises/memberships/<int:pk>/edit/", views.membership_edit, name="membership_edit"),
    path("enterprises/memberships/<int:pk>/leave/", views.chain_leave, name="chain_leave"),
    *patterns(ORGANISATIONS, "organisations/"),
    path("organisations/<int:pk>/", views.organisation_detail, name="organisation_detail"),
    path("organisations/<int:pk>/members/", views.members_record, name="members_record"),
]
