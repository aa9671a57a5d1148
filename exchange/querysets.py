from django.apps import apps
from django.db import models
from django.db.models import Q

from core.actor import NOTHING, Actor, Role, under
from exchange.enums import AT_WORK, ExportState


class ImportQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Officers: imports made for their region or for one below it, and their own."""
        if actor.is_system:
            return self.all()
        paths = actor.region_paths(Role.COUNTY_OFFICER)
        own = Q(created_by_id=actor.user_id) if paths and actor.user_id else NOTHING
        return self.filter(under(paths, "region_path") | own)

    def at_work(self):
        return self.filter(state__in=AT_WORK)


class ImportRowQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """With the import."""
        imports = apps.get_model("exchange", "Import").objects.visible_to(actor)
        return self.filter(of__in=imports.values("pk"))


class ExportQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """A file is its owner's alone: whoever else may read the list asks for an own one."""
        if actor.is_system:
            return self.all()
        return self.filter(created_by_id=actor.user_id) if actor.user_id else self.none()

    def waiting(self):
        return self.filter(state=ExportState.WAITING)
