"""Celery tasks: each finds its work in the database, may run twice and at the same time, and may be killed anywhere."""

from celery import shared_task

from indicators.wake import publish
from notices import coming, decisions, deliveries, digests, duties
from notices import drain as marks
from notices.models import Pending


@shared_task(name="notices.drain")
def drain() -> int:
    """Write notices for what has happened, then send what may be sent at once."""
    done = marks.drain()
    if done:
        publish(send)
    return done


@shared_task(name="notices.sweep")
def sweep() -> int:
    """Beat's round: what a lost message left."""
    return marks.drain() if Pending.objects.filter(attempts__lt=marks.MOST_ATTEMPTS).exists() else 0


@shared_task(name="notices.send")
def send() -> int:
    """Messages to channels that are due, in office hours."""
    return deliveries.run()


@shared_task(name="notices.digests")
def send_digests() -> int:
    """The mails of the day, from the opening of each office on."""
    return digests.run()


@shared_task(name="notices.decisions")
def tell_decisions() -> int:
    """Decisions near their date."""
    return decisions.tell()


@shared_task(name="notices.meetings")
def remind_of_meetings() -> int:
    """Meetings of the next day."""
    return coming.remind()


@shared_task(name="notices.duties")
def tell_duties() -> int:
    """Duties of the rule radar that will be missed."""
    return duties.tell()
