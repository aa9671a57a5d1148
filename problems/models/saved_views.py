"""Saved views of the ledger's list."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleChoice
from alliances.models import Region
from problems.querysets import SavedViewQuerySet


class SavedView(models.Model):
    """A filter, an order and a choice of columns of the ledger under a name (常用视图): private, or shared with a role
    in a region; one of them may be what that role sees first."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    columns = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    shared_with = models.CharField(_("共享给"), max_length=20, choices=RoleChoice, blank=True)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_default = models.BooleanField(_("默认视图"), default=False)
    made_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("常用视图")
        verbose_name_plural = _("常用视图")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                name="savedview_name_once",
                fields=["owner", "name"],
                nulls_distinct=False,
                violation_error_message=_("您已有同名的视图。"),
            ),
            models.UniqueConstraint(
                name="savedview_one_private_default",
                fields=["owner"],
                condition=Q(is_default=True, shared_with=""),
            ),
            models.UniqueConstraint(
                name="savedview_one_shared_default",
                fields=["shared_with", "region"],
                condition=Q(is_default=True) & ~Q(shared_with=""),
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return self.name
