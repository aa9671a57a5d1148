"""Celery tasks of the meetings: each finds its work in the database, may run twice, and may be killed anywhere."""

from celery import shared_task
from django.db.models import Q

from core.clock import today
from core.transitions import Refused
from indicators.wake import wake
from meetings import lifecycle
from meetings.models import MeetingSeries


@shared_task(name="meetings.make_series_drafts")
def make_series_drafts() -> int:
    """Beat's round: the drafts of recurring meetings whose day is near. One that cannot be made holds up no other."""
    day, made = today(), 0
    running = MeetingSeries.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), committee__dissolved_on=None)
    for series in running.select_related("committee__region", "kind").order_by("pk"):
        try:
            made += len(lifecycle.make_drafts(series, day))
        except Refused:
            continue
    if made:
        wake()
    return made


@shared_task(name="meetings.top_up")
def top_up() -> int:
    """Beat's round: agendas of meetings to come, brought up to date."""
    return lifecycle.top_up_all()
