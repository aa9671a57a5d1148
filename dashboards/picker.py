"""Which scope and period a dashboard shows: read from the address, offered as choices, limited to the actor."""

import datetime as dt
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _

from alliances.models import SEGMENT, Region
from chains.models import Chain
from core import clock
from core.actor import Actor, Role
from core.cycles import TEN_DAYS, WEEK
from core.day_periods import DayPeriod
from core.periods import Month, Period
from indicators import scopes

MONTHS_OFFERED, QUARTERS_OFFERED, HALVES_OFFERED, YEARS_OFFERED = 24, 8, 4, 3
WEEKS_OFFERED = TEN_DAYS_OFFERED = 6
# Levels below the actor's own region that the region picker offers.
LEVELS_BELOW = 2


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Picked:
    """What a dashboard shows. `base` is the region or committee chosen, `scope` the same crossed with the chain."""

    scope: scopes.Scope
    base: scopes.Scope
    period: Period | DayPeriod
    today_runs: bool

    @property
    def query(self) -> str:
        return urlencode({**self.scope.query(), **self.period.query()})


def home_scope(actor: Actor) -> tuple[str, str]:
    """(`scope`, `chain`) that this actor's dashboard opens with; ("", "") for roles without figures."""
    for duty in actor.duties:
        if duty.role in (Role.COUNTY_OFFICER, Role.LEADER) and duty.region_id:
            code = Region.objects.values_list("code", flat=True).get(pk=duty.region_id)
            return f"region:{code}", str(duty.chain_id or "")
        if duty.role == Role.CHAIN_SECRETARY and duty.committee_id:
            return f"committee:{duty.committee_id}", ""
        if duty.role == Role.BRANCH_SECRETARY and duty.enterprise_id:
            return f"enterprise:{duty.enterprise_id}", ""
    return "", ""


def pick(params, actor: Actor) -> Picked:
    """The scope and period asked for. Raises Http404 for a scope that is not there or not the actor's to read, and
    `core.periods.PeriodError` for a period that cannot be read."""
    home, home_chain = home_scope(actor)
    text = params.get("scope") or home
    chain = params.get("chain", "") if "scope" in params else params.get("chain", home_chain)
    if not text:
        raise Http404
    try:
        base = scopes.parse(text)
        scope = scopes.parse(text, chain or None) if base.kind == "region" else base
    except (ValueError, LookupError) as error:
        raise Http404 from error
    if not scopes.readable(scope, actor):
        raise Http404
    period = Period.from_query(params, default=Period.current_month())
    return Picked(scope, base, period, period.contains(clock.today()))


def region_choices(actor: Actor, picked: Picked) -> list[Choice]:
    """The actor's regions with two levels below them, indented; only where a region is chosen."""
    if picked.base.kind != "region":
        return []
    paths = actor.region_paths(Role.COUNTY_OFFICER, Role.LEADER)
    choices = []
    for region in Region.objects.visible_to(actor).exclude(code=None).order_by("path"):
        depth = min((len(region.path) - len(path)) // SEGMENT for path in paths if region.path.startswith(path))
        if depth <= LEVELS_BELOW:
            value = f"region:{region.code}"
            choices.append(Choice(value, "　" * depth + region.name, value == picked.base.key))
    return choices


def chain_choices(actor: Actor, picked: Picked) -> list[Choice]:
    """All chains, then each chain that the actor may see; a leader bound to one chain has that one only."""
    if picked.base.kind != "region":
        return []
    chains = Chain.objects.visible_to(actor).filter(dissolved_on=None)
    bound = actor.ids("chain_id", Role.LEADER)
    free = [duty for duty in actor.duties_as(Role.COUNTY_OFFICER, Role.LEADER) if duty.chain_id is None]
    found = [] if bound and not free else [Choice("", _("全部产业链"), not picked.scope.chain_id)]
    for pk, name in chains.values_list("pk", "name"):
        if free or pk in bound:
            found.append(Choice(str(pk), name, pk == picked.scope.chain_id))
    return found


def period_choices(picked: Picked) -> list[tuple[str, list[Choice]]]:
    """Groups of periods from the year to date down to weeks; the chosen one is always among them."""
    this = Month.of(clock.today())
    quarter, half = (this.number - 1) // 3, (this.number - 1) // 6
    groups = [
        (_("年初至今"), [Period.to_date(this), Period.to_date(Month(this.year - 1, this.number))]),
        (_("月"), [Period(this - n, this - n) for n in range(MONTHS_OFFERED)]),
        (_("季度"), [_quarter(this.year * 4 + quarter - n) for n in range(QUARTERS_OFFERED)]),
        (_("半年"), [_half(this.year * 2 + half - n) for n in range(HALVES_OFFERED)]),
        (_("年"), [Period.year(this.year - n) for n in range(YEARS_OFFERED)]),
        (_("周"), _back_from_today(WEEK, WEEKS_OFFERED)),
        (_("旬"), _back_from_today(TEN_DAYS, TEN_DAYS_OFFERED)),
    ]
    shown = [
        (label, [Choice(p.code, p.name, _span(p) == _span(picked.period)) for p in periods])
        for label, periods in groups
    ]
    seen = False
    for number, (label, choices) in enumerate(shown):
        kept = [replace(choice, chosen=choice.chosen and not seen) for choice in choices]
        seen = seen or any(choice.chosen for choice in kept)
        shown[number] = (label, kept)
    if not seen:
        shown.insert(0, (_("自选"), [Choice(picked.period.code, picked.period.name, True)]))
    return shown


def _quarter(number: int) -> Period:
    return Period.quarter(number // 4, number % 4 + 1)


def _half(number: int) -> Period:
    return Period.half(number // 2, number % 2 + 1)


def _back_from_today(kind: str, number: int) -> list[DayPeriod]:
    """The running week or 旬 and those before it, newest first."""
    found = [DayPeriod.of(kind, clock.today())]
    while len(found) < number:
        found.append(found[-1].previous())
    return found


def _span(period: Period | DayPeriod) -> tuple[dt.date, dt.date]:
    """Two periods of the same days are one choice, whatever they are called."""
    return period.start, period.end
