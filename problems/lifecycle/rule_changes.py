"""What a new version of the rules does to open entries: reckoned entry by entry, shown by `rule_preview`, done here.

The rules of it, in one place:

* Only deadlines that the rules gave move. One set by hand or extended with leave stays.
* A deadline that was missed on the day of the change stays missed.
* A shorter limit never moves a deadline before the next working day after the change.
* A helper's deadline is the helper's own, never after the lead's.
* The new limits count from the start of the leg, less its own pauses. A paused entry moves too, judged as of the day
  its clock stopped.
* The other limits that run (to accept, assign, sign, reply first, rule, rate) are counted anew from their start;
  where one was missed or would be missed at once, it stays. A call and the next look at a waiting entry keep the day
  that was agreed.
* Entries under a nearer rulebook of a region below are not touched.
* What an earlier recalculation gave is given by rules, too, its next working day included: a wrong version that is
  corrected on the same day leaves nothing behind but what was missed or done in between.

What is no deadline (who does a step, windows, the ladder, office hours) holds for open entries from the day on which a
version begins, whatever its reach: those are read when they are needed.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from audit import trail
from audit.models import Event
from core import clock, workdays
from core.actor import Actor
from problems import lights, rules
from problems.enums import CLOCK_STATES, PAUSED_STATES, LimitStep, Reach, RequestState
from problems.lifecycle import limit_facts, limits, many
from problems.models import Assignment, Extension, Problem, Rulebook, StepLimit

ONE_DAY = dt.timedelta(days=1)
STATES = frozenset({*CLOCK_STATES, *PAUSED_STATES})
MISSED, KEPT = "missed", "kept"


@dataclass
class Moved:
    """What the rules do to one entry. `why` says why its deadline stays where the rules would have moved it."""

    problem: Problem
    old: dt.date
    new: dt.date
    yellow_on: dt.date | None
    light_before: lights.Light
    light_after: lights.Light
    why: str = ""
    legs: list[tuple[Assignment, dt.date]] = field(default_factory=list)
    # Whether anything differs, the first yellow day included.
    touched: bool = False

    @property
    def seen(self) -> bool:
        """Whether the deadline or the light differs: what the preview lists."""
        return self.new != self.old or self.light_after != self.light_before


@dataclass
class Facts:
    """What was read of a list of entries: their rows, and the legs that were granted an extension."""

    read: limit_facts.Read
    extended: set[int]

    def legs(self, problem: Problem) -> list[Assignment]:
        """The legs that are open, the lead's first."""
        legs = [leg for leg in self.read.legs.get(problem.pk, ()) if leg.ended_at is None]
        return sorted(legs, key=lambda leg: not leg.is_lead)


def facts_of(within: Iterable[int] | QuerySet) -> Facts:
    """Of the entries of these numbers, or of a query that answers them; a fixed number of queries."""
    granted = Extension.objects.filter(problem__in=within, assignment__ended_at=None, state=RequestState.GRANTED)
    return Facts(limit_facts.read(within), set(granted.values_list("assignment_id", flat=True)))


class Change:
    """A version of the rules taking effect in its region on a day."""

    def __init__(self, book: Rulebook, day: dt.date):
        self.book, self.day = book, day
        self.calendars = workdays.everywhere()
        self._given: dict[tuple[str, dt.date], list[Rulebook]] = {}
        path = book.region.path
        line = Q(region__path__in=book.region.ancestor_paths) | Q(region=None) | Q(region__path__startswith=path)
        books = Rulebook.objects.filter(line, valid_from__lte=day).exclude(pk=book.pk)
        self._books = list(books.select_related("region").order_by("valid_from", "revision"))
        self._nearer = sorted(
            {
                b.region.path
                for b in self._books
                if b.region and b.region.path.startswith(path) and b.region.path != path
            }
        )

    def region(self) -> Q:
        """Entries of the region and below, less those under a nearer rulebook."""
        inside = Q(region__path__startswith=self.book.region.path)
        for path in self._nearer:
            inside &= ~Q(region__path__startswith=path)
        return inside

    def open_entries(self):
        """Every open entry that the rules hold for: what is looked at, before as after."""
        return Problem.objects.open().filter(self.region())

    def book_on(self, region_path: str, day: dt.date) -> Rulebook | None:
        """The rules that held on that day for a region, this version apart."""
        found = [b for b in self._books if b.valid_from <= day and _holds(b, region_path)]
        return max(found, key=lambda b: (len(b.region.path) if b.region else 0, b.since), default=None)

    def given(self, region_path: str, start: dt.date) -> list[Rulebook]:
        """The rules that may have given a leg of that start its days: those of the day before, and every version of
        the day, as it may have been made in between."""
        if (region_path, start) not in self._given:
            found = [b for b in self._books if b.valid_from == start and _holds(b, region_path)]
            first = self.book_on(region_path, start - ONE_DAY) or Rulebook()
            self._given[region_path, start] = [first, *found]
        return self._given[region_path, start]

    def recalculated(self, region_path: str, start: dt.date) -> list[Rulebook]:
        """The versions that have moved open deadlines since, be it in part."""
        later = [b for b in self._books if b.valid_from >= start and b.reach == Reach.OPEN and b.checked]
        return [b for b in later if _holds(b, region_path)]


def _holds(book: Rulebook, region_path: str) -> bool:
    return book.region is None or region_path.startswith(book.region.path)


def reckon(change: Change, problem: Problem, facts: Facts) -> Moved:
    """What the change does to one entry."""
    calendar = change.calendars.at(problem.region.path)
    edge = change.day if problem.state in CLOCK_STATES else min(problem.since_on or change.day, change.day)
    moved = Moved(problem, problem.due_on, problem.due_on, problem.yellow_on, *[_light(problem, change.day)] * 2)
    pauses = facts.read.pauses.get(problem.pk, [])
    for leg in facts.legs(problem):
        new = _new_deadline(change, problem, leg, pauses, facts, calendar, edge, moved)
        if new != leg.due_on and not leg.is_lead:
            new = min(new, moved.new)
        if new != leg.due_on:
            moved.legs.append((leg, new))
            moved.new = new if leg.is_lead else moved.new
    if moved.why != MISSED:
        moved.yellow_on = rules.yellow_from(change.book, moved.new, calendar)
    moved.light_after = lights.light_of(problem.state, moved.yellow_on, moved.new, change.day, problem.outcome)
    moved.touched = bool(moved.legs) or moved.new != moved.old or moved.yellow_on != problem.yellow_on
    return moved


def _new_deadline(change, problem, leg, pauses, facts, calendar, edge, moved) -> dt.date:
    """The leg's deadline by the new rules, or the one it has where that stays; the lead's reason goes to `moved`."""
    step = LimitStep.RESOLVE if leg.is_lead else LimitStep.COHANDLE
    start = clock.local_date(leg.assigned_at)
    own = [pause for pause in pauses if pause[0] >= start]
    why = ""
    if leg.due_on < edge:
        why = MISSED
    elif leg.pk in facts.extended or not _by_rules(change, problem, leg, step, start, own, calendar):
        why = KEPT
    if why:
        moved.why = why if leg.is_lead else moved.why
        return leg.due_on
    days = rules.limit_days(change.book, step, problem.category, problem.urgency)
    new = calendar.due(start, days, own)
    return new if new >= leg.due_on else min(leg.due_on, max(new, calendar.add(edge, 1)))


def _by_rules(change, problem, leg, step, start, own, calendar) -> bool:
    """Whether the leg's deadline is one that rules gave; a helper's may be the lead's, which comes first."""
    if not leg.is_lead and leg.due_on == problem.due_on:
        return True

    def counted(book) -> dt.date:
        return calendar.due(start, rules.limit_days(book, step, problem.category, problem.urgency), own)

    path = problem.region.path
    if any(counted(book) == leg.due_on for book in change.given(path, start)):
        return True
    return any(
        counted(book) == leg.due_on or counted(book) < leg.due_on in _earliest(problem, book, calendar)
        for book in change.recalculated(path, start)
    )


def _earliest(problem, book, calendar) -> set[dt.date]:
    """The working days before which the recalculation by these rules moved no deadline of the entry."""
    days = {book.valid_from} | ({clock.local_date(book.finished_at)} if book.finished_at else set())
    if problem.state in PAUSED_STATES and problem.since_on is not None:
        days.add(problem.since_on)
    return {calendar.add(day, 1) for day in days}


def _light(problem: Problem, day: dt.date) -> lights.Light:
    return lights.light_of(problem.state, problem.yellow_on, problem.due_on, day, problem.outcome)


# --- an entry as it would be --------------------------------------------------------------------------------------
@dataclass
class Brought(many.Reckoned):
    """An entry brought to the rules in memory: besides, what happened to its deadlines of handling (`moved`, None where
    it has none), and of the limits that ran the deadline before by row."""

    moved: Moved | None = None
    before: list[tuple[StepLimit, dt.date]] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        return bool(self.new or self.changed or self.relit)


def bring(change: Change, problem: Problem, facts: Facts) -> Brought:
    """Bring one entry to the rules: its legs, its deadline and light, every limit that runs on it. Nothing is saved:
    the preview shows what this answers, the recalculation writes it."""
    moved = None
    if problem.state in STATES and problem.due_on is not None:
        moved = reckon(change, problem, facts)
        for leg, new in moved.legs:
            leg.due_on = new
        problem.due_on, problem.yellow_on = moved.new, moved.yellow_on
    rows = facts.read.running(problem)
    before = [(row, row.due_on) for row in rows]
    derived = facts.read.of(problem, change.book, change.calendars.at(problem.region.path))
    new, changed = limits.settle(rows, derived, change.day, afresh=True)
    legs = [leg for leg, _new in moved.legs] if moved else []
    return Brought(problem, legs, bool(moved and moved.touched), new, changed, moved, before)


# --- doing it -----------------------------------------------------------------------------------------------------
def recalculate(change: Change, keys: list[int], by: Actor) -> int:
    """Move the deadlines of these entries, each with an event; answers how many changed. Inside a transaction."""
    problems, facts = many.locked(keys), facts_of(keys)
    touched = [one for one in (bring(change, problem, facts) for problem in problems) if one.touched]
    many.write(touched)
    Event.objects.bulk_create(Event(**_event(change, one, by)) for one in touched)
    return len(touched)


def _event(change: Change, one: Brought, by: Actor) -> dict:
    moved, problem = one.moved, one.problem
    changes = {"due_on": [moved.old, moved.new]} if moved and moved.new != moved.old else {}
    helpers = [(leg, new) for leg, new in moved.legs if not leg.is_lead] if moved else []
    return trail.fields(
        by, "problem.rules_changed", problem, version=problem.version, since=change.book.valid_from,
        rulebook=change.book.pk, changes=changes,
        moved_helpers=[{"unit": str(leg.unit), "due_on": new} for leg, new in helpers],
    )  # fmt: skip
