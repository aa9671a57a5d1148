"""What the cockpit (运行驾驶舱) shows for one scope and period. Every number comes from the figures engine."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, units
from core.actor import Actor
from core.periods import Period
from dashboards import aims, charts, course, meeting_rule, supervision
from dashboards.picker import Picked
from dashboards.spread import by_chain
from indicators import declarations, figures
from problems.enums import Light
from problems.indicators import CATEGORIES

# The six cards at the top: indicator, icon.
CARDS = [
    ("member_enterprises", "building-factory-2"),
    ("party_members", "users-group"),
    ("problems_raised", "inbox"),
    ("problems_open", "alert-triangle"),
    ("on_time_rate", "clock-check"),
    ("satisfaction_rate", "mood-smile"),
]
# The groups of the figures table, in the order of the work.
GROUPS = [
    (
        gettext_lazy("组织建设"),
        [
            "key_chains",
            "chain_committees",
            "help_teams",
            "party_orgs",
            "party_members",
            "organisation_coverage",
            "employees",
            "above_scale_enterprises",
        ],
    ),
    (
        gettext_lazy("问题一本账"),
        [
            "problems_raised",
            "problems_accepted",
            "problems_assigned",
            "problems_decided",
            "problems_resolved",
            "problems_solved",
            "problems_confirmed",
            "problems_closed",
        ],
    ),
    (
        gettext_lazy("办理质效"),
        [
            "problems_overdue",
            "problems_near_limit",
            "handling_days",
            "on_time_rate",
            "rating_rate",
            "satisfaction_rate",
            "problems_unrated",
            "call_back_rate",
            "call_back_solved_rate",
            "problems_reopened",
            "enterprises_with_problems",
        ],
    ),
    (
        gettext_lazy("会议议事"),
        [
            "meetings",
            "committees_met",
            "committees_met_rate",
            "matters_decided",
            "decisions_done",
            "decisions_overdue",
        ],
    ),
]
# The meeting rule is quarterly: whatever month is shown, these tell its quarter.
QUARTERLY = ["committees_met", "committees_met_rate"]
TREND = ["problems_raised", "problems_closed", "problems_open"]
LIGHTS = [
    ("problems_in_time", "green", "@green"),
    ("problems_near_limit", "yellow", "@yellow"),
    ("problems_overdue", "red", "@red"),
    ("problems_paused", "grey", "@grey"),
]
TREND_MONTHS = 12


def codes() -> list[str]:
    """Every indicator that the cockpit reads, without repetition."""
    found = [code for code, _icon in CARDS] + [code for _label, group in GROUPS for code in group]
    found += [code for code, _light, _colour in LIGHTS]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Line:
    """One figure in the table: what it is, what it is now, how it moved."""

    figure: figures.Figure
    change: dict | None
    note: str = ""


def build(picked: Picked, actor: Actor, light: str = "") -> dict:
    """The context of the cockpit's page; `light` narrows the supervision list."""
    bases = [picked.period, picked.period.previous(), picked.period.year_ago()]
    now, before, year_ago = figures.read_many(codes(), picked.scope, bases)
    _tell_quarters(picked, now, before)
    last = picked.period.last
    months = [last - n for n in range(TREND_MONTHS - 1, -1, -1)]
    months = [month for month in months if month.first_day <= clock.today()]
    drawn = [code for code, _icon in CARDS] + ["problems_closed", course.RED]
    past = figures.series(drawn, picked.scope, months)
    any_figure = next(iter(now.values()))
    shown = [
        chart
        for chart in (
            _trend_chart(picked, months, past),
            _lights_chart(picked, now),
            _category_chart(picked),
            meeting_rule.chart(picked),
            course.steps_chart(picked, now),
            course.red_chart(picked, months, past),
            aims.chart(picked, actor),
        )
        if chart
    ]
    for chart in shown:
        chart["stale"] = any_figure.stale
    return {
        "picked": picked,
        "as_of": any_figure.as_of,
        "stale": any_figure.stale,
        "cards": [_card(now[code], before[code], icon, past[code], now, _base(year_ago, code)) for code, icon in CARDS],
        "groups": _groups(now, before),
        "charts": shown,
        "supervision": supervision.build(picked, actor, now, light),
        "against": _against(picked.period),
    }


def _tell_quarters(picked: Picked, now: dict, before: dict) -> None:
    """Replace the quarterly figures of a month by those of its quarter."""
    quarter = meeting_rule.quarter_of(picked.period)
    if len(picked.period) < len(quarter):
        this, last = figures.read_many(QUARTERLY, picked.scope, [quarter, quarter.previous()])
        now.update(this)
        before.update(last)


def _told(figure) -> bool:
    """Whether a figure means anything here (an enterprise has no chains to count)."""
    return figure.value is not None or declarations.told_for(figure.code, figure.scope.cell_class)


def _against(period: Period) -> str:
    words = {"month": _("较上月"), "quarter": _("较上季度"), "year": _("较上年"), "half": _("较上半年")}
    words |= {"week": _("较上周"), "ten_days": _("较上旬")}
    return words.get(period.kind, _("较上期"))


def _base(year_ago, code):
    """The figure a year ago; None before anything was recorded: every count was nought then, and that is no base."""
    return year_ago[code] if any(figure.value for figure in year_ago.values()) else None


def _change(now, before, against="") -> dict | None:
    """How a figure moved, with the words and whether that is good. Counts of a running period are not set against a
    whole one: on the third of a month every count would have fallen."""
    if now.period.end > clock.today() and now.declared.kind in ("flow", "distinct"):
        return None
    moved = now.change_from(before)
    if moved.difference is None:
        return None
    direction = {1: "up", -1: "down", 0: ""}[moved.direction]
    more = now.declared.more
    good = None
    if direction and more != declarations.NEUTRAL:
        good = (direction == "up") == (more == declarations.GOOD)
    amount = units.text(abs(moved.difference), moved.unit, now.declared.places)
    return {
        "against": against or _against(now.period),
        "text": amount if direction else _("持平"),
        "direction": direction,
        "good": good,
    }


def _card(now, before, icon, series, all_figures, year_ago=None) -> dict:
    note, repeats = "", now.period.previous() == now.period.year_ago()
    if now.code == "problems_open":
        red, yellow = all_figures["problems_overdue"].number, all_figures["problems_near_limit"].number
        note = _("红灯 %(red)s · 黄灯 %(yellow)s") % {"red": red, "yellow": yellow}
    return {
        "label": now.name,
        "value": now.number,
        "unit": now.unit.suffix,
        "icon": icon,
        "href": now.rows_url if now.value is not None else "",
        "change": None if note else _change(now, before),
        "change_year": None if repeats or year_ago is None else _change(now, year_ago, _("同比")),
        "note": note,
        "series": series,
        "alert": now.code == "problems_open" and bool(all_figures["problems_overdue"].value),
        "stale": now.stale,
        "hint": now.definition,
    }


def _groups(now, before) -> list[tuple[str, list[Line]]]:
    groups = []
    for label, listed in GROUPS:
        lines = [
            Line(now[code], _change(now[code], before[code]), now[code].period.name if code in QUARTERLY else "")
            for code in listed
            if _told(now[code])
        ]
        if lines:
            groups.append((label, lines))
    return groups


def _trend_chart(picked, months, past) -> dict:
    labels = [f"{month.year % 100:02d}-{month.number:02d}" for month in months]
    names = [str(declarations.get(code).name) for code in TREND]
    values = [past[code] for code in TREND]
    addresses = [[figures.rows_url(code, picked.scope, Period(month, month)) for month in months] for code in TREND]
    return charts.card(
        "chart-trend",
        _("问题收集、销号与在办"),
        _("个"),
        picked,
        trend_finding(*values),
        charts.trend(labels, names, values, addresses),
        charts.table([_("月份"), *names], labels, *zip(values, addresses, strict=True)),
        empty="" if any(values[0]) or any(values[2]) else _("这段时间还没有问题。"),
    )


def trend_finding(raised, closed, backlog) -> str:
    """What the trend says, from the values by month of TREND."""
    return _("近 %(n)s 个月收集 %(raised)s 个、销号 %(closed)s 个，期末在办 %(open)s 个。") % {
        "n": len(raised),
        "raised": sum(raised),
        "closed": sum(closed),
        "open": backlog[-1] if backlog else 0,
    }


def _bars(labels, read, parts):
    """Stacked bars and their table from figures by chain; `parts` are (code, name, colour)."""
    drawn = [
        {
            "name": str(name),
            "colour": colour,
            "values": [figure.value or 0 for figure in read[code]],
            "addresses": [figure.rows_url for figure in read[code]],
        }
        for code, name, colour in parts
    ]
    table = charts.table(
        [_("产业链"), *(part["name"] for part in drawn)],
        labels,
        *((part["values"], part["addresses"]) for part in drawn),
    )
    return charts.stacked(labels, drawn), table


def _lights_chart(picked, now) -> dict:
    read = [code for code, _light, _colour in LIGHTS]
    labels, found = by_chain(picked, read)
    names = dict(Light.choices)
    figure, table = _bars(labels, found, [(code, names[light], colour) for code, light, colour in LIGHTS])
    red = now["problems_overdue"].value or 0
    worst = max(zip(labels, found["problems_overdue"], strict=True), key=lambda pair: pair[1].value or 0, default=None)
    finding = _("没有超期的问题。")
    if red and worst:
        finding = _("超期 %(red)s 个，最多的是%(chain)s（%(n)s 个）。") % {
            "red": red,
            "chain": worst[0],
            "n": worst[1].value,
        }
    return charts.card(
        "chart-lights",
        _("各产业链问题灯号"),
        _("个"),
        picked,
        finding,
        figure,
        table,
        empty="" if labels else _("还没有产业链数据。"),
        size="" if len(labels) < 10 else "tall",
    )


def _category_chart(picked) -> dict:
    read = [f"problems_raised_{code}" for code, _name in CATEGORIES]
    found = figures.read(read, picked.scope, picked.period)
    ranked = sorted((f for f in found.values() if f.value), key=lambda figure: -figure.value)
    labels = [str(figure.name) for figure in ranked]
    values, addresses = [f.value for f in ranked], [f.rows_url for f in ranked]
    name = str(declarations.get("problems_raised").name)
    finding = ""
    if ranked:
        finding = _("收集最多的是%(category)s，%(n)s 个。") % {"category": labels[0], "n": values[0]}
    return charts.card(
        "chart-category",
        _("问题类别"),
        _("个"),
        picked,
        finding,
        charts.stacked(labels, [{"name": name, "values": values, "addresses": addresses, "colour": "@bar"}]),
        charts.table([_("类别"), name], labels, (values, addresses)),
        empty="" if ranked else _("这段时间还没有问题。"),
    )
