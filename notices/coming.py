"""Meetings of the next day: everybody expected is reminded once for each date, on the working day before, in office
hours."""

import datetime as dt

from core import clock
from meetings.enums import MeetingState
from notices.convened import expected, meetings, message, without
from notices.drain import write
from notices.hours import Hours
from notices.models import Notice

# The longest stretch of days off: the last working day before a meeting is not farther away.
FARTHEST = dt.timedelta(days=12)


def remind(now: dt.datetime | None = None) -> int:
    """Remind of meetings whose last working day before is today, in office hours, once for each date; whoever was told
    of it today knows. Answers of how many meetings."""
    now = now or clock.now()
    hours, count = Hours(now), 0
    coming = meetings().filter(
        state=MeetingState.NOTIFIED, held_on__gt=hours.today, held_on__lte=hours.today + FARTHEST
    )
    for meeting in coming.order_by("pk"):
        path = meeting.region.path
        if not hours.are_open(path) or hours.calendar(path).add(meeting.held_on, -1) != hours.today:
            continue
        key = f"meeting:{meeting.pk}:{meeting.held_on}"
        known = Notice.objects.filter(meeting=meeting, created_at__gte=clock.at_local(hours.today, 0))
        told = without(expected(meeting), known.values_list("user_id", flat=True))
        if told:
            write([message(meeting, "meeting_soon", key, told)], now)
            count += 1
    return count
