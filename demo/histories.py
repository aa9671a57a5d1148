"""The life of one problem, told in memory: the rows that `problems.lifecycle` would have written, step by step.

`History` has one method for each transition of the ledger's table. It keeps the entry's columns, its spans, legs,
requests and events as the lifecycle does, without the database; a test replays samples through the lifecycle and
compares. A step that lies after the present moment raises `NotYet`, so that a story simply stops where today is.
"""

import datetime as dt
from dataclasses import dataclass, field

from audit import trail
from audit.models import Event
from core import clock, search
from core.actor import Actor
from core.workdays import WorkCalendar
from problems import rules
from problems.enums import CLOCK_STATES, HANDLED_STATES, LegEnd, Outcome, Rating, RequestState, State
from problems.lifecycle.machine import set_lights, trim_lights
from problems.models import Assignment, Extension, Objection, Problem, Rulebook, StateSpan


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
class History:
    """One problem's life. `stop_after` names the step after which nothing more happens (for scenes set for today)."""

    problem: Problem
    scene: Scene
    stop_after: str = ""
    spans: list[StateSpan] = field(default_factory=list)
    legs: list[Assignment] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    moment: dt.datetime | None = None

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
        self._tell(name, by, arguments, verb, data)

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
        problem.lead_team, problem.lead_department = _as_columns(unit)
        leg = self._leg(by, unit, due_on, instruction, is_lead=True)
        self._deadline(due_on)
        return leg

    def _leg(self, by: Actor, unit, due_on, instruction, *, is_lead) -> Assignment:
        team, department = _as_columns(unit)
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

    # --- intake ---

    def raised(self, at: dt.datetime, by: Actor) -> None:
        self._begin(at)
        problem = self.problem
        problem.created_at, problem.created_by_id = at, by.user_id
        problem.state = State.SUBMITTED
        problem.submitted_at, problem.submitted_on, problem.since_on = at, self.day, self.day
        self._begin_span()
        data = {"version": problem.version, "source": str(problem.source), "enterprise": problem.enterprise}
        self._tell("raise_problem", by, {}, "problem.raised", data)

    def drafted(self, at: dt.datetime, by: Actor) -> None:
        self._begin(at)
        self.problem.created_at, self.problem.created_by_id = at, by.user_id
        self._tell("save_draft", by, {}, "problem.drafted", {"version": self.problem.version})

    def accept(self, at, by, note: str = "") -> None:
        self._begin(at)
        self._first("accepted_on")
        self._finish("accept", by, to=State.ACCEPTED, arguments={"note": note}, note=note)

    def return_for_completion(self, at, by, reason: str) -> None:
        self._begin(at)
        self._finish("return_for_completion", by, to=State.RETURNED, arguments={"reason": reason}, reason=reason)

    def resubmit(self, at, by, note: str = "") -> None:
        self._begin(at)
        self._finish("resubmit", by, to=State.SUBMITTED, arguments={"note": note}, note=note)

    def decline(self, at, by, reason: str) -> None:
        self._begin(at)
        self.problem.outcome, self.problem.ended_on = Outcome.DECLINED, self.day
        self._finish("decline", by, to=State.DECLINED, arguments={"reason": reason}, reason=reason)

    def merge_into(self, at, by, target: "History", reason: str = "") -> None:
        self._begin(at)
        self.problem.merged_into = target.problem
        self.problem.outcome, self.problem.ended_on = Outcome.MERGED, self.day
        told = Happening(
            at, "received_merge", by, {}, "problem.received_merge",
            {"version": target.problem.version, "merged": self.problem}, target.problem,
        )  # fmt: skip
        target.happenings.append(told)
        arguments = {"target": target.problem, "reason": reason}
        self._finish("merge_into", by, to=State.DECLINED, arguments=arguments, target=target.problem, reason=reason)

    def withdraw(self, at, by, reason: str) -> None:
        self._begin(at)
        self._end_legs(LegEnd.WITHDRAWN)
        self.problem.outcome, self.problem.ended_on = Outcome.WITHDRAWN, self.day
        self._finish("withdraw", by, to=State.WITHDRAWN, arguments={"reason": reason}, reason=reason)

    def note_decided(self, at, by, on: dt.date, **source) -> None:
        """A meeting decided on it. Told after the fact, so it may lie before the last step; see `in_order`."""
        if self.problem.decided_on is None or on < self.problem.decided_on:
            self.problem.decided_on = on
        data = {"on": on, **source}
        self.happenings.append(
            Happening(at, "note_decided", by, {"on": on, **source}, "problem.note_decided", data, self.problem)
        )

    # --- handling ---

    def assign(self, at, by, unit, helpers=(), instruction: str = "") -> None:
        self._begin(at)
        scene = self.scene
        self._hand_over(by, unit, instruction)
        due_on = min(scene.calendar.add(self.day, scene.rulebook.cohandler_days), self.problem.due_on)
        for helper in helpers:
            self._leg(by, helper, due_on, instruction, is_lead=False)
        self._first("assigned_on")
        team, department = _as_columns(unit)
        arguments = {"team": team, "department": department, "instruction": instruction,
                     "codepartments": list(helpers)}  # fmt: skip
        self._finish(
            "assign", by, to=State.ASSIGNED, arguments=arguments, unit=unit, helpers=[str(one) for one in helpers],
            due_on=self.problem.due_on, instruction=instruction,
        )  # fmt: skip

    def transfer(self, at, by, unit, reason: str) -> None:
        self._begin(at)
        before = self._lead()
        self._drop_requests(by, LegEnd.TRANSFERRED)
        self._hand_over(by, unit, reason)
        self._bounce()
        team, department = _as_columns(unit)
        self._finish(
            "transfer", by, to=State.ASSIGNED, respan=True,
            arguments={"team": team, "department": department, "reason": reason},
            reason=reason, before=before, unit=unit, due_on=self.problem.due_on, escalated=self.problem.is_escalated,
        )  # fmt: skip

    def sign(self, at, by) -> None:
        self._begin(at)
        leg = self.lead_leg
        leg.signed_at, leg.signed_by_id = at, by.user_id
        self._finish("sign", by, to=State.IN_PROGRESS, unit=self._lead())

    def object_to(self, at, by, ground: str) -> None:
        self._begin(at)
        self.objections.append(
            Objection(assignment=self.lead_leg, problem=self.problem, ground=ground, raised_by_id=by.user_id,
                      raised_at=at)
        )  # fmt: skip
        self._finish("object_to", by, arguments={"ground": ground}, ground=ground, unit=self._lead())

    def rule_on_objection(self, at, by, granted: bool, ruling: str) -> None:
        self._begin(at)
        asked = self.objections[-1]
        asked.state = RequestState.GRANTED if granted else RequestState.REFUSED
        asked.ruling, asked.ruled_by_id, asked.ruled_at = ruling, by.user_id, at
        unit = self._lead()
        if granted:
            self._drop_requests(by, LegEnd.OBJECTED)
            self._end_legs(LegEnd.CANCELLED)
            self.problem.lead_team = self.problem.lead_department = None
            self._deadline(None)
            self._bounce()
        name = "grant_objection" if granted else "refuse_objection"
        self._finish(
            name, by, to=State.ACCEPTED if granted else None, arguments={"granted": granted, "ruling": ruling},
            ruling=ruling, unit=unit, escalated=self.problem.is_escalated,
        )  # fmt: skip

    def add_note(self, at, by, text: str) -> None:
        self._begin(at)
        self._finish("add_note", by, arguments={"text": text}, text=text)

    def instruct(self, at, by, text: str) -> None:
        self._begin(at)
        self._finish("instruct", by, arguments={"text": text}, text=text)

    def report_as_cohandler(self, at, by, text: str) -> None:
        self._begin(at)
        department = by.duties[0].department_id
        leg = next(leg for leg in self.legs if not leg.is_lead and leg.department_id == department)
        leg.reported_at, leg.report_text = at, text
        self._end_legs(LegEnd.RESOLVED, [leg])
        self._finish("report_as_cohandler", by, arguments={"text": text}, text=text, unit=leg.department)

    def ask_suspension(self, at, by, reason: str) -> None:
        self._begin(at)
        self.problem.pause_asked_on = self.day
        self._finish("ask_suspension", by, arguments={"reason": reason}, reason=reason)

    def suspend(self, at, by, reason: str, next_on: dt.date | None = None) -> None:
        self._begin(at)
        if next_on is not None:
            self.problem.next_on = next_on
        arguments = {"reason": reason, "next_on": next_on}
        self._finish("suspend", by, to=State.SUSPENDED, arguments=arguments, **arguments)

    def resume(self, at, by, note: str = "") -> None:
        self._begin(at)
        problem = self.problem
        problem.next_on = None
        if problem.state == State.RESOLVED:
            self._begin_again(by, note)
        else:
            pause = [(self.spans[-1].started_on, self.day)]
            for leg in self.legs:
                if leg.ended_at is None:
                    leg.due_on = self.scene.calendar.shift(leg.due_on, pause)
            self._deadline(self.scene.calendar.shift(problem.due_on, pause))
        signed = self.lead_leg.signed_at is not None
        self._finish(
            "resume", by, to=State.IN_PROGRESS if signed else State.ASSIGNED, respan=True, arguments={"note": note},
            note=note, due_on=problem.due_on,
        )  # fmt: skip

    def _begin_again(self, by, instruction: str) -> None:
        leg = self._hand_over(by, self._lead(), instruction[:500])
        leg.signed_at = self.moment
        self.problem.outcome = ""

    def ask_extension(self, at, by, new_due_on: dt.date, reason: str) -> None:
        self._begin(at)
        old = self.problem.due_on
        self.extensions.append(
            Extension(problem=self.problem, assignment=self.lead_leg, asked_by_id=by.user_id, asked_at=at,
                      old_due_on=old, new_due_on=new_due_on, reason=reason)
        )  # fmt: skip
        arguments = {"new_due_on": new_due_on, "reason": reason}
        self._finish("ask_extension", by, arguments=arguments, old_due_on=old, **arguments)

    def decide_extension(self, at, by, granted: bool, answer: str = "") -> None:
        self._begin(at)
        asked = self.extensions[-1]
        asked.state = RequestState.GRANTED if granted else RequestState.REFUSED
        asked.answer, asked.decided_by_id, asked.decided_at = answer, by.user_id, at
        if granted:
            self.lead_leg.due_on = max(asked.new_due_on, self.problem.due_on)
            self._deadline(self.lead_leg.due_on)
        self._finish(
            "grant_extension" if granted else "refuse_extension", by, respan=granted,
            arguments={"granted": granted, "answer": answer}, answer=answer, old_due_on=asked.old_due_on,
            new_due_on=asked.new_due_on,
        )  # fmt: skip

    def escalate(self, at, by, reason: str) -> None:
        self._begin(at)
        self.problem.is_escalated = True
        self._finish("escalate", by, arguments={"reason": reason}, reason=reason)

    def _drop_requests(self, by, kind: str) -> None:
        text = "单位已改派，申请自动终止。"
        if self.extensions and self.extensions[-1].state == RequestState.PENDING:
            asked = self.extensions[-1]
            asked.state, asked.answer = RequestState.REFUSED, text
            asked.decided_by_id, asked.decided_at = by.user_id, self.moment
        if self.objections and self.objections[-1].state == RequestState.PENDING:
            asked = self.objections[-1]
            asked.state, asked.ruling = RequestState.REFUSED, text
            asked.ruled_by_id, asked.ruled_at = by.user_id, self.moment
        self.problem.pause_asked_on = None
        self._end_legs(kind, [self.lead_leg])

    def _bounce(self) -> None:
        self.problem.bounces += 1
        if self.problem.bounces >= self.scene.rulebook.bounces_to_escalate:
            self.problem.is_escalated = True

    def _lead(self):
        return self.problem.lead_team or self.problem.lead_department

    # --- the end ---

    def resolve(self, at, by, outcome: str, text: str, next_on: dt.date | None = None) -> None:
        self._begin(at)
        problem = self.problem
        problem.outcome, problem.resolution, problem.next_on = outcome, text, next_on
        if problem.rating != Rating.NOT_SATISFIED:
            problem.rating = ""
        self._first("resolved_on")
        problem.handling_days = self.days_held()
        problem.on_time = problem.on_time is not False and self.day <= problem.due_on
        self._end_legs(LegEnd.RESOLVED)
        arguments = {"outcome": str(outcome), "text": text, "next_on": next_on}
        self._finish("resolve", by, to=State.RESOLVED, arguments=arguments, **arguments, days=problem.handling_days,
                     on_time=problem.on_time)  # fmt: skip

    def days_held(self) -> int:
        """Working days in which a unit's clock ran."""
        between = self.scene.calendar.between
        running = [span for span in self.spans if span.state in CLOCK_STATES]
        return sum(between(span.started_on, span.ended_on or self.day) for span in running)

    def set_waiting_date(self, at, by, next_on: dt.date, note: str = "") -> None:
        self._begin(at)
        self.problem.next_on = next_on
        arguments = {"next_on": next_on, "note": note}
        self._finish("set_waiting_date", by, arguments=arguments, **arguments)

    def rate(self, at, by, rating: str, text: str = "") -> None:
        self._begin(at)
        problem = self.problem
        problem.rating, problem.rating_text = rating, text
        self._first("rated_on")
        arguments = {"rating": str(rating), "text": text}
        if rating == Rating.NOT_SATISFIED:
            problem.reopened_times += 1
            self._begin_again(by, text)
            self._finish("rate_not_satisfied", by, to=State.IN_PROGRESS, arguments=arguments, rating=str(rating),
                         text=text, due_on=problem.due_on)  # fmt: skip
        else:
            self._first("confirmed_on")
            self._finish("rate", by, arguments=arguments, rating=str(rating), text=text)

    def close(self, at, by, note: str = "") -> None:
        self._begin(at)
        problem = self.problem
        self._first("closed_on")
        problem.last_closed_on = problem.ended_on = self.day
        self._finish("close", by, to=State.CLOSED, arguments={"note": note}, note=note, closing_number=None,
                     not_rated=not problem.rating)  # fmt: skip

    def reopen(self, at, by, reason: str) -> None:
        self._begin(at)
        problem = self.problem
        was = str(problem.outcome)
        problem.ended_on, problem.rating = None, ""
        problem.reopened_times += 1
        self._begin_again(by, reason)
        self._finish("reopen", by, to=State.IN_PROGRESS, arguments={"reason": reason}, reason=reason,
                     due_on=problem.due_on, outcome=was)  # fmt: skip


def _as_columns(unit):
    """(team, department) of a unit, one of them None."""
    return (None, unit) if unit._meta.model_name == "department" else (unit, None)


def number_all(histories: list[History], place: str) -> dict[tuple[str, str, int], int]:
    """Give numbers and closing numbers in the order of time, as the lifecycle's sequences would have.

    `place` is the six-digit code of the county. Answers the last value of each (place, kind, year).
    """
    last: dict[tuple[str, str, int], int] = {}

    def take(kind: str, year: int) -> str:
        value = last[place, kind, year] = last.get((place, kind, year), 0) + 1
        return f"{kind}-{place}-{year}-{value:04d}"

    entered = [h for h in histories if h.problem.submitted_at]
    for history in sorted(entered, key=lambda h: h.problem.submitted_at):
        history.problem.number = take("WT", history.problem.submitted_on.year)
    closings = [(step.at, step, h) for h in entered for step in h.happenings if step.name == "close"]
    for at, step, history in sorted(closings, key=lambda one: one[0]):
        if history.problem.closing_number is None:
            history.problem.closing_number = take("XH", clock.local_date(at).year)
        step.data["closing_number"] = history.problem.closing_number
    return last


def index(problem: Problem) -> None:
    """The search tokens, as `problems.lifecycle.intake.index` makes them."""
    enterprise = problem.enterprise
    initials = enterprise.initials or search.initials(enterprise.short_name or enterprise.name)
    problem.tokens = search.tokens(
        problem.number or "", problem.title, problem.text, enterprise.name, enterprise.short_name, initials
    )


def add_to(rows, histories: list[History]) -> None:
    """All rows of the histories, ready to be written; events in the order of time."""
    for history in histories:
        history.in_order()
        index(history.problem)
        for row in [*history.spans, *history.legs]:
            rows.add(row)
        for row in [*history.objections, *history.extensions]:
            row.assignment_id = row.assignment.pk
            rows.add(row)
    told = [step for history in histories for step in history.happenings]
    for step in sorted(told, key=lambda one: one.at):
        values = trail.fields(step.by, step.verb, step.subject, **step.data)
        rows.add(Event(at=step.at, **values))
