"""How an app says what it counts (指标声明).

An app's `indicators.py` declares each counted table once as a `Source` and each figure once as
a `Flow`, `Stock`, `Distinct`, `Ratio` or `Duration`, and passes them to `register`. Triggers,
roll-up, recount, pages, reports and the API all follow from the declaration; see
docs/figures.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q

from core import units
from indicators import remember

GOOD, BAD, NEUTRAL = "good", "bad", "neutral"


@dataclass(frozen=True)
class Column:
    """One column of a rows page: `value` is a field path (`enterprise__name`) or a callable."""

    label: Any
    value: str | Callable[[Any], Any]

    def of(self, row):
        if callable(self.value):
            return self.value(row)
        for name in self.value.split("__"):
            if row is None:
                return None
            display = getattr(row, f"get_{name}_display", None)
            row = display() if display else getattr(row, name)
        return row


@dataclass(frozen=True, eq=False)
class Source:
    """One counted table.

    `region`, `chain` and `committee` name plain columns of the table itself (attnames); the
    last two may be None. `entity` is the column of the enterprise that a row belongs to.
    `base` limits every figure of the source (local columns only: a joined table's triggers
    would not mark the cell). `visible(actor)` is the model's scoping rule, `url(row)` the
    address of a row, `related` what a rows page should `select_related`.
    """

    code: str
    model: Any
    label: Any
    columns: Sequence[Column]
    visible: Callable[[Any], Any]
    region: str = "region_id"
    chain: str | None = "chain_id"
    committee: str | None = "committee_id"
    entity: str | None = None
    base: Q = field(default_factory=Q)
    url: Callable[[Any], str | None] = lambda row: None
    related: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Indicator:
    """What all kinds share. `definition` (口径) is one or two sentences for a stranger.

    `more` says whether a rise is GOOD, BAD or NEUTRAL; `decimals` defaults to the unit's.
    """

    code: str
    name: Any
    unit: units.Unit
    definition: Any = ""
    more: str = NEUTRAL
    decimals: int | None = None

    kind = ""

    @property
    def places(self):
        return self.unit.decimals if self.decimals is None else self.decimals

    def part(self, cell):
        """The declaration that fills cells of class `cell` ('region', 'chain', 'committee')."""
        return self


@dataclass(frozen=True, eq=False)
class ByChain:
    """Another table (or other columns) to count chains and committees from.

    Used where a region's figure and a chain's figure come from different tables: enterprises
    by region from the enterprises, by chain from their memberships. What is left None is
    taken from the indicator.
    """

    source: Source
    where: Q | None = None
    on: str | None = None
    enters: str | None = None
    leaves: str | None = None
    weight: str | None = None


@dataclass(frozen=True, eq=False)
class _Counted(Indicator):
    source: Source = None
    where: Q = field(default_factory=Q)
    by_chain: ByChain | None = None

    def __post_init__(self):
        if not isinstance(self.source, Source):
            raise ImproperlyConfigured(f"{self.code}: source is missing")

    def part(self, cell):
        """Itself, or a copy reading `by_chain`'s table for chain and committee cells."""
        if self.by_chain is None or cell == "region":
            return self
        return self._chainwise

    @property
    def _chainwise(self):
        made = self.__dict__.get("_chainwise_copy")
        if made is None:
            import dataclasses

            changes = {
                name: value
                for name in ("source", "where", "on", "enters", "leaves", "weight")
                if (value := getattr(self.by_chain, name)) is not None and hasattr(self, name)
            }
            made = dataclasses.replace(self, by_chain=None, **changes)
            self.__dict__["_chainwise_copy"] = made
        return made

    @property
    def dates(self):
        """The date columns that the figure goes by."""
        return [self.on]

    @property
    def extra_columns(self):
        """Columns beside scope, dates and conditions whose change moves the figure."""
        return []


@dataclass(frozen=True, eq=False)
class Flow(_Counted):
    """Events in a period (流量): rows whose date `on` lies in it, or the sum of `weight`."""

    on: str = ""
    weight: str | None = None
    kind = "flow"

    @property
    def extra_columns(self):
        return [self.weight] if self.weight else []


@dataclass(frozen=True, eq=False)
class Stock(_Counted):
    """What there is as of a period's end (存量), or the sum of `weight` over it.

    A row is inside from the end of day `enters` until the end of the day before `leaves`
    (half-open; an empty `leaves` means still inside, `leaves <= enters` means never). While a
    period runs, the as-of day is today, and what is dated later does not count yet: the facts are
    kept by day. `daily=False` keeps them by month, for large tables whose two dates are never
    written ahead of today (the lifecycle must see to it): there the running month counts with all
    that is dated in it, which is the same thing then.
    """

    enters: str = ""
    leaves: str | None = None
    weight: str | None = None
    daily: bool = True
    kind = "stock"

    @property
    def dates(self):
        return [self.enters, self.leaves] if self.leaves else [self.enters]

    @property
    def extra_columns(self):
        return [self.weight] if self.weight else []


@dataclass(frozen=True, eq=False)
class Distinct(_Counted):
    """Different entities with an event in a period (去重): each counted once per scope.

    `entity` is the column of the rows (default: the source's entity); `entities` the source
    whose rows they are, so that the figure opens the entities themselves.
    """

    on: str = ""
    entity: str | None = None
    entities: Source = None
    kind = "distinct"

    def __post_init__(self):
        super().__post_init__()
        if self.by_chain is not None:
            raise ImproperlyConfigured(f"{self.code}: a distinct figure has one source")
        if not isinstance(self.entities, Source):
            raise ImproperlyConfigured(f"{self.code}: entities must be a Source")

    @property
    def who(self):
        return self.entity or self.source.entity

    @property
    def extra_columns(self):
        return [self.who]


@dataclass(frozen=True, eq=False)
class Duration(_Counted):
    """Mean, median and 90th percentile of whole days (时长) of the rows dated `on`.

    `days` is a stored integer column; the figures are exact, from a histogram by day.
    """

    on: str = ""
    days: str = ""
    kind = "duration"

    @property
    def extra_columns(self):
        return [self.days]


@dataclass(frozen=True, eq=False)
class Ratio(Indicator):
    """One indicator over another (比率), both by code; in percent where the unit is %.

    With another unit the value is numerator / denominator times `per` (per 100 enterprises).
    """

    numerator: str = ""
    denominator: str = ""
    per: int = 1
    kind = "ratio"


_indicators: dict[str, Indicator] = {}
_sources: dict[str, Source] = {}


def register(*declared):
    """Add declarations to the registry. Raises ImproperlyConfigured for a code used twice."""
    for one in declared:
        if one.code in _indicators:
            raise ImproperlyConfigured(f"indicator declared twice: {one.code}")
        for source in _sources_of(one):
            if _sources.setdefault(source.code, source) is not source:
                raise ImproperlyConfigured(f"source declared twice: {source.code}")
        _indicators[one.code] = one
    remember.forget()


def _sources_of(one):
    if isinstance(one, Ratio):
        return []
    found = [one.source]
    if one.by_chain is not None:
        found.append(one.by_chain.source)
    if isinstance(one, Distinct):
        found.append(one.entities)
    return found


def get(code):
    """The indicator `code`. Raises KeyError."""
    return _indicators[code]


def indicators():
    """All indicators in the order of declaration."""
    return list(_indicators.values())


def sources():
    return list(_sources.values())


def counted():
    """All indicators that have facts of their own (every kind but ratios)."""
    return [one for one in _indicators.values() if not isinstance(one, Ratio)]


CELLS = ("region", "chain", "committee")


@remember.until_declared
def parts():
    """(indicator code, class of cell, declaration to count it by) for everything counted."""
    result = []
    for one in counted():
        for cell in CELLS:
            part = one.part(cell)
            if cell == "region" or getattr(part.source, cell):
                result.append((one.code, cell, part))
    return tuple(result)


def told_for(code, cell):
    """Whether figure `code` means anything for scopes of class `cell` (a region's, a chain's, ...)."""
    one = _indicators[code]
    if isinstance(one, Ratio):
        return told_for(one.numerator, cell) and told_for(one.denominator, cell)
    if cell == "enterprise":
        return bool(one.source.entity)
    return bool(getattr(one.part(cell).source, cell))


@remember.until_declared
def watched_columns(source):
    """(dates, others): the columns of `source` whose change must mark a cell.

    Raises ImproperlyConfigured where a condition reaches into another table, whose changes
    the triggers would not see.
    """
    dates, others = [], [source.region, source.chain, source.committee, source.entity]
    for _code, _cell, part in parts():
        if part.source is source:
            dates += part.dates
            others += part.extra_columns + _condition_columns(part)
    return _columns(source, dates), _columns(source, others)


@remember.until_declared
def moved_by(source):
    """{date column: the columns of `source` whose change moves figures in the months of that date}."""
    scope = _columns(source, [source.region, source.chain, source.committee, source.entity])
    found = {}
    for _code, _cell, part in parts():
        if part.source is source:
            used = _columns(source, [*part.dates, *part.extra_columns, *_condition_columns(part)])
            for date in date_columns(part):
                found.setdefault(date, dict.fromkeys(scope)).update(dict.fromkeys(used))
    return {date: list(columns) for date, columns in found.items()}


@remember.until_declared
def date_columns(part):
    """The database columns of the dates that a declaration goes by."""
    return _columns(part.source, part.dates)


def column_of(source, name):
    """The database column of a field or attname of the source's table."""
    return _columns(source, [name])[0]


def _columns(source, names):
    """Database column names of fields or attnames, each once, None left out."""
    fields = {}
    for one in source.model._meta.concrete_fields:
        fields[one.name] = fields[one.attname] = fields[one.column] = one.column
    wanted = dict.fromkeys(name for name in names if name)
    try:
        return list(dict.fromkeys(fields[name] for name in wanted))
    except KeyError as missing:
        raise ImproperlyConfigured(f"source {source.code}: {source.model.__name__} has no column {missing}") from None


def _condition_columns(part):
    query = part.source.model._base_manager.filter(part.source.base & part.where).query
    if len([a for a in query.alias_map if query.alias_refcount.get(a)]) > 1:
        raise ImproperlyConfigured(f"{part.code}: conditions may only use columns of {part.source.model.__name__}")
    found, stack = [], [query.where]
    while stack:
        node = stack.pop()
        if node is None or isinstance(node, (str, int)):
            continue
        target = getattr(node, "target", None)
        if target is not None:
            found.append(target.column)
        stack.extend(getattr(node, "children", ()))
        if hasattr(node, "get_source_expressions"):
            stack.extend(node.get_source_expressions())
    return found
