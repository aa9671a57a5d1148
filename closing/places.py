"""Whose months are closed: committees, and the counties and cities above them."""

from dataclasses import dataclass

from django.db.models import Q

from alliances.enums import RegionLevel
from alliances.figure_scopes import scope_of
from alliances.models import Region
from chains.models import Chain, Committee
from core.actor import Actor, Role, under
from core.periods import Month
from indicators import scopes

LEVELS = (RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.COUNTY)
COMMITTEE, REGION = "committee", "region"


@dataclass(frozen=True)
class Place:
    """A unit that closes its months: a committee in its region, or a region."""

    region: Region
    committee: Committee | None = None

    def __str__(self):
        return str(self.committee or self.region)

    @property
    def kind(self):
        return COMMITTEE if self.committee else REGION

    @property
    def pk(self):
        return (self.committee or self.region).pk

    @property
    def key(self):
        """What tells two units apart, as `key_of` says it of a row."""
        return self.region.pk, self.committee.pk if self.committee else None

    @property
    def rows(self):
        """What finds the rows of this unit itself in a table of units, and not those of a unit in it."""
        return {"committee": self.committee} if self.committee else {"region": self.region, "committee": None}

    @property
    def scope(self):
        """Its scope of figures."""
        if self.committee:
            return scopes.committee_scope(self.committee.pk, self.committee.name)
        return scope_of(self.region)

    def scopes(self):
        """All scopes whose figures are frozen with its month: itself, and of a region each chain of its own."""
        found = [self.scope]
        if not self.committee:
            chains = Chain.objects.filter(region=self.region).order_by("pk")
            found += [scopes.chain_scope(chain.pk, chain.region_id, chain.name) for chain in chains]
        return found


def key_of(row):
    """The key of the unit that a closing or target belongs to."""
    return row.region_id, row.committee_id


def of_scope(scope) -> Place | None:
    """The unit that closes the months of a scope of figures; a chain's are closed with its region's."""
    if scope.kind == "committee":
        committee = Committee.objects.select_related("region").filter(pk=scope.committee_id).first()
        return Place(committee.region, committee) if committee else None
    region = Region.objects.filter(pk=scope.region_id, level__in=LEVELS).first() if scope.region_id else None
    return Place(region) if region else None


def visible_to(actor: Actor, month: Month) -> list[Place]:
    """The units whose month this actor may see, the wider first, each region followed by its committees."""
    committees = _in_month(Committee.objects.visible_to(actor), month).select_related("region")
    found = [Place(one.region, one) for one in committees]
    regions = Region.objects.filter(under(_paths(actor), "path"), level__in=LEVELS, is_active=True)
    if actor.is_system:
        regions = Region.objects.filter(level__in=LEVELS, is_active=True)
    standing = _in_month(Committee.objects.all(), month).values_list("region__path", flat=True)
    paths = set(standing.filter(under(_paths(actor), "region__path")) if not actor.is_system else standing)
    found += [Place(one) for one in regions if any(path.startswith(one.path) for path in paths)]
    return sorted(found, key=lambda place: (place.region.path, place.committee is not None, place.pk))


def find(actor: Actor, kind: str, pk: int, month: Month) -> Place | None:
    """The unit of that kind and number, where the actor may see it."""
    return next((one for one in visible_to(actor, month) if one.kind == kind and one.pk == pk), None)


def below(place: Place, month: Month) -> list[Place]:
    """The units just below a region that close the month before it does: counties with committees in them, and the
    committees that lie in no such county."""
    if place.committee:
        return []
    inside = _in_month(Committee.objects.filter(region__path__startswith=place.region.path), month)
    committees = list(inside.select_related("region").order_by("pk"))
    lower = Region.objects.filter(path__startswith=place.region.path, level__in=LEVELS, is_active=True)
    lower = lower.exclude(pk=place.region.pk).order_by("path")
    lower = [one for one in lower if any(c.region.path.startswith(one.path) for c in committees)]
    nearest = [one for one in lower if not any(o != one and one.path.startswith(o.path) for o in lower)]
    own = [c for c in committees if not any(c.region.path.startswith(one.path) for one in nearest)]
    return [Place(one) for one in nearest] + [Place(one.region, one) for one in own]


def _paths(actor):
    """Regions whose own figures the actor reads: not those of a chain's leader."""
    return [d.region_path for d in actor.duties_as(Role.COUNTY_OFFICER, Role.LEADER) if d.chain_id is None]


def _in_month(committees, month):
    """Committees that stood on some day of the month."""
    return committees.filter(Q(dissolved_on=None) | Q(dissolved_on__gt=month.first_day), founded_on__lte=month.last_day)
