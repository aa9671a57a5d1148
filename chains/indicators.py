"""What chains and committees count."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.enums import RegionLevel
from chains.enums import CommitteeKind
from chains.models import Chain, Committee
from core import units
from indicators.declarations import NEUTRAL, Column, Source, Stock, register

CHAINS = Source(
    "chains",
    Chain,
    _("产业链"),
    chain="id",
    committee=None,
    visible=lambda actor: Chain.objects.visible_to(actor),
    url=lambda row: reverse("chains:chain_detail", args=[row.pk]),
    related=("region",),
    columns=[
        Column(_("名称"), "name"),
        Column(_("所在区域"), "region__name"),
        Column(_("确定日期"), "founded_on"),
        Column(_("撤销日期"), "dissolved_on"),
    ],
)
COMMITTEES = Source(
    "committees",
    Committee,
    pgettext_lazy("list", "产业链党委"),
    committee="id",
    base=Q(kind=CommitteeKind.CHAIN),
    visible=lambda actor: Committee.objects.visible_to(actor),
    url=lambda row: reverse("chains:committee_detail", args=[row.pk]),
    related=("region", "chain", "leading_unit"),
    columns=[
        Column(_("名称"), "name"),
        Column(_("产业链"), "chain__name"),
        Column(_("所在区域"), "region__name"),
        Column(_("层级"), "level"),
        Column(_("牵头单位"), "leading_unit__name"),
        Column(_("成立日期"), "founded_on"),
    ],
)


def _committees(code, name, definition, where=None):
    return Stock(
        code,
        name,
        units.GE,
        definition,
        more=NEUTRAL,
        source=COMMITTEES,
        where=where or Q(),
        enters="founded_on",
        leaves="dissolved_on",
    )


register(
    Stock(
        "key_chains",
        _("重点产业链"),
        units.TIAO,
        _("期末已确定、未撤销的产业链，计在确定它的区域。"),
        more=NEUTRAL,
        source=CHAINS,
        enters="founded_on",
        leaves="dissolved_on",
    ),
    _committees(
        "chain_committees", pgettext_lazy("list", "产业链党委"), _("期末已成立、未撤销的产业链党委，不含产业党委。")
    ),
    _committees(
        "chain_committees_city",
        _("市级产业链党委"),
        _("期末已成立、未撤销的市级产业链党委。"),
        Q(level=RegionLevel.CITY),
    ),
    _committees(
        "chain_committees_county",
        _("县级产业链党委"),
        _("期末已成立、未撤销的县（区、市）级产业链党委。"),
        Q(level=RegionLevel.COUNTY),
    ),
)
