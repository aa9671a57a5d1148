"""What units ask for while they hold an entry, and the answers."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from problems.enums import RequestState
from problems.models.course import Assignment
from problems.models.problem import Problem
from problems.querysets import OfProblemQuerySet


class Objection(models.Model):
    """A unit's one objection to an assignment (异议) and the binding ruling on it."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="objection")
    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="objections")
    ground = models.CharField(_("异议依据"), max_length=1000)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.PENDING)
    ruling = models.CharField(_("裁定意见"), max_length=1000, blank=True)
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField(null=True, blank=True)

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        constraints = [
            models.CheckConstraint(
                name="objection_ruled_has_date",
                condition=Q(state="pending") | Q(ruled_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.problem_id} {self.get_state_display()}"

    def settle(self, *, granted: bool, text: str, by_id: int | None, at) -> None:
        """Write the ruling."""
        self.state = RequestState.GRANTED if granted else RequestState.REFUSED
        self.ruling, self.ruled_by_id, self.ruled_at = text, by_id, at
        self.save()


class Extension(models.Model):
    """A request for a later deadline (延期申请), granted or refused by the assigner."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="extensions")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="extensions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    old_due_on = models.DateField()
    new_due_on = models.DateField(_("申请延至"))
    reason = models.CharField(_("延期理由"), max_length=1000)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.PENDING)
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("延期申请")
        verbose_name_plural = _("延期申请")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="extension_one_pending",
                fields=["problem"],
                condition=Q(state=RequestState.PENDING),
            ),
            models.CheckConstraint(name="extension_is_later", condition=Q(new_due_on__gt=F("old_due_on"))),
        ]

    def __str__(self):
        return f"{self.problem_id} {self.old_due_on} → {self.new_due_on}"

    def settle(self, *, granted: bool, text: str, by_id: int | None, at) -> None:
        """Write the answer."""
        self.state = RequestState.GRANTED if granted else RequestState.REFUSED
        self.answer, self.decided_by_id, self.decided_at = text, by_id, at
        self.save()
