"""Meetings that come again by themselves, and addresses from which calendars read them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from chains.models import Committee
from meetings.enums import SeriesPeriod
from meetings.models.kinds import MeetingKind
from meetings.querysets import FeedQuerySet, SeriesQuerySet


class MeetingSeries(models.Model):
    """A meeting that recurs (例会): on the n-th working day of each week, month, quarter, half-year or year.

    `workday` counts from the first working day of the period (1), or from its last backwards (-1). A draft with its
    agenda is made `days_ahead` days before.
    """

    committee = models.ForeignKey(
        Committee, verbose_name=_("产业链党委"), on_delete=models.PROTECT, related_name="meeting_series"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(MeetingKind, verbose_name=_("会议类别"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(
        _("会议名称"), max_length=100, help_text=_("召开时会在名称后加上期次，例如“2026年第三季度”。")
    )
    period = models.CharField(_("周期"), max_length=10, choices=SeriesPeriod, default=SeriesPeriod.QUARTER)
    workday = models.SmallIntegerField(
        _("第几个工作日"),
        default=1,
        validators=[MinValueValidator(-120), MaxValueValidator(120)],
        help_text=_("从周期的第一个工作日数起；填负数从最后一个工作日倒数。"),
    )
    starts_time = models.TimeField(_("开始时间"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    chair = models.CharField(_("主持人"), max_length=40, blank=True)
    days_ahead = models.PositiveSmallIntegerField(
        _("提前几天生成草稿"), default=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("截止日期"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("例会")
        verbose_name_plural = _("例会")
        ordering = ["committee", "id"]
        constraints = [
            models.CheckConstraint(name="series_period_known", condition=Q(period__in=SeriesPeriod.values)),
            models.CheckConstraint(
                name="series_workday_not_zero",
                condition=~Q(workday=0),
                violation_error_message=_("工作日序号从 1 数起，倒数从 -1 数起，不能是 0。"),
            ),
            models.CheckConstraint(
                name="series_dates_ordered",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("截止日期不能早于起始日期。"),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("meetings:series_detail", args=[self.pk])


class CalendarFeed(models.Model):
    """An address without sign-in from which a calendar program reads meetings (日历订阅): of one committee, or of one
    person. Only a hash of its secret is kept; it may be revoked."""

    committee = models.ForeignKey(
        Committee, verbose_name=_("产业链党委"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("账号"), on_delete=models.PROTECT, related_name="+"
    )
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    read_on = models.DateField(_("最近读取"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="feed_one_open",
                fields=["user", "committee"],
                nulls_distinct=False,
                condition=Q(revoked_at=None),
                violation_error_message=_("已有在用的订阅地址，请先停用。"),
            )
        ]

    def __str__(self):
        return str(self.committee or self.user)
