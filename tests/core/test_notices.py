"""Notices in the forms that offices write them, and what is said of a row that makes no sense."""

import datetime as dt

import pytest

from core import notices

D = dt.date


def october(first, last):
    return [D(2027, 10, n) for n in range(first, last + 1)]


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("2027-10-01", october(1, 1)),
        ("2027年10月1日", october(1, 1)),
        ("10月1日", october(1, 1)),
        ("2027.10.1", october(1, 1)),
        ("2027/10/1", october(1, 1)),
        ("20271001", october(1, 1)),
        ("２０２７年１０月１日", october(1, 1)),
        ("10月1日（星期五）", october(1, 1)),
        ("10月1日至10月7日", october(1, 7)),
        ("10月1日—7日", october(1, 7)),
        ("10月1日至7日放假", october(1, 7)),
        ("10月1日(周五)到7日(周四)", october(1, 7)),
        ("2027-10-01至2027-10-07", october(1, 7)),
        ("2027.10.1-2027.10.7", october(1, 7)),
        ("10月1日～3日、10月5日", october(1, 3) + october(5, 5)),
        ("12月30日至1月2日", [D(2027, 12, 30), D(2027, 12, 31), D(2028, 1, 1), D(2028, 1, 2)]),
        (D(2027, 10, 1), october(1, 1)),
        (dt.datetime(2027, 10, 1, 8), october(1, 1)),
    ],
)
def test_dates_in_messy_forms(cell, days):
    assert notices.days_of(cell, 2027) == days


@pytest.mark.parametrize(
    "cell", ["2027-02-30", "十月一日", "10月1日至9月1日", "1899-10-01", "10月", "x" * 5000, "99999999"]
)
def test_a_date_that_makes_no_sense_is_told(cell):
    with pytest.raises(ValueError, match=r"[\u4e00-\u9fff]"):
        notices.days_of(cell, 2027)


def test_a_date_without_a_year_needs_the_title():
    rows = [(1, ["日期", "类型"]), (2, ["10月1日", "放假"])]
    assert "年份" in notices.read(rows).errors[0][1]
    assert notices.read([(0, ["关于２０２７年部分节假日安排的通知"]), *rows]).kinds == {D(2027, 10, 1): "holiday"}


def test_one_row_per_range_with_its_kind():
    rows = [
        (1, ["2027年部分节假日安排"]),
        (2, ["节日", "日期", "类型"]),
        (3, ["国庆节", "10月1日至7日", "放假"]),
        (4, ["国庆节", "9月26日", "调休上班"]),
        (5, ["国庆节", "10月9日", " 补 班 "]),
        (6, ["", D(2027, 10, 8), "休息"]),
    ]
    notice = notices.read(rows)
    assert notice.errors == [] and notice.whole_years == {2027}
    assert [day for day, kind in notice.kinds.items() if kind == "holiday"] == october(1, 8)
    assert notice.kinds[D(2027, 9, 26)] == notice.kinds[D(2027, 10, 9)] == "makeup"
    assert notice.names[D(2027, 10, 3)] == "国庆节"


def test_one_row_per_festival_with_two_columns_of_days():
    rows = [
        (1, ["2027年放假安排"]),
        (2, ["节日", "放假时间", "调休上班日期"]),
        (3, ["国庆节", "10月1日至7日", "9月26日、10月9日"]),
        (4, ["元旦", "1月1日", "无"]),
    ]
    notice = notices.read(rows)
    assert notice.errors == [] and len(notice.kinds) == 10
    assert notice.kinds[D(2027, 9, 26)] == "makeup" and notice.kinds[D(2027, 1, 1)] == "holiday"


def test_start_and_end_in_two_columns():
    rows = [(1, ["名称", "开始日期", "结束日期", "类型"]), (2, ["国庆节", "2027-10-01", "2027-10-07", "放假"])]
    assert list(notices.read(rows).kinds) == october(1, 7)


def test_no_heads_at_all():
    notice = notices.read([(1, ["2027-10-01", "放假", "国庆节"]), (2, ["以上安排"])])
    assert notice.kinds == {D(2027, 10, 1): "holiday"} and notice.names == {D(2027, 10, 1): "国庆节"}


def test_rest_shifted_is_told_by_the_weekday():
    rows = [(1, ["日期", "类型"]), (2, ["2027-10-04", "调休"]), (3, ["2027-10-09", "调休"])]
    assert notices.read(rows).kinds == {D(2027, 10, 4): "holiday", D(2027, 10, 9): "makeup"}


def test_errors_are_by_row_and_the_rest_is_read():
    rows = [
        (1, ["日期", "类型"]),
        (2, ["2027-10-01", "放假"]),
        (3, ["2027-10-01", "上班"]),
        (4, ["2027-10-11", "上班"]),
        (5, ["2027-13-01", "放假"]),
        (6, ["2027-10-02", "看书"]),
        (7, [None, "放假"]),
    ]
    notice = notices.read(rows)
    assert notice.kinds == {D(2027, 10, 1): "holiday"} and [row for row, _text in notice.errors] == [3, 4, 5, 6, 7]
    assert notice.whole_years == set(), "a notice with errors ends no earlier day"


@pytest.mark.parametrize("rows", [[], [(1, ["随便", "什么"])], [(1, [None])]])
def test_a_table_of_something_else_is_told(rows):
    assert notices.read(rows).errors
