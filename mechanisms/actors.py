"""Who a duty falls on: the registry of kinds of actor (责任主体登记).

Each kind is a table with a day from which and a day until which a row stands, the columns that place it, and filters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from mechanisms.acts import Filter, Watch, condition

EVER = dt.date(1900, 1, 1)


@dataclass(frozen=True, eq=False)
class ActorKind:
    """One kind of actor.

    A row stands from `begins` to the day before `ends`; no column means ever. `places` are expressions for the copies
    on an obligation: `region` must be given, `chain`, `committee` and `enterprise` may. `path` is the lookup of the
    region's path. `columns` are columns of the own table whose change places or names it anew.
    """

    code: str
    label: Any
    model: type[models.Model]
    places: dict[str, Any]
    visible: Callable[[Any], Any]
    begins: str = ""
    ends: str = ""
    path: str = "region__path"
    each: Any = ""
    base: Q = field(default_factory=Q)
    filters: dict[str, Filter] = field(default_factory=dict)
    columns: Sequence[str] = ()
    watches: Sequence[Watch] = ()
    related: Sequence[str] = ()
    url: Callable[[Any], str | None] = lambda row: None
    title: Callable[[Any], str] = str

    def rows(self, chosen: dict, path: str, day: dt.date):
        """Those at or below the region with this path that match the filters as of the day, whenever they stand."""
        found = self.model._base_manager.filter(self.base, condition(self.filters, chosen, day))
        return found.filter(**{f"{self.path}__startswith": path}).order_by()

    def standing(self, chosen: dict, path: str, day: dt.date):
        """Those of `rows` that stand on the day."""
        found = self.rows(chosen, path, day)
        if self.begins:
            found = found.filter(**{f"{self.begins}__lte": day})
        if self.ends:
            found = found.filter(Q(**{self.ends: None}) | Q(**{f"{self.ends}__gt": day}))
        return found

    def placed(self, rows):
        """`rows` as tuples (pk, begins, ends, region, chain, committee, enterprise, path)."""
        nothing = Value(None, output_field=models.BigIntegerField())
        begins = Coalesce(F(self.begins), Value(EVER)) if self.begins else Value(EVER, output_field=models.DateField())
        ends = F(self.ends) if self.ends else Value(None, output_field=models.DateField())
        names = ("region", "chain", "committee", "enterprise")
        place = {f"radar_{name}": _expression(self.places.get(name)) or nothing for name in names}
        found = rows.annotate(radar_begins=begins, radar_ends=ends, radar_path=F(self.path), **place)
        return found.values_list("pk", "radar_begins", "radar_ends", *place, "radar_path")


def _expression(given):
    return F(given) if isinstance(given, str) else given


_kinds: dict[str, ActorKind] = {}


def register(*kinds: ActorKind) -> None:
    """Add kinds of actor. Raises ImproperlyConfigured for a code used twice."""
    for kind in kinds:
        if kind.code in _kinds:
            raise ImproperlyConfigured(f"kind of actor registered twice: {kind.code}")
        _kinds[kind.code] = kind


def add_filter(code: str, name: str, one: Filter, *watches: Watch) -> None:
    """Let another app offer a filter on a kind of actor, with the tables that it reads."""
    kind = _kinds[code]
    kind.filters[name] = one
    object.__setattr__(kind, "watches", (*kind.watches, *watches))


def get(code: str) -> ActorKind:
    """The kind. Raises KeyError."""
    return _kinds[code]


def all_kinds() -> list[ActorKind]:
    return list(_kinds.values())
