from django.urls import path

from meetings import views

app_name = "meetings"

urlpatterns = [
    path("", views.meeting_list, name="list"),
    path("export/", views.meeting_export, name="export"),
    path("new/", views.create, name="create"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/notify/", views.notify, name="notify"),
    path("<int:pk>/hold/", views.hold, name="hold"),
    path("<int:pk>/minutes/", views.minute, name="minute"),
    path("<int:pk>/archive/", views.archive, name="archive"),
    path("<int:pk>/take-back/", views.take_back, name="take_back"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/files/", views.file_upload, name="file_upload"),
    path("files/<int:pk>/", views.file_download, name="file_download"),
    path("<int:pk>/decisions/new/", views.decision_create, name="decision_create"),
    path("activities/", views.activity_list, name="activity_list"),
    path("activities/export/", views.activity_export, name="activity_export"),
    path("activities/new/", views.activity_create, name="activity_create"),
    path("activities/<int:pk>/", views.activity_detail, name="activity_detail"),
    path("activities/<int:pk>/edit/", views.activity_edit, name="activity_edit"),
    path("activities/<int:pk>/join/", views.activity_join, name="activity_join"),
    path("activities/<int:pk>/cancel/", views.activity_cancel, name="activity_cancel"),
    path("activities/<int:pk>/files/", views.activity_file_upload, name="activity_file_upload"),
    path("activities/files/<int:pk>/", views.activity_file, name="activity_file"),
    path("firms/", views.firm_list, name="firm_list"),
    path("firms/export/", views.firm_export, name="firm_export"),
    path("firms/<int:pk>/", views.firm, name="firm_detail"),
    path("decisions/", views.decision_list, name="decision_list"),
    path("decisions/export/", views.decision_export, name="decision_export"),
    path("decisions/<int:pk>/", views.decision_detail, name="decision_detail"),
    path("decisions/<int:pk>/edit/", views.decision_edit, name="decision_edit"),
    path("decisions/<int:pk>/done/", views.decision_done, name="decision_done"),
    path("decisions/<int:pk>/cancel/", views.decision_cancel, name="decision_cancel"),
]
