"""Monthly reports (月报): what was asked for, how far it is, what it said, and its files."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from chains.models import Chain, Committee
from core.periods import Month, Period
from reports.enums import FROZEN, MADE, UNFINISHED, BatchKind, FileKind, ReportState, ScopeKind
from reports.querysets import ReportBatchQuerySet, ReportFileQuerySet, ReportQuerySet, ReportTemplateQuerySet

_FROZEN = sorted(str(state) for state in FROZEN)


class Report(models.Model):
    """One edition of the monthly report of one scope (月报).

    `region`, `chain` and `committee` are where the scope lies, for scoping; `scope_key` is its address in the figures
    engine. `snapshot` is the whole report as data (`exchange.structure`), written before any file, so that the files
    can be made again, the same. While it is a draft its text may be edited, and `made` then keeps it as the machine
    wrote it; `version` rises with every change. An issued one is frozen, with `fingerprint` over snapshot and files: a
    trigger of the database refuses to change it. `requested_by` is empty where nobody asked.

    `lease_until` and `lease` belong to the worker that is on it: a worker whose lease ran
    out may no longer write.
    """

    scope_kind = models.CharField(_("范围类别"), max_length=10, choices=ScopeKind)
    scope_key = models.CharField(_("范围"), max_length=80)
    scope_name = models.CharField(_("范围名称"), max_length=120)
    region = models.ForeignKey(Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="reports")
    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    committee = models.ForeignKey(
        Committee, verbose_name=_("产业链党委"), null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    month = models.DateField(_("月份"), help_text=_("当月第一天。"))
    edition = models.PositiveSmallIntegerField(_("版次"))
    title = models.CharField(_("标题"), max_length=200, blank=True)

    state = models.CharField(_("状态"), max_length=10, choices=ReportState, default=ReportState.QUEUED)
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    step = models.CharField(_("当前步骤"), max_length=120, blank=True)
    error = models.CharField(_("未能生成的原因"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("申请人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports",
    )
    created_at = models.DateTimeField(_("申请时间"))
    queued_at = models.DateTimeField(_("排队时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    as_of = models.DateTimeField(_("数据截至"), null=True, blank=True)
    snapshot = models.JSONField(_("数据快照"), null=True, blank=True)
    made = models.JSONField(_("生成时的文字"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    number = models.CharField(_("文号"), max_length=60, blank=True)
    issued_at = models.DateTimeField(_("印发时间"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("印发人"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="reports_issued",
    )  # fmt: skip
    fingerprint = models.CharField(_("指纹"), max_length=64, blank=True)
    superseded_by = models.ForeignKey(
        "self", verbose_name=_("更正版"), null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    reason = models.CharField(_("撤回原因"), max_length=300, blank=True)
    storage_token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("月报")
        verbose_name_plural = _("月报")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["region", "-created_at"], name="report_region"),
            models.Index(fields=["committee", "-created_at"], name="report_committee"),
            models.Index(
                fields=["queued_at"], name="report_waiting", condition=Q(state__in=sorted(str(s) for s in UNFINISHED))
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="report_once_per_edition",
                fields=["scope_key", "month", "edition"],
                violation_error_message=_("该范围该月份的这一版次已经存在。"),
            ),
            models.UniqueConstraint(
                name="report_one_in_the_making",
                fields=["scope_key", "month"],
                condition=Q(state__in=sorted(str(s) for s in UNFINISHED)),
                violation_error_message=_("该范围该月份的月报正在生成。"),
            ),
            models.CheckConstraint(name="report_state_known", condition=Q(state__in=ReportState.values)),
            models.CheckConstraint(
                name="report_month_first_day",
                condition=Q(month__day=1),
                violation_error_message=_("月份应为当月第一天。"),
            ),
            models.CheckConstraint(name="report_progress_in_range", condition=Q(progress__lte=100)),
            models.CheckConstraint(
                name="report_scope_complete",
                condition=Q(scope_kind=ScopeKind.REGION, chain=None, committee=None)
                | Q(scope_kind=ScopeKind.CHAIN, chain__isnull=False, committee=None)
                | Q(scope_kind=ScopeKind.COMMITTEE, committee__isnull=False),
            ),
            models.CheckConstraint(
                name="report_done_is_complete",
                condition=~Q(state__in=sorted(str(s) for s in MADE))
                | Q(finished_at__isnull=False, snapshot__isnull=False, as_of__isnull=False),
            ),
            models.UniqueConstraint(
                name="report_one_issued",
                fields=["scope_key", "month"],
                condition=Q(state=ReportState.ISSUED),
                violation_error_message=_("该范围该月份已有印发的月报。"),
            ),
            models.UniqueConstraint(
                name="report_number_once",
                fields=["number"],
                condition=~Q(number=""),
                violation_error_message=_("该文号已被使用。"),
            ),
            models.CheckConstraint(
                name="report_frozen_has_fingerprint",
                condition=Q(
                    state__in=sorted(str(s) for s in FROZEN),
                    issued_at__isnull=False,
                    fingerprint__regex="^[0-9a-f]{64}$",
                )
                | (~Q(state__in=sorted(str(s) for s in FROZEN)) & Q(issued_at=None, fingerprint="", number="")),
            ),
            models.CheckConstraint(
                name="report_superseded_names_heir",
                condition=Q(state=ReportState.SUPERSEDED, superseded_by__isnull=False)
                | (~Q(state=ReportState.SUPERSEDED) & Q(superseded_by=None)),
            ),
            models.CheckConstraint(
                name="report_withdrawn_says_why",
                condition=(Q(state=ReportState.WITHDRAWN, withdrawn_at__isnull=False) & ~Q(reason=""))
                | (~Q(state=ReportState.WITHDRAWN) & Q(withdrawn_at=None, reason="")),
            ),
            models.CheckConstraint(
                name="report_failed_says_why", condition=~Q(state=ReportState.FAILED) | ~Q(error="")
            ),
        ]

    def __str__(self):
        return _("%(scope)s%(month)s月报（第%(edition)d版）") % {
            "scope": self.scope_name,
            "month": self.period.name,
            "edition": self.edition,
        }

    def get_absolute_url(self):
        return reverse("reports:detail", args=[self.pk])

    @property
    def period(self):
        return Period.month(self.month.year, self.month.month)

    @property
    def month_of(self):
        return Month.of(self.month)

    @property
    def is_unfinished(self):
        return self.state in UNFINISHED

    @property
    def is_draft(self):
        return self.state == ReportState.DONE

    @property
    def is_frozen(self):
        return self.state in FROZEN

    @property
    def asked_by(self):
        """Who asked for it, as a name; the system where nobody did."""
        return self.requested_by.name if self.requested_by else _("系统（按月自动起草）")


class ReportFile(models.Model):
    """One file of a report. It is served by its report's page only, never by its place in the store."""

    report = models.ForeignKey(Report, verbose_name=_("月报"), on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(_("类别"), max_length=10, choices=FileKind)
    storage_name = models.CharField(max_length=120, unique=True, editable=False)
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("生成时间"))

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("月报文件")
        verbose_name_plural = _("月报文件")
        ordering = ["report", "-kind"]
        constraints = [
            models.UniqueConstraint(name="reportfile_once_per_kind", fields=["report", "kind"]),
            models.CheckConstraint(name="reportfile_kind_known", condition=Q(kind__in=FileKind.values)),
        ]

    def __str__(self):
        return self.name


class ReportPractice(models.Model):
    """How a region handles its reports: whether issued ones get a number (文号), and which drafts are made by
    themselves on the first working day of a month. A region without a row does as the defaults say."""

    region = models.OneToOneField(
        Region, verbose_name=_("区域"), on_delete=models.PROTECT, related_name="report_practice"
    )
    numbered = models.BooleanField(
        _("印发时编文号"), default=False, help_text=_("按县、文种、年度连续编号，如“云岭县联盟通报〔2026〕3号”。")
    )
    monthly_draft = models.BooleanField(
        _("每月自动起草本级月报"), default=True, help_text=_("每月首个工作日起草上月月报，列在“月度报告”页。")
    )
    committee_drafts = models.BooleanField(
        _("每月自动起草各产业链党委月报"), default=False, help_text=_("同时为本区域各产业链党委起草。")
    )

    class Meta:
        verbose_name = _("月报办理习惯")
        verbose_name_plural = _("月报办理习惯")

    def __str__(self):
        return str(self.region)

    @classmethod
    def of(cls, region):
        """The region's own, else the defaults, unsaved."""
        return cls.objects.filter(region=region).first() or cls(region=region)


class ReportBatch(models.Model):
    """The reports of all chains, committees or counties of one region for one month, asked for in one go.

    Its reports are reports like any other, in the same queue: one that fails stops no other. An automatic batch is made
    once for a region, month and kind.
    """

    region = models.ForeignKey(
        Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="report_batches"
    )
    kind = models.CharField(_("范围类别"), max_length=10, choices=BatchKind)
    month = models.DateField(_("月份"), help_text=_("当月第一天。"))
    is_automatic = models.BooleanField(_("自动起草"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("申请人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="report_batches",
    )
    created_at = models.DateTimeField(_("申请时间"))

    objects = ReportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量月报")
        verbose_name_plural = _("批量月报")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="reportbatch_automatic_once",
                fields=["region", "month", "kind"],
                condition=Q(is_automatic=True),
                violation_error_message=_("该月份的草稿已自动起草。"),
            ),
            models.CheckConstraint(name="reportbatch_kind_known", condition=Q(kind__in=BatchKind.values)),
            models.CheckConstraint(
                name="reportbatch_month_first_day",
                condition=Q(month__day=1),
                violation_error_message=_("月份应为当月第一天。"),
            ),
        ]

    def __str__(self):
        return _("%(region)s%(kind)s%(month)s月报") % {
            "region": self.region,
            "kind": self.get_kind_display(),
            "month": self.period.name,
        }

    def get_absolute_url(self):
        return reverse("reports:batch", args=[self.pk])

    @property
    def period(self):
        return Period.month(self.month.year, self.month.month)


class BatchItem(models.Model):
    """One scope of a batch: its report, or why there is none."""

    batch = models.ForeignKey(ReportBatch, on_delete=models.CASCADE, related_name="items")
    scope_key = models.CharField(_("范围"), max_length=80)
    scope_name = models.CharField(_("范围名称"), max_length=120)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="batch_items")
    error = models.CharField(_("未能生成的原因"), max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="batchitem_once", fields=["batch", "scope_key"]),
            models.CheckConstraint(
                name="batchitem_report_or_reason",
                condition=Q(report__isnull=False, error="") | (Q(report=None) & ~Q(error="")),
            ),
        ]

    def __str__(self):
        return self.scope_name


class ReportTemplate(models.Model):
    """One version of the sections and sentences that a region's reports are written with (月报模板).

    It holds for the region and all below it that have none of their own; the highest number stands, earlier ones are
    kept. `sections` are `reports.sections.Section`s in order; empty: the region goes back to what holds above. A row
    is never changed: a report keeps in its snapshot which version it was made with.
    """

    region = models.ForeignKey(
        Region, verbose_name=_("适用区域"), on_delete=models.PROTECT, related_name="report_templates"
    )
    number = models.PositiveSmallIntegerField(_("版本"))
    sections = models.JSONField(_("章节"), null=True, blank=True)
    note = models.CharField(_("修订说明"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("制定人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("制定时间"))

    objects = ReportTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("月报模板")
        verbose_name_plural = _("月报模板")
        ordering = ["region", "-number"]
        constraints = [
            models.UniqueConstraint(
                name="reporttemplate_number_once",
                fields=["region", "number"],
                violation_error_message=_("本地区的这一版模板已经存在。"),
            ),
            models.CheckConstraint(name="reporttemplate_number_counts", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="reporttemplate_says_something", condition=Q(sections__isnull=True) | ~Q(sections=[])
            ),
        ]

    def __str__(self):
        return _("%(region)s月报模板（第%(number)d版）") % {"region": self.region.name, "number": self.number}

    def get_absolute_url(self):
        return reverse("reports:template_detail", args=[self.pk])
