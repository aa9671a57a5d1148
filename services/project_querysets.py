"""Who sees what belongs to a project: whoever sees the project; and who sees credit products."""

from django.apps import apps
from django.db import models

from core.actor import Actor
from core.clock import today
from enterprises.querysets import PlacedQuerySet
from services.list_querysets import own_line


class OfProjectQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        project = apps.get_model("services", "Project")
        return self.filter(project__in=project.objects.visible_to(actor).values("pk"))


class FundArrivalQuerySet(PlacedQuerySet):
    """Money that arrived: an enterprise sees that of its own projects."""

    firms = ("project__enterprise",)


class FinanceProductQuerySet(PlacedQuerySet):
    """Products of no enterprise: who keeps them sees all, everybody with firm access those of the own line of regions
    that are on offer."""

    firms = ()

    def _scope(self, actor):
        on_offer = models.Q(closed_on=None) | models.Q(closed_on__gt=today())
        return super()._scope(actor) | (models.Q(region__path__in=own_line(actor), offered_on__lte=today()) & on_offer)
