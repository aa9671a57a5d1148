"""Postings, pairings, facilities and honours as acts, and the conditions that they put on actors."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.enums import FacilityClass, HonourClass, PairingClass, PostingClass
from enterprises.models import Facility, FacilityKind, Honour, HonourKind, Pairing, PairingKind, Posting, PostingKind
from mechanisms import actors, acts
from mechanisms.acts import Act, Filter, Watch
from mechanisms.known.chains import one_of
from mechanisms.known.enterprises import on_day


def _kind(label, model) -> Filter:
    """A condition by the kinds of a register, a county's own among them."""
    return Filter(
        label,
        lambda value, day: Q(kind__code__in=value),
        lambda: [(kind.code, str(kind)) for kind in model.objects.order_by("order", "pk")],
        columns=("kind",),
    )


def _honoured(value, day) -> Q:
    honours = Honour.objects.filter(organisation=OuterRef("pk"), counts_as__in=value)
    return Q(Exists(on_day(honours, "awarded_on", "ends_on", day).order_by()))


def register() -> None:
    actors.add_filter(
        "organisation",
        "honoured",
        Filter(_("在册荣誉"), _honoured, lambda: HonourClass.choices, dated=True),
        Watch(Honour, "organisation_id", "id"),
    )
    acts.register(_posting(), _pairing(), _facility(), _honour())


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
        do_url=lambda duty: reverse("enterprises:posting_create"),
        do_label=_("登记派驻"),
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
        do_url=lambda duty: reverse("enterprises:pairing_create"),
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
        do_url=lambda duty: reverse("enterprises:facility_create"),
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
