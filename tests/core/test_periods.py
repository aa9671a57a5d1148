"""Periods of whole months, weeks and 旬: parsing, names, the period before and a year ago."""

import datetime as dt

import pytest
import time_machine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.day_periods import DayPeriod
from core.periods import Month, Period, PeriodError

months = st.builds(Month, st.integers(1990, 2100), st.integers(1, 12))
made = st.one_of(
    st.builds(lambda a, n: Period(a, a + n), months, st.integers(0, 40)),
    months.map(Period.to_date),
    st.builds(Period.quarter, st.integers(1990, 2100), st.integers(1, 4)),
    st.builds(Period.half, st.integers(1990, 2100), st.integers(1, 2)),
    st.builds(Period.year, st.integers(1990, 2100)),
)
days = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))
of_days = st.builds(DayPeriod.of, st.sampled_from(["week", "ten_days"]), days)


@given(made | of_days)
def test_code_reads_back(period):
    assert Period.parse(period.code) == period
    back = Period.from_query(period.query())
    assert (back.start, back.end) == (period.start, period.end)
    assert period.next().previous() == period and period.previous().next() == period


@given(of_days)
def test_weeks_and_ten_days_tile_the_calendar(period):
    after = period.next()
    assert after.start == period.end + dt.timedelta(days=1) and after.previous() == period
    assert period.contains(period.start) and period.contains(period.end) and not period.contains(after.start)
    assert period.months()[0] == period.first and period.months()[-1] == period.last and len(period) in (1, 2)
    past = period.year_ago()
    assert past.kind == period.kind and 364 <= (period.start - past.start).days <= 371


@pytest.mark.parametrize("text", ["1949-01", "1949", "1949-01..2200-12", "1949-W01", "1949-01-T1"])
def test_the_first_period_has_one_before_it_and_one_a_year_ago(text):
    period = Period.parse(text)
    assert period.previous().end < period.start and period.year_ago().start < period.start


@given(st.integers(1990, 2100))
def test_every_day_of_a_year_lies_in_one_of_its_ten_day_parts(year):
    parts = [DayPeriod.ten_days(Month(year, number), part) for number in range(1, 13) for part in (1, 2, 3)]
    covered = [one.start + dt.timedelta(days=n) for one in parts for n in range((one.end - one.start).days + 1)]
    assert covered == [dt.date(year, 1, 1) + dt.timedelta(days=n) for n in range(len(covered))]
    assert covered[-1] == dt.date(year, 12, 31)


@pytest.mark.parametrize(
    ("text", "start", "end", "before", "year_ago"),
    [
        ("2020-W53", "2020-12-28", "2021-01-03", "2020-W52", "2019-W52"),  # 2019 had no week 53
        ("2021-w01", "2021-01-04", "2021-01-10", "2020-W53", "2020-W01"),
        ("2024-02-T3", "2024-02-21", "2024-02-29", "2024-02-T2", "2023-02-T3"),
        ("2023-03-T1", "2023-03-01", "2023-03-10", "2023-02-T3", "2022-03-T1"),
    ],
)
def test_weeks_and_ten_days_parsed(text, start, end, before, year_ago):
    period = Period.parse(text)
    assert (str(period.start), str(period.end)) == (start, end)
    assert (period.previous().code, period.year_ago().code) == (before, year_ago)
    assert period.as_of(dt.date(2020, 1, 1)) == dt.date(2020, 1, 1) and period.as_of(dt.date(2030, 1, 1)) == period.end


@given(made)
def test_previous_and_year_ago(period):
    before, year_ago = period.previous(), period.year_ago()
    assert (year_ago.first + 12, year_ago.last + 12, year_ago.kind) == (period.first, period.last, period.kind)
    if period.kind == "ytd":
        assert before.last == period.last - 1 and before.first.number == 1
    else:
        assert before.last + 1 == period.first and len(before) == len(period)


@given(made)
def test_months_cover_the_days(period):
    listed = period.months()
    assert len(listed) == len(period) and listed[0] == period.first and listed[-1] == period.last
    assert sum((m.last_day - m.first_day).days + 1 for m in listed) == (period.end - period.start).days + 1
    assert period.contains(period.start) and period.contains(period.end)
    assert not period.contains(period.end + dt.timedelta(days=1))


@given(months, st.integers(-500, 500))
def test_month_arithmetic(month, number):
    assert (month + number) - month == number and (month + number) - number == month


@pytest.mark.parametrize(
    ("text", "first", "last", "kind", "zh"),
    [
        ("2022-03", "2022-03", "2022-03", "month", "2022年3月"),
        ("2022-Q3", "2022-07", "2022-09", "quarter", "2022年第3季度"),
        ("2022-h2", "2022-07", "2022-12", "half", "2022年下半年"),
        ("2022", "2022-01", "2022-12", "year", "2022年"),
        ("2022-08-YTD", "2022-01", "2022-08", "ytd", "2022年1—8月"),
        ("2022-01..2022-08", "2022-01", "2022-08", "range", "2022年1—8月"),
        ("2021-11..2022-02", "2021-11", "2022-02", "range", "2021年11月—2022年2月"),
        ("2022-04..2022-06", "2022-04", "2022-06", "quarter", "2022年第2季度"),
    ],
)
def test_parsed(text, first, last, kind, zh):
    period = Period.parse(text)
    assert (str(period.first), str(period.last), period.kind) == (first, last, kind)
    with translation.override("zh-hans"):
        assert period.name == zh


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2022-13"}, "from"),
        ({"from": "2022-01", "to": "x"}, "to"),
        ({"from": "2022-08", "to": "2022-01"}, "to"),
        ({"period": "2022-Q5"}, "period"),
        ({"period": "0000"}, "period"),
        ({"period": "2021-W53"}, "period"),
        ({"period": "1948-W53"}, "period"),
        ({"period": "2022-02-T4"}, "period"),
        ({"from": "9999999-01"}, "from"),
        ({"from": "²022-01"}, "from"),
        ({"to": "2022-01-01"}, "to"),
    ],
)
def test_bad_input_is_a_chinese_sentence_by_its_field(query, field):
    with translation.override("zh-hans"), pytest.raises(PeriodError) as caught:
        Period.from_query(query)
    assert caught.value.field == field
    assert str(caught.value).endswith("。") and any("一" <= sign <= "鿿" for sign in str(caught.value))


@given(st.text(max_size=20))
def test_any_text_is_a_period_or_a_sentence(text):
    try:
        Period.parse(text)
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("moment", "month"),
    [("2022-08-31T15:59:59Z", "2022-08"), ("2022-08-31T16:00:00Z", "2022-09"), ("2021-12-31T16:00:00Z", "2022-01")],
)
def test_months_end_at_midnight_in_shanghai(moment, month):
    with time_machine.travel(dt.datetime.fromisoformat(moment), tick=False):
        assert str(Period.current_month().first) == month
        assert str(Period.parse("ytd").last) == month
        assert str(Period.from_query({}).first) == month


def test_as_of_is_today_while_running():
    period = Period.parse("2022-Q3")
    assert period.as_of(dt.date(2022, 8, 5)) == dt.date(2022, 8, 5)
    assert period.as_of(dt.date(2023, 1, 1)) == dt.date(2022, 9, 30)
