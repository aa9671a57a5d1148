from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    name = "dashboards"

    def ready(self):
        from audit import sentences
        from core import panels as places
        from dashboards import panels

        places.register("chain", 14, panels.of_chain)
        places.register("committee", 14, panels.of_committee)
        places.register("region", 9, panels.of_region)
        places.register("team", 21, panels.of_team)
        sentences.add({"wall.made": _("生成大屏密钥，有效期至 {until}"), "wall.revoked": _("停用大屏密钥")})
