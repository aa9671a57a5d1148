"""Addresses of the import wizard."""

from django.urls import path

from exchange import views

app_name = "exchange"

urlpatterns = [
    path("", views.import_list, name="list"),
    path("new/", views.import_create, name="create"),
    path("templates/<slug:code>/", views.import_template, name="register_template"),
    path("<int:pk>/", views.import_detail, name="detail"),
    path("<int:pk>/columns/", views.import_check, name="check"),
    path("<int:pk>/run/", views.import_run, name="run"),
    path("<int:pk>/progress/", views.import_progress, name="progress"),
    path("<int:pk>/undo/", views.import_undo, name="undo"),
    path("<int:pk>/marked/", views.import_marked, name="marked_download"),
]
