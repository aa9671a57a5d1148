"""The limits of a history, by the rule of `problems.lifecycle.limits`; and the slips that the ladder had sent."""

import datetime as dt

from core import clock
from demo.histories.machine import Scene
from problems.enums import LadderAct, LimitStep, SlipKind, Trigger
from problems.models import LadderRung, Reminder, Slip, StepLimit
from problems.supervision import ladder, slips

ANSWERS = (
    "已落实专人办理，本周内完成。",
    "已与企业对接，正在协调有关单位。",
    "材料已补齐，按程序办理中。",
    "已办结并告知企业。",
)


def supervise(rows, histories, scene: Scene, county) -> dict[tuple[str, str, int], int]:
    """Reminders and slips of the ladder as it stands, on the morning of the day on which each threshold was reached:
    all of limits that run today, slips alone for deadlines missed in the past. Rising is left to the ladder itself.
    Answers the last number of each (kind, county, year), as `Sequence` names them."""
    today = clock.local_date(scene.now)
    rungs = [rung for rung in LadderRung.objects.filter(rulebook=scene.rulebook) if rung.act != LadderAct.ESCALATE]
    found = []
    for history in histories:
        for limit in history.limits:
            runs = limit.met_on is None and limit.dropped_on is None and limit.paused_on is None
            if runs or (limit.step == LimitStep.RESOLVE and limit.paused_on is None):
                found += _reached(limit, rungs, scene, today, runs=runs)
    last: dict[tuple[str, str, int], int] = {}
    for day, limit, rung in sorted(found, key=lambda one: (one[0], one[1].problem.pk, ladder.STRENGTH[one[2].act])):
        slip = None
        if rung.act in ladder.SLIPS:
            slip = rows.add(_slip(limit, ladder.SLIPS[rung.act], day, scene, county, last))
        rows.add(
            Reminder(
                problem=limit.problem, limit=limit, trigger=rung.trigger, threshold=rung.threshold, act=rung.act,
                fired_at=clock.at_local(day, 9, 3), slip=slip,
            )
        )  # fmt: skip
    return last


def _reached(limit: StepLimit, rungs, scene: Scene, today: dt.date, *, runs: bool):
    """(day, limit, rung) of each threshold that was reached before today."""
    calendar, end = scene.calendar, limit.met_on or limit.dropped_on or today
    for rung in rungs:
        if limit.step not in ladder.STEPS[rung.act]:
            continue
        if rung.trigger == Trigger.OVERDUE:
            day = calendar.add(limit.due_on, max(1, rung.threshold))
        elif rung.trigger == Trigger.NEAR and runs:
            day = max(calendar.add(limit.due_on, -rung.threshold), calendar.add(limit.started_on, 1))
        else:
            continue
        if day < min(end, today):
            yield day, limit, rung


def _slip(limit: StepLimit, kind: str, day: dt.date, scene: Scene, county, last) -> Slip:
    problem, leg, calendar = limit.problem, limit.assignment, scene.calendar
    if limit.step == LimitStep.RULE:
        leg = None
    key = (str(county.pk), f"slip:{SlipKind(kind).value}", day.year)
    number = last[key] = last.get(key, 0) + 1
    answer_on = slips.answer_day(kind, day, calendar, scene.rulebook)
    late = max(0, calendar.between(limit.due_on, day))
    slip = Slip(
        problem=problem, assignment=leg, kind=kind, number=slips.number_text(county, kind, day.year, number),
        enterprise_id=problem.enterprise_id, region_id=problem.region_id, chain_id=problem.chain_id,
        committee_id=problem.committee_id, team_id=leg and leg.team_id, department_id=leg and leg.department_id,
        issued_at=clock.at_local(day, 9, 3), issued_on=day, answer_due_on=answer_on,
        text=slips.wording(problem, kind, limit.step, limit.due_on, late, answer_on),
    )  # fmt: skip
    answered = calendar.add(day, 1 + number % 3)
    ended = limit.met_on is not None or limit.dropped_on is not None
    if answered < clock.local_date(scene.now) and (ended or number % 7):
        slip.answer, slip.answered_on = ANSWERS[number % len(ANSWERS)], answered
    return slip
