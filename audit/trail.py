"""The one way to write the trail."""

import datetime as dt
from decimal import Decimal

from django.db.models.signals import post_save

from audit.models import Event
from core.actor import Actor


def _plain(value):
    """JSON-safe copy: dates as ISO text, decimals as text, records by their primary key and name."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if hasattr(value, "pk"):
        return {"id": value.pk, "name": str(value)}
    return str(value)


def record(by: Actor, verb: str, subject=None, **data) -> Event:
    """Add one event. `verb` is a stable dotted code such as `problem.assigned`; `data` is what the sentence needs."""
    return Event.objects.create(**fields(by, verb, subject, **data))


def record_many(by: Actor, told) -> None:
    """Add an event for each (verb, subject, data) in one statement. Whoever waits for an event is told once."""
    rows = [Event(**fields(by, verb, subject, **data)) for verb, subject, data in told]
    if not rows:
        return
    Event.objects.bulk_create(rows, batch_size=1000)
    post_save.send(
        sender=Event, instance=rows[-1], created=True, update_fields=None, raw=False, using=rows[-1]._state.db
    )


def fields(by: Actor, verb: str, subject=None, **data) -> dict:
    """The columns of one event, for callers that insert many with bulk_create. Whoever acted as a deputy (代理) is
    named with whom he stood in for."""
    if by.acting_for:
        data = {**data, "acting_for": by.acting_for}
    return {
        "actor_id": by.user_id,
        "actor_name": by.name[:80],
        "actor_title": by.title[:120],
        "verb": verb,
        "object_type": subject._meta.label_lower if subject is not None else "",
        "object_id": subject.pk if subject is not None else None,
        "object_name": str(subject)[:300] if subject is not None else "",
        "data": _plain(data),
        "ip": by.ip or None,
    }


def changes(before: dict, after: dict) -> dict:
    """{field: [from, to]} of what differs between two {field: value} pictures of a record."""
    return {
        name: [_plain(before.get(name)), _plain(value)] for name, value in after.items() if before.get(name) != value
    }
