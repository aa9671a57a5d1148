from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClosingConfig(AppConfig):
    name = "closing"
    verbose_name = _("封账与目标")

    def ready(self):
        from closing import hints, sentences

        sentences.register()
        hints.register()
