"""Towards the end and back, as in `problems.lifecycle.ending`."""

import datetime as dt

from demo.histories.machine import Base
from problems.enums import CLOCK_STATES, Channel, LegEnd, Rating, State


class Ending(Base):
    """Towards the end and back, as in `problems.lifecycle.ending`."""

    def resolve(self, at, by, outcome: str, text: str, next_on: dt.date | None = None) -> None:
        self._begin(at)
        problem = self.problem
        problem.outcome, problem.resolution, problem.next_on = outcome, text, next_on
        if problem.rating != Rating.NOT_SATISFIED:
            problem.rating = problem.rated_by = ""
        self._first("first_reply_on", "resolved_on")
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
        problem.rating, problem.rating_text, problem.rated_by = rating, text, Channel.SIGNED_IN
        self._first("rated_on")
        arguments = {"rating": str(rating), "text": text}
        if rating == Rating.NOT_SATISFIED:
            problem.reopened_times += 1
            self._begin_again(by, text)
            self._finish("rate_not_satisfied", by, to=State.IN_PROGRESS, arguments=arguments, rating=str(rating),
                         text=text, channel=str(Channel.SIGNED_IN), due_on=problem.due_on)  # fmt: skip
        else:
            self._first("confirmed_on")
            self._finish("rate", by, arguments=arguments, rating=str(rating), text=text,
                         channel=str(Channel.SIGNED_IN))  # fmt: skip

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
        problem.ended_on, problem.rating, problem.rated_by = None, "", ""
        problem.reopened_times += 1
        self._begin_again(by, reason)
        self._finish("reopen", by, to=State.IN_PROGRESS, arguments={"reason": reason}, reason=reason,
                     due_on=problem.due_on, outcome=was)  # fmt: skip
