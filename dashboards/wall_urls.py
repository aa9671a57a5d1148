"""Addresses without an account: see `dashboards.wall_views`."""

from django.urls import path

from dashboards import wall_views

app_name = "wall"

urlpatterns = [
    path("<str:secret>/", wall_views.show, name="show"),
    path("<str:secret>/figures/", wall_views.figures, name="figures"),
]
