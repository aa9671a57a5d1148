"""What a wall display (大屏) shows: one region, then each of its chains. Numbers only: no name of a person, no
enterprise, no entry.

The statements are the same in number however many chains there are: three tell whether anything changed at all, four
more read the figures.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alliances import figure_scopes
from chains.models import Chain
from core import clock
from core.actor import Actor, Duty, Role
from core.periods import Month, Period
from dashboards import charts, cockpit
from dashboards.cockpit import LIGHTS, TREND, TREND_MONTHS, trend_finding
from dashboards.course import STEPS
from dashboards.models import WallKey
from indicators import declarations, figures, scopes
from indicators.drain import lag
from indicators.models import Progress
from problems.enums import Light
from problems.indicators import CATEGORIES

CARDS = [code for code, _icon in cockpit.CARDS]
LINES = ["party_orgs", "organisation_coverage", "meetings", "matters_decided", "decisions_done", "handling_days"]


@dataclass(frozen=True)
class State:
    """How far the figures are, and the mark of what they would show: the same mark, the same content."""

    etag: str
    as_of: datetime
    now: datetime


def codes() -> list[str]:
    """Every indicator that a wall reads for a region or chain, without repetition."""
    found = [*CARDS, *STEPS, *LINES, *(code for code, _light, _colour in LIGHTS), *_categories()]
    return list(dict.fromkeys(found))


def _categories() -> list[str]:
    return [f"problems_raised_{code}" for code, _name in CATEGORIES]


def reader(key: WallKey) -> Actor:
    """Who reads by this key: nobody by name, with the sight of a leader of its region, who changes nothing."""
    duty = Duty(role=Role.LEADER, region_id=key.region_id, region_path=key.region.path)
    return Actor(user_id=None, duties=(duty,))


def chains_of(key: WallKey) -> list[tuple[int, str]]:
    """(id, name) of the chains a wall goes through: the region's own; where it keeps none, those that regions below
    keep or that have a committee in it, with the region's name before them."""
    inside = Q(region__path__startswith=key.region.path) | Q(committees__region__path__startswith=key.region.path)
    rows = Chain.objects.filter(inside, dissolved_on=None, founded_on__lte=clock.today()).distinct()
    rows = list(rows.order_by("region__path", "id").values_list("pk", "name", "region_id", "region__name"))
    own = [(pk, name) for pk, name, region_id, _place in rows if region_id == key.region_id]
    return own or [
        (pk, _("%(region)s · %(chain)s") % {"region": place, "chain": name}) for pk, name, _region_id, place in rows
    ]


def state(key: WallKey, chains: list[tuple[int, str]]) -> State:
    """Two statements: when the engine last counted, and how far it is behind."""
    counted = Progress.objects.values_list("as_of", flat=True).first()
    now = timezone.now()
    _waiting, oldest = lag()
    told = [settings.VERSION, get_language(), key.pk, key.region.name, clock.today(), counted, chains]
    mark = hashlib.sha256(repr(told).encode()).hexdigest()[:32]
    return State(mark, min(oldest, now) if oldest else now, now)


def build(key: WallKey, chains: list[tuple[int, str]]) -> dict:
    """Everything that the wall rotates through, as plain data. Raises PermissionError where the key's region may not
    be read, which the engine's own rule for regions says."""
    scope = figure_scopes.scope_of(key.region)
    if not scopes.readable(scope, reader(key)):
        raise PermissionError(scope.key)
    this = Month.of(clock.today())
    period, months = Period.to_date(this), [this - n for n in range(TREND_MONTHS - 1, -1, -1)]
    ids = [pk for pk, _name in chains]
    whole = figures.read(codes(), scope, period)
    parts = figures.by_chain(codes(), scope, period, chain_ids=ids)
    past = figures.series_by_chain(TREND, scope, months, ids)
    read = {0: whole} | {pk: {code: parts[code][pk] for code in codes()} for pk in ids}
    names = [(0, _("全部产业链")), *chains]
    return {
        "version": settings.VERSION,
        "region": str(key.region.name),
        "period": str(period.name),
        "months": charts.month_ticks(months),
        "scopes": [_scope(pk, name, read[pk], {code: past[code][pk] for code in TREND}) for pk, name in names],
    }


def _scope(pk: int, name: str, read: dict, past: dict) -> dict:
    """One screen: the region (0) or a chain."""
    words = dict(Light.choices)
    return {
        "id": pk,
        "name": str(name),
        "cards": [{**_told(read[code]), "code": code} for code in CARDS],
        "lights": [
            {"light": light, "label": str(words[light]), "value": read[code].value or 0}
            for code, light, _colour in LIGHTS
        ],
        "trend": [{"name": str(declarations.get(code).name), "values": past[code]} for code in TREND],
        "finding": trend_finding(*(past[code] for code in TREND)),
        "flow": [{"name": str(read[code].name), "value": read[code].value or 0} for code in STEPS],
        "categories": sorted(
            ({"name": str(name), "value": read[f"problems_raised_{code}"].value or 0} for code, name in CATEGORIES),
            key=lambda one: -one["value"],
        ),
        "lines": [_told(read[code]) for code in LINES],
    }


def _told(figure) -> dict:
    unit = "" if figure.value is None else str(figure.unit.suffix)
    return {"label": str(figure.name), "number": figure.number, "unit": unit}
