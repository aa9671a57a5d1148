"""What counts towards a duty: the registry of acts (行为登记), filled by the apps that own them.

An app says in `AppConfig.ready()` which of its rows are an act, on which day each counts and whose it is. The radar
then marks, counts and shows them without knowing what they are. docs/mechanisms-radar.md tells how, in ten lines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from core.clock import SHANGHAI


@dataclass(frozen=True, eq=False)
class Filter:
    """A condition that a mechanism may set. `q(value, day)` answers it for a day.

    With `choices` (a function, so that rows of a county can be choices) its value is a list of the chosen codes,
    without them it is True or False. `columns` are the columns of the own table that it reads: a change of one of them
    counts anew. What it reads from other tables is named by the act's or the actor's `watches`. `dated` says that the
    answer depends on the day, so that it is asked for each period.
    """

    label: Any
    q: Callable[[Any, dt.date], Q]
    choices: Callable[[], Sequence[tuple[str, Any]]] | None = None
    columns: Sequence[str] = ()
    dated: bool = False


@dataclass(frozen=True, eq=False)
class Watch:
    """Another table whose rows decide about rows of ours: where `column` of it changes or a row comes or goes, every
    row of ours with that value in `lookup` is counted anew. With no columns, all rows of ours are."""

    model: type[models.Model]
    column: str = ""
    lookup: str = ""


@dataclass(frozen=True, eq=False)
class Act:
    """One kind of act.

    `on` is the column of the day it counts by, a date or a moment (then its day in Asia/Shanghai). `until` is the
    first day on which it no longer is, for acts that last (a seat held): only those can carry a standing mechanism.
    `actors` names for each kind of actor the column that says whose it is; for `region` the act counts for every
    region at or above its own, with `here_alone` for its own and no other. `base` always holds and may read columns
    of the own table only.
    `reaches` names the column of whom it reached, by kind of actor, for mechanisms with a coverage.
    `planned` are rows that are to become an act on their day. `do_url(obligation)` is the address of the form that
    does it, filled in as far as known; `doable(actor)` who may open it.
    """

    code: str
    label: Any
    model: type[models.Model]
    on: str
    actors: dict[str, str]
    visible: Callable[[Any], Any]
    unit: Any = "次"
    until: str = ""
    here_alone: bool = False
    base: Q = field(default_factory=Q)
    planned: Q | None = None
    filters: dict[str, Filter] = field(default_factory=dict)
    reaches: dict[str, str] = field(default_factory=dict)
    watches: Sequence[Watch] = ()
    url: Callable[[Any], str | None] = lambda row: None
    title: Callable[[Any], str] = str
    do_url: Callable[[Any], str] | None = None
    do_label: Any = ""

    @property
    def day(self):
        """The expression of the day a row counts by."""
        if isinstance(self.model._meta.get_field(self.on), models.DateTimeField):
            return TruncDate(self.on, tzinfo=SHANGHAI)
        return F(self.on)

    def rows(self, chosen: dict, first: dt.date | None, last: dt.date | None, *, planned: bool = False):
        """The rows with these filters and a day from `first` to `last`, annotated with `radar_day`."""
        kept = self.planned if planned else self.base
        found = self.model._base_manager.filter(kept, condition(self.filters, chosen, last, planned=planned))
        found = found.annotate(radar_day=self.day).order_by()
        if first is not None:
            found = found.filter(radar_day__gte=first)
        return found if last is None else found.filter(radar_day__lte=last)


_acts: dict[str, Act] = {}


def register(*acts: Act) -> None:
    """Add acts. Raises ImproperlyConfigured for a code used twice and for a column that the table has not."""
    for act in acts:
        if act.code in _acts:
            raise ImproperlyConfigured(f"act registered twice: {act.code}")
        for name in (act.on, act.until, *act.actors.values(), *act.reaches.values()):
            if name:
                column_of(act.model, name)
        _acts[act.code] = act


def add_filter(code: str, name: str, one: Filter) -> None:
    """Let another app offer a filter on an act."""
    _acts[code].filters[name] = one


def get(code: str) -> Act:
    """The act. Raises KeyError."""
    return _acts[code]


def all_acts() -> list[Act]:
    return list(_acts.values())


def column_of(model, name: str) -> str:
    """The database column of a field or attname. Raises ImproperlyConfigured where the table has none of that name."""
    for one in model._meta.concrete_fields:
        if name in (one.name, one.attname, "pk" if one.primary_key else ""):
            return one.column
    raise ImproperlyConfigured(f"{model.__name__} has no column {name}")


def condition(filters: dict[str, Filter], chosen: dict, day: dt.date, *, planned: bool = False) -> Q:
    """The chosen filters as one condition, as of a day. Of rows that are only planned, yes-or-no conditions (minutes
    filed) cannot hold yet and are left out."""
    found = Q()
    for name, value in chosen.items():
        one = filters.get(name)
        if one is None or (planned and one.choices is None):
            continue
        found &= one.q(value, day)
    return found


def check(filters: dict[str, Filter], chosen: dict) -> dict:
    """The filters as they are to be kept: known ones with values they can have. Raises ValidationError."""
    found = {}
    if not isinstance(chosen, dict):
        raise ValidationError(_("条件应是名称和取值的对照。"), code="filters")
    for name, value in chosen.items():
        one = filters.get(name)
        if one is None:
            raise ValidationError(_("没有“%(name)s”这个条件。"), code="filter", params={"name": name})
        if one.choices is None:
            if not isinstance(value, bool):
                raise ValidationError(_("“%(name)s”只能是或否。"), code="value", params={"name": one.label})
            found[name] = value
            continue
        known = {str(code) for code, _label in one.choices()}
        values = [str(item) for item in (value if isinstance(value, list) else [value])]
        if set(values) - known:
            params = {"name": one.label, "value": "、".join(sorted(set(values) - known))}
            raise ValidationError(_("“%(name)s”没有“%(value)s”这个取值。"), code="value", params=params)
        if values:
            found[name] = sorted(set(values))
    return found
