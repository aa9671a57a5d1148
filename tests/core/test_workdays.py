"""The working-day clock: properties that must hold for any calendar, and the traps of other systems by name."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import editions, workdays
from core.actor import SYSTEM
from core.models import CalendarDay, DayKind
from core.workdays import WorkCalendar, build

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
