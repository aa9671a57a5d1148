"""Addresses of the monthly reports."""

from django.urls import path

from reports import batch_views, paper_views, template_views, views

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
    path("batches/new/", batch_views.batch_create, name="batch_create"),
    path("batches/<int:pk>/", batch_views.batch_detail, name="batch"),
    path("batches/<int:pk>/progress/", batch_views.batch_progress, name="batch_progress"),
    path("batches/<int:pk>/zip/", batch_views.batch_zip, name="batch_zip"),
    path("practice/", batch_views.practice, name="practice"),
    path("<int:pk>/edit/", paper_views.report_edit, name="edit"),
    path("<int:pk>/restore/", paper_views.report_restore, name="restore"),
    path("<int:pk>/changes/", paper_views.report_changes, name="changes"),
    path("<int:pk>/take/", paper_views.report_take, name="take"),
    path("<int:pk>/issue/", paper_views.report_issue, name="issue"),
    path("<int:pk>/withdraw/", paper_views.report_withdraw, name="withdraw"),
    path("<int:pk>/verify/", paper_views.report_verify, name="verify"),
]
