"""Stretches of time as half-open intervals of days: (first day inside, first day after or None)."""

import datetime as dt
from collections.abc import Iterable

Interval = tuple[dt.date, dt.date | None]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The days covered by any of the intervals, as disjoint intervals in order; those that touch become one."""
    result: list[Interval] = []
    for start, end in sorted(intervals, key=lambda one: one[0]):
        if end is not None and end <= start:
            continue
        if not result or (result[-1][1] is not None and result[-1][1] < start):
            result.append((start, end))
        elif result[-1][1] is not None and (end is None or end > result[-1][1]):
            result[-1] = (result[-1][0], end)
    return result


def clip(intervals: Iterable[Interval], start: dt.date, end: dt.date | None) -> list[Interval]:
    """What of the intervals lies between `start` and `end` (not included; None: for ever)."""
    result = []
    for first, last in intervals:
        low = max(first, start)
        high = last if end is None else end if last is None else min(last, end)
        if high is None or high > low:
            result.append((low, high))
    return result


def subtract(intervals: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """What of the intervals no interval of `taken` covers."""
    left = union(intervals)
    for start, end in union(taken):
        rest = []
        for first, last in left:
            if first < start:
                rest.append((first, start if last is None else min(last, start)))
            if end is not None and (last is None or end < last):
                rest.append((max(first, end), last))
        left = rest
    return left
