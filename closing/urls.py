"""Addresses of closed months, targets and entered figures."""

from django.urls import path

from closing import entered_views, target_views, views
from closing.registers import ENTERED_KINDS
from core.registers import patterns

app_name = "closing"

urlpatterns = [
    path("", views.month_list, name="list"),
    path("targets/", target_views.target_list, name="target_list"),
    path("targets/new/", target_views.target_create, name="target_create"),
    path("targets/<int:pk>/edit/", target_views.target_edit, name="target_edit"),
    path("targets/<int:pk>/withdraw/", target_views.target_withdraw, name="target_withdraw"),
    path("entered/", entered_views.entered_list, name="entered_list"),
    path("entered/new/", entered_views.entered_create, name="entered_create"),
    path("entered/<int:pk>/", entered_views.entered_detail, name="entered_detail"),
    path("entered/<int:pk>/correct/", entered_views.entered_correct, name="entered_correct"),
    *patterns(ENTERED_KINDS, "entered/kinds/"),
    path("entered/kinds/<int:pk>/", entered_views.enteredkind_detail, name="enteredkind_detail"),
    # Below the targets: their addresses have the same shape.
    path("<slug:kind>/<int:pk>/<slug:month>/", views.month_detail, name="detail"),
    path("<slug:kind>/<int:pk>/<slug:month>/<slug:step>/", views.month_act, name="act"),
]
