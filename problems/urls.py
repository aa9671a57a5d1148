from django.urls import include, path

from problems import views

app_name = "problems"

urlpatterns = [
    path("", views.problem_list, name="list"),
    path("counts/", views.counts, name="counts"),
    path("export/", views.export, name="export"),
    path("mine/", views.mine, name="mine"),
    path("new/", views.create, name="create"),
    path("similar/", views.similar, name="similar"),
    path("", include("problems.work_urls")),
    path("", include("problems.rulebook_urls")),
    path("", include("problems.supervision_urls")),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/similar/", views.remembered, name="memory"),
    path("<int:pk>/do/<slug:name>/", views.act, name="act"),
    path("<int:pk>/files/new/", views.attach, name="attach"),
    path("<int:pk>/files/<int:file_id>/", views.download, name="file"),
    path("<int:pk>/links/new/", views.link_make, name="link_make"),
    path("<int:pk>/links/<int:link_id>/revoke/", views.link_revoke, name="link_revoke"),
    path("calls/", views.call_list, name="call_backs"),
    path("calls/export/", views.call_back_export, name="call_back_export"),
    path("calls/<int:pk>/", views.call_back, name="call_back"),
]
