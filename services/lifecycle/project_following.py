"""The copies of region, chain and committee on projects and finance follow the enterprise and the committees."""

from django.db import transaction
from django.db.models import Q

from chains.lifecycle import committee_for
from core.actor import Actor
from enterprises.lifecycle.paired import place_of
from services.lifecycle.finance import end_rating
from services.models import CreditRating, FinanceProduct, FundArrival, Loan, Project, SocialCapital


def _differs(place) -> Q:
    return ~Q(**{name if value is not None else f"{name}__isnull": value or True for name, value in place.items()})


@transaction.atomic
def follow_enterprise(enterprise, *, by: Actor) -> None:
    """An enterprise moved, changed its chain, left or was merged: its rows follow, its rating ends with it."""
    if enterprise.left_on:
        for rating in CreditRating.objects.filter(enterprise=enterprise, until_on=None):
            end_rating(rating, enterprise.left_on)
    place = place_of(enterprise)
    for model in (Project, CreditRating, Loan, SocialCapital):
        model.objects.filter(_differs(place), enterprise=enterprise).update(**place)
    FundArrival.objects.filter(_differs(place), project__enterprise=enterprise).update(**place)


@transaction.atomic
def follow_committees(places, *, by: Actor) -> None:
    """A standing committee came, went or moved at these (chain id, region path): rows without an enterprise follow."""
    for chain_id, path in places:
        for model, of in ((Project, "enterprise"), (FundArrival, "project__enterprise"), (Loan, "enterprise"),
                          (SocialCapital, "enterprise"), (FinanceProduct, None)):  # fmt: skip
            rows = model.objects.filter(chain_id=chain_id, region__path__startswith=path)
            for row in (rows.filter(**{of: None}) if of else rows).select_related("region"):
                committee = committee_for(chain_id, row.region)
                model.objects.filter(_differs({"committee": committee}), pk=row.pk).update(committee=committee)
