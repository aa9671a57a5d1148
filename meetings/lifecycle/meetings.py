"""Everything that changes meetings. Each function is atomic, locks the meeting, and leaves an event.

Nothing is deleted, except rows of a meeting that has not taken place.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit.trail import changes, record
from core.actor import Actor
from core.clock import local_date, now, today
from core.transitions import Refusal, Refused
from meetings import perms
from meetings.enums import COMING, TOOK_PLACE, DecisionState, ItemEnd, MeetingState, Presence
from meetings.lifecycle import quorum
from meetings.lifecycle.agenda import replace_agenda, settle_after, settle_unfinished, top_up
from meetings.lifecycle.decisions import come_into_force, end, new_decision, tell_problem
from meetings.lifecycle.guards import lock_committee, locked, refuse, require, unless_cancelled, unless_filed
from meetings.models import Attendance, Meeting

FIELDS = ("kind", "title", "starts_at", "place", "chair", "minutes")
EARLIEST = dt.date(2000, 1, 1)
FARTHEST = dt.timedelta(days=366)


@transaction.atomic
def save_meeting(
    meeting: Meeting | None,
    *,
    by: Actor,
    committee,
    version=None,
    attendance=(),
    agenda=None,
    decisions=None,
    once_key=None,
    writes_agenda=True,
    **values,
) -> Meeting:
    """Create a draft, or change a meeting that is not cancelled; `values` are FIELDS.

    `attendance` rows are {seat, name, unit, presence} and replace what was there; so do `agenda` rows {item, title,
    problem, end} (`lifecycle.agenda.replace_agenda`) unless None. `decisions` rows {text, owner_department,
    owner_name, due_on or days, problem, item_no, act ...} replace those of a draft; a held meeting's decisions have
    their own functions. A meeting to come gets what should be on its agenda by itself, unless it is registered as held
    in the same breath (`writes_agenda=False`). `once_key` comes with a form that may arrive twice. Raises Refused,
    LoggedBefore, Conflict, ValidationError.
    """
    refuse(perms.keep(committee, by))
    for pk in sorted({committee.pk, meeting.committee_id if meeting else committee.pk}):
        lock_committee(pk)
    left = meeting.committee if meeting else committee
    if meeting is None:
        _unless_logged(once_key, by)
        meeting = Meeting(created_by_id=by.user_id, committee=committee, once_key=once_key)
        before = {}
    else:
        meeting = locked(meeting, version)
        refuse(perms.keep(meeting.committee, by) or unless_cancelled(meeting) or unless_filed(meeting))
        if meeting.state == MeetingState.MINUTED:
            require(values.get("minutes", meeting.minutes), "minutes")
        if meeting.state in TOOK_PLACE and meeting.committee_id != committee.pk:
            raise Refused(Refusal("committee", _("已召开的会议不能改到另一个产业链党委。")))
        before = {name: getattr(meeting, name) for name in FIELDS}
    _check_time(meeting, values["starts_at"])
    for name in FIELDS:
        if name in values:
            setattr(meeting, name, values[name])
    meeting.counts_as = meeting.kind.counts_as
    meeting.committee, meeting.region_id, meeting.chain_id = committee, committee.region_id, committee.chain_id
    moved = meeting.held_on
    meeting.held_on = local_date(meeting.starts_at)
    fresh = meeting.pk is None
    meeting.version = 1 if fresh else meeting.version + 1
    meeting.save()
    _replace_attendance(meeting, attendance)
    items = {item.order: item for item in meeting.agenda.all()}
    if agenda is not None:
        items = replace_agenda(meeting, agenda, by)
        meeting.save(update_fields=["left_out"])
    if meeting.state in COMING and decisions is not None:
        _replace_drafts(meeting, decisions, items)
    elif not fresh:
        if left.pk != committee.pk:
            _move_drafts(meeting)
        if moved != meeting.held_on:
            _redate(meeting, by)
    if meeting.state in TOOK_PLACE:
        _settle_agenda(meeting)
        refuse(unsettled(meeting))
        if meeting.seats_due is not None:
            _judge_roll(meeting)
    changed = changes(before, {name: getattr(meeting, name) for name in FIELDS}) if before else {}
    verb = "meeting.created" if fresh else "meeting.edited"
    record(by, verb, meeting, version=meeting.version, state=meeting.state, changes=changed)
    if meeting.state in TOOK_PLACE:
        settle_after(meeting)
    elif writes_agenda:
        for one in {committee, left}:
            top_up(one)
    return meeting


class LoggedBefore(Refused):
    """The form arrived before: `meeting` is what it made then."""

    def __init__(self, meeting: Meeting):
        super().__init__(Refusal("logged_before", _("这次会议已经登记过，没有重复登记。")))
        self.meeting = meeting


def _unless_logged(once_key, by: Actor) -> None:
    """Raises LoggedBefore where this form made a meeting already. Two that arrive at once wait for each other."""
    if once_key is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [once_key.int >> 65])
    found = Meeting.objects.filter(once_key=once_key, created_by_id=by.user_id).first()
    if found is not None:
        raise LoggedBefore(found)


def wrong_time(meeting: Meeting, starts_at: dt.datetime) -> str:
    """What is wrong with this time for the meeting, nothing if it is right."""
    if not EARLIEST <= local_date(starts_at) <= today() + FARTHEST:
        return _("会议时间应在 2000 年之后、一年以内。")
    if meeting.state in TOOK_PLACE and starts_at > now():
        return _("已召开的会议，时间不能晚于现在。")
    return ""


def _check_time(meeting: Meeting, starts_at: dt.datetime) -> None:
    wrong = wrong_time(meeting, starts_at)
    if wrong:
        raise ValidationError({"starts_at": wrong})


def _replace_attendance(meeting: Meeting, rows) -> None:
    meeting.attendances.all().delete()
    Attendance.objects.bulk_create(Attendance(meeting=meeting, **row) for row in rows)


def _replace_drafts(meeting: Meeting, rows, items) -> None:
    meeting.decisions.filter(state=DecisionState.DRAFT).delete()
    for row in rows:
        row = dict(row)
        item = items.get(row.pop("item_no", None) or 0)
        new_decision(meeting, item=item, state=DecisionState.DRAFT, **row).save()


def _move_drafts(meeting: Meeting) -> None:
    """What a meeting to come has in mind to decide goes with it to another committee, and is seen there."""
    meeting.decisions.filter(state=DecisionState.DRAFT).update(
        committee=meeting.committee, region=meeting.region_id, chain=meeting.chain_id
    )


def _redate(meeting: Meeting, by: Actor) -> None:
    """A held meeting's decisions are dated by its day; a deadline or an end before that day stops the change."""
    for decision in meeting.decisions.select_for_update(of=("self",), no_key=True):
        if decision.due_on < meeting.held_on or (decision.ended_on and decision.ended_on < meeting.held_on):
            raise ValidationError({"starts_at": _("有议定事项的期限或落实日期早于这个时间，请先核对。")})
        decision.decided_on = meeting.held_on
        decision.save()
        tell_problem(decision, by)


def _judge_roll(meeting: Meeting) -> None:
    """Count the seats that were there, and refuse where they are too few."""
    counted = quorum.count(meeting)
    refuse(quorum.short_of(meeting, counted))
    meeting.seats_due, meeting.seats_present = counted.due, counted.present
    meeting.save(update_fields=["seats_due", "seats_present"])


@transaction.atomic
def hold(meeting: Meeting, *, by: Actor, version=None) -> Meeting:
    """The meeting took place: it counts from now on, and its decisions are in force."""
    meeting = locked(meeting, version)
    refuse(may_hold(meeting, by))
    meeting.state = MeetingState.HELD
    meeting.version += 1
    meeting.save()
    _judge_roll(meeting)
    _settle_agenda(meeting)
    for decision in meeting.decisions.filter(state=DecisionState.DRAFT):
        decision.state, decision.decided_on = DecisionState.OPEN, meeting.held_on
        decision.save()
        come_into_force(decision, by)
    record(by, "meeting.held", meeting, version=meeting.version, held_on=meeting.held_on)
    settle_after(meeting)
    return meeting


def may_hold(meeting: Meeting, actor: Actor) -> Refusal | None:
    """Not before its time, with somebody there, and enough seats by the rule of its kind."""
    if meeting.state not in COMING:
        return Refusal("state", _("只有尚未召开的会议可以登记为已召开。"))
    refusal = perms.keep(meeting.committee, actor)
    if refusal:
        return refusal
    if meeting.starts_at > now():
        return Refusal("future", _("会议时间还没有到，到时再登记为已召开。"))
    if not meeting.attendances.filter(presence__in=[Presence.PRESENT, Presence.INVITED]).exists():
        return Refusal("nobody", _("请先登记出席情况：至少有一人出席。"))
    return quorum.short_of(meeting, quorum.count(meeting)) or unsettled(meeting)


def unsettled(meeting: Meeting) -> Refusal | None:
    """Each item of a meeting that took place ends in a decision, noted or postponed, and only one that was decided has
    decisions. An item with decisions and no end said is decided."""
    for item in meeting.agenda.prefetch_related("decisions"):
        decided = any(decision.state != DecisionState.CANCELLED for decision in item.decisions.all())
        if not item.end and not decided:
            sentence = _("议题“%(item)s”还没有结果，请选择议定、知悉或暂缓。") % {"item": item.title}
            return Refusal("item_open", sentence)
        if decided and item.end not in ("", ItemEnd.DECISION):
            sentence = _("议题“%(item)s”有议定事项，结果只能是“议定”。") % {"item": item.title}
            return Refusal("item_decided", sentence)
    return None


def _settle_agenda(meeting: Meeting) -> None:
    """Items that have decisions and no end said ended in them; of what was carried out meanwhile note was taken."""
    settle_unfinished(meeting)
    decided = meeting.decisions.exclude(state=DecisionState.CANCELLED).exclude(item=None)
    meeting.agenda.filter(end="", pk__in=decided.values("item_id")).update(end=ItemEnd.DECISION)


@transaction.atomic
def cancel(meeting: Meeting, *, by: Actor, reason: str, version=None) -> Meeting:
    """The meeting did not take place, or was recorded by mistake: it no longer counts. The record stays."""
    meeting = locked(meeting, version)
    refuse(may_cancel(meeting, by))
    require(reason)
    for decision in meeting.decisions.filter(state=DecisionState.DRAFT):
        end(decision, DecisionState.CANCELLED, today())
    meeting.state = MeetingState.CANCELLED
    meeting.version += 1
    meeting.save()
    record(by, "meeting.cancelled", meeting, version=meeting.version, reason=reason)
    settle_after(meeting)
    return meeting


def may_cancel(meeting: Meeting, actor: Actor) -> Refusal | None:
    refusal = perms.keep(meeting.committee, actor) or unless_cancelled(meeting) or unless_filed(meeting)
    if refusal:
        return refusal
    if meeting.decisions.filter(state__in=[DecisionState.OPEN, DecisionState.DONE]).exists():
        return Refusal("decisions", _("会议有生效的议定事项，请先逐项取消，再取消会议。"))
    return None
