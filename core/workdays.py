"""The working-day clock (工作日): the one module that counts days of deadlines, pauses and handling time.

Counting starts the day after: three days from 30 September are the three first working days of October. A day counts
when it is Monday to Friday and not taken off, or a make-up workday (调休上班). All functions are methods of a
`WorkCalendar`, an immutable value; `current(region_path)` answers the one in force for a place, `everywhere()` those of
all places, `as_of(edition)` those that held after an edition; each costs one small query. Changes of the calendar are
in `core.editions`, several limits that run at once in `core.limits`.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection

from core.models import WORKED_KINDS, CalendarDay, CalendarEdition, DayKind

DAY = dt.timedelta(days=1)
# Days that the law fixes by the solar calendar, (month, day): all that is known of a year before its notice.
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
Pause = tuple[dt.date, dt.date]


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Pauses (from, until) in order, those that overlap or touch made one; reversed and empty ones left out."""
    found: list[Pause] = []
    for paused_from, paused_until in sorted(pauses):
        if paused_until <= paused_from:
            continue
        if found and paused_from <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], paused_until))
        else:
            found.append((paused_from, paused_until))
    return found


@dataclass(frozen=True)
class WorkCalendar:
    """Working days by the published notices: `off` are days off beside weekends, `makeup` weekend days worked.

    `published` are the years whose notice is in the table; other years fall back to Monday to Friday less the
    holidays that the law fixes by date (and any row entered for them). Working days of a year are laid out once and
    then found by bisection, so that counting costs the same over a week and over ten years.
    """

    off: frozenset[dt.date] = frozenset()
    makeup: frozenset[dt.date] = frozenset()
    published: frozenset[int] = frozenset()
    _by_year: dict = field(default_factory=dict, compare=False, repr=False)

    def at(self, region_path: str) -> "WorkCalendar":
        """Itself: a calendar of one place stands in for `Calendars` where all rows are of that place."""
        return self

    def is_published(self, year: int) -> bool:
        return year in self.published

    def is_workday(self, day: dt.date) -> bool:
        if day in self.makeup:
            return True
        if day.weekday() >= 5 or day in self.off:
            return False
        return day.year in self.published or (day.month, day.day) not in FIXED_HOLIDAYS

    def add(self, start: dt.date, days: int) -> dt.date:
        """The date of the `days`-th working day after `start`; the same day for 0, backwards when negative.

        Raises OverflowError where that is no date any more."""
        if days == 0:
            return start
        year, ordinal = start.year, start.toordinal()
        listed = self._year(year)
        place = bisect_right(listed, ordinal) + days - 1 if days > 0 else bisect_left(listed, ordinal) + days
        while not 0 <= place < len(listed):
            if place < 0:
                year -= 1
                listed = self._year(year)
                place += len(listed)
            else:
                place -= len(listed)
                year += 1
                listed = self._year(year)
        return dt.date.fromordinal(listed[place])

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days used from `start` to `end`: those after `start`, `end` included; negative when reversed."""
        if end < start:
            return -self.between(end, start)
        inside = sum(len(self._year(year)) for year in range(start.year, end.year))
        until = bisect_right(self._year(end.year), end.toordinal())
        return inside + until - bisect_right(self._year(start.year), start.toordinal())

    def next_workday(self, day: dt.date) -> dt.date:
        """This day if it is worked, else the first working day after it."""
        return day if self.is_workday(day) else self.add(day, 1)

    def remaining(self, due_on: dt.date, today: dt.date) -> int:
        """Working days left after today until the deadline; negative is how many it is overdue."""
        return self.between(today, due_on)

    def used(self, start: dt.date, end: dt.date, pauses: Iterable[Pause] = ()) -> int:
        """Working days from `start` to `end` less those inside the pauses (from, until), however they overlap."""
        total = self.between(start, end)
        for paused_from, paused_until in merged(pauses):
            first, last = max(paused_from, start), min(paused_until, end)
            if last > first:
                total -= self.between(first, last)
        return total

    def shift(self, due_on: dt.date, pauses: Iterable[Pause]) -> dt.date:
        """The deadline moved on by the working days of the pauses, overlapping ones once; never earlier than it was."""
        for paused_from, paused_until in merged(pauses):
            due_on = self.add(due_on, self.between(paused_from, paused_until))
        return due_on

    def due(self, start: dt.date, days: int, pauses: Iterable[Pause] = ()) -> dt.date:
        """The deadline of `days` working days from `start` when the clock stood during the pauses: the date by which
        `used` says `days`. A pause that begins after the deadline no longer matters."""
        due_on = self.add(start, days)
        for paused_from, paused_until in merged(pauses):
            if paused_until > start and paused_from <= due_on:
                due_on = self.add(due_on, self.between(max(paused_from, start), paused_until))
        return due_on

    def differing(self, other: "WorkCalendar") -> list[dt.date]:
        """The days that one of the two calendars counts and the other does not, in order."""
        days = (self.off ^ other.off) | (self.makeup ^ other.makeup)
        for year in self.published ^ other.published:
            days |= {dt.date(year, month, number) for month, number in FIXED_HOLIDAYS}
        return sorted(day for day in days if self.is_workday(day) != other.is_workday(day))

    def _year(self, year: int) -> list[int]:
        """Ordinals of the working days of a year, in order."""
        listed = self._by_year.get(year)
        if listed is None:
            if not dt.MINYEAR <= year <= dt.MAXYEAR:
                raise OverflowError("date value out of range")
            first, last = dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal()
            listed = [n for n in range(first, last + 1) if self.is_workday(dt.date.fromordinal(n))]
            self._by_year[year] = listed
        return listed


def build(rows: Iterable[tuple[dt.date, str]]) -> WorkCalendar:
    """A calendar of (day, kind) pairs. A year is published when its National Day (1 October) is a holiday row."""
    rows = list(rows)
    return WorkCalendar(
        off=frozenset(day for day, kind in rows if kind not in WORKED_KINDS),
        makeup=frozenset(day for day, kind in rows if kind in WORKED_KINDS),
        published=frozenset(
            day.year for day, kind in rows if kind == DayKind.HOLIDAY and (day.month, day.day) == (10, 1)
        ),
    )


@dataclass(frozen=True)
class Calendars:
    """The calendars of all places as they stood at one moment: `rows` are {region path: {day: kind}}.

    A place has the statutory rows (path '') and those of every region above it; where two speak of one day, the
    nearer region's holds. Paths are of fixed-width segments, so "above" is "a prefix of".
    """

    rows: dict[str, dict[dt.date, str]]
    _made: dict = field(default_factory=dict, compare=False, repr=False)

    def at(self, region_path: str = "") -> WorkCalendar:
        """The calendar of one place. Places with the same rows share it."""
        line = tuple(sorted(path for path in self.rows if region_path.startswith(path)))
        found = self._made.get(line)
        if found is None:
            days: dict[dt.date, str] = {}
            for path in line:
                days |= self.rows[path]
            if "" in line and len(line) > 1:
                found = self._published_as_statutory(build(days.items()))
            else:
                found = build(days.items())
            self._made[line] = found
        return found

    def _published_as_statutory(self, local: WorkCalendar) -> WorkCalendar:
        """Whether a year's notice is known is told by the statutory rows, whatever a county does on 1 October."""
        return WorkCalendar(local.off, local.makeup, build(self.rows[""].items()).published)

    def with_days(self, changes: Mapping[dt.date, str | None], region_path: str = "") -> "Calendars":
        """As it would be: `changes` names the new kind of each day at that place, None for no row of its own."""
        own = {**self.rows.get(region_path, {}), **changes}
        return Calendars({**self.rows, region_path: {day: kind for day, kind in own.items() if kind}})

    def differing(self, other: "Calendars", region_path: str = "") -> list[dt.date]:
        """The days that differ anywhere in the region or below it."""
        below = {path for path in {*self.rows, *other.rows} if path.startswith(region_path)} | {region_path}
        return sorted({day for path in below for day in self.at(path).differing(other.at(path))})


_kept: tuple[tuple, Calendars] | None = None


def everywhere() -> Calendars:
    """The calendars in force. One query for the state of the table; the rows are read again only when it changed."""
    global _kept
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(hashtext(day::text || kind || region_path)::bigint), 0), max(id)"
            " FROM core_calendarday WHERE until_id IS NULL"
        )
        state = cursor.fetchone()
    kept = _kept
    if kept is None or kept[0] != state:
        kept = _kept = (state, _collect(CalendarDay.objects.in_force()))
    return kept[1]


def current(region_path: str = "") -> WorkCalendar:
    """The calendar in force at a place; '' is the statutory one."""
    return everywhere().at(region_path)


def as_of(number: int) -> Calendars:
    """The calendars as they stood after edition `number`; 0 is how the installation began."""
    return _collect(CalendarDay.objects.as_of(number))


def edition_on(day: dt.date) -> int:
    """The number of the last edition made on or before this day, 0 where there was none."""
    last = CalendarEdition.objects.filter(made_on__lte=day).order_by("-number").first()
    return last.number if last else 0


def _collect(rows) -> Calendars:
    found: dict[str, dict[dt.date, str]] = {"": {}}
    for path, day, kind in rows.values_list("region_path", "day", "kind"):
        found.setdefault(path, {})[day] = kind
    return Calendars(found)
