from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = _("数据交换")

    def ready(self):
        from audit import views
        from exchange.tables import workbook

        views.register_writer(workbook)
