"""What the page of an entry shows of its supervision: limits, reminders, slips, instructions."""

from django.utils.translation import gettext as _

from core import clock, workdays
from core.actor import Actor
from problems.enums import Light
from problems.models import Problem
from problems.supervision import instructions, slips


def of(problem: Problem, actor: Actor) -> dict:
    """Four statements, whatever the entry has been through."""
    today, calendar = clock.today(), workdays.current(problem.region.path)
    limits = list(problem.limits.select_related("assignment__team", "assignment__department"))
    for row in limits:
        row.light, row.words = _standing(row, today, calendar)
        row.days_left = calendar.remaining(row.due_on, today) if row.light in _RUNNING else None
    papers = list(problem.slips.select_related("team", "department", "issued_by", "answered_by"))
    for row in papers:
        row.problem = problem
        row.may_answer = slips.answer_refusal(row, actor) is None
        row.is_late = row.answered_on is None and row.answer_due_on < today
    given = list(problem.instructions.select_related("given_by", "reported_by"))
    for row in given:
        row.problem = problem
        row.may_report = instructions.report_refusal(row, actor) is None
        row.light = instructions.light(row, today, calendar)
    return {
        "limits": limits,
        "slips": papers,
        "instructions": given,
        "reminders": list(problem.reminders.select_related("limit", "slip")[:20]),
        "may_issue": slips.issue_refusal(problem, actor) is None,
    }


_RUNNING = (Light.GREEN, Light.YELLOW, Light.RED)


def _standing(row, today, calendar):
    """(light, words) of one limit: running, done in time or late, paused, dropped."""
    if row.met_on is not None:
        return "", _("按期完成") if row.met_on <= row.due_on else _("超期完成")
    if row.dropped_on is not None:
        return "", _("已终止")
    if row.paused_on is not None:
        return Light.GREY, _("停表")
    if row.due_on < today:
        return Light.RED, ""
    return (Light.YELLOW if row.near_on <= today else Light.GREEN), ""
