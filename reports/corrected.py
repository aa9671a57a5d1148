"""Corrections to earlier months (以前月份数据更正): what closed months would say today, printed in the next report.

Reports are written in Chinese, whoever asks for them, as the rest of `reports` is.
"""

from closing import corrections
from core import units
from exchange.structure import Heading, Paragraph, Table, TableColumn
from reports import reading

KEY = "corrections"


def section(scope, period):
    """A heading, a sentence and a table; nothing where no closed month of the last twelve was corrected."""
    found = corrections.to_report(scope, period.first)
    if not found:
        return []
    months = "、".join(f"{month.year}年{month.number}月{len(rows)}项" for month, rows in found)
    sentence = f"封账后登记、改动的事项不改变已发出的月报，以前月份数据更正如下：{months}。"
    return [Heading(1, "以前月份数据更正", KEY), Paragraph((sentence,)), _table(found)]


def _table(found):
    columns = (
        TableColumn("月份", 1.2),
        TableColumn("指标", 2.4, "left"),
        TableColumn("封账数", 1),
        TableColumn("现数", 1),
        TableColumn("差额", 1.2),
    )
    rows = tuple(_row(month, one) for month, ones in found for one in ones)
    note = "单位从指标。“分子分母有变动”指比率本身未变。"
    return Table(columns, rows, note=note, key=f"{KEY}_table")


def _row(month, one):
    places = one.live.declared.places
    change = one.change
    difference = units.DASH if change.difference is None else units.number(change.difference, places)
    if change.difference and change.difference > 0:
        difference = f"+{difference}"
    if one.parts_only:
        difference = "分子分母有变动"
    elif change.difference is not None and one.live.unit.rate:
        difference += "个百分点"
    frozen = units.number(one.frozen.value, places)
    return (f"{month.year}年{month.number}月", str(one.name), frozen, reading.printed(one.live), difference)
