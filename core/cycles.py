"""Periods that a duty comes round in (周期): week, ten days (旬), month, quarter, half-year and year.

`core.periods` knows whole months, which figures are told for; a duty may be weekly or by 旬, which no month holds
evenly. All days are days of Asia/Shanghai. Weeks are those of ISO 8601, Monday to Sunday; a 旬 is the 1st to the 10th,
the 11th to the 20th, and the 21st to the end of the month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.periods import HALF, MONTH, QUARTER, YEAR, Month, Period

WEEK, TEN_DAYS = "week", "ten_days"
KINDS = (WEEK, TEN_DAYS, MONTH, QUARTER, HALF, YEAR)
DAY = dt.timedelta(days=1)
_MONTHS = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}


@dataclass(frozen=True, order=True)
class Cycle:
    """One period of a cadence: `first` and `last` day, both inside."""

    first: dt.date
    last: dt.date
    kind: str

    @classmethod
    def of(cls, kind: str, day: dt.date) -> Cycle:
        """The period of this kind that the day lies in. Raises KeyError for an unknown kind."""
        if kind == WEEK:
            monday = day - dt.timedelta(days=day.weekday())
            return cls(monday, monday + 6 * DAY, kind)
        if kind == TEN_DAYS:
            begins = min((day.day - 1) // 10, 2) * 10 + 1
            last = Month.of(day).last_day if begins == 21 else day.replace(day=begins + 9)
            return cls(day.replace(day=begins), last, kind)
        length = _MONTHS[kind]
        first = Month.at(Month.of(day).index // length * length)
        return cls(first.first_day, (first + (length - 1)).last_day, kind)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def after(self) -> dt.date:
        """The first day after it."""
        return self.last + DAY

    def next(self) -> Cycle:
        return Cycle.of(self.kind, self.after)

    def previous(self) -> Cycle:
        return Cycle.of(self.kind, self.first - DAY)

    def contains(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    @property
    def name(self) -> str:
        """As people say it: 2026年第47周, 2026年11月中旬, 2026年第四季度."""
        if self.kind == WEEK:
            year, number, _day = self.first.isocalendar()
            return _("%(year)d年第%(week)d周") % {"year": year, "week": number}
        if self.kind == TEN_DAYS:
            parts = (_("%(month)s上旬"), _("%(month)s中旬"), _("%(month)s下旬"))
            return parts[(self.first.day - 1) // 10] % {"month": Month.of(self.first).name}
        return Period(Month.of(self.first), Month.of(self.last), self.kind).name

    def __str__(self) -> str:
        return self.name


def between(kind: str, first: dt.date, last: dt.date) -> Iterator[Cycle]:
    """The periods of this kind that share a day with `first` to `last`, in order; none where that is reversed."""
    if last < first:
        return
    cycle = Cycle.of(kind, first)
    while cycle.first <= last:
        yield cycle
        cycle = cycle.next()
