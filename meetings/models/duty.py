"""Quarterly duty of a committee's units (季度轮值), and the yearly reports of its members (述职)."""

import datetime as dt

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, Region
from chains.models import Chain, Committee, Seat
from core.periods import Period
from enterprises.models import Enterprise
from meetings.enums import ReportState
from meetings.models.meeting import Meeting
from meetings.querysets import AnnualReportQuerySet, DutyQuerySet


@pghistory.track()
class DutyTerm(models.Model):
    """A unit's quarter on duty in a committee (轮值单位): it goes to the enterprises, collects what troubles them, and
    hands over to the next.

    The unit is a department or an enterprise of the committee. What it did is read from visits and entries; only
    findings and what is left for the next are written.
    """

    committee = models.ForeignKey(
        Committee, verbose_name=_("产业链党委"), on_delete=models.PROTECT, related_name="duty_terms"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Department, verbose_name=_("轮值单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("轮值企业"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("截止日期"), editable=False)
    findings = models.TextField(_("调研发现"), blank=True, max_length=4000)
    left_over = models.TextField(_("移交事项"), blank=True, max_length=4000)
    handed_over_on = models.DateField(_("交接日期"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("季度轮值")
        verbose_name_plural = _("季度轮值")
        ordering = ["committee", "-starts_on"]
        indexes = [models.Index(fields=["region", "starts_on"], name="duty_region")]
        constraints = [
            models.UniqueConstraint(
                name="duty_once_a_quarter",
                fields=["committee", "starts_on"],
                violation_error_message=_("该党委这个季度已有轮值单位。"),
            ),
            models.CheckConstraint(
                name="duty_one_unit",
                condition=Q(department__isnull=False, enterprise=None) | Q(department=None, enterprise__isnull=False),
                violation_error_message=_("请选择一个轮值单位：责任单位或者企业。"),
            ),
            models.CheckConstraint(name="duty_dates_ordered", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(
                name="duty_handed_over_after_start",
                condition=Q(handed_over_on=None) | Q(handed_over_on__gte=F("starts_on")),
                violation_error_message=_("交接日期不能早于轮值起始日期。"),
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.quarter}"

    def save(self, *args, **kwargs):
        self.ends_on = self.quarter.end
        super().save(*args, **kwargs)

    @property
    def unit(self):
        return self.department or self.enterprise

    @property
    def quarter(self) -> Period:
        return Period.quarter(self.starts_on.year, (self.starts_on.month + 2) // 3)


@pghistory.track()
class AnnualReport(models.Model):
    """A committee member's yearly account of the duty (述职报告), given to the committee.

    `figures` are the member's own figures of the year, [{label, value, unit}], worked out from the records and frozen
    when the report is handed in. Nobody types them, and no list ranks by them.
    """

    committee = models.ForeignKey(
        Committee, verbose_name=_("产业链党委"), on_delete=models.PROTECT, related_name="annual_reports"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, verbose_name=_("席位"), on_delete=models.PROTECT, related_name="annual_reports")
    year = models.PositiveSmallIntegerField(_("年度"), validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    state = models.CharField(_("状态"), max_length=10, choices=ReportState, default=ReportState.DRAFT)
    duties = models.TextField(_("履职情况"), blank=True, max_length=6000)
    shortfalls = models.TextField(_("存在不足"), blank=True, max_length=3000)
    plans = models.TextField(_("下步打算"), blank=True, max_length=3000)
    figures = models.JSONField(default=list, editable=False)
    submitted_on = models.DateField(_("提交日期"), null=True, blank=True, editable=False)
    received_on = models.DateField(_("接收日期"), null=True, blank=True, editable=False)
    meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("述职会议"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="annual_reports",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = AnnualReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("述职报告")
        verbose_name_plural = _("述职报告")
        ordering = ["-year", "committee", "seat"]
        indexes = [models.Index(fields=["region", "submitted_on"], name="annual_region")]
        constraints = [
            models.UniqueConstraint(
                name="annual_once_a_year",
                fields=["seat", "year"],
                violation_error_message=_("这个席位本年度已有述职报告。"),
            ),
            models.CheckConstraint(name="annual_state_known", condition=Q(state__in=ReportState.values)),
            models.CheckConstraint(
                name="annual_submitted_has_date",
                condition=Q(state=ReportState.DRAFT, submitted_on=None)
                | (~Q(state=ReportState.DRAFT) & Q(submitted_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="annual_received_has_date",
                condition=Q(state=ReportState.RECEIVED, received_on__isnull=False)
                | (~Q(state=ReportState.RECEIVED) & Q(received_on=None)),
            ),
        ]

    def __str__(self):
        return f"{self.seat} {self.year}"

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        return dt.date(self.year, 1, 1), dt.date(self.year, 12, 31)
