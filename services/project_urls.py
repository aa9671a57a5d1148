"""Addresses of projects and finance; `services.urls` takes them in."""

from django.urls import path

from core.registers import patterns
from services.registers.projects import CAPITAL, ENTRY_KINDS, FINANCE_PRODUCTS, LOANS, PROJECTS, RATINGS
from services.views import projects as views

urlpatterns = [
    *patterns(PROJECTS, "projects/"),
    path("projects/<int:pk>/", views.project_detail, name="project_detail"),
    path("projects/<int:pk>/steps/<slug:step>/", views.project_step, name="project_step"),
    path("projects/<int:pk>/stop/", views.project_stop, name="project_stop"),
    path("projects/<int:pk>/back/", views.project_back, name="project_back"),
    path("projects/<int:pk>/notes/", views.project_note, name="project_note"),
    path("projects/<int:pk>/convene/", views.project_convene, name="project_convene"),
    path("projects/<int:pk>/funds/", views.project_arrival, name="project_arrival"),
    path("projects/<int:pk>/services/", views.project_service, name="project_service"),
    *patterns(FINANCE_PRODUCTS, "finance/products/"),
    path("finance/products/<int:pk>/", views.financeproduct_detail, name="financeproduct_detail"),
    *patterns(RATINGS, "finance/ratings/"),
    path("finance/ratings/<int:pk>/", views.creditrating_detail, name="creditrating_detail"),
    *patterns(LOANS, "finance/loans/"),
    path("finance/loans/<int:pk>/", views.loan_detail, name="loan_detail"),
    *patterns(CAPITAL, "finance/capital/"),
    path("finance/capital/<int:pk>/", views.socialcapital_detail, name="socialcapital_detail"),
    *patterns(ENTRY_KINDS, "finance/kinds/"),
    path("finance/kinds/<int:pk>/", views.entrykind_detail, name="entrykind_detail"),
]
