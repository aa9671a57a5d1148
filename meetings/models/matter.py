"""Matters put forward for a committee's next meeting (待议事项)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from chains.models import Chain, Committee
from meetings.enums import ItemSource, MatterState
from meetings.querysets import MatterQuerySet
from problems.models import Problem


class Matter(models.Model):
    """Something that somebody wants a committee to take up: by hand, or by 'convene' on an entry (要事一事一商).

    It waits until a meeting takes it up; an item that was postponed lets it wait again.
    """

    committee = models.ForeignKey(
        Committee, verbose_name=_("产业链党委"), on_delete=models.PROTECT, related_name="matters"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("事项"), max_length=200)
    text = models.TextField(_("情况说明"), blank=True, max_length=2000)
    problem = models.ForeignKey(
        Problem, verbose_name=_("关联问题"), null=True, blank=True, on_delete=models.PROTECT, related_name="matters"
    )
    source = models.CharField(_("来源"), max_length=10, choices=ItemSource, default=ItemSource.HAND)
    state = models.CharField(_("状态"), max_length=10, choices=MatterState, default=MatterState.WAITING)
    put_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = _("待议事项")
        verbose_name_plural = _("待议事项")
        ordering = ["id"]
        indexes = [models.Index(fields=["committee", "state"], name="matter_committee")]
        constraints = [
            models.CheckConstraint(name="matter_state_known", condition=Q(state__in=MatterState.values)),
            models.CheckConstraint(
                name="matter_source_known", condition=Q(source__in=[ItemSource.HAND, ItemSource.CONVENED])
            ),
            models.UniqueConstraint(
                name="matter_problem_once_waiting",
                fields=["committee", "problem"],
                condition=Q(state__in=[MatterState.WAITING, MatterState.PLACED]),
                violation_error_message=_("这个问题已在该党委的待议事项中。"),
            ),
        ]

    def __str__(self):
        return self.title
