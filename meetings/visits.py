"""Visits that do not disturb (无事不扰): which others are near, what a firm has said, who was never visited."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, Min, OuterRef, Subquery, When
from django.db.models.functions import Coalesce, Greatest

from enterprises.models import Enterprise
from meetings.enums import ActivityClass, ActivityMode, ActivityState, DecisionState
from meetings.models import ActivityReach, Decision, VisitGuard
from problems.enums import OPEN_STATES, State
from problems.models import Problem

DEFAULT_DAYS = 7
SHOWN = 6


def guard_days(region, day: dt.date) -> int:
    """Calendar days that should lie between two visits to an enterprise of this region: the nearest region's newest
    rule that has begun, 7 where there is none."""
    rule = (
        VisitGuard.objects.filter(region__path__in=region.ancestor_paths, begins_on__lte=day)
        .order_by("-region__path", "-begins_on")
        .first()
    )
    return rule.days if rule else DEFAULT_DAYS


def near(enterprises, day: dt.date, *, apart_from=None) -> list[ActivityReach]:
    """Planned and done visits on the spot to these enterprises, fewer days away than the guard allows, the nearest
    first. `apart_from` is the activity itself when it is changed."""
    found = []
    for enterprise in enterprises:
        days = dt.timedelta(days=guard_days(enterprise.region, day) - 1)
        rows = ActivityReach.objects.filter(
            enterprise=enterprise,
            disturbs=True,
            mode=ActivityMode.ON_SITE,
            held_on__range=(day - days, day + days),
            state__in=[ActivityState.PLANNED, ActivityState.DONE],
        ).select_related("activity__kind", "enterprise")
        if apart_from is not None and apart_from.pk:
            rows = rows.exclude(activity_id=apart_from.pk)
        found += rows.order_by("held_on", "pk")
    return sorted(found, key=lambda row: (abs((row.held_on - day).days), row.pk))


def with_visits(firms, today: dt.date):
    """The enterprises with the day of their last done visit on the spot or by phone (`last_visit`), and how often they
    were disturbed this quarter (`disturbed`)."""
    done = ActivityReach.objects.filter(enterprise=OuterRef("pk"), state=ActivityState.DONE)
    visited = done.filter(counts_as=ActivityClass.VISIT).order_by("-held_on")
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    disturbing = done.filter(disturbs=True, mode=ActivityMode.ON_SITE, held_on__gte=quarter, held_on__lte=today)
    number = disturbing.order_by().values("enterprise").annotate(number=Count("pk")).values("number")
    return firms.annotate(last_visit=Subquery(visited.values("held_on")[:1]), disturbed=Coalesce(Subquery(number), 0))


def never_visited(firms, since: dt.date | None = None):
    """Enterprises with no done visit at all, or none since that day."""
    done = ActivityReach.objects.filter(
        enterprise=OuterRef("pk"), state=ActivityState.DONE, counts_as=ActivityClass.VISIT
    )
    return firms.filter(~Exists(done.filter(held_on__gte=since) if since else done))


def keep_first_visits(enterprises) -> None:
    """Write the day of the first done visit, none where there is none, to these enterprises (keys)."""
    done = ActivityReach.objects.filter(
        enterprise=OuterRef("pk"), state=ActivityState.DONE, counts_as=ActivityClass.VISIT
    )
    first = done.order_by().values("enterprise").annotate(first=Min("held_on")).values("first")
    rows = Enterprise.objects.filter(pk__in=set(enterprises)).annotate(
        visit=Subquery(first), first=Case(When(visit=None, then=None), default=Greatest("visit", "joined_on"))
    )
    for pk, known, day in list(rows.order_by("pk").values_list("pk", "first_visited_on", "first")):
        if known != day:
            Enterprise.objects.filter(pk=pk).update(first_visited_on=day)


@dataclass(frozen=True)
class Said:
    """What an enterprise has already said (企业已反映情况), so that no visitor asks it twice."""

    open: list
    ended: list
    promises: list
    rated: list
    visits: list


def said_by(enterprise, today: dt.date) -> Said:
    """Open entries, entries ended in the last year with their rating, decisions still to be carried out, and the notes
    of the last visits."""
    entries = Problem.objects.filter(enterprise=enterprise).exclude(state=State.DRAFT)
    year_ago = today - dt.timedelta(days=365)
    ended = entries.filter(ended_on__gte=year_ago).order_by("-ended_on", "-pk")
    promises = Decision.objects.filter(problem__enterprise=enterprise, state=DecisionState.OPEN)
    visits = ActivityReach.objects.filter(
        enterprise=enterprise, state=ActivityState.DONE, counts_as=ActivityClass.VISIT
    ).select_related("activity__kind")
    return Said(
        open=list(entries.filter(state__in=OPEN_STATES).order_by("submitted_on", "pk")),
        ended=list(ended[:SHOWN]),
        promises=list(promises.select_related("owner_department", "problem").order_by("due_on", "pk")),
        rated=list(entries.exclude(rating="").order_by("-rated_on", "-pk")[:SHOWN]),
        visits=list(visits.order_by("-held_on", "-pk")[:SHOWN]),
    )
