"""The working-day clock: properties that must hold for any calendar, and the traps of other systems by name."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import editions, workdays
from core.actor import SYSTEM
from core.models import CalendarDay, DayKind
from core.workdays import DAY, Calendars, WorkCalendar, build

DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2029, 12, 31))
COUNTS = st.integers(0, 60)
PLAIN = build([])


@st.composite
def calendars(draw):
    rows = draw(
        st.dictionaries(
            st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31)),
            st.sampled_from([str(k) for k in DayKind]),
            max_size=60,
        )
    )
    return build(rows.items())


@pytest.fixture(scope="module")
def statutory(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return workdays.current()


@given(calendars(), DAYS, COUNTS)
def test_adding_then_counting_gives_the_number_back(calendar, start, count):
    assert calendar.between(start, calendar.add(start, count)) == count


@given(calendars(), DAYS, COUNTS)
def test_a_deadline_is_a_working_day(calendar, start, count):
    due_on = calendar.add(start, count)
    assert count == 0 or calendar.is_workday(due_on)


@given(calendars(), DAYS, DAYS, DAYS)
def test_days_add_up(calendar, a, b, c):
    a, b, c = sorted((a, b, c))
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)


@given(calendars(), DAYS, COUNTS, st.lists(st.tuples(DAYS, DAYS), max_size=3))
def test_a_pause_never_shortens(calendar, start, count, pauses):
    due_on = calendar.add(start, count)
    assert calendar.shift(due_on, [tuple(sorted(pause)) for pause in pauses]) >= due_on


@given(calendars(), DAYS, st.integers(1, 20), st.integers(0, 20), st.integers(0, 20))
def test_time_left_is_the_same_after_a_pause_as_before_it(calendar, start, count, worked, paused):
    due_on = calendar.add(start, count)
    stop = calendar.add(start, worked)
    again = calendar.add(stop, paused)
    assert calendar.remaining(calendar.shift(due_on, [(stop, again)]), again) == calendar.remaining(due_on, stop)


@given(calendars(), DAYS, st.integers(0, 30), st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31)))
def test_a_holiday_never_brings_a_deadline_earlier(calendar, start, count, holiday):
    without = WorkCalendar(calendar.off - {holiday}, calendar.makeup - {holiday}, calendar.published)
    with_it = WorkCalendar(calendar.off | {holiday}, calendar.makeup - {holiday}, calendar.published)
    assert with_it.add(start, count) >= without.add(start, count)


@given(calendars(), DAYS, DAYS, st.lists(st.tuples(DAYS, DAYS), max_size=4))
def test_pauses_that_overlap_are_taken_off_once(calendar, a, b, pauses):
    a, b = sorted((a, b))
    pauses = [tuple(sorted(pause)) for pause in pauses]
    used = calendar.used(a, b, pauses)
    assert 0 <= used <= calendar.between(a, b)
    assert used == calendar.used(a, b, pauses + pauses)
    assert calendar.used(a, b, [(a, b)]) == 0


@given(DAYS, st.integers(-40, 40))
def test_counting_agrees_with_looking_at_each_day(start, length):
    end = start + dt.timedelta(days=length)
    low, high = sorted((start, end))
    days = [low + dt.timedelta(days=n) for n in range(1, (high - low).days + 1)]
    expected = sum(PLAIN.is_workday(day) for day in days)
    assert PLAIN.between(start, end) == (expected if length >= 0 else -expected)


def test_three_days_over_the_october_holiday(statutory):
    # Assigned on Wednesday 30 September 2026: 1 to 7 October are off, so 8, 9 and the make-up Saturday 10 October.
    assert statutory.add(dt.date(2026, 9, 30), 3) == dt.date(2026, 10, 10)


def test_a_makeup_saturday_counts(statutory):
    assert dt.date(2026, 2, 14).weekday() == 5 and statutory.is_workday(dt.date(2026, 2, 14))
    assert statutory.add(dt.date(2026, 2, 13), 1) == dt.date(2026, 2, 14)


def test_a_holiday_makes_nothing_rise_earlier(statutory):
    """Other systems shrink the limit by the days off and escalate everything on 8 October."""
    due_on = dt.date(2026, 9, 30)
    assert statutory.between(due_on, dt.date(2026, 10, 7)) == 0
    assert statutory.between(due_on, dt.date(2026, 10, 8)) == 1
    assert statutory.add(due_on, 5) == dt.date(2026, 10, 13)


@pytest.mark.parametrize(
    ("year", "off", "makeup"), [(2021, 31, 7), (2023, 28, 7), (2024, 28, 8), (2025, 28, 5), (2026, 33, 6)]
)
def test_the_published_years_are_there(statutory, year, off, makeup):
    assert statutory.is_published(year)
    assert sum(day.year == year for day in statutory.off) == off
    assert sum(day.year == year for day in statutory.makeup) == makeup


def test_a_year_without_notice_falls_back_to_the_fixed_holidays(statutory):
    assert not statutory.is_published(2027)
    assert not statutory.is_workday(dt.date(2027, 10, 1)) and not statutory.is_workday(dt.date(2027, 1, 1))
    assert statutory.is_workday(dt.date(2027, 10, 4))
    assert statutory.add(dt.date(2027, 9, 30), 1) == dt.date(2027, 10, 4)


@pytest.mark.django_db
def test_a_change_is_seen_at_once_and_told(statutory):
    heard = []

    def listen(sender, before, after, by, reason, **kwargs):
        day = dt.date(2026, 3, 4)
        heard.append((before.at().is_workday(day), after.at().is_workday(day), reason))

    editions.changed.connect(listen)
    try:
        editions.set_day(dt.date(2026, 3, 4), DayKind.LOCAL_OFF, by=SYSTEM, reason="暴雪停工")
    finally:
        editions.changed.disconnect(listen)
    assert heard == [(True, False, "暴雪停工")]
    assert not workdays.current().is_workday(dt.date(2026, 3, 4))
    editions.set_day(dt.date(2026, 3, 4), None, by=SYSTEM, reason="更正")
    assert workdays.current().is_workday(dt.date(2026, 3, 4))


@pytest.mark.django_db
def test_changing_the_kind_of_a_day_is_seen(statutory):
    day = CalendarDay.objects.get(day=dt.date(2026, 2, 14))
    CalendarDay.objects.filter(pk=day.pk).update(kind=DayKind.HOLIDAY)
    assert not workdays.current().is_workday(dt.date(2026, 2, 14))


# --- the clock by bisection, pauses, places -----------------------------------------------------------------------
def _step_by_step(calendar, start, days):
    step, left, day = (1, days, start) if days >= 0 else (-1, -days, start)
    while left:
        day += dt.timedelta(days=step)
        left -= calendar.is_workday(day)
    return day


@given(calendars(), DAYS, st.integers(-60, 60))
def test_adding_by_bisection_agrees_with_stepping_day_by_day(calendar, start, count):
    assert calendar.add(start, count) == _step_by_step(calendar, start, count)


@given(calendars(), DAYS, COUNTS)
def test_adding_backwards_undoes_adding_on_working_days(calendar, start, count):
    start = calendar.next_workday(start)
    assert calendar.add(calendar.add(start, count), -count) == start


PAUSES = st.lists(st.tuples(DAYS, st.integers(0, 40)), max_size=4).map(
    lambda found: [(start, start + dt.timedelta(days=length)) for start, length in found]
)


@given(calendars(), DAYS, COUNTS, PAUSES)
def test_a_deadline_moved_on_by_pauses_uses_exactly_its_days(calendar, start, count, pauses):
    assert calendar.used(start, calendar.due(start, count, pauses), pauses) == count


@given(calendars(), DAYS, st.integers(1, 30), st.integers(0, 29), st.integers(0, 40))
def test_shifting_by_a_pause_is_the_deadline_with_the_pause(calendar, start, count, before, length):
    """What the ledger does when an entry is resumed is what the clock says of the whole."""
    due_on = calendar.add(start, count)
    stop = calendar.add(start, min(before, count))
    pause = (stop, stop + dt.timedelta(days=length))
    shifted = calendar.shift(due_on, [pause])
    assert shifted == calendar.due(start, count, [pause])
    assert calendar.used(start, shifted, [pause]) == count


@given(calendars(), DAYS, COUNTS, PAUSES)
def test_overlapping_pauses_move_a_deadline_once(calendar, start, count, pauses):
    assert calendar.due(start, count, pauses + pauses) == calendar.due(start, count, pauses)
    due_on = calendar.add(start, count)
    assert calendar.shift(due_on, pauses + pauses) == calendar.shift(due_on, pauses)


@given(calendars(), DAYS, st.integers(0, 30), st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31)))
def test_a_makeup_day_never_makes_a_deadline_later(calendar, start, count, day):
    without = WorkCalendar(calendar.off, calendar.makeup - {day}, calendar.published)
    with_it = WorkCalendar(calendar.off, calendar.makeup | {day}, calendar.published)
    assert with_it.add(start, count) <= without.add(start, count)


PATHS = st.lists(st.sampled_from(["0001", "0002"]), max_size=3).map("".join)


HALF_YEAR = st.dates(dt.date(2026, 1, 1), dt.date(2026, 6, 30))


@given(st.dictionaries(HALF_YEAR, st.sampled_from(["local_off", "local_makeup"])), PATHS, PATHS, HALF_YEAR)
def test_local_days_touch_their_own_subtree_only(days, region, other, day):
    plain = Calendars({"": {}})
    local = plain.with_days(days, region)
    if other.startswith(region):
        assert local.at(other).is_workday(day) == build(days.items()).is_workday(day)
    else:
        assert local.at(other).differing(plain.at(other)) == []
    assert all(local.at(region).is_workday(d) == (kind == "local_makeup") for d, kind in days.items())


def test_the_nearer_region_speaks_last():
    day = dt.date(2026, 3, 4)
    calendars = Calendars({"": {day: "holiday"}, "0001": {day: "local_makeup"}, "00010001": {day: "local_off"}})
    worked = [calendars.at(path).is_workday(day) for path in ("", "0001", "00010001", "00010002", "0002")]
    assert worked == [False, True, False, True, False]


def test_places_with_the_same_rows_share_a_calendar():
    calendars = Calendars({"": {}, "0001": {dt.date(2026, 3, 4): "local_off"}})
    assert calendars.at("00010001") is calendars.at("0001") and calendars.at("0002") is calendars.at("")


def test_counting_over_ten_years_takes_no_longer_than_over_a_week(statutory):
    """Bisection: a year is laid out once, then thousands of questions a second whatever the distance."""
    statutory.add(dt.date(2020, 1, 1), 3000)
    began = time.perf_counter()
    for _ in range(5000):
        statutory.add(dt.date(2021, 1, 1), 2000)
        statutory.between(dt.date(2021, 1, 1), dt.date(2029, 1, 1))
    assert time.perf_counter() - began < 2


def test_a_pause_over_a_holiday_is_not_counted_twice(statutory):
    """Suspended from 29 September to 9 October 2026: three working days (30 September, 8 and 9 October), not ten."""
    pause = (dt.date(2026, 9, 29), dt.date(2026, 10, 9))
    due_on = statutory.add(dt.date(2026, 9, 28), 7)
    assert due_on == dt.date(2026, 10, 13)
    assert statutory.between(*pause) == 3
    assert statutory.shift(due_on, [pause]) == statutory.add(due_on, 3) == dt.date(2026, 10, 16)
    assert statutory.used(dt.date(2026, 9, 28), dt.date(2026, 10, 16), [pause]) == 7


def test_holidays_never_make_an_escalation_earlier(statutory):
    """The known error: days off inside the last N days shrink the limit itself, so that on 8 October everything open
    counts as too old. Here both sides are working days: each day's age grows by at most one, and by none on a day
    off."""
    assigned = dt.date(2026, 9, 28)
    ages = [statutory.between(assigned, assigned + dt.timedelta(days=n)) for n in range(30)]
    assert ages[9] == 2, "on 7 October"
    for n in range(1, 30):
        day = assigned + dt.timedelta(days=n)
        assert ages[n] - ages[n - 1] == statutory.is_workday(day)
    without = WorkCalendar(frozenset(), frozenset(), frozenset({2026}))
    assert all(
        statutory.between(assigned, assigned + n * DAY) <= without.between(assigned, assigned + n * DAY)
        for n in range(12)
    )
