"""Addresses of supervision, below those of the ledger."""

from django.urls import path

from problems.views import supervision as views

urlpatterns = [
    path("supervision/", views.board, name="supervision"),
    path("slips/", views.slip_list, name="slip_list"),
    path("slips/export/", views.slip_export, name="slip_export"),
    path("slips/<int:pk>/", views.slip_detail, name="slip_detail"),
    path("slips/<int:pk>/answer/", views.slip_answer, name="slip_answer"),
    path("slips/<int:pk>/download/", views.slip_document, name="slip_download"),
    path("<int:pk>/slips/new/", views.slip_issue, name="slip_issue"),
    path("instructions/", views.instruction_list, name="instruction_list"),
    path("instructions/export/", views.instruction_export, name="instruction_export"),
    path("instructions/<int:pk>/report/", views.instruction_report, name="instruction_report"),
]
