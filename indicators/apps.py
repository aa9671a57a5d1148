from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("指标")

    def ready(self):
        from core.context import register_staleness
        from core.health import register_oldest_marker
        from indicators import lateness, triggers
        from indicators.checks import check_declarations

        autodiscover_modules("indicators")
        checks.register(check_declarations)
        post_migrate.connect(triggers.install_after_migrate, dispatch_uid="indicators.triggers")
        register_oldest_marker(lateness.oldest_marker)
        register_staleness(lateness.figures_may_lag)
