"""The report's workbook: every table a sheet, native charts, text that never runs, equal bytes for equal input."""

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest

from exchange.structure import from_json, to_json
from reports import workbook
from tests.reports.conftest import document


@pytest.fixture(scope="module")
def raw():
    return workbook.render(document())


@pytest.fixture(scope="module")
def book(raw):
    return openpyxl.load_workbook(io.BytesIO(raw))


def values(sheet):
    return list(sheet.iter_rows(values_only=True))


def test_contents_lead_to_every_sheet(book):
    assert book.sheetnames == ["目录", "主要指标", "各产业链", "超期清单"]
    page = book["目录"]
    assert [page.cell(row, 2).value for row in (5, 6, 7)] == book.sheetnames[1:]
    assert [page.cell(row, 2).hyperlink.location for row in (5, 6, 7)] == [f"'{n}'!A1" for n in book.sheetnames[1:]]


def test_figures_are_numbers_with_their_unit_and_definition(book):
    rows = values(book["主要指标"])
    assert rows[3] == ("指标", "单位", "本月", "口径")
    assert rows[4][:4] == ("收集困难问题", "件", 23, "期内提交")
    assert rows[5][2] == pytest.approx(92.592)
    assert book["主要指标"].cell(6, 3).number_format == '0.0"%"'


def test_tables_have_their_totals_and_real_dates(book):
    rows = values(book["各产业链"])
    assert rows[6][:2] == ("合计", 28)
    day = book["超期清单"].cell(5, 2)
    assert (day.value.date(), day.number_format) == (dt.date(2026, 10, 9), "yyyy-mm-dd")


def test_no_cell_is_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert "=1+1" in [cell.value for cell in cells] and "@SUM(A1)" in [cell.value for cell in cells]


def test_charts_are_native_and_draw_the_cells_of_their_sheet(raw):
    archive = zipfile.ZipFile(io.BytesIO(raw))
    charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 1
    xml = archive.read(charts[0]).decode()
    assert re.findall(r"<c:f>(.*?)</c:f>", xml) == ["各产业链!$A$5:$A$6", "各产业链!$B$5:$B$6"] or "$B$5:$B$6" in xml


def test_it_prints_on_a4_with_its_header_on_every_page(book):
    for sheet in book:
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert sheet.print_title_rows


def test_equal_documents_give_equal_bytes_also_after_the_snapshot(raw):
    assert workbook.render(document()) == raw
    assert workbook.render(from_json(to_json(document()))) == raw
    assert workbook.render(document(title="另一份")) != raw


def test_the_file_names_no_author_and_no_machine(raw):
    archive = zipfile.ZipFile(io.BytesIO(raw))
    core = archive.read("docProps/core.xml").decode()
    assert re.search(r"<dc:creator>.+?</dc:creator>", core) is None
    assert "2026-11-05T01:30:00Z" in core
