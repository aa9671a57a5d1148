"""Regions, committees and seats: who duties fall on, and what is so of them on every day."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.enums import RegionLevel
from alliances.models import Region
from chains.enums import CommitteeKind, SeatKind
from chains.models import Committee, Seat
from mechanisms import actors, acts
from mechanisms.actors import ActorKind
from mechanisms.acts import Act, Filter, Watch


def one_of(label, column: str, choices) -> Filter:
    """A filter by the values of an enumeration."""
    return Filter(label, lambda value, day: Q(**{f"{column}__in": value}), lambda: choices, columns=(column,))


def is_set(label, condition: Q, *columns: str) -> Filter:
    """A yes-or-no filter."""
    return Filter(label, lambda value, day: condition if value else ~condition, columns=columns)


def committee_url(row) -> str:
    return reverse("chains:committee_detail", args=[row.pk])


def register() -> None:
    actors.register(
        ActorKind(
            "committee",
            pgettext_lazy("list", "产业链党委"),
            Committee,
            {"region": "region_id", "chain": "chain_id", "committee": "id"},
            lambda actor: Committee.objects.visible_to(actor),
            begins="founded_on",
            ends="dissolved_on",
            each=_("各产业链党委"),
            filters={
                "kind": one_of(_("党委类别"), "kind", CommitteeKind.choices),
                "level": one_of(_("层级"), "level", RegionLevel.choices),
            },
            related=("region",),
            url=committee_url,
        ),
        ActorKind(
            "seat",
            _("席位"),
            Seat,
            {"region": "committee__region_id", "chain": "committee__chain_id", "committee": "committee_id"},
            lambda actor: Seat.objects.visible_to(actor),
            begins="started_on",
            ends="ended_on",
            path="committee__region__path",
            each=_("各在任席位"),
            filters={"kind": one_of(_("席位类别"), "kind", SeatKind.choices)},
            watches=(Watch(Committee, "id", "committee_id"),),
            related=("committee__region",),
            url=lambda row: committee_url(row.committee),
            title=lambda row: f"{row.committee} · {row}",
        ),
        ActorKind(
            "region",
            _("区域"),
            Region,
            {"region": "id"},
            lambda actor: Region.objects.visible_to(actor),
            path="path",
            each=_("各区域"),
            base=Q(is_active=True),
            filters={"level": one_of(_("区域层级"), "level", RegionLevel.choices)},
            url=lambda row: reverse("alliances:region_detail", args=[row.pk]),
        ),
    )
    acts.register(
        Act(
            "chains.seat",
            _("席位有人任职"),
            Seat,
            on="started_on",
            until="ended_on",
            actors={"committee": "committee_id"},
            unit=_("人"),
            filters={"kind": one_of(_("席位类别"), "kind", SeatKind.choices)},
            visible=lambda actor: Seat.objects.visible_to(actor),
            url=lambda row: committee_url(row.committee),
            do_url=lambda duty: reverse("chains:seat_create", args=[duty.committee_id]),
            do_label=_("登记席位"),
        ),
        Act(
            "chains.leading_unit",
            _("有牵头单位"),
            Committee,
            on="founded_on",
            until="dissolved_on",
            base=Q(leading_unit__isnull=False),
            actors={"committee": "id"},
            unit=_("个"),
            visible=lambda actor: Committee.objects.visible_to(actor),
            url=committee_url,
            do_url=lambda duty: reverse("chains:committee_edit", args=[duty.committee_id]),
            do_label=_("填写牵头单位"),
        ),
        Act(
            "chains.committee",
            _("设立产业链党委"),
            Committee,
            on="founded_on",
            until="dissolved_on",
            actors={"region": "region_id"},
            unit=_("个"),
            filters={"kind": one_of(_("党委类别"), "kind", CommitteeKind.choices)},
            visible=lambda actor: Committee.objects.visible_to(actor),
            url=committee_url,
            do_url=lambda duty: reverse("chains:committee_create"),
            do_label=_("新增产业链党委"),
        ),
    )
