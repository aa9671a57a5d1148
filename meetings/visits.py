"""Visits that do not disturb (无事不扰): which others to the same enterprise are near."""

import datetime as dt

from meetings.enums import ActivityMode, ActivityState
from meetings.models import ActivityReach, VisitGuard

DEFAULT_DAYS = 7


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
