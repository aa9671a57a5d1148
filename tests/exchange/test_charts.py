"""Charts of a Word file: native parts with a workbook inside, the table's own numbers, no formula, no outside."""

import io
import zipfile
from xml.etree import ElementTree

import docx
import openpyxl

from exchange import official
from exchange.structure import Attachment, Chart, Heading, Table, TableColumn, from_json, to_json
from tests.reports.conftest import document, figure

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def drawn(**changes):
    """A report with a table of chains drawn as bars, and months drawn as bars with a line, on a turned sheet."""
    count = TableColumn("收集（个）", kind="integer")
    chains = Table(
        (TableColumn("产业链", 2, "left"), count, TableColumn("在办（个）", kind="integer")),
        (("=1+1链", figure("problems_raised", 23), 4), ("乙 & <链>", 5, None)),
        caption="各产业链主要指标", totals=("合计", 28, 4), chart=Chart((1, 2), (), "各产业链“办理”情况", "个"),
    )  # fmt: skip
    months = Table(
        (TableColumn("月份"), count, TableColumn("月末在办", kind="integer")),
        tuple((f"2026-{n:02}", n, 30 - n) for n in range(1, 13)),
        chart=Chart((1,), (2,), "近十二个月", "个"),
    )
    given = {"blocks": (Heading(1, "各产业链情况"), chains), "attachments": (Attachment("趋势", (months,), True),)}
    return document(**{**given, **changes})


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_table_is_drawn_as_a_chart_that_word_can_edit():
    content = official.render(drawn())
    found = parts(content)
    assert content == official.render(drawn()), "equal documents give equal bytes"
    charts = sorted(name for name in found if name.startswith("word/charts/chart"))
    assert len(charts) == 2
    for number, name in enumerate(charts, start=1):
        chart = ElementTree.fromstring(found[name])
        relations = ElementTree.fromstring(found[f"word/charts/_rels/chart{number}.xml.rels"])
        wanted = set(chart.find(f"{C}externalData").attrib.values())
        relation = next(one for one in relations if one.get("Id") in wanted)
        assert relation.get("TargetMode") != "External"
        book = found[f"word/embeddings/{relation.get('Target').rpartition('/')[2]}"]
        _cells_are_those_of_the_chart(openpyxl.load_workbook(io.BytesIO(book))["数据"], chart)
    types = found["[Content_Types].xml"].decode()
    assert "drawingml.chart+xml" in types and "spreadsheetml.sheet" in types
    body = docx.Document(io.BytesIO(content)).element.body.xml
    assert body.count("<c:chart ") == 2 and 'descr="各产业链“办理”情况"' in body


def _cells_are_those_of_the_chart(sheet, chart):
    """Every series reads the cells that it says, and they hold what is drawn: numbers as numbers, words as words."""
    rows = list(sheet.iter_rows(values_only=True))
    for series in chart.iter(f"{C}ser"):
        column = int(series.find(f"{C}order").get("val")) + 1
        assert series.find(f"{C}tx//{C}v").text == rows[0][column]
        words = [one.text for one in series.findall(f"{C}cat//{C}v")]
        assert words == [row[0] for row in rows[1:]]
        told = {int(one.get("idx")): float(one.find(f"{C}v").text) for one in series.findall(f"{C}val//{C}pt")}
        held = {n: row[column] for n, row in enumerate(rows[1:]) if row[column] is not None}
        assert told == held
        letter = "ABCDEF"[column]
        assert series.find(f"{C}val//{C}f").text == f"数据!${letter}$2:${letter}${len(rows)}"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_bars_and_lines_differ_without_colour_and_share_their_axes():
    chart = ElementTree.fromstring(parts(official.render(drawn()))["word/charts/chart2.xml"])
    assert len(chart.findall(f".//{C}barChart")) == len(chart.findall(f".//{C}lineChart")) == 1
    plots = [chart.find(f".//{C}{kind}") for kind in ("barChart", "lineChart")]
    assert len({tuple(one.get("val") for one in plot.findall(f"{C}axId")) for plot in plots}) == 1
    assert chart.find(f".//{C}lineChart//{C}marker/{C}symbol") is not None


def test_a_chart_is_kept_in_the_snapshot_and_an_old_one_has_none():
    kept = to_json(drawn())
    assert from_json(kept) == drawn()
    old = to_json(Table((TableColumn("月份"),), ()))
    old.pop("chart")
    assert from_json(old).chart is None
    assert not [name for name in parts(official.render(document())) if "chart" in name]
