"""Sending messages to channels: in office hours, each with a few attempts, every attempt on record.

An attempt is written down before it is made. A worker that dies between the robot's answer and our note of it tries
again after the lease: such a message may arrive twice, none is lost; the JSON message carries an `id` to tell by.
"""

import datetime as dt
import logging
import time

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from core import clock
from notices import robots, webhooks
from notices.enums import UNFINISHED, Sending
from notices.hours import Hours
from notices.models import Channel, Delivery

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=2)
BACKOFF = [dt.timedelta(minutes=one) for one in (1, 5, 15, 60, 180)]
MOST_ATTEMPTS = len(BACKOFF) + 1
# Robots of chat groups take about twenty messages a minute.
A_MINUTE = 18
# Seconds, far below the time limit of a task.
LONGEST_RUN = 120.0


def run(now: dt.datetime | None = None) -> int:
    """Send what waits and may be sent now; answers how many attempts were made.

    Channel by channel, in no fixed order, and a channel that does not answer is left until its next turn: none that
    hangs or is closed holds up another.
    """
    moment, attempts, began = now or clock.now(), 0, time.monotonic()
    hours = Hours(moment)
    waiting = Delivery.objects.filter(state__in=UNFINISHED, next_at__lte=moment)
    recent = Delivery.objects.filter(tried_at__gt=moment - dt.timedelta(minutes=1)).order_by().values("channel_id")
    sent = dict(recent.annotate(number=Count("pk")).values_list("channel_id", "number"))
    channels = Channel.objects.filter(is_active=True, pk__in=waiting.order_by().values("channel"))
    for channel in channels.select_related("region").order_by("?"):
        if not hours.are_open(channel.region.path) or time.monotonic() - began > LONGEST_RUN:
            continue
        room = max(0, A_MINUTE - sent.get(channel.pk, 0))
        for pk in list(waiting.filter(channel=channel).order_by("pk").values_list("pk", flat=True)[:room]):
            state = send(pk, moment)
            attempts += state is not None
            if state == Sending.QUEUED:
                break
    return attempts


def send(pk: int, now: dt.datetime) -> str | None:
    """One attempt, if nobody else is at it; answers how the message stands then."""
    delivery = _take(pk, now)
    if delivery is None:
        return None
    channel = delivery.channel
    try:
        url, body = robots.request_of(channel, delivery, link_of(delivery))
        answer, state = robots.judge(channel, webhooks.post(url, body)), Sending.SENT
    except webhooks.Unsafe as error:
        answer, state = str(error), Sending.FAILED
    except webhooks.Undelivered as error:
        last = error.final or delivery.attempts >= MOST_ATTEMPTS
        answer, state = str(error), Sending.FAILED if last else Sending.QUEUED
    _note(delivery, state, answer, now)
    return state


@transaction.atomic
def _take(pk: int, now: dt.datetime) -> Delivery | None:
    """The message, marked as being sent; None when it is not waiting (any more)."""
    row = (
        Delivery.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("channel")
        .filter(pk=pk, state__in=UNFINISHED, next_at__lte=now, channel__is_active=True)
        .first()
    )
    if row is None:
        return None
    if row.attempts >= MOST_ATTEMPTS:
        # The worker died at the last attempt.
        row.state, row.answer = Sending.FAILED, row.answer
        row.save(update_fields=["state", "answer"])
        return None
    row.state, row.attempts, row.tried_at, row.next_at = Sending.SENDING, row.attempts + 1, now, now + LEASE
    row.save(update_fields=["state", "attempts", "tried_at", "next_at"])
    return row


def _note(delivery: Delivery, state: str, answer: str, now: dt.datetime) -> None:
    """Write down how the attempt ended, unless its lease has run out and another is at it."""
    values = {"state": state, "answer": answer[:300]}
    if state == Sending.SENT:
        values["sent_at"] = now
    if state == Sending.QUEUED:
        values["next_at"] = now + BACKOFF[delivery.attempts - 1]
    Delivery.objects.filter(pk=delivery.pk, state=Sending.SENDING, attempts=delivery.attempts).update(**values)
    if state != Sending.SENT:
        log.warning("channel %s: message %s not delivered, attempt %s", delivery.channel_id, delivery.pk,
                    delivery.attempts)  # fmt: skip


def link_of(delivery: Delivery) -> str:
    """The record's address, where the installation knows its own name."""
    if not settings.SITE_URL or delivery.problem_id is None:
        return ""
    return f"{settings.SITE_URL}/problems/{delivery.problem_id}/"
