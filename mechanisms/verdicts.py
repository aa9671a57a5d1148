"""The verdict (判定): one pure function of a rule, an actor's standing, a period, what was done, and today.

Who is judged. An actor is judged for a period if it stands on its last day (today, while it runs) and for at least
half of the days of the whole period. One that was founded late in a period, or dissolved before its end, is not: its
acts are shown and nobody is told that it failed.

What counts. The acts whose day lies in the period; with a coverage, also how many of a population it reached.
`complied_on` is the day on which minimum and coverage were both met. More than the maximum is a fault of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from core.cycles import Cycle
from mechanisms.enums import Verdict


@dataclass(frozen=True)
class Terms:
    """What a rule asks for. `percent` is the share of the population to be reached, None where no coverage is asked."""

    minimum: int
    maximum: int | None = None
    percent: int | None = None
    warn_days: int = 0


@dataclass(frozen=True)
class Found:
    """What the radar found for one actor and one period; `wanted` and `reached` are of the population."""

    is_judged: bool
    count: int
    complied_on: dt.date | None
    missed_on: dt.date | None
    judged_on: dt.date | None
    reached: int = 0
    wanted: int = 0


def stands_for(begins: dt.date, ends: dt.date | None, cycle: Cycle, today: dt.date) -> bool:
    """Whether an actor that stands from `begins` to the day before `ends` is judged for the period."""
    look = min(cycle.last, today)
    if begins > look or (ends is not None and ends <= look):
        return False
    first = max(begins, cycle.first)
    after = cycle.after if ends is None else min(ends, cycle.after)
    return 2 * (after - first).days >= cycle.days


def judge(
    terms: Terms, begins: dt.date, ends: dt.date | None, cycle: Cycle, days: Sequence[dt.date], today: dt.date,
    *, population: int = 0, reached_on: Sequence[dt.date] = (),
) -> Found:  # fmt: skip
    """The finding for one actor and period.

    `days` are the days of its acts, `reached_on` the first day on which each reached member of the population was
    reached; both may come in any order and may hold days outside of the period or after today, which do not count.
    """
    until = min(cycle.last, today)
    done = sorted(day for day in days if cycle.first <= day <= until)
    met = sorted(day for day in reached_on if cycle.first <= day <= until)
    wanted = 0 if terms.percent is None else -(-population * terms.percent // 100)
    is_judged = stands_for(begins, ends, cycle, today)
    too_many = terms.maximum is not None and len(done) > terms.maximum
    complied_on = None
    if len(done) >= terms.minimum and len(met) >= wanted and not too_many:
        steps = [done[terms.minimum - 1]] if terms.minimum else [cycle.first]
        complied_on = max([*steps, met[wanted - 1]] if wanted else steps)
    over = today > cycle.last
    return Found(
        is_judged=is_judged,
        count=len(done),
        complied_on=complied_on,
        missed_on=cycle.last if over and is_judged and complied_on is None else None,
        judged_on=cycle.last if over and is_judged else None,
        reached=len(met),
        wanted=wanted,
    )


def verdict(
    *, is_judged: bool, count: int, complied_on: dt.date | None, maximum: int | None, first: dt.date,
    last: dt.date | None, warn_on: dt.date | None, today: dt.date,
) -> str:  # fmt: skip
    """The word for a finding as of today. `last` is None for what must be so on every day."""
    if not is_judged or first > today:
        return Verdict.NOT_JUDGED
    if maximum is not None and count > maximum:
        return Verdict.OVER
    if complied_on is not None:
        return Verdict.COMPLIED
    if last is None:
        return Verdict.VACANT
    if today > last:
        return Verdict.LATE
    return Verdict.COMING if warn_on is not None and today >= warn_on else Verdict.DUE


@dataclass(frozen=True)
class Spell:
    """Days from `first` to the day before `after`; None: it goes on."""

    first: dt.date
    after: dt.date | None


def levels(spells: Sequence[Spell], begins: dt.date, until: dt.date) -> list[tuple[dt.date, int]]:
    """[(day, how many of the spells are in force from it on), ...] from `begins` up to and including `until`."""
    steps: dict[dt.date, int] = {begins: 0}
    for spell in spells:
        first = max(spell.first, begins)
        if spell.after is not None and spell.after <= first:
            continue
        steps[first] = steps.get(first, 0) + 1
        if spell.after is not None:
            steps[spell.after] = steps.get(spell.after, 0) - 1
    found, number = [], 0
    for day in sorted(steps):
        if day > until:
            break
        number += steps[day]
        found.append((day, number))
    return found


def gaps(terms: Terms, spells: Sequence[Spell], begins: dt.date, ends: dt.date | None, today: dt.date) -> list[Spell]:
    """The stretches of time up to today in which less than the minimum or more than the maximum was in force while
    the actor stood. The last one may go on."""
    if begins > today or (ends is not None and ends <= begins):
        return []
    until = today if ends is None else min(today, ends - dt.timedelta(days=1))
    found: list[Spell] = []
    open_from = None
    for day, number in levels(spells, begins, until):
        wrong = number < terms.minimum or (terms.maximum is not None and number > terms.maximum)
        if wrong and open_from is None:
            open_from = day
        elif not wrong and open_from is not None:
            found.append(Spell(open_from, day))
            open_from = None
    if open_from is not None:
        found.append(Spell(open_from, ends if ends is not None and ends <= today else None))
    return found
