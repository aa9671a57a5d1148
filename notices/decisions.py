"""Decisions of meetings that are near their date: their owner is told once for each date, in office hours."""

import datetime as dt

from core import clock
from meetings.enums import DecisionState
from meetings.models import Decision
from notices import recipients as to
from notices.drain import write
from notices.enums import Kind, Reason
from notices.hours import Hours
from notices.models import Notice
from notices.telling import Message

NEAR_DAYS = 2
FARTHEST = dt.timedelta(days=20)


def tell(now: dt.datetime | None = None) -> int:
    """Tell of what has at most two working days left and was not told for this date; answers how many."""
    now = now or clock.now()
    hours, count = Hours(now), 0
    coming = Decision.objects.filter(
        state=DecisionState.OPEN, due_on__gte=hours.today, due_on__lte=hours.today + FARTHEST
    ).exclude(owner_department=None)
    for decision in coming.select_related("region", "owner_department").order_by("pk"):
        path = decision.region.path
        if not hours.are_open(path) or hours.calendar(path).remaining(decision.due_on, hours.today) > NEAR_DAYS:
            continue
        message = message_of(decision)
        if message.told and not Notice.objects.filter(key=message.key, user__in=message.told).exists():
            write([message], now)
            count += 1
    return count


def message_of(decision: Decision) -> Message:
    unit = decision.owner_department
    told = {user: (Reason.DEPARTMENT, str(unit)) for user in to.unit(None, unit)}
    data = {"record_title": decision.text[:120], "due_on": decision.due_on.isoformat()}
    return Message(
        Kind.DECISION, "decision", f"decision:{decision.pk}:{decision.due_on}", decision=decision, told=told, data=data
    )
