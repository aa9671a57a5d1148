"""What every transition does once: lock, compare versions, ask the table, write state, span, version and event.

`step()` is the only way in. A transition function works on `step.problem` and ends with `step.finish(...)`; nothing
else in the product writes a state.
"""

import contextlib
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from audit import trail
from audit.models import Event
from core import clock, workdays
from core.actor import Actor
from core.transitions import Conflict, Refusal, Refused
from problems import perms, rules
from problems.enums import CLOCK_STATES, HANDLED_STATES, Level
from problems.lifecycle import guards, limits, snapshots
from problems.lifecycle.table import TABLE, refusal_for
from problems.models import Problem, StateSpan
from problems.voice import drawing

ONE_DAY = dt.timedelta(days=1)


@dataclass
class Step:
    """One transition in progress, inside its transaction, with the entry locked."""

    name: str
    problem: Problem
    by: Actor
    at: dt.datetime
    happened_earlier: bool = False
    span_stale: bool = field(default=False)
    # Whether other entries moved with this one: such a step cannot be undone.
    spread: bool = field(default=False)
    before: dict | None = field(default=None, repr=False)

    @property
    def day(self) -> dt.date:
        return clock.local_date(self.at)

    @cached_property
    def calendar(self) -> workdays.WorkCalendar:
        return workdays.current(self.problem.region.path)

    @property
    def rulebook(self):
        return guards.rulebook_of(self.problem, self.day)

    def first(self, *names: str) -> None:
        """Set these dates to the day of the step where they are not set yet: firsts stay firsts."""
        for name in names:
            if getattr(self.problem, name) is None:
                setattr(self.problem, name, self.day)

    def set_deadline(self, due_on: dt.date | None) -> None:
        """A new deadline with its yellow light, or none."""
        self.problem.due_on = due_on
        self.problem.yellow_on = due_on and rules.yellow_from(self.rulebook, due_on, self.calendar)
        self.span_stale = True

    def raise_level(self, level: str) -> None:
        """Up to this level (提级), or up once more; nothing where it is there already or above."""
        p = self.problem
        if p.escalated_to == Level.CITY or p.escalated_to == level:
            return
        p.is_escalated, p.escalated_to, p.escalated_on = True, level, self.day

    def end_legs(self, kind: str, *, only=None) -> None:
        """End the legs that are open (or those in `only`), each on its own so that its history is kept."""
        for leg in only if only is not None else self.problem.active_legs:
            leg.ended_at, leg.end_kind = self.at, kind
            leg.save(update_fields=["ended_at", "end_kind"])
        self.problem.__dict__.pop("active_legs", None)

    def settle_requests(self, text: str, *, objection: bool = False) -> None:
        """What the lead had asked for falls with this step: an extension, and an objection where it says so."""
        asked = [guards.pending_extension(self.problem)]
        if objection:
            asked.append(guards.pending_objection(self.problem))
        for one in filter(None, asked):
            one.settle(granted=False, text=text, by_id=self.by.user_id, at=self.at)

    def shift_deadlines(self) -> None:
        """Move the deadlines of entry and legs on by the pause that ends with this step."""
        p = self.problem
        pause = [(p.spans.get(ended_at=None).started_on, self.day)]
        for leg in p.active_legs:
            leg.due_on = self.calendar.shift(leg.due_on, pause)
            leg.save(update_fields=["due_on"])
        self.set_deadline(self.calendar.shift(p.due_on, pause))

    def days_held(self) -> int:
        """Working days in which a unit's clock ran up to now: the sum of the spans with a running clock."""
        spans = self.problem.spans.filter(state__in=list(CLOCK_STATES)).values_list("started_on", "ended_on")
        return sum(self.calendar.between(start, end or self.day) for start, end in spans)

    def finish(self, *, to: str | None = None, holder_changed: bool = False, **data) -> Problem:
        """Write the entry, its span and the event; answer the entry."""
        problem = self.problem
        before = problem.state
        target = to if to is not None else TABLE[self.name].target
        if target is not None and target != before:
            problem.state, problem.since_on = target, self.day
            if target not in CLOCK_STATES:
                problem.pause_asked_on = None
        if problem.state != before or holder_changed or self.span_stale:
            begin_span(problem, self.at)
        problem.version += 1
        problem.save()
        drawing.follow(self)
        limits.follow(problem, self.day, name=self.name, by=self.by, calendar=self.calendar, book=self.rulebook)
        record(self, before, **data)
        if self.before is not None:
            snapshots.keep(problem, self.name, self.by, self.before, spread=self.spread)
        return problem


def record(step: Step, before: str, /, **data) -> Event:
    """The event `problem.<name>`: states, the version it led to, and when it happened if that was not now."""
    problem = step.problem
    data = {"version": problem.version, **data}
    if problem.state != before:
        data["state"] = [before, problem.state]
    if step.happened_earlier:
        data["at"] = step.at
    return trail.record(perms.standing(problem, step.by), f"problem.{step.name}", problem, **data)


def begin_span(problem: Problem, at: dt.datetime) -> None:
    """End the open span at this moment and begin the next with the entry's state, holder and deadline."""
    end_span(problem, at)
    day = clock.local_date(at)
    handled, running = problem.state in HANDLED_STATES, problem.state in CLOCK_STATES
    span = StateSpan(
        problem=problem,
        enterprise_id=problem.enterprise_id,
        region_id=problem.region_id,
        chain_id=problem.chain_id,
        committee_id=problem.committee_id,
        state=problem.state,
        team_id=problem.lead_team_id if handled else None,
        department_id=problem.lead_department_id if handled else None,
        started_at=at,
        started_on=day,
    )
    if running:
        set_lights(span, problem.yellow_on, problem.due_on)
    span.save()


# The columns that `set_lights` writes.
LIGHTS = ["due_on", "red_from", "yellow_from", "yellow_until"]


def set_lights(span: StateSpan, yellow_on: dt.date, due_on: dt.date) -> None:
    """The days on which the span is near its deadline and overdue, ahead of time, never before it began."""
    span.due_on = due_on
    span.red_from = max(due_on + ONE_DAY, span.started_on)
    span.yellow_from = max(yellow_on, span.started_on)
    span.yellow_until = span.red_from


def end_span(problem: Problem, at: dt.datetime) -> None:
    """End the open span, clearing the lights that it did not live to see."""
    span = problem.spans.filter(ended_at=None).first()
    if span is None:
        return
    span.ended_at, span.ended_on = at, clock.local_date(at)
    trim_lights(span)
    span.save()


def trim_lights(span: StateSpan) -> None:
    """Clear or cut the days of light that lie after an ended span."""
    if span.red_from is not None and span.red_from > span.ended_on:
        span.red_from = None
    if span.yellow_from is not None and span.yellow_from > span.ended_on:
        span.yellow_from = span.yellow_until = None
    elif span.yellow_until is not None:
        span.yellow_until = min(span.yellow_until, span.ended_on)


def lock(problem: Problem | int) -> Problem:
    """The entry as it is now, locked against other writers until the transaction ends.

    Raises Problem.DoesNotExist for an unknown number.
    """
    pk = problem.pk if isinstance(problem, Problem) else problem
    return (
        Problem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("region", "enterprise", "enterprise__region", "chain", "committee", "category")
        .get(pk=pk)
    )


def lock_all(keys: Iterable[int]) -> list[Problem]:
    """Several entries as they are now, locked in the order of their numbers."""
    return list(Problem.objects.select_for_update(no_key=True).filter(pk__in=list(keys)).order_by("pk"))


def events_since(problem: Problem, version: int) -> list[Event]:
    """What happened to the entry after somebody read this version."""
    return [event for event in Event.objects.of(problem) if event.data.get("version", 0) > version]


def check_version(problem: Problem, version: int | None) -> None:
    """Raises Conflict where the entry is no longer at the version that the person saw. None is not compared: for
    callers that have read the row in the same transaction."""
    if version is not None and version != problem.version:
        refusal = Refusal("conflict", _("您打开页面之后，本事项已被他人更新，请先看清变化再办理。"))
        raise Conflict(refusal, events_since(problem, version))


@contextlib.contextmanager
def step(name: str, problem: Problem | int, *, by: Actor, version: int | None, at: dt.datetime | None = None):
    """A guarded transition: yields a `Step` on the locked entry.

    `at` is when it really happened, for records entered afterwards; pages never pass it. Raises Conflict when the
    version differs, Refused when the table, the person or a standing rule forbids it, and writes nothing then.
    """
    with transaction.atomic():
        locked = lock(problem)
        check_version(locked, version)
        moment = at or clock.now()
        refusal = refusal_for(name, locked, by, clock.local_date(moment))
        if refusal:
            raise Refused(refusal)
        before = snapshots.picture(locked) if name != "undo" else None
        yield Step(name, locked, by, moment, happened_earlier=at is not None, before=before)


def required(**texts: str) -> None:
    """Raises ValidationError beside each field that is empty."""
    missing = {name: _("此项必填。") for name, text in texts.items() if not (text or "").strip()}
    if missing:
        raise ValidationError(missing)


def limited(**pairs: tuple[str, int]) -> None:
    """Raises ValidationError beside each text that is longer than its column or holds what no column can."""
    wrong = {}
    for name, (text, longest) in pairs.items():
        if len(text or "") > longest:
            wrong[name] = _("最多 %(count)d 字。") % {"count": longest}
        elif "\x00" in (text or "") or any("\ud800" <= c <= "\udfff" for c in text or ""):
            wrong[name] = _("含有无法保存的字符。")
    if wrong:
        raise ValidationError(wrong)
