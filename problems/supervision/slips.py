"""Numbered slips (提醒单, 督办单): issuing by the ladder or by an officer, the unit's answer, who may do which.

A slip's text and number are written once, in Chinese, whatever the language of who caused it: it is an official paper.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from alliances.models import Region
from audit import trail
from core import clock, workdays
from core.actor import SYSTEM, Actor
from core.models import Sequence
from core.transitions import Refusal, Refused
from problems import perms, rules
from problems.enums import OPEN_STATES, LimitStep, SlipKind, State
from problems.lifecycle.machine import limited, lock, required
from problems.models import Assignment, Problem, Slip
from problems.supervision import signals

# The rulebook's column with the working days that a unit has for its answer.
ANSWER_DAYS = {SlipKind.REMINDER: "reminder_answer_days", SlipKind.SUPERVISION: "supervision_answer_days"}
MOST_TEXT = 2000
_WORD = {SlipKind.REMINDER: "提醒", SlipKind.SUPERVISION: "督办"}
CHINESE = "zh-hans"


# --- who may ------------------------------------------------------------------------------------------------------
def issue_refusal(problem: Problem, actor: Actor) -> Refusal | None:
    """Slips are issued by an officer, on an entry that has not ended and has left the drafts."""
    if problem.state not in OPEN_STATES:
        return Refusal("state", _("事项已终结或尚未提交，不能发督办文书。"))
    return perms.as_officer(problem, actor)


def answer_refusal(slip: Slip, actor: Actor) -> Refusal | None:
    """A slip is answered once, by the unit that it is addressed to; without one by those who keep the ledger."""
    if slip.answered_on is not None:
        return Refusal("answered", _("这份文书已经反馈。"))
    if slip.unit is None:
        return perms.as_keeper(slip.problem, actor)
    if actor.is_system or perms.in_unit(actor, slip.team_id, slip.department_id):
        return None
    return Refusal("unit", _("由文书发往的单位反馈。"), str(slip.unit))


# --- issuing ------------------------------------------------------------------------------------------------------
def addressees(problem: Problem) -> list[Assignment]:
    """The legs that a slip may be addressed to now: the lead first, then those that help."""
    return sorted(problem.active_legs, key=lambda leg: (not leg.is_lead, leg.pk))


def answer_day(kind: str, today: dt.date, calendar, book) -> dt.date:
    """By when a slip issued today is to be answered by these rules (`Rulebook`)."""
    return calendar.add(today, getattr(book, ANSWER_DAYS[SlipKind(kind)]))


def issue(
    problem: Problem | int, *, by: Actor, kind: str, text: str, answer_due_on: dt.date, leg: Assignment | None = None,
) -> Slip:  # fmt: skip
    """A slip by hand. Raises Refused, or ValidationError by field."""
    required(text=text)
    limited(text=(text, MOST_TEXT))
    if kind not in SlipKind.values:
        raise ValidationError({"kind": _("请选择列表中的一项。")})
    with transaction.atomic():
        locked = lock(problem)
        refusal = issue_refusal(locked, by)
        if refusal:
            raise Refused(refusal)
        if leg is not None and leg.pk not in {one.pk for one in locked.active_legs}:
            raise ValidationError({"leg": _("该单位已不再办理本事项。")})
        if answer_due_on <= clock.today():
            raise ValidationError({"answer_due_on": _("反馈期限应在今天之后。")})
        slip = write(locked, kind, text, answer_due_on, leg=leg, by=by, at=clock.now())
        signals.send(signals.slip_issued, Slip, slip_id=slip.pk)
        return slip


def write(problem: Problem, kind, text, answer_due_on, *, leg=None, by: Actor = SYSTEM, at: dt.datetime) -> Slip:
    """The row with the next number of the county and year, and its event. The caller holds the entry's lock."""
    day = clock.local_date(at)
    slip = Slip.objects.create(
        problem=problem, assignment=leg, kind=kind, number=next_number(problem.region, kind, day.year),
        enterprise_id=problem.enterprise_id, region_id=problem.region_id, chain_id=problem.chain_id,
        committee_id=problem.committee_id, team_id=leg and leg.team_id, department_id=leg and leg.department_id,
        issued_by_id=by.user_id, issued_at=at, issued_on=day, text=text, answer_due_on=answer_due_on,
    )  # fmt: skip
    trail.record(
        by, "problem.slip_issued", problem, slip=str(kind), number=slip.number, unit=leg and leg.unit, text=text,
        answer_due_on=answer_due_on,
    )  # fmt: skip
    return slip


def next_number(region: Region, kind: str, year: int) -> str:
    """`云岭县督办〔2026〕3号`: one sequence for each county, kind and year, gapless. Call inside a transaction."""
    county = county_of(region)
    value = Sequence.next(f"slip:{kind}:{county.pk}:{year}")
    return number_text(county, kind, year, value)


def number_text(county: Region, kind: str, year: int, value: int) -> str:
    name = county.name[:20]
    if Region.objects.filter(name=county.name).exclude(pk=county.pk).exists():
        name = f"{name}（{county.code or county.pk}）"
    return f"{name}{_WORD[SlipKind(kind)]}〔{year}〕{value}号"


def county_of(region: Region) -> Region:
    """The region itself or the nearest above it that is a county, a city or a province."""
    levels = ("county", "city", "province")
    above = Region.objects.filter(path__in=region.ancestor_paths, level__in=levels).order_by("-path").first()
    return above or region


# --- the text -----------------------------------------------------------------------------------------------------
def wording(problem: Problem, kind: str, step: str, due_on: dt.date | None, late: int, answer_due_on: dt.date) -> str:
    """The usual text of a slip: what is late, what is asked, by when to answer."""
    with translation.override(CHINESE):
        named = str(LimitStep(step).label)
    told = f"{problem.enterprise.name}反映的“{problem.title}”（{problem.number}），"
    if late > 0:
        told += f"“{named}”期限为{chinese(due_on)}，现已超过{late}个工作日，仍未完成。"
    elif due_on:
        told += f"“{named}”期限为{chinese(due_on)}，请按期完成。"
    else:
        told += "请抓紧办理。"
    if kind == SlipKind.SUPERVISION:
        return told + f"请立即研究办理，说明原因、下一步措施和完成时间，于{chinese(answer_due_on)}前书面反馈。"
    return told + f"请抓紧办理，并于{chinese(answer_due_on)}前反馈办理情况。"


def chinese(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def proposed(problem: Problem, kind: str) -> dict:
    """What the form for a slip starts with: addressee, text, day of the answer."""
    today, calendar = clock.today(), workdays.current(problem.region.path)
    leg = next(iter(addressees(problem)), None)
    running = problem.state in (State.ASSIGNED, State.IN_PROGRESS)
    step = {State.SUBMITTED: LimitStep.ACCEPT, State.ACCEPTED: LimitStep.ASSIGN}.get(problem.state, LimitStep.RESOLVE)
    limit = problem.limits.filter(step=step, met_on=None, dropped_on=None).first()
    due_on = problem.due_on if running else limit and limit.due_on
    late = max(0, -calendar.remaining(due_on, today)) if due_on else 0
    answer_on = answer_day(kind, today, calendar, rules.rulebook_of(problem, today))
    return {
        "leg": leg.pk if leg else "",
        "kind": kind,
        "answer_due_on": answer_on,
        "text": wording(problem, kind, step, due_on, late, answer_on),
    }


# --- the answer ---------------------------------------------------------------------------------------------------
@transaction.atomic
def answer(slip: Slip | int, *, by: Actor, text: str) -> Slip:
    """The unit's answer. Raises Refused, or ValidationError by field."""
    required(text=text)
    limited(text=(text, MOST_TEXT))
    pk = slip.pk if isinstance(slip, Slip) else slip
    problem = lock(Slip.objects.only("problem_id").get(pk=pk).problem_id)
    found = Slip.objects.select_related("team", "department").get(pk=pk)
    found.problem = problem
    refusal = answer_refusal(found, by)
    if refusal:
        raise Refused(refusal)
    found.answer, found.answered_by_id, found.answered_on = text, by.user_id, clock.today()
    found.save(update_fields=["answer", "answered_by", "answered_on"])
    trail.record(by, "problem.slip_answered", problem, number=found.number, unit=found.unit, text=text)
    signals.send(signals.slip_answered, Slip, slip_id=found.pk)
    return found
