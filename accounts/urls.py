from django.urls import path

from accounts import views
from accounts.views import deputies, handovers

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("resume/", views.resume, name="resume"),
    path("drafts/<slug:key>/", views.draft, name="draft"),
    path("password/", views.password_change, name="password_change"),
    path("users/", views.user_list, name="user_list"),
    path("users/export/", views.user_export, name="user_export"),
    path("users/new/", views.user_create, name="user_create"),
    path("users/<int:pk>/", views.user_detail, name="user_detail"),
    path("users/<int:pk>/edit/", views.user_edit, name="user_edit"),
    path("users/<int:pk>/disable/", views.user_disable, name="user_disable"),
    path("users/<int:pk>/enable/", views.user_enable, name="user_enable"),
    path("users/<int:pk>/password/", views.user_reset_password, name="user_reset_password"),
    path("users/<int:pk>/posts/new/", views.post_give, name="post_give"),
    path("deputies/", deputies.deputy_list, name="deputy_list"),
    path("deputies/<int:pk>/end/", deputies.deputy_end, name="deputy_end"),
    path("posts/<int:pk>/deputy/", deputies.deputy_create, name="deputy_create"),
    path("posts/<int:pk>/handover/", handovers.handover, name="handover"),
    path("posts/<int:pk>/handover/sheet/", handovers.handover_sheet_file, name="handover_file_download"),
    path("posts/<int:pk>/end/", views.post_end, name="post_end"),
]
