"""Changing the calendar: every change is an edition with who, when, why; apps that store deadlines follow.

The core knows no deadline. An app registers in `previews` what a change would move, and listens to `changed` to move
it; `core.models.CalendarEdition` holds how far that has come.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.dispatch import Signal

from core import clock
from core.models import CalendarDay, CalendarEdition, Sequence
from core.workdays import Calendars, everywhere

# Sent inside the transaction after an edition was made: `edition`, `before` and `after` (Calendars), `by`, `reason`.
changed = Signal()
# Functions (before, after, region_path, day) -> [Moved]; asked before a change is confirmed.
previews: list = []
# What hangs on the calendar beside the deadlines whose recalculation is counted: (count, follow). `count(before, after,
# region_path, day)` says how many rows are near the change, `follow(edition, before, after)` brings them along, inside
# the transaction that ends the recalculation of the edition.
followers: list = []
_LOCK = 6_202_611_225


@dataclass(frozen=True)
class Moved:
    """One deadline that a change of the calendar would touch. `light_*` are (code, label); `note` says why a deadline
    stays where one would expect it to move."""

    label: str
    url: str
    unit: str
    old: dt.date
    new: dt.date
    light_before: tuple[str, str]
    light_after: tuple[str, str]
    note: str = ""


def differences(
    changes: Mapping[dt.date, str | None], names: Mapping[dt.date, str], region_path: str = ""
) -> dict[dt.date, tuple[str | None, str | None]]:
    """{day: (kind before, kind after)} of the days that are not yet as asked, a new name included."""
    held = {row.day: row for row in CalendarDay.objects.in_force().filter(region_path=region_path, day__in=changes)}
    found = {}
    for day, kind in sorted(changes.items()):
        row = held.get(day)
        before = row.kind if row else None
        renamed = row is not None and kind and row.name != names.get(day, row.name)
        if before != (kind or None) or renamed:
            found[day] = (before, kind or None)
    return found


def preview(changes: Mapping[dt.date, str | None], region_path: str = "", day: dt.date | None = None) -> list[Moved]:
    """The open deadlines that a change of days would touch."""
    before: Calendars = everywhere()
    after = before.with_days(changes, region_path)
    day = day or clock.today()
    return [line for ask in previews for line in ask(before, after, region_path, day)]


@transaction.atomic
def change(
    changes: Mapping[dt.date, str | None], *, by, reason: str, source: str = "",
    names: Mapping[dt.date, str] | None = None, region_path: str = "", place: str = "", at: dt.datetime | None = None,
) -> CalendarEdition | None:  # fmt: skip
    """Make each day what `changes` says of it (None: as the week or the region above has it) as one new edition, and
    let the apps that store deadlines follow. None where the calendar says all that already.

    The caller has checked that `by` may. Editions are made one after the other: the second waits for the first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    names, before = names or {}, everywhere()
    wanted = differences(changes, names, region_path)
    if not wanted:
        return None
    moment = at or clock.now()
    edition = CalendarEdition.objects.create(
        number=Sequence.next("calendar"), region_path=region_path, place=place, made_at=moment,
        made_on=clock.local_date(moment), made_by_id=by.user_id, made_by_name=by.name, source=source, reason=reason,
    )  # fmt: skip
    rows = CalendarDay.objects.in_force().filter(region_path=region_path, day__in=wanted)
    kept_names = dict(rows.values_list("day", "name"))
    rows.update(until=edition)
    CalendarDay.objects.bulk_create(
        CalendarDay(
            day=day, kind=kind, name=names.get(day, kept_names.get(day, "")), source=(source or reason)[:120],
            region_path=region_path, since=edition,
        )
        for day, (_was, kind) in wanted.items() if kind
    )  # fmt: skip
    changed.send(
        sender=CalendarEdition, edition=edition, before=before, after=everywhere(), days=sorted(wanted), by=by,
        reason=reason,
    )  # fmt: skip
    return edition


def set_day(day: dt.date, kind: str | None, *, by, name: str = "", **fields) -> CalendarEdition | None:
    """Change one day: see `change`."""
    return change({day: kind}, by=by, names={day: name}, **fields)


def follow(edition: CalendarEdition, before: Calendars, after: Calendars) -> None:
    """Bring along what hangs on the calendar beside the deadlines; asked by whoever ends an edition's recalculation."""
    for _count, bring in followers:
        bring(edition, before, after)


def near(before: Calendars, after: Calendars, region_path: str, day: dt.date) -> int:
    """How many rows `follow` would look at."""
    return sum(count(before, after, region_path, day) for count, _bring in followers)


def unfinished() -> list[CalendarEdition]:
    """Editions whose recalculation has not come to its end, oldest first."""
    return list(CalendarEdition.objects.filter(finished_at=None).order_by("number"))
