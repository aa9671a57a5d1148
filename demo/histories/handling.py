"""In the hands of units, as in `problems.lifecycle.handling`."""

import datetime as dt

from demo.histories.machine import Base, as_columns
from problems import rules
from problems.enums import HANDLED_STATES, LegEnd, LimitStep, RequestState, State, Trigger
from problems.models import Extension, Instruction, Objection
from problems.perms import handles


class Handling(Base):
    """In the hands of units, as in `problems.lifecycle.handling`."""

    def assign(self, at, by, unit, helpers=(), instruction: str = "") -> None:
        self._begin(at)
        scene = self.scene
        self._hand_over(by, unit, instruction)
        days = rules.limit_days(scene.rulebook, LimitStep.COHANDLE, urgency=self.problem.urgency)
        due_on = min(scene.calendar.add(self.day, days), self.problem.due_on)
        for helper in helpers:
            self._leg(by, helper, due_on, instruction, is_lead=False)
        self._first("assigned_on")
        team, department = as_columns(unit)
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
        team, department = as_columns(unit)
        self._finish(
            "transfer", by, to=State.ASSIGNED, respan=True,
            arguments={"team": team, "department": department, "reason": reason},
            reason=reason, before=before, unit=unit, due_on=self.problem.due_on, escalated=self.problem.is_escalated,
        )  # fmt: skip

    def sign(self, at, by) -> None:
        self._begin(at)
        leg = self.lead_leg
        leg.signed_at, leg.signed_by_id, leg.handler_id = at, by.user_id, by.user_id
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
        if self.problem.state in HANDLED_STATES and handles(self.problem, by):
            self._first("first_reply_on")
        self._finish("add_note", by, arguments={"text": text}, text=text)

    def instruct(self, at, by, text: str) -> None:
        self._begin(at)
        report_by_on = self.scene.calendar.add(self.day, 5)
        self.instructions.append(
            Instruction(
                problem=self.problem, given_by_id=by.user_id, given_at=at, given_on=self.day, title=by.title[:80],
                text=text, report_by_on=report_by_on,
            )
        )  # fmt: skip
        arguments = {"text": text, "report_by_on": report_by_on}
        self._finish("instruct", by, arguments=arguments, **arguments)

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
        self._raise_level(self.scene.rulebook.escalates_to)
        level = self.problem.escalated_to
        self._finish("escalate", by, arguments={"reason": reason}, reason=reason, level=level)

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
        limit = rules.escalates_at(self.scene.rulebook, Trigger.BOUNCED)
        if limit is not None and self.problem.bounces >= limit:
            self._raise_level(self.scene.rulebook.escalates_to)

    def _raise_level(self, level: str) -> None:
        problem = self.problem
        if not problem.escalated_to:
            problem.is_escalated, problem.escalated_to, problem.escalated_on = True, level, self.day
