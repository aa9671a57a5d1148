"""The copies of region, chain and committee on the lists follow the enterprise, and the committees of chains."""

from django.db import transaction
from django.db.models import Q

from audit import trail
from chains.lifecycle import committee_for
from core.actor import Actor
from enterprises.lifecycle.paired import place_of
from services.lifecycle.offers import follow_policy
from services.list_enums import DemandState
from services.models import Demand, Match, Policy, Product, Resource, TalentHire, TalentNeed

OF_FIRMS = (Demand, Match, Product, TalentNeed, TalentHire)
LEFT = "企业退出"


@transaction.atomic
def follow_enterprise(enterprise, *, by: Actor) -> None:
    """An enterprise moved, changed its chain, left or was merged: its rows follow. What it left open ends with it."""
    if enterprise.left_on:
        _end(enterprise, by)
    place = place_of(enterprise)
    same = Q(**{name if value is not None else f"{name}__isnull": value or True for name, value in place.items()})
    for model in OF_FIRMS:
        model.objects.filter(enterprise=enterprise).exclude(same).update(**place)


def _end(enterprise, by) -> None:
    day = enterprise.left_on
    for demand in Demand.objects.filter(
        enterprise=enterprise, state__in=[DemandState.OPEN, DemandState.MATCHED]
    ).order_by("pk"):
        demand.state, demand.withdrawn_on, demand.outcome = DemandState.WITHDRAWN, max(demand.raised_on, day), LEFT
        demand.save(update_fields=["state", "withdrawn_on", "outcome"])
        trail.record(by, "demand.withdrawn", demand, on=demand.withdrawn_on, outcome=LEFT)
    for product in Product.objects.filter(enterprise=enterprise, ends_on=None):
        product.ends_on = max(product.listed_on, day)
        product.save(update_fields=["ends_on"])
    for need in TalentNeed.objects.filter(enterprise=enterprise, closed_on=None):
        need.closed_on = max(need.from_on, day)
        need.save(update_fields=["closed_on", "ends_on"])


@transaction.atomic
def follow_committees(places, *, by: Actor) -> None:
    """A standing committee came, went or moved at these (chain id, region path): what is under it follows."""
    for chain_id, path in places:
        for model in (Resource, Policy):
            rows = model.objects.filter(chain_id=chain_id, region__path__startswith=path, closed_on=None)
            for row in rows.select_related("region"):
                committee = committee_for(chain_id, row.region)
                if row.committee_id != (committee.pk if committee else None):
                    row.committee = committee
                    row.save(update_fields=["committee"])
                    if isinstance(row, Policy):
                        follow_policy(row)
