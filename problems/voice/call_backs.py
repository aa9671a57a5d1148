"""Calling the enterprise back (回访): by a third person, with an answer that is never dropped.

Who calls keeps the ledger and never handled the entry; a sampled call is not made by whoever assigned the entry
either. 'Not solved' reopens the entry through the ledger's own step, whatever it was rated before. A rating told on
the phone counts where the round has none yet.
"""

import datetime as dt
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from audit.models import Event
from core import clock
from core.actor import Actor, Role
from core.transitions import Refusal, Refused
from problems import lifecycle, perms
from problems.enums import CallBackKind, CallBackState, Channel, Outcome, Rating, State
from problems.lifecycle import limits, machine
from problems.lifecycle.machine import limited, required
from problems.models import CallBack, Problem
from problems.voice import acting
from problems.voice.drawing import ANSWERED_STATES

# Stored in the trail, hence not translated.
BY_PHONE = "（代记企业电话）"
MOST_TRIES = 3
BETWEEN_TRIES = dt.timedelta(hours=1)
CONTENT = (Rating.SATISFIED, Rating.BASICALLY)
# Who may read the list; who calls is narrower (`refusal`).
READERS = (Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY, Role.LEADER)


def readable_by(actor: Actor):
    """Calls of the entries that the actor keeps or leads, not of those that the actor handles."""
    return CallBack.objects.visible_to(replace(actor, duties=actor.duties_as(*READERS)))


def refusal(call: CallBack, problem: Problem, actor: Actor) -> Refusal | None:
    """Why this actor may not make this call now, or None."""
    if call.state != CallBackState.OPEN:
        return Refusal("done", _("这次回访已经办过。"))
    who = perms.as_caller(problem, actor)
    if who is not None:
        return who
    if call.kind == CallBackKind.REQUESTED:
        return None
    if problem.state not in ANSWERED_STATES:
        return Refusal("state", _("这件事又在办理中，办结后再回访。"))
    if problem.assignments.filter(assigned_by_id=actor.user_id).exists():
        return Refusal("third_person", _("抽查回访由没有经手的人进行，您交办过本事项。"), perms.KEEPERS)
    return None


def tries_of(call: CallBack) -> list[Event]:
    """The calls that were not answered, oldest first."""
    missed = Event.objects.filter(
        object_type=Problem._meta.label_lower, object_id=call.problem_id, verb="problem.call_back_missed"
    )
    return list(missed.filter(data__call_back=call.pk).order_by("id"))


def _begin(call: CallBack, by: Actor, version: int | None) -> tuple[CallBack, Problem]:
    problem = machine.lock(call.problem_id)
    machine.check_version(problem, version)
    locked = CallBack.objects.select_for_update(of=("self",), no_key=True).get(pk=call.pk)
    found = refusal(locked, problem, by)
    if found is not None:
        raise Refused(found)
    return locked, problem


@transaction.atomic
def missed(call: CallBack, *, by: Actor, version: int | None = None, text: str = "") -> CallBack:
    """Nobody answered. After the third time the call ends as unreachable (未接通)."""
    limited(text=(text, 1000))
    call, problem = _begin(call, by, version)
    before = tries_of(call)
    if before and clock.now() - before[-1].at < BETWEEN_TRIES:
        raise Refused(Refusal("too_soon", _("刚打过一次没有接通，请隔一小时再打。")))
    tries = len(before) + 1
    trail.record(by, "problem.call_back_missed", problem, call_back=call.pk, tries=tries, text=text)
    if tries >= MOST_TRIES:
        _end(call, by, CallBackState.UNREACHABLE, text=text)
        limits.rebuild(problem)
    return call


@transaction.atomic
def reached(
    call: CallBack, *, by: Actor, version: int | None = None, is_solved: bool, rating: str = "", text: str
) -> CallBack:
    """What the enterprise said. Not solved, or not satisfied: the entry is handled again."""
    required(text=text)
    limited(text=(text, 1000))
    if rating not in ("", *Rating.values):
        raise ValidationError({"rating": _("请选择评价。")})
    if not is_solved and rating in (Rating.SATISFIED, Rating.BASICALLY):
        raise ValidationError({"rating": _("企业说没有解决的，不能记为满意或基本满意。")})
    call, problem = _begin(call, by, version)
    call.is_solved, call.rating = is_solved, rating
    _end(call, by, CallBackState.REACHED, text=text)
    trail.record(
        by, "problem.call_back", problem, call_back=call.pk, text=text, rating=rating, solved=is_solved
    )  # fmt: skip
    limits.rebuild(_follow(problem, call, by))
    return call


def _end(call: CallBack, by: Actor, state: str, *, text: str) -> None:
    call.state, call.done_by_id, call.done_on, call.text = state, by.user_id, clock.today(), text
    call.save()


def _follow(problem: Problem, call: CallBack, by: Actor) -> Problem:
    """The entry after the enterprise's word, which moves it where its state allows; elsewhere it is being handled
    anyway, or waits for a policy, and the word stands on the timeline."""
    waits = problem.state == State.RESOLVED and problem.outcome == Outcome.WAITING
    if waits or problem.state not in ANSWERED_STATES:
        return problem
    if not call.is_solved or call.rating == Rating.NOT_SATISFIED:
        return lifecycle.say_not_solved(problem, by=by, text=call.text)
    if call.rating and problem.state == State.RESOLVED and problem.rating not in CONTENT:
        speaker = acting.enterprise_actor(problem, user_id=by.user_id, name=f"{by.name}{BY_PHONE}", ip=by.ip)
        return lifecycle.rate(problem, by=speaker, rating=call.rating, text=call.text[:500], channel=Channel.CALL_BACK)
    return problem
