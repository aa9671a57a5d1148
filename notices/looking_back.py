"""Inboxes of a place that was loaded in one go: what its people would have found, had they been told at the time."""

import datetime as dt

from alliances.models import Region
from audit.models import Event
from notices import telling
from notices.drain import write
from notices.models import Notice
from problems.models import Problem, Reminder

LAST = dt.timedelta(days=6)
UNREAD = dt.timedelta(days=4)


def tell(region: Region, now: dt.datetime) -> int:
    """Write the notices of the last days, older ones as read; answers how many there are. Repeating changes nothing."""
    since = now - LAST
    entries = Problem.objects.filter(region__path__startswith=region.path)
    events = Event.objects.filter(object_type="problems.problem", object_id__in=entries.order_by().values("pk"))
    told = [(telling.happened_at(event), event) for event in events.filter(at__gte=since).order_by("pk")]
    for happened, event in sorted(told, key=lambda pair: pair[0]):
        if since <= happened <= now:
            write(telling.of_event(event, history=True), happened)
    fired = Reminder.objects.filter(problem__in=entries.order_by().values("pk"), fired_at__gte=since, fired_at__lte=now)
    for row in fired.order_by("fired_at", "pk"):
        write(telling.of_reminder(row.pk), row.fired_at)
    mine = Notice.objects.filter(problem__in=entries.order_by().values("pk"))
    mine.filter(created_at__lt=now - UNREAD, is_read=False).update(is_read=True, read_at=now)
    return mine.count()
