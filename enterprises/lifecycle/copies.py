"""Copies of an enterprise's region, chain and committee, kept wherever figures count by them."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Q

from alliances.models import Region
from chains.lifecycle import committee_for
from core.actor import Actor
from enterprises.lifecycle.coverage import refresh_coverage
from enterprises.models import ChainMembership, Enterprise, MemberCount

# Called as f(enterprise, by=actor) in the transaction in which the region, the primary chain or its committee
# changed, after the copies here. Problems follow through it.
followers: list[Callable] = []


def primary_of(enterprise) -> ChainMembership | None:
    """The place on a chain that the enterprise's records count under: the open primary one, else any open one.

    An enterprise that has left keeps the last one it had, so that its past stays where it was.
    """
    places = enterprise.memberships.select_related("chain", "committee")
    current = places.filter(left_on=None).order_by("-is_primary", "pk").first()
    if current is None and enterprise.left_on:
        current = places.order_by("-left_on", "-is_primary", "pk").first()
    return current


def refresh_copies(enterprise: Enterprise, *, by: Actor) -> None:
    """Bring every copy in line with the enterprise's region and places on chains; the caller holds its lock.

    Ended memberships follow the region but keep the committee they ended under.
    """
    region = Region.objects.get(pk=enterprise.region_id)
    for place in enterprise.memberships.select_for_update(of=("self",), no_key=True).order_by("pk"):
        _refresh_place(place, region)
    primary = primary_of(enterprise)
    copies = {
        "region_id": region.pk,
        "chain_id": primary.chain_id if primary else None,
        "committee_id": primary.committee_id if primary else None,
    }
    _update(enterprise.employee_counts, copies)
    _update(enterprise.organisations, copies)
    _update(MemberCount.objects.filter(organisation__enterprise=enterprise), copies)
    refresh_coverage(enterprise)
    for follow in followers:
        follow(enterprise, by=by)


def _refresh_place(place, region):
    committee_id = place.committee_id
    if place.left_on is None:
        committee = committee_for(place.chain_id, region)
        committee_id = committee.pk if committee else None
    if (place.region_id, place.committee_id) != (region.pk, committee_id):
        ChainMembership.objects.filter(pk=place.pk).update(region_id=region.pk, committee_id=committee_id)


def _update(rows, copies):
    """Only rows that differ are written: each write marks figures and leaves history."""
    same = Q(**{name if value is not None else f"{name}__isnull": value or True for name, value in copies.items()})
    rows.exclude(same).update(**copies)


def _refresh_all(ids, by):
    with transaction.atomic():
        rows = Enterprise.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(ids))
        for enterprise in rows.order_by("pk"):
            refresh_copies(enterprise, by=by)


def follow_committees(places, *, by: Actor) -> None:
    """A standing committee came, went or moved at these (chain id, region path): its enterprises follow."""
    ids = set()
    for chain_id, path in places:
        joined = ChainMembership.objects.filter(
            left_on=None, chain_id=chain_id, enterprise__region__path__startswith=path
        )
        for place in joined.select_related("enterprise__region"):
            committee = committee_for(chain_id, place.enterprise.region)
            if place.committee_id != (committee.pk if committee else None):
                ids.add(place.enterprise_id)
    _refresh_all(ids, by)


def follow_region(region, *, moved: bool, by: Actor) -> None:
    """A subtree of regions moved: the nearest committee above its enterprises may be another one now."""
    if moved:
        _refresh_all(Enterprise.objects.filter(region__path__startswith=region.path).values_list("pk", flat=True), by)
