from django.apps import apps
from django.db import models
from django.db.models import Q

from core.actor import NOTHING, Actor, Role, under
from problems.enums import CLOCK_STATES, OPEN_STATES, PAUSED_STATES, Outcome, State

GOVERNING = (Role.COUNTY_OFFICER, Role.LEADER)


class ProblemQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Officers and leaders by region (a chain's leader: the chain inside the region), a chain secretary the own
        committee's, help teams and departments what is or was assigned to them, a branch secretary the own
        enterprise's. A draft only the one who writes it."""
        if actor.is_system:
            return self.all()
        seen = NOTHING
        for duty in actor.duties_as(*GOVERNING):
            inside = under([duty.region_path], "region__path")
            seen |= inside & Q(chain_id=duty.chain_id) if duty.chain_id else inside
        seen |= Q(committee_id__in=actor.ids("committee_id", Role.CHAIN_SECRETARY))
        seen |= Q(enterprise_id__in=actor.ids("enterprise_id", Role.BRANCH_SECRETARY))
        leg = apps.get_model("problems", "Assignment")
        teams = actor.ids("team_id", Role.TEAM_MEMBER)
        if teams:
            seen |= Q(pk__in=leg.objects.filter(team_id__in=teams).values("problem_id"))
        departments = actor.ids("department_id", Role.DEPARTMENT_OFFICER)
        if departments:
            seen |= Q(pk__in=leg.objects.filter(department_id__in=departments).values("problem_id"))
        return self.filter(seen & (~Q(state=State.DRAFT) | Q(created_by_id=actor.user_id)))

    def raised(self):
        """Entries that were ever submitted: what figures count. Drafts are nobody's figure."""
        return self.exclude(submitted_on=None)

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def with_light(self, light: str, today):
        """Entries that show this light today; the same rule as `problems.lights.light_of`."""
        running = Q(state__in=CLOCK_STATES)
        if light == "red":
            return self.filter(running, due_on__lt=today)
        if light == "yellow":
            return self.filter(running, due_on__gte=today, yellow_on__lte=today)
        if light == "green":
            return self.filter(running, due_on__gte=today).exclude(yellow_on__lte=today)
        grey = Q(state__in=PAUSED_STATES) | Q(state=State.RESOLVED, outcome=Outcome.WAITING)
        if light == "grey":
            return self.filter(grey)
        if light == "none":
            return self.exclude(running | grey)
        return self.none()


class OfProblemQuerySet(models.QuerySet):
    """Rows that belong to one entry: seen with it."""

    def visible_to(self, actor: Actor):
        problem = apps.get_model("problems", "Problem")
        return self.filter(problem__in=problem.objects.visible_to(actor).values("pk"))


class AttachmentQuerySet(OfProblemQuerySet):
    def in_view(self):
        """Those whose upload was not undone."""
        return self.filter(withdrawn_at=None)


class RulebookQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Rules are public inside the county: whoever has a business duty may read those of the own region line."""
        if actor.is_system:
            return self.all()
        condition = under(actor.region_paths(*GOVERNING), "region__path")
        lines = [duty.region_path for duty in actor.duties if duty.region_path]
        above = {path[:end] for path in lines for end in range(4, len(path) + 1, 4)}
        return self.filter(condition | Q(region__path__in=above) | Q(region=None)) if actor.duties else self.none()


class OfRulebookQuerySet(models.QuerySet):
    """Parts of a rulebook: seen with it."""

    def visible_to(self, actor: Actor):
        book = apps.get_model("problems", "Rulebook")
        return self.filter(rulebook__in=book.objects.visible_to(actor).values("pk"))


class CategoryQuerySet(models.QuerySet):
    def of_region(self, region):
        """The categories that hold in a region: common ones and those of the line above it."""
        return self.filter(Q(region=None) | Q(region__path__in=region.ancestor_paths))

    def visible_to(self, actor: Actor):
        """Categories are no secret: whoever has a business duty reads the common ones and those of the own line."""
        if actor.is_system:
            return self.all()
        if not actor.has(*Role.BUSINESS):
            return self.none()
        lines = [duty.region_path for duty in actor.duties if duty.region_path]
        above = {path[:end] for path in lines for end in range(4, len(path) + 1, 4)}
        return self.filter(
            Q(region=None) | Q(region__path__in=above) | under(actor.region_paths(*GOVERNING), "region__path")
        )


class CategoryKindsQuerySet(models.QuerySet):
    def chosen_in(self, line) -> dict[int, list[str]]:
        """Category to the kinds chosen for it in these regions, paths of one line; the nearest region's hold."""
        rows = self.filter(region__path__in=line).order_by("region__path")
        return dict(rows.values_list("category_id", "kinds"))


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """The own ones, and those shared with a role that the actor holds, in a region at or above the actor's."""
        if actor.user_id is None:
            return self.none()
        shared = NOTHING
        for duty in actor.duties:
            above = [duty.region_path[:end] for end in range(4, len(duty.region_path) + 1, 4)]
            shared |= Q(shared_with=duty.role) & (Q(region=None) | Q(region__path__in=above))
        return self.filter(Q(owner_id=actor.user_id) | shared)


class BulkRunQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Only one's own."""
        return self.none() if actor.user_id is None else self.filter(owner_id=actor.user_id)
