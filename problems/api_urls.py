from django.urls import path

from problems import api

urlpatterns = [
    path("", api.ProblemList.as_view(), name="api-problems"),
    path("<int:pk>/", api.ProblemOne.as_view(), name="api-problem"),
    path("<int:pk>/<slug:name>/", api.ProblemStep.as_view(), name="api-problem-step"),
]
