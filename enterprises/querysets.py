from django.apps import apps
from django.db import models
from django.db.models import Q

from core.actor import Actor, Role, under

GOVERNING = (Role.COUNTY_OFFICER, Role.LEADER)


def governed_paths(actor: Actor) -> list[str]:
    """Paths of regions that the actor governs whole (a leader bound to one chain governs none whole)."""
    return [duty.region_path for duty in actor.duties_as(*GOVERNING) if duty.chain_id is None]


class EnterpriseQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Officers and leaders by region; a chain's leader the chain's enterprises inside the leader's region; a
        chain secretary those joined to the own committee; a branch secretary the own enterprise. Help teams and
        departments see an enterprise only through a problem assigned to them."""
        if actor.is_system:
            return self.all()
        membership = apps.get_model("enterprises", "ChainMembership")
        condition = under(governed_paths(actor), "region__path")
        for duty in actor.duties_as(Role.LEADER):
            if duty.chain_id is not None:
                on_chain = membership.objects.filter(chain_id=duty.chain_id, left_on=None).filter(
                    under([duty.region_path], "region__path")
                )
                condition |= Q(pk__in=on_chain.values("enterprise_id"))
        committees = actor.ids("committee_id", Role.CHAIN_SECRETARY)
        if committees:
            joined = membership.objects.filter(committee_id__in=committees, left_on=None)
            condition |= Q(pk__in=joined.values("enterprise_id"))
        condition |= Q(pk__in=actor.ids("enterprise_id", Role.BRANCH_SECRETARY))
        return self.filter(condition)

    def editable_by(self, actor: Actor):
        """Officers keep the register of their region, chain secretaries that of their committee's enterprises."""
        if actor.is_system:
            return self.all()
        return (
            self.visible_to(actor)
            .filter(
                under(actor.region_paths(Role.COUNTY_OFFICER), "region__path")
                | Q(memberships__committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY))
            )
            .distinct()
        )

    def current(self):
        """Enterprises that have neither left nor been merged into another."""
        return self.filter(left_on=None, merged_into=None)


class OfEnterpriseQuerySet(models.QuerySet):
    """Rows that belong to one enterprise: seen with it."""

    def visible_to(self, actor: Actor):
        enterprise = apps.get_model("enterprises", "Enterprise")
        return self.filter(enterprise__in=enterprise.objects.visible_to(actor).values("pk"))


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """By region for officers and leaders, by committee for its secretary, by chain for its leader, own
        enterprise's for a branch secretary."""
        if actor.is_system:
            return self.all()
        condition = under(governed_paths(actor), "region__path")
        for duty in actor.duties_as(Role.LEADER):
            if duty.chain_id is not None:
                condition |= under([duty.region_path], "region__path") & Q(chain_id=duty.chain_id)
        condition |= Q(committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY))
        condition |= Q(enterprise_id__in=actor.ids("enterprise_id", Role.BRANCH_SECRETARY))
        return self.filter(condition)

    def editable_by(self, actor: Actor):
        if actor.is_system:
            return self.all()
        return self.filter(
            under(actor.region_paths(Role.COUNTY_OFFICER), "region__path")
            | Q(committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY))
        )


class MemberCountQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        organisation = apps.get_model("enterprises", "PartyOrganisation")
        return self.filter(organisation__in=organisation.objects.visible_to(actor).values("pk"))


class KindQuerySet(models.QuerySet):
    def of_region(self, region):
        """The kinds that hold in a region: common ones and those of the line above it."""
        return self.filter(Q(region=None) | Q(region__path__in=region.ancestor_paths))

    def visible_to(self, actor: Actor):
        """Kinds are no secret: whoever has a business duty reads the common ones and those of the own line."""
        if actor.is_system:
            return self.all()
        if not actor.has(*Role.BUSINESS):
            return self.none()
        lines = [duty.region_path for duty in actor.duties if duty.region_path]
        above = {path[:end] for path in lines for end in range(4, len(path) + 1, 4)}
        return self.filter(
            Q(region=None) | Q(region__path__in=above) | under(actor.region_paths(*GOVERNING), "region__path")
        )


class PlacedQuerySet(models.QuerySet):
    """Rows of a register with region, chain and committee; `firms` are the paths to the enterprise they are of."""

    firms: tuple[str, ...] = ("enterprise",)

    def visible_to(self, actor: Actor):
        """By region for officers and leaders, by chain for a chain's leader, by committee for its secretary, what
        is of the own enterprise for a branch secretary; nothing for anybody else."""
        return self.all() if actor.is_system else self.filter(self._scope(actor))

    def _scope(self, actor):
        condition = under(governed_paths(actor), "region__path")
        for duty in actor.duties_as(Role.LEADER):
            if duty.chain_id is not None:
                condition |= under([duty.region_path], "region__path") & Q(chain_id=duty.chain_id)
        condition |= Q(committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY))
        own = actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
        for firm in self.firms if own else ():
            condition |= Q(**{f"{firm}__in": own})
        return condition


class _SpannedQuerySet(PlacedQuerySet):
    firms = ("enterprise", "organisation__enterprise")
    begins, ends = "started_on", "ended_on"

    def on(self, day):
        """Rows in force on that day."""
        over = Q(**{self.ends: None}) | Q(**{f"{self.ends}__gt": day})
        return self.filter(over, **{f"{self.begins}__lte": day})


class PostingQuerySet(_SpannedQuerySet):
    pass


class FacilityQuerySet(_SpannedQuerySet):
    begins, ends = "opened_on", "closed_on"


class HonourQuerySet(_SpannedQuerySet):
    begins, ends = "awarded_on", "ends_on"


class PairingQuerySet(_SpannedQuerySet):
    firms = ()

    def _scope(self, actor):
        """A pairing is seen with either of its ends."""
        enterprises = apps.get_model("enterprises", "Enterprise").objects.visible_to(actor).values("pk")
        organisations = apps.get_model("enterprises", "PartyOrganisation").objects.visible_to(actor).values("pk")
        condition = super()._scope(actor)
        for side in ("helper", "helped"):
            condition |= Q(**{f"{side}_enterprise__in": enterprises})
            condition |= Q(**{f"{side}_organisation__in": organisations})
        return condition


class OfPairingQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        pairing = apps.get_model("enterprises", "Pairing")
        return self.filter(pairing__in=pairing.objects.visible_to(actor).values("pk"))


class OfPostingQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        posting = apps.get_model("enterprises", "Posting")
        return self.filter(posting__in=posting.objects.visible_to(actor).values("pk"))


class PairedSpellQuerySet(PlacedQuerySet):
    firms = ("enterprise", "organisation__enterprise")


class StaffingQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Rules are no secret: officers and leaders see those of their line and below, everybody with a business duty
        those of the own line."""
        if actor.is_system:
            return self.all()
        if not actor.has(*Role.BUSINESS):
            return self.none()
        lines = [duty.region_path for duty in actor.duties if duty.region_path]
        above = {path[:end] for path in lines for end in range(4, len(path) + 1, 4)}
        return self.filter(Q(region__path__in=above) | under(actor.region_paths(*GOVERNING), "region__path"))

    def on(self, day):
        return self.filter(started_on__lte=day).filter(Q(ended_on=None) | Q(ended_on__gt=day))
