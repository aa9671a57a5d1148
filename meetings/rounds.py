"""What a unit did in its quarter on duty, from the records: firms it visited, entries that its visits collected."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from meetings.enums import ActivityClass, ActivityState
from meetings.models import Activity, ActivityProblem, ActivityReach


@dataclass(frozen=True)
class Rounds:
    """`firms` different enterprises in `visits` visits to a firm; `problems` entries collected on them; `rows` the
    activities themselves, the newest first."""

    firms: int
    visits: int
    problems: int
    rows: list


def rounds_of(term, today: dt.date) -> Rounds:
    """Done visits of the committee's place in which the unit took part, within its quarter up to today."""
    taking_part = Q(units__department_id=term.department_id) if term.department_id else Q(
        reached__enterprise_id=term.enterprise_id
    )  # fmt: skip
    activities = Activity.objects.filter(
        taking_part,
        state=ActivityState.DONE,
        held_on__range=(term.starts_on, min(term.ends_on, max(today, term.starts_on))),
    ).distinct()
    keys = list(activities.order_by("-held_on", "-pk").values_list("pk", flat=True))
    reached = ActivityReach.objects.filter(activity_id__in=keys, counts_as=ActivityClass.VISIT)
    return Rounds(
        firms=reached.values("enterprise_id").distinct().count(),
        visits=reached.count(),
        problems=ActivityProblem.objects.filter(activity_id__in=keys).count(),
        rows=list(Activity.objects.filter(pk__in=keys).select_related("kind").order_by("-held_on", "-pk")),
    )
