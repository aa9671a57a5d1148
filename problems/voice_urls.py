"""Addresses without an account, kept short for print: see `problems.views.voice`."""

from django.urls import path

from problems.views import voice

app_name = "voice"

urlpatterns = [
    path("", voice.code, name="code"),
    path("<int:pk>/", voice.entry, name="entry"),
    path("<int:pk>/rate/", voice.rate, name="rate"),
    path("<int:pk>/fact/", voice.fact, name="fact"),
    path("<int:pk>/call/", voice.call, name="call"),
    path("<int:pk>/o/<str:token>/", voice.open_link, name="open"),
]
