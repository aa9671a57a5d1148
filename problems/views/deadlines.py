"""The calendar of deadlines: what falls due on which day, each number the size of the list that it opens."""

import datetime as dt
from collections import defaultdict
from urllib.parse import urlencode

from django import forms
from django.db.models import Count
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core import workdays
from core.periods import Month, PeriodError
from problems import searching
from problems.enums import LimitStep
from problems.filters import LIMIT_STEPS, LOOK, LOOKED_AGAIN, FilterForm, ProblemFilter
from problems.models import StepLimit

ONE_DAY = dt.timedelta(days=1)


class CalendarForm(FilterForm):
    """The ledger's filter, and the month that is shown."""

    month = forms.CharField(required=False, max_length=7, widget=forms.HiddenInput)


@require_GET
def deadlines(request):
    """One month of deadlines as filtered; HTMX gets the calendar alone."""
    chosen = ProblemFilter(request.GET, request.actor, form=CalendarForm)
    month = _month(chosen)
    first, last = month.first_day, month.last_day
    place = chosen.values.get("region")
    paths = [duty.region_path for duty in request.actor.duties if duty.region_path]
    calendar = workdays.current(place.path if place is not None else paths[0] if paths else "")
    items = _items(chosen, first, last)
    kept = [(k, v) for k, vs in request.GET.lists() for v in vs if v and k not in ("month", "sort", "after", "before")]
    weeks, day = [], first - dt.timedelta(days=first.weekday())
    while day <= last:
        weeks.append([_cell(day + n * ONE_DAY, month, chosen, calendar, items, kept) for n in range(7)])
        day += 7 * ONE_DAY
    context = {
        "filter_form": chosen.form,
        "weeks": weeks,
        "first": first,
        "is_published": calendar.is_published(first.year),
        "total": sum(number for found in items.values() for number in found.values()),
        **{name: f"?{urlencode([*kept, ('month', str(one))])}" for name, one in _neighbours(month).items()},
        "now_url": f"?{urlencode(kept)}",
    }
    fragment = request.htmx and not request.htmx.boosted
    return render(request, "problems/deadlines.html#results" if fragment else "problems/deadlines.html", context)


def _month(chosen: ProblemFilter) -> Month:
    try:
        month = Month.parse(chosen.values["month"])
    except (KeyError, ValueError, PeriodError):
        return Month.of(chosen.today)
    return month if 2000 <= month.first_day.year <= 2099 else Month.of(chosen.today)


def _neighbours(month: Month) -> dict[str, Month]:
    return {
        "previous_url": Month.of(month.first_day - ONE_DAY),
        "next_url": Month.of(month.last_day + ONE_DAY),
    }


def _items(chosen: ProblemFilter, first: dt.date, last: dt.date) -> dict[dt.date, dict[str, int]]:
    """{day: {step: entries}}: limits that run and end in the month, and days to look again."""
    rows = chosen.queryset().order_by().select_related(None)
    found: dict[dt.date, dict[str, int]] = defaultdict(dict)
    ends = {"met_on": None, "dropped_on": None, "paused_on": None, "due_on__gte": first, "due_on__lte": last}
    named = searching.of_units(StepLimit.objects.filter(**ends), chosen.actor)
    running = (rows if named is None else rows.filter(pk__in=named)).filter(
        **{f"limits__{name}": value for name, value in ends.items()}
    )
    counted = running.values_list("limits__due_on", "limits__step").annotate(number=Count("pk", distinct=True))
    for day, step, number in counted:
        if step != LimitStep.WAIT:
            found[day][step] = number
    looks = rows.filter(state__in=LOOKED_AGAIN, next_on__gte=first, next_on__lte=last)
    for day, number in looks.values_list("next_on").annotate(number=Count("pk")):
        found[day][LOOK] = number
    return found


def _cell(day, month, chosen, calendar, items, kept) -> dict:
    inside = Month.of(day) == month
    own = items.get(day, {}) if inside else {}
    address = reverse("problems:list")
    span = [("step_since", day.isoformat()), ("step_until", day.isoformat())]
    kept = [(name, value) for name, value in kept if name not in ("step", "step_since", "step_until")]
    return {
        "day": day,
        "inside": inside,
        "works": calendar.is_workday(day),
        "is_today": day == chosen.today,
        "is_past": day < chosen.today,
        "url": f"{address}?{urlencode([*kept, *span])}",
        "items": [
            {
                "step": step,
                "label": label,
                "count": own[step],
                "url": f"{address}?{urlencode([*kept, ('step', step), *span])}",
            }
            for step, label in LIMIT_STEPS
            if step in own
        ],
    }
