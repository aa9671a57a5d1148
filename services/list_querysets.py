"""Who sees the lists, and which rows are in force on a day."""

from django.db import models
from django.db.models import Q

from chains.models import Committee
from core.actor import Actor, Role
from core.clock import today
from enterprises.models import ChainMembership
from enterprises.querysets import PlacedQuerySet

# Whoever has to do with enterprises; help teams and departments see only what is assigned to them.
FIRM_ROLES = Role.BUSINESS - Role.HANDLERS


def own_line(actor: Actor) -> set[str]:
    """Paths of the actor's regions and of all above them: what is offered there is offered here."""
    lines = [duty.region_path for duty in actor.duties_as(*FIRM_ROLES) if duty.region_path]
    return {path[:end] for path in lines for end in range(4, len(path) + 1, 4)}


class LapsingQuerySet(PlacedQuerySet):
    """Rows with a first day and a last one: `ends_on` is the first day on which they hold no more."""

    begins = "from_on"

    def on(self, day):
        """Rows in force on that day; what lapses needs no job."""
        over = Q(ends_on=None) | Q(ends_on__gt=day)
        return self.filter(over, **{f"{self.begins}__lte": day})


class DemandQuerySet(LapsingQuerySet):
    begins = "raised_on"


class OfferQuerySet(LapsingQuerySet):
    """Resources and policies: those who keep them see all, everybody with firm access what is in force in the own
    line of regions."""

    firms = ()

    def _scope(self, actor):
        in_force = Q(from_on__lte=today()) & (Q(ends_on=None) | Q(ends_on__gt=today()))
        return super()._scope(actor) | (Q(region__path__in=own_line(actor)) & in_force)


class OfPolicyQuerySet(models.QuerySet):
    """Measures and files: seen with their policy."""

    def visible_to(self, actor: Actor):
        policy = self.model._meta.get_field("policy").related_model
        return self.filter(policy__in=policy.objects.visible_to(actor).values("pk"))


class MatchQuerySet(PlacedQuerySet):
    firms = ("enterprise",)


class ProductQuerySet(LapsingQuerySet):
    """The catalogue is there for enterprises of one chain to find each other: who keeps or is on a chain sees what
    all of the chain make and buy."""

    begins = "listed_on"

    def _scope(self, actor):
        condition = super()._scope(actor)
        committees = actor.ids("committee_id", Role.CHAIN_SECRETARY)
        if committees:
            condition |= Q(chain_id__in=Committee.objects.filter(pk__in=committees).values("chain_id"))
        own = actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
        if own:
            places = ChainMembership.objects.filter(enterprise_id__in=own, left_on=None)
            condition |= Q(chain_id__in=places.values("chain_id"))
        return condition


class TalentNeedQuerySet(LapsingQuerySet):
    pass
