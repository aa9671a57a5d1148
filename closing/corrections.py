"""What has become different since a month was locked (更正清单): computed from the rows, never typed."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from audit.models import Event
from audit.sentences import sentence, who
from closing import frozen, places
from closing.enums import ClosingState
from closing.models import Closing, Frozen
from core import units
from core.periods import Month, Period
from indicators import declarations, figures
from indicators.rows import source_of


@dataclass
class LateRow:
    """A row that came to a figure, or went from it, after the lock, and the last event that says so."""

    came: bool
    name: str
    url: str = ""
    event: Any = None

    @property
    def told(self):
        return sentence(self.event) if self.event else ""

    @property
    def who(self):
        return who(self.event) if self.event else ""


@dataclass
class Correction:
    """One figure of a closed month whose live value is no longer the one last told: the frozen one, or what a report
    has since put in its place (`told`: value, numerator, denominator)."""

    frozen: Frozen
    live: figures.Figure
    told: tuple | None = None
    rows: list[LateRow] = field(default_factory=list)
    unseen: int = 0

    @property
    def code(self):
        return self.frozen.indicator

    @property
    def name(self):
        return self.live.name

    @property
    def former(self):
        """The value last told."""
        return self.told[0] if self.told else self.frozen.value

    @property
    def before(self):
        """The value last told, as printed."""
        return written(self.former, self.live)

    @property
    def now(self):
        """The live value, as printed."""
        return self.live.text

    @property
    def change(self):
        return units.change(frozen.settled(self.live.value), self.former, self.live.unit)

    @property
    def difference(self):
        """The difference with its sign and unit; a dash where there was or is no value."""
        change = self.change
        if change.difference is None:
            return units.DASH
        sign = "+" if change.difference > 0 else ""
        return sign + units.text(change.difference, change.unit, self.live.declared.places)

    @property
    def parts_only(self):
        """Whether the share is the same and only its parts have moved."""
        return not self.change.difference and self.change.difference is not None


def written(value: Decimal | None, figure):
    """A frozen value as the figure would print it."""
    return units.text(value, figure.unit, figure.declared.places)


def corrections(scope, month: Month, actor=None) -> list[Correction]:
    """The corrections to one closed month of a scope, in the order of declaration; empty for a month never locked.

    With an `actor`, each names the rows that came and went, as far as the actor may see them. A figure declared after
    the lock, or no longer declared, has nothing to be compared with and is no correction.
    """
    place = places.of_scope(scope)
    closing = frozen.closing_of(place, month) if place else None
    return corrections_of(closing, scope, actor)


def corrections_of(closing, scope, actor=None, told=None) -> list[Correction]:
    """As `corrections`, of a row at hand. `told` says what was told since the lock, {code: (value, numerator,
    denominator)}: a figure is compared with that instead of with the frozen one."""
    kept = frozen.standing(closing, scope)
    codes = [code for code in frozen.codes_for(scope) if code in kept]
    if not codes:
        return []
    live = figures.read(codes, scope, closing.period)
    told = told or {}
    found = [
        Correction(kept[code], live[code], told.get(code))
        for code in codes
        if frozen.numbers(live[code]) != told.get(code, frozen.parts(kept[code]))
    ]
    for one in found if actor else ():
        one.rows, one.unseen = late_rows(one, scope, actor)
    return found


def differs(kept, figure) -> bool:
    """Whether a live figure, or a part of it, is not what was frozen."""
    return frozen.parts(kept) != frozen.numbers(figure)


def late_rows(correction, scope, actor):
    """(rows that came and went since the lock in the actor's sight, how many more there are out of sight)."""
    kept, live = correction.frozen.row_ids, frozen.rows_of(correction.live)
    if kept is None or live is None:
        return [], 0
    moved = set(kept) ^ set(live)
    source = source_of(correction.code, scope)
    seen = source.model._base_manager.filter(pk__in=source.visible(actor).filter(pk__in=moved).order_by().values("pk"))
    label = source.model._meta.label_lower
    events = Event.objects.filter(object_type=label, object_id__in=moved, at__gt=correction.frozen.as_of)
    last = {event.object_id: event for event in events.order_by("id")}
    came = set(live)
    rows = [LateRow(row.pk in came, str(row), source.url(row) or "", last.get(row.pk)) for row in seen.order_by("pk")]
    return rows, len(moved) - len(rows)


def closed_months(scope, before: Month, count=12) -> list[Closing]:
    """The months of the scope's unit before `before` that were locked at least once, newest first, `count` back."""
    place = places.of_scope(scope)
    if place is None:
        return []
    span = ((before - count).first_day, (before - 1).last_day)
    return list(Closing.objects.filter(**place.rows, round__gte=1, month__range=span).order_by("-month"))


def to_report(scope, month: Month, told) -> list[tuple[Closing, list[Correction]]]:
    """What the report of `month` prints: the corrections to the twelve months before, newest first, that no report has
    told. `told(closing)` answers what reports have told of a closed month since its newest lock, as `corrections_of`
    takes it."""
    found = [(one, corrections_of(one, scope, told=told(one))) for one in closed_months(scope, month)]
    return [(one, rows) for one, rows in found if rows]


@dataclass
class StockLine:
    """A stock through a month: opening (期初), corrections to the month before, change, closing (期末)."""

    name: Any
    opening: Any
    corrected: Any
    moved: Any
    closing: Any
    figure: figures.Figure

    @property
    def opening_text(self):
        return written(self.opening, self.figure)

    @property
    def corrected_text(self):
        return written(self.corrected, self.figure)

    @property
    def moved_text(self):
        return written(self.moved, self.figure)

    @property
    def closing_text(self):
        return written(self.closing, self.figure)


def stocks(place, month: Month) -> list[StockLine]:
    """Opening and closing of each stock of a unit's month: the closing frozen with the month before, plus what was
    corrected since, is the opening. Empty where the month before was never locked."""
    scope = place.scope
    before, now = frozen.closing_of(place, month - 1), frozen.closing_of(place, month)
    opened = frozen.standing(before, scope)
    codes = [code for code in frozen.codes_for(scope) if code in opened and declarations.get(code).kind == "stock"]
    if not codes:
        return []
    ended = frozen.standing(now, scope) if now and now.state == ClosingState.LOCKED else {}
    past, live = figures.read_many(codes, scope, [before.period, Period.month(month.year, month.number)])
    return [_line(code, opened, ended, past[code], live[code]) for code in codes]


def _line(code, opened, ended, past, live):
    opening, corrected = opened[code].value or 0, frozen.settled(past.value or 0) - (opened[code].value or 0)
    closing = ended[code].value if code in ended else frozen.settled(live.value)
    moved = (closing or 0) - opening - corrected
    return StockLine(live.name, opening, corrected, moved, closing, live)
