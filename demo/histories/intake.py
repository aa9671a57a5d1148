"""From raising to acceptance, as in `problems.lifecycle.intake`."""

import datetime as dt

from core.actor import Actor
from demo.histories.machine import Base, Happening
from problems.enums import LegEnd, Outcome, State


class Intake(Base):
    """From raising to acceptance, as in `problems.lifecycle.intake`."""

    def raised(self, at: dt.datetime, by: Actor) -> None:
        self._begin(at)
        problem = self.problem
        problem.created_at, problem.created_by_id = at, by.user_id
        problem.state = State.SUBMITTED
        problem.submitted_at, problem.submitted_on, problem.since_on = at, self.day, self.day
        self._begin_span()
        data = {"version": problem.version, "source": str(problem.source), "enterprise": problem.enterprise}
        self._follow_limits("raise_problem", by)
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

    def merge_into(self, at, by, target: Base, reason: str = "") -> None:
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
