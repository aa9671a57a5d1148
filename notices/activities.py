"""What is told of activities and visits: to an enterprise that one is planned, moved or called off; to whoever arranged
one that another unit takes part in it."""

from audit.models import Event
from core.clock import local_date
from meetings.enums import ActivityState
from meetings.models import Activity
from notices import recipients as to
from notices.enums import Kind, Reason
from notices.telling import Message

OBJECT = "meetings.activity"


def of_event(event: Event) -> list[Message]:
    """The messages of one event of an activity; none for what lies behind already."""
    rule = RULES.get(event.verb)
    activity = rule and Activity.objects.filter(pk=event.object_id).select_related("region").first()
    if not activity or activity.held_on < local_date(event.at):
        return []
    message = rule(event, activity)
    if message is None:
        return []
    message.told.pop(event.actor_id, None)
    message.key, message.activity = f"event:{event.pk}:{message.code}", activity
    message.data |= {
        "record_title": activity.title, "by": event.actor_name, "held_on": activity.held_on.isoformat(),
    }  # fmt: skip
    return [message]


def firms(activity: Activity) -> to.Told:
    """The own people of the enterprises that it reaches."""
    told: to.Told = {}
    for row in activity.reached.select_related("enterprise"):
        told |= to.of_enterprise(row.enterprise)
    return told


def _planned(event: Event, activity: Activity) -> Message | None:
    if event.data.get("state") != ActivityState.PLANNED:
        return None
    return Message(Kind.VISIT, "visit_planned", "", told=firms(activity))


def _moved(event: Event, activity: Activity) -> Message | None:
    if event.data.get("state") != ActivityState.PLANNED or "starts_at" not in (event.data.get("changes") or {}):
        return None
    return Message(Kind.VISIT, "visit_moved", "", told=firms(activity) | _units(activity))


def _cancelled(event: Event, activity: Activity) -> Message | None:
    return Message(Kind.VISIT, "visit_cancelled", "", told=firms(activity) | _units(activity))


def _joined(event: Event, activity: Activity) -> Message | None:
    told = to.person(activity.created_by_id, Reason.ARRANGER)
    data = {name: event.data.get(name) for name in ("unit", "purpose")}
    code = "visit_joined_for" if data["purpose"] else "visit_joined"
    return Message(Kind.VISIT, code, "", told=told, data=data)


def _units(activity: Activity) -> to.Told:
    """Those who meant to take part."""
    told: to.Told = {}
    for row in activity.units.select_related("team", "department"):
        told |= to.unit(row.team, row.department)
    return told


RULES = {
    "activity.created": _planned, "activity.edited": _moved, "activity.cancelled": _cancelled,
    "activity.joined": _joined,
}  # fmt: skip
