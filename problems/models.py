"""The problem ledger (问题台账): one entry is one difficulty of one enterprise."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, HelpTeam, Region
from chains.models import Chain, Committee
from enterprises.models import Enterprise
from problems.enums import (
    CLOCK_STATES,
    LegEnd,
    Outcome,
    Rating,
    RequestState,
    Source,
    State,
    Urgency,
)
from problems.querysets import OfProblemQuerySet, ProblemQuerySet, RulebookQuerySet


class Category(models.Model):
    """Kind of difficulty (问题类别), a tree of two or more levels; shared by all regions."""

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(_("名称"), max_length=40)
    code = models.SlugField(_("代码"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("问题类别")
        verbose_name_plural = _("问题类别")
        ordering = ["order", "id"]

    def __str__(self):
        return self.name


class Rulebook(models.Model):
    """Rules of handling (办理规则) of a region from a date on, inherited by every region below that has none.

    All `*_days` are working days. Defaults follow rules that Chinese cities publish: answer in 7, complex matters in
    15, 30 at most, objection within 1, extension asked at least 1 day before the end.
    """

    region = models.ForeignKey(
        Region,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rulebooks",
    )
    valid_from = models.DateField(_("生效日期"))
    accept_days = models.PositiveSmallIntegerField(_("受理时限"), default=1)
    assign_days = models.PositiveSmallIntegerField(_("交办时限"), default=1)
    sign_days = models.PositiveSmallIntegerField(_("签收时限"), default=1)
    ordinary_days = models.PositiveSmallIntegerField(_("一般问题办理时限"), default=7)
    urgent_days = models.PositiveSmallIntegerField(_("紧急问题办理时限"), default=3)
    complex_days = models.PositiveSmallIntegerField(_("复杂问题办理时限"), default=15)
    cohandler_days = models.PositiveSmallIntegerField(_("协办单位时限"), default=3)
    longest_days = models.PositiveSmallIntegerField(_("最长办理时限"), default=30)
    yellow_days = models.PositiveSmallIntegerField(_("黄灯提前量"), default=2)
    objection_days = models.PositiveSmallIntegerField(_("异议期限"), default=1)
    extension_notice_days = models.PositiveSmallIntegerField(_("延期须提前"), default=1)
    extensions_allowed = models.PositiveSmallIntegerField(_("允许延期次数"), default=1)
    bounces_to_escalate = models.PositiveSmallIntegerField(_("退转几次自动提级"), default=2)
    overdue_to_escalate_days = models.PositiveSmallIntegerField(_("超期几日自动提级"), default=5)
    rating_days = models.PositiveSmallIntegerField(_("评价期限"), default=7)
    waiting_days = models.PositiveSmallIntegerField(_("挂账回访间隔"), default=30)

    objects = RulebookQuerySet.as_manager()

    class Meta:
        verbose_name = _("办理规则")
        verbose_name_plural = _("办理规则")
        ordering = ["region", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                name="rulebook_once_per_day",
                fields=["region", "valid_from"],
                nulls_distinct=False,
            )
        ]

    def __str__(self):
        return f"{self.region or ''} {self.valid_from}"


@pghistory.track(exclude=["tokens", "top_category"])
class Problem(models.Model):
    """One difficulty of one enterprise (问题).

    Region, chain and committee are copies taken when it is raised and kept by `problems.lifecycle`, so that figures
    count without a join. The `*_on` dates are local dates of the first time each step was reached; `last_closed_on`
    is of the last closing. Only `problems.lifecycle` writes `state` and what follows from it.
    """

    number = models.CharField(_("问题编号"), max_length=30, unique=True, null=True, blank=True, editable=False)
    enterprise = models.ForeignKey(
        Enterprise,
        verbose_name=_("企业"),
        on_delete=models.PROTECT,
        related_name="problems",
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("所在区域"),
        on_delete=models.PROTECT,
        related_name="problems",
    )
    chain = models.ForeignKey(
        Chain,
        verbose_name=_("产业链"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="problems",
    )
    committee = models.ForeignKey(
        Committee,
        verbose_name=_("产业链党委"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="problems",
    )
    category = models.ForeignKey(
        Category,
        verbose_name=_("类别"),
        on_delete=models.PROTECT,
        related_name="problems",
    )
    # Code of the category at the top of the tree: a copy made by a trigger, so that figures by category need no join.
    top_category = models.CharField(max_length=40, db_default="", editable=False)
    urgency = models.CharField(_("缓急"), max_length=10, choices=Urgency, default=Urgency.ORDINARY)
    source = models.CharField(_("来源"), max_length=12, choices=Source, default=Source.ONLINE)
    title = models.CharField(_("事项"), max_length=120)
    text = models.TextField(_("具体情况"), max_length=4000)
    contact_name = models.CharField(_("联系人"), max_length=40, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)

    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("登记人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("登记时间"))

    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    submitted_on = models.DateField(_("提交日期"), null=True, blank=True)
    accepted_on = models.DateField(_("受理日期"), null=True, blank=True)
    assigned_on = models.DateField(_("交办日期"), null=True, blank=True)
    decided_on = models.DateField(_("议定日期"), null=True, blank=True)
    resolved_on = models.DateField(_("办结日期"), null=True, blank=True)
    confirmed_on = models.DateField(_("企业确认日期"), null=True, blank=True)
    rated_on = models.DateField(_("评价日期"), null=True, blank=True)
    closed_on = models.DateField(_("首次销号日期"), null=True, blank=True)
    last_closed_on = models.DateField(_("最近销号日期"), null=True, blank=True)
    ended_on = models.DateField(_("终结日期"), null=True, blank=True)

    lead_team = models.ForeignKey(
        HelpTeam,
        verbose_name=_("牵头帮办团"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_problems",
    )
    lead_department = models.ForeignKey(
        Department,
        verbose_name=_("牵头单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_problems",
    )
    due_on = models.DateField(_("办理期限"), null=True, blank=True)
    yellow_on = models.DateField(_("黄灯起始"), null=True, blank=True)
    next_on = models.DateField(_("下次回访日期"), null=True, blank=True)
    handling_days = models.PositiveSmallIntegerField(_("办理用时"), null=True, blank=True)
    on_time = models.BooleanField(_("按期办结"), null=True, blank=True)
    resolution = models.TextField(_("办理结果"), blank=True, max_length=4000)
    rating = models.CharField(_("评价"), max_length=14, choices=Rating, blank=True)
    rating_text = models.CharField(_("评价意见"), max_length=500, blank=True)
    closing_number = models.CharField(_("销号编号"), max_length=30, unique=True, null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("并入"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )
    root = models.ForeignKey(
        "self",
        verbose_name=_("所属一类事"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    is_escalated = models.BooleanField(_("已提级"), default=False)
    # The day the present state began: what windows (rating) are counted from.
    since_on = models.DateField(_("进入当前状态日期"), null=True, blank=True)
    # A unit has asked to suspend and nobody has decided yet.
    pause_asked_on = models.DateField(_("申请挂起日期"), null=True, blank=True)
    bounces = models.PositiveSmallIntegerField(_("退转次数"), default=0)
    reopened_times = models.PositiveSmallIntegerField(_("重办次数"), default=0)
    tokens = ArrayField(models.CharField(max_length=60), default=list, editable=False)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("问题")
        verbose_name_plural = _("问题台账")
        triggers = [
            pgtrigger.Trigger(
                name="copy_top_category",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("category_id"),
                func="""
                    SELECT COALESCE(above.code, own.code) INTO NEW.top_category
                    FROM problems_category own LEFT JOIN problems_category above ON above.id = own.parent_id
                    WHERE own.id = NEW.category_id;
                    RETURN NEW;
                """,
            )
        ]
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["region", "-id"], name="problem_region"),
            models.Index(fields=["committee", "-id"], name="problem_committee"),
            models.Index(fields=["enterprise", "-id"], name="problem_enterprise"),
            models.Index(fields=["state", "-id"], name="problem_state"),
            models.Index(
                fields=["due_on"],
                name="problem_due",
                condition=Q(state__in=sorted(str(s) for s in CLOCK_STATES)),
            ),
            models.Index(fields=["region", "submitted_on"], name="problem_region_submitted"),
            models.Index(fields=["committee", "submitted_on"], name="problem_committee_submitted"),
            # Figures are recounted cell by cell: each date they go by is indexed below its region and committee.
            *[
                models.Index(fields=[place, f"{step}_on"], name=f"problem_{place}_{step}"[:30])
                for place in ("region", "committee")
                for step in ("accepted", "assigned", "decided", "resolved", "confirmed", "rated", "closed", "ended")
            ],
            GinIndex(fields=["tokens"], name="problem_tokens"),
        ]
        constraints = [
            models.CheckConstraint(name="problem_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="problem_outcome_known",
                condition=Q(outcome__in=["", *Outcome.values]),
            ),
            models.CheckConstraint(
                name="problem_submitted_unless_draft",
                condition=Q(state=State.DRAFT)
                | Q(
                    submitted_at__isnull=False,
                    submitted_on__isnull=False,
                    number__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="problem_closed_has_date",
                condition=~Q(state=State.CLOSED)
                | Q(
                    closed_on__isnull=False,
                    last_closed_on__isnull=False,
                    closing_number__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="problem_handled_has_one_lead",
                condition=~Q(state__in=["assigned", "in_progress", "resolved"])
                | Q(lead_team__isnull=False, lead_department=None)
                | Q(lead_team=None, lead_department__isnull=False),
            ),
            models.CheckConstraint(
                name="problem_clock_has_deadline",
                condition=~Q(state__in=["assigned", "in_progress"]) | Q(due_on__isnull=False, yellow_on__isnull=False),
            ),
            models.CheckConstraint(
                name="problem_resolved_has_text",
                condition=~Q(state=State.RESOLVED)
                | (~Q(resolution="") & ~Q(outcome="") & Q(resolved_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="problem_ended_has_date",
                condition=~Q(state__in=["declined", "closed", "withdrawn"])
                | (Q(ended_on__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="problem_merged_names_target",
                condition=~Q(outcome=Outcome.MERGED) | Q(merged_into__isnull=False),
            ),
            models.CheckConstraint(name="problem_not_merged_into_itself", condition=~Q(merged_into=F("id"))),
            models.CheckConstraint(
                name="problem_dates_ordered",
                condition=(Q(last_closed_on=None) | Q(last_closed_on__gte=F("closed_on")))
                & (Q(closed_on=None) | Q(closed_on__gte=F("submitted_on"))),
            ),
        ]

    def __str__(self):
        return f"{self.number or ''} {self.title}".strip()

    def get_absolute_url(self):
        return reverse("problems:detail", args=[self.pk])

    @cached_property
    def active_legs(self):
        """The units that hold it now: the lead and those that help. Read once per instance."""
        return [leg for leg in self.assignments.select_related("team", "department") if leg.ended_at is None]

    @property
    def lead(self):
        """The unit that answers for it: a help team or a department, None before assignment."""
        return self.lead_team or self.lead_department


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
        ]
        constraints = [
            models.UniqueConstraint(name="span_one_open", fields=["problem"], condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="span_dates_ordered",
                condition=Q(ended_at=None, ended_on=None)
                | Q(ended_at__gte=F("started_at"), ended_on__gte=F("started_on")),
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


class Attachment(models.Model):
    """A file of an entry (附件), stored under a random name and served as a download only."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="attachments")
    storage_name = models.CharField(max_length=120, unique=True, editable=False)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        ordering = ["id"]

    def __str__(self):
        return self.name
