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
