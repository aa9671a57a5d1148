from django.urls import path

from indicators import views

app_name = "indicators"

urlpatterns = [
    path("", views.dictionary, name="dictionary"),
    path("rows/", views.figure_rows, name="rows"),
]
