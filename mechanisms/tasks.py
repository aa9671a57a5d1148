"""Celery tasks: each finds its work in the database, may run twice and at the same time, and may be killed anywhere."""

from celery import shared_task

from core import clock
from indicators.wake import wake
from mechanisms import drain as marks
from mechanisms.models import Mark, Progress


@shared_task(name="mechanisms.sweep")
def sweep() -> int:
    """Beat's round: what changed, and each day what ended and began. Costs one look where there is nothing."""
    if not Mark.objects.exists() and Progress.objects.filter(day=clock.today()).exists():
        return 0
    try:
        done = marks.drain()
    except marks.Busy:
        return 0
    wake()
    return done
