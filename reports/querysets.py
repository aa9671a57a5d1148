from django.apps import apps
from django.db import models
from django.db.models import Q

from alliances.models import SEGMENT
from core.actor import NOTHING, Actor, Role, under
from reports.enums import MADE, UNFINISHED

GOVERNING = (Role.COUNTY_OFFICER, Role.LEADER)


class ReportQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Officers and leaders by region (a chain's leader: reports of that chain inside the region), a chain secretary
        the own committee's. Nobody else: handlers and enterprises see single matters, not the county's sums."""
        if actor.is_system:
            return self.all()
        seen = NOTHING
        for duty in actor.duties_as(*GOVERNING):
            inside = under([duty.region_path], "region__path")
            seen |= inside & Q(chain_id=duty.chain_id) if duty.chain_id else inside
        return self.filter(seen | Q(committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY)))

    def unfinished(self):
        return self.filter(state__in=UNFINISHED)


class ReportBatchQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Officers and leaders of the region and above; a chain's leader sees the reports of the chain, one by one."""
        if actor.is_system:
            return self.all()
        seen = NOTHING
        for duty in actor.duties_as(*GOVERNING):
            seen |= NOTHING if duty.chain_id else under([duty.region_path], "region__path")
        return self.filter(seen)


class ReportFileQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """With the report, once it is finished."""
        report = apps.get_model("reports", "Report")
        return self.filter(report__in=report.objects.visible_to(actor).filter(state__in=sorted(MADE)).values("pk"))


class ReportTemplateQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """How reports are written is no secret inside the county: officers and leaders read what holds in their
        regions, below and above, a chain secretary what holds for the own committee."""
        if actor.is_system:
            return self.all()
        duties = actor.duties_as(*GOVERNING, Role.CHAIN_SECRETARY)
        lines = [duty.region_path for duty in duties if duty.region_path]
        above = {path[:end] for path in lines for end in range(SEGMENT, len(path) + 1, SEGMENT)}
        return self.filter(under(actor.region_paths(*GOVERNING), "region__path") | Q(region__path__in=above))
