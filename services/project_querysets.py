"""Who sees what belongs to a project: whoever sees the project."""

from django.apps import apps
from django.db import models

from core.actor import Actor


class OfProjectQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        project = apps.get_model("services", "Project")
        return self.filter(project__in=project.objects.visible_to(actor).values("pk"))
