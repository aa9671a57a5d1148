"""Which results are called back about (抽查回访): drawn when an entry is resolved, in the same transaction.

The draw follows from the entry's number, the round of handling and the key of the installation: the same entry
always draws the same lot, and nobody can know it before. `problems.lifecycle` calls `follow` after every step; this
module imports nothing of it.
"""

from django.utils.crypto import salted_hmac

from audit import trail
from core import clock
from core.actor import SYSTEM
from problems import rules
from problems.enums import CallBackKind, CallBackState, LimitStep, Outcome, State
from problems.models import CallBack, Problem

ANSWERED_STATES = frozenset({State.RESOLVED, State.CLOSED})
_RESULTS = frozenset({"resolve", "settle_by_root"})


def lot(problem: Problem) -> int:
    """From 0 to 99, evenly."""
    made = salted_hmac("problems.voice.lot", f"{problem.pk}:{problem.reopened_times}", algorithm="sha256").digest()
    return int.from_bytes(made[:8]) % 100


def follow(step) -> None:
    """After a step: a result may be drawn, a call about a result that is no longer one falls away.

    What is entered afterwards (`at` of another time) is not drawn: nobody calls about last year.
    """
    problem = step.problem
    if step.name in _RESULTS and problem.outcome != Outcome.WAITING:
        if not step.happened_earlier and lot(problem) < step.rulebook.call_back_share:
            draw(step)
    elif problem.state not in ANSWERED_STATES:
        sampled = problem.call_backs.filter(kind=CallBackKind.SAMPLED, state=CallBackState.OPEN)
        sampled.update(state=CallBackState.CANCELLED, done_on=step.day)


def draw(step) -> CallBack | None:
    """The call, once per result; None where one is open already."""
    problem = step.problem
    if problem.call_backs.filter(kind=CallBackKind.SAMPLED, state=CallBackState.OPEN).exists():
        return None
    call = CallBack.objects.create(
        problem=problem,
        region_id=problem.region_id,
        kind=CallBackKind.SAMPLED,
        asked_at=clock.now(),
        asked_on=step.day,
        due_on=due_on(problem, step.rulebook, step.calendar, step.day),
    )
    # Not on the entry's own timeline: the unit need not know before the call.
    trail.record(SYSTEM, "problem.call_back_drawn", call, entry=problem.number, share=step.rulebook.call_back_share)
    return call


def due_on(problem: Problem, book, calendar, day):
    return calendar.add(day, rules.limit_days(book, LimitStep.CALL_BACK, problem.category, problem.urgency))
