"""What is told to whom about a change: one function for each kind of change, found by the event's verb.

A `Message` is one thing told; its recipients have reasons. An event may bring several messages (an objection granted:
an answer for the unit, and an entry to assign again). Whoever did it is never told.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.utils.dateparse import parse_datetime

from audit.models import Event
from notices import recipients as to
from notices.enums import Kind, Reason
from notices.models import Notice
from problems.enums import LadderAct, LimitStep, Outcome, State, Trigger
from problems.models import Assignment, Problem, Reminder, Slip
from problems.supervision.ladder import STRENGTH

# What was entered so long afterwards is history: nobody is told.
ENTERED_LATER = dt.timedelta(days=7)


@dataclass
class Message:
    """One thing that is told."""

    kind: str
    code: str
    key: str
    problem: Problem | None = None
    decision: object = None
    duty: object = None
    activity: object = None
    meeting: object = None
    told: to.Told = field(default_factory=dict)
    data: dict = field(default_factory=dict)


# --- events of the trail ------------------------------------------------------------------------------------------
def of_event(event: Event, *, history: bool = False) -> list[Message]:
    """The messages of one event of an entry; none for what nobody has to be told, nor (without `history`) for what
    was entered long afterwards."""
    rule = RULES.get(event.verb.partition(".")[2])
    if rule is None or event.object_type != "problems.problem" or (is_history(event) and not history):
        return []
    problem = entry(event.object_id)
    if problem is None or _was_undone(event, problem):
        return []
    found = []
    for message in rule(event, problem):
        message.problem = problem
        message.key = f"event:{event.pk}:{message.code}"
        message.data = naming(problem) | {"by": event.actor_name} | message.data
        message.told.pop(event.actor_id, None)
        found.append(message)
    return found


def _was_undone(event: Event, problem: Problem) -> bool:
    """Whether the step was taken back before anybody was told of it: then nobody is."""
    version = event.data.get("version")
    later = Event.objects.of(problem).filter(pk__gt=event.pk, verb="problem.undo")
    return version is not None and later.filter(data__step=_verb(event), data__version=version + 1).exists()


def happened_at(event: Event) -> dt.datetime:
    """When it happened, which is before it was written down where it was entered afterwards."""
    return (parse_datetime(event.data["at"]) if isinstance(event.data.get("at"), str) else None) or event.at


def is_history(event: Event) -> bool:
    return happened_at(event) < event.at - ENTERED_LATER


def entry(pk: int) -> Problem | None:
    return (
        Problem.objects.filter(pk=pk)
        .select_related("region", "enterprise", "committee", "chain", "lead_team", "lead_department")
        .defer("tokens", "text", "resolution")
        .first()
    )


def naming(problem: Problem) -> dict:
    return {"record_number": problem.number or "", "record_title": problem.title}


def _name(value) -> str:
    return str(value["name"]) if isinstance(value, dict) and "name" in value else value or ""


def _data(event: Event, *names: str) -> dict:
    return {name: _name(event.data.get(name)) for name in names}


def _leg_of(event: Event, problem: Problem, *, is_lead: bool) -> list[Assignment]:
    """The legs that the event named, whatever has become of them since: the newest of each unit."""
    named = {_name(event.data.get("unit"))} if is_lead else set(event.data.get("helpers") or ())
    legs = problem.assignments.filter(is_lead=is_lead).select_related("team", "department").order_by("-pk")
    found = {}
    for leg in legs:
        if str(leg.unit) in named:
            found.setdefault(str(leg.unit), leg)
    return list(found.values())


def _intake(event, problem) -> Iterator[Message]:
    """Something waits for acceptance."""
    yield Message(Kind.INTAKE, _verb(event), "", told=to.doers(problem, "accepted_by"))


def _verb(event) -> str:
    return event.verb.partition(".")[2]


def _accepted(event, problem):
    yield Message(Kind.INTAKE, "accept", "", told=to.doers(problem, "assigned_by"))


def _resubmitted(event, problem):
    state = (event.data.get("state") or ["", ""])[1]
    if state == State.SUBMITTED:
        told = to.doers(problem, "accepted_by")
    elif state == State.ACCEPTED:
        told = to.doers(problem, "assigned_by")
    else:
        told = to.lead(problem)
    yield Message(Kind.INTAKE, "resubmit", "", told=told)


def _assigned(event, problem):
    for leg in _leg_of(event, problem, is_lead=True):
        data = _data(event, "unit", "due_on")
        yield Message(Kind.ASSIGNED, _verb(event), "", told=to.unit(leg.team, leg.department), data=data)
    yield from _helpers(event, problem)


def _helpers(event, problem):
    legs = _leg_of(event, problem, is_lead=False)
    told = {}
    for leg in legs:
        told |= to.unit(leg.team, leg.department)
    if legs:
        data = {"unit": "、".join(str(leg.unit) for leg in legs), "lead": str(problem.lead or "")}
        yield Message(Kind.ASSIGNED, "assign_help", "", told=told, data=data)


def _asked(event, problem):
    """An objection, an extension, a suspension: for whom the rulebook names."""
    data = {"unit": _name(event.data.get("unit")) or str(problem.lead or ""), **_data(event, "new_due_on")}
    yield Message(Kind.REQUEST, _verb(event), "", told=to.doers(problem, "decided_by"), data=data)


def _answered(event, problem):
    data = _data(event, "unit", "due_on", "new_due_on")
    legs = _leg_of(event, problem, is_lead=True)
    told = to.unit(legs[0].team, legs[0].department) if legs else to.lead(problem)
    yield Message(Kind.ANSWER, _verb(event), "", told=told, data=data)
    if _verb(event) == "grant_objection":
        yield Message(Kind.INTAKE, "reassign", "", told=to.doers(problem, "assigned_by"), data=data)


def _urged(event, problem):
    told = to.lead(problem)
    if not told:
        told = to.doers(problem, "accepted_by" if problem.state == State.SUBMITTED else "assigned_by")
    yield Message(Kind.URGED, "urge", "", told=told)


def _instructed(event, problem):
    yield Message(Kind.INSTRUCTION, "instruct", "", told=to.keepers(problem) | to.lead(problem))


def _reported(event, problem):
    leader = event.data.get("leader")
    told = to.person(leader.get("id") if isinstance(leader, dict) else None, Reason.AUTHOR)
    yield Message(Kind.INSTRUCTION, "instruction_reported", "", told=told)


def _slip_issued(event, problem):
    """By a person. Those of the ladder are told with the threshold that they belong to."""
    slip = Slip.objects.filter(number=event.data.get("number")).select_related("team", "department").first()
    if slip is None or slip.issued_by_id is None:
        return
    told = to.unit(slip.team, slip.department) if slip.unit else to.keepers(problem)
    yield Message(Kind.SLIP, "slip_issued", "", told=told, data=_data(event, "slip", "number", "unit", "answer_due_on"))


def _slip_answered(event, problem):
    slip = Slip.objects.filter(number=event.data.get("number")).first()
    issuer = to.person(slip.issued_by_id, Reason.ISSUER) if slip else {}
    yield Message(
        Kind.ANSWER, "slip_answered", "", told=issuer or to.officers(problem), data=_data(event, "unit", "number")
    )


def _result(event, problem):
    """For the enterprise: what became of its matter."""
    code = _verb(event)
    waiting = code == "resolve" and event.data.get("outcome") == Outcome.WAITING
    data = _data(event, "outcome", "next_on", "target", "closing_number")
    yield Message(
        Kind.RESULT, "resolve_waiting" if waiting else code, "", told=to.enterprise(problem), data=data
    )  # fmt: skip


def _reopened(event, problem):
    yield Message(Kind.REOPENED, _verb(event), "", told=to.lead(problem), data=_data(event, "due_on"))


def _withdrawn(event, problem):
    told = {}
    for leg in problem.assignments.filter(end_kind="withdrawn").select_related("team", "department"):
        told |= to.unit(leg.team, leg.department)
    yield Message(Kind.ANSWER, "withdraw", "", told=told)


def _helped(event, problem):
    yield Message(Kind.ANSWER, "report_as_cohandler", "", told=to.lead(problem), data=_data(event, "unit"))


def _escalated(event, problem):
    data = _data(event, "level")
    told = to.leaders(problem, data["level"])
    if event.actor_id is not None:
        told = to.lead(problem) | told
    yield Message(Kind.ESCALATED, "escalate", "", told=told, data=data)


def _waits_by_meeting(event, problem):
    """For the enterprise, and for the unit that no longer holds it."""
    data = _data(event, "next_on")
    yield Message(Kind.RESULT, "resolve_waiting", "", told=to.enterprise(problem), data=data)
    yield Message(Kind.ANSWER, "wait_by_meeting", "", told=to.lead(problem), data=data)


def _call_asked(event, problem):
    yield Message(Kind.REQUEST, "ask_call", "", told=to.keepers(problem))


def keys_of_undone(event: Event, problem: Problem) -> str:
    """How the keys begin of what was told of the step that this event took back; empty where it left no event."""
    told = Event.objects.of(problem).filter(pk__lt=event.pk, verb=f"problem.{event.data.get('step', '')}")
    undone = told.filter(data__version=event.data["version"] - 1).last()
    return f"event:{undone.pk}:" if undone else ""


def _undone(event, problem):
    """A step was taken back: whoever was told of it is told that it no longer holds. What is a draft again is in
    nobody else's sight, and so are the notices about it."""
    if problem.state == State.DRAFT:
        return
    key = keys_of_undone(event, problem)
    rows = list(Notice.objects.filter(problem=problem, key__startswith=key).order_by("pk")) if key else []
    if rows:
        told = {row.user_id: (row.reason, row.unit) for row in rows}
        yield Message(rows[0].kind, "undo", "", told=told, data={"undone": str(event.data.get("step", ""))})


RULES: dict[str, Callable] = {
    "raised": _intake, "submit": _intake, "restore": _intake, "resubmit": _resubmitted, "accept": _accepted,
    "assign": _assigned, "transfer": _assigned, "add_helpers": _helpers,
    "object_to": _asked, "ask_extension": _asked, "ask_suspension": _asked, "ask_call": _call_asked,
    "grant_objection": _answered, "refuse_objection": _answered, "grant_extension": _answered,
    "refuse_extension": _answered, "suspend": _answered, "resume": _answered, "report_as_cohandler": _helped,
    "urge": _urged, "instruct": _instructed, "instruction_reported": _reported, "slip_issued": _slip_issued,
    "slip_answered": _slip_answered, "return_for_completion": _result, "decline": _result, "merge_into": _result,
    "resolve": _result, "settle_by_root": _result, "close": _result, "rate_not_satisfied": _reopened,
    "say_not_solved": _reopened, "reopen": _reopened, "withdraw": _withdrawn, "escalate": _escalated,
    "undo": _undone, "extend_by_meeting": _answered, "wait_by_meeting": _waits_by_meeting,
}  # fmt: skip


# --- thresholds of the ladder -------------------------------------------------------------------------------------
def of_reminder(pk: int) -> list[Message]:
    """The message of a threshold; none where a stronger one of the same limit was reached in the same moment."""
    row = Reminder.objects.select_related("limit__assignment__team", "limit__assignment__department", "slip").filter(
        pk=pk
    ).first()  # fmt: skip
    if row is None:
        return []
    together = Reminder.objects.filter(limit=row.limit_id, fired_at=row.fired_at).select_related("slip")
    strongest = max(together, key=lambda one: (STRENGTH[one.act], one.threshold, one.pk))
    problem = entry(row.problem_id)
    if strongest.pk != row.pk or problem is None:
        return []
    slip = next((one.slip for one in together if one.slip_id), None)
    kind, code = _told_as(row, slip)
    data = {
        "step": str(row.limit.step), "due_on": row.limit.due_on.isoformat(), "threshold": row.threshold,
        "level": str(problem.escalated_to),
    }  # fmt: skip
    if slip:
        data |= {
            "slip": str(slip.kind), "number": slip.number, "answer_due_on": slip.answer_due_on.isoformat(),
            "unit": str(slip.unit or ""),
        }  # fmt: skip
    return [
        Message(
            kind, code, f"reminder:{row.pk}", problem=problem, told=owing(problem, row.limit),
            data=naming(problem) | data,
        )
    ]  # fmt: skip


def _told_as(row: Reminder, slip: Slip | None) -> tuple[str, str]:
    if row.act == LadderAct.ESCALATE:
        by_count = row.trigger in (Trigger.BOUNCED, Trigger.NOT_SATISFIED)
        return Kind.ESCALATED, "remind.escalate_count" if by_count else "remind.escalate"
    if slip is not None:
        return Kind.SLIP, "slip_issued"
    return Kind.REMINDER, f"remind.{row.trigger}"


def owing(problem: Problem, limit) -> to.Told:
    """Who owes the step of a limit."""
    by_rulebook = {
        LimitStep.ACCEPT: "accepted_by", LimitStep.ASSIGN: "assigned_by", LimitStep.RULE: "decided_by",
    }  # fmt: skip
    if limit.step in by_rulebook:
        return to.doers(problem, by_rulebook[limit.step])
    if limit.step == LimitStep.RATE:
        return to.enterprise(problem)
    if limit.step == LimitStep.CALL_BACK:
        return to.keepers(problem)
    if limit.step == LimitStep.WAIT:
        return to.doers(problem, "decided_by") | to.lead(problem)
    leg = limit.assignment
    return to.unit(leg.team, leg.department) if leg else to.lead(problem)
