"""Addresses of the lists, the catalogue of products and talent; `services.urls` takes them in."""

from django.urls import path

from core.registers import patterns
from services.registers.lists import (
    DEMANDS,
    POLICIES,
    PRODUCTS,
    RESOURCES,
    SERVICE_KINDS,
    TALENT_HIRES,
    TALENT_KINDS,
    TALENT_NEEDS,
)
from services.views import catalogue, lists, offers

_match = "demands/<int:pk>/matches/<slug:field>/<int:target>/"

urlpatterns = [
    *patterns(DEMANDS, "demands/"),
    path("demands/<int:pk>/", lists.demand_detail, name="demand_detail"),
    path("demands/<int:pk>/choose/", lists.demand_choose, name="demand_choose"),
    path("demands/<int:pk>/meet/", lists.demand_meet, name="demand_meet"),
    path("demands/<int:pk>/withdraw/", lists.demand_withdraw, name="demand_withdraw"),
    path("demands/<int:pk>/reopen/", lists.demand_reopen, name="demand_reopen"),
    path("demands/<int:pk>/hand-over/", lists.demand_hand_over, name="demand_hand_over"),
    path(f"{_match}confirm/", lists.demand_confirm, name="demand_confirm"),
    path(f"{_match}set-aside/", lists.demand_set_aside, name="demand_set_aside"),
    *patterns(RESOURCES, "resources/"),
    path("resources/<int:pk>/", offers.resource_detail, name="resource_detail"),
    path("resources/<int:pk>/close/", offers.resource_close, name="resource_close"),
    *patterns(POLICIES, "policies/"),
    path("policies/<int:pk>/", offers.policy_detail, name="policy_detail"),
    path("policies/<int:pk>/close/", offers.policy_close, name="policy_close"),
    path("policies/<int:pk>/measures/new/", offers.policy_measure_add, name="policy_measure_add"),
    path("policies/<int:pk>/measures/<int:number>/", offers.policy_measure_edit, name="policy_measure_edit"),
    path("policies/<int:pk>/files/", offers.policy_file_add, name="policy_file_add"),
    path("policies/files/<int:pk>/", offers.policy_file_download, name="policy_file_download"),
    path("policies/<int:pk>/fits/", offers.policy_fits, name="policy_fits"),
    path("policies/<int:pk>/fits/export/", offers.policy_fits_export, name="policy_fits_export"),
    *patterns(PRODUCTS, "products/"),
    path("products/<int:pk>/", catalogue.product_detail, name="product_detail"),
    *patterns(TALENT_NEEDS, "talent/needs/"),
    path("talent/needs/<int:pk>/", catalogue.talentneed_detail, name="talentneed_detail"),
    *patterns(TALENT_HIRES, "talent/hired/"),
    path("talent/hired/<int:pk>/", catalogue.talenthire_detail, name="talenthire_detail"),
    *patterns(SERVICE_KINDS, "kinds/"),
    path("kinds/<int:pk>/", catalogue.servicekind_detail, name="servicekind_detail"),
    *patterns(TALENT_KINDS, "talent/kinds/"),
    path("talent/kinds/<int:pk>/", catalogue.talentkind_detail, name="talentkind_detail"),
]
