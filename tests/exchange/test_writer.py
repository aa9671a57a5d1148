"""The writer of exported tables: text is text, numbers are numbers, nothing of the machine is in the file."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from exchange import cells, writer
from exchange.cells import DATE, DATETIME, INTEGER, NUMBER, PERCENT, Column
from exchange.writer import TooManyRows, head_lines, write_csv, write_table

COLUMNS = [
    Column("编号"),
    Column("内容", width=40),
    Column("件数", INTEGER),
    Column("金额", NUMBER),
    Column("满意率", PERCENT),
    Column("提出日期", DATE),
    Column("更新时间", DATETIME),
]
MOMENT = dt.datetime(2026, 3, 31, 16, 30, tzinfo=dt.UTC)
ROWS = [
    ("00123", "用电增容", 3, Decimal("1.25"), 97.1, dt.date(2026, 3, 5), MOMENT),
    ("91110000MA0000000X", None, None, None, None, None, None),
]
ACTIVE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\0=1+1",
    "=cmd|' /C calc'!A0",
    "{=1}",
    "http://example.test",
]
ENGINES = ("fast", "python")


def written(columns, rows, head=(), engine="fast"):
    file = io.BytesIO()
    count = write_table(file, "台账", columns, rows, head, engine=engine)
    return count, file


def sheet_of(file):
    return openpyxl.load_workbook(file).active


@pytest.mark.parametrize("engine", ENGINES)
def test_every_kind_of_cell_comes_back_as_what_it_was(engine):
    count, file = written(COLUMNS, ROWS, engine=engine)
    assert count == 2
    rows = list(sheet_of(file).iter_rows(values_only=True))
    assert rows[0] == ("编号", "内容", "件数", "金额", "满意率", "提出日期", "更新时间")
    assert rows[1][:5] == ("00123", "用电增容", 3, 1.25, 97.1)
    assert rows[1][5].date() == dt.date(2026, 3, 5)
    assert rows[1][6] == dt.datetime(2026, 4, 1, 0, 30)  # counted in Shanghai, so already April
    assert rows[2] == ("91110000MA0000000X", None, None, None, None, None, None)


@pytest.mark.parametrize("engine", ENGINES)
def test_no_value_ever_becomes_a_formula(engine):
    columns = [Column("=HYPERLINK(1)"), Column("+x"), Column("件数", INTEGER)]
    _, file = written(columns, [(value, value, value) for value in ACTIVE], head=["=1+1", "@x"], engine=engine)
    cells_read = [cell for row in sheet_of(file).iter_rows() for cell in row if cell.value is not None]
    assert len(cells_read) == 2 + 3 + 3 * len(ACTIVE)
    assert [cell for cell in cells_read if cell.data_type == "f"] == []
    text = [cell.value for cell in cells_read if cell.data_type == "s"]
    assert "=1+1" in text and "@SUM(A1)" in text


@pytest.mark.parametrize("engine", ENGINES)
def test_head_is_above_a_frozen_header_and_the_page_prints_on_landscape_a4(engine):
    head = head_lines(
        title="问题台账", scope="云岭县", conditions="状态为办理中", as_of=MOMENT, user="县委组织部 林书涵"
    )
    _, file = written(COLUMNS, ROWS, head, engine)
    sheet = sheet_of(file)
    assert [sheet.cell(row, 1).value for row in range(1, 6)] == [
        "问题台账",
        "范围：云岭县",
        "筛选条件：状态为办理中",
        "数据截至：2026-04-01 00:30",
        "导出人：县委组织部 林书涵",
    ]
    assert sheet.cell(6, 1).value == "编号"
    assert sheet.freeze_panes == "A7"
    assert sheet.print_title_rows in ("$6:$6", "6:6")
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == "9"


@pytest.mark.parametrize("engine", ENGINES)
def test_the_file_names_neither_author_nor_machine(engine):
    _, file = written(COLUMNS, ROWS, engine=engine)
    archive = zipfile.ZipFile(file)
    core = archive.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core
    assert "root" not in core + archive.read("docProps/app.xml").decode()


@pytest.mark.parametrize("engine", ENGINES)
def test_control_characters_are_gone_and_long_text_is_cut_where_excel_would_break(engine):
    every = "".join(map(chr, range(32))) + "好\ud800\uffff"
    _, file = written([Column("文本")], [(every,), ("长" * 40_000,)], engine=engine)
    values = [row[0] for row in sheet_of(file).iter_rows(min_row=2, values_only=True)]
    assert values[0].strip() == "好"
    assert len(values[1]) == cells.MAX_TEXT and values[1].endswith("…")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_without_rows_still_has_its_header(engine):
    count, file = written(COLUMNS, [], ["标题"], engine)
    assert count == 0
    assert [cell.value for cell in sheet_of(file)[2]] == [column.label for column in COLUMNS]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_does_not_fit_its_column_stays_as_text(engine):
    columns = [Column("件数", INTEGER), Column("日期", DATE), Column("率", PERCENT), Column("代码", INTEGER)]
    _, file = written(columns, [("三", "不详", float("nan"), 110101199003070000)], engine=engine)
    assert next(sheet_of(file).iter_rows(min_row=2, values_only=True)) == ("三", "不详", None, "110101199003070000")


def test_two_columns_of_one_name_keep_their_own_cells():
    _, file = written([Column("名称"), Column("名称")], [("甲", "乙")])
    assert list(sheet_of(file).iter_rows(values_only=True)) == [("名称", "名称（2）"), ("甲", "乙")]


def test_first_row_empty_does_not_decide_for_the_column():
    rows = [(None,) * 7, *ROWS, (None,) * 7, ROWS[0]]
    _, file = written(COLUMNS, rows)
    read = list(sheet_of(file).iter_rows(min_row=2, values_only=True))
    assert read[0] == (None,) * 7
    assert read[1] == read[4] and read[1][0] == "00123"


def test_too_many_rows_is_said_and_leaves_the_old_file(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "MAX_ROWS", 5)
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(TooManyRows, match="4 行"):
        write_table(path, "台账", [Column("数", INTEGER)], ((n,) for n in range(9)))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_among_the_rows_reaches_the_caller_and_leaves_no_half_file(tmp_path):
    def rows():
        yield ("一",)
        raise RuntimeError("connection lost")

    with pytest.raises(RuntimeError, match="connection lost"):
        write_table(tmp_path / "out.xlsx", "台账", [Column("文本")], rows())
    assert list(tmp_path.iterdir()) == []


def test_rows_are_taken_one_by_one_and_never_held(tmp_path):
    alive, most = 0, 0

    class Row(tuple):
        def __new__(cls, values):
            nonlocal alive, most
            alive += 1
            most = max(most, alive)
            return super().__new__(cls, values)

        def __del__(self):
            nonlocal alive
            alive -= 1

    write_table(tmp_path / "out.xlsx", "台账", [Column("数", INTEGER)], (Row((n,)) for n in range(3000)))
    assert most < 10


def test_csv_is_read_rightly_by_excel_and_runs_nothing():
    file = io.BytesIO()
    columns = [Column("编号"), Column("件数", INTEGER)]
    count = write_csv(file, columns, [(value, -1) for value in ACTIVE], ["=标题"])
    raw = file.getvalue()
    assert count == len(ACTIVE)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["'=标题"]
    assert rows[1] == ["编号", "件数"]
    assert all(row[0][0] not in "=+-@\t\r" for row in rows[2:])
    assert rows[2] == ["'=1+1", "-1"]  # a number keeps its sign


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("问题[台账]/2026", "问题 台账  2026"),
        ("", "Sheet"),
        ("长" * 40, "长" * 31),
        ("'引号'", "引号"),
        ("History", "History 2"),
    ],
)
def test_sheet_names_are_ones_excel_accepts(wanted, shown):
    assert cells.sheet_name(wanted) == shown


def test_sheet_names_differ():
    assert cells.sheet_name("台账", taken=["台账", "台账 2"]) == "台账 3"
