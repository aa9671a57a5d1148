"""Reading the rulebook (办理规则): which rules hold for a region on a day, and the limits that follow from them."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import F, Q

from core.workdays import WorkCalendar
from problems.enums import LadderAct, LimitStep, Trigger, Urgency
from problems.models import Rulebook

# The column that answers for a step where no limit of its own is given; resolving goes by urgency besides.
COLUMNS = {
    LimitStep.ACCEPT: "accept_days",
    LimitStep.ASSIGN: "assign_days",
    LimitStep.SIGN: "sign_days",
    LimitStep.FIRST_REPLY: "first_reply_days",
    LimitStep.COHANDLE: "cohandler_days",
    LimitStep.RULE: "ruling_days",
    LimitStep.RATE: "rating_days",
    LimitStep.CALL_BACK: "call_back_days",
    LimitStep.WAIT: "waiting_days",
}
BY_URGENCY = {Urgency.ORDINARY: "ordinary_days", Urgency.URGENT: "urgent_days", Urgency.COMPLEX: "complex_days"}


class Rung(NamedTuple):
    """One rung of the ladder as read: at this threshold of this trigger, this is done."""

    trigger: str
    threshold: int
    act: str


def rulebook_for(region, day: dt.date) -> Rulebook:
    """The rules in force on `day` of the region or the nearest one above that has any; at last the common ones.

    Among the rules of one region the latest `valid_from` not after `day` holds, of one day the last written. Without
    any row at all (a damaged installation) the defaults of the model answer.
    """
    rules = (
        Rulebook.objects.filter(Q(region__path__in=region.ancestor_paths) | Q(region=None), valid_from__lte=day)
        .order_by(F("region__path").desc(nulls_last=True), "-valid_from", "-revision")
        .first()
    )
    return rules or Rulebook(valid_from=day)


def rulebook_of(problem, day: dt.date) -> Rulebook:
    """The rules for this entry on that day, read once per instance."""
    kept = problem.__dict__.setdefault("_rulebooks", {})
    if day not in kept:
        kept[day] = rulebook_for(problem.region, day)
    return kept[day]


def limit_days(book: Rulebook, step: str, category=None, urgency: str = "") -> int:
    """Working days that the rules give this step (`LimitStep`) for an entry of this category and urgency.

    The nearest category wins, from the entry's own up to the top, each with the urgency before without; then the
    urgency alone, then the step's own row, else the rulebook's column. The rows are read once per rulebook instance.
    """
    given = limits_of(book).get(step)
    if given:
        while category is not None and any(key[0] for key in given):
            for key in ((category.pk, urgency), (category.pk, "")):
                if key in given:
                    return given[key]
            category = category.parent
        for key in ((None, urgency), (None, "")):
            if key in given:
                return given[key]
    return column_days(book, step, urgency)


def column_days(book: Rulebook, step: str, urgency: str = "") -> int:
    """The rulebook's own number for a step, limits by category apart."""
    if step == LimitStep.RESOLVE:
        return getattr(book, BY_URGENCY.get(urgency, "ordinary_days"))
    return getattr(book, COLUMNS[step])


def limits_of(book: Rulebook) -> dict[str, dict[tuple, int]]:
    """{step: {(category id, urgency): days}} of the rows in `RulebookLimit`, kept on the instance."""
    if "_limits" not in book.__dict__:
        rows = book.limits.values_list("step", "category_id", "urgency", "days") if book.pk else []
        book._limits = {}
        for step, category_id, urgency, days in rows:
            book._limits.setdefault(step, {})[category_id, urgency] = days
    return book._limits


def in_order(rungs: Iterable[Rung]) -> list[Rung]:
    """By trigger as they are listed, lower thresholds first, milder acts first."""
    triggers, acts = Trigger.values, LadderAct.values
    return sorted(rungs, key=lambda rung: (triggers.index(rung.trigger), rung.threshold, acts.index(rung.act)))


def ladder_of(book: Rulebook) -> list[Rung]:
    """The rungs of supervision, lower thresholds first, kept on the instance."""
    if "_ladder" not in book.__dict__:
        rows = book.ladder.values_list("trigger", "threshold", "act") if book.pk else []
        book._ladder = in_order(Rung(*row) for row in rows)
    return book._ladder


def escalates_at(book: Rulebook, trigger: str) -> int | None:
    """The threshold of this trigger at which an entry rises by itself, or None where it never does."""
    rungs = [rung.threshold for rung in ladder_of(book) if rung.trigger == trigger and rung.act == LadderAct.ESCALATE]
    return min(rungs, default=None)


def deadline(rules: Rulebook, urgency: str, start: dt.date, calendar: WorkCalendar, category=None) -> dt.date:
    """The date by which the lead must answer an entry assigned on `start`."""
    return calendar.add(start, limit_days(rules, LimitStep.RESOLVE, category, urgency))


def yellow_from(rules: Rulebook, due_on: dt.date, calendar: WorkCalendar) -> dt.date:
    """The first day on which only the rulebook's last few working days are left."""
    return calendar.add(due_on, -rules.yellow_days)
