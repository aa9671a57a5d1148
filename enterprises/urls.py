from django.urls import path

from core.registers import patterns
from enterprises.registers import (
    ENTERPRISES,
    FACILITIES,
    HONOURS,
    MASS,
    ORGANISATIONS,
    PAIRINGS,
    POSTINGS,
    STAFFING,
)
from enterprises.views import firms, gaps, kinds, records

app_name = "enterprises"

urlpatterns = [
    *patterns(ENTERPRISES, "enterprises/"),
    path("enterprises/<int:pk>/", firms.enterprise_detail, name="enterprise_detail"),
    path("enterprises/<int:pk>/chains/join/", firms.chain_join, name="chain_join"),
    path("enterprises/<int:pk>/employees/", firms.employees_record, name="employees_record"),
    path("enterprises/<int:pk>/merge/", firms.enterprise_merge, name="enterprise_merge"),
    path("enterprises/memberships/<int:pk>/edit/", firms.membership_edit, name="membership_edit"),
    path("enterprises/memberships/<int:pk>/leave/", firms.chain_leave, name="chain_leave"),
    *patterns(ORGANISATIONS, "organisations/"),
    path("organisations/<int:pk>/", firms.organisation_detail, name="organisation_detail"),
    path("organisations/<int:pk>/members/", firms.members_record, name="members_record"),
    path("registers/", records.register_home, name="register_home"),
    path("registers/kinds/", kinds.kind_list, name="kind_list"),
    path("registers/kinds/new/", kinds.kind_create, name="kind_create"),
    path("registers/kinds/<slug:word>/<int:pk>/edit/", kinds.kind_edit, name="kind_edit"),
    path("gaps/", gaps.gap_list, name="gap_list"),
    path("gaps/ratios/<int:pk>/", gaps.gap_ratio, name="gap_ratio"),
    *patterns(STAFFING, "gaps/rules/"),
    path("gaps/rules/<int:pk>/", gaps.staffing_detail, name="staffing_detail"),
    *patterns(POSTINGS, "postings/"),
    path("postings/<int:pk>/", records.posting_detail, name="posting_detail"),
    path("postings/<int:pk>/end/", records.posting_end, name="posting_end"),
    path("postings/<int:pk>/replace/", records.posting_replace, name="posting_replace"),
    *patterns(PAIRINGS, "pairings/"),
    path("pairings/<int:pk>/", records.pairing_detail, name="pairing_detail"),
    path("pairings/<int:pk>/end/", records.pairing_end, name="pairing_end"),
    path("pairings/<int:pk>/files/", records.pairing_file_add, name="pairing_file_add"),
    path("pairings/files/<int:pk>/", records.pairing_file_download, name="pairing_file_download"),
    *patterns(FACILITIES, "facilities/"),
    path("facilities/<int:pk>/", records.facility_detail, name="facility_detail"),
    path("facilities/<int:pk>/close/", records.facility_close, name="facility_close"),
    *patterns(HONOURS, "honours/"),
    path("honours/<int:pk>/", records.honour_detail, name="honour_detail"),
    path("honours/<int:pk>/revoke/", records.honour_revoke, name="honour_revoke"),
    *patterns(MASS, "mass-organisations/"),
    path("mass-organisations/<int:pk>/", records.mass_detail, name="mass_detail"),
]
