import datetime as dt

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.actor import NOTHING, Actor, Role, under
from meetings.enums import DecisionState

GOVERNING = (Role.COUNTY_OFFICER, Role.LEADER)


def _in_sight(actor: Actor) -> Q:
    seen = Q(committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY))
    for duty in actor.duties_as(*GOVERNING):
        inside = under([duty.region_path], "region__path")
        seen |= inside & Q(chain_id=duty.chain_id) if duty.chain_id else inside
    return seen


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Officers and leaders by region (a chain's leader: the chain inside the region), secretaries the own
        committee's; an owner unit sees the decisions it owes, not the meeting."""
        if actor.is_system:
            return self.all()
        return self.filter(_in_sight(actor))

    def told_to(self, actor: Actor):
        """Meetings whose notice is for the actor: those in sight, and those to which a seat in office on their day or a
        unit on their roll brings the actor. Only what the notice says may be shown of the latter."""
        if actor.is_system:
            return self.all()
        if actor.user_id is None:
            return self.none()
        from meetings.guests import comes_for_a_unit

        own = apps.get_model("chains", "Seat").objects.filter(
            Q(ended_on=None) | Q(ended_on__gt=OuterRef("held_on")),
            committee=OuterRef("committee_id"), user=actor.user_id, started_on__lte=OuterRef("held_on"),
        )  # fmt: skip
        return self.filter(_in_sight(actor) | Q(Exists(own)) | comes_for_a_unit(actor))

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
        """With the meeting, whose place the row repeats; and for the owner department what it owes."""
        if actor.is_system:
            return self.all()
        return self.filter(
            _in_sight(actor)
            | (
                Q(owner_department_id__in=actor.ids("department_id", Role.DEPARTMENT_OFFICER))
                & ~Q(state=DecisionState.DRAFT)
            )
        )

    def with_light(self, light: str, today: dt.date):
        """Open decisions by deadline: red after it, yellow in the rulebook's last working days, green before; none
        once ended."""
        running = self.filter(state=DecisionState.OPEN)
        near = Q(yellow_on__lte=today)
        if light == "red":
            return running.filter(due_on__lt=today)
        if light == "yellow":
            return running.filter(near, due_on__gte=today)
        if light == "green":
            return running.filter(Q(yellow_on=None) | ~near, due_on__gte=today)
        return self.exclude(state=DecisionState.OPEN)


class OfDecisionQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """With the decision."""
        decision = apps.get_model("meetings", "Decision")
        return self.filter(decision__in=decision.objects.visible_to(actor).values("pk"))


class KindQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Names of kinds are no secret: everybody on the business side reads the common ones and those of the regions
        above and below the own places."""
        if actor.is_system:
            return self.all()
        if not actor.has(*Role.BUSINESS):
            return self.none()
        paths = {duty.region_path for duty in actor.duties if duty.region_path}
        above = {path[:end] for path in paths for end in range(4, len(path) + 1, 4)}
        return self.filter(Q(region=None) | Q(region__path__in=above) | under(paths, "region__path"))

    def holding_in(self, region):
        """The kinds in use in a region: common ones and those of the region and the ones above it."""
        return self.filter(Q(region=None) | Q(region__path__in=region.ancestor_paths), is_active=True)


class GuardQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Everybody on the business side reads those of the regions above and below the own places."""
        if actor.is_system:
            return self.all()
        if not actor.has(*Role.BUSINESS):
            return self.none()
        paths = {duty.region_path for duty in actor.duties if duty.region_path}
        above = {path[:end] for path in paths for end in range(4, len(path) + 1, 4)}
        return self.filter(Q(region__path__in=above) | under(paths, "region__path"))


class OfCommitteeQuerySet(models.QuerySet):
    """Rows that belong to a committee and are its keepers' business: seen as its meetings are."""

    visible_to = MeetingQuerySet.visible_to
    editable_by = MeetingQuerySet.editable_by


class MatterQuerySet(OfCommitteeQuerySet):
    def visible_to(self, actor: Actor):
        """As the committee's meetings; and what one has put forward oneself."""
        if actor.is_system:
            return self.all()
        seen = Q(pk__in=OfCommitteeQuerySet.visible_to(self, actor).order_by().values("pk"))
        return self.filter(seen | Q(put_by_id=actor.user_id) if actor.user_id is not None else seen)


class SeriesQuerySet(OfCommitteeQuerySet):
    def visible_to(self, actor: Actor):
        """With the committee's meetings."""
        if actor.is_system:
            return self.all()
        seen = under([d.region_path for d in actor.duties_as(*GOVERNING) if not d.chain_id], "region__path")
        for duty in actor.duties_as(*GOVERNING):
            if duty.chain_id:
                seen |= under([duty.region_path], "region__path") & Q(committee__chain_id=duty.chain_id)
        return self.filter(seen | Q(committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY)))


class FeedQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """One's own only."""
        return self.all() if actor.is_system else self.filter(user_id=actor.user_id)


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Officers and leaders by region (a chain's leader: the chain inside it), a secretary the committee's and those
        that reached its enterprises; a unit what it takes part in; an enterprise what reached it."""
        if actor.is_system:
            return self.all()
        seen = NOTHING
        for duty in actor.duties_as(*GOVERNING):
            inside = under([duty.region_path], "region__path")
            seen |= inside & Q(chain_id=duty.chain_id) if duty.chain_id else inside
        model = apps.get_model
        reach, unit = model("meetings", "ActivityReach"), model("meetings", "ActivityUnit")
        committees = actor.ids("committee_id", Role.CHAIN_SECRETARY)
        if committees:
            seen |= Q(committee_id__in=committees)
            seen |= Q(pk__in=reach.objects.filter(committee_id__in=committees).values("activity_id"))
        teams, departments = actor.ids("team_id", Role.TEAM_MEMBER), actor.ids("department_id", Role.DEPARTMENT_OFFICER)
        if teams or departments:
            joined = unit.objects.filter(Q(team_id__in=teams) | Q(department_id__in=departments))
            seen |= Q(pk__in=joined.values("activity_id"))
        firms = actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
        if firms:
            seen |= Q(pk__in=reach.objects.filter(enterprise_id__in=firms).values("activity_id"))
        return self.filter(seen)

    def editable_by(self, actor: Actor):
        """Kept as meetings are: by the committee's secretary and by the officers of the region."""
        if actor.is_system:
            return self.all()
        return self.filter(
            under(actor.region_paths(Role.COUNTY_OFFICER), "region__path")
            | Q(committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY))
        )


class OfActivityQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """With the activity."""
        activity = apps.get_model("meetings", "Activity")
        return self.filter(activity__in=activity.objects.visible_to(actor).values("pk"))


class DutyQuerySet(OfCommitteeQuerySet):
    def visible_to(self, actor: Actor):
        """As meetings; the unit on duty sees its own terms."""
        if actor.is_system:
            return self.all()
        own = Q(department_id__in=actor.ids("department_id", Role.DEPARTMENT_OFFICER))
        own |= Q(enterprise_id__in=actor.ids("enterprise_id", Role.BRANCH_SECRETARY))
        return MeetingQuerySet.visible_to(self, actor) | self.filter(own)


class AnnualReportQuerySet(OfCommitteeQuerySet):
    def visible_to(self, actor: Actor):
        """As meetings; and whoever holds the seat sees the own."""
        if actor.is_system:
            return self.all()
        return MeetingQuerySet.visible_to(self, actor) | self.filter(seat__user_id=actor.user_id or 0)
