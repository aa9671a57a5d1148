"""Open deadlines follow the calendar (重新计算): what a change would move, and the moving, with a trace on each entry.

The rules, in one place:

* Each leg keeps the working days it was given, counted from its own start less its own pauses. A helper's deadline is
  worked out from the helper's leg, never from the lead's shift.
* A deadline that was missed on the day of the change stays missed: it is listed and does not move. What was judged
  when an entry was resolved (`on_time`) is never touched.
* A deadline never moves into the past: where a make-up day takes time away, the day of the change is the earliest.
* A leg begun after the change was reckoned by the new calendar already.
* A suspended entry moves too, judged as of the day its clock stopped.
* The other limits that run on an entry (to accept, to sign, to reply first...) are counted anew by `limits`, by the
  same rules.
* A local change touches entries of that region and below.

An edition is worked off in batches of entries in the order of their numbers; how far it came is committed with each
batch, so that it may be killed anywhere, run again, and run by two workers at once.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audit import trail
from audit.models import Event
from core import clock, editions, workdays
from core.actor import Actor
from core.editions import Moved, unfinished
from core.models import CalendarEdition
from core.workdays import Calendars
from problems import lights, rules
from problems.enums import CLOCK_STATES, LimitStep, State
from problems.lifecycle import limit_facts, limits, many
from problems.models import Assignment, Problem, StateSpan, StepLimit

STATES = frozenset({*CLOCK_STATES, State.SUSPENDED})
# Limits that only mirror a leg: told with it.
_OF_LEGS = frozenset({LimitStep.RESOLVE, LimitStep.COHANDLE})
DIRECTLY = 200  # more entries than this are left to a worker
BATCH = 100


@dataclass
class _Change:
    """One change of the calendar on one day, and the days that it is about."""

    before: Calendars
    after: Calendars
    region_path: str
    day: dt.date
    made_at: dt.datetime | None = None
    _books: dict = field(default_factory=dict)

    def __post_init__(self):
        self.days = self.before.differing(self.after, self.region_path)

    def book_of(self, problem: Problem):
        """The rules of the entry's region on the day of the change."""
        if problem.region_id not in self._books:
            self._books[problem.region_id] = rules.rulebook_for(problem.region, self.day)
        return self._books[problem.region_id]

    def yellow_on(self, problem: Problem, due_on: dt.date, after) -> dt.date:
        """The day the light turns yellow."""
        return rules.yellow_from(self.book_of(problem), due_on, after)

    def entries(self):
        """Entries with a leg or a running limit whose time a changed day could lie in, by number."""
        if not self.days:
            return Problem.objects.none()
        first, last = self.days[0], self.days[-1]
        legs = Assignment.objects.filter(ended_at=None, due_on__gte=first, assigned_at__lt=clock.at_local(last, 0))
        running = StepLimit.objects.filter(met_on=None, dropped_on=None, due_on__gte=first, started_on__lt=last)
        near = Q(state__in=STATES, due_on__isnull=False, pk__in=legs.values("problem_id"))
        found = Problem.objects.filter(near | Q(pk__in=running.values("problem_id")))
        return found.filter(region__path__startswith=self.region_path).order_by("pk")


@dataclass
class _Reckoning:
    """What a change of the calendar does to one entry: the legs that move, and whether one was missed already."""

    legs: list[tuple[Assignment, dt.date]]
    missed: bool
    yellow_on: dt.date | None

    def lead(self) -> dt.date | None:
        return next((new for leg, new in self.legs if leg.is_lead), None)


def _reckon(change: _Change, problem: Problem, legs, pauses) -> _Reckoning:
    before, after = change.before.at(problem.region.path), change.after.at(problem.region.path)
    running = problem.state in CLOCK_STATES
    edge = change.day if running else problem.since_on or change.day
    days, moves, missed = after.differing(before), [], False
    for leg in legs:
        start = clock.local_date(leg.assigned_at)
        if change.made_at is not None and leg.assigned_at > change.made_at:
            continue
        if not any(start < day <= leg.due_on for day in days):
            continue
        if leg.due_on < edge:
            missed = missed or leg.is_lead
            continue
        own = [pause for pause in pauses if pause[0] >= start]
        allowed = before.used(start, leg.due_on, own)
        new, was = after.due(start, allowed, own), before.due(start, allowed, own)
        if new < was:
            new = max(new, after.next_workday(edge))
        if new not in (was, leg.due_on):
            moves.append((leg, new))
    due_on = next((new for leg, new in moves if leg.is_lead), problem.due_on)
    yellow_on = problem.yellow_on
    if not missed and any(day <= due_on for day in days):
        yellow_on = change.yellow_on(problem, due_on, after)
    return _Reckoning(moves, missed, yellow_on)


def _with_pauses(entries) -> dict[int, list[workdays.Pause]]:
    """{entry: its ended pauses} in one query."""
    found: dict[int, list] = {}
    spans = StateSpan.objects.filter(problem__in=entries, state=State.SUSPENDED, ended_at__isnull=False)
    for pk, start, end in spans.values_list("problem_id", "started_on", "ended_on"):
        found.setdefault(pk, []).append((start, end))
    return found


def _legs_of(entries) -> dict[int, list[Assignment]]:
    found: dict[int, list] = {}
    legs = Assignment.objects.filter(problem__in=entries, ended_at=None).select_related("team", "department")
    for leg in legs.order_by("-is_lead", "pk"):
        found.setdefault(leg.problem_id, []).append(leg)
    return found


# --- before: what would move --------------------------------------------------------------------------------------
def preview(before: Calendars, after: Calendars, region_path: str, day: dt.date) -> list[Moved]:
    """A line for every deadline that would move, and for every missed one of a lead that will not."""
    change = _Change(before, after, region_path, day)
    entries = list(change.entries().select_related("region").defer("text", "resolution", "tokens"))
    legs, pauses, running = _legs_of(entries), _with_pauses(entries), _limits_of(entries)
    lines = []
    for problem in entries:
        if problem.state in STATES and problem.due_on is not None:
            reckoned = _reckon(change, problem, legs.get(problem.pk, ()), pauses.get(problem.pk, ()))
            lines += _lines(problem, reckoned, day)
        lines += _step_lines(problem, change, running.get(problem.pk, ()), pauses.get(problem.pk, ()))
    return lines


def _limits_of(entries) -> dict[int, list[StepLimit]]:
    """{entry: the limits that run on it beside those of its legs}."""
    found: dict[int, list] = {}
    rows = StepLimit.objects.filter(problem__in=entries, met_on=None, dropped_on=None, step__in=limits.COUNTED)
    for row in rows.order_by("pk"):
        found.setdefault(row.problem_id, []).append(row)
    return found


def _step_lines(problem: Problem, change: _Change, rows, pauses):
    light = lights.light(problem, change.day)
    shown = (str(light), str(light.label))
    calendar = change.after.at(problem.region.path)
    for row in rows:
        own = [pause for pause in pauses if pause[1] > row.started_on] if row.assignment_id else ()
        new = calendar.due(row.started_on, row.days, own)
        if new == row.due_on or (row.paused_on is None and min(new, row.due_on) < change.day):
            continue
        note = _("环节：%(step)s") % {"step": row.get_step_display()}
        yield Moved(problem.number or "", problem.get_absolute_url(), "", row.due_on, new, shown, shown, note)


def _lines(problem: Problem, reckoned: _Reckoning, day: dt.date):
    def light(yellow_on, due_on):
        found = lights.light_of(problem.state, yellow_on, due_on, day, problem.outcome)
        return str(found), str(found.label)

    was = light(problem.yellow_on, problem.due_on)
    common = {"label": problem.number or "", "url": problem.get_absolute_url(), "light_before": was}
    if reckoned.missed:
        note = _("已经超期，期限不变。")
        yield Moved(**common, unit="", old=problem.due_on, new=problem.due_on, light_after=was, note=note)
    for leg, new in reckoned.legs:
        after = light(reckoned.yellow_on, new) if leg.is_lead else was
        note = "" if leg.is_lead else _("协办单位的期限。")
        yield Moved(**common, unit=str(leg.unit), old=leg.due_on, new=new, light_after=after, note=note)


# --- after: moving it ---------------------------------------------------------------------------------------------
def begin(edition: CalendarEdition, before: Calendars, after: Calendars) -> bool:
    """Take up an edition, inside the transaction that makes it: at once where few entries are near, else by a worker.
    Answers whether a worker is needed."""
    change = _Change(before, after, edition.region_path, edition.made_on, edition.made_at)
    edition.to_check = change.entries().count()
    edition.save(update_fields=["to_check"])
    waiting = unfinished()
    others = editions.near(before, after, edition.region_path, edition.made_on)
    if edition.to_check + others > DIRECTLY or (waiting and waiting[0].pk != edition.pk):
        return True
    while _batch(edition.pk, change) is not None:
        pass
    return False


def work_off() -> int:
    """Bring every unfinished edition to its end, oldest first; answers how many entries were changed. Finds its work
    itself, can be run twice and by two workers."""
    changed = 0
    for edition in unfinished():
        before, after = workdays.as_of(edition.number - 1), workdays.as_of(edition.number)
        change = _Change(before, after, edition.region_path, edition.made_on, edition.made_at)
        while (done := _batch(edition.pk, change)) is not None:
            changed += done
    return changed


@transaction.atomic
def _batch(pk: int, change: _Change) -> int | None:
    """The next entries of an edition; answers how many changed, None where the edition is finished."""
    edition = CalendarEdition.objects.select_for_update(no_key=True).get(pk=pk)
    if edition.finished_at is not None:
        return None
    keys = list(change.entries().filter(pk__gt=edition.checked_to).values_list("pk", flat=True)[:BATCH])
    if not keys:
        editions.follow(edition, change.before, change.after)
        edition.finished_at = clock.now()
        edition.to_check = edition.checked
        edition.save(update_fields=["finished_at", "to_check"])
        return None
    by = Actor(user_id=edition.made_by_id, name=edition.made_by_name)
    changed = _recalculate(keys, change, edition, by)
    edition.checked += len(keys)
    edition.moved += changed
    edition.checked_to = keys[-1]
    edition.save(update_fields=["checked", "moved", "checked_to"])
    return changed


def _recalculate(keys: list[int], change: _Change, edition: CalendarEdition, by: Actor) -> int:
    """Bring entries to the new calendar: legs, light, every limit that runs; one event each. Answers how many
    changed."""
    problems, read, calendars = many.locked(keys), limit_facts.read(keys), workdays.everywhere()
    brought = [_brought(problem, change, read, calendars) for problem in problems]
    events = [(one, changes, moved) for one, changes, moved in brought if changes or moved]
    many.write([one for one, _changes, _moved in events])
    many.write_limits([one for one, changes, moved in brought if not changes and not moved])
    Event.objects.bulk_create(
        Event(
            **trail.fields(
                by, "problem.recalculated", one.problem, version=one.problem.version, reason=edition.reason,
                edition=edition.number, changes=changes, moved=moved,
            )
        )
        for one, changes, moved in events
    )  # fmt: skip
    return len(events)


def _brought(problem: Problem, change: _Change, read, calendars: Calendars) -> tuple[many.Reckoned, dict, list]:
    """(what is to be written, {field: [old, new]} of the entry, [helpers and steps that moved]), nothing saved."""
    one, changes, helpers = many.Reckoned(problem), {}, []
    if problem.state in STATES and problem.due_on is not None:
        changes, helpers = _move_legs(one, change, read)
    rows = read.running(problem)
    before = [(row, row.due_on) for row in rows]
    facts = read.of(problem, change.book_of(problem), calendars.at(problem.region.path))
    one.new, one.changed = limits.settle(rows, facts, change.day)
    steps = [
        {"what": str(LimitStep(row.step).label), "due_on": [old, row.due_on]}
        for row, old in before
        if row.step not in _OF_LEGS and row.met_on is None and row.dropped_on is None and row.due_on != old
    ]
    return one, changes, helpers + steps


def _move_legs(one: many.Reckoned, change: _Change, read) -> tuple[dict, list]:
    """Set the legs' new deadlines and the entry's light; answer ({field: [old, new]}, [helpers])."""
    problem = one.problem
    legs = sorted((leg for leg in read.legs.get(problem.pk, ()) if leg.ended_at is None), key=lambda leg: -leg.is_lead)
    reckoned = _reckon(change, problem, legs, read.pauses.get(problem.pk, ()))
    changes = {}
    if reckoned.lead() is not None:
        changes["due_on"] = [problem.due_on, reckoned.lead()]
    elif reckoned.yellow_on != problem.yellow_on:
        changes["yellow_on"] = [problem.yellow_on, reckoned.yellow_on]
    helpers = [{"what": str(leg.unit), "due_on": [leg.due_on, new]} for leg, new in reckoned.legs if not leg.is_lead]
    for leg, new in reckoned.legs:
        leg.due_on = new
    one.legs, one.relit = [leg for leg, _new in reckoned.legs], bool(changes)
    if changes:
        problem.due_on, problem.yellow_on = reckoned.lead() or problem.due_on, reckoned.yellow_on
    return changes, helpers
