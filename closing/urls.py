"""Addresses of closed months and targets."""

from django.urls import path

from closing import target_views, views

app_name = "closing"

urlpatterns = [
    path("", views.month_list, name="list"),
    path("targets/", target_views.target_list, name="target_list"),
    path("targets/new/", target_views.target_create, name="target_create"),
    path("targets/<int:pk>/edit/", target_views.target_edit, name="target_edit"),
    path("targets/<int:pk>/withdraw/", target_views.target_withdraw, name="target_withdraw"),
    # Below the targets: their addresses have the same shape.
    path("<slug:kind>/<int:pk>/<slug:month>/", views.month_detail, name="detail"),
    path("<slug:kind>/<int:pk>/<slug:month>/<slug:step>/", views.month_act, name="act"),
]
