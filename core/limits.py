"""Several time limits that run at once, and how long each unit held something: plain values, no database.

A limit has a start, working days, pauses and perhaps an end; everything else (its deadline, the day it becomes near,
how it stands) follows from a calendar. Limits know nothing of each other: a pause or a change of one moves no other.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.workdays import DAY, Pause, WorkCalendar


class Standing(StrEnum):
    """How a limit stands on a day."""

    RUNNING = "running"
    NEAR = "near"
    OVERDUE = "overdue"
    MET = "met"
    MISSED = "missed"  # ended after its deadline


@dataclass(frozen=True)
class Limit:
    """`days` working days from `start` (the day after is the first), standing still during the pauses; near its end
    when no more than `near_days` are left. `ended_on` is the day it was done."""

    name: str
    start: dt.date
    days: int
    pauses: tuple[Pause, ...] = ()
    near_days: int = 2
    ended_on: dt.date | None = None

    def due_on(self, calendar: WorkCalendar) -> dt.date:
        return calendar.due(self.start, self.days, self.pauses)

    def near_on(self, calendar: WorkCalendar) -> dt.date:
        """The first day on which it is near; never before it began."""
        return max(self.start, calendar.add(self.due_on(calendar), -self.near_days))

    def used(self, calendar: WorkCalendar, day: dt.date) -> int:
        """Working days charged until `day`, or until it was done."""
        return calendar.used(self.start, min(day, self.ended_on or day), self.pauses)

    def left(self, calendar: WorkCalendar, day: dt.date) -> int:
        """Working days left, negative when overdue."""
        return self.days - self.used(calendar, day)

    def standing(self, calendar: WorkCalendar, day: dt.date) -> Standing:
        due_on = self.due_on(calendar)
        if self.ended_on is not None and self.ended_on <= day:
            return Standing.MET if self.ended_on <= due_on else Standing.MISSED
        if day > due_on:
            return Standing.OVERDUE
        return Standing.NEAR if day >= self.near_on(calendar) else Standing.RUNNING

    def thresholds(self, calendar: WorkCalendar) -> tuple[tuple[dt.date, Standing], ...]:
        """The days on which it becomes near and overdue, in order."""
        return (self.near_on(calendar), Standing.NEAR), (self.due_on(calendar) + DAY, Standing.OVERDUE)


@dataclass(frozen=True)
class Limits:
    """The limits that run on one thing, each for itself."""

    running: tuple[Limit, ...] = ()

    def due(self, calendar: WorkCalendar) -> dict[str, dt.date]:
        """{name: deadline}."""
        return {limit.name: limit.due_on(calendar) for limit in self.running}

    def overdue(self, calendar: WorkCalendar, day: dt.date) -> list[Limit]:
        """Those overdue on `day`, the longest overdue first."""
        found = [limit for limit in self.running if limit.standing(calendar, day) == Standing.OVERDUE]
        return sorted(found, key=lambda limit: limit.due_on(calendar))

    def next_threshold(self, calendar: WorkCalendar, day: dt.date) -> tuple[dt.date, Limit, Standing] | None:
        """The next day after `day` on which a limit that is not done becomes near or overdue."""
        coming = [
            (on, number, limit, standing)
            for number, limit in enumerate(self.running)
            if limit.ended_on is None
            for on, standing in limit.thresholds(calendar)
            if on > day
        ]
        if not coming:
            return None
        on, _number, limit, standing = min(coming, key=lambda one: one[:2])
        return on, limit, standing


def held(
    calendar: WorkCalendar, legs: Iterable[tuple[str, dt.date, dt.date | None]], pauses: Iterable[Pause], day: dt.date
) -> dict[str, int]:
    """{unit: working days that it held something until `day`}, of legs (unit, from, until; None: still). Days in a
    pause are nobody's. Legs that follow one another add up to the time of the whole."""
    pauses, found = list(pauses), {}
    for unit, start, end in legs:
        found[unit] = found.get(unit, 0) + calendar.used(start, max(start, end or day), pauses)
    return found
