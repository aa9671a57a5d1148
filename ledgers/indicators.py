"""What custom ledgers count, all ledgers of a region together; each ledger's page counts its own entries by status."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import units
from indicators.declarations import BAD, GOOD, NEUTRAL, Column, Flow, Source, Stock, register
from ledgers.models import LedgerEntry, LedgerLimit

ENTRIES = Source(
    "ledger_entries", LedgerEntry, _("台账记录"), region="region_id", chain=None, committee=None,
    base=Q(archived_on__isnull=True), visible=lambda actor: LedgerEntry.objects.visible_to(actor),
    url=lambda row: row.get_absolute_url(), related=("ledger", "status", "enterprise", "region"),
    columns=[
        Column(_("台账"), "ledger__name"), Column(_("序号"), "number"), Column(_("企业"), "enterprise__name"),
        Column(_("状态"), "status__name"), Column(_("登记日期"), "entered_on"), Column(_("所在区域"), "region__name"),
    ],
)  # fmt: skip
LIMITS = Source(
    "ledger_limits", LedgerLimit, _("台账办理期限"), region="region_id", chain=None, committee=None,
    base=Q(is_void=False), visible=lambda actor: LedgerLimit.objects.visible_to(actor),
    url=lambda row: row.get_absolute_url(), related=("ledger", "status", "entry", "region"),
    columns=[
        Column(_("台账"), "ledger__name"), Column(_("序号"), "entry__number"), Column(_("状态"), "status__name"),
        Column(_("期限"), "due_on"), Column(_("所在区域"), "region__name"),
    ],
)  # fmt: skip

register(
    Flow(
        "ledger_entries_new", _("台账新增"), units.TIAO, _("期内登记到各自定义台账、未作废的记录，按登记日期计。"),
        more=NEUTRAL, source=ENTRIES, on="entered_on",
    ),
    Stock(
        "ledger_entries_open", _("台账在办"), units.TIAO, _("期末未到办结状态、未作废的台账记录。"), more=NEUTRAL,
        source=ENTRIES, enters="entered_on", leaves="closed_on",
    ),
    Flow(
        "ledger_entries_closed", _("台账办结"), units.TIAO,
        _("期内到办结状态的台账记录；改回后又办结的，按最后一次的日期计。"), more=GOOD, source=ENTRIES, on="closed_on",
    ),
    Stock(
        "ledger_entries_overdue", _("台账超期"), units.TIAO,
        _("期末停留在有期限的状态、已过期限的台账记录；期限按工作日计，过了期限的次日起算超期。"), more=BAD,
        source=LIMITS, enters="overdue_on", leaves="until_on",
    ),
)  # fmt: skip
