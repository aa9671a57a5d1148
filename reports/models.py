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
from reports.enums import UNFINISHED, FileKind, ReportState, ScopeKind
from reports.querysets import ReportFileQuerySet, ReportQuerySet, ReportTemplateQuerySet


class Report(models.Model):
    """One edition of the monthly report of one scope (月报).

    `region`, `chain` and `committee` are where the scope lies, for scoping; `scope_key` is its address in the figures
    engine. `snapshot` is the whole report as data (`exchange.structure`), written before any file, so that the files
    can be made again, the same. `lease_until` and `lease` belong to the worker that is on it: a worker whose lease ran
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
        settings.AUTH_USER_MODEL, verbose_name=_("申请人"), on_delete=models.PROTECT, related_name="reports"
    )
    created_at = models.DateTimeField(_("申请时间"))
    queued_at = models.DateTimeField(_("排队时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    as_of = models.DateTimeField(_("数据截至"), null=True, blank=True)
    snapshot = models.JSONField(_("数据快照"), null=True, blank=True)
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
                condition=~Q(state=ReportState.DONE)
                | Q(finished_at__isnull=False, snapshot__isnull=False, as_of__isnull=False),
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
