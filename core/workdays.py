"""The working-day clock (工作日): the one module that counts days of deadlines, pauses and handling time.

Counting starts the day after: three days from 30 September are the three first working days of October. A day counts
when it is Monday to Friday and not taken off, or a make-up workday (调休上班). All functions are methods of a
`WorkCalendar`, an immutable value; `current()` answers the one in force and costs one small query.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.dispatch import Signal

from core.models import CalendarDay, DayKind

DAY = dt.timedelta(days=1)
# Days that the law fixes by the solar calendar, (month, day): all that is known of a year before its notice.
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
# Sent inside the transaction after days changed: `before` and `after` are calendars, `by` the actor, `reason` a text.
# Apps that store deadlines recalculate them here (the core cannot know them).
changed = Signal()
# Functions (before, after) -> how many open deadlines would move; asked before a change is confirmed.
previews: list = []


@dataclass(frozen=True)
class WorkCalendar:
    """Working days by the published notices: `off` are days off beside weekends, `makeup` weekend days worked.

    `published` are the years whose notice is in the table; other years fall back to Monday to Friday less the
    holidays that the law fixes by date (and any row entered for them).
    """

    off: frozenset[dt.date] = frozenset()
    makeup: frozenset[dt.date] = frozenset()
    published: frozenset[int] = frozenset()
    _by_year: dict = field(default_factory=dict, compare=False, repr=False)

    def is_published(self, year: int) -> bool:
        return year in self.published

    def is_workday(self, day: dt.date) -> bool:
        if day in self.makeup:
            return True
        if day.weekday() >= 5 or day in self.off:
            return False
        return day.year in self.published or (day.month, day.day) not in FIXED_HOLIDAYS

    def add(self, start: dt.date, days: int) -> dt.date:
        """The date of the `days`-th working day after `start`; the same day for 0, backwards when negative."""
        step, left, day = (DAY, days, start) if days >= 0 else (-DAY, -days, start)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days used from `start` to `end`: those after `start`, `end` included; negative when reversed."""
        if end < start:
            return -self.between(end, start)
        return sum(self._in_year(year, start, end) for year in range(start.year, end.year + 1))

    def remaining(self, due_on: dt.date, today: dt.date) -> int:
        """Working days left after today until the deadline; negative is how many it is overdue."""
        return self.between(today, due_on)

    def used(self, start: dt.date, end: dt.date, pauses: Iterable[tuple[dt.date, dt.date]] = ()) -> int:
        """Working days from `start` to `end` less those inside the pauses (from, until), however they overlap."""
        total = self.between(start, end)
        covered = start
        for paused_from, paused_until in sorted(pauses):
            first, last = max(paused_from, covered), min(paused_until, end)
            if last > first:
                total -= self.between(first, last)
                covered = last
        return total

    def shift(self, due_on: dt.date, pauses: Iterable[tuple[dt.date, dt.date]]) -> dt.date:
        """The deadline moved on by the working days of the pauses; never earlier than it was."""
        for paused_from, paused_until in sorted(pauses):
            due_on = self.add(due_on, max(0, self.between(paused_from, paused_until)))
        return due_on

    def _in_year(self, year: int, start: dt.date, end: dt.date) -> int:
        days = self._by_year.get(year)
        if days is None:
            first = dt.date(year, 1, 1)
            all_days = (first + DAY * n for n in range(366))
            days = [d for d in all_days if d.year == year and self.is_workday(d)]
            self._by_year[year] = days
        return bisect_right(days, end) - bisect_left(days, start + DAY)


def build(rows: Iterable[tuple[dt.date, str]]) -> WorkCalendar:
    """A calendar of (day, kind) pairs. A year is published when its National Day (1 October) is a holiday row."""
    rows = list(rows)
    return WorkCalendar(
        off=frozenset(day for day, kind in rows if kind != DayKind.MAKEUP),
        makeup=frozenset(day for day, kind in rows if kind == DayKind.MAKEUP),
        published=frozenset(
            day.year for day, kind in rows if kind == DayKind.HOLIDAY and (day.month, day.day) == (10, 1)
        ),
    )


_kept: tuple[tuple, WorkCalendar] | None = None


def current() -> WorkCalendar:
    """The calendar in force. One query for the state of the table; the rows are read again only when it changed."""
    global _kept
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(hashtext(day::text || kind)::bigint), 0), max(id) FROM core_calendarday"
        )
        state = cursor.fetchone()
    if _kept is None or _kept[0] != state:
        _kept = (state, build(CalendarDay.objects.values_list("day", "kind")))
    return _kept[1]


def with_days(calendar_rows: dict[dt.date, str], changes: dict[dt.date, str | None]) -> WorkCalendar:
    """The calendar as it would be: `changes` names the new kind of each day, None for a plain day."""
    rows = {**calendar_rows, **changes}
    return build((day, kind) for day, kind in rows.items() if kind)


def preview(changes: dict[dt.date, str | None]) -> int:
    """How many open deadlines a change of days would move."""
    before = current()
    after = with_days(dict(CalendarDay.objects.values_list("day", "kind")), changes)
    return sum(count(before, after) for count in previews)


@transaction.atomic
def set_day(day: dt.date, kind: str | None, *, by, name: str = "", reason: str) -> None:
    """Make `day` a holiday, make-up workday or local day off, or plain again (`kind` None), and let the apps that
    store deadlines recalculate them. The caller has checked that `by` may."""
    before = current()
    CalendarDay.objects.filter(day=day).delete()
    if kind:
        CalendarDay.objects.create(day=day, kind=kind, name=name, source=reason[:120])
    changed.send(sender=CalendarDay, before=before, after=current(), by=by, reason=reason)
