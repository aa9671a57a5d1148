from django.urls import path

from chains import views
from chains.registers import CHAINS, COMMITTEES
from core.registers import patterns

app_name = "chains"

urlpatterns = [
    *patterns(CHAINS, "chains/"),
    path("chains/<int:pk>/", views.chain_detail, name="chain_detail"),
    path("chains/<int:pk>/segments/new/", views.segment_create, name="segment_create"),
    path("chains/segments/<int:pk>/edit/", views.segment_edit, name="segment_edit"),
    path("chains/segments/<int:pk>/delete/", views.segment_delete, name="segment_delete"),
    path("chains/segments/<int:pk>/links/new/", views.link_create, name="link_create"),
    path("chains/links/<int:pk>/edit/", views.link_edit, name="link_edit"),
    path("chains/links/<int:pk>/delete/", views.link_delete, name="link_delete"),
    *patterns(COMMITTEES, "committees/"),
    path("committees/<int:pk>/", views.committee_detail, name="committee_detail"),
    path("committees/<int:pk>/seats/new/", views.seat_create, name="seat_create"),
    path("committees/seats/<int:pk>/edit/", views.seat_edit, name="seat_edit"),
]
