"""What a monthly report says: one function, `build`, that Word, Excel and the screen page all read.

Every number comes from the figures engine or is the count of a list printed with it; nothing is typed in.
"""

import dataclasses

from alliances.enums import RegionLevel
from alliances.models import Region
from chains.models import Chain
from core import clock
from exchange.official.body import chinese_date
from exchange.structure import Attachment, Document, Heading, Paragraph, Table, TableColumn
from indicators import scopes
from reports import corrected, lifecycle, lists, narrative, reading
from reports.enums import ScopeKind
from reports.narrative import moved

LABEL = "内部资料"


def build(scope, period, actor, today=None):
    """The report of a scope and month as the actor may see it, as a `Document`.

    `today` is the local date it is written on. Stocks are told for the month's end, or for today while it runs.
    """
    today = today or clock.today()
    place = lifecycle.place_of(scope)
    day = period.as_of(today)
    m = reading.measures(scope, period, today)
    overdue = lists.overdue_problems(scope, period, actor, day)
    meetings = lists.meeting_rows(scope, period, actor)
    decisions = lists.decision_rows(scope, period, actor)
    chain_table = _chain_table(scope, period, m, today)
    late = corrected.lines(scope, period.first)
    blocks = [
        Paragraph((_opening(scope, period, today),)),
        Heading(1, "总体情况", "general"),
        *narrative.general(m, _place_name(scope), chinese_date(day)),
        Heading(1, "企业困难问题办理情况", "ledger"),
        *narrative.funnel(m, period.name),
        *_places(scope, period, m, today, chain_table),
        Heading(1, "会议和议定事项", "meetings"),
        *_meetings(scope, period, actor, day, m),
        *_teams(scope, period, actor, m),
        Heading(1, "超期未办结问题", "overdue"),
        *narrative.overdue(len(overdue), chinese_date(day), lists.held_by(overdue)),
        *corrected.section(late),
        Heading(1, "下一步工作", "next"),
        Paragraph(("（由经办人根据本月情况填写。）",)),
    ]
    head = _head(scope, place, period)
    return Document(
        **head,
        label=LABEL,
        blocks=tuple(blocks),
        as_of=min((entry.as_of for entry in _moments(scope, period, today)), default=clock.now()),
        signed_on=today,
        attachments=tuple(_attachments(m, overdue, meetings, decisions, scope, period, today)),
        figures=(_figures_table(m, period, today, definitions=True),),
        meta={"scope": scope.key, "month": str(period.last), "place": _place_name(scope), **late.meta()},
    )


def _moments(scope, period, today):
    from indicators import figures

    codes = reading.declared(reading.ALL)[:1]
    return figures.read(codes, scope, period, today).values() if codes else ()


# --- head and signature -------------------------------------------------------------------------------------------


def _head(scope, place, period):
    """Title, addressee and signer. A committee reports upward, a region informs its committees."""
    region, chain, committee = place
    if scope.kind == ScopeKind.COMMITTEE:
        return {
            "title": f"{committee.name}\n关于{period.name}工作情况的报告",
            "addressee": office_of(region),
            "signer": committee.name,
        }
    subject = "产业链"
    if chain is not None:
        name = chain.name.removeprefix(region.name)
        subject = name if name.endswith("链") else f"{name}产业链"
    return {
        "title": f"{region.name}关于{period.name}{subject}\n党建联盟工作情况的通报",
        "addressee": "各产业链党委，各责任单位",
        "signer": office_of(region),
    }


def office_of(region):
    """The unit that answers for a region's report: its organisation department (组织部)."""
    if region.level in (RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.COUNTY):
        return f"中共{region.name}委组织部"
    return f"{region.name}党（工）委"


def _place_name(scope):
    return {"region": "全{}", "chain": "{}", "committee": "{}"}[scope.kind].format(_level_word(scope))


def _level_word(scope):
    if scope.kind != ScopeKind.REGION:
        return str(scope.name)
    level = Region.objects.filter(pk=scope.region_id).values_list("level", flat=True).first()
    name = str(scope.name)
    return {"province": "省", "city": "市", "county": name[-1:] if name else "县"}.get(level, "区域")


def _opening(scope, period, today):
    running = period.end > today
    until = f"（截至{chinese_date(today)}）" if running else ""
    verb = "报告" if scope.kind == ScopeKind.COMMITTEE else "通报"
    return f"现将{_place_name(scope)}{period.name}{until}产业链党建联盟工作情况{verb}如下。"


# --- sections -----------------------------------------------------------------------------------------------------


def _places(scope, period, m, today, chain_table):
    """By chain, and for a city by county."""
    blocks = []
    if chain_table is not None:
        table, rows = chain_table
        blocks += [Heading(1, "各产业链情况", "chains"), *narrative.chains(rows, period.name)]
        blocks += [table] if table.rows else []
    region_table = _region_table(scope, period, m, today)
    if region_table is not None:
        blocks += [Heading(1, "各县（市、区）情况", "regions"), region_table]
    return blocks


def _chain_table(scope, period, m, today):
    """(table, [(name, raised, open)]) of a region's chains; None for other scopes."""
    if scope.kind != ScopeKind.REGION:
        return None
    found = reading.by_chain(scope, period, today)
    names = dict(Chain.objects.filter(pk__in=[key for key, _measures in found]).values_list("pk", "name"))
    found = [(names[key], entries) for key, entries in found if key in names]
    rows = [
        (name, entries["problems_raised"], entries.get("problems_open"))
        for name, entries in found
        if "problems_raised" in entries
    ]
    return _place_table("chains", "产业链", "各产业链主要指标", found, m), rows


def _region_table(scope, period, m, today):
    if scope.kind != ScopeKind.REGION:
        return None
    below = Region.objects.filter(parent_id=scope.region_id, level=RegionLevel.COUNTY, is_active=True)
    below = {region.pk: region for region in below}
    if len(below) < 2:
        return None
    wanted = {pk: scopes.region_scope(pk, region.code or f"id{pk}", region.name) for pk, region in below.items()}
    found = [(below[key].name, entries) for key, entries in reading.by_region(wanted, scope, period, today)]
    return _place_table("regions", "县（市、区）", "各县（市、区）主要指标", found, m)


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
    return Table(
        columns, tuple(rows), caption=caption, note=note, key=key, totals=("合计", *(m[c].figure for c in codes))
    )


def _heading(measure):
    return f"{_SHORT.get(measure.code, measure.name)}（{measure.unit.code}）"


def _kind(measure):
    return "percent" if measure.unit.rate else "number" if measure.places else "integer"


def _meetings(scope, period, actor, day, m):
    quarter, late, total = lists.quarterly_rule(scope, period, actor, day)
    return narrative.meetings(m, period.name, quarter, late, total)


def _teams(scope, period, actor, m):
    """Help teams belong to regions; a chain's or committee's report leaves them out."""
    if scope.kind != ScopeKind.REGION:
        return []
    table = lists.team_table(scope, period, actor)
    blocks = [Heading(1, "帮办团工作情况", "teams"), *narrative.teams(m, period.name, table.rows)]
    return [*blocks, table] if table.rows else blocks


# --- attachments --------------------------------------------------------------------------------------------------


def _attachments(m, overdue, meetings, decisions, scope, period, today):
    yield Attachment(f"{period.name}主要指标情况表", (_figures_table(m, period, today),), landscape=True)
    if overdue:
        yield Attachment("超期未办结问题清单", (lists.overdue_table(overdue),), landscape=True)
    if meetings or decisions:
        counts = {}
        for entry in decisions:
            counts[entry.meeting_id] = counts.get(entry.meeting_id, 0) + 1
        tables = [lists.meeting_table(meetings, counts)] if meetings else []
        tables += [lists.decision_table(decisions)] if decisions else []
        yield Attachment("会议及议定事项清单", tuple(tables))
    trend = _trend_table(scope, period, today)
    if trend is not None:
        yield Attachment("近十二个月问题办理情况", (trend,))


def _figures_table(m, period, today, *, definitions=False):
    """Every figure of the report with its comparisons, for the attachment and the workbook's sheet of figures."""
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
    for entry in m.values():
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
    return Table(columns, rows, note="单位：个。", key="trend")


__all__ = ["LABEL", "build", "office_of"]
