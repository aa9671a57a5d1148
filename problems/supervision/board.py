"""What the board of lights (督办台) shows: entries by light, steps that run late, what each unit holds, open papers.

A number is counted by the same queryset as the ledger's list that it opens; the number of statements is fixed.
"""

import datetime as dt
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.urls import reverse

from core import clock, keyset, workdays
from core.actor import Actor
from problems import workbooks
from problems.enums import OPEN_STATES, Light, LimitStep
from problems.filters import ProblemFilter
from problems.forms.supervision import BoardForm
from problems.models import Instruction, Slip, StepLimit
from problems.supervision import instructions, past
from problems.supervision.held import Held, in_order

LIGHTS = (Light.RED, Light.YELLOW, Light.GREY, Light.GREEN)
LISTED = 6
MOST_UNITS = 50


def build(data, actor: Actor) -> dict:
    """The context of the board for an address' conditions: now, or at the end of a day gone by."""
    form = BoardForm(data, actor=actor)
    day = form.past_day()
    shown = _now(form, actor) if day is None else past.build(form, day, actor)
    where = urlencode({name: value.pk for name, value in form.place().items()})
    return {"filter_form": form, "day": day, "where": where, "as_of": clock.now(), **shown}


def _now(form: BoardForm, actor: Actor) -> dict:
    place = form.place()
    where = {name: value.pk for name, value in place.items()}
    chosen = ProblemFilter(where, actor)
    today, calendars = chosen.today, workdays.everywhere()
    calendar = calendars.at(place["region"].path if "region" in place else "")
    rows = chosen.queryset().order_by()
    first = keyset.joined(rows, {light: _first(rows, light, today) for light in LIGHTS})
    return {
        "columns": [
            _column(rows, light, where, today) | {"rows": workbooks.dress(first[light], today, calendars)}
            for light in LIGHTS
        ],
        "units": units(rows, where, today, calendar)[:MOST_UNITS],
        "steps": steps(rows, today),
        "slips": _papers(form.narrow(Slip.objects.visible_to(actor)), "answered_on", "answer_due_on", today),
        "instructions": _instructions(form.narrow(Instruction.objects.visible_to(actor)), today, calendar),
    }


def _first(rows, light: str, today: dt.date):
    order = "next_on" if light == Light.GREY else "due_on"
    return rows.with_light(light, today).order_by(F(order).asc(nulls_last=True), "id")[:LISTED]


def _column(rows, light: str, where: dict, today: dt.date) -> dict:
    return {
        "light": str(light),
        "label": Light(light).label,
        "count": rows.with_light(light, today).count(),
        "url": f"{reverse('problems:list')}?{urlencode({**where, 'light': str(light)})}",
    }


def units(rows, where: dict, today: dt.date, calendar) -> list[Held]:
    """The units that hold entries, those with most overdue ones first.

    The limit to resolve knows all it takes: from its start to its deadline lie its own working days and the pauses,
    so that the pauses need not be read.
    """
    groups = (
        _running(rows)
        .filter(step=LimitStep.RESOLVE)
        .values_list("assignment__team_id", "assignment__department_id", "started_on", "due_on", "days", "paused_on")
        .annotate(number=Count("pk"))
        .order_by()
    )
    found: dict[str, Held] = {}
    for team, department, start, due_on, days, paused_on, number in groups:
        code = f"team:{team}" if team else f"department:{department}"
        held = found.setdefault(code, Held("", code))
        paused = max(0, calendar.between(start, due_on) - days)
        held.days.append((max(0, calendar.between(start, paused_on or today) - paused), number))
        held.count += number
        held.late += number if paused_on is None and due_on < today else 0
    return in_order(found, where)


def _running(rows):
    """The limits that run on these entries. Few limits run, however long the ledger: it is they that are looked at."""
    inside = rows.filter(state__in=[str(state) for state in OPEN_STATES]).values("pk")
    return StepLimit.objects.filter(met_on=None, dropped_on=None, problem__in=inside)


def steps(rows, today: dt.date) -> list[dict]:
    """How many limits of each step run, and how many of them are past their day."""
    counted = _running(rows).filter(paused_on=None).values("step").order_by()
    counted = counted.annotate(number=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    numbers = {row["step"]: row for row in counted}
    return [
        {"label": one.label, "number": numbers[one]["number"], "late": numbers[one]["late"]}
        for one in LimitStep
        if one in numbers
    ]


def _papers(rows, done: str, due: str, today: dt.date) -> dict:
    waiting = rows.filter(**{done: None})
    late = Count("pk", filter=Q(**{f"{due}__lt": today}))
    first = waiting.select_related("problem", "problem__enterprise", "team", "department").order_by(due, "pk")
    return {**waiting.aggregate(count=Count("pk"), late=late), "rows": list(first[:LISTED])}


def _instructions(rows, today: dt.date, calendar) -> dict:
    waiting = rows.filter(reported_on=None)
    counts = waiting.aggregate(count=Count("pk"), late=Count("pk", filter=Q(report_by_on__lt=today)))
    first = waiting.select_related("problem", "problem__enterprise", "given_by")
    listed = list(first.order_by(F("report_by_on").asc(nulls_last=True), "pk")[:LISTED])
    for row in listed:
        row.light = instructions.light(row, today, calendar)
    return {**counts, "rows": listed}
