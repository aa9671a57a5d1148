"""A leader's instructions (批示) and how they are followed up."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.actor import Actor
from core.transitions import Refusal, Refused
from problems import perms
from problems.enums import Light
from problems.lifecycle.machine import limited, lock, required
from problems.models import Instruction, Problem
from problems.supervision import signals

MOST_TEXT = 2000
NEAR_DAYS = 2


def give(problem: Problem, *, by: Actor, text: str, report_by_on: dt.date | None, at: dt.datetime) -> Instruction:
    """The row of an instruction; called by the transition `instruct`, which has checked everything."""
    row = Instruction.objects.create(
        problem=problem, enterprise_id=problem.enterprise_id, region_id=problem.region_id, chain_id=problem.chain_id,
        committee_id=problem.committee_id, given_by_id=by.user_id, given_at=at, given_on=clock.local_date(at),
        title=by.title[:80], text=text, report_by_on=report_by_on,
    )  # fmt: skip
    signals.send(signals.instructed, Instruction, instruction_id=row.pk)
    return row


def report_refusal(row: Instruction, actor: Actor) -> Refusal | None:
    """The follow-up is reported once, by the unit that leads or by those who keep the ledger."""
    if row.reported_on is not None:
        return Refusal("reported", _("落实情况已经反馈。"))
    if perms.handles(row.problem, actor) or perms.keeps(row.problem, actor):
        return None
    return Refusal("unit", _("由牵头办理单位或本链党委、组织部反馈。"), perms.HANDLER)


@transaction.atomic
def report(row: Instruction | int, *, by: Actor, text: str) -> Instruction:
    """What was done about it. Raises Refused, or ValidationError by field."""
    required(text=text)
    limited(text=(text, MOST_TEXT))
    pk = row.pk if isinstance(row, Instruction) else row
    problem = lock(Instruction.objects.only("problem_id").get(pk=pk).problem_id)
    found = Instruction.objects.select_related("given_by").get(pk=pk)
    found.problem = problem
    refusal = report_refusal(found, by)
    if refusal:
        raise Refused(refusal)
    found.report, found.reported_by_id, found.reported_on = text, by.user_id, clock.today()
    found.save(update_fields=["report", "reported_by", "reported_on"])
    trail.record(by, "problem.instruction_reported", problem, leader=found.given_by, text=text)
    signals.send(signals.reported, Instruction, instruction_id=found.pk)
    return found


def light(row: Instruction, today: dt.date, calendar) -> Light:
    """Red past its day without a report, yellow near it, green otherwise; grey without a day, none once reported."""
    return Light.NONE if row.reported_on is not None else light_waiting(row, today, calendar)


def light_waiting(row: Instruction, day: dt.date, calendar) -> Light:
    """Its light on a day on which it was not reported yet, whatever came after."""
    if row.report_by_on is None:
        return Light.GREY
    if row.report_by_on < day:
        return Light.RED
    return Light.YELLOW if calendar.remaining(row.report_by_on, day) <= NEAR_DAYS else Light.GREEN
