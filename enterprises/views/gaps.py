"""Vacancies and ratios (空缺与配比): what is missing today, by name of the duty, with the button that fills it."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliances.models import Region
from audit.registers import history
from core import clock
from core.actor import Role
from core.answers import get_or_404
from core.registers import page_of
from enterprises import gaps, perms
from enterprises.enums import HonourClass, StaffingScope
from enterprises.models import Enterprise, PairingKind, PartyOrganisation
from enterprises.registers import FACILITIES, PAIRINGS, POSTINGS, STAFFING
from enterprises.views.records import page_url

SHOWN = 8


def home_regions(actor):
    """The topmost regions that the actor's duties are in."""
    paths = sorted({duty.region_path for duty in actor.duties_as(*Role.BUSINESS) if duty.region_path})
    top = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    return list(Region.objects.filter(path__in=top).order_by("path"))


def _in_sight(rows, actor):
    """The rows whose actor may be opened."""
    seen = {}
    for model in (Region, Enterprise, PartyOrganisation):
        ids = {row.actor.pk for row in rows if isinstance(row.actor, model)}
        seen[model] = (
            set(model.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True)) if ids else ()
        )
    return [row for row in rows if row.actor.pk in seen[type(row.actor)]]


def rows_of(rule, regions, actor, day):
    """A rule's rows inside the regions, as far as the actor sees them, the emptiest first."""
    found = {}
    for region in regions:
        if region.path.startswith(rule.region.path) or rule.region.path.startswith(region.path):
            found |= {row.actor.pk: row for row in gaps.staffing(rule, region, day)}
    return _in_sight(sorted(found.values(), key=lambda row: (-row.missing, row.actor.pk)), actor)


def ratio_rows(kind, regions, actor, day):
    """Strong organisations with how many they help by pairings of the kind, those outside the band first."""
    found = {}
    for region in regions:
        rows = gaps.helpers(region, day, kinds=[kind.pk], low=kind.helped_low, high=kind.helped_high)
        found |= {row.actor.pk: row for row in rows}
    return _in_sight(sorted(found.values(), key=lambda row: (-row.missing, -row.over, row.actor.pk)), actor)


def _fill(rule, row):
    """The address of the form that fills a vacancy, with what is known."""
    owner = "region" if isinstance(row.actor, Region) else "enterprise"
    register = POSTINGS if rule.posting_kind_id else FACILITIES
    return f"{register.url('create')}?{urlencode({'kind': rule.kind.pk, owner: row.actor.pk})}"


def _on_radar(actor_kind: str, act: str, kind, minimum: int, **more) -> str:
    """The form of a standing mechanism (常态) that asks for the same, filled in: the radar then says since when."""
    values = {"name": str(kind), "actor": actor_kind, "act": f"enterprises.{act}", "act-kind": kind.code,
              "cadence": "standing", "minimum": minimum, "reminds": "officer", **more}  # fmt: skip
    return f"{reverse('mechanisms:create')}?{urlencode({name: value for name, value in values.items() if value})}"


def _rule_on_radar(rule) -> str:
    act = "posting" if rule.posting_kind_id else "facility"
    whom = {
        StaffingScope.LEVEL: {"actor-level": rule.level},
        StaffingScope.LISTED: {"actor-listed": rule.pk},
        StaffingScope.UNCOVERED: {"actor-above_scale": "yes", "actor-has_organisation": "no"},
        StaffingScope.ABOVE_SCALE: {"actor-above_scale": "yes"},
    }.get(rule.scope, {})
    of_region = rule.scope in (StaffingScope.LEVEL, StaffingScope.LISTED)
    return _on_radar(
        "region" if of_region else "enterprise", f"region_{act}" if of_region else act, rule.kind, rule.minimum,
        **whom, name=rule.name,
    )  # fmt: skip


def _ratio_on_radar(kind) -> str:
    band = {"maximum": kind.helped_high, "target": kind.helped_target}
    honour = {"actor-honoured": HonourClass.STRONG_ORGANISATION}
    return _on_radar("organisation", "pairing", kind, kind.helped_low, **band, **honour)


def _lines(rows, fill, may_fill):
    return [
        {"row": row, "url": page_url(row.actor), "fill": fill(row) if may_fill and row.missing else None}
        for row in rows
    ]


def _pair(kind):
    return lambda row: f"{PAIRINGS.url('create')}?{urlencode({'kind': kind.pk, 'helper_organisation': row.actor.pk})}"


@require_safe
def gap_list(request):
    """All rules in force with what is missing, and the ratios of pairings."""
    actor, day = request.actor, clock.today()
    regions, may_fill, may_rule = home_regions(actor), not perms.create_row(actor), not perms.create_rule(actor)
    rules = STAFFING.model.objects.visible_to(actor).on(day).select_related("region", "posting_kind", "facility_kind")
    cards = []
    for rule in rules.order_by("region__path", "pk"):
        rows = rows_of(rule, regions, actor, day)
        missing = [row for row in rows if row.missing]
        cards.append(
            {
                "title": rule.name,
                "about": f"{rule.kind} · {rule.get_scope_display()}",
                "url": STAFFING.url("detail", rule.pk),
                "radar": _rule_on_radar(rule) if may_rule else None,
                "all": len(rows),
                "missing": len(missing),
                "lines": _lines(missing[:SHOWN], lambda row, rule=rule: _fill(rule, row), may_fill),
                "more": max(0, len(missing) - SHOWN),
            }
        )
    for kind in PairingKind.objects.visible_to(actor).filter(is_active=True, helped_low__isnull=False):
        rows = ratio_rows(kind, regions, actor, day)
        off = [row for row in rows if row.missing or row.over]
        if rows:
            cards.append(
                {
                    "title": kind.spoken,
                    "about": _band(kind),
                    "url": _ratio_url(kind),
                    "radar": _ratio_on_radar(kind) if may_rule else None,
                    "all": len(rows),
                    "missing": len(off),
                    "lines": _lines(off[:SHOWN], _pair(kind), may_fill),
                    "more": max(0, len(off) - SHOWN),
                }
            )
    context = {"cards": cards, "day": day, "rule_url": STAFFING.url("create") if may_rule else None}
    return render(request, "enterprises/gap_list.html", context)


def _band(kind):
    words = _("一个帮扶方约 %(n)s 个，%(a)s 至 %(b)s 个为宜")
    return words % {"n": kind.helped_target, "a": kind.helped_low, "b": kind.helped_high}


def _ratio_url(kind):
    return reverse("enterprises:gap_ratio", args=[kind.pk])


@require_safe
def gap_ratio(request, pk):
    """Every strong organisation with how many it helps by one kind of pairing."""
    kind = get_or_404(PairingKind.objects.visible_to(request.actor).filter(helped_low__isnull=False), pk)
    rows = ratio_rows(kind, home_regions(request.actor), request.actor, clock.today())
    return _whole(request, rows, _pair(kind), title=kind.spoken, about=_band(kind))


@require_safe
def staffing_detail(request, pk):
    """One rule with everybody whom it speaks of."""
    rows = STAFFING.visible(request.actor).select_related("region", "posting_kind", "facility_kind")
    rule = get_or_404(rows, pk)
    found = rows_of(rule, home_regions(request.actor), request.actor, clock.today())
    editable = not STAFFING.can_edit(rule, request.actor)
    more = {
        "rule": rule,
        "places": rule.places.order_by("path"),
        "edit_url": STAFFING.url("edit", rule.pk) if editable else None,
        "events": history(rule) if editable else [],
    }
    about = f"{rule.kind} · {rule.get_scope_display()}"
    return _whole(request, found, lambda row: _fill(rule, row), title=rule.name, about=about, **more)


class _Rows(list):
    """A list that pages as a queryset does."""

    def count(self):
        return len(self)

    def __getitem__(self, key):
        return list(self)[key] if isinstance(key, slice) else super().__getitem__(key)


def _whole(request, rows, fill, **more):
    page = page_of(request, _Rows(rows))
    may_fill = not perms.create_row(request.actor)
    context = {
        "page": page,
        "lines": _lines(page.rows, fill, may_fill),
        "missing": sum(1 for row in rows if row.missing),
        "day": clock.today(),
        **more,
    }
    return render(request, "enterprises/gap_rows.html", context)
