from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from core.actor import Actor, Role, under


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """The own ones, as long as the record they lead to is in sight: who loses a post loses its notices too."""
        if actor.user_id is None:
            return self.none()
        # Record by record: the set of all records in sight may be the whole ledger, the notices are few.
        problem = apps.get_model("problems", "Problem").objects.visible_to(actor).filter(pk=OuterRef("problem_id"))
        decision = apps.get_model("meetings", "Decision").objects.visible_to(actor).filter(pk=OuterRef("decision_id"))
        duty = apps.get_model("mechanisms", "Obligation").objects.visible_to(actor).filter(pk=OuterRef("duty_id"))
        activity = apps.get_model("meetings", "Activity").objects.visible_to(actor).filter(pk=OuterRef("activity_id"))
        return self.filter(
            Exists(problem.order_by())
            | Exists(decision.order_by())
            | Exists(duty.order_by())
            | Exists(activity.order_by()),
            user_id=actor.user_id,
        )

    def unread(self):
        return self.filter(is_read=False)


class OwnQuerySet(models.QuerySet):
    """Rows that belong to one person: seen by that person alone."""

    def visible_to(self, actor: Actor):
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()


class ChannelQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Channels are kept by the officers of the region and of those above it."""
        if actor.is_system:
            return self.all()
        return self.filter(under(actor.region_paths(Role.COUNTY_OFFICER), "region__path"))


class OfChannelQuerySet(models.QuerySet):
    """Messages of a channel: seen with it."""

    def visible_to(self, actor: Actor):
        channel = apps.get_model("notices", "Channel")
        return self.filter(channel__in=channel.objects.visible_to(actor).values("pk"))


class PendingQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Marks are the worker's alone."""
        return self.all() if actor.is_system else self.none()
