"""The ledger as a table: the columns of the list, in the order of the screen, for Excel."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, workdays
from core.actor import Actor
from exchange.cells import DATE, INTEGER
from exchange.writer import Column, head_lines, write_table
from problems import lights
from problems.enums import Light
from problems.filters import ProblemFilter

# (label, kind, width); the template of the list has the same heads, a test compares them.
COLUMNS = [
    (gettext_lazy("灯号"), "text", 8),
    (gettext_lazy("编号"), "text", 22),
    (gettext_lazy("事项"), "text", 40),
    (gettext_lazy("企业"), "text", 24),
    (gettext_lazy("类别"), "text", 12),
    (gettext_lazy("产业链"), "text", 16),
    (gettext_lazy("状态"), "text", 10),
    (gettext_lazy("牵头单位"), "text", 20),
    (gettext_lazy("提交日期"), DATE, 12),
    (gettext_lazy("期限"), DATE, 12),
    (gettext_lazy("剩余工作日"), INTEGER, 11),
]


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


def cells(row) -> list:
    """One dressed row in the order of `COLUMNS`."""
    return [
        row.light.label if row.lamp else "",
        row.number or "",
        row.title,
        str(row.enterprise),
        row.category.name,
        str(row.chain or ""),
        str(row.state_label),
        str(row.lead or ""),
        row.submitted_on,
        row.due_on,
        row.days_left,
    ]


def export(target, chosen: ProblemFilter, actor: Actor) -> int:
    """Write exactly what is filtered, in its order; answers the number of rows."""
    today, calendars = chosen.today, workdays.everywhere()
    columns = [Column(str(label), kind, width) for label, kind, width in COLUMNS]
    found = chosen.queryset().order_by(*chosen.order).iterator(2000)
    rows = (cells(dress([row], today, calendars)[0]) for row in found)
    head = head_lines(
        title=_("问题台账"), scope=actor.place, conditions=chosen.words(), as_of=clock.now(), user=actor.name
    )
    return write_table(target, _("问题台账"), columns, rows, head)
