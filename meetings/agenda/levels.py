"""Which committee an escalated entry goes to (提级对象): the one above by level, or the highest there is."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from alliances.enums import RegionLevel
from chains.enums import CommitteeKind
from chains.models import Committee
from core.actor import NOTHING
from problems.enums import OPEN_STATES, Level, State
from problems.models import Problem

_LEVELS = {Level.COUNTY: (RegionLevel.COUNTY,), Level.CITY: (RegionLevel.CITY, RegionLevel.PROVINCE)}


class _Standing(NamedTuple):
    pk: int
    kind: str
    chain_id: int | None
    level: str
    path: str


def _standing(rows) -> list[_Standing]:
    """Committees as plain values, the nearest to a place below them first, those of the industry before a chain's."""
    found = rows.filter(dissolved_on=None).values_list("pk", "kind", "chain_id", "level", "region__path")
    return sorted((_Standing(*row) for row in found), key=lambda one: (-len(one.path), one.kind != "industry", one.pk))


def _target(path: str, chain_id, own_id, level: str, standing: Iterable[_Standing]) -> int | None:
    """The committee that takes up what rose to this level: the industry committee there, else that of the chain; where
    there is none, one level lower; at last the entry's own."""
    line = [one for one in standing if path.startswith(one.path) and one.level in _LEVELS[level]]
    own = [one for one in line if one.kind == CommitteeKind.INDUSTRY]
    own += [one for one in line if one.kind == CommitteeKind.CHAIN and one.chain_id == chain_id]
    if own:
        return own[0].pk
    return _target(path, chain_id, own_id, Level.COUNTY, standing) if level == Level.CITY else own_id


def escalated_to(committee: Committee):
    """Open entries that have risen to this committee."""
    region = committee.region
    rows = Problem.objects.filter(
        is_escalated=True, state__in=OPEN_STATES - {State.RESOLVED}, region__path__startswith=region.path
    )
    places = set(rows.order_by().values_list("region__path", "chain_id", "committee_id", "escalated_to").distinct())
    if not places:
        return rows.none()
    paths = {path[:end] for path, *_rest in places for end in range(4, len(path) + 1, 4)}
    standing = _standing(Committee.objects.filter(region__path__in=paths))
    mine = NOTHING
    for path, chain_id, own_id, level in places:
        if _target(path, chain_id, own_id, level, standing) == committee.pk:
            mine |= Q(region__path=path, chain_id=chain_id, committee_id=own_id, escalated_to=level)
    return rows.filter(mine)


def committees_above(problem: Problem) -> list[Committee]:
    """Standing committees in the entry's line of regions that could take it up: those of its chain and of the
    industry, the nearest first."""
    rows = Committee.objects.filter(region__path__in=problem.region.ancestor_paths, dissolved_on=None)
    found = [
        one for one in rows.select_related("region")
        if one.kind == CommitteeKind.INDUSTRY or one.chain_id == problem.chain_id
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-len(one.region.path), one.kind == CommitteeKind.INDUSTRY, one.pk))


def committees_for(problem: Problem) -> list[Committee]:
    """The committees that may be asked to take the entry up (一事一商): its own, then those above."""
    own = problem.committee
    found = committees_above(problem)
    if own is not None and own.dissolved_on is None:
        found = [own, *(one for one in found if one.pk != own.pk)]
    return found
