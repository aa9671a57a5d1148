from django.urls import path

from indicators.api import FiguresView

urlpatterns = [path("", FiguresView.as_view(), name="api-figures")]
