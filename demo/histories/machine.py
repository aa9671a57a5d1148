"""What every step of a history does once: the moment, the span, the version, the event; legs and deadlines.

It mirrors `problems.lifecycle.machine`, in memory.
"""

import datetime as dt
from dataclasses import dataclass, field

from core import clock
from core.actor import Actor
from core.workdays import WorkCalendar
from problems import perms, rules
from problems.enums import CLOCK_STATES, HANDLED_STATES, PAUSED_STATES, RequestState
from problems.lifecycle import limits
from problems.lifecycle.machine import set_lights, trim_lights
from problems.models import Assignment, Extension, Instruction, Objection, Problem, Rulebook, StateSpan, StepLimit


class NotYet(Exception):
    """The next step lies in the future: the story ends here for now."""


@dataclass
class Scene:
    """What a history needs to know of the world: calendar, rules, the present moment, how far a story may go."""

    calendar: WorkCalendar
    rulebook: Rulebook
    now: dt.datetime


@dataclass
class Happening:
    """One step as it was told: what the replay feeds to the lifecycle, and what the event says."""

    at: dt.datetime
    name: str
    by: Actor
    arguments: dict
    verb: str
    data: dict
    subject: Problem


@dataclass
class Base:
    """One problem's life so far. `stop_after` names the step after which nothing more happens: scenes set for today."""

    problem: Problem
    scene: Scene
    stop_after: str = ""
    spans: list[StateSpan] = field(default_factory=list)
    legs: list[Assignment] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    limits: list[StepLimit] = field(default_factory=list)
    instructions: list[Instruction] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    moment: dt.datetime | None = None
    replied: set[int] = field(default_factory=set)

    # --- machinery ---

    @property
    def day(self) -> dt.date:
        return clock.local_date(self.moment)

    def _begin(self, at: dt.datetime) -> None:
        if self.happenings and self.happenings[-1].name == self.stop_after:
            raise NotYet
        if at > self.scene.now:
            raise NotYet
        assert self.moment is None or at > self.moment, "a story goes forward"
        self.moment = at

    def _finish(self, name, by, *, to=None, respan=False, arguments=None, verb=None, **data) -> None:
        problem, before = self.problem, self.problem.state
        if to is not None and to != before:
            problem.state, problem.since_on = to, self.day
            if to not in CLOCK_STATES:
                problem.pause_asked_on = None
        if problem.state != before or respan:
            self._begin_span()
        problem.version += 1
        data = {"version": problem.version, **data}
        if problem.state != before:
            data["state"] = [str(before), str(problem.state)]
        self._follow_limits(name, by)
        self._tell(name, by, arguments, verb, data)

    def _follow_limits(self, name: str, by: Actor) -> None:
        """As `problems.lifecycle.limits.follow`, in memory."""
        problem, lead = self.problem, self.lead_leg
        if name in limits.REPLIES and lead is not None and perms.handles(problem, by):
            self.replied.add(limits.leg_key(lead))
        replied = set(self.replied)
        if problem.first_reply_on is not None:
            replied |= {
                limits.leg_key(leg) for leg in self.legs if clock.local_date(leg.assigned_at) <= problem.first_reply_on
            }
        pending = [one for one in self.objections if one.state == RequestState.PENDING and one.assignment is lead]
        facts = limits.Facts(
            problem=problem, legs=self.legs, book=self.scene.rulebook, calendar=self.scene.calendar,
            objection=pending[0] if pending and problem.state in limits.HELD else None, pauses=self._pauses(),
            replied=frozenset(replied), rated=name == "rate_not_satisfied",
        )  # fmt: skip
        running = [row for row in self.limits if row.met_on is None and row.dropped_on is None]
        new, _changed = limits.settle(running, facts, self.day)
        self.limits += new

    def _pauses(self) -> list[tuple[dt.date, dt.date]]:
        ended = [span for span in self.spans if span.state in PAUSED_STATES and span.ended_on is not None]
        return [(span.started_on, span.ended_on) for span in ended] if self.problem.state in limits.HELD else []

    def _tell(self, name, by, arguments, verb, data) -> None:
        self.happenings.append(
            Happening(self.moment, name, by, arguments or {}, verb or f"problem.{name}", data, self.problem)
        )

    def _begin_span(self) -> None:
        problem = self.problem
        if self.spans:
            last = self.spans[-1]
            last.ended_at, last.ended_on = self.moment, self.day
            trim_lights(last)
        handled = problem.state in HANDLED_STATES
        span = StateSpan(
            problem=problem,
            enterprise_id=problem.enterprise_id,
            region_id=problem.region_id,
            chain_id=problem.chain_id,
            committee_id=problem.committee_id,
            state=problem.state,
            team_id=problem.lead_team_id if handled else None,
            department_id=problem.lead_department_id if handled else None,
            started_at=self.moment,
            started_on=self.day,
        )
        if problem.state in CLOCK_STATES:
            set_lights(span, problem.yellow_on, problem.due_on)
        self.spans.append(span)

    def _deadline(self, due_on: dt.date | None) -> None:
        scene = self.scene
        self.problem.due_on = due_on
        self.problem.yellow_on = due_on and rules.yellow_from(scene.rulebook, due_on, scene.calendar)

    def _first(self, *names: str) -> None:
        for name in names:
            if getattr(self.problem, name) is None:
                setattr(self.problem, name, self.day)

    @property
    def lead_leg(self) -> Assignment | None:
        return next((leg for leg in self.legs if leg.is_lead and leg.ended_at is None), None)

    def _end_legs(self, kind: str, only=None) -> None:
        for leg in only or [leg for leg in self.legs if leg.ended_at is None]:
            leg.ended_at, leg.end_kind = self.moment, kind

    def _hand_over(self, by: Actor, unit, instruction: str, due_on: dt.date | None = None) -> Assignment:
        scene, problem = self.scene, self.problem
        due_on = due_on or rules.deadline(scene.rulebook, problem.urgency, self.day, scene.calendar)
        problem.lead_team, problem.lead_department = as_columns(unit)
        leg = self._leg(by, unit, due_on, instruction, is_lead=True)
        self._deadline(due_on)
        return leg

    def _leg(self, by: Actor, unit, due_on, instruction, *, is_lead) -> Assignment:
        team, department = as_columns(unit)
        leg = Assignment(
            problem=self.problem,
            team=team,
            department=department,
            is_lead=is_lead,
            assigned_by_id=by.user_id,
            assigned_at=self.moment,
            due_on=due_on,
            instruction=instruction,
        )
        self.legs.append(leg)
        return leg

    def state_at(self, at: dt.datetime) -> str:
        """The entry's state at a moment; empty before it was raised."""
        inside = [span for span in self.spans if span.started_at <= at and (not span.ended_at or at < span.ended_at)]
        return inside[0].state if inside else ""

    def in_order(self) -> None:
        """Bring the steps into the order of time and number the versions by it."""
        self.happenings.sort(key=lambda step: step.at)
        version = 1
        for step in self.happenings:
            version += step.name not in ("raise_problem", "save_draft", "received_merge")
            step.data["version"] = version
        self.problem.version = version

    def _lead(self):
        return self.problem.lead_team or self.problem.lead_department

    def _begin_again(self, by, instruction: str) -> None:
        unit = self._lead()
        held = next((leg for leg in reversed(self.legs) if leg.is_lead and leg.handler_id), None)
        leg = self._hand_over(by, unit, instruction[:500])
        leg.signed_at = self.moment
        if held is not None and held.unit == unit:
            leg.handler_id = held.handler_id
        self.problem.outcome = ""


def as_columns(unit):
    """(team, department) of a unit, one of them None."""
    return (None, unit) if unit._meta.model_name == "department" else (unit, None)
