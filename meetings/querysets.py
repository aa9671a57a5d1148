import datetime as dt

from django.apps import apps
from django.db import models
from django.db.models import Q

from core.actor import NOTHING, Actor, Role, under
from meetings.enums import DecisionState

# Calendar days before its deadline in which a decision shows yellow.
NEAR = 3
GOVERNING = (Role.COUNTY_OFFICER, Role.LEADER)


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Officers and leaders by region (a chain's leader: the chain inside the region), secretaries the own
        committee's; an owner unit sees the decisions it owes, not the meeting."""
        if actor.is_system:
            return self.all()
        seen = NOTHING
        for duty in actor.duties_as(*GOVERNING):
            inside = under([duty.region_path], "region__path")
            seen |= inside & Q(chain_id=duty.chain_id) if duty.chain_id else inside
        return self.filter(seen | Q(committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY)))

    def editable_by(self, actor: Actor):
        """A committee's meetings are kept by its secretary and by the county's officers."""
        if actor.is_system:
            return self.all()
        return self.filter(
            under(actor.region_paths(Role.COUNTY_OFFICER), "region__path")
            | Q(committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY))
        )


class OfMeetingQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        meeting = apps.get_model("meetings", "Meeting")
        return self.filter(meeting__in=meeting.objects.visible_to(actor).values("pk"))


class DecisionQuerySet(OfMeetingQuerySet):
    def visible_to(self, actor: Actor):
        """With the meeting; and for the owner department what it owes."""
        if actor.is_system:
            return self.all()
        meeting = apps.get_model("meetings", "Meeting")
        return self.filter(
            Q(meeting__in=meeting.objects.visible_to(actor).values("pk"))
            | (
                Q(owner_department_id__in=actor.ids("department_id", Role.DEPARTMENT_OFFICER))
                & ~Q(state=DecisionState.DRAFT)
            )
        )

    def with_light(self, light: str, today: dt.date):
        """Open decisions by deadline: red after it, yellow in the last NEAR days, green before; none once ended."""
        running = self.filter(state=DecisionState.OPEN)
        near = today + dt.timedelta(days=NEAR)
        if light == "red":
            return running.filter(due_on__lt=today)
        if light == "yellow":
            return running.filter(due_on__gte=today, due_on__lte=near)
        if light == "green":
            return running.filter(due_on__gt=near)
        return self.exclude(state=DecisionState.OPEN)
