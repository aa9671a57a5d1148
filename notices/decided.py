"""What is told of decisions as they are made: to the unit that owes one, and to those who can carry out what the ledger
refused to do by itself."""

from audit.models import Event
from core.clock import local_date
from meetings.enums import DecisionAct
from meetings.models import Decision
from notices import recipients as to
from notices.enums import Kind, Reason
from notices.telling import ENTERED_LATER, Message

OBJECT = "meetings.decision"


def of_event(event: Event) -> list[Message]:
    """The messages of one event of a decision; none for a meeting that was entered long afterwards."""
    rule = {"decision.made": _made, "decision.act_refused": _refused}.get(event.verb)
    related = ("region", "owner_department", "problem__region", "problem__committee")
    decision = rule and Decision.objects.filter(pk=event.object_id).select_related(*related).first()
    if not decision or decision.decided_on < local_date(event.at) - ENTERED_LATER:
        return []
    message = rule(event, decision)
    if message is None:
        return []
    message.told.pop(event.actor_id, None)
    message.key, message.decision = f"event:{event.pk}:{message.code}", decision
    message.data |= {"record_title": decision.text[:120], "by": event.actor_name}
    return [message]


def _made(event: Event, decision: Decision) -> Message | None:
    unit = decision.owner_department
    if unit is None:
        return None
    told = {user: (Reason.DEPARTMENT, str(unit)) for user in to.unit(None, unit)}
    data = {"unit": str(unit), "due_on": decision.due_on.isoformat()}
    return Message(Kind.DECISION, "decision_made", "", told=told, data=data)


def _refused(event: Event, decision: Decision) -> Message | None:
    if decision.problem is None:
        return None
    column = "assigned_by" if decision.act == DecisionAct.ASSIGN else "decided_by"
    data = {"act": str(decision.act), "why": decision.act_sentence}
    return Message(Kind.DECISION, "decision_refused", "", told=to.doers(decision.problem, column), data=data)
