from django.db import models
from django.db.models import BigIntegerField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from core.actor import NOTHING, Actor, Role, under

GOVERNING = (Role.COUNTY_OFFICER, Role.LEADER)


class OfUnitQuerySet(models.QuerySet):
    """Rows of a unit: a region, or a committee with the region it lies in."""

    def visible_to(self, actor: Actor):
        """Officers and leaders by region (a chain's leader: committees of that chain inside the region), a chain
        secretary the own committee's. Nobody else reads figures of a place."""
        if actor.is_system:
            return self.all()
        seen = NOTHING
        for duty in actor.duties_as(*GOVERNING):
            inside = under([duty.region_path], "region__path")
            seen |= inside & Q(committee__chain_id=duty.chain_id) if duty.chain_id else inside
        return self.filter(seen | Q(committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY)))


class TargetQuerySet(OfUnitQuerySet):
    def standing(self):
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class EnteredQuerySet(OfUnitQuerySet):
    def of_same(self, row):
        """All versions of the figure that `row` is a version of."""
        names = ("kind_id", "region_id", "committee_id", "first", "last")
        return self.filter(**{name: getattr(row, name) for name in names})

    def standing(self):
        """The newest version of each figure."""
        same = {name: OuterRef(name) for name in ("kind", "region", "first", "last")}
        later = self.model.objects.filter(**same, version__gt=OuterRef("version"))
        none = Value(0, output_field=BigIntegerField())
        later = later.alias(of=Coalesce("committee", none)).filter(of=Coalesce(OuterRef("committee"), none))
        return self.filter(~Exists(later))
