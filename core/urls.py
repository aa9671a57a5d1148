"""What belongs to no app: being alive, being ready, and a person's display preferences."""

from django.urls import path

from core import calendar, dated, health, notice_import, views

app_name = "core"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/day/", calendar.calendar_day, name="calendar_day"),
    path("calendar/import/", notice_import.calendar_import, name="calendar_import"),
    path("calendar/template/", notice_import.calendar_template, name="calendar_template"),
    path("dates/", dated.dated, name="dated"),
    path("preferences/", views.preferences, name="preferences"),
]
