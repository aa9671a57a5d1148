from django.urls import path

from meetings import api

urlpatterns = [
    path("", api.MeetingList.as_view(), name="api-meetings"),
    path("<int:pk>/", api.MeetingOne.as_view(), name="api-meeting"),
]
