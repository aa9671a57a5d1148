"""Ratios and vacancies (配比与空缺): who should have somebody, and has not.

Pure functions of (region, day): each answers rows of who it is about, how many there are and how many there should be.
Nothing here is written down: the pages read the functions, and the radar of rules builds its conditions from the same
parts (`AT_REGION`, `covered`, `honoured`), so that both say the same of a day.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from alliances.enums import RegionLevel
from alliances.models import Region
from enterprises.enums import Coverage, HonourClass, PairingClass, PostingClass, StaffingScope
from enterprises.models import (
    CoverageSpell,
    Enterprise,
    Facility,
    Honour,
    Pairing,
    PartyOrganisation,
    Posting,
    StaffingRule,
)

# People posted to a region itself, not to an enterprise or organisation in it.
AT_REGION = Q(enterprise=None, organisation=None)
# What nanqiao's alliance calls "about five" (5 个左右); a pairing kind says its own.
LOW, TARGET, HIGH = 4, 5, 6


@dataclass(frozen=True)
class Row:
    """One actor (a region, an enterprise or an organisation) on a day: how many it has, needs, and may have at most."""

    actor: Any
    have: int
    need: int
    most: int | None = None

    @property
    def missing(self) -> int:
        return max(0, self.need - self.have)

    @property
    def over(self) -> int:
        return max(0, self.have - self.most) if self.most is not None else 0


def _rows(actors, need, most=None) -> list[Row]:
    return [Row(one, one.have, need, most) for one in actors]


def _count(rows, owner: str):
    """How many of `rows` stand at the outer row, as a column."""
    counted = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _postings(day: dt.date, kinds, counts_as):
    rows = Posting.objects.on(day)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    return rows.filter(counts_as=counts_as) if counts_as else rows


def regions_of_level(region: Region, day: dt.date, level: str, *, kinds=None, counts_as="", need=1) -> list[Row]:
    """Each region of a level at or below `region`, with the people posted to it."""
    places = Region.objects.below(region).filter(level=level, is_active=True)
    return _regions(places, _posted_there(day, kinds, counts_as), need)


def listed_regions(ids: Iterable[int], day: dt.date, *, kinds=None, counts_as="", need=1) -> list[Row]:
    """Each region of a list, with the people posted to it."""
    return _regions(Region.objects.filter(pk__in=ids), _posted_there(day, kinds, counts_as), need)


def _posted_there(day, kinds, counts_as):
    """People posted to a region itself, not to an enterprise or organisation in it."""
    return _postings(day, kinds, counts_as).filter(AT_REGION)


def _regions(places, rows, need):
    return _rows(places.annotate(have=_count(rows, "region")).order_by("path"), need)


def enterprises(region: Region, day: dt.date):
    """Enterprises on the register on that day."""
    rows = Enterprise.objects.filter(region__path__startswith=region.path, joined_on__lte=day)
    return rows.filter(Q(left_on=None) | Q(left_on__gt=day)).order_by("pk")


def covered(day: dt.date) -> Exists:
    """Of an enterprise: whether it had a Party organisation, own or joint, on that day."""
    spells = CoverageSpell.objects.filter(enterprise=OuterRef("pk"), membership=None, coverage=Coverage.ORGANISATION)
    return Exists(spells.filter(from_on__lte=day).filter(Q(until_on=None) | Q(until_on__gt=day)).order_by())


def uncovered(rows, day: dt.date):
    """Those of the enterprises that had no Party organisation on that day."""
    return rows.filter(~covered(day))


def firms_with(rows, day: dt.date, *, kinds=None, counts_as="", need=1) -> list[Row]:
    """Each of the enterprises with the people posted to it."""
    return _rows(rows.annotate(have=_count(_postings(day, kinds, counts_as), "enterprise")), need)


def honoured(classes: Iterable[str], day: dt.date) -> Exists:
    """Of a Party organisation: whether it had an honour of one of these classes in force on that day."""
    return Exists(Honour.objects.on(day).filter(organisation=OuterRef("pk"), counts_as__in=classes).order_by())


def strong_organisations(region: Region, day: dt.date):
    """Organisations with an honour of the class of strong ones in force on that day."""
    strong = honoured([HonourClass.STRONG_ORGANISATION], day)
    rows = PartyOrganisation.objects.filter(strong, region__path__startswith=region.path)
    return rows.filter(founded_on__lte=day).filter(Q(dissolved_on=None) | Q(dissolved_on__gt=day)).order_by("pk")


def helpers(region: Region, day: dt.date, *, kinds=None, low: int = LOW, high: int | None = HIGH) -> list[Row]:
    """Each strong organisation with how many it helps; it should be `low` to `high`. A strong one that helps nobody
    yet is there, too, and so is one that helps without having the honour."""
    wanted = Q(counts_as=PairingClass.STRONG_WEAK) if kinds is None else Q(kind__in=kinds)
    pairings = Pairing.objects.on(day).filter(wanted)
    helping = pairings.filter(helper_organisation__region__path__startswith=region.path)
    ids = Q(pk__in=strong_organisations(region, day).values("pk")) | Q(pk__in=helping.values("helper_organisation"))
    rows = PartyOrganisation.objects.filter(ids).annotate(have=_count(pairings, "helper_organisation"))
    return _rows(rows.order_by("pk"), low, high)


def every_town_has_a_manager(region: Region, day: dt.date) -> list[Row]:
    return regions_of_level(region, day, RegionLevel.TOWNSHIP, counts_as=PostingClass.TOWN_MANAGER)


def every_area_has_a_head(region: Region, day: dt.date) -> list[Row]:
    return regions_of_level(region, day, RegionLevel.AREA, counts_as=PostingClass.AREA_HEAD)


def every_uncovered_firm_has_an_instructor(region: Region, day: dt.date) -> list[Row]:
    """Above-scale enterprises without an organisation (nanqiao: dispatch an instructor where one is not ready)."""
    rows = uncovered(enterprises(region, day).filter(is_above_scale=True), day)
    return firms_with(rows, day, counts_as=PostingClass.INSTRUCTOR)


def staffing(rule: StaffingRule, region: Region, day: dt.date) -> list[Row]:
    """The rows of one rule inside `region`, which may be larger or smaller than the rule's own."""
    inside = region if region.path.startswith(rule.region.path) else rule.region
    if rule.scope in (StaffingScope.LEVEL, StaffingScope.LISTED):
        places = rule.places.all() if rule.scope == StaffingScope.LISTED else Region.objects.filter(level=rule.level)
        places = places.filter(path__startswith=inside.path, is_active=True)
        return _regions(places, _of_rule(rule, day, at_region=True), rule.minimum)
    firms = enterprises(inside, day)
    if rule.scope != StaffingScope.ENTERPRISES:
        firms = firms.filter(is_above_scale=True)
    if rule.scope == StaffingScope.UNCOVERED:
        firms = uncovered(firms, day)
    return _rows(firms.annotate(have=_count(_of_rule(rule, day, at_region=False), "enterprise")), rule.minimum)


def _of_rule(rule, day, *, at_region):
    if rule.facility_kind_id:
        return Facility.objects.on(day).filter(kind=rule.facility_kind_id)
    kinds = [rule.posting_kind_id]
    return _posted_there(day, kinds, "") if at_region else _postings(day, kinds, "")
