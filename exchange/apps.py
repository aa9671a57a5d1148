from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = _("数据交换")

    def ready(self):
        from audit import views
        from core import notice_import
        from exchange import sentences
        from exchange.reader import read_rows
        from exchange.tables import plain_workbook, workbook

        views.register_writer(workbook)
        notice_import.register(reader=read_rows, writer=plain_workbook)
        sentences.register()
        # What each app imports; its models are all there by now.
        autodiscover_modules("workbooks")
