"""The ladder of supervision (督办阶梯): finds limits that have reached a threshold and fires each exactly once.

`run` is called every few minutes. It asks the database for what is due, in three statements whatever the size of the
ledger, and fires limit by limit, each in its own transaction with the entry locked: rows of `Reminder` (unique by
limit, trigger, threshold and act), at most one slip, the escalation, and one message after the commit.

Nothing is stored ahead of time. What is due follows from the deadlines and the rules of the moment it runs, so that a
changed rule leaves no old alarm behind, and a worker that was away finds everything when it is back. docs/adr has the
decision on several thresholds missed at once.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from django.db import connection, transaction
from django.utils import translation

from core import clock, workdays
from core.actor import SYSTEM
from core.transitions import Refused
from problems import rules
from problems.enums import LadderAct, LimitStep, SlipKind, Trigger
from problems.lifecycle import limits
from problems.lifecycle.machine import lock, step
from problems.models import LadderRung, Problem, Reminder, Rulebook, Slip, StepLimit
from problems.supervision import signals, slips

ONE_DAY = dt.timedelta(days=1)
# From the mildest to the strongest: where several are reached at once, the strongest is the one that is told.
STRENGTH = {LadderAct.REMIND: 0, LadderAct.REMINDER_SLIP: 1, LadderAct.SUPERVISION_SLIP: 2, LadderAct.ESCALATE: 3}
SLIPS = {LadderAct.REMINDER_SLIP: SlipKind.REMINDER, LadderAct.SUPERVISION_SLIP: SlipKind.SUPERVISION}
# What an act is for. A slip goes to those who owe the step; the enterprise's own (rating) and calls are only reminded.
# An entry rises by its lead's deadline alone: a late signature does not put it before the county's committee.
DUTIES = (
    LimitStep.ACCEPT, LimitStep.ASSIGN, LimitStep.SIGN, LimitStep.FIRST_REPLY, LimitStep.RESOLVE, LimitStep.COHANDLE,
    LimitStep.RULE,
)  # fmt: skip
STEPS = {
    LadderAct.REMIND: tuple(LimitStep.values),
    LadderAct.REMINDER_SLIP: tuple(map(str, DUTIES)),
    LadderAct.SUPERVISION_SLIP: tuple(map(str, DUTIES)),
    LadderAct.ESCALATE: (str(LimitStep.RESOLVE),),
}


@dataclass(frozen=True)
class Rung:
    """A rung of one place on one day. `cutoff` is the latest deadline (or start of waiting) that has reached it."""

    path: str
    trigger: str
    threshold: int
    act: str
    cutoff: dt.date

    def reached_by(self, limit: StepLimit) -> bool:
        if self.trigger in (Trigger.NEAR, Trigger.OVERDUE):
            return limit.due_on <= self.cutoff
        return self.trigger != Trigger.WAITED or limit.started_on <= self.cutoff


@dataclass(frozen=True)
class Reached:
    """A limit that has reached a rung."""

    problem_id: int
    limit_id: int
    rung: Rung


# --- the rules of the moment --------------------------------------------------------------------------------------
def books_in_force(day: dt.date) -> dict[str, Rulebook]:
    """{path of its region: rulebook}; '' for the common one. As `rules.rulebook_for`, for all places at once."""
    found = {}
    begun = Rulebook.objects.filter(valid_from__lte=day).select_related("region")
    for book in begun.order_by("valid_from", "revision"):
        found[book.region.path if book.region else ""] = book
    return found


def book_at(books: dict[str, Rulebook], path: str) -> Rulebook | None:
    """The rulebook of the place or the nearest above it."""
    above = [one for one in books if path.startswith(one)]
    return books[max(above, key=len)] if above else None


def is_open(book: Rulebook, calendar: workdays.WorkCalendar, now: dt.datetime) -> bool:
    """Whether it is office hours by the rulebook, on a working day."""
    local = now.astimezone(clock.SHANGHAI)
    return calendar.is_workday(local.date()) and book.opens_at <= local.time() < book.closes_at


def rungs_at(now: dt.datetime) -> list[Rung]:
    """The rungs that can be reached now, in every place that has rules or a calendar of its own and is at work. A
    place that is closed stands in the list without a rung (`act` empty), so that the rules above it do not speak."""
    today = clock.local_date(now)
    books, calendars = books_in_force(today), workdays.everywhere()
    ladder = defaultdict(list)
    for rung in LadderRung.objects.filter(rulebook__in=[book.pk for book in books.values()]):
        ladder[rung.rulebook_id].append(rung)
    found = []
    for path in sorted({*books, *calendars.rows, ""}):
        book, calendar = book_at(books, path), calendars.at(path)
        at_work = book is not None and is_open(book, calendar, now)
        rows = ladder[book.pk] if at_work else ()
        found.append(Rung(path, "", 0, "", today))
        found += [
            Rung(path, row.trigger, row.threshold, row.act, cutoff(row.trigger, row.threshold, today, calendar))
            for row in rows
        ]
    return found


def cutoff(trigger: str, threshold: int, today: dt.date, calendar: workdays.WorkCalendar) -> dt.date:
    """The latest date that has reached the threshold on the working day `today`.

    Near: not more than `threshold` working days are left after today. Overdue and waited: at least that many working
    days have passed since. Working days are compared with working days, so that no holiday brings anything forward.
    """
    if trigger == Trigger.NEAR:
        return calendar.add(today, threshold + 1) - ONE_DAY
    if trigger in (Trigger.OVERDUE, Trigger.WAITED):
        return calendar.add(today, 1 - max(1, threshold)) - ONE_DAY
    return today


# --- what is due --------------------------------------------------------------------------------------------------
_PLACES = """
    spot AS (
        SELECT r.id, (SELECT p.path FROM place p WHERE starts_with(r.path, p.path) ORDER BY length(p.path) DESC LIMIT 1)
            AS path
        FROM alliances_region r WHERE r.id IN (SELECT region_id FROM near)
    )
"""
_NOT_YET = """
    NOT EXISTS (
        SELECT 1 FROM problems_reminder m WHERE m.limit_id = n.id AND m.trigger = g.trigger
        AND m.threshold = g.threshold AND m.act = g.act
    )
"""
# Limits near or past their deadline, and waiting entries; none on the day on which it began.
_BY_DATE = f"""
    WITH place(path) AS (SELECT unnest(%(places)s::text[])),
    rung(nr, path, trigger, threshold, act, cutoff) AS (
        SELECT * FROM unnest(%(nr)s::int[], %(paths)s::text[], %(triggers)s::text[], %(thresholds)s::int[],
                             %(acts)s::text[], %(cutoffs)s::date[])
    ),
    near AS MATERIALIZED (
        SELECT l.id, l.problem_id, l.region_id, l.step, l.started_on, l.due_on FROM problems_steplimit l
        WHERE l.met_on IS NULL AND l.dropped_on IS NULL AND l.paused_on IS NULL
            AND l.due_on <= %(latest)s AND l.started_on < %(today)s
        UNION
        SELECT l.id, l.problem_id, l.region_id, l.step, l.started_on, l.due_on FROM problems_steplimit l
        WHERE l.met_on IS NULL AND l.dropped_on IS NULL AND l.step = 'wait' AND l.started_on <= %(longest)s
    ),
    {_PLACES}
    SELECT n.problem_id, n.id, g.nr FROM near n JOIN spot s ON s.id = n.region_id JOIN rung g ON g.path = s.path
    WHERE (
        (g.trigger IN ('near', 'overdue') AND n.due_on <= g.cutoff)
        OR (g.trigger = 'waited' AND n.step = 'wait' AND n.started_on <= g.cutoff)
    )
    AND n.step = ANY (CASE g.act WHEN 'remind' THEN %(all)s::text[] WHEN 'escalate' THEN %(lead)s::text[]
                      ELSE %(duties)s::text[] END)
    AND {_NOT_YET}
    ORDER BY n.due_on, n.id
"""  # noqa: S608 - constants only
# Entries bounced or rated not satisfied often enough: once in the life of an entry, on the limit that runs now.
_BY_COUNT = f"""
    WITH place(path) AS (SELECT unnest(%(places)s::text[])),
    rung(nr, path, trigger, threshold, act, cutoff) AS (
        SELECT * FROM unnest(%(nr)s::int[], %(paths)s::text[], %(triggers)s::text[], %(thresholds)s::int[],
                             %(acts)s::text[], %(cutoffs)s::date[])
    ),
    near AS MATERIALIZED (
        SELECT l.id, p.id AS problem_id, p.region_id, p.bounces,
            CASE WHEN p.reopened_times = 0 THEN 0 ELSE (
                SELECT count(*) FROM audit_event e WHERE e.object_type = 'problems.problem' AND e.object_id = p.id
                AND e.verb = 'problem.rate_not_satisfied'
            ) END AS unhappy
        FROM problems_problem p JOIN LATERAL (
            SELECT id FROM problems_steplimit
            WHERE problem_id = p.id AND met_on IS NULL AND dropped_on IS NULL AND paused_on IS NULL
            ORDER BY (step = 'resolve') DESC, id DESC LIMIT 1
        ) l ON true
        WHERE (p.bounces > 0 OR p.reopened_times > 0) AND p.ended_on IS NULL
    ),
    {_PLACES}
    SELECT n.problem_id, n.id, g.nr FROM near n JOIN spot s ON s.id = n.region_id JOIN rung g ON g.path = s.path
    WHERE ((g.trigger = 'bounced' AND n.bounces >= g.threshold)
        OR (g.trigger = 'not_satisfied' AND n.unhappy >= g.threshold))
    AND NOT EXISTS (
        SELECT 1 FROM problems_reminder m WHERE m.problem_id = n.problem_id AND m.trigger = g.trigger
        AND m.threshold = g.threshold AND m.act = g.act
    )
    ORDER BY n.id
"""  # noqa: S608 - constants only


def due(now: dt.datetime) -> list[Reached]:
    """Every limit with every rung that it has reached and that has not fired, by limit."""
    every = rungs_at(now)
    rungs = [rung for rung in every if rung.act]
    if not rungs:
        return []
    today = clock.local_date(now)
    by_date = [rung.cutoff for rung in rungs if rung.trigger in (Trigger.NEAR, Trigger.OVERDUE)]
    waited = [rung.cutoff for rung in rungs if rung.trigger == Trigger.WAITED]
    values = {
        "places": sorted({rung.path for rung in every}),
        "nr": list(range(len(rungs))),
        "paths": [rung.path for rung in rungs],
        "triggers": [rung.trigger for rung in rungs],
        "thresholds": [rung.threshold for rung in rungs],
        "acts": [rung.act for rung in rungs],
        "cutoffs": [rung.cutoff for rung in rungs],
        "latest": max(by_date, default=dt.date.min),
        "longest": max(waited, default=dt.date.min),
        "today": today,
        "all": list(STEPS[LadderAct.REMIND]),
        "duties": list(STEPS[LadderAct.REMINDER_SLIP]),
        "lead": list(STEPS[LadderAct.ESCALATE]),
    }
    found = []
    with connection.cursor() as cursor:
        for statement in (_BY_DATE, _BY_COUNT):
            cursor.execute(statement, values)
            found += [Reached(problem, limit, rungs[nr]) for problem, limit, nr in cursor.fetchall()]
    return found


# --- firing -------------------------------------------------------------------------------------------------------
def run(now: dt.datetime | None = None) -> int:
    """Fire what is due; answers how many thresholds. Finds its work itself, can be run twice and by two workers."""
    now = now or clock.now()
    reached = sorted(due(now), key=lambda one: (one.problem_id, one.limit_id))
    count = 0
    for (problem_id, limit_id), group in groupby(reached, key=lambda one: (one.problem_id, one.limit_id)):
        count += fire(problem_id, limit_id, [one.rung for one in group], now)
    return count


@transaction.atomic
def fire(problem_id: int, limit_id: int, rungs: list[Rung], now: dt.datetime) -> int:
    """Record every rung that one limit has reached, and act by the strongest: one slip and one message at most.
    Answers how many were recorded; what happened to the entry meanwhile is looked at again under its lock."""
    problem = lock(problem_id)
    # A change of the calendar or an undone step may have left the rows behind: what is judged is what holds now.
    limits.follow(problem, clock.local_date(now))
    limit = StepLimit.objects.filter(pk=limit_id, met_on=None, dropped_on=None, paused_on=None)
    limit = limit.select_related("assignment__team", "assignment__department").first()
    rungs = [rung for rung in rungs if limit is not None and rung.reached_by(limit)]
    made = _record(problem, limit, rungs, now)
    if not made:
        return 0
    told, _strongest = max(made, key=lambda pair: (STRENGTH[pair[1].act], pair[1].threshold))
    paper = max((one for _row, one in made if one.act in SLIPS), key=lambda one: STRENGTH[one.act], default=None)
    book, calendar = rules.rulebook_of(problem, clock.local_date(now)), workdays.current(problem.region.path)
    if paper is not None:
        slip = _slip(problem, limit, SLIPS[paper.act], now, calendar, book)
        Reminder.objects.filter(pk=next(row for row, one in made if one is paper)).update(slip=slip)
    raised = next((one for _row, one in made if one.act == LadderAct.ESCALATE), None)
    if raised is not None:
        _escalate(problem, raised, book)
    signals.send(signals.fired, Reminder, reminder_id=told)
    return len(made)


def _record(problem: Problem, limit: StepLimit, rungs: list[Rung], now) -> list[tuple[int, Rung]]:
    """[(key, rung)] of the rows that were not there: the unique constraint decides, whoever else runs."""
    made = []
    with connection.cursor() as cursor:
        for rung in rungs:
            cursor.execute(
                "INSERT INTO problems_reminder (problem_id, limit_id, trigger, threshold, act, fired_at)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
                [problem.pk, limit.pk, rung.trigger, rung.threshold, rung.act, now],
            )
            row = cursor.fetchone()
            if row:
                made.append((row[0], rung))
    return made


def _slip(problem: Problem, limit: StepLimit, kind: str, now: dt.datetime, calendar, book: Rulebook) -> Slip:
    today = clock.local_date(now)
    # A ruling is owed by those who keep the ledger, though the leg is the unit's.
    leg = None if limit.step == LimitStep.RULE else limit.assignment
    answer_on = slips.answer_day(kind, today, calendar, book)
    late = max(0, -calendar.remaining(limit.due_on, today))
    text = slips.wording(problem, kind, limit.step, limit.due_on, late, answer_on)
    return slips.write(problem, kind, text, answer_on, leg=leg, by=SYSTEM, at=now)


def _escalate(problem: Problem, rung: Rung, book: Rulebook) -> None:
    """To the rulebook's level, unless somebody has raised it before."""
    with translation.override(slips.CHINESE):
        reason = f"{Trigger(rung.trigger).label} {rung.threshold}，按办理规则自动提级。"
    try:
        with step("escalate", problem.pk, by=SYSTEM, version=None) as s:
            s.raise_level(book.escalates_to)
            s.finish(reason=reason, level=s.problem.escalated_to)
    except Refused:
        return
