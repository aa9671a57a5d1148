"""Several limits at once, and who held something how long: properties for any calendar."""

import datetime as dt

from hypothesis import assume, given
from hypothesis import strategies as st

from core.limits import Limit, Limits, Standing, held
from core.workdays import DAY, build
from tests.core.test_workdays import COUNTS, DAYS, PLAIN, calendars

PAUSES = st.lists(st.tuples(DAYS, st.integers(0, 30)), max_size=3).map(
    lambda found: tuple((start, start + dt.timedelta(days=length)) for start, length in found)
)
LIMITS = st.builds(Limit, name=st.sampled_from("abc"), start=DAYS, days=COUNTS, pauses=PAUSES)


@given(calendars(), LIMITS)
def test_at_the_deadline_nothing_is_left_and_before_it_something(calendar, limit):
    due_on = limit.due_on(calendar)
    assert limit.left(calendar, due_on) == 0
    assert limit.near_on(calendar) <= max(due_on, limit.start)
    if limit.days:
        assert limit.left(calendar, calendar.add(due_on, -1)) >= (0 if limit.pauses else 1)


@given(calendars(), LIMITS, st.integers(-5, 90))
def test_a_limit_is_overdue_exactly_after_its_deadline(calendar, limit, offset):
    day = limit.start + dt.timedelta(days=offset)
    assert (limit.standing(calendar, day) == Standing.OVERDUE) == (day > limit.due_on(calendar))


@given(calendars(), st.lists(LIMITS, max_size=3), LIMITS, DAYS)
def test_limits_do_not_move_one_another(calendar, others, limit, day):
    alone = limit.due_on(calendar)
    together = Limits((*others, limit))
    assert together.due(calendar)[limit.name] == alone
    paused = Limit(limit.name, limit.start, limit.days, (*limit.pauses, (limit.start, limit.start + 5 * DAY)))
    for other in others:
        assert other.due_on(calendar) == Limits((other, paused)).running[0].due_on(calendar)
    assert set(together.overdue(calendar, day)) == {one for one in together.running if day > one.due_on(calendar)}


@given(calendars(), st.lists(LIMITS, min_size=1, max_size=3), DAYS)
def test_the_next_threshold_is_the_first_of_all(calendar, limits, day):
    found = Limits(tuple(limits)).next_threshold(calendar, day)
    coming = [on for limit in limits for on, _standing in limit.thresholds(calendar) if on > day]
    assert (found is None) == (not coming)
    if found:
        assert found[0] == min(coming) and found[1].standing(calendar, found[0]) in (Standing.NEAR, Standing.OVERDUE)


@given(calendars(), DAYS, st.lists(st.integers(0, 20), min_size=1, max_size=4), PAUSES)
def test_legs_add_up_to_the_whole(calendar, start, lengths, pauses):
    legs, day = [], start
    for number, length in enumerate(lengths):
        legs.append((f"unit{number}", day, day + length * DAY))
        day += length * DAY
    assert sum(held(calendar, legs, pauses, day).values()) == calendar.used(start, day, pauses)


@given(calendars(), DAYS, st.integers(1, 20))
def test_a_unit_that_holds_it_twice_is_charged_for_both(calendar, start, length):
    assume(length)
    end = start + length * DAY
    legs = [("a", start, end), ("b", end, end), ("a", end, None)]
    assert held(calendar, legs, (), end + 3 * DAY)["a"] == calendar.between(start, end + 3 * DAY)


def test_an_ended_limit_is_met_or_missed_for_good():
    monday = dt.date(2026, 3, 2)
    met = Limit("a", monday, 3, ended_on=dt.date(2026, 3, 5))
    missed = Limit("b", monday, 3, ended_on=dt.date(2026, 3, 6))
    late = dt.date(2026, 12, 1)
    assert (met.standing(PLAIN, late), missed.standing(PLAIN, late)) == (Standing.MET, Standing.MISSED)
    assert Limits((met, missed)).next_threshold(PLAIN, monday) is None
    moved = build([(dt.date(2026, 3, 3), "local_off")])
    assert met.due_on(moved) == dt.date(2026, 3, 6)
