"""Scoping of mechanisms and of what they oblige to."""

import datetime as dt

from django.apps import apps
from django.db import models
from django.db.models import Q

from core.actor import NOTHING, Actor, Role, under

GOVERNING = (Role.COUNTY_OFFICER, Role.LEADER)
SEGMENT = 4


def _line(actor: Actor, lookup: str) -> Q:
    """Rows of the regions that the actor governs, and of every region above one of the actor's."""
    lines = [duty.region_path for duty in actor.duties if duty.region_path]
    above = {path[:end] for path in lines for end in range(SEGMENT, len(path) + 1, SEGMENT)}
    return under(actor.region_paths(*GOVERNING), lookup) | Q(**{f"{lookup}__in": above})


class MechanismQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Rules are public inside the county, as the rulebook is: whoever has a business duty reads those of the own
        line and of the regions governed."""
        if actor.is_system:
            return self.all()
        return self.filter(_line(actor, "region__path")) if actor.has(*Role.BUSINESS) else self.none()

    def for_region(self, region):
        """Those that hold in a region: its own and those of the regions above."""
        return self.filter(region__path__in=region.ancestor_paths)


class OfMechanismQuerySet(models.QuerySet):
    """Rows that belong to one mechanism: seen with it."""

    lookup = "mechanism"

    def visible_to(self, actor: Actor):
        mechanism = apps.get_model("mechanisms", "Mechanism")
        return self.filter(**{f"{self.lookup}__in": mechanism.objects.visible_to(actor).values("pk")})


class MechanismVersionQuerySet(OfMechanismQuerySet):
    def on(self, day: dt.date):
        """Those in force on the day."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


class ObligationQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Officers and leaders by region (a chain's leader: the chain inside the region), a chain secretary the own
        committee's, a branch secretary the own enterprise's. Nobody else."""
        if actor.is_system:
            return self.all()
        seen = NOTHING
        for duty in actor.duties_as(*GOVERNING):
            inside = under([duty.region_path], "region__path")
            seen |= inside & Q(chain_id=duty.chain_id) if duty.chain_id else inside
        return self.filter(
            seen
            | Q(committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY))
            | Q(enterprise_id__in=actor.ids("enterprise_id", Role.BRANCH_SECRETARY))
        )

    def current(self, today: dt.date):
        """Those of periods that run, and those that must be met on every day."""
        return self.filter(first_on__lte=today).filter(Q(last_on=None) | Q(last_on__gte=today))

    def coming(self, today: dt.date):
        """What will be missed: running, judged, not met, inside the days of warning."""
        return self.filter(is_judged=True, complied_on=None, warn_on__lte=today, last_on__gte=today)

    def vacant(self):
        """Standing duties that are not met now."""
        return self.filter(is_standing=True, is_judged=True, complied_on=None)


class ToldQuerySet(OfMechanismQuerySet):
    lookup = "version__mechanism"
