"""Supervision: what fired, the numbered slips, a leader's instructions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, HelpTeam, Region
from chains.models import Chain, Committee
from enterprises.models import Enterprise
from problems.enums import LadderAct, SlipKind, Trigger
from problems.models.course import Assignment, StepLimit
from problems.models.problem import Problem
from problems.querysets import OfProblemQuerySet


class Slip(models.Model):
    """A numbered slip to the unit that holds an entry: 提醒单 or 督办单. It prints in the official layout.

    The text is kept as issued; the answer of the unit comes beside it. Exactly one unit is addressed, or none where
    the ledger's keeper is late (acceptance, assignment).
    """

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="slips")
    assignment = models.ForeignKey(Assignment, null=True, on_delete=models.PROTECT, related_name="slips")
    kind = models.CharField(_("种类"), max_length=12, choices=SlipKind)
    number = models.CharField(_("文号"), max_length=40, unique=True)
    # Copies of the entry's place, kept by a trigger of the entry.
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(HelpTeam, null=True, blank=True, on_delete=models.PROTECT, related_name="slips")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="slips")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("发出时间"))
    issued_on = models.DateField(_("发出日期"))
    text = models.TextField(_("要求"), max_length=2000)
    answer_due_on = models.DateField(_("反馈期限"))
    answer = models.TextField(_("反馈"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(_("反馈日期"), null=True, blank=True)

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("督办文书")
        verbose_name_plural = _("督办文书")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["region", "issued_on"], name="slip_region_issued"),
            models.Index(fields=["committee", "issued_on"], name="slip_committee_issued"),
            models.Index(fields=["answer_due_on"], name="slip_open", condition=Q(answered_on=None)),
            models.Index(fields=["problem", "id"], name="slip_problem"),
        ]
        constraints = [
            models.CheckConstraint(name="slip_kind_known", condition=Q(kind__in=SlipKind.values)),
            models.CheckConstraint(name="slip_at_most_one_unit", condition=Q(team=None) | Q(department=None)),
            models.CheckConstraint(
                name="slip_answered_has_text",
                condition=Q(answered_on=None, answer="") | (Q(answered_on__isnull=False) & ~Q(answer="")),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def unit(self):
        return self.team or self.department


class Reminder(models.Model):
    """That a threshold of a limit was reached, and what was done about it: each exactly once (催办记录)."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="reminders")
    limit = models.ForeignKey(StepLimit, on_delete=models.CASCADE, related_name="reminders")
    trigger = models.CharField(max_length=14, choices=Trigger)
    threshold = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=18, choices=LadderAct)
    fired_at = models.DateTimeField()
    slip = models.OneToOneField(Slip, null=True, on_delete=models.PROTECT, related_name="reminder")

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("催办记录")
        verbose_name_plural = _("催办记录")
        ordering = ["-id"]
        indexes = [models.Index(fields=["problem", "id"], name="reminder_problem")]
        constraints = [
            models.UniqueConstraint(name="reminder_once_per_limit", fields=["limit", "trigger", "threshold", "act"]),
            models.CheckConstraint(
                name="reminder_known", condition=Q(trigger__in=Trigger.values, act__in=LadderAct.values)
            ),
        ]

    def __str__(self):
        return f"{self.problem_id} {self.trigger} {self.threshold}"


class Instruction(models.Model):
    """A leader's instruction (批示) on an entry, and how it was followed up."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="instructions")
    # Copies of the entry's place, kept by a trigger of the entry.
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, null=True, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("批示时间"))
    given_on = models.DateField(_("批示日期"))
    title = models.CharField(_("批示人职务"), max_length=80, blank=True)
    text = models.TextField(_("批示内容"), max_length=2000)
    report_by_on = models.DateField(_("要求反馈日期"), null=True, blank=True)
    report = models.TextField(_("落实情况"), max_length=2000, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reported_on = models.DateField(_("反馈日期"), null=True, blank=True)

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("领导批示")
        verbose_name_plural = _("领导批示")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["problem", "id"], name="instruction_problem"),
            models.Index(fields=["region", "given_on"], name="instruction_region_given"),
            models.Index(fields=["committee", "given_on"], name="instruction_committee_given"),
            models.Index(fields=["report_by_on"], name="instruction_open", condition=Q(reported_on=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="instruction_reported_has_text",
                condition=Q(reported_on=None, report="") | (Q(reported_on__isnull=False) & ~Q(report="")),
            ),
        ]

    def __str__(self):
        return f"{self.problem_id} {self.given_on}"
