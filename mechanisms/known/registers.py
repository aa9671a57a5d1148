"""Postings, pairings, facilities and honours as acts, and the conditions that they put on actors."""

from dataclasses import replace
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises import gaps
from enterprises.enums import FacilityClass, HonourClass, PairingClass, PostingClass, StaffingScope
from enterprises.models import (
    Facility,
    FacilityKind,
    Honour,
    HonourKind,
    Pairing,
    PairingKind,
    Posting,
    PostingKind,
    StaffingRule,
)
from mechanisms import actors, acts
from mechanisms.acts import Act, Filter, Watch
from mechanisms.known.chains import one_of

_KINDS = {"posting": PostingKind, "pairing": PairingKind, "facility": FacilityKind}
LISTED = StaffingRule.places.through


def _kind(label, model) -> Filter:
    """A condition by the kinds of a register, a county's own among them."""
    return Filter(
        label,
        lambda value, day: Q(kind__code__in=value),
        lambda: [(kind.code, str(kind)) for kind in model.objects.order_by("order", "pk")],
        columns=("kind",),
    )


def _honoured(value, day) -> Q:
    return Q(gaps.honoured(value, day))


def _lists():
    """The lists of regions that staffing rules keep, e.g. the centre villages."""
    rules = StaffingRule.objects.filter(scope=StaffingScope.LISTED).select_related("region")
    return [(str(rule.pk), f"{rule.region} · {rule}") for rule in rules.order_by("region__path", "pk")]


def _listed(value, day) -> Q:
    return Q(pk__in=LISTED.objects.filter(staffingrule__in=value).values("region"))


def register() -> None:
    actors.add_filter(
        "organisation",
        "honoured",
        Filter(_("在册荣誉"), _honoured, lambda: HonourClass.choices, dated=True),
        Watch(Honour, "organisation_id", "id"),
    )
    actors.add_filter("region", "listed", Filter(_("在名单内"), _listed, _lists), Watch(LISTED, "region_id", "id"))
    acts.register(_posting(), _posting_here(), _pairing(), _facility(), _facility_here(), _honour())


def _form(name: str):
    """The address of the form that fills a vacancy, with what the duty says: for whom, and which kind."""

    def address(duty) -> str:
        owner = {"region": "region", "enterprise": "enterprise", "organisation": "organisation"}.get(duty.actor_kind)
        if name == "pairing":
            owner = "helper_organisation" if owner == "organisation" else None
        given = {owner: duty.actor_id} if owner else {}
        codes = duty.version.act_filters.get("kind") or []
        kind = _KINDS[name].objects.filter(code__in=codes).first() if len(codes) == 1 else None
        given |= {"kind": kind.pk} if kind else {}
        return reverse(f"enterprises:{name}_create") + (f"?{urlencode(given)}" if given else "")

    return address


def _posting() -> Act:
    return Act(
        "enterprises.posting",
        _("派驻人员在岗"),
        Posting,
        on="started_on",
        until="ended_on",
        actors={
            "region": "region_id", "enterprise": "enterprise_id", "organisation": "organisation_id",
            "committee": "committee_id",
        },
        unit=_("人"),
        filters={
            "kind": _kind(_("派驻类别"), PostingKind),
            "counts_as": one_of(_("派驻归口"), "counts_as", PostingClass.choices),
        },
        visible=lambda actor: Posting.objects.visible_to(actor),
        url=lambda row: reverse("enterprises:posting_detail", args=[row.pk]),
        do_url=_form("posting"),
        do_label=_("登记派驻"),
    )  # fmt: skip


def _posting_here() -> Act:
    """Somebody posted to the region itself: whom a village has does not count for its town."""
    whole = _posting()
    return replace(
        whole, code="enterprises.region_posting", label=_("派驻到本区域的人员在岗"), actors={"region": "region_id"},
        base=gaps.AT_REGION, here_alone=True, filters=dict(whole.filters),
    )  # fmt: skip


def _facility_here() -> Act:
    """A facility in the region itself, at an enterprise or not."""
    whole = _facility()
    return replace(
        whole, code="enterprises.region_facility", label=_("本区域阵地启用"), actors={"region": "region_id"},
        here_alone=True, filters=dict(whole.filters),
    )  # fmt: skip


def _pairing() -> Act:
    return Act(
        "enterprises.pairing",
        _("结对共建"),
        Pairing,
        on="started_on",
        until="ended_on",
        actors={"organisation": "helper_organisation_id", "committee": "committee_id", "region": "region_id"},
        unit=_("对"),
        filters={
            "kind": _kind(_("结对类别"), PairingKind),
            "counts_as": one_of(_("结对归口"), "counts_as", PairingClass.choices),
        },
        visible=lambda actor: Pairing.objects.visible_to(actor),
        url=lambda row: reverse("enterprises:pairing_detail", args=[row.pk]),
        do_url=_form("pairing"),
        do_label=_("登记结对"),
    )


def _facility() -> Act:
    return Act(
        "enterprises.facility",
        _("阵地启用"),
        Facility,
        on="opened_on",
        until="closed_on",
        actors={"region": "region_id", "committee": "committee_id", "enterprise": "enterprise_id"},
        unit=_("处"),
        filters={
            "kind": _kind(_("阵地类别"), FacilityKind),
            "counts_as": one_of(_("阵地归口"), "counts_as", FacilityClass.choices),
        },
        visible=lambda actor: Facility.objects.visible_to(actor),
        url=lambda row: reverse("enterprises:facility_detail", args=[row.pk]),
        do_url=_form("facility"),
        do_label=_("登记阵地"),
    )


def _honour() -> Act:
    return Act(
        "enterprises.honour",
        _("评选荣誉"),
        Honour,
        on="awarded_on",
        until="ends_on",
        actors={
            "region": "region_id", "committee": "committee_id", "organisation": "organisation_id",
            "enterprise": "enterprise_id",
        },
        unit=_("项"),
        filters={
            "kind": _kind(_("荣誉类别"), HonourKind),
            "counts_as": one_of(_("荣誉归口"), "counts_as", HonourClass.choices),
        },
        visible=lambda actor: Honour.objects.visible_to(actor),
        url=lambda row: reverse("enterprises:honour_detail", args=[row.pk]),
        do_url=lambda duty: reverse("enterprises:honour_create"),
        do_label=_("登记荣誉"),
    )  # fmt: skip
