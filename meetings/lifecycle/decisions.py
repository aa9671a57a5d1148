"""Everything that changes decisions. Each function is atomic, locks the row, and leaves an event.

Decision: draft (with its meeting) -> open -> done or cancelled. Nothing is deleted but drafts.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.trail import changes, record
from core import workdays
from core.actor import Actor
from core.clock import now, today
from core.transitions import Refusal, Refused
from meetings import perms
from meetings.enums import TOOK_PLACE, ActState, DecisionState, ItemEnd
from meetings.lifecycle import acting
from meetings.lifecycle.agenda import settle_after, top_up
from meetings.lifecycle.guards import (
    locked,
    locked_decision,
    locked_with_agenda,
    refuse,
    require,
    unless_filed,
    unless_open,
)
from meetings.models import Decision, DecisionNote, Meeting
from problems import lifecycle as problems
from problems.enums import OPEN_STATES


def new_decision(meeting: Meeting, *, days: int | None = None, **values) -> Decision:
    """`days` gives the deadline in working days from the meeting, by the calendar of the place."""
    if days:
        values["due_on"] = workdays.current(meeting.committee.region.path).add(meeting.held_on, days)
    if values.get("act"):
        values["act_state"] = ActState.WAITING
    check_due(values["due_on"], meeting.held_on)
    return Decision(
        meeting=meeting,
        committee_id=meeting.committee_id,
        region_id=meeting.region_id,
        chain_id=meeting.chain_id,
        decided_on=meeting.held_on,
        **values,
    )


def check_due(due_on: dt.date, decided_on: dt.date) -> None:
    if due_on < decided_on:
        raise ValidationError({"due_on": _("完成期限不能早于议定日期。")})
    if due_on > decided_on + dt.timedelta(days=3660):
        raise ValidationError({"due_on": _("完成期限不能晚于十年之后。")})


@transaction.atomic
def decide(meeting: Meeting, *, by: Actor, text, due_on=None, item_no=None, **owner_and_problem) -> Decision:
    """One more decision of a held meeting, in force at once; what it does to its problem is done at once, too."""
    meeting = locked(meeting, None)
    refuse(perms.keep(meeting.committee, by) or unless_filed(meeting))
    if meeting.state not in TOOK_PLACE:
        raise Refused(Refusal("state", _("只有已召开的会议可以增补议定事项。")))
    item = meeting.agenda.filter(order=item_no).first() if item_no else None
    decision = new_decision(
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
    come_into_force(decision, by)
    settle_after(meeting)
    return decision


def come_into_force(decision: Decision, by: Actor) -> None:
    """From now on it is owed; its problem knows of it, and what it says about the problem is done."""
    record(by, "decision.made", decision, text=decision.text, owner=owner_of(decision), due_on=decision.due_on)
    tell_problem(decision, by)
    acting.begin(decision, by)


@transaction.atomic
def edit_decision(decision: Decision, *, by: Actor, version=None, days=None, **values) -> Decision:
    """Text, owner, deadline and mechanism of an open decision; `days` gives the deadline in working days from today."""
    decision = locked_decision(decision, version)
    refuse(perms.keep(decision.committee, by) or unless_filed(decision.meeting) or unless_open(decision))
    if days:
        values["due_on"] = workdays.current(decision.committee.region.path).add(today(), days)
    check_due(values["due_on"], decision.decided_on)
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
    """It was carried out, on that day, in this way; it leaves the agendas that nobody has written on."""
    decision = locked_with_agenda(decision, version)
    refuse(may_finish(decision, by))
    require(done_text, "done_text")
    if not decision.decided_on <= done_on <= today():
        raise ValidationError({"done_on": _("落实日期应在议定日期之后、不晚于今天。")})
    decision.done_text = done_text
    decision.done_on = done_on
    end(decision, DecisionState.DONE, done_on)
    record(by, "decision.done", decision, version=decision.version, done_on=done_on, text=done_text)
    top_up(decision.committee)
    return decision


@transaction.atomic
def note_decision(decision: Decision, *, by: Actor, text: str) -> DecisionNote:
    """How far it has come, by the unit that owes it or those who keep the meetings."""
    decision = locked_decision(decision, None)
    refuse(may_finish(decision, by))
    require(text, "text")
    note = DecisionNote.objects.create(decision=decision, text=text, noted_by_id=by.user_id, noted_at=now())
    record(by, "decision.noted", decision, text=text)
    return note


def may_finish(decision: Decision, actor: Actor) -> Refusal | None:
    return perms.report_done(decision, actor) or unless_open(decision)


@transaction.atomic
def cancel_decision(decision: Decision, *, by: Actor, reason: str, version=None) -> Decision:
    """It is no longer to be carried out, or was recorded by mistake; the linked problem forgets it."""
    decision = locked_with_agenda(decision, version)
    refuse(perms.keep(decision.committee, by) or unless_filed(decision.meeting))
    if decision.state not in (DecisionState.OPEN, DecisionState.DONE):
        raise Refused(Refusal("state", _("该议定事项已经取消。")))
    require(reason)
    decision.done_on = None
    if decision.act_state in (ActState.WAITING, ActState.REFUSED):
        decision.act_state, decision.act_sentence = ActState.NONE, ""
    end(decision, DecisionState.CANCELLED, today())
    record(by, "decision.cancelled", decision, version=decision.version, reason=reason)
    tell_problem(decision, by)
    top_up(decision.committee)
    return decision


def end(decision: Decision, state: str, day: dt.date) -> None:
    decision.state, decision.ended_on = state, day
    decision.version += 1
    decision.save()


def owner_of(decision: Decision) -> str:
    """The unit and the person who answer for it."""
    return " ".join(filter(None, [str(decision.owner_department or ""), decision.owner_name]))


def tell_problem(decision: Decision, by: Actor) -> None:
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
