"""The one light of an entry (灯号) and how many working days are left. `ProblemQuerySet.with_light` and
`ProblemQuerySet.order_by_light` say the same to the database; a test holds them together."""

import datetime as dt

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Func

from core.workdays import WorkCalendar
from problems.enums import CLOCK_STATES, PAUSED_STATES, Light, Outcome, State


def light_of(state: str, yellow_on: dt.date | None, due_on: dt.date | None, today: dt.date, outcome: str = "") -> Light:
    """Green, yellow (near its deadline) or red (past it) while a unit's clock runs; grey while returned, suspended or
    waiting for a policy (挂账); none otherwise."""
    if state in CLOCK_STATES:
        if due_on is None:
            return Light.NONE
        if due_on < today:
            return Light.RED
        return Light.YELLOW if yellow_on is not None and yellow_on <= today else Light.GREEN
    if state in PAUSED_STATES or (state == State.RESOLVED and outcome == Outcome.WAITING):
        return Light.GREY
    return Light.NONE


def light(problem, today: dt.date) -> Light:
    """The light of an entry today."""
    return light_of(problem.state, problem.yellow_on, problem.due_on, today, problem.outcome)


# The days of a span under a light: first column in, second column out. An index holds each as a range.
DAYS = {
    Light.RED: ("red_from", "ended_on"),
    Light.YELLOW: ("yellow_from", "yellow_until"),
    Light.GREY: ("started_on", "ended_on"),
}


def standing(spans, light: str, day: dt.date):
    """Those of `spans` that stood under this light at the end of a day long past; green ones are not narrowed.

    Says nothing new beside the declaration of the light's figure: it lets the index of ranges find the few that stood
    among all that ever did.
    """
    if light not in DAYS:
        return spans
    first, last = DAYS[light]
    days = Func(first, last, function="daterange", output_field=DateRangeField())
    kept = {"state__in": PAUSED_STATES} if light == Light.GREY else {f"{first}__isnull": False}
    return spans.filter(**kept).alias(days_of_light=days).filter(days_of_light__contains=day)


def days_left(problem, today: dt.date, calendar: WorkCalendar) -> int | None:
    """Working days until the deadline, negative when overdue; None where no clock runs."""
    if problem.state not in CLOCK_STATES or problem.due_on is None:
        return None
    return calendar.remaining(problem.due_on, today)
