"""What counties keep in their tables comes out as rows and values; what is hostile is refused with a sentence."""

import datetime as dt
import io

import openpyxl
import pytest

from exchange.imports import mapping, sheets, values
from exchange.reader import Unreadable
from tests.exchange.test_reader import repacked, workbook

TODAY = dt.date(2026, 11, 28)
KNOWN = {"企业名称", "统一社会信用代码", "联系人", "联系电话", "所在区域"}


def read(content, name="a.xlsx", **options):
    return sheets.read(io.BytesIO(content), name, KNOWN, **options)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026.3.5", (2026, 3, 5)),
        ("2026-03-05 00:00:00", (2026, 3, 5)),
        ("２０２６年３月５日", (2026, 3, 5)),
        (" 2026 / 3 / 5 ", (2026, 3, 5)),
        ("20260305", (2026, 3, 5)),
        ("3月5日", (2026, 3, 5)),
        ("2019年6月", (2019, 6, 1)),
        ("46086", (2026, 3, 5)),
        ("46086.5", (2026, 3, 5)),
        (dt.date(2026, 3, 5), (2026, 3, 5)),
    ],
)
def test_dates_as_people_write_them(written, meant):
    assert values.as_date(written, TODAY) == dt.date(*meant)


@pytest.mark.parametrize("written", ["2026.2.30", "去年春天", "26.3.5", "9999999999", "2月30日"])
def test_what_is_no_date_says_so(written):
    with pytest.raises(ValueError, match="不是日期"):
        values.as_date(written, TODAY)


def test_numbers_words_and_names():
    assert values.as_integer("１，２３４ 人") == 1234 and values.as_integer("12.0") == 12
    with pytest.raises(ValueError, match="不是整数"):
        values.as_integer("约 30")
    assert values.as_yes_no("√") and values.as_yes_no("Ｙ") and not values.as_yes_no("无")
    with pytest.raises(ValueError, match="请填"):
        values.as_yes_no("也许")
    choices = [("", "—"), ("large", "大型"), ("small", "小型")]
    assert values.as_choice("大型企业", choices) == "large" and values.as_choice("small", choices) == "small"
    with pytest.raises(ValueError, match="大型、小型"):
        values.as_choice("巨型", choices)
    # A name keeps its full-width brackets; only letters and digits are narrowed.
    assert values.as_text("云岭（集团）第１公司") == "云岭（集团）第1公司"


def messy():
    """A cover sheet, two title rows, groups above their parts, merged cells down, a sum at the end."""
    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active.append(["云岭县产业链企业台账"])
    page = book.create_sheet("台账")
    for row in [
        ["云岭县产业链企业台账"],
        ["填报单位：某局", None, None, "2026年3月"],
        ["序号", "企业名称（全称）", "统一社会信用代码*", "联系方式", None, "所在 区域"],
        [None, None, None, "联系人", "联系电话", None],
        [1, "甲公司", "A1", "张某", "123", "东乡"],
        [2, "乙公司", "A2", None, None, None],
        [],
        [3, "丙公司", "=1+1", "=CONCATENATE(1,2)", None, "西乡"],
        ["合计", 3],
    ]:
        page.append(row)
    page.merge_cells("A1:F1")
    page.merge_cells("F5:F6")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_header_is_found_under_titles_on_the_second_sheet():
    table = read(messy())
    assert table.sheet == "台账" and table.first == 5
    words = {"企业名称": "name", "统一社会信用代码": "code", "联系人": "who", "联系电话": "phone", "所在区域": "region"}
    found = mapping.guess(table.labels, words, {})
    assert found == {"1": "name", "2": "code", "3": "who", "4": "phone", "5": "region"}
    rows, passed = table.data
    assert [number for number, _cells in rows] == [5, 6, 8] and passed == 1
    # What stands in one cell merged over two rows belongs to both; a formula that was never computed is empty.
    assert rows[1][1][5] == "东乡" and rows[2][1][2] is None
    # The first look reads the head alone and finds the same columns.
    assert read(messy(), limits=sheets.HEAD).labels == table.labels


def test_the_countys_own_choice_goes_before_the_names():
    words = {"企业名称": "name", "联系人": "who"}
    assert mapping.guess(["企业名称", "联系人", "备注"], words, {"联系人": "", "备注": "business"}) == {
        "0": "name",
        "2": "business",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_usual_encoding(encoding):
    text = '企业名称,联系人\r\n"云岭，\n公司",\'=张某\r\n\r\n乙公司,\r\n'
    assert read(text.encode(encoding), "a.CSV").data[0] == [(2, ["云岭，\n公司", "=张某"]), (4, ["乙公司", None])]


def test_a_table_that_nobody_knows_is_left_to_the_person():
    table = read(workbook([["台账"], ["甲", "乙"], ["1", "2"]]))
    assert table.labels == ["甲", "乙"] and table.first == 3


HOSTILE = {
    "an old workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xls"),
    "a program": (b"MZ" + b"\0" * 100, "a.xlsx"),
    "nothing": (b"", "a.csv"),
    "a picture called csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a.csv"),
    "bytes of no encoding": (b"\xff\x81\xff\x80" * 9, "a.csv"),
    "half a package": (workbook([["企业名称"]])[:400], "a.xlsx"),
    "a document type": (
        repacked(workbook([["企业名称"]]), xl__worksheets__sheet1=b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
        "a.xlsx",
    ),
    "macros": (repacked(workbook([["企业名称"]]), **{"xl__vbaProject.bin": b"x"}), "a.xlsx"),
    "too large a file": (b"," * (sheets.LARGEST_FILE + 1), "a.csv"),
    "too many rows": (b"a,b\n" * (sheets.MOST_ROWS + 1), "a.csv"),
    "one endless field": (b'"' + b"a" * 200_000, "a.csv"),
    "a bomb": (repacked(workbook([["a"]]), xl__worksheets__sheet1=b" " * (101 * 1024 * 1024)), "a.xlsx"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_with_a_sentence(case):
    with pytest.raises(Unreadable) as refused:
        read(*HOSTILE[case])
    assert str(refused.value).endswith("。")


def test_a_cell_at_the_far_corner_costs_nothing():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"], book.active["XFD1048576"] = "企业名称", "联系人", "x"
    target = io.BytesIO()
    book.save(target)
    table = read(target.getvalue())
    assert table.labels == ["企业名称", "联系人"] and len(table.rows) == 1
