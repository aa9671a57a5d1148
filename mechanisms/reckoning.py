"""What a version asks of whom, and what is found: read from the rows in a fixed number of statements.

`Reckoning` knows one version as of one day and answers the rows that `mechanisms.syncing` keeps. It writes nothing, so
that a form can show the verdicts of a rule before there is one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from alliances.models import SEGMENT, Region
from core import cycles
from core.cycles import Cycle
from mechanisms import actors, acts
from mechanisms.models import MechanismVersion
from mechanisms.verdicts import Spell, Terms, gaps, judge

DAY = dt.timedelta(days=1)


class Placed(NamedTuple):
    """An actor with the days it stands and where it belongs."""

    pk: int
    begins: dt.date
    ends: dt.date | None
    region_id: int
    chain_id: int | None
    committee_id: int | None
    enterprise_id: int | None
    path: str

    @property
    def place(self) -> dict:
        return {
            "region_id": self.region_id, "chain_id": self.chain_id, "committee_id": self.committee_id,
            "enterprise_id": self.enterprise_id,
        }  # fmt: skip


class Unknown(LookupError):
    """The version names an act or a kind of actor that this process does not know."""


class Reckoning:
    """One version as of `today`. Raises Unknown."""

    def __init__(self, version: MechanismVersion, today: dt.date):
        self.version, self.today = version, today
        try:
            self.kind, self.act = actors.get(version.actor), acts.get(version.act)
            self.population = actors.get(version.reaches) if version.reaches else None
            self.column = self.act.actors[version.actor]
        except KeyError as missing:
            raise Unknown(str(missing)) from None
        self.terms = Terms(version.minimum, version.maximum, version.percent, version.warn_days)
        self.path = version.mechanism.region.path
        offs = version.mechanism.switched_off.select_related("region") if version.mechanism.pk else ()
        self.offs = [(off.region.path, off.from_on, off.until_on) for off in offs]

    # --- who, and when ---

    def cycles(self, first: dt.date | None = None, last: dt.date | None = None) -> list[Cycle]:
        """The periods that the version judges, up to the one that runs; limited to those that touch first to last."""
        version = self.version
        if version.is_standing:
            return []
        # From the first day of its period: what changed may be dated later in the period that runs.
        begins = max(version.starts_on, Cycle.of(version.cadence, first).first) if first else version.starts_on
        until = min(self.today, last) if last else self.today
        return [
            one
            for one in cycles.between(version.cadence, begins, until)
            if one.first >= version.starts_on and (version.ends_on is None or one.last < version.ends_on)
        ]

    def actors(self, day: dt.date, ids: Collection[int] | None = None) -> list[Placed]:
        rows = self.kind.rows(self.version.actor_filters, self.path, day)
        if ids is not None:
            rows = rows.filter(pk__in=list(ids))
        return [Placed(*row) for row in self.kind.placed(rows)]

    def _dated(self, filters, chosen) -> bool:
        return any(filters[name].dated for name in chosen if name in filters)

    def is_off(self, path: str, first: dt.date, last: dt.date) -> bool:
        """Whether the actor's region does not follow the mechanism on some day from first to last."""
        return any(
            path.startswith(place) and from_on <= last and (until is None or until > max(first, from_on))
            for place, from_on, until in self.offs
        )

    # --- what was done ---

    def _keys(self, found, ids):
        """Narrow act rows to those that can count for these actors."""
        if self.version.actor == "region":
            places = Region.objects.filter(path__startswith=self.path)
            return found.filter(**{f"{self.column}__in": places.values("pk")})
        if ids is not None:
            return found.filter(**{f"{self.column}__in": list(ids)})
        wanted = self.kind.model._base_manager.filter(**{f"{self.kind.path}__startswith": self.path})
        return found.filter(**{f"{self.column}__in": wanted.order_by().values("pk")})

    def _paths(self) -> dict[int, str]:
        return dict(Region.objects.filter(path__startswith=self.path).values_list("pk", "path"))

    def _grouped(self, rows) -> dict:
        """{key of an actor: [rest of the row, ...]}; an act of a region counts for every region above it as well, but
        where the act says otherwise."""
        found = defaultdict(list)
        if self.version.actor != "region":
            for key, *rest in rows:
                found[key].append(rest)
            return found
        paths = self._paths()
        for region_id, *rest in rows:
            path = paths.get(region_id, "")
            nearest = len(path) if self.act.here_alone else len(self.path)
            for end in range(max(nearest, len(self.path)), len(path) + 1, SEGMENT):
                found[path[:end]].append(rest)
        return found

    def _key(self, actor: Placed):
        return actor.path if self.version.actor == "region" else actor.pk

    def days(self, first, last, ids=None, *, planned=False) -> dict:
        """{key: [[day, whom it reached], ...]} of the acts in these days."""
        if planned and self.act.planned is None:
            return {}
        found = self._keys(self.act.rows(self.version.act_filters, first, last, planned=planned), ids)
        names = [self.column, "radar_day"]
        if self.population is not None and not planned:
            names.append(self.act.reaches[self.version.reaches])
        return self._grouped(found.values_list(*names))

    def spells(self, ids=None) -> dict:
        """{key: [Spell, ...]} of acts that last."""
        found = self._keys(self.act.rows(self.version.act_filters, None, self.today), ids)
        grouped = self._grouped(found.values_list(self.column, "radar_day", self.act.until))
        return {key: [Spell(first, after) for first, after in rows] for key, rows in grouped.items()}

    # --- whom to reach ---

    def _people(self, day: dt.date) -> list[Placed]:
        rows = self.population.rows(self.version.reaches_filters, self.path, day)
        return [Placed(*row) for row in self.population.placed(rows)]

    def _belonging(self, people: list[Placed], day: dt.date) -> dict:
        """{key of an actor: {whom it has to reach as of the day}}."""
        found = defaultdict(set)
        for one in people:
            if one.begins > day or (one.ends is not None and one.ends <= day):
                continue
            if self.version.actor == "region":
                for end in range(len(self.path), len(one.path) + 1, SEGMENT):
                    found[one.path[:end]].add(one.pk)
            elif self.version.actor == "committee" and one.committee_id is not None:
                found[one.committee_id].add(one.pk)
            elif self.version.actor == "enterprise" and one.enterprise_id is not None:
                found[one.enterprise_id].add(one.pk)
        return found

    # --- the findings ---

    def obligations(self, ids=None, first=None, last=None) -> dict[tuple[int, dt.date], dict]:
        """{(actor, first day): columns of its obligation} of the periods that touch these days."""
        if self.version.is_standing:
            return {key: values for key, (values, _gaps) in self._standing(ids).items() if values}
        found, wanted = {}, self.cycles(first, last)
        if not wanted:
            return found
        days = self.days(wanted[0].first, min(wanted[-1].last, self.today), ids)
        planned = self.days(wanted[0].first, wanted[-1].last, ids, planned=True)
        standing = self._by_cycle(wanted, self.kind.filters, self.version.actor_filters,
                                  lambda day: self.actors(day, ids))  # fmt: skip
        people = [()] * len(wanted)
        if self.population is not None:
            people = self._by_cycle(wanted, self.population.filters, self.version.reaches_filters, self._people)
        for cycle, those, reachable in zip(wanted, standing, people, strict=True):
            look = min(cycle.last, self.today)
            belonging = self._belonging(reachable, look) if reachable else {}
            for actor in those:
                outside = actor.begins > cycle.last or (actor.ends is not None and actor.ends <= cycle.first)
                if outside or actor.begins > self.today or self.is_off(actor.path, cycle.first, cycle.last):
                    continue
                key = self._key(actor)
                found[actor.pk, cycle.first] = self._row(
                    actor, cycle, days.get(key, ()), planned.get(key, ()), belonging.get(key, ())
                )
        return found

    def _by_cycle(self, wanted, filters, chosen, ask) -> list:
        """What `ask(day)` answers for each period: once for all where no condition depends on the day."""
        if not self._dated(filters, chosen):
            return [ask(self.today)] * len(wanted)
        return [ask(min(cycle.last, self.today)) for cycle in wanted]

    def _row(self, actor: Placed, cycle: Cycle, rows, planned, belonging) -> dict:
        first_met: dict[int, dt.date] = {}
        if self.population is not None:
            for day, whom in rows:
                if whom in belonging and cycle.contains(day) and day <= first_met.get(whom, day):
                    first_met[whom] = day
        seen = judge(
            self.terms, actor.begins, actor.ends, cycle, [row[0] for row in rows], self.today,
            population=len(belonging), reached_on=list(first_met.values()),
        )  # fmt: skip
        return actor.place | {
            "last_on": cycle.last,
            "warn_on": cycle.last - self.version.warn_days * DAY,
            "is_standing": False,
            "is_judged": seen.is_judged,
            "count": seen.count,
            "wanted": seen.wanted,
            "reached": seen.reached,
            "complied_on": seen.complied_on,
            "missed_on": seen.missed_on,
            "judged_on": seen.judged_on,
            "planned_on": max((row[0] for row in planned if cycle.contains(row[0])), default=None),
        }

    def vacancies(self, ids=None) -> dict[tuple[int, dt.date], dict]:
        """{(actor, first day): columns of the vacancy} of a standing version."""
        if not self.version.is_standing:
            return {}
        return {
            (pk, gap.first): place | {"until_on": gap.after}
            for (pk, _first), (_values, (place, found)) in self._standing(ids).items()
            for gap in found
        }

    def _standing(self, ids) -> dict:
        version = self.version
        if version.starts_on > self.today:
            return {}
        last_day = self.today if version.ends_on is None else min(self.today, version.ends_on - DAY)
        spells, found = self.spells(ids), {}
        for actor in self.actors(last_day, ids):
            begins = max(actor.begins, version.starts_on)
            ends = min((day for day in (actor.ends, version.ends_on) if day is not None), default=None)
            own = spells.get(self._key(actor), [])
            those = gaps(self.terms, own, begins, ends, self.today)
            those = self._followed(actor.path, those)
            values = self._now(actor, own, begins, ends, those)
            if values or those:
                found[actor.pk, version.starts_on] = values, (actor.place, those)
        return found

    def _now(self, actor: Placed, own, begins, ends, those) -> dict | None:
        """The obligation of today; None for whom it does not stand today."""
        if begins > self.today or (ends is not None and ends <= self.today):
            return None
        if self.is_off(actor.path, self.today, self.today):
            return None
        is_open = bool(those) and those[-1].after is None
        number = sum(one.first <= self.today and (one.after is None or one.after > self.today) for one in own)
        since = max([begins, *(one.after for one in those if one.after)])
        return actor.place | {
            "last_on": None, "warn_on": None, "is_standing": True, "is_judged": True, "count": number, "wanted": 0,
            "reached": 0, "complied_on": None if is_open else since, "missed_on": None, "judged_on": None,
            "planned_on": None,
        }  # fmt: skip

    def _followed(self, path: str, those: list[Spell]) -> list[Spell]:
        """The gaps less the days on which the actor's region did not follow the mechanism."""
        for place, from_on, until in self.offs:
            if path.startswith(place) and from_on <= self.today and (until is None or until > from_on):
                those = [part for gap in those for part in _without(gap, from_on, until)]
        return those


def _without(gap: Spell, from_on: dt.date, until: dt.date | None) -> list[Spell]:
    if (gap.after is not None and gap.after <= from_on) or (until is not None and until <= gap.first):
        return [gap]
    found = [Spell(gap.first, from_on)] if gap.first < from_on else []
    if until is not None and (gap.after is None or gap.after > until):
        found.append(Spell(until, gap.after))
    return found


def preview(version: MechanismVersion, today: dt.date) -> list[tuple[int, dict]]:
    """[(actor, columns of its obligation), ...] of the period that runs, for a version that is not kept yet."""
    rows = Reckoning(version, today).obligations(first=today, last=today)
    return [(pk, values | {"first_on": first}) for (pk, first), values in rows.items()]
