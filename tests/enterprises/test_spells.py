"""The union of stretches of time, checked day by day."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from enterprises.spells import clip, union

START = dt.date(2025, 1, 1)
DAYS = [START + dt.timedelta(days=number) for number in range(40)]
days = st.sampled_from(DAYS)
intervals = st.lists(st.tuples(days, st.none() | days), max_size=8)


def inside(spells, day):
    return any(first <= day and (last is None or day < last) for first, last in spells)


@given(intervals)
def test_a_day_is_covered_when_any_interval_covers_it(spells):
    result = union(spells)
    assert all(inside(result, day) == inside(spells, day) for day in DAYS)


@given(intervals)
def test_the_union_is_in_order_and_does_not_touch(spells):
    result = union(spells)
    assert all(last is None or first < last for first, last in result)
    assert all(one[1] is not None and one[1] < two[0] for one, two in pairwise(result))


@given(intervals, days, st.none() | days)
def test_clipping_keeps_exactly_the_days_between(spells, start, end):
    result = clip(union(spells), start, end)
    for day in DAYS:
        wanted = inside(spells, day) and day >= start and (end is None or day < end)
        assert inside(result, day) == wanted
