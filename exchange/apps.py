from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = _("数据交换")

    def ready(self):
        from core import listings, notice_import
        from exchange import sentences
        from exchange.exports.views import answer
        from exchange.reader import read_rows
        from exchange.tables import plain_workbook

        listings.register_answer(answer)
        notice_import.register(reader=read_rows, writer=plain_workbook)
        sentences.register()
        # What each app imports; its models are all there by now.
        autodiscover_modules("workbooks")
