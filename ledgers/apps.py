from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgersConfig(AppConfig):
    """Custom ledgers (自定义台账): registers that an officer defines."""

    name = "ledgers"
    verbose_name = _("自定义台账")

    def ready(self):
        from ledgers import wiring

        wiring.connect()
