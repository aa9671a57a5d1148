"""What belongs to no app: being alive, being ready, and a person's display preferences."""

from django.urls import path

from core import health, views

app_name = "core"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("preferences/", views.preferences, name="preferences"),
]
