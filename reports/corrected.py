"""Corrections to earlier months (以前月份数据更正), printed once: in the next report after they came about.

A report keeps in its snapshot which corrections it printed and which values it gave. The next one of the same scope
compares with these values instead of the frozen ones, so that only what has changed since is printed. A report made
again compares with what reports of other months told, and so prints the same list; after a report of another month has
followed it, it repeats its list as it stood. Entered figures (填报数) that were corrected after a close stand in the
same list, against the version of before the close or the value that a report told since.

Reports are written in Chinese, whoever asks for them, as the rest of `reports` is.
"""

from dataclasses import dataclass
from decimal import Decimal

from closing import corrections, entered, frozen, targets
from core import units
from core.periods import Month
from exchange.structure import Table, TableColumn, from_json
from reports import reading
from reports.enums import STANDING
from reports.models import Report

KEY = "corrections"
AGAIN = "corrections_again"


@dataclass(frozen=True)
class Line:
    """One correction as printed. `now` is value, numerator and denominator that the report gave; `round` the lock it
    was compared with. Of an entered figure `month` is the code of its period and `round` 0."""

    month: str
    round: int
    code: str
    now: tuple
    cells: tuple

    def kept(self):
        """As the snapshot of the report keeps it."""
        now = tuple(None if one is None else str(one) for one in self.now)
        return {"month": self.month, "round": self.round, "code": self.code, "now": now, "cells": self.cells}

    @classmethod
    def of(cls, kept):
        now = tuple(None if one is None else Decimal(one) for one in kept["now"])
        return cls(kept["month"], kept["round"], kept["code"], now, tuple(kept["cells"]))


@dataclass(frozen=True)
class Lines:
    """What one report prints; `again` where it repeats what an earlier edition of it printed."""

    lines: tuple = ()
    again: bool = False

    def meta(self):
        """For the report's snapshot: the next report reads here what was told."""
        return {KEY: tuple(line.kept() for line in self.lines), AGAIN: self.again}


def lines(scope, month: Month) -> Lines:
    """The corrections that the report of a scope and month prints."""
    mine, others = _editions(scope, month)
    if mine and others and max(others) > max(mine):
        return Lines(mine[max(mine)], again=True)
    told: dict[tuple, dict] = {}
    for number in sorted(others):
        for line in others[number]:
            told.setdefault((line.month, line.round), {})[line.code] = line.now
    found = corrections.to_report(scope, month, lambda one: told.get((str(one.month_of), one.round)))
    late = [_line(closing, one) for closing, rows in found for one in rows]
    return Lines((*late, *_entered(scope, month, told)))


def _entered(scope, month, told):
    """The lines of entered figures of the unit that the report is of."""
    place = targets.place_of(scope)
    if place is None:
        return []

    def value(row):
        return told.get((row.period.code, 0), {}).get(_code(row), (None,))[0]

    return [_entered_line(one) for one in entered.to_report(place, month, value)]


def _code(row):
    return f"entered:{row.kind_id}"


def _editions(scope, month):
    """({number of the report: lines} of this month's report, the same of other months'): of each month the newest
    edition that printed a list of its own. Reports are numbered in the order in which they were asked for."""
    rows = Report.objects.filter(scope_key=scope.key, state__in=sorted(STANDING), month__gt=(month - 12).first_day)
    newest = {}
    for number, of_month, meta in rows.order_by("pk").values_list("pk", "month", "snapshot__meta"):
        kept = from_json(meta) if meta else {}
        if not kept.get(AGAIN):
            newest[of_month] = number, tuple(Line.of(one) for one in kept.get(KEY, ()))
    mine = dict([newest.pop(month.first_day)]) if month.first_day in newest else {}
    return mine, dict(newest.values())


def table(found: Lines):
    """The corrections as a table; None where there is none to tell."""
    return _table(found.lines) if found.lines else None


def _table(found):
    columns = (
        TableColumn("月份", 1.2),
        TableColumn("指标", 2.4, "left"),
        TableColumn("原报数", 1),
        TableColumn("现数", 1),
        TableColumn("差额", 1.2),
    )
    note = "原报数为封账数（填报数为封账前所报），或此前月报更正后的数。单位从指标。“分子分母有变动”指比率本身未变。"
    return Table(columns, tuple(line.cells for line in found), note=note, key=f"{KEY}_table")


def _line(closing, one):
    month, places, change = closing.month_of, one.live.declared.places, one.change
    difference = units.DASH if change.difference is None else units.number(change.difference, places)
    if change.difference and change.difference > 0:
        difference = f"+{difference}"
    if one.parts_only:
        difference = "分子分母有变动"
    elif change.difference is not None and one.live.unit.rate:
        difference += "个百分点"
    former, now = units.number(one.former, places), reading.printed(one.live)
    cells = (f"{month.year}年{month.number}月", str(one.name), former, now, difference)
    return Line(str(month), closing.round, one.code, frozen.numbers(one.live), cells)


def _entered_line(late):
    row, kind = late.row, late.row.kind
    change = units.change(row.value, late.former, kind.typed)
    difference = units.DASH if change.difference is None else units.number(change.difference, kind.places)
    if change.difference is not None:
        sign = "+" if change.difference > 0 else ""
        difference = f"{sign}{difference}" + ("个百分点" if kind.typed.rate else "")
    name = f"{kind.name}（填报数，{kind.typed.label}）" if str(kind.typed.label) else f"{kind.name}（填报数）"
    former = units.number(late.former, kind.places)
    cells = (row.period.name, name, former, units.number(row.value, kind.places), difference)
    return Line(row.period.code, 0, _code(row), (row.value, None, None), cells)
