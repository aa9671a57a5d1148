"""The chains of a region, or the counties below it, side by side (对比): fair, and without places in a table.

Every value and every denominator is a figure of the engine, read for all units in one query for each of the three
periods. Counts are set against the number of firms of the unit; what rests on fewer than five firms or cases is told
but neither drawn nor set against anything; the units stand in their own order.
"""

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.enums import RegionLevel
from alliances.figure_scopes import scope_of
from alliances.models import Region
from chains.models import Chain
from core import clock, units
from dashboards import charts
from dashboards.durations import five_numbers
from dashboards.picker import Choice
from indicators import declarations, figures, scopes
from indicators.histogram import Histogram
from indicators.rows import source_of

# What is offered, in the order of the work; the first six unless others are chosen.
OFFERED = (
    "problems_raised", "on_time_rate", "handling_days", "satisfaction_rate", "enterprises_visited",
    "mechanisms_complied_rate", "problems_resolved", "rating_rate", "meetings", "matters_decided",
    "organisation_coverage", "work_coverage",
)  # fmt: skip
CHOSEN = OFFERED[:6]
FIRMS = "member_enterprises"
# Fewer firms or cases than this say more about the one case than about the unit.
FEW = 5
# From this number of units on the quarters of them mean something.
ENOUGH_FOR_QUARTERS = 4
BELOW = {RegionLevel.PROVINCE: RegionLevel.CITY, RegionLevel.CITY: RegionLevel.COUNTY}


@dataclass(frozen=True)
class Unit:
    """A chain or a region that is compared: its key in what was read, and its name."""

    key: int
    name: str
    url: str


@dataclass(frozen=True)
class Reading:
    """One figure of one unit in one period, with the firms of the unit then."""

    figure: figures.Figure
    firms: int

    @property
    def kind(self) -> str:
        return self.figure.declared.kind

    @property
    def counts(self) -> bool:
        """Whether it is a plain count, which stands per 100 firms as well."""
        return self.kind not in ("ratio", "duration")

    @property
    def base(self):
        """What it rests on: the denominator of a rate, the cases of a duration, the firms of a count."""
        if self.kind == "ratio":
            return self.figure.denominator or 0
        return (self.figure.cases or 0) if self.kind == "duration" else self.firms

    @property
    def value(self):
        """As it stands: the median of a duration; None for rates and durations of too few cases."""
        if self.counts:
            return self.figure.value
        if self.base < FEW:
            return None
        return self.figure.median if self.kind == "duration" else self.figure.value

    @property
    def compared(self):
        """What is set against that of other units, or None: per 100 firms for counts."""
        if not self.counts:
            return self.value
        if self.base < FEW or self.value is None:
            return None
        return units.exact(self.value) * 100 / self.base


def build(picked, actor, by: str, chosen: list[str]) -> dict:
    """The context of the page; `by` is "region" or "chain", `chosen` the codes asked for."""
    ways = _ways(picked)
    by = by if by in ways else next(iter(ways), "")
    codes = [code for code in OFFERED if code in chosen] or list(CHOSEN)
    found = _units(picked, by) if by else []
    context = {
        "few": FEW,
        "bys": [Choice(value, label, value == by) for value, label in ways.items()],
        "offered": [Choice(code, _name(declarations.get(code)), code in codes) for code in OFFERED],
        "charts": [],
    }
    if len(found) > 1:
        read = _Readings(picked, by, found, codes)
        context["charts"] = [_chart(picked, code, found, read) for code in codes]
        sample = read.any
        context |= {"as_of": sample.as_of, "stale": sample.stale}
    else:
        context["empty"] = _empty(picked, actor)
    return context


def _ways(picked) -> dict:
    """{"region" or "chain": label}: what the scope can be taken apart by."""
    if picked.scope.kind != "region":
        return {}
    ways, level = {}, Region.objects.values_list("level", flat=True).get(pk=picked.scope.region_id)
    if level in BELOW:
        ways["region"] = str(RegionLevel(BELOW[level]).label)
    if not picked.scope.chain_id:
        ways["chain"] = _("产业链")
    return ways


def _units(picked, by) -> list[Unit]:
    """In the order of codes, or of regions and then of founding; never by a value."""
    top = Region.objects.get(pk=picked.scope.region_id)
    if by == "region":
        below = Region.objects.filter(path__startswith=top.path, level=BELOW[top.level])
        return [
            Unit(region.pk, region.name.removeprefix(top.name), _cockpit(picked, scope=scope_of(region).key))
            for region in below.order_by("code", "path")
        ]
    running = Q(dissolved_on=None) | Q(dissolved_on__gt=picked.period.start)
    placed = Q(region__path__startswith=top.path) | Q(region__path__in=top.ancestor_paths)
    chains = Chain.objects.filter(running & placed).order_by("region__path", "pk")
    return [
        Unit(pk, name.removeprefix(top.name) or name, _cockpit(picked, scope=picked.base.key, chain=pk))
        for pk, name in chains.values_list("pk", "name")
    ]


def _cockpit(picked, **scope) -> str:
    return f"{reverse('dashboards:cockpit')}?{urlencode({**scope, **picked.period.query()})}"


class _Readings:
    """All figures of all units in the period, in the one before and a year ago: three queries."""

    def __init__(self, picked, by, found, codes):
        keys = [unit.key for unit in found]
        wanted = [*codes, FIRMS]
        periods = (picked.period, picked.period.previous(), picked.period.year_ago())
        if by == "region":
            places = {region.pk: scope_of(region) for region in Region.objects.filter(pk__in=keys)}
            self.read = [figures.by_region(wanted, picked.scope, period, places) for period in periods]
        else:
            self.read = [figures.by_chain(wanted, picked.scope, period, chain_ids=keys) for period in periods]
        # Of a whole year the period before is the year before: told once.
        self.repeats = periods[1] == periods[2]
        # Before anything was recorded every count is nought, and that is no base.
        self.known_a_year_ago = {code for code, of in self.read[2].items() if any(one.value for one in of.values())}

    @property
    def any(self) -> figures.Figure:
        return next(iter(self.read[0][FIRMS].values()))

    def of(self, code, key, number) -> Reading | None:
        """Of the period (0), the one before (1) or a year ago (2)."""
        if number == 2 and code not in self.known_a_year_ago:
            return None
        read = self.read[number]
        return Reading(read[code][key], read[FIRMS][key].value or 0)


def _chart(picked, code, found, read) -> dict:
    declared = declarations.get(code)
    lines = [(unit, read.of(code, unit.key, 0)) for unit in found]
    drawn = [(unit, reading) for unit, reading in lines if reading.compared is not None]
    five = _five([reading.compared for _unit, reading in drawn])
    counts, places = declared.kind not in ("ratio", "duration"), declared.places
    shown = 1 if counts else places
    numbers = tuple(round(float(number), 2) for number in five)
    figure = charts.spread(
        [unit.name for unit, _reading in drawn],
        [round(float(reading.compared), 2) for _unit, reading in drawn],
        [f"{unit.name} · {units.number(reading.compared, shown)}" for unit, reading in drawn],
        [reading.figure.rows_url for _unit, reading in drawn],
        numbers,
        _("中位"),
    )
    label, finding = declared.unit.label, _finding(five, len(drawn), len(lines), shown)
    return charts.card(
        f"chart-compare-{code}",
        _name(declared),
        (_("%(unit)s，每百家企业") % {"unit": label}).strip() if counts else label,
        picked,
        finding,
        figure,
        {
            "columns": _columns(declared, counts, read.repeats),
            "rows": [_row(code, unit, reading, read) for unit, reading in lines],
        },
        source=str(source_of(code, drawn[0][1].figure.scope if drawn else picked.scope).label),
        stale=read.any.stale,
        # One dot has nothing beside it: the sentence and the table say all there is.
        empty="" if len(drawn) > 1 else finding,
        size="tall" if len(drawn) >= 10 else "",
        open=True,
    )


def _name(declared) -> str:
    """Of a duration the median is compared, whatever mean it is called by."""
    return _("办理时长（中位）") if declared.kind == "duration" else str(declared.name)


def _five(values: list[Decimal]) -> tuple:
    """The five numbers of what is compared; () for too few units. Quantiles as those of declared durations."""
    return five_numbers(Histogram(Counter(values))) if len(values) >= ENOUGH_FOR_QUARTERS else ()


def _finding(five, drawn, everything, places) -> str:
    few = everything - drawn
    if not five:
        return _("可比的单位只有 %(n)s 个，不算分布；样本不足的 %(few)s 个。") % {"n": drawn, "few": few}
    lowest, low, middle, high, highest = (units.number(number, places) for number in five)
    return _(
        "可比的 %(n)s 个单位中，最低 %(a)s，中位 %(c)s，最高 %(e)s，中间一半在 %(b)s 到 %(d)s 之间；"
        "样本不足的 %(few)s 个。"
    ) % {"n": drawn, "a": lowest, "b": low, "c": middle, "d": high, "e": highest, "few": few}  # fmt: skip


def _columns(declared, counts, repeats) -> list:
    if counts:
        told = [str(declared.unit.label) or _("数值"), _("企业数"), _("每百家企业")]
    elif declared.kind == "duration":
        told = [_("中位（工作日）"), _("件数")]
    else:
        told = [str(declared.name), _("分子"), _("分母")]
    return [_("单位"), *told, _("较上期"), *([] if repeats else [_("较上年同期")])]


def _row(code, unit, reading, read) -> list:
    figure, places = reading.figure, reading.figure.declared.places
    few = _("样本不足")
    opened = figure.rows_url
    if reading.counts:
        firms = read.read[0][FIRMS][unit.key]
        per = few if reading.compared is None else units.number(reading.compared, 1)
        told = [(figure.number, opened), (firms.number, firms.rows_url), (per, "")]
    else:
        value = few if reading.value is None else units.number(reading.value, places)
        if reading.kind == "duration":
            told = [(value, ""), (str(figure.cases or 0), opened)]
        else:
            below = figures.rows_url(code, figure.scope, figure.period, "denominator")
            told = [(value, ""), (str(figure.numerator or 0), opened), (str(figure.denominator or 0), below)]
    moved = [(_moved(reading, read.of(code, unit.key, number)), "") for number in ((1,) if read.repeats else (1, 2))]
    cells = [(unit.name, unit.url), *told, *moved]
    return [{"text": text, "href": href} for text, href in cells]


def _moved(now: Reading, before: Reading | None) -> str:
    """How it moved; counts of a running period are not set against a whole one."""
    declared = now.figure.declared
    running = now.figure.period.end > clock.today() and declared.kind in ("flow", "distinct")
    if before is None or running:
        return units.DASH
    if now.value is None or before.value is None:
        return _("样本不足") if not now.counts else units.DASH
    change = units.change(now.value, before.value, declared.unit)
    if not change.direction:
        return _("持平")
    amount = units.text(abs(change.difference), change.unit, declared.places)
    return f"{'↑' if change.direction > 0 else '↓'} {amount}"


def _empty(picked, actor) -> dict:
    # Who leads one chain may not read the others.
    if picked.scope.crossed and scopes.readable(picked.base, actor):
        base = replace(picked, scope=picked.base)
        return {
            "title": _("只选了一条产业链"),
            "text": _("对比在全部产业链之间进行。"),
            "url": f"{reverse('dashboards:compare')}?{base.query}",
            "label": _("看全部产业链"),
        }
    return {
        "title": _("没有可以对比的单位"),
        "text": _("这里不到两条产业链，也没有下级区域；可以看它自己的驾驶舱。"),
        "url": f"{reverse('dashboards:cockpit')}?{picked.query}",
        "label": _("运行驾驶舱"),
    }
