"""The registers of chains and committees."""

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.registers import make_register
from chains import forms, lifecycle, perms
from chains.enums import SeatKind
from chains.models import Chain, Committee, Seat
from core.registers import Column


def _with_committees(rows, actor):
    standing = Q(committees__dissolved_on=None, committees__isnull=False)
    return rows.annotate(committee_total=Count("committees", filter=standing, distinct=True))


def _holder(*kinds):
    seats = Seat.objects.filter(committee=OuterRef("pk"), ended_on=None, kind__in=kinds).order_by("started_on", "pk")
    return Subquery(seats.values("person")[:1])


def _with_people(rows, actor):
    return rows.annotate(secretary=_holder(SeatKind.SECRETARY), chief=_holder(SeatKind.CHAIN_CHIEF))


CHAINS = make_register(
    model=Chain,
    urls="chains:chain",
    title=pgettext_lazy("list", "产业链"),
    noun=pgettext_lazy("noun", "产业链"),
    columns=[
        Column(_("名称"), "name", "name"),
        Column(_("所在区域"), "region__name", "region__path"),
        Column(_("党建联盟"), "alliance__name"),
        Column(_("产业链党委"), "committee_total", "committee_total", "integer"),
        Column(_("确定日期"), "founded_on", "founded_on", "date", css="md"),
        Column(_("撤销日期"), "dissolved_on", "dissolved_on", "date", css="lg"),
    ],
    filters=forms.ChainFilter,
    form=forms.ChainForm,
    save=lifecycle.save_chain,
    can_create=perms.create_record,
    can_edit=lambda obj, actor: perms.keep_chain(obj.region, actor),
    rows=_with_committees,
    related=("region", "alliance"),
    order=("region__path", "pk"),
    icon="sitemap",
    hint=_("先登记重点产业链，再登记链段、环节，并在链上设立产业链党委。"),
)

COMMITTEES = make_register(
    model=Committee,
    urls="chains:committee",
    title=pgettext_lazy("list", "产业链党委"),
    noun=pgettext_lazy("noun", "产业链党委"),
    columns=[
        Column(_("名称"), "name", "name"),
        Column(_("产业链"), "chain__name", "chain__name"),
        Column(_("层级"), "level", "level", css="md"),
        Column(_("所在区域"), "region__name", "region__path"),
        Column(_("书记"), "secretary", "secretary"),
        Column(_("链长"), "chief", "chief"),
        Column(_("牵头单位"), "leading_unit__name", css="lg"),
        Column(_("成立日期"), "founded_on", "founded_on", "date", css="md"),
        Column(_("撤销日期"), "dissolved_on", "dissolved_on", "date", css="lg"),
    ],
    filters=forms.CommitteeFilter,
    form=forms.CommitteeForm,
    save=lifecycle.save_committee,
    can_create=perms.create_record,
    can_edit=lambda obj, actor: perms.keep_committee(obj.region, actor),
    rows=_with_people,
    search=("name", "chain__name"),
    related=("region", "chain", "leading_unit"),
    order=("region__path", "kind", "pk"),
    icon="flag-3",
    hint=_("在产业链上设立党委，把链上企业的党支部连起来。"),
)
