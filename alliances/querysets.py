"""Scoping of the organisation's registers: officers and leaders by region, everybody else what they belong to."""

from django.db import models
from django.db.models import Q

from core.actor import NOTHING, Actor, Role, under


class RegionQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Own region and below for officers and leaders; all regions for the system administrator; for every other
        business role the region it is at home in."""
        if actor.is_system or actor.has(Role.SYSTEM_ADMIN):
            return self.all()
        own = actor.region_paths(Role.COUNTY_OFFICER, Role.LEADER)
        home = [d.region_id for d in actor.duties if d.role in Role.BUSINESS and d.region_id]
        return self.filter(under(own, "path") | Q(pk__in=home))

    def editable_by(self, actor: Actor):
        """Regions whose records this actor keeps: an officer's own region and below; all for the administrator."""
        if actor.is_system or actor.has(Role.SYSTEM_ADMIN):
            return self.all()
        return self.filter(under(actor.region_paths(Role.COUNTY_OFFICER), "path"))

    def below(self, region):
        """The region itself and everything under it."""
        return self.filter(path__startswith=region.path)


class InRegionQuerySet(models.QuerySet):
    """Registers that hang on one region (`region` foreign key)."""

    member_fields: tuple[tuple[str, str], ...] = ()

    def visible_to(self, actor: Actor):
        """By region for officers and leaders; for others the unit they belong to, nothing else."""
        if actor.is_system:
            return self.all()
        condition = under(actor.region_paths(Role.COUNTY_OFFICER, Role.LEADER), "region__path")
        for lookup, attribute in self.member_fields:
            condition |= Q(**{f"{lookup}__in": actor.ids(attribute, *Role.BUSINESS)})
        return self.filter(condition)

    def editable_by(self, actor: Actor):
        if actor.is_system:
            return self.all()
        return self.filter(under(actor.region_paths(Role.COUNTY_OFFICER), "region__path"))


class DepartmentQuerySet(InRegionQuerySet):
    """The system administrator sees and keeps them too: posts of department officers need them."""

    member_fields = (("pk", "department_id"),)

    def visible_to(self, actor: Actor):
        return self.all() if actor.has(Role.SYSTEM_ADMIN) else super().visible_to(actor)

    def editable_by(self, actor: Actor):
        return self.all() if actor.has(Role.SYSTEM_ADMIN) else super().editable_by(actor)


class AllianceQuerySet(InRegionQuerySet):
    member_fields = (("chain__committees__pk", "committee_id"),)

    def visible_to(self, actor: Actor):
        return super().visible_to(actor).distinct()


class HelpTeamQuerySet(InRegionQuerySet):
    member_fields = (("pk", "team_id"),)

    def on(self, day):
        """Teams that stood on that day."""
        return self.filter(founded_on__lte=day).filter(Q(dissolved_on=None) | Q(dissolved_on__gt=day))


class TeamMemberQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """People of the teams that the actor may see."""
        if actor.is_system:
            return self.all()
        condition = under(actor.region_paths(Role.COUNTY_OFFICER, Role.LEADER), "team__region__path")
        team_ids = actor.ids("team_id", *Role.BUSINESS)
        return self.filter(condition | (Q(team_id__in=team_ids) if team_ids else NOTHING))
