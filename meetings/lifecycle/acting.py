"""What a decision does to its problem, through the ledger's own lifecycle (议定对问题的处理).

Locks go from the decision to the entry. A step that the ledger would not take leaves the decision in force, with the
ledger's own sentence; whoever may carries it out later, once.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from audit.models import Event
from audit.trail import record
from core.actor import SYSTEM, Actor
from core.clock import today
from core.transitions import Refusal, Refused
from meetings.enums import ActState, DecisionAct, DecisionState
from meetings.lifecycle.guards import locked_decision, refuse
from meetings.models import Decision
from problems import lifecycle as problems
from problems.enums import State

# Fields of the ledger's steps, told beside the fields of a decision.
FIELDS = {"lead": "act_unit", "due_on": "act_on", "new_due_on": "act_on", "next_on": "act_on"}
LONGEST_INSTRUCTION = 500


def step_of(decision: Decision) -> str:
    """The transition of the ledger's table that the decision asks for: what is with a unit is transferred."""
    if decision.act == DecisionAct.EXTEND:
        return "extend_by_meeting"
    if decision.act == DecisionAct.WAIT:
        return "wait_by_meeting"
    handled = decision.problem.state in (State.ASSIGNED, State.IN_PROGRESS)
    return "transfer" if handled else "assign"


def _run(decision: Decision, by: Actor):
    """Take the step. Raises what the ledger raises."""
    step, problem = step_of(decision), decision.problem
    unit = {"team": decision.act_team, "department": decision.act_department}
    text = decision.text[:LONGEST_INSTRUCTION]
    if step == "assign":
        return problems.assign(problem, by=by, instruction=text, due_on=decision.act_on, **unit)
    if step == "transfer":
        return problems.transfer(problem, by=by, reason=text, due_on=decision.act_on, **unit)
    if decision.act_on is None:
        raise ValidationError({"act_on": _("请填写新的日期。")})
    if step == "extend_by_meeting":
        return problems.extend_by_meeting(problem, by=by, new_due_on=decision.act_on, reason=text)
    return problems.wait_by_meeting(problem, by=by, next_on=decision.act_on, text=text)


def wrong(decision: Decision) -> dict[str, str]:
    """Why the ledger would not take the step if it were taken now, beside the fields of the decision: who may take it
    is asked when it is taken. The step is tried and taken back."""
    try:
        with transaction.atomic():
            _run(decision, SYSTEM)
            transaction.set_rollback(True)
    except (Refused, ValidationError) as error:
        return _sentences(error)
    return {}


def _sentences(error: Exception) -> dict[str, str]:
    if isinstance(error, Refused):
        return {"act": str(error.refusal.sentence)}
    if hasattr(error, "error_dict"):
        return {FIELDS.get(name, "act"): " ".join(texts) for name, texts in error.message_dict.items()}
    return {"act": " ".join(error.messages)}


def begin(decision: Decision, by: Actor) -> None:
    """The decision is in force: take its step, or keep why the ledger would not. The caller holds its lock."""
    if not decision.act or decision.act_state == ActState.DONE:
        return
    try:
        with transaction.atomic():
            problem = _run(decision, by)
    except (Refused, ValidationError) as error:
        # Kept in the product's own language: whoever reads it later may have another.
        with translation.override("zh-hans"):
            told = " ".join(_sentences(error).values())
        decision.act_state, decision.act_sentence = ActState.REFUSED, told[:300]
        decision.version += 1
        decision.save()
        record(by, "decision.act_refused", decision, version=decision.version, act=decision.act, why=told)
        return
    _done(decision, by, problem)


def _done(decision: Decision, by: Actor, problem) -> None:
    decision.act_state, decision.act_sentence, decision.acted_on = ActState.DONE, "", today()
    decision.version += 1
    decision.save()
    record(
        by, "decision.acted", decision, version=decision.version, act=decision.act, problem=problem,
        problem_version=problem.version,
    )  # fmt: skip


def may_carry_out(decision: Decision, actor: Actor) -> Refusal | None:
    """Why this person cannot take the decision's step now, or None: the ledger's own rules say who may."""
    if not decision.act or decision.state not in (DecisionState.OPEN, DecisionState.DONE):
        return Refusal("state", _("没有待执行的处理。"))
    if decision.act_state == ActState.DONE:
        return Refusal("acted", _("这项处理已经执行，不重复执行。"))
    return problems.refusal_for(step_of(decision), decision.problem, actor)


@transaction.atomic
def carry_out(decision: Decision, *, by: Actor, version=None) -> Decision:
    """Take the step that was refused or taken back. Never twice. Raises what the ledger raises."""
    decision = locked_decision(decision, version)
    refuse(may_carry_out(decision, by))
    try:
        problem = _run(decision, by)
    except ValidationError as error:
        raise Refused(Refusal("act", " ".join(_sentences(error).values()))) from None
    _done(decision, by, problem)
    return decision


# --- undone in the ledger ---------------------------------------------------------------------------------------
def after_undo(sender, instance: Event, created: bool, **_signal) -> None:
    """A step of an entry was taken back: if a decision had taken it, the decision waits again. Done after the commit,
    so that locks never go from the entry to the decision."""
    if created and instance.verb == "problem.undo":
        version = instance.data.get("version", 0) - 1
        transaction.on_commit(lambda: note_undone(instance.object_id, version), robust=True)


@transaction.atomic
def note_undone(problem_id: int, version: int) -> None:
    """The step that led the entry to `version` no longer holds."""
    acted = Event.objects.filter(verb="decision.acted", object_type="meetings.decision", data__problem_version=version)
    for decision in Decision.objects.filter(problem=problem_id, act_state=ActState.DONE):
        if not acted.filter(object_id=decision.pk).exists():
            continue
        decision = locked_decision(decision, None)
        if decision.act_state == ActState.DONE:
            decision.act_state, decision.acted_on = ActState.WAITING, None
            decision.version += 1
            decision.save()
            record(SYSTEM, "decision.act_undone", decision, version=decision.version, act=decision.act)
