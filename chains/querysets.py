from django.apps import apps
from django.db import models
from django.db.models import Q

from core.actor import Actor, Role, under

GOVERNING = (Role.COUNTY_OFFICER, Role.LEADER)


def governed(actor: Actor) -> list[str]:
    """Paths of the regions that the actor governs whole (a leader bound to one chain governs none whole)."""
    return [duty.region_path for duty in actor.duties_as(*GOVERNING) if duty.chain_id is None]


class ChainQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Officers and leaders of a region: chains of the region, of regions below it, and chains of a region above
        that have a committee inside it. A chain's leader and secretary: that chain."""
        if actor.is_system:
            return self.all()
        paths = governed(actor)
        committee = self.model._meta.get_field("committees").related_model
        inside = committee.objects.filter(
            under(paths, "region__path") | Q(pk__in=actor.ids("committee_id", Role.CHAIN_SECRETARY))
        )
        return self.filter(
            under(paths, "region__path")
            | Q(pk__in=inside.values("chain_id"))
            | Q(pk__in=actor.ids("chain_id", Role.LEADER))
        )

    def editable_by(self, actor: Actor):
        if actor.is_system:
            return self.all()
        return self.filter(under(actor.region_paths(Role.COUNTY_OFFICER), "region__path"))


class OfChainQuerySet(models.QuerySet):
    """Segments and links: seen and kept with their chain."""

    chain_lookup = "chain"

    def visible_to(self, actor: Actor):
        chain = self._chain_model()
        return self.filter(**{f"{self.chain_lookup}__in": chain.objects.visible_to(actor).values("pk")})

    def _chain_model(self):
        """The model at the end of `chain_lookup` (asked for by name, because the models import this module)."""
        return apps.get_model("chains", "Chain")

    def editable_by(self, actor: Actor):
        if actor.is_system:
            return self.all()
        paths = actor.region_paths(Role.COUNTY_OFFICER)
        return self.filter(under(paths, f"{self.chain_lookup}__region__path"))


class LinkQuerySet(OfChainQuerySet):
    chain_lookup = "segment__chain"


class CommitteeQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """By region for officers and leaders of a region, by chain within the own region for a chain's leader, own
        for its secretary."""
        if actor.is_system:
            return self.all()
        condition = under(governed(actor), "region__path")
        for duty in actor.duties_as(Role.LEADER):
            if duty.chain_id is not None:
                condition |= under([duty.region_path], "region__path") & Q(chain_id=duty.chain_id)
        return self.filter(condition | Q(pk__in=actor.ids("committee_id", Role.CHAIN_SECRETARY)))

    def editable_by(self, actor: Actor):
        if actor.is_system:
            return self.all()
        return self.filter(under(actor.region_paths(Role.COUNTY_OFFICER), "region__path"))

    def on(self, day):
        return self.filter(founded_on__lte=day).filter(Q(dissolved_on=None) | Q(dissolved_on__gt=day))


class SeatQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        committee = apps.get_model("chains", "Committee")
        return self.filter(committee__in=committee.objects.visible_to(actor).values("pk"))
