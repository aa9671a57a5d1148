"""Rows of the ledger dressed for reading, and the ledger to be handed out with the columns of the screen."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from audit import trail
from core import workdays
from core.listings import Listing, with_related
from problems import columns, lights
from problems.enums import Light
from problems.filters import ProblemFilter


def dress(rows, today: dt.date, calendars: workdays.Calendars | workdays.WorkCalendar) -> list:
    """Give each row its light and days left, computed in the one place for them and by the calendar of its region."""
    rows = list(rows)
    for row in rows:
        row.light = lights.light(row, today)
        row.lamp = "" if row.light == Light.NONE else row.light
        row.days_left = lights.days_left(row, today, calendars.at(row.region.path))
        row.state_label = state_label(row)
    return rows


def state_label(problem):
    """The state, or how it ended where the state alone would blur it (merged entries, waiting ones)."""
    if problem.outcome == "merged":
        return _("已并案")
    if problem.state == "resolved" and problem.outcome == "waiting":
        return _("挂账")
    return problem.get_state_display()


def listing(chosen: ProblemFilter, keys: Iterable[str] = (), only: Iterable[int] = ()) -> Listing:
    """Exactly what is filtered, in its order, with the chosen columns.

    `only` narrows it to these entries of the filter: rows picked by hand.
    """
    today, calendars = chosen.today, workdays.everywhere()
    wanted, only = columns.chosen(keys), list(only)
    found = columns.joined(chosen.queryset(), wanted)
    if only:
        found = found.filter(pk__in=only)
    conditions = chosen.words()
    if only:
        conditions = _("选中的 %(n)d 件") % {"n": len(only)} + (_("；") + conditions if conditions else "")
    values = [column.value for column in wanted]
    return Listing(
        title=_("问题台账"),
        columns=wanted,
        rows=found.order_by(*chosen.order).select_related(None),
        lines=lambda rows: ([value(row) for value in values] for row in _dressed(rows, today, calendars)),
        conditions=conditions,
        keys=[column.key for column in wanted],
        note=lambda actor, count: trail.record(actor, "problem.exported", None, count=count, conditions=conditions),
    )


RELATED = ("enterprise", "category", "chain", "region", "committee", "lead_team", "lead_department")


class _Known(dict):
    """Calendars by the path of a region, each looked for once; stands in for `Calendars`."""

    def __init__(self, calendars):
        super().__init__()
        self.calendars = calendars

    def __missing__(self, path):
        self[path] = self.calendars.at(path)
        return self[path]

    def at(self, path: str):
        return self[path]


def _dressed(rows, today: dt.date, calendars):
    known = _Known(calendars)
    for row in with_related(rows, RELATED):
        yield dress([row], today, known)[0]
