"""Addresses of the monthly reports."""

from django.urls import path

from reports import template_views, views

app_name = "reports"

urlpatterns = [
    path("", views.report_list, name="list"),
    path("new/", views.report_create, name="create"),
    path("templates/", template_views.template_list, name="template_list"),
    path("templates/figures/", template_views.template_figures, name="template_figures"),
    path("templates/<int:pk>/", template_views.template_detail, name="template_detail"),
    path("templates/of/<int:pk>/", template_views.template_edit, name="template_edit"),
    path("templates/of/<int:pk>/preview/", template_views.template_preview, name="template_preview"),
    path("templates/of/<int:pk>/reset/", template_views.template_reset, name="template_reset"),
    path("<int:pk>/", views.report_detail, name="detail"),
    path("<int:pk>/progress/", views.report_progress, name="progress"),
    path("<int:pk>/retry/", views.report_retry, name="retry"),
    path("<int:pk>/files/<slug:kind>/", views.report_download, name="download"),
]
