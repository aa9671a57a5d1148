"""Scoping of the keys of walls, and which of them open."""

import datetime as dt

from django.db import models

from core.actor import Actor, under
from dashboards import perms


class WallKeyQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Keys of the officer's own region and below; nobody else sees any."""
        return self.all() if actor.is_system else self.filter(under(perms.paths(actor), "region__path"))

    def opening(self, day: dt.date):
        """Keys that open a wall on this day."""
        return self.filter(revoked_at=None, expires_on__gte=day)
