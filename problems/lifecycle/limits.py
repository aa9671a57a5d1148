"""The time limits that run on an entry (办理时限): several at once, each with its own start, deadline and end.

`derive` is the one rule: from the entry's state, its legs, what is pending and the rulebook follow the limits that run
now. `settle` compares them with the rows: what is no longer due is met or dropped, what is new begins. Both work on
plain objects, so that the demonstrations tell their histories by the same rule; `follow` does it for an entry in the
database, inside the transaction of its transition.

* A limit of a leg (to sign, to reply first, to resolve, a helper's answer) is the leg's own: the second unit gets its
  own time. Its deadline to resolve is the entry's, so that there is one light.
* A limit of the entry (to accept, to assign) begins anew each time the entry comes back to that step, so that its
  reminders do, too.
* While an entry is suspended or returned the limits of its legs stand still (`paused_on`); their deadlines move on by
  the pause.
* The working days of a running limit stay as they were given; only `afresh` reads the rules again.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from core import clock, workdays
from core.actor import Actor
from problems import perms, rules
from problems.enums import (
    PAUSED_STATES,
    LegEnd,
    LimitStep,
    Outcome,
    Rating,
    State,
)  # fmt: skip
from problems.lifecycle import limit_facts
from problems.lifecycle.limit_facts import HELD, Facts, leg_key
from problems.models import Assignment, Problem, StepLimit

CONTENT = frozenset({Rating.SATISFIED, Rating.BASICALLY})
# What counts as a word to the enterprise from the unit that leads.
REPLIES = frozenset({"add_note", "first_reply", "reply", "resolve"})


@dataclass(frozen=True)
class Wanted:
    """A limit that runs now."""

    step: str
    leg: Assignment | None
    started_on: dt.date
    days: int
    due_on: dt.date
    near_on: dt.date
    paused_on: dt.date | None = None


def _row_key(row: StepLimit) -> tuple[str, int]:
    return str(row.step), row.assignment_id or leg_key(row.assignment)


# --- the rule -----------------------------------------------------------------------------------------------------
def derive(facts: Facts, given: dict[tuple[str, int], int] | None = None) -> list[Wanted]:
    """The limits that run now. `given` are the days of limits that run already, by step and leg."""
    return list(_of_entry(facts, given or {})) + list(_of_legs(facts, given or {}))


def _of_entry(facts: Facts, given):
    """Acceptance, assignment, rating, the look at a waiting entry, the call back."""
    p = facts.problem
    if p.state == State.SUBMITTED:
        yield _counted(facts, given, LimitStep.ACCEPT, None, p.since_on)
    elif p.state == State.ACCEPTED:
        yield _counted(facts, given, LimitStep.ASSIGN, None, p.since_on)
    elif p.state == State.RESOLVED and p.outcome == Outcome.WAITING:
        if p.next_on is not None:
            yield _until(facts, LimitStep.WAIT, None, p.since_on, p.next_on)
    elif p.state == State.RESOLVED and p.rating not in CONTENT:
        yield _counted(facts, given, LimitStep.RATE, None, p.since_on)
    if facts.call is not None:
        yield _until(facts, LimitStep.CALL_BACK, None, *facts.call)


def _of_legs(facts: Facts, given):
    """What the units that hold it owe, and the ruling that one of them waits for."""
    p = facts.problem
    if p.state not in HELD:
        return
    lead = facts.lead
    if lead is not None:
        start = clock.local_date(lead.assigned_at)
        if lead.signed_at is None:
            yield _counted(facts, given, LimitStep.SIGN, lead, start)
        if leg_key(lead) not in facts.replied:
            yield _counted(facts, given, LimitStep.FIRST_REPLY, lead, start)
        yield _until(facts, LimitStep.RESOLVE, lead, start, p.due_on, p.yellow_on)
        if facts.objection is not None:
            yield _counted(facts, given, LimitStep.RULE, lead, clock.local_date(facts.objection.raised_at))
    for leg in facts.legs:
        if not leg.is_lead and leg.ended_at is None:
            yield _until(facts, LimitStep.COHANDLE, leg, clock.local_date(leg.assigned_at), leg.due_on)


def _counted(facts: Facts, given, step: str, leg, start: dt.date) -> Wanted:
    """A limit of the rulebook's working days from its start, moved on by the pauses since."""
    p = facts.problem
    days = given.get((str(step), leg_key(leg)))
    if days is None:
        days = rules.limit_days(facts.book, step, p.category, p.urgency)
    due_on = facts.calendar.due(start, days, _since(facts, start) if leg else ())
    return Wanted(str(step), leg, start, days, due_on, _near(facts, start, due_on), _paused_on(facts, leg))


def _until(facts: Facts, step: str, leg, start: dt.date, due_on: dt.date, near_on: dt.date | None = None) -> Wanted:
    """A limit whose deadline is written elsewhere: on the entry, on the leg."""
    days = max(0, facts.calendar.used(start, due_on, _since(facts, start) if leg else ()))
    near_on = near_on or _near(facts, start, due_on)
    return Wanted(str(step), leg, start, days, due_on, near_on, _paused_on(facts, leg))


def _near(facts: Facts, start: dt.date, due_on: dt.date) -> dt.date:
    return max(start, rules.yellow_from(facts.book, due_on, facts.calendar))


def _paused_on(facts: Facts, leg) -> dt.date | None:
    return facts.problem.since_on if leg is not None and facts.problem.state in PAUSED_STATES else None


def _since(facts: Facts, start: dt.date) -> list[workdays.Pause]:
    return [pause for pause in facts.pauses if pause[1] > start]


# --- rows ---------------------------------------------------------------------------------------------------------
# What `settle` may change in a row.
WRITTEN = ["started_on", "days", "due_on", "near_on", "paused_on", "met_on", "dropped_on"]


def settle(rows: Iterable[StepLimit], facts: Facts, day: dt.date, *, afresh: bool = False):
    """(new rows, changed rows): the running `rows` brought to what `derive` says on `day`; nothing is saved."""
    rows = list(rows)
    # What was missed by the rules of its day stays missed.
    given = {_row_key(row): row.days for row in rows if not afresh or row.due_on < day}
    wanted = {(one.step, leg_key(one.leg)): one for one in derive(facts, given)}
    changed = []
    for row in rows:
        one = wanted.get(_row_key(row))
        renewed = one is not None and row.step == LimitStep.WAIT and row.due_on != one.due_on
        if renewed:
            wanted[_row_key(row)] = replace(one, started_on=day)
        if one is None or renewed:
            met = _is_met(row, facts)
            row.met_on, row.dropped_on = (day, None) if met else (None, day)
            row.paused_on = None
            changed.append(row)
            continue
        del wanted[_row_key(row)]
        if _bring_to(row, one, day):
            changed.append(row)
    return [_row(facts.problem, one) for one in wanted.values()], changed


# Steps whose limit is the rulebook's days from its start; the others end on a date written elsewhere.
COUNTED = frozenset(
    {LimitStep.ACCEPT, LimitStep.ASSIGN, LimitStep.RATE, LimitStep.SIGN, LimitStep.FIRST_REPLY, LimitStep.RULE}
)


def _judged(row: StepLimit, one: Wanted, day: dt.date) -> bool:
    """Whether counting anew (the calendar has changed) would put a limit that was missed back in time, or make one
    missed that nobody could know of: its deadline stays."""
    runs = row.paused_on is None and one.paused_on is None and row.started_on == one.started_on
    return runs and row.step in COUNTED and (row.due_on < day or one.due_on < day)


def _bring_to(row: StepLimit, one: Wanted, day: dt.date) -> bool:
    differs = False
    if _judged(row, one, day):
        one = replace(one, days=row.days, due_on=row.due_on, near_on=row.near_on)
    # A new date to look at a waiting entry begins on the day it was set, not on the day the waiting began.
    own_start = row.step == LimitStep.WAIT
    for name in ("days", "due_on", "near_on", "paused_on") + (() if own_start else ("started_on",)):
        if getattr(row, name) != getattr(one, name):
            setattr(row, name, getattr(one, name))
            differs = True
    return differs


def _row(problem: Problem, one: Wanted) -> StepLimit:
    return StepLimit(
        problem=problem, assignment=one.leg, enterprise_id=problem.enterprise_id, region_id=problem.region_id,
        chain_id=problem.chain_id, committee_id=problem.committee_id, step=one.step, started_on=one.started_on,
        days=one.days, due_on=one.due_on, near_on=one.near_on, paused_on=one.paused_on,
    )  # fmt: skip


def _leg_of(row: StepLimit, facts: Facts) -> Assignment | None:
    return next((leg for leg in facts.legs if leg_key(leg) == _row_key(row)[1]), None)


_MET: dict[str, Callable] = {
    LimitStep.ACCEPT: lambda p, leg, facts: p.state != State.WITHDRAWN,
    LimitStep.ASSIGN: lambda p, leg, facts: facts.lead is not None,
    LimitStep.SIGN: lambda p, leg, facts: leg is not None and leg.signed_at is not None,
    LimitStep.FIRST_REPLY: lambda p, leg, facts: leg_key(leg) in facts.replied or _resolved(leg),
    LimitStep.RESOLVE: lambda p, leg, facts: _resolved(leg),
    LimitStep.COHANDLE: lambda p, leg, facts: leg is not None and leg.reported_at is not None,
    LimitStep.RULE: lambda p, leg, facts: leg is not None and (leg.ended_at is None or leg.end_kind == LegEnd.OBJECTED),
    LimitStep.RATE: lambda p, leg, facts: facts.rated or p.rating in CONTENT,
    LimitStep.WAIT: lambda p, leg, facts: True,
    LimitStep.CALL_BACK: lambda p, leg, facts: True,
}


def _resolved(leg: Assignment | None) -> bool:
    return leg is not None and leg.end_kind == LegEnd.RESOLVED


def _is_met(row: StepLimit, facts: Facts) -> bool:
    """Whether a limit that runs no longer was done, not merely dropped."""
    return _MET[row.step](facts.problem, _leg_of(row, facts), facts)


# --- an entry in the database -------------------------------------------------------------------------------------
def follow(
    problem: Problem, day: dt.date, *, name: str = "", by: Actor | None = None, calendar=None, book=None,
    afresh: bool = False, past: bool = False,
) -> int:  # fmt: skip
    """Bring the entry's rows to its state on `day`; answers how many rows were written. Inside a transaction that
    holds the entry. `name` and `by` are the transition that has just been made and who made it.

    `past` is for entries that lived before limits were kept: what nobody noted (a first reply) is not asked for now.
    """
    read = limit_facts.read([problem.pk], held=problem.state in HELD)
    facts = read.of(problem, book or rules.rulebook_of(problem, day), calendar or workdays.current(problem.region.path))
    if past:
        facts.replied = frozenset(map(leg_key, facts.legs))
    elif name in REPLIES and by is not None and facts.lead is not None and perms.handles(problem, by):
        facts.replied |= {leg_key(facts.lead)}
    facts.rated = name in ("rate_not_satisfied", "say_not_solved")
    new, changed = settle(read.running(problem), facts, day, afresh=afresh)
    for row in changed:
        row.save()
    StepLimit.objects.bulk_create(new)
    return len(new) + len(changed)


def rebuild(problem: Problem, *, afresh: bool = False, past: bool = False) -> int:
    """Bring the rows of an entry to what its state, legs, pauses and requests say today: after the calendar or the
    rules have changed, after an undone step, after a call back was made. `afresh` takes the days from the rules of
    today. Answers how many rows were written."""
    return follow(problem, clock.today(), afresh=afresh, past=past)
