from django.urls import path

from mechanisms import views

app_name = "mechanisms"

urlpatterns = [
    path("", views.board, name="board"),
    path("gaps/", views.gaps, name="gaps"),
    path("mechanisms/", views.mechanism_list, name="list"),
    path("mechanisms/new/", views.create, name="create"),
    path("mechanisms/<int:pk>/", views.detail, name="detail"),
    path("mechanisms/<int:pk>/edit/", views.edit, name="edit"),
    path("mechanisms/<int:pk>/end/", views.end, name="end"),
    path("mechanisms/<int:pk>/off/", views.switch_off, name="switch_off"),
    path("off/<int:pk>/on/", views.switch_on, name="off_switch_on"),
    path("committees/<int:pk>/", views.committee, name="committee"),
    path("duties/<int:pk>/", views.obligation, name="obligation"),
]
