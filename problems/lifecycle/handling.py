"""In the hands of units: assignment, signing, objection, transfer, notes, pauses, extensions, escalation."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import clock
from core.actor import Actor
from problems import rules
from problems.enums import HANDLED_STATES, PAUSED_STATES, LegEnd, LimitStep, State, Trigger, Urgency
from problems.lifecycle import guards
from problems.lifecycle.machine import limited, required, step
from problems.models import Assignment, Extension, Objection, Problem
from problems.perms import handles, in_unit
from problems.supervision import instructions


# --- assignment -------------------------------------------------------------------------------------------------
def assign(
    problem, *, by: Actor, version: int | None = None, team=None, department=None, coteams=(), codepartments=(),
    urgency: str | None = None, due_on: dt.date | None = None, instruction: str = "", at=None,
) -> Problem:  # fmt: skip
    """To a lead (a help team or a department) with any co-handlers. The clock starts now, not at signing.

    The deadline is the rulebook's for the urgency unless one is given. Raises ValidationError by field.
    """
    limited(instruction=(instruction, 500))
    with step("assign", problem, by=by, version=version, at=at) as s:
        if urgency is not None:
            _urgency(urgency)
            s.problem.urgency = urgency
        _one_lead(s, team, department)
        _hand_over(s, team, department, due_on, instruction)
        helpers = _helpers(s, team, department, coteams, codepartments, instruction)
        s.first("assigned_on")
        return s.finish(
            unit=s.problem.lead, helpers=[str(leg.unit) for leg in helpers], due_on=s.problem.due_on,
            instruction=instruction,
        )  # fmt: skip


def transfer(
    problem, *, by: Actor, version: int | None = None, team=None, department=None, reason: str,
    due_on: dt.date | None = None, at=None,
) -> Problem:  # fmt: skip
    """To another lead, which gets a deadline of its own; counts as one bounce. Helpers stay."""
    required(reason=reason)
    limited(reason=(reason, 500))
    with step("transfer", problem, by=by, version=version, at=at) as s:
        before = s.problem.lead
        if before == (team or department):
            raise ValidationError({"lead": _("请选择另一个单位。")})
        _one_lead(s, team, department)
        _drop_requests(s, LegEnd.TRANSFERRED)
        _hand_over(s, team, department, due_on, reason)
        _bounce(s)
        return s.finish(
            holder_changed=True, reason=reason, before=before, unit=s.problem.lead, due_on=s.problem.due_on,
            escalated=s.problem.is_escalated,
        )  # fmt: skip


def _urgency(urgency: str) -> None:
    if urgency not in Urgency.values:
        raise ValidationError({"urgency": _("请选择列表中的一项。")})


def _one_lead(s, team, department) -> None:
    if (team is None) == (department is None):
        raise ValidationError({"lead": _("请选择一个牵头帮办团或一个牵头单位。")})
    _standing_unit(s, "lead", team or department)


def _hand_over(s, team, department, due_on, instruction) -> Assignment:
    """Begin the lead's leg with its deadline."""
    p = s.problem
    if due_on is None:
        due_on = rules.deadline(s.rulebook, p.urgency, s.day, s.calendar, p.category)
    check_deadline(s, due_on, "due_on")
    p.lead_team, p.lead_department = team, department
    leg = Assignment.objects.create(
        problem=p, team=team, department=department, is_lead=True, assigned_by_id=s.by.user_id, assigned_at=s.at,
        due_on=due_on, instruction=instruction,
    )  # fmt: skip
    p.__dict__.pop("active_legs", None)
    s.set_deadline(due_on)
    return leg


def check_deadline(s, due_on: dt.date, name: str) -> None:
    """A deadline is a working day after today and inside the rulebook's longest time. Raises ValidationError."""
    longest = s.calendar.add(s.day, s.rulebook.longest_days)
    if not s.day < due_on <= longest:
        raise ValidationError(
            {
                name: _("期限应在今天之后，最远到 %(day)s（%(count)d 个工作日）。")
                % {"day": longest.isoformat(), "count": s.rulebook.longest_days}
            }
        )
    if not s.calendar.is_workday(due_on):
        raise ValidationError({name: _("期限应为工作日。")})


def _standing_unit(s, name: str, unit) -> None:
    """A unit of the entry's own region line: its county, a region above or below it; not dissolved."""
    mine, theirs = s.problem.region.path, unit.region.path
    if not (mine.startswith(theirs) or theirs.startswith(mine)):
        raise ValidationError({name: _("“%(unit)s”不在本问题所在区域的上下级内。") % {"unit": unit}})
    dissolved = getattr(unit, "dissolved_on", None)
    if (dissolved is not None and dissolved <= s.day) or getattr(unit, "is_active", True) is False:
        raise ValidationError({name: _("“%(unit)s”已撤销或停用。") % {"unit": unit}})


def _helpers(s, team, department, coteams, codepartments, instruction) -> list[Assignment]:
    p = s.problem
    days = rules.limit_days(s.rulebook, LimitStep.COHANDLE, p.category, p.urgency)
    due_on = max(s.day, min(s.calendar.add(s.day, days), p.due_on))
    units = [(one, None) for one in coteams if one != team] + [
        (None, one) for one in codepartments if one != department
    ]
    legs = []
    for coteam, codepartment in dict.fromkeys(units):
        _standing_unit(s, "helpers", coteam or codepartment)
        legs.append(
            Assignment.objects.create(
                problem=s.problem, team=coteam, department=codepartment, is_lead=False, assigned_by_id=s.by.user_id,
                assigned_at=s.at, due_on=due_on, instruction=instruction,
            )
        )  # fmt: skip
    s.problem.__dict__.pop("active_legs", None)
    return legs


def add_helpers(
    problem, *, by: Actor, version: int | None = None, coteams=(), codepartments=(), instruction: str = "", at=None
) -> Problem:
    """More co-handlers while it is handled (加签), each with a limit of its own; the lead's deadline stays."""
    limited(instruction=(instruction, 500))
    with step("add_helpers", problem, by=by, version=version, at=at) as s:
        p = s.problem
        held = [leg.unit for leg in p.active_legs]
        coteams = [one for one in coteams if one not in held]
        codepartments = [one for one in codepartments if one not in held]
        legs = _helpers(s, None, None, coteams, codepartments, instruction)
        if not legs:
            raise ValidationError({"helpers": _("请选择还没有参与办理的单位。")})
        return s.finish(helpers=[str(leg.unit) for leg in legs], due_on=legs[0].due_on, instruction=instruction)


def _drop_requests(s, kind: str) -> None:
    """End the lead's leg; what it had asked for falls with it."""
    leg = guards.lead_leg(s.problem)
    s.settle_requests(_("单位已改派，申请自动终止。"), objection=True)
    s.problem.pause_asked_on = None
    s.end_legs(kind, only=[leg])


def _bounce(s) -> None:
    """One more bounce; at the rulebook's limit the entry rises by itself."""
    s.problem.bounces += 1
    limit = rules.escalates_at(s.rulebook, Trigger.BOUNCED)
    if limit is not None and s.problem.bounces >= limit:
        s.raise_level(s.rulebook.escalates_to)


def sign(problem, *, by: Actor, version: int | None = None, at=None) -> Problem:
    """The lead signs for it and works on it."""
    with step("sign", problem, by=by, version=version, at=at) as s:
        leg = guards.lead_leg(s.problem)
        leg.signed_at, leg.signed_by_id, leg.handler_id = s.at, by.user_id, by.user_id
        leg.save(update_fields=["signed_at", "signed_by", "handler"])
        return s.finish(unit=s.problem.lead)


# --- objection --------------------------------------------------------------------------------------------------
def object_to(problem, *, by: Actor, version: int | None = None, ground: str, at=None) -> Problem:
    """The lead's one objection, with its ground; the clock runs on."""
    required(ground=ground)
    limited(ground=(ground, 1000))
    with step("object_to", problem, by=by, version=version, at=at) as s:
        Objection.objects.create(
            assignment=guards.lead_leg(s.problem), problem=s.problem, ground=ground, raised_by_id=by.user_id,
            raised_at=s.at,
        )  # fmt: skip
        return s.finish(ground=ground, unit=s.problem.lead)


def rule_on_objection(
    problem, *, by: Actor, version: int | None = None, granted: bool, ruling: str, at=None
) -> Problem:
    """The binding ruling. Granted: the leg ends, the entry waits for assignment, one bounce. Refused: it stays."""
    required(ruling=ruling)
    limited(ruling=(ruling, 1000))
    name = "grant_objection" if granted else "refuse_objection"
    with step(name, problem, by=by, version=version, at=at) as s:
        asked = guards.pending_objection(s.problem)
        asked.settle(granted=granted, text=ruling, by_id=by.user_id, at=s.at)
        unit = s.problem.lead
        if granted:
            _drop_requests(s, LegEnd.OBJECTED)
            s.end_legs(LegEnd.CANCELLED)
            s.problem.lead_team = s.problem.lead_department = None
            s.set_deadline(None)
            _bounce(s)
        return s.finish(ruling=ruling, unit=unit, escalated=s.problem.is_escalated)


# --- the record -------------------------------------------------------------------------------------------------
def add_note(problem, *, by: Actor, version: int | None = None, text: str, at=None) -> Problem:
    """Progress, written on the timeline. The lead's first word is the first reply (首次答复)."""
    required(text=text)
    limited(text=(text, 2000))
    with step("add_note", problem, by=by, version=version, at=at) as s:
        if s.problem.state in HANDLED_STATES and handles(s.problem, by):
            s.first("first_reply_on")
        return s.finish(text=text)


def instruct(
    problem, *, by: Actor, version: int | None = None, text: str, report_by_on: dt.date | None = None, at=None
) -> Problem:
    """A leader's instruction (批示), with the day by which its follow-up is to be reported, or none."""
    required(text=text)
    limited(text=(text, 2000))
    with step("instruct", problem, by=by, version=version, at=at) as s:
        if report_by_on is not None and report_by_on < s.day:
            raise ValidationError({"report_by_on": _("要求反馈日期不能早于今天。")})
        instructions.give(s.problem, by=by, text=text, report_by_on=report_by_on, at=s.at)
        return s.finish(text=text, **({"report_by_on": report_by_on} if report_by_on else {}))


def report_as_cohandler(problem, *, by: Actor, version: int | None = None, text: str, at=None) -> Problem:
    """A helper's answer to the lead; it ends the helper's own leg."""
    required(text=text)
    limited(text=(text, 1000))
    with step("report_as_cohandler", problem, by=by, version=version, at=at) as s:
        mine = [leg for leg in s.problem.active_legs if not leg.is_lead and _of(by, leg)]
        for leg in mine:
            leg.reported_at, leg.report_text = s.at, text
            leg.ended_at, leg.end_kind = s.at, LegEnd.RESOLVED
            leg.save()
        s.problem.__dict__.pop("active_legs", None)
        return s.finish(text=text, unit=mine[0].unit)


def _of(by: Actor, leg: Assignment) -> bool:
    return by.is_system or in_unit(by, leg.team_id, leg.department_id)


# --- pauses -----------------------------------------------------------------------------------------------------
def ask_suspension(problem, *, by: Actor, version: int | None = None, reason: str, at=None) -> Problem:
    """The unit asks to stop the clock; it runs on until an officer agrees."""
    required(reason=reason)
    limited(reason=(reason, 500))
    with step("ask_suspension", problem, by=by, version=version, at=at) as s:
        s.problem.pause_asked_on = s.day
        return s.finish(reason=reason)


def suspend(problem, *, by: Actor, version: int | None = None, reason: str, next_on: dt.date | None = None, at=None):
    """The clock stops; the pause is the suspended span. `next_on` is when to look again."""
    required(reason=reason)
    limited(reason=(reason, 500))
    with step("suspend", problem, by=by, version=version, at=at) as s:
        if next_on is not None:
            check_next(s, next_on)
            s.problem.next_on = next_on
        return s.finish(reason=reason, next_on=next_on)


def check_next(s, next_on: dt.date) -> None:
    """The next date of a waiting or suspended entry lies after today, inside the rulebook's interval."""
    farthest = s.calendar.add(s.day, s.rulebook.waiting_days)
    if not s.day < next_on <= farthest:
        raise ValidationError(
            {
                "next_on": _("下次日期应在今天之后，最远到 %(day)s（%(count)d 个工作日）。")
                % {"day": farthest.isoformat(), "count": s.rulebook.waiting_days}
            }
        )


def resume(problem, *, by: Actor, version: int | None = None, note: str = "", at=None) -> Problem:
    """The clock starts again: the deadline moves on by the pause. A waiting entry (挂账) begins a new leg instead."""
    limited(note=(note, 500))
    with step("resume", problem, by=by, version=version, at=at) as s:
        p = s.problem
        p.next_on = None
        if p.state == State.RESOLVED:
            begin_again(s, note)
        else:
            s.shift_deadlines()
        signed = any(leg.is_lead and leg.signed_at for leg in p.active_legs)
        return s.finish(to=State.IN_PROGRESS if signed else State.ASSIGNED, note=note, due_on=p.due_on)


def begin_again(s, instruction: str) -> None:
    """A new leg for the same lead with a new deadline: after 'not satisfied', after reopening, after waiting."""
    p = s.problem
    held = p.assignments.filter(is_lead=True).exclude(handler=None).order_by("-id").first()
    leg = _hand_over(s, p.lead_team, p.lead_department, None, instruction[:500])
    leg.signed_at = s.at
    if held is not None and (held.team_id, held.department_id) == (leg.team_id, leg.department_id):
        leg.handler_id = held.handler_id
    leg.save(update_fields=["signed_at", "handler"])
    p.outcome = ""


# --- extensions -------------------------------------------------------------------------------------------------
def ask_extension(problem, *, by: Actor, version: int | None = None, new_due_on: dt.date, reason: str, at=None):
    """A later deadline, asked before the end with a reason, inside the longest time since assignment."""
    required(reason=reason)
    limited(reason=(reason, 1000))
    with step("ask_extension", problem, by=by, version=version, at=at) as s:
        p = s.problem
        leg = guards.lead_leg(p)
        _later(s, leg, new_due_on)
        Extension.objects.create(
            problem=p, assignment=leg, asked_by_id=by.user_id, asked_at=s.at, old_due_on=p.due_on,
            new_due_on=new_due_on, reason=reason,
        )  # fmt: skip
        return s.finish(old_due_on=p.due_on, new_due_on=new_due_on, reason=reason)


def pauses_of(problem: Problem, since: dt.datetime) -> list[tuple[dt.date, dt.date]]:
    """The ended pauses of the entry since a moment, suspended or returned, as (from, until)."""
    ended = problem.spans.filter(state__in=list(PAUSED_STATES), ended_at__isnull=False, started_at__gte=since)
    return list(ended.values_list("started_on", "ended_on"))


def _later(s, leg: Assignment, new_due_on: dt.date) -> None:
    """Raises ValidationError unless it is a working day after the deadline, inside the longest time (less pauses)."""
    p = s.problem
    longest = s.calendar.shift(
        s.calendar.add(clock.local_date(leg.assigned_at), s.rulebook.longest_days), pauses_of(p, leg.assigned_at)
    )
    if not p.due_on < new_due_on <= longest:
        raise ValidationError(
            {
                "new_due_on": _("新的期限应在 %(from)s 之后，最远到 %(until)s。")
                % {"from": p.due_on.isoformat(), "until": longest.isoformat()}
            }
        )
    if not s.calendar.is_workday(new_due_on):
        raise ValidationError({"new_due_on": _("期限应为工作日。")})


def decide_extension(problem, *, by: Actor, version: int | None = None, granted: bool, answer: str = "", at=None):
    """Granted: the new deadline holds (never an earlier one than by now). Refused: the old one stays."""
    if not granted:
        required(answer=answer)
    limited(answer=(answer, 500))
    with step("grant_extension" if granted else "refuse_extension", problem, by=by, version=version, at=at) as s:
        p = s.problem
        asked = guards.pending_extension(p)
        asked.settle(granted=granted, text=answer, by_id=by.user_id, at=s.at)
        if granted:
            leg = guards.lead_leg(p)
            leg.due_on = max(asked.new_due_on, p.due_on)
            leg.save(update_fields=["due_on"])
            s.set_deadline(leg.due_on)
        return s.finish(answer=answer, old_due_on=asked.old_due_on, new_due_on=asked.new_due_on)


def extend_by_meeting(problem, *, by: Actor, version: int | None = None, new_due_on: dt.date, reason: str, at=None):
    """A later deadline because a meeting decided so, inside the longest time since assignment. What the unit had asked
    for itself is answered by it."""
    required(reason=reason)
    limited(reason=(reason, 1000))
    with step("extend_by_meeting", problem, by=by, version=version, at=at) as s:
        p, leg = s.problem, guards.lead_leg(s.problem)
        before = p.due_on
        _later(s, leg, new_due_on)
        asked = guards.pending_extension(p)
        if asked is not None:
            met = asked.new_due_on <= new_due_on
            asked.settle(granted=met, text=_("会议议定延期。"), by_id=by.user_id, at=s.at)
        leg.due_on = new_due_on
        leg.save(update_fields=["due_on"])
        s.set_deadline(new_due_on)
        return s.finish(old_due_on=before, new_due_on=new_due_on, reason=reason)
