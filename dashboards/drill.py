"""The fixed way down and up (下钻): city -> county -> chain or committee -> enterprise, with the same period.

`trail` are the scopes above the one shown, as far as the reader may see them; `below` the units one step down with
their main figures. All values are the engine's, in as many statements for two units as for two hundred.
"""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.enums import RegionLevel
from alliances.figure_scopes import scope_of
from alliances.models import SEGMENT, Region
from chains.models import Chain, Committee
from core.actor import Actor
from core.periods import Period
from dashboards.picker import Picked
from enterprises.models import ChainMembership, Enterprise
from indicators import declarations, figures, scopes

LEVELS = (RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.COUNTY)
# What stands beside each unit, in the order of the work.
FIGURES = [
    "problems_raised",
    "problems_open",
    "problems_resolved",
    "problems_resolved_on_time",
    "problems_overdue",
    "meetings",
]
# Enterprises on one page of a committee's table.
PAGE = 50


@dataclass(frozen=True)
class Step:
    """A scope on the way up: its name and the address of the page for it, none for the scope shown."""

    label: str
    url: str = ""


@dataclass
class Unit:
    """One row: its name, where it leads, its figures."""

    name: str
    url: str
    figures: list = field(default_factory=list)


@dataclass
class Units:
    """A table of units one step down."""

    ident: str
    title: str
    head: str
    units: list[Unit]
    columns: list = field(default_factory=list)
    page: dict | None = None


# --- up -------------------------------------------------------------------------------------------------------------


def trail(picked: Picked, actor: Actor, view: str = "dashboards:cockpit") -> list[Step]:
    """The way from the widest scope that the actor may read to the one shown, which comes last without an address."""
    above = [one for one in _above(picked.scope) if scopes.readable(one, actor)]
    steps = [Step(str(one.name), address(view, one, picked.period)) for one in above]
    return [*steps, Step(_own_name(picked))]


def _own_name(picked: Picked) -> str:
    """A chain crossed with its region is named without it: the region is the step before."""
    if picked.scope.crossed:
        return picked.scope.name.removeprefix(str(picked.base.name)).lstrip(" ·") or picked.scope.name
    return str(picked.scope.name)


def _above(scope) -> list:
    """Every scope above, the widest first."""
    if scope.kind == "enterprise":
        return _above_enterprise(scope)
    if scope.kind == "committee":
        committee = Committee.objects.select_related("region", "chain").get(pk=scope.committee_id)
        return _above_committee(committee)
    path = Region.objects.values_list("path", flat=True).get(pk=scope.region_id)
    found = _regions(path)
    return found if scope.chain_id else [one for one in found if one.region_id != scope.region_id]


def _above_committee(committee: Committee) -> list:
    found = _regions(committee.region.path)
    if committee.chain_id and found:
        found.append(_crossed(found[-1], committee.chain))
    return found


def _above_enterprise(scope) -> list:
    places = ChainMembership.objects.filter(enterprise=scope.entity_id, committee__isnull=False)
    place = (
        places.order_by(F("left_on").desc(nulls_first=True), "-is_primary", "pk")
        .select_related("committee__region", "committee__chain")
        .first()
    )
    if place is None:
        return _regions(Enterprise.objects.values_list("region__path", flat=True).get(pk=scope.entity_id))
    own = scopes.committee_scope(place.committee_id, place.committee.name)
    return [*_above_committee(place.committee), own]


def _regions(path: str) -> list:
    """The scopes of the regions down to `path` that are units of the drill: province, city, county."""
    paths = [path[:end] for end in range(SEGMENT, len(path) + 1, SEGMENT)]
    return [scope_of(one) for one in Region.objects.filter(path__in=paths, level__in=LEVELS).order_by("path")]


def _crossed(scope, chain: Chain):
    return replace(scope, chain_id=chain.pk, name=chain.name)


def address(view: str, scope, period: Period) -> str:
    return f"{reverse(view)}?{urlencode({**scope.query(), **period.query()})}"


# --- down -----------------------------------------------------------------------------------------------------------


def below(picked: Picked, actor: Actor, page: str = "") -> list[Units]:
    """The tables of units one step below the scope shown; none for an enterprise.

    Of a region its next regions and its chains; where there are no regions of its own kind below, its committees. Of a
    chain in a region, and of a chain, the committees. Of a committee, and of a town, the enterprises, `page` by page.
    """
    scope = picked.scope
    if scope.kind == "enterprise":
        return []
    if scope.kind == "committee":
        return [_enterprises(picked, actor, page, Q(committee=scope.committee_id))]
    region = Region.objects.get(pk=scope.region_id)
    if not scope.chain_id:
        children = list(Region.objects.filter(parent=region, level__in=LEVELS, is_active=True).order_by("path"))
        if children:
            return [_regions_below(picked, children), _chains(picked, actor)]
    inside = Committee.objects.visible_to(actor).filter(region__path__startswith=region.path)
    inside = inside.filter(chain=scope.chain_id) if scope.chain_id else inside
    committees = list(inside.filter(_stood("founded_on", "dissolved_on", picked.period)))
    if committees:
        return [_committees(picked, committees)]
    place = Q(enterprise__region__path__startswith=region.path)
    return [_enterprises(picked, actor, page, place & Q(chain=scope.chain_id) if scope.chain_id else place)]


def _stood(first: str, last: str, period: Period) -> Q:
    """Rows that stood on some day of the period."""
    return Q(**{f"{first}__lte": period.end}) & (Q(**{last: None}) | Q(**{f"{last}__gt": period.start}))


def _codes(cell: str) -> list[str]:
    return [code for code in FIGURES if declarations.told_for(code, cell)]


def _table(ident, title, head, named, read, **more) -> Units:
    """`named` are (key, name, address) of the units, `read` their figures by code and key."""
    units = [Unit(name, url, [found[key] for found in read.values()]) for key, name, url in named]
    return Units(ident, title, head, units, [declarations.get(code) for code in read], **more)


def _regions_below(picked: Picked, children) -> Units:
    found = {one.pk: scope_of(one) for one in children}
    read = figures.by_region(_codes("region"), picked.scope, picked.period, found)
    named = [(pk, str(one.name), address("dashboards:cockpit", one, picked.period)) for pk, one in found.items()]
    return _table("below-regions", _("各下级区域"), _("区域"), named, read)


def _chains(picked: Picked, actor: Actor) -> Units:
    standing = Chain.objects.visible_to(actor).filter(_stood("founded_on", "dissolved_on", picked.period))
    chains = list(standing.order_by("region__path", "pk"))
    read = figures.by_chain(_codes("chain"), picked.scope, picked.period, chain_ids=[one.pk for one in chains])
    named = [
        (one.pk, one.name, address("dashboards:cockpit", _crossed(picked.scope, one), picked.period)) for one in chains
    ]
    return _table("below-chains", _("各产业链"), _("产业链"), named, read)


def _committees(picked: Picked, committees) -> Units:
    found = {one.pk: scopes.committee_scope(one.pk, one.name) for one in committees}
    read = figures.by_committee(_codes("committee"), found, picked.period)
    named = [(pk, one.name, address("dashboards:cockpit", one, picked.period)) for pk, one in found.items()]
    return _table("below-committees", _("各产业链党委"), _("产业链党委"), named, read)


def _enterprises(picked: Picked, actor: Actor, page: str, place: Q) -> Units:
    """Those on a chain there at some time of the period; a firm of several chains is one row with all that is its."""
    members = ChainMembership.objects.filter(place & _stood("joined_on", "left_on", picked.period))
    listed = Enterprise.objects.visible_to(actor).filter(pk__in=members.values("enterprise"))
    pages = Paginator(listed.order_by("initials", "pk").only("pk", "name"), PAGE)
    shown = pages.get_page(page)
    firms = {one.pk: scopes.enterprise_scope(one.pk, one.name) for one in shown}
    read = figures.by_enterprise(_codes("enterprise"), firms, picked.period)
    named = [(pk, one.name, reverse("enterprises:enterprise_detail", args=[pk])) for pk, one in firms.items()]
    return _table("below-enterprises", _("各企业"), _("企业"), named, read, page=_pager(picked, shown, pages))


def _pager(picked: Picked, shown, pages) -> dict | None:
    if pages.num_pages < 2:
        return None

    def url(number):
        return f"?{picked.query}&units={number}"

    return {
        "total": pages.count,
        "first": shown.start_index(),
        "last": shown.end_index(),
        "number": shown.number,
        "previous_url": url(shown.number - 1) if shown.has_previous() else "",
        "next_url": url(shown.number + 1) if shown.has_next() else "",
    }
