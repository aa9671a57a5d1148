"""The board of a day gone by (督办台·截至某日): what stood under each light, with which unit, what ran late or waited.

The entries of a light are the spans that its figure counts, by the figure's own declaration: board, list and figure
cannot differ. What a span does not know is read from rows with a beginning and an end: limits, slips, instructions.
"""

import datetime as dt
from collections import defaultdict
from types import SimpleNamespace
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.urls import reverse

from core import clock, workdays
from core.actor import Actor
from indicators import declarations
from indicators.rows import inside_on
from problems import lights
from problems.enums import CLOCK_STATES, PAUSED_STATES, Light, LimitStep
from problems.models import Assignment, Instruction, Slip, StateSpan, StepLimit
from problems.supervision import instructions
from problems.supervision.held import Held, in_order

# The figure of each light, in the order of urgency.
FIGURES = {
    Light.RED: "problems_overdue",
    Light.YELLOW: "problems_near_limit",
    Light.GREEN: "problems_in_time",
    Light.GREY: "problems_paused",
}
COLUMNS = (Light.RED, Light.YELLOW, Light.GREY, Light.GREEN)
ONE_DAY = dt.timedelta(days=1)
LISTED = 6
MOST_UNITS = 50


def stood(light: str, day: dt.date, actor: Actor):
    """The spans that stood under this light at the end of a day gone by, of entries that the actor sees."""
    part = declarations.get(FIGURES[Light(light)])
    rows = part.source.visible(actor).filter(part.source.base & part.where & inside_on(part, day))
    return lights.standing(rows, light, day)


def build(form, day: dt.date, actor: Actor) -> dict:
    """The context of the board for the end of `day`; `form` narrows rows to a place."""
    calendars = workdays.everywhere()
    place = form.place()
    calendar = calendars.at(place["region"].path if "region" in place else "")
    where = {**{name: value.pk for name, value in place.items()}, "day": day.isoformat()}
    return {
        "columns": [_column(form, light, where, day, actor, calendars) for light in COLUMNS],
        "units": units(form.narrow(StateSpan.objects.visible_to(actor)), day, calendars)[:MOST_UNITS],
        "steps": steps(form, day, actor),
        "slips": _papers(form.narrow(Slip.objects.visible_to(actor)), day),
        "instructions": _instructions(form.narrow(Instruction.objects.visible_to(actor)), day, calendar),
    }


def _column(form, light: str, where: dict, day: dt.date, actor: Actor, calendars) -> dict:
    rows = form.narrow(stood(light, day, actor))
    first = read(rows).order_by(F("due_on").asc(nulls_last=True), "problem_id")[:LISTED]
    return {
        "light": str(light),
        "label": Light(light).label,
        "count": rows.count(),
        "rows": [told(span, day, calendars) for span in first],
        "url": f"{reverse('problems:supervision')}?{urlencode({**where, 'light': str(light)})}",
    }


def read(spans):
    """With what `told` asks of them."""
    return spans.select_related("problem__enterprise", "problem__region", "team", "department").defer(
        "problem__text", "problem__tokens", "problem__resolution"
    )


def told(span: StateSpan, day: dt.date, calendars) -> SimpleNamespace:
    """An entry as it stood at the end of the day, as the board and its list tell it."""
    problem, runs = span.problem, span.state in CLOCK_STATES and span.due_on is not None
    return SimpleNamespace(
        title=problem.title,
        number=problem.number,
        enterprise=problem.enterprise,
        get_absolute_url=problem.get_absolute_url(),
        is_escalated=problem.escalated_on is not None and problem.escalated_on <= day,
        lead=span.team or span.department,
        state=span.state,
        state_label=span.get_state_display(),
        due_on=span.due_on,
        next_on=None,
        days_left=calendars.at(problem.region.path).remaining(span.due_on, day) if runs else None,
    )


def _over(rows, day: dt.date, begun: str, *ended: str):
    """Rows that had begun by the end of the day and had not ended."""
    rows = rows.filter(**{f"{begun}__lte": day})
    for name in ended:
        rows = rows.filter(Q(**{name: None}) | Q(**{f"{name}__gt": day}))
    return rows


# --- what each unit held --------------------------------------------------------------------------------------------
def units(spans, day: dt.date, calendars) -> list[Held]:
    """The units that held entries at the end of the day, those with most overdue ones first. Days are working days of
    the unit's own leg up to that day, pauses taken out; the number of statements is fixed."""
    held = _over(spans.filter(state__in=[*CLOCK_STATES, *PAUSED_STATES]), day, "started_on", "ended_on")
    held = held.filter(Q(team__isnull=False) | Q(department__isnull=False))
    keys = held.order_by().values("problem_id")
    starts, pauses = _starts(keys, day), _pauses(keys, day)
    found: dict[str, Held] = {}
    rows = held.values_list("problem_id", "team_id", "department_id", "state", "due_on", "region__path")
    for key, team, department, state, due_on, path in rows:
        code = f"team:{team}" if team else f"department:{department}"
        unit = found.setdefault(code, Held("", code))
        start = starts.get((key, code), day)
        own = [pause for pause in pauses.get(key, ()) if pause[0] >= start]
        unit.days.append((max(0, calendars.at(path).used(start, day, own)), 1))
        unit.count += 1
        unit.late += state in CLOCK_STATES and due_on is not None and due_on < day
    return in_order(found, None)


def _starts(keys, day: dt.date) -> dict[tuple[int, str], dt.date]:
    """{(entry, unit): the day on which its leg as the lead began}."""
    legs = Assignment.objects.filter(problem__in=keys, is_lead=True, assigned_at__lt=clock.at_local(day + ONE_DAY, 0))
    found = {}
    for key, team, department, at in legs.order_by("pk").values_list(
        "problem_id", "team_id", "department_id", "assigned_at"
    ):
        found[key, f"team:{team}" if team else f"department:{department}"] = clock.local_date(at)
    return found


def _pauses(keys, day: dt.date) -> dict[int, list[workdays.Pause]]:
    """{entry: its pauses up to the end of the day}."""
    spans = StateSpan.objects.filter(problem__in=keys, state__in=PAUSED_STATES, started_on__lte=day)
    found = defaultdict(list)
    for key, start, end in spans.values_list("problem_id", "started_on", "ended_on"):
        found[key].append((start, min(end or day, day)))
    return found


# --- what ran, what waited ------------------------------------------------------------------------------------------
def steps(form, day: dt.date, actor: Actor) -> list[dict]:
    """How many limits of each step ran at the end of the day, and how many were past the deadline that they have now
    (a deadline that was moved since is told as it is)."""
    rows = _over(form.narrow(StepLimit.objects.visible_to(actor)), day, "started_on", "met_on", "dropped_on")
    still = _over(StateSpan.objects.filter(state__in=PAUSED_STATES), day, "started_on", "ended_on")
    rows = rows.exclude(assignment__isnull=False, problem__in=still.values("problem_id"))
    counted = rows.values("step").order_by().annotate(number=Count("pk"), late=Count("pk", filter=Q(due_on__lt=day)))
    numbers = {row["step"]: row for row in counted}
    return [
        {"label": one.label, "number": numbers[one]["number"], "late": numbers[one]["late"]}
        for one in LimitStep
        if one in numbers
    ]


def _papers(rows, day: dt.date) -> dict:
    waiting = _over(rows, day, "issued_on", "answered_on")
    counts = waiting.aggregate(count=Count("pk"), late=Count("pk", filter=Q(answer_due_on__lt=day)))
    first = waiting.select_related("problem", "problem__enterprise", "team", "department")
    return {**counts, "rows": list(first.order_by("answer_due_on", "pk")[:LISTED])}


def _instructions(rows, day: dt.date, calendar) -> dict:
    waiting = _over(rows, day, "given_on", "reported_on")
    counts = waiting.aggregate(count=Count("pk"), late=Count("pk", filter=Q(report_by_on__lt=day)))
    first = waiting.select_related("problem", "problem__enterprise", "given_by")
    listed = list(first.order_by(F("report_by_on").asc(nulls_last=True), "pk")[:LISTED])
    for row in listed:
        row.light = instructions.light_waiting(row, day, calendar)
    return {**counts, "rows": listed}
