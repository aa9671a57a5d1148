"""What is told of meetings: to everybody whom the notice (会议通知) is for, that one is called, moved or called
off, and that the notice was taken back.

Whom it is for: the seats in office on its day, the committee's secretary (the officers where it has none), and the
people of the units on its roll. Who sees the meeting opens it; the others read what the notice says, and no more.
"""

from audit.models import Event
from meetings.enums import MeetingState
from meetings.guests import units_of
from meetings.lifecycle import told_by_notice
from meetings.models import Meeting
from notices import recipients as to
from notices.enums import Kind, Reason
from notices.models import Notice
from notices.telling import Message

OBJECT = "meetings.meeting"


def of_event(event: Event) -> list[Message]:
    """The messages of one event of a meeting; none once its time has come."""
    rule = RULES.get(event.verb)
    meeting = rule and meetings().filter(pk=event.object_id).first()
    if not meeting or meeting.starts_at <= event.at:
        return []
    found = rule(event, meeting)
    if found is None:
        return []
    code, told = found
    told.pop(event.actor_id, None)
    one = message(meeting, code, f"event:{event.pk}:{code}", told)
    one.data["by"] = event.actor_name
    return [one]


def expected(meeting: Meeting) -> to.Told:
    """Those with an account whom the notice is for."""
    told = to.keepers(meeting)
    for seat in told_by_notice(meeting)[0]:
        told |= to.person(seat.user_id, Reason.SEAT, str(meeting.committee))
    for unit in units_of(meeting):
        told = to.guests(unit) | told
    return told


def meetings():
    return Meeting.objects.select_related("region", "committee__region", "chain")


def message(meeting: Meeting, code: str, key: str, told: to.Told) -> Message:
    data = {"record_title": meeting.title, "starts_at": meeting.starts_at.isoformat(), "place": meeting.place}
    return Message(Kind.MEETING, code, key, meeting=meeting, told=told, data=data)


def without(told: to.Told, known) -> to.Told:
    known = set(known)
    return {user: reason for user, reason in told.items() if user not in known}


def _told_before(meeting: Meeting) -> to.Told:
    rows = Notice.objects.filter(meeting=meeting).order_by("pk")
    return {row.user_id: (row.reason, row.unit) for row in rows}


def _called(event: Event, meeting: Meeting):
    return ("meeting_called", expected(meeting)) if meeting.state == MeetingState.NOTIFIED else None


def _edited(event: Event, meeting: Meeting):
    """Another time or place is told to all; whoever was put on the roll after the notice went out hears of it now."""
    if event.data.get("state") != MeetingState.NOTIFIED or meeting.state != MeetingState.NOTIFIED:
        return None
    if {"starts_at", "place"} & (event.data.get("changes") or {}).keys():
        return "meeting_moved", expected(meeting)
    caller = Event.objects.of(meeting).filter(verb__startswith="meeting.notified").last()
    return "meeting_called", without(expected(meeting), {*_told_before(meeting), caller and caller.actor_id})


def _cancelled(event: Event, meeting: Meeting):
    return "meeting_cancelled", _told_before(meeting)


def _taken_back(event: Event, meeting: Meeting):
    if event.data.get("state") != MeetingState.DRAFT or meeting.state != MeetingState.DRAFT:
        return None
    return "meeting_withdrawn", _told_before(meeting)


RULES = {
    "meeting.notified": _called, "meeting.notified_late": _called, "meeting.edited": _edited,
    "meeting.cancelled": _cancelled, "meeting.taken_back": _taken_back,
}  # fmt: skip
