"""What a new version of the rules does to open entries: the preview, and the same reckoning when it is done.

The rules of it, in one place:

* Only deadlines that the rules gave move. One set by hand or extended with leave stays.
* A deadline that was missed on the day of the change stays missed.
* A shorter limit never moves a deadline before the next working day after the change.
* A helper's deadline is the helper's own, never after the lead's.
* The new limits count from the start of the leg, less its own pauses. A paused entry moves too, judged as of the day
  its clock stopped.
* Entries under a nearer rulebook of a region below are not touched.
* What an earlier recalculation gave is given by rules, too, its next working day included: a wrong version that is
  corrected on the same day leaves nothing behind but what was missed or done in between.

What is no deadline (who does a step, windows, the ladder, office hours) holds for open entries from the day on which a
version begins, whatever its reach: those are read when they are needed.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from audit import trail
from core import clock, workdays
from core.actor import Actor
from problems import lights, rules
from problems.enums import CLOCK_STATES, PAUSED_STATES, LimitStep, Outcome, Reach, RequestState, State, Trigger
from problems.lifecycle import categories, limits, machine
from problems.models import Assignment, Extension, Problem, Rulebook, StateSpan

ONE_DAY = dt.timedelta(days=1)
STATES = frozenset({*CLOCK_STATES, *PAUSED_STATES})
MISSED, KEPT = "missed", "kept"
# A category with all above it: limits by category are looked up along this line.
_LINE = "category" + "__parent" * (categories.DEEPEST - 1)


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

    @property
    def touched(self) -> bool:
        return bool(self.legs) or self.new != self.old or self.yellow_on != self.problem.yellow_on

    @property
    def seen(self) -> bool:
        """Whether the deadline or the light differs: what the preview lists."""
        return self.new != self.old or self.light_after != self.light_before


@dataclass
class Facts:
    """Legs, pauses and granted extensions of a list of entries, in three queries."""

    legs: dict[int, list[Assignment]]
    pauses: dict[int, list[workdays.Pause]]
    extended: set[int]


def facts_of(problems: list[Problem]) -> Facts:
    legs: dict[int, list[Assignment]] = {}
    rows = Assignment.objects.filter(problem__in=problems, ended_at=None)
    for leg in rows.select_related("team", "department").order_by("-is_lead", "pk"):
        legs.setdefault(leg.problem_id, []).append(leg)
    pauses: dict[int, list[workdays.Pause]] = {}
    spans = StateSpan.objects.filter(problem__in=problems, state__in=PAUSED_STATES, ended_at__isnull=False)
    for pk, start, end in spans.values_list("problem_id", "started_on", "ended_on"):
        pauses.setdefault(pk, []).append((start, end))
    granted = Extension.objects.filter(problem__in=problems, assignment__ended_at=None, state=RequestState.GRANTED)
    return Facts(legs, pauses, set(granted.values_list("assignment_id", flat=True)))


class Change:
    """A version of the rules taking effect in its region on a day."""

    def __init__(self, book: Rulebook, day: dt.date):
        self.book, self.day = book, day
        self.calendars = workdays.everywhere()
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
        """Every open entry that the rules hold for: what is looked at when deadlines are recalculated."""
        return Problem.objects.open().filter(self.region())

    def entries(self):
        """Those with a deadline of handling, by number."""
        with_deadline = Problem.objects.filter(self.region(), state__in=STATES).exclude(due_on=None)
        return with_deadline.select_related("region", _LINE).defer("text", "resolution", "tokens").order_by("pk")

    def book_on(self, region_path: str, day: dt.date) -> Rulebook | None:
        """The rules that held on that day for a region, this version apart."""
        found = [b for b in self._books if b.valid_from <= day and _holds(b, region_path)]
        return max(found, key=lambda b: (len(b.region.path) if b.region else 0, b.since), default=None)

    def given(self, region_path: str, start: dt.date) -> list[Rulebook]:
        """The rules that may have given a leg of that start its days: those of the day before, and every version of
        the day, as it may have been made in between."""
        found = [b for b in self._books if b.valid_from == start and _holds(b, region_path)]
        return [self.book_on(region_path, start - ONE_DAY) or Rulebook(), *found]

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
    pauses = facts.pauses.get(problem.pk, [])
    for leg in facts.legs.get(problem.pk, []):
        new = _new_deadline(change, problem, leg, pauses, facts, calendar, edge, moved)
        if new != leg.due_on and not leg.is_lead:
            new = min(new, moved.new)
        if new != leg.due_on:
            moved.legs.append((leg, new))
            moved.new = new if leg.is_lead else moved.new
    if moved.why != MISSED:
        moved.yellow_on = rules.yellow_from(change.book, moved.new, calendar)
    moved.light_after = lights.light_of(problem.state, moved.yellow_on, moved.new, change.day, problem.outcome)
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


# --- before: what would change ------------------------------------------------------------------------------------
@dataclass
class RungChange:
    """A rung that is new or gone, and how many open entries have reached its threshold already."""

    rung: rules.Rung
    is_new: bool
    reached: int | None


@dataclass
class Preview:
    """What a version would do if its deadlines held for open entries, on its first day."""

    looked_at: int
    rows: list[Moved]
    missed: int
    kept: int
    rungs: list[RungChange]

    @property
    def deadlines(self) -> int:
        return sum(row.new != row.old for row in self.rows)

    @property
    def lights(self) -> int:
        return sum(row.light_after != row.light_before for row in self.rows)


def preview(book: Rulebook, day: dt.date, before: Rulebook) -> Preview:
    """The entries whose deadline or light would differ from `day` on, and the ladder against that of `before`."""
    change = Change(book, day)
    problems = list(change.entries())
    facts = facts_of(problems)
    moved = [reckon(change, problem, facts) for problem in problems]
    missed, kept = (sum(row.why == why for row in moved) for why in (MISSED, KEPT))
    rungs = _rungs(change, before, problems)
    return Preview(len(problems), [row for row in moved if row.seen], missed, kept, rungs)


def _rungs(change: Change, before: Rulebook, problems: list[Problem]) -> list[RungChange]:
    old, new = ({tuple(map(str, rung)): rung for rung in rules.ladder_of(book)} for book in (before, change.book))
    found = [
        RungChange(new[key], True, _reached(change, new[key], problems)) for key in sorted(new.keys() - old.keys())
    ]
    return found + [RungChange(old[key], False, None) for key in sorted(old.keys() - new.keys())]


def _reached(change: Change, rung: rules.Rung, problems: list[Problem]) -> int | None:
    """How many open entries are at or past the threshold on the day, by their present deadlines."""
    running = [p for p in problems if p.state in CLOCK_STATES]
    if rung.trigger in (Trigger.NEAR, Trigger.OVERDUE):
        left = [change.calendars.at(p.region.path).remaining(p.due_on, change.day) for p in running]
        return sum(-n >= rung.threshold if rung.trigger == Trigger.OVERDUE else 0 <= n <= rung.threshold for n in left)
    if rung.trigger == Trigger.BOUNCED:
        return sum(p.bounces >= rung.threshold for p in problems)
    if rung.trigger == Trigger.WAITED:
        waiting = Problem.objects.filter(change.region(), state=State.RESOLVED, outcome=Outcome.WAITING)
        days = waiting.exclude(since_on=None).values_list("region__path", "since_on")
        at = change.calendars.at
        return sum(at(path).between(since, change.day) >= rung.threshold for path, since in days)
    return None


# --- after: doing it ----------------------------------------------------------------------------------------------
def recalculate(change: Change, keys: Iterable[int], by: Actor) -> int:
    """Move the deadlines of these entries, each with an event; answers how many changed. Inside a transaction."""
    return sum(_recalculate(change, key, by) for key in keys)


def _recalculate(change: Change, key: int, by: Actor) -> bool:
    problem = machine.lock(key)
    moved = None
    if problem.state in STATES and problem.due_on is not None:
        moved = reckon(change, problem, facts_of([problem]))
        _write(problem, moved)
    written = limits.rebuild(problem, afresh=True)
    if not written and not (moved and moved.touched):
        return False
    problem.version += 1
    problem.save()
    trail.record(
        by, "problem.rules_changed", problem, version=problem.version, since=change.book.valid_from,
        rulebook=change.book.pk, changes={"due_on": [moved.old, moved.new]} if moved and moved.new != moved.old else {},
        moved_helpers=[{"unit": str(leg.unit), "due_on": new} for leg, new in moved.legs if not leg.is_lead]
        if moved else [],
    )  # fmt: skip
    return True


def _write(problem: Problem, moved: Moved) -> None:
    if not moved.touched:
        return
    for leg, new in moved.legs:
        leg.due_on = new
        leg.save(update_fields=["due_on"])
    problem.due_on, problem.yellow_on = moved.new, moved.yellow_on
    if problem.state in CLOCK_STATES:
        span = problem.spans.get(ended_at=None)
        machine.set_lights(span, problem.yellow_on, problem.due_on)
        span.save()
    # Saved before the limits are derived from it.
    problem.save(update_fields=["due_on", "yellow_on"])
