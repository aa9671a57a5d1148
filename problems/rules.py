"""Reading the rulebook (办理规则): which rules hold for a region on a day, and the deadlines that follow from them."""

import datetime as dt

from django.db.models import F, Q

from core.workdays import WorkCalendar
from problems.enums import Urgency
from problems.models import Rulebook


def rulebook_for(region, day: dt.date) -> Rulebook:
    """The rules in force on `day` of the region or the nearest one above that has any; at last the common ones.

    Among the rules of one region the latest `valid_from` not after `day` holds. Without any row at all (a damaged
    installation) the defaults of the model answer.
    """
    rules = (
        Rulebook.objects.filter(Q(region__path__in=region.ancestor_paths) | Q(region=None), valid_from__lte=day)
        .order_by(F("region__path").desc(nulls_last=True), "-valid_from")
        .first()
    )
    return rules or Rulebook(valid_from=day)


def handling_days(rules: Rulebook, urgency: str) -> int:
    """Working days that the lead has for an entry of this urgency."""
    return {Urgency.URGENT: rules.urgent_days, Urgency.COMPLEX: rules.complex_days}.get(urgency, rules.ordinary_days)


def deadline(rules: Rulebook, urgency: str, start: dt.date, calendar: WorkCalendar) -> dt.date:
    """The date by which the lead must answer an entry assigned on `start`."""
    return calendar.add(start, handling_days(rules, urgency))


def yellow_from(rules: Rulebook, due_on: dt.date, calendar: WorkCalendar) -> dt.date:
    """The first day on which only the rulebook's last few working days are left."""
    return calendar.add(due_on, -rules.yellow_days)
