"""One step on many entries at once: what was picked, what was decided, what came of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from problems.enums import BulkResult, BulkState, BulkStep
from problems.models.problem import Problem
from problems.querysets import BulkRunQuerySet


class BulkRun(models.Model):
    """A step on many entries (批量办理): first a preview, then work that is done entry by entry.

    `data` holds what the form said, as plain values. The row and its items are the truth; a task only wakes a worker.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(_("步骤"), max_length=10, choices=BulkStep)
    state = models.CharField(_("进度"), max_length=10, choices=BulkState, default=BulkState.DRAFT)
    conditions = models.CharField(_("筛选条件"), max_length=1000, blank=True)
    data = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量办理")
        verbose_name_plural = _("批量办理")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], name="bulkrun_running", condition=Q(state="running")),
            models.Index(fields=["owner", "-id"], name="bulkrun_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                name="bulkrun_known", condition=Q(state__in=BulkState.values, step__in=BulkStep.values)
            ),
            models.CheckConstraint(
                name="bulkrun_done_has_date", condition=~Q(state=BulkState.DONE) | Q(finished_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.get_step_display()} {self.pk}"


class BulkItem(models.Model):
    """One entry of a run, at the version that the preview showed. `note` says why it was not done."""

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items")
    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    result = models.CharField(max_length=10, choices=BulkResult, default=BulkResult.WAITING)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("批量办理的事项")
        verbose_name_plural = _("批量办理的事项")
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "id"], name="bulkitem_waiting", condition=Q(result="waiting"))]
        constraints = [
            models.UniqueConstraint(name="bulkitem_once", fields=["run", "problem"]),
            models.CheckConstraint(name="bulkitem_result_known", condition=Q(result__in=BulkResult.values)),
        ]

    def __str__(self):
        return f"{self.run_id} {self.problem_id} {self.result}"
