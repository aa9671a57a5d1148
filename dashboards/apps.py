from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    name = "dashboards"

    def ready(self):
        from audit import sentences

        sentences.add({"wall.made": _("生成大屏密钥，有效期至 {until}"), "wall.revoked": _("停用大屏密钥")})
