"""What happened to an entry in time: its spans in a state, and the legs of the units that held it."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.models import Department, HelpTeam, Region
from chains.models import Chain, Committee
from enterprises.models import Enterprise
from problems.enums import PAUSED_STATES, LegEnd, LimitStep, State
from problems.models.problem import Problem
from problems.querysets import OfProblemQuerySet


def _days(first: str, last: str) -> models.Func:
    """The days from one column to another, the last not included, as a range."""
    return models.Func(first, last, function="daterange", output_field=DateRangeField())


class StateSpan(models.Model):
    """A stretch of time in one state with one holder and one deadline: the ledger's backbone in time.

    Every transition (and every change of holder or deadline) ends the span that is open and begins the next, so that
    legs, pauses, backlog and lights at any past day are read from here. `red_from` is the first day on which the span
    is overdue: set ahead while the span is open, cleared when it ends before that day; `yellow_from` and
    `yellow_until` (the day after its last) do the same for the days near the deadline. Columns of place are copies of
    the entry's. A draft has no span.
    """

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="spans")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State)
    team = models.ForeignKey(HelpTeam, null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    started_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    yellow_from = models.DateField(null=True)
    yellow_until = models.DateField(null=True)
    # The first day on which the span is green no more (LEAST passes over NULLs).
    green_until = models.GeneratedField(
        expression=Least("yellow_from", "red_from", "ended_on"),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    red_from = models.DateField(null=True)

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("状态时段")
        verbose_name_plural = _("状态时段")
        ordering = ["problem", "id"]
        indexes = [
            models.Index(fields=["problem", "id"], name="span_problem"),
            models.Index(fields=["region", "started_on"], name="span_region_started"),
            models.Index(fields=["region", "ended_on"], name="span_region_ended"),
            models.Index(fields=["committee", "started_on"], name="span_committee_started"),
            models.Index(fields=["committee", "ended_on"], name="span_committee_ended"),
            *[
                models.Index(fields=[place, day], name=f"span_{place}_{day}", condition=Q(**{f"{day}__isnull": False}))
                for place in ("region", "committee")
                for day in ("red_from", "yellow_from", "yellow_until", "green_until")
            ],
            # Which spans stood under a light on a past day: by ranges, so that the answer costs what it holds.
            GistIndex(_days("red_from", "ended_on"), name="span_red_days", condition=Q(red_from__isnull=False)),
            GistIndex(
                _days("yellow_from", "yellow_until"), name="span_yellow_days", condition=Q(yellow_from__isnull=False)
            ),
            GistIndex(
                _days("started_on", "ended_on"),
                name="span_grey_days",
                condition=Q(state__in=sorted(str(state) for state in PAUSED_STATES)),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="span_one_open", fields=["problem"], condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="span_dates_ordered",
                condition=Q(ended_at=None, ended_on=None)
                | Q(ended_at__gte=F("started_at"), ended_on__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="span_yellow_ordered",
                condition=Q(yellow_from=None) | Q(yellow_until__gte=F("yellow_from")),
            ),
            models.CheckConstraint(
                name="span_red_inside",
                condition=Q(red_from=None) | Q(ended_on=None) | Q(red_from__lte=F("ended_on")),
            ),
        ]

    def __str__(self):
        return f"{self.problem_id} {self.state} {self.started_on}–{self.ended_on or ''}"


@pghistory.track()
class Assignment(models.Model):
    """One unit's leg (交办): who holds the entry, from when, until when, with which deadline of its own."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="assignments")
    team = models.ForeignKey(
        HelpTeam,
        verbose_name=_("帮办团"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("责任单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    is_lead = models.BooleanField(_("牵头"), default=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(_("交办时间"))
    due_on = models.DateField(_("期限"))
    instruction = models.CharField(_("交办要求"), max_length=500, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("承办人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="held_legs",
    )
    signed_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("协办反馈时间"), null=True, blank=True)
    report_text = models.CharField(_("协办反馈"), max_length=1000, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    end_kind = models.CharField(_("结束原因"), max_length=12, choices=LegEnd, blank=True)

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("交办")
        verbose_name_plural = _("交办")
        ordering = ["problem", "id"]
        indexes = [
            models.Index(fields=["team", "problem"], name="assignment_team"),
            models.Index(fields=["department", "problem"], name="assignment_department"),
        ]
        constraints = [
            models.CheckConstraint(
                name="assignment_one_unit",
                condition=Q(team__isnull=False, department=None) | Q(team=None, department__isnull=False),
            ),
            models.UniqueConstraint(
                name="assignment_one_lead",
                fields=["problem"],
                condition=Q(is_lead=True, ended_at=None),
            ),
            models.CheckConstraint(
                name="assignment_end_has_kind",
                condition=Q(ended_at=None, end_kind="") | (Q(ended_at__isnull=False) & ~Q(end_kind="")),
            ),
        ]

    def __str__(self):
        return f"{self.problem_id} → {self.unit}"

    @property
    def unit(self):
        return self.team or self.department


class StepLimit(models.Model):
    """One time limit that runs or ran on an entry (办理时限): of the entry's own step, or of one unit's leg.

    Several run at once: to sign, to reply first, to resolve, each helper's answer. Written by
    `problems.lifecycle.limits` on every transition from the state, the legs and the rulebook, so that a new leg has
    limits of its own and a return begins anew. `due_on` moves on by a pause; while one lasts `paused_on` is set and
    nothing fires. `met_on` is the day it was done, `dropped_on` the day it fell away undone.
    """

    problem = models.ForeignKey("problems.Problem", on_delete=models.CASCADE, related_name="limits")
    assignment = models.ForeignKey(Assignment, null=True, on_delete=models.CASCADE, related_name="limits")
    # Copies of the entry's place, kept by a trigger of the entry, so that figures count without a join.
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, null=True, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(pgettext_lazy("step", "环节"), max_length=12, choices=LimitStep)
    started_on = models.DateField(_("起算日期"))
    days = models.PositiveSmallIntegerField(_("工作日"))
    due_on = models.DateField(_("期限"))
    near_on = models.DateField(_("临近起始"))
    paused_on = models.DateField(null=True)
    met_on = models.DateField(null=True)
    dropped_on = models.DateField(null=True)
    # Whether it was done by its deadline; empty while it runs and where it was dropped.
    in_time = models.GeneratedField(
        expression=models.Case(
            models.When(met_on=None, then=models.Value(None)),
            default=models.ExpressionWrapper(Q(met_on__lte=F("due_on")), output_field=models.BooleanField()),
        ),
        output_field=models.BooleanField(null=True),
        db_persist=True,
    )

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("办理时限")
        verbose_name_plural = _("办理时限")
        ordering = ["problem", "id"]
        indexes = [
            models.Index(fields=["problem", "id"], name="steplimit_problem"),
            models.Index(
                fields=["due_on"], name="steplimit_running", condition=Q(met_on=None, dropped_on=None, paused_on=None)
            ),
            models.Index(
                fields=["started_on"], name="steplimit_waits", condition=Q(step="wait", met_on=None, dropped_on=None)
            ),
            *[
                models.Index(
                    fields=[place, "met_on"], name=f"steplimit_{place}_met"[:30], condition=Q(met_on__isnull=False)
                )
                for place in ("region", "committee")
            ],
        ]
        constraints = [
            models.CheckConstraint(name="steplimit_step_known", condition=Q(step__in=LimitStep.values)),
            models.CheckConstraint(name="steplimit_one_end", condition=Q(met_on=None) | Q(dropped_on=None)),
            models.UniqueConstraint(
                name="steplimit_one_running",
                fields=["problem", "step", "assignment"],
                condition=Q(met_on=None, dropped_on=None),
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return f"{self.problem_id} {self.step} {self.due_on}"


class LastStep(models.Model):
    """The last step taken on an entry and what was before it, so that it can be undone within minutes (撤销上一步).

    `before` holds the columns of the entry, its open span, its legs, requests and limits as they were.
    """

    problem = models.OneToOneField("problems.Problem", on_delete=models.CASCADE, related_name="last_step")
    name = models.CharField(max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField()
    before = models.JSONField()

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("上一步")
        verbose_name_plural = _("上一步")

    def __str__(self):
        return f"{self.problem_id} {self.name}"
