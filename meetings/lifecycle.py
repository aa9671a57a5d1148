"""Everything that changes meetings and decisions. Each function is atomic, locks the meeting, and leaves an event.

Meeting: draft -> held -> cancelled, or draft -> cancelled. Decision: draft (with its meeting) -> open -> done or
cancelled. Nothing is deleted, except rows of a meeting that is still a draft.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.models import Event
from audit.trail import changes, record
from core.actor import Actor
from core.clock import local_date, now, today
from core.transitions import Conflict, Refusal, Refused
from meetings import perms
from meetings.enums import DecisionState, ItemEnd, MeetingState, Presence
from meetings.models import AgendaItem, Attendance, Decision, Meeting
from problems import lifecycle as problems
from problems.enums import OPEN_STATES

FIELDS = ("kind", "title", "starts_at", "place", "chair", "minutes")
EARLIEST = dt.date(2000, 1, 1)
FARTHEST = dt.timedelta(days=366)


@transaction.atomic
def save_meeting(
    meeting: Meeting | None, *, by: Actor, committee, version=None, attendance=(), agenda=(), decisions=None, **values
) -> Meeting:
    """Create a draft, or change a meeting that is not cancelled; `values` are FIELDS.

    `attendance` rows are {seat, name, unit, presence}, `agenda` rows {title, problem, end}, and together they replace
    what was there. `decisions` rows {text, owner_department, owner_name, due_on, problem, item_no} replace those of a
    draft; a held meeting's decisions have their own functions. Raises Refused, Conflict, ValidationError.
    """
    _refuse(perms.keep(committee, by))
    if meeting is None:
        meeting = Meeting(created_by_id=by.user_id, committee=committee)
        before = {}
    else:
        meeting = locked(meeting, version)
        _refuse(perms.keep(meeting.committee, by) or _unless_cancelled(meeting))
        if meeting.state == MeetingState.HELD and meeting.committee_id != committee.pk:
            raise Refused(Refusal("committee", _("已召开的会议不能改到另一个产业链党委。")))
        before = {name: getattr(meeting, name) for name in FIELDS}
    _check_time(meeting, values["starts_at"])
    for name in FIELDS:
        if name in values:
            setattr(meeting, name, values[name])
    meeting.committee, meeting.region_id, meeting.chain_id = committee, committee.region_id, committee.chain_id
    moved = meeting.held_on
    meeting.held_on = local_date(meeting.starts_at)
    fresh = meeting.pk is None
    meeting.version = 1 if fresh else meeting.version + 1
    meeting.save()
    _replace_attendance(meeting, attendance)
    items = _replace_agenda(meeting, agenda, by)
    if meeting.state == MeetingState.DRAFT and decisions is not None:
        _replace_drafts(meeting, decisions, items)
    elif not fresh and moved != meeting.held_on:
        _redate(meeting, by)
    if meeting.state == MeetingState.HELD:
        _settle_agenda(meeting)
        _refuse(unsettled(meeting))
    changed = changes(before, {name: getattr(meeting, name) for name in FIELDS}) if before else {}
    record(by, "meeting.created" if fresh else "meeting.edited", meeting, version=meeting.version, changes=changed)
    return meeting


def wrong_time(meeting: Meeting, starts_at: dt.datetime) -> str:
    """What is wrong with this time for the meeting, nothing if it is right."""
    if not EARLIEST <= local_date(starts_at) <= today() + FARTHEST:
        return _("会议时间应在 2000 年之后、一年以内。")
    if meeting.state == MeetingState.HELD and starts_at > now():
        return _("已召开的会议，时间不能晚于现在。")
    return ""


def _check_time(meeting: Meeting, starts_at: dt.datetime) -> None:
    wrong = wrong_time(meeting, starts_at)
    if wrong:
        raise ValidationError({"starts_at": wrong})


def _replace_attendance(meeting: Meeting, rows) -> None:
    meeting.attendances.all().delete()
    Attendance.objects.bulk_create(Attendance(meeting=meeting, **row) for row in rows)


def _replace_agenda(meeting: Meeting, rows, by: Actor) -> dict[int, AgendaItem]:
    """The agenda as listed; items keep their row (decisions refer to them) by their number. After the meeting, an end
    that is put right leaves an event."""
    kept = {item.order: item for item in meeting.agenda.all()}
    items = {}
    for number, row in enumerate(rows, start=1):
        item = kept.pop(number, None) or AgendaItem(meeting=meeting, order=number)
        was, item.end = item.end, row.get("end", item.end)
        item.title, item.problem = row["title"], row.get("problem")
        item.save()
        if meeting.state == MeetingState.HELD and item.end != was:
            record(by, "meeting.item_ended", meeting, item=item.title, end=item.end)
        items[number] = item
    for item in kept.values():
        item.delete()
    return items


def _replace_drafts(meeting: Meeting, rows, items) -> None:
    meeting.decisions.filter(state=DecisionState.DRAFT).delete()
    for row in rows:
        row = dict(row)
        item = items.get(row.pop("item_no", None) or 0)
        _check_due(row["due_on"], meeting.held_on)
        _new_decision(meeting, item=item, state=DecisionState.DRAFT, **row).save()


def _new_decision(meeting: Meeting, **values) -> Decision:
    return Decision(
        meeting=meeting,
        committee_id=meeting.committee_id,
        region_id=meeting.region_id,
        chain_id=meeting.chain_id,
        decided_on=meeting.held_on,
        **values,
    )


def _check_due(due_on: dt.date, decided_on: dt.date) -> None:
    if due_on < decided_on:
        raise ValidationError({"due_on": _("完成期限不能早于议定日期。")})
    if due_on > decided_on + dt.timedelta(days=3660):
        raise ValidationError({"due_on": _("完成期限不能晚于十年之后。")})


def _redate(meeting: Meeting, by: Actor) -> None:
    """A held meeting's decisions are dated by its day; a deadline or an end before that day stops the change."""
    for decision in meeting.decisions.select_for_update(of=("self",), no_key=True):
        if decision.due_on < meeting.held_on or (decision.ended_on and decision.ended_on < meeting.held_on):
            raise ValidationError({"starts_at": _("有议定事项的期限或落实日期早于这个时间，请先核对。")})
        decision.decided_on = meeting.held_on
        decision.save()
        _tell_problem(decision, by)


@transaction.atomic
def hold(meeting: Meeting, *, by: Actor, version=None) -> Meeting:
    """The meeting took place: it counts from now on, and its decisions are in force."""
    meeting = locked(meeting, version)
    _refuse(may_hold(meeting, by))
    meeting.state = MeetingState.HELD
    meeting.version += 1
    meeting.save()
    _settle_agenda(meeting)
    for decision in meeting.decisions.filter(state=DecisionState.DRAFT):
        decision.state, decision.decided_on = DecisionState.OPEN, meeting.held_on
        decision.save()
        record(by, "decision.made", decision, text=decision.text, owner=owner_of(decision), due_on=decision.due_on)
        _tell_problem(decision, by)
    record(by, "meeting.held", meeting, version=meeting.version, held_on=meeting.held_on)
    return meeting


def may_hold(meeting: Meeting, actor: Actor) -> Refusal | None:
    """From draft only, not before its time, with somebody present."""
    if meeting.state != MeetingState.DRAFT:
        return Refusal("state", _("只有草稿可以登记为已召开。"))
    refusal = perms.keep(meeting.committee, actor)
    if refusal:
        return refusal
    if meeting.starts_at > now():
        return Refusal("future", _("会议时间还没有到，到时再登记为已召开。"))
    if not meeting.attendances.filter(presence__in=[Presence.PRESENT, Presence.INVITED]).exists():
        return Refusal("nobody", _("请先登记出席情况：至少有一人出席。"))
    return unsettled(meeting)


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
    """Items that have decisions and no end said ended in them."""
    decided = meeting.decisions.exclude(state=DecisionState.CANCELLED).exclude(item=None)
    meeting.agenda.filter(end="", pk__in=decided.values("item_id")).update(end=ItemEnd.DECISION)


@transaction.atomic
def cancel(meeting: Meeting, *, by: Actor, reason: str, version=None) -> Meeting:
    """The meeting did not take place, or was recorded by mistake: it no longer counts. The record stays."""
    meeting = locked(meeting, version)
    _refuse(may_cancel(meeting, by))
    _require(reason)
    for decision in meeting.decisions.filter(state=DecisionState.DRAFT):
        _end(decision, DecisionState.CANCELLED, today())
    meeting.state = MeetingState.CANCELLED
    meeting.version += 1
    meeting.save()
    record(by, "meeting.cancelled", meeting, version=meeting.version, reason=reason)
    return meeting


def may_cancel(meeting: Meeting, actor: Actor) -> Refusal | None:
    refusal = perms.keep(meeting.committee, actor) or _unless_cancelled(meeting)
    if refusal:
        return refusal
    if meeting.decisions.filter(state__in=[DecisionState.OPEN, DecisionState.DONE]).exists():
        return Refusal("decisions", _("会议有生效的议定事项，请先逐项取消，再取消会议。"))
    return None


@transaction.atomic
def decide(meeting: Meeting, *, by: Actor, text, due_on, item_no=None, **owner_and_problem) -> Decision:
    """One more decision of a held meeting, in force at once."""
    meeting = locked(meeting, None)
    _refuse(perms.keep(meeting.committee, by))
    if meeting.state != MeetingState.HELD:
        raise Refused(Refusal("state", _("只有已召开的会议可以增补议定事项。")))
    _check_due(due_on, meeting.held_on)
    item = meeting.agenda.filter(order=item_no).first() if item_no else None
    decision = _new_decision(
        meeting,
        text=text,
        due_on=due_on,
        item=item,
        state=DecisionState.OPEN,
        **owner_and_problem,
    )
    decision.save()
    if item is not None and item.end != ItemEnd.DECISION:
        item.end = ItemEnd.DECISION
        item.save(update_fields=["end"])
        record(by, "meeting.item_ended", meeting, item=item.title, end=item.end)
    record(by, "decision.made", decision, text=text, owner=owner_of(decision), due_on=due_on)
    _tell_problem(decision, by)
    return decision


@transaction.atomic
def edit_decision(decision: Decision, *, by: Actor, version=None, **values) -> Decision:
    """Text, owner and deadline of an open decision."""
    decision = locked_decision(decision, version)
    _refuse(perms.keep(decision.committee, by) or _unless_open(decision))
    _check_due(values["due_on"], decision.decided_on)
    before = {name: getattr(decision, name) for name in values}
    for name, value in values.items():
        setattr(decision, name, value)
    decision.version += 1
    decision.save()
    changed = changes(before, values)
    if changed:
        record(by, "decision.edited", decision, version=decision.version, changes=changed)
    return decision


@transaction.atomic
def finish_decision(decision: Decision, *, by: Actor, done_on: dt.date, done_text: str, version=None) -> Decision:
    """It was carried out, on that day, in this way."""
    decision = locked_decision(decision, version)
    _refuse(may_finish(decision, by))
    _require(done_text, "done_text")
    if not decision.decided_on <= done_on <= today():
        raise ValidationError({"done_on": _("落实日期应在议定日期之后、不晚于今天。")})
    decision.done_text = done_text
    decision.done_on = done_on
    _end(decision, DecisionState.DONE, done_on)
    record(by, "decision.done", decision, version=decision.version, done_on=done_on, text=done_text)
    return decision


def may_finish(decision: Decision, actor: Actor) -> Refusal | None:
    return perms.report_done(decision, actor) or _unless_open(decision)


@transaction.atomic
def cancel_decision(decision: Decision, *, by: Actor, reason: str, version=None) -> Decision:
    """It is no longer to be carried out, or was recorded by mistake; the linked problem forgets it."""
    decision = locked_decision(decision, version)
    _refuse(perms.keep(decision.committee, by))
    if decision.state not in (DecisionState.OPEN, DecisionState.DONE):
        raise Refused(Refusal("state", _("该议定事项已经取消。")))
    _require(reason)
    decision.done_on = None
    _end(decision, DecisionState.CANCELLED, today())
    record(by, "decision.cancelled", decision, version=decision.version, reason=reason)
    _tell_problem(decision, by)
    return decision


def _end(decision: Decision, state: str, day: dt.date) -> None:
    decision.state, decision.ended_on = state, day
    decision.version += 1
    decision.save()


def owner_of(decision: Decision) -> str:
    """The unit and the person who answer for it."""
    return " ".join(filter(None, [str(decision.owner_department or ""), decision.owner_name]))


def _tell_problem(decision: Decision, by: Actor) -> None:
    """The linked problem knows the first day on which a meeting decided on it. An ended problem stays as it is."""
    problem = decision.problem
    if problem is None or problem.state not in OPEN_STATES:
        return
    standing = Decision.objects.filter(problem=problem, state__in=[DecisionState.OPEN, DecisionState.DONE])
    first = standing.order_by("decided_on").values_list("decided_on", flat=True).first()
    problem.refresh_from_db()
    if problem.decided_on == first:
        return
    if first is not None and problem.decided_on is not None and first > problem.decided_on:
        problems.note_decided(problem, by=by, on=None, meeting=decision.meeting, decision=decision)
    problems.note_decided(problem, by=by, on=first, meeting=decision.meeting, decision=decision)


def locked(meeting: Meeting, version: int | None) -> Meeting:
    """The meeting as it is now, locked. Raises Conflict with what happened since when it is no longer `version`."""
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("committee__region")
    meeting = rows.get(pk=meeting.pk)
    _check_version(meeting, version)
    return meeting


def locked_decision(decision: Decision, version: int | None) -> Decision:
    rows = Decision.objects.select_for_update(of=("self",), no_key=True)
    decision = rows.select_related("committee__region", "meeting", "problem").get(pk=decision.pk)
    _check_version(decision, version)
    return decision


def _check_version(row, version: int | None) -> None:
    if version is None or row.version == version:
        return
    events = [event for event in Event.objects.of(row) if event.data.get("version", 0) > version]
    raise Conflict(Refusal("version", _("您打开页面后，这条记录已被他人修改。请核对后再次保存。")), events)


def _unless_cancelled(meeting: Meeting) -> Refusal | None:
    return Refusal("state", _("会议已取消，不能再修改。")) if meeting.state == MeetingState.CANCELLED else None


def _unless_open(decision: Decision) -> Refusal | None:
    if decision.state == DecisionState.OPEN:
        return None
    return Refusal("state", _("只有落实中的议定事项可以办理。"))


def _require(text: str, name: str = "reason") -> None:
    if not text.strip():
        raise ValidationError({name: _("请填写说明。")})


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise Refused(refusal)
