"""The tables of a report: under their section (`INLINE`) or as attachments, each from the same material."""

import dataclasses

from alliances.enums import RegionLevel
from alliances.models import Region
from exchange.official.body import chinese_date
from exchange.structure import Attachment, Chart, Table, TableColumn
from indicators import scopes
from reports import corrected, lists, narrative, reading
from reports.enums import ScopeKind
from reports.narrative import moved


def chains(material):
    """By chain, of a region that has any."""
    if material.scope.kind != ScopeKind.REGION:
        return None
    table = _place_table("chains", "产业链", "各产业链主要指标", material.chains, material.measures)
    return table if table.rows else None


def regions(material):
    """By county, of a region with at least two below it."""
    scope = material.scope
    if scope.kind != ScopeKind.REGION:
        return None
    below = Region.objects.filter(parent_id=scope.region_id, level=RegionLevel.COUNTY, is_active=True)
    below = {region.pk: region for region in below}
    if len(below) < 2:
        return None
    wanted = {pk: scopes.region_scope(pk, region.code or f"id{pk}", region.name) for pk, region in below.items()}
    read = reading.by_region(wanted, scope, material.period, material.today)
    found = [(below[key].name, entries) for key, entries in read]
    return _place_table("regions", "县（市、区）", "各县（市、区）主要指标", found, material.measures)


def teams(material):
    return material.team_table if material.team_table.rows else None


INLINE = {
    "chains": chains,
    "regions": regions,
    "teams": teams,
    "corrections": lambda material: corrected.table(material.late),
}


def attachments(material, chosen):
    """The attachments whose tables are among `chosen`; one without rows is left out."""
    if "figures" in chosen:
        yield Attachment(f"{material.period.name}主要指标情况表", (figures(material),), landscape=True)
    if "overdue" in chosen and material.overdue:
        yield Attachment("超期未办结问题清单", (lists.overdue_table(material.overdue),), landscape=True)
    held = tuple(_of_meetings(material, chosen))
    if held:
        yield Attachment("会议及议定事项清单", held)
    trend = _trend_table(material.scope, material.period, material.today) if "trend" in chosen else None
    if trend is not None:
        yield Attachment("近十二个月问题办理情况", (trend,))


def _of_meetings(material, chosen):
    if "meetings" in chosen and material.meetings:
        counts = {}
        for entry in material.decisions:
            counts[entry.meeting_id] = counts.get(entry.meeting_id, 0) + 1
        yield lists.meeting_table(material.meetings, counts)
    if "decisions" in chosen and material.decisions:
        yield lists.decision_table(material.decisions)


_SHORT = {
    "member_enterprises": "企业",
    "party_orgs": "党组织",
    "problems_raised": "收集",
    "problems_resolved": "办结",
    "problems_solved": "全部解决",
    "problems_closed": "销号",
    "problems_open": "在办",
    "problems_overdue": "超期",
    "on_time_rate": "按期率",
    "meetings": "会议",
}


# What is drawn beside a table: what came in and what went out.
_DRAWN = ("problems_raised", "problems_resolved", "problems_closed")


def _place_table(key, first, caption, found, m):
    """One row a place, one column a figure. What belongs to no row gets a row of its own, so that columns add up."""
    codes = [code for code in reading.declared(reading.BY_CHAIN) if code in m]
    columns = (
        TableColumn(first, 2.2, "left"),
        *(TableColumn(_heading(m[code]), 1, kind=_kind(m[code])) for code in codes),
    )
    rows = [(name, *(entries[code].figure if code in entries else None for code in codes)) for name, entries in found]
    rest, shared = [], False
    for code in codes:
        total, parts = m[code].value, [entries[code].value or 0 for _name, entries in found if code in entries]
        left = None if m[code].unit.rate or total is None else total - sum(parts)
        rest.append(left if left and left > 0 else None)
        shared = shared or (left is not None and left < 0)
    if found and any(rest):
        rows.append((f"未列入{first}", *rest))
    note = "企业、党组织、在办和超期为期末数，其余为本月数。"
    note += "一家企业可在多条产业链上，合计不重复计算。" if shared else ""
    drawn = tuple(place for place, code in enumerate(codes, start=1) if code in _DRAWN)
    chart = Chart(bars=drawn, title=f"{first}问题办理情况", unit="个") if drawn and len(rows) > 1 else None
    totals = ("合计", *(m[c].figure for c in codes))
    return Table(columns, tuple(rows), caption=caption, note=note, key=key, totals=totals, chart=chart)


def _heading(measure):
    return f"{_SHORT.get(measure.code, measure.name)}（{measure.unit.code}）"


def _kind(measure):
    return "percent" if measure.unit.rate else "number" if measure.places else "integer"


def figures(material, *, definitions=False):
    """What every report tells and what this one's text printed, with comparisons: for the attachment and the workbook's
    sheet of figures."""
    m, period, today = material.measures, material.period, material.today
    columns = [
        TableColumn("指标", 2.2, "left"),
        TableColumn("单位", 0.9),
        TableColumn("本月", 1, kind="number"),
        TableColumn("上月", 1, kind="number"),
        TableColumn("与上月比", 1.9),
        TableColumn("上年同期", 1, kind="number"),
        TableColumn("与上年同期比", 1.9),
        TableColumn("年初至今", 1, kind="number"),
    ]
    rows = []
    for entry in (one for one in m.values() if one.code in reading.ALL or one.code in material.printed):
        # In one unit along the row, so no figure is turned from 万元 into 亿元 here.
        others = (entry.before, entry.year_ago, entry.to_date)
        shown = [
            reading.plain(value) if definitions else narrative.plain_number(value, entry.places) for value in others
        ]
        figure = dataclasses.replace(entry.figure, text=narrative.plain_number(entry.value, entry.places))
        row = [entry.name, entry.unit.code, figure, shown[0]]
        row += [
            moved(entry.value, entry.before, entry.unit, narrative.LAST_MONTH, entry.places, entry.is_flow),
            shown[1],
        ]
        row += [
            moved(entry.value, entry.year_ago, entry.unit, narrative.LAST_YEAR, entry.places, entry.is_flow),
            shown[2],
        ]
        rows.append((*row, entry.definition) if definitions else tuple(row))
    if definitions:
        columns.append(TableColumn("口径", 5, "left"))
    running = "本月尚未结束，期内发生数不与整月比较。" if period.end > today else ""
    note = f"统计期间：{chinese_date(period.start)}至{chinese_date(period.end)}。期末数截至期末或成文之日。{running}"
    return Table(tuple(columns), tuple(rows), note=note, key="figures", landscape=True)


_TREND_SHORT = {
    "problems_raised": "收集",
    "problems_resolved": "办结",
    "problems_solved": "全部解决",
    "problems_closed": "销号",
    "problems_open": "月末在办",
}


def _trend_table(scope, period, today):
    months, series = reading.trend(scope, period, today)
    if not series or not any(value for values in series.values() for value in values):
        return None
    columns = (TableColumn("月份", 1.4), *(TableColumn(_TREND_SHORT[code], kind="integer") for code in series))
    rows = tuple((str(month), *(values[number] for values in series.values())) for number, month in enumerate(months))
    places = {code: place for place, code in enumerate(series, start=1)}
    chart = Chart(
        bars=tuple(places[code] for code in _DRAWN if code in places),
        lines=tuple(places[code] for code in ("problems_open",) if code in places),
        title="近十二个月问题办理情况",
        unit="个",
    )
    return Table(columns, rows, note="单位：个。", key="trend", chart=chart)
