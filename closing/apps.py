from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClosingConfig(AppConfig):
    name = "closing"
    verbose_name = _("封账与目标")

    def ready(self):
        from closing import entered, hints, panels, sentences
        from core import panels as places
        from indicators import views

        places.register("committee", 15, panels.of_committee)
        sentences.register()
        hints.register()
        views.further_lines.append(entered.dictionary)
