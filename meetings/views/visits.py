"""Visits seen from the enterprise: its calendar for everyone, what it has already said, who was never visited."""

import datetime as dt

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from core import workdays
from core.answers import demand, get_or_404
from core.clock import today
from core.periods import Month, PeriodError
from meetings import perms, visits
from meetings.enums import ActivityState
from meetings.forms.activity import reachable
from meetings.models import Activity, ActivityReach
from problems.models import Problem

ONE_DAY = dt.timedelta(days=1)


@require_safe
def firm(request, pk):
    """One enterprise: a month of visits by anybody, and what it has already said."""
    demand(perms.see_visits(request.actor))
    enterprise = get_or_404(reachable(request.actor), pk)
    month = _month(request.GET.get("month", ""))
    rows = ActivityReach.objects.filter(
        enterprise=enterprise, held_on__range=(month.first_day, month.last_day)
    ).exclude(state=ActivityState.CANCELLED)
    found = list(rows.select_related("activity__kind", "activity__committee").order_by("held_on", "pk"))
    units = {row.activity_id: [] for row in found}
    for unit in _units(units):
        units[unit.activity_id].append(str(unit))
    seen = set(Activity.objects.visible_to(request.actor).filter(pk__in=units).values_list("pk", flat=True))
    for row in found:
        row.by = units[row.activity_id] or [str(row.activity.committee or row.activity.leader or "")]
        row.in_sight = row.activity_id in seen
    said = visits.said_by(enterprise, today())
    entries = {one.pk for one in [*said.open, *said.ended, *said.rated]}
    context = {
        "enterprise": enterprise,
        "first": month.first_day,
        "weeks": _weeks(month, found, enterprise),
        "rows": found,
        "said": said,
        "problems_in_sight": set(
            Problem.objects.visible_to(request.actor).filter(pk__in=entries).values_list("pk", flat=True)
        ),
        "guard": visits.guard_days(enterprise.region, today()),
        "disturbed": visits.with_visits(type(enterprise).objects.filter(pk=enterprise.pk), today()).get().disturbed,
        "plan_url": None if perms.create_activity(request.actor) else _plan_url(enterprise),
        "previous_url": f"?month={Month.of(month.first_day - ONE_DAY)}",
        "next_url": f"?month={Month.of(month.last_day + ONE_DAY)}",
    }
    return render(request, "meetings/firm.html", context)


def _units(activities):
    from meetings.models import ActivityUnit

    rows = ActivityUnit.objects.filter(activity_id__in=list(activities))
    return rows.select_related("department", "team", "committee").order_by("pk")


def _plan_url(enterprise, day: dt.date | None = None) -> str:
    query = {"enterprises": enterprise.pk}
    if day:
        query["starts_at"] = f"{day.isoformat()}T09:00"
    return f"{reverse('meetings:activity_create')}?{urlencode(query)}"


def _month(text: str) -> Month:
    try:
        month = Month.parse(text)
    except (ValueError, PeriodError):
        return Month.of(today())
    return month if 2000 <= month.first_day.year <= 2099 else Month.of(today())


def _weeks(month: Month, rows, enterprise) -> list:
    calendar, weeks = workdays.current(enterprise.region.path), []
    by_day: dict = {}
    for row in rows:
        by_day.setdefault(row.held_on, []).append(row)
    day = month.first_day - dt.timedelta(days=month.first_day.weekday())
    while day <= month.last_day:
        weeks.append([_cell(day + n * ONE_DAY, month, by_day, calendar, enterprise) for n in range(7)])
        day += 7 * ONE_DAY
    return weeks


def _cell(day, month, by_day, calendar, enterprise) -> dict:
    inside = Month.of(day) == month
    return {
        "day": day,
        "inside": inside,
        "works": calendar.is_workday(day),
        "is_today": day == today(),
        "rows": by_day.get(day, []) if inside else [],
        "plan_url": _plan_url(enterprise, day) if inside and day >= today() else "",
    }
