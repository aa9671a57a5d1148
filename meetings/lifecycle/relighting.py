"""Lights of open decisions follow the calendar (转黄灯日期重算).

The deadline of a decision is what the meeting said, a date in its minutes: no holiday moves it. The day on which the
light turns yellow is counted back from it in working days, and moves. It does so at the end of the recalculation of
each edition of the calendar, in its last transaction, so that a killed worker leaves all of it or nothing.
"""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from audit import trail
from audit.models import Event
from core.actor import Actor
from core.editions import Moved
from core.models import CalendarEdition
from core.workdays import Calendars
from meetings.enums import DecisionState
from meetings.models import Decision
from problems import rules
from problems.enums import Light

UNENDED = (DecisionState.DRAFT, DecisionState.OPEN)
BATCH = 500


def near(before: Calendars, after: Calendars, region_path: str, day: dt.date):
    """Decisions not ended nor missed on `day` with a changed day between their yellow day and their deadline."""
    days = before.differing(after, region_path)
    if not days:
        return Decision.objects.none()
    found = Decision.objects.filter(
        state__in=UNENDED, due_on__gte=max(days[0], day), yellow_on__lte=days[-1], region__path__startswith=region_path
    )
    return found.order_by("pk")


def count(before: Calendars, after: Calendars, region_path: str, day: dt.date) -> int:
    return near(before, after, region_path, day).count()


def _moved(rows, after: Calendars, day: dt.date) -> Iterator[tuple[Decision, dt.date]]:
    """(decision, new yellow day) of those whose day moves."""
    books = {}
    for row in rows:
        if row.region_id not in books:
            books[row.region_id] = rules.rulebook_for(row.region, day)
        new = max(rules.yellow_from(books[row.region_id], row.due_on, after.at(row.region.path)), row.decided_on)
        if new != row.yellow_on:
            yield row, new


def preview(before: Calendars, after: Calendars, region_path: str, day: dt.date) -> list[Moved]:
    """A line for every decision in force whose light would turn on another day."""
    rows = near(before, after, region_path, day).filter(state=DecisionState.OPEN)
    lines = []
    for row, new in _moved(rows.select_related("region", "owner_department"), after, day):
        was, old = Light(row.light(day)), row.yellow_on
        row.yellow_on = new
        now = Light(row.light(day))
        words = {"old": old.isoformat(), "new": new.isoformat()}
        note = _("议定事项，期限不变，转黄灯日期由 %(old)s 改为 %(new)s。") % words
        unit = str(row.owner_department or row.owner_name)
        lamps = (str(was), str(was.label)), (str(now), str(now.label))
        lines.append(Moved(row.text[:60], row.get_absolute_url(), unit, row.due_on, row.due_on, *lamps, note))
    return lines


def follow(edition: CalendarEdition, before: Calendars, after: Calendars) -> int:
    """Bring the yellow days to this edition, with an event each; answers how many moved. Inside a transaction."""
    by = Actor(user_id=edition.made_by_id, name=edition.made_by_name)
    keys = list(near(before, after, edition.region_path, edition.made_on).values_list("pk", flat=True))
    moved = 0
    for start in range(0, len(keys), BATCH):
        rows = Decision.objects.select_for_update(of=("self",), no_key=True).select_related("region")
        rows = rows.filter(pk__in=keys[start : start + BATCH], state__in=UNENDED).order_by("pk")
        found, events = [], []
        for row, new in _moved(rows, after, edition.made_on):
            fields = trail.fields(
                by, "decision.recalculated", row, edition=edition.number, reason=edition.reason,
                changes={"yellow_on": [row.yellow_on, new]}, to=new,
            )  # fmt: skip
            row.yellow_on = new
            found.append(row)
            events.append(Event(**fields))
        Decision.objects.bulk_update(found, ["yellow_on"], batch_size=BATCH)
        Event.objects.bulk_create(events)
        moved += len(found)
    return moved
