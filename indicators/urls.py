from django.urls import path

from core import listings
from indicators import views
from indicators.listings import figure_rows

app_name = "indicators"

urlpatterns = [
    path("", views.dictionary, name="dictionary"),
    path("rows/", views.figure_rows, name="rows"),
    path("rows/export/", listings.export(figure_rows), name="rows_export"),
]
