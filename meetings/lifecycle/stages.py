"""The stages around a meeting: notice before it (会议通知), minutes (会议纪要) and filing (归档) after it, and the way
back where nothing followed. Taking place itself is in `meetings`.

draft -> notified -> held -> minuted -> filed; each function is atomic, locks the meeting, and leaves an event.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.trail import record
from core import workdays
from core.actor import Actor
from core.clock import now, today
from core.transitions import Refusal
from meetings import perms
from meetings.enums import DecisionState, MeetingState
from meetings.lifecycle.agenda import settle_after
from meetings.lifecycle.guards import locked, refuse, require
from meetings.lifecycle.quorum import in_office
from meetings.models import Meeting


# --- notice ---
@transaction.atomic
def notify(meeting: Meeting, *, by: Actor, reason: str = "", version=None) -> Meeting:
    """The notice went out today, to every seat in office and everybody invited.

    Later than the kind's `notice_days` working days before the meeting only with a reason (ValidationError by field).
    """
    meeting = locked(meeting, version)
    refuse(may_notify(meeting, by))
    late = days_of_notice(meeting) < meeting.kind.notice_days
    if late and not reason.strip():
        raise ValidationError({"reason": late_sentence(meeting)})
    seats, guests = told_by_notice(meeting)
    meeting.notified_on = today()
    _move(meeting, MeetingState.NOTIFIED)
    verb, more = ("meeting.notified_late", {"reason": reason}) if late else ("meeting.notified", {})
    record(by, verb, meeting, version=meeting.version, seats=len(seats), guests=len(guests), **more)
    return meeting


def may_notify(meeting: Meeting, actor: Actor) -> Refusal | None:
    """From draft, before its time, when it is known where it is and there is somebody to tell."""
    refusal = _from(meeting, actor, MeetingState.DRAFT, _("只有草稿可以发出会议通知。"))
    if refusal:
        return refusal
    if meeting.starts_at <= now():
        return Refusal("past", _("会议时间已过，不再发通知，可以直接登记为已召开。"))
    if not meeting.place.strip():
        return Refusal("place", _("请先填写会议地点，再发会议通知。"))
    if not any(told_by_notice(meeting)):
        return Refusal("nobody", _("该党委还没有席位，也没有列席单位，没有可以通知的对象。"))
    return None


def told_by_notice(meeting: Meeting) -> tuple[list, list]:
    """Whom the notice is for: seats in office on the day of the meeting, and lines of the roll without a seat."""
    seats = list(in_office(meeting.committee, meeting.held_on).order_by("pk"))
    return seats, list(meeting.attendances.filter(seat=None))


def days_of_notice(meeting: Meeting) -> int:
    """Working days from today until the meeting."""
    return workdays.current(meeting.committee.region.path).between(today(), meeting.held_on)


def late_sentence(meeting: Meeting) -> str:
    words = {"kind": meeting.kind.name, "days": meeting.kind.notice_days, "left": days_of_notice(meeting)}
    return _("%(kind)s应提前 %(days)s 个工作日通知，现在只剩 %(left)s 个工作日，请说明原因。") % words


# --- minutes and filing ---
@transaction.atomic
def minute(meeting: Meeting, *, by: Actor, minutes: str, version=None) -> Meeting:
    """The minutes are issued, with this text."""
    meeting = locked(meeting, version)
    refuse(may_minute(meeting, by))
    require(minutes, "minutes")
    meeting.minutes, meeting.minuted_on = minutes, today()
    _move(meeting, MeetingState.MINUTED)
    record(by, "meeting.minuted", meeting, version=meeting.version)
    return meeting


def may_minute(meeting: Meeting, actor: Actor) -> Refusal | None:
    return _from(meeting, actor, MeetingState.HELD, _("只有已召开、还没有出纪要的会议可以印发纪要。"))


@transaction.atomic
def archive(meeting: Meeting, *, by: Actor, version=None) -> Meeting:
    """Filed (归档): from now on nothing of it changes but how its decisions are carried out."""
    meeting = locked(meeting, version)
    refuse(may_archive(meeting, by))
    meeting.filed_on = today()
    _move(meeting, MeetingState.FILED)
    record(by, "meeting.filed", meeting, version=meeting.version)
    return meeting


def may_archive(meeting: Meeting, actor: Actor) -> Refusal | None:
    return _from(meeting, actor, MeetingState.MINUTED, _("只有已出纪要的会议可以归档。"))


# --- the way back ---
@transaction.atomic
def take_back(meeting: Meeting, *, by: Actor, reason: str, version=None) -> Meeting:
    """One stage back (撤回), where nothing followed from it; a filed meeting is opened again by an officer only."""
    meeting = locked(meeting, version)
    refuse(may_take_back(meeting, by))
    require(reason)
    was, before = meeting.state, stage_before(meeting)
    if was == MeetingState.NOTIFIED:
        meeting.notified_on = None
    elif was == MeetingState.HELD:
        meeting.seats_due = meeting.seats_present = None
    elif was == MeetingState.MINUTED:
        meeting.minuted_on = None
    else:
        meeting.filed_on = None
    _move(meeting, before)
    verb = "meeting.reopened" if was == MeetingState.FILED else "meeting.taken_back"
    record(by, verb, meeting, version=meeting.version, state=before, reason=reason)
    if was == MeetingState.HELD:
        settle_after(meeting)
    return meeting


def stage_before(meeting: Meeting) -> str | None:
    """The state that it would go back to, None where there is none."""
    if meeting.state == MeetingState.HELD:
        return MeetingState.NOTIFIED if meeting.notified_on else MeetingState.DRAFT
    return {
        MeetingState.NOTIFIED: MeetingState.DRAFT,
        MeetingState.MINUTED: MeetingState.HELD,
        MeetingState.FILED: MeetingState.MINUTED,
    }.get(meeting.state)


def may_take_back(meeting: Meeting, actor: Actor) -> Refusal | None:
    if stage_before(meeting) is None:
        return Refusal("state", _("这个状态没有可以撤回的步骤。"))
    if meeting.state == MeetingState.FILED:
        return perms.reopen(meeting.committee, actor)
    refusal = perms.keep(meeting.committee, actor)
    if refusal or meeting.state != MeetingState.HELD:
        return refusal
    if meeting.decisions.filter(state__in=[DecisionState.OPEN, DecisionState.DONE]).exists():
        return Refusal("decisions", _("会议有生效的议定事项，请先逐项取消，再撤回。"))
    return None


def _from(meeting: Meeting, actor: Actor, state: str, sentence: str) -> Refusal | None:
    if meeting.state != state:
        return Refusal("state", sentence)
    return perms.keep(meeting.committee, actor)


def _move(meeting: Meeting, state: str) -> None:
    meeting.state = state
    meeting.version += 1
    meeting.save()
