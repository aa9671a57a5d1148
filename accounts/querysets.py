from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q

from accounts import perms
from core.actor import NOTHING, Actor, Role, under


class UserQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Accounts are the system administrator's alone; everybody sees the own one."""
        if actor.is_system or actor.has(Role.SYSTEM_ADMIN):
            return self.all()
        return self.filter(pk=actor.user_id) if actor.user_id else self.none()


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):
    def create_superuser(self, *args, **kwargs):
        raise NotImplementedError("There are no superusers: give an account the post of system_admin.")


class PostQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        if actor.is_system or actor.has(Role.SYSTEM_ADMIN):
            return self.all()
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()

    def kept_by(self, actor: Actor):
        """Posts whose deputies and hand-over this actor arranges: every one for the system administrator; for an
        officer those of the people who work in the own region and below."""
        if actor.is_system or actor.has(Role.SYSTEM_ADMIN):
            return self.all()
        paths = actor.region_paths(Role.COUNTY_OFFICER)
        inside = NOTHING
        for unit in ("committee", "team", "department", "enterprise"):
            inside |= under(paths, f"{unit}__region__path")
        return self.filter(inside, role__in=perms.WORKING)

    def in_force(self, day):
        """Posts held on that day."""
        return self.filter(started_on__lte=day).filter(Q(ended_on=None) | Q(ended_on__gt=day))
