"""What the limits of an entry follow from, read for one entry or for many at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from core import clock, workdays
from problems.enums import CLOCK_STATES, PAUSED_STATES, CallBackState, LimitStep, RequestState
from problems.models import Assignment, CallBack, Objection, Problem, StateSpan, StepLimit

HELD = CLOCK_STATES | PAUSED_STATES


@dataclass
class Facts:
    """What the limits of an entry follow from. `legs` are all legs, ended ones too; `replied` holds the keys of legs
    whose unit has given its first reply; `objection` is the one that waits for its ruling; `call` is (asked, due) of
    the earliest open call back."""

    problem: Problem
    legs: list[Assignment]
    book: object
    calendar: workdays.WorkCalendar
    objection: Objection | None = None
    call: tuple | None = None
    pauses: list[workdays.Pause] = field(default_factory=list)
    replied: frozenset = frozenset()
    rated: bool = False

    @property
    def lead(self) -> Assignment | None:
        return next((leg for leg in self.legs if leg.is_lead and leg.ended_at is None), None)


def leg_key(leg: Assignment | None) -> int:
    """The leg's number, or what stands for it while it has none; 0 for the entry itself."""
    return 0 if leg is None else leg.pk or -id(leg)


@dataclass
class Read:
    """Rows by entry: all legs, ended pauses, objections that wait, open calls; of the limits those that run and the
    first replies that were given."""

    legs: dict[int, list[Assignment]] = field(default_factory=dict)
    rows: dict[int, list[StepLimit]] = field(default_factory=dict)
    pauses: dict[int, list[workdays.Pause]] = field(default_factory=dict)
    objections: dict[int, Objection] = field(default_factory=dict)
    calls: dict[int, tuple] = field(default_factory=dict)

    def running(self, problem: Problem) -> list[StepLimit]:
        return [row for row in self.rows.get(problem.pk, ()) if row.met_on is None]

    def of(self, problem: Problem, book, calendar: workdays.WorkCalendar) -> Facts:
        """The facts of one of the entries, by these rules and this calendar."""
        key, legs = problem.pk, self.legs.get(problem.pk, [])
        replied = {row.assignment_id for row in self.rows.get(key, ()) if row.met_on is not None}
        if problem.first_reply_on is not None:
            replied |= {leg.pk for leg in legs if clock.local_date(leg.assigned_at) <= problem.first_reply_on}
        held = problem.state in HELD
        return Facts(
            problem=problem, legs=legs, book=book, calendar=calendar, call=self.calls.get(key),
            objection=self.objections.get(key) if held else None, pauses=self.pauses.get(key, []) if held else [],
            replied=frozenset(replied),
        )  # fmt: skip


# What is reckoned with: half the columns are half the time where there are tens of thousands of rows.
_OF_LEG = (
    "problem_id", "team_id", "department_id", "is_lead", "assigned_at", "due_on", "signed_at", "reported_at",
    "ended_at", "end_kind",
)  # fmt: skip
_OF_LIMIT = (
    "problem_id", "assignment_id", "step", "started_on", "days", "due_on", "near_on", "paused_on", "met_on",
    "dropped_on",
)  # fmt: skip


def read(within: Iterable[int] | QuerySet, *, held: bool = True) -> Read:
    """The rows of these entries (numbers, or a query that answers them), in a fixed number of queries. `held` is
    whether any of them may be in the hands of a unit: else there is neither pause nor objection to ask for."""
    found = Read()
    _group(Assignment.objects.filter(problem__in=within).only(*_OF_LEG).order_by("pk"), found.legs)
    given = Q(step=LimitStep.FIRST_REPLY, met_on__isnull=False)
    rows = StepLimit.objects.filter(Q(met_on=None, dropped_on=None) | given, problem__in=within)
    _group(rows.only(*_OF_LIMIT).order_by("pk"), found.rows)
    calls = CallBack.objects.filter(problem__in=within, state=CallBackState.OPEN).order_by("due_on", "pk")
    for key, *call in calls.values_list("problem_id", "asked_on", "due_on"):
        found.calls.setdefault(key, tuple(call))
    if not held:
        return found
    spans = StateSpan.objects.filter(problem__in=within, state__in=PAUSED_STATES, ended_at__isnull=False)
    for key, *pause in spans.order_by("pk").values_list("problem_id", "started_on", "ended_on"):
        found.pauses.setdefault(key, []).append(tuple(pause))
    asked = Objection.objects.filter(problem__in=within, state=RequestState.PENDING, assignment__ended_at=None)
    for row in asked:
        found.objections.setdefault(row.problem_id, row)
    return found


def _group(rows, found: dict[int, list]) -> None:
    for row in rows:
        found.setdefault(row.problem_id, []).append(row)
