from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    """The four lists (四张清单), projects, finance and talent of an alliance."""

    name = "services"
    verbose_name = _("服务")

    def ready(self):
        from services import list_wiring, project_wiring

        list_wiring.connect()
        project_wiring.connect()
