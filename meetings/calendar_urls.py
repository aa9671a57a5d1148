"""Addresses without an account: see `meetings.views.feeds`."""

from django.urls import path

from meetings.views import feeds

app_name = "calendar"

urlpatterns = [path("<str:secret>.ics", feeds.read_feed, name="feed")]
