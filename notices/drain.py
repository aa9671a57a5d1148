"""From marks to notices and messages: takes marks nobody else has, writes what they bring, deletes them, one commit.

Run twice, by two workers, or killed at any line: the marks stay until what they bring is written, and the unique keys
of notices and deliveries let each be written once.
"""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.models import Event
from core import clock
from notices import activities, convened, decided, telling
from notices.enums import FIXED, Sending
from notices.models import Channel, Delivery, Notice, Pending, Preference

log = logging.getLogger(__name__)

BATCH = 100
MOST_ATTEMPTS = 3


def drain(now: dt.datetime | None = None) -> int:
    """Work off every mark that can be had; answers how many."""
    count = 0
    while done := _batch(now or clock.now()):
        count += done
    return count


@transaction.atomic
def _batch(now: dt.datetime) -> int:
    marks = list(
        Pending.objects.filter(attempts__lt=MOST_ATTEMPTS).order_by("pk").select_for_update(skip_locked=True)[:BATCH]
    )
    events = Event.objects.in_bulk([mark.source_id for mark in marks if mark.source == Pending.EVENT])
    done = []
    for mark in marks:
        try:
            with transaction.atomic():
                spared = _take_back(events.get(mark.source_id)) if mark.source == Pending.EVENT else set()
                write(_messages(mark, events), now, spared)
            done.append(mark.pk)
        except Exception:
            # One broken record must not hold up everybody's notices; doctor names what was given up.
            log.exception("notices: %s %s could not be told", mark.source, mark.source_id)
            Pending.objects.filter(pk=mark.pk).update(attempts=F("attempts") + 1)
    Pending.objects.filter(pk__in=done).delete()
    return len(marks)


def _messages(mark: Pending, events: dict) -> list[telling.Message]:
    if mark.source == Pending.REMINDER:
        return telling.of_reminder(mark.source_id)
    event = events.get(mark.source_id)
    if event is None:
        return []
    teller = next((one for one in (activities, convened, decided) if event.object_type == one.OBJECT), telling)
    return teller.of_event(event)


def _take_back(event: Event | None) -> set[int]:
    """Messages about a step that has been undone, still waiting for office hours, are not sent any more; the channels
    that were spared them need not hear of the undoing."""
    if event is None or event.verb != "problem.undo":
        return set()
    problem = telling.entry(event.object_id)
    key = telling.keys_of_undone(event, problem) if problem else ""
    if not key:
        return set()
    waiting = Delivery.objects.select_for_update(of=("self",), skip_locked=True, no_key=True).filter(
        problem=problem, key__startswith=key, state=Sending.QUEUED, attempts=0
    )
    rows = dict(waiting.values_list("pk", "channel_id"))
    Delivery.objects.filter(pk__in=rows).update(state=Sending.FAILED, answer=_("这一步已经撤销，没有发送。"))
    return set(rows.values())


def write(messages: list[telling.Message], now: dt.datetime, spared=frozenset()) -> None:
    """Notices for the people and deliveries for the channels of these messages, but for the channels that are spared;
    what exists already stays as it is."""
    if not messages:
        return
    wanted = _not_muted(messages)
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=user, kind=message.kind, code=message.code, data=message.data, reason=reason, unit=unit[:120],
                problem=message.problem, decision=message.decision, activity=message.activity,
                duty=message.duty, meeting=message.meeting, key=message.key,
                created_at=now,
            )
            for message in messages
            for user, (reason, unit) in sorted(message.told.items())
            if (user, message.kind) in wanted
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    first = messages[0]
    record = first.problem or first.decision or first.duty or first.activity or first.meeting
    channels = list(Channel.objects.filter(is_active=True, region__path__in=record.region.ancestor_paths))
    Delivery.objects.bulk_create(
        [
            Delivery(
                channel=channel, kind=message.kind, code=message.code, data=message.data, problem=message.problem,
                key=message.key, made_at=now, next_at=now,
            )
            for channel in channels
            if channel.pk not in spared
            for message in messages
            if message.kind in channel.kinds
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _not_muted(messages) -> set[tuple[int, str]]:
    people = {user for message in messages for user in message.told}
    muted = dict(Preference.objects.filter(user__in=people).values_list("user_id", "not_in_inbox"))
    return {
        (user, message.kind)
        for message in messages
        for user in message.told
        if message.kind in FIXED or message.kind not in muted.get(user, ())
    }
