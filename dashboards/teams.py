"""A help team's dashboard (帮办团看板): what it took on, resolved and held, month by month, and how long that took.

No figure of the engine has help teams as a scope, so this counts the rows of declared figures, by the figures' own
conditions and dates, that the team leads: one statement for each, whatever the number of months.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, units
from core.actor import Actor, Role
from core.periods import Month, Period
from core.transitions import Refusal
from dashboards import charts
from indicators.histogram import Histogram
from indicators.rows import period_filter, resolve, rows_of
from problems.teams import ENOUGH

MONTHS = 12
TIME = "handling_days"


@dataclass(frozen=True)
class Part:
    """A figure and which of its rows are the team's."""

    name: str
    code: str
    of: Callable


def _led(team) -> Q:
    return Q(lead_team=team)


PARTS = {
    "assigned": Part(gettext_lazy("接办"), "problems_assigned", _led),
    "resolved": Part(gettext_lazy("办结"), "problems_resolved", _led),
    "open": Part(gettext_lazy("月末在办"), "problems_open", lambda team: Q(team=team)),
    "days": Part(gettext_lazy("办结用时"), TIME, _led),
}
DRAWN = ("assigned", "resolved", "open")


def reads(actor: Actor) -> Refusal | None:
    """Whoever reads the ledger; not who keeps teams and accounts only."""
    if actor.has(*Role.BUSINESS):
        return None
    return Refusal("not_business", _("办理数据由业务岗位查看。"))


def address(team, part: str, period: Period) -> str:
    """Where the rows behind a number are listed."""
    return f"{reverse('dashboards:team_rows', args=[team.pk])}?{urlencode({'part': part, **period.query()})}"


def by_month(team, part: str, months: list[Month], actor: Actor) -> list[int]:
    """How many rows each month has, as far as the actor sees them; one statement."""
    chosen = PARTS[part]
    counting = resolve(chosen.code).part("region")
    seen = counting.source.visible(actor).filter(counting.source.base & counting.where & chosen.of(team))
    plain = counting.source.model._base_manager.filter(pk__in=seen.order_by().values("pk"))
    today = clock.today()
    columns = {
        f"n{number}": Count("pk", filter=period_filter(counting, Period(month, month), today))
        for number, month in enumerate(months)
    }
    found = plain.aggregate(**columns)
    return [found[name] for name in columns]


def time_of(team, period: Period, actor: Actor) -> Histogram:
    """The working days of what the team resolved in the period."""
    rows = rows_of(TIME, PARTS["days"].of(team), period, actor)
    return Histogram(Counter(rows.order_by().values_list("figure_amount", flat=True)))


def build(team, actor: Actor) -> dict:
    """The chart of the last twelve months, and where their rows are listed."""
    last = Month.of(clock.today())
    months = [last - number for number in range(MONTHS - 1, -1, -1)]
    year = Period(months[0], last)
    values = [by_month(team, part, months, actor) for part in DRAWN]
    links = [[address(team, part, Period(month, month)) for month in months] for part in DRAWN]
    opened = {f"{part}_url": address(team, part, year) for part in ("assigned", "resolved", "days")}
    return {**opened, "chart": _chart(months, values, links, time_of(team, year, actor))}


def _chart(months, values, links, time) -> dict:
    labels = [f"{month.year % 100:02d}-{month.number:02d}" for month in months]
    names = [str(PARTS[part].name) for part in DRAWN]
    assigned, resolved, held = values
    finding = _("近 %(n)s 个月接办 %(taken)s 个、办结 %(done)s 个，现在在办 %(open)s 个。") % {
        "n": len(months),
        "taken": sum(assigned),
        "done": sum(resolved),
        "open": held[-1],
    }
    if time.cases >= ENOUGH:
        finding += _("办结用时中位数 %(days)s 个工作日。") % {"days": units.number(time.median, 1)}
    return {
        "id": "chart-team",
        "title": _("逐月接办、办结与在办"),
        "unit": _("个"),
        "source": _("问题台账"),
        "as_of": f"{clock.today():%Y-%m-%d}",
        "finding": finding,
        "figure": charts.trend(labels, names, values, links),
        "table": charts.table([_("月份"), *names], labels, *zip(values, links, strict=True)),
        "empty": "" if any(assigned) or any(resolved) or any(held) else _("近一年没有牵头办理的问题。"),
    }
