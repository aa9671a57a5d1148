"""The life of one problem, told in memory: the rows that `problems.lifecycle` would have written, step by step.

`History` has one method for each transition of the ledger's table. It keeps the entry's columns, its spans, legs,
requests and events as the lifecycle does, without the database; a test replays samples through the lifecycle and
compares. A step that lies after the present moment raises `NotYet`, so that a story simply stops where today is.
"""

from audit import trail
from audit.models import Event
from core import clock, search
from demo.histories.ending import Ending
from demo.histories.handling import Handling
from demo.histories.intake import Intake
from demo.histories.machine import NotYet, Scene
from problems.models import Problem

__all__ = ["History", "NotYet", "Scene", "add_to", "index", "number_all"]


class History(Intake, Handling, Ending):
    """One problem's life, with every step of the ledger's table."""


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


def _place(row, problem: Problem) -> None:
    """An instruction takes the entry's place; a matter that was resolved after it has been reported."""
    row.problem, row.enterprise_id, row.region_id = problem, problem.enterprise_id, problem.region_id
    row.chain_id, row.committee_id = problem.chain_id, problem.committee_id
    if problem.resolved_on is not None and problem.resolved_on >= row.given_on:
        row.report, row.reported_on = "已按批示要求办理，办理结果见本事项。", problem.resolved_on


def add_to(rows, histories: list[History]) -> None:
    """All rows of the histories, ready to be written; problems and events in the order of time."""
    parts = [row for h in histories for row in [*h.spans, *h.legs, *h.objections, *h.extensions]]
    rows.put_in_order(Problem, key=lambda problem: (problem.created_at, problem.pk), also=parts)
    for history in histories:
        history.in_order()
        index(history.problem)
        for row in [*history.spans, *history.legs]:
            rows.add(row)
        for row in [*history.objections, *history.extensions]:
            row.assignment_id = row.assignment.pk
            rows.add(row)
        for row in history.limits:
            # Set anew: their keys were given after the row was made.
            row.problem, row.assignment = history.problem, row.assignment
            rows.add(row)
        for row in history.instructions:
            _place(row, history.problem)
            rows.add(row)
    told = [step for history in histories for step in history.happenings]
    for step in sorted(told, key=lambda one: one.at):
        values = trail.fields(step.by, step.verb, step.subject, **step.data)
        rows.add(Event(at=step.at, **values))
