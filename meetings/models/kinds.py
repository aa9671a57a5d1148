"""Kinds of meetings and activities as data: common ones are shipped, a region adds its own."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from core.shipped import ShippedName
from meetings.enums import ActivityClass, MeetingClass, Quorum
from meetings.querysets import GuardQuerySet, KindQuerySet

code_validator = RegexValidator(r"^[a-z][a-z0-9_]{1,39}$", _("代码以小写字母开头，只含小写字母、数字和下划线。"))


class _Kind(ShippedName, models.Model):
    """What both sorts of kinds have: a common one belongs to no region and is kept by nobody on a page."""

    region = models.ForeignKey(
        Region, verbose_name=_("所属区域"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(_("代码"), max_length=40, validators=[code_validator])
    name = models.CharField(_("名称"), max_length=40)
    hint = models.CharField(_("说明"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=100)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = KindQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.name


class MeetingKind(_Kind):
    """A kind of meeting (会议类别), e.g. committee meeting, joint conference.

    `counts_as` says which figure it counts in; `quorum` which share of the seats must be there for it to be held;
    `notice_days` how many working days ahead its notice goes out at the latest.
    """

    counts_as = models.CharField(_("归口"), max_length=10, choices=MeetingClass, default=MeetingClass.OTHER)
    quorum = models.CharField(_("到会要求"), max_length=10, choices=Quorum, default=Quorum.NONE)
    notice_days = models.PositiveSmallIntegerField(
        _("提前通知（工作日）"), default=2, validators=[MaxValueValidator(60)]
    )

    class Meta:
        verbose_name = _("会议类别")
        verbose_name_plural = _("会议类别")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(name="meetingkind_class_known", condition=Q(counts_as__in=MeetingClass.values)),
            models.CheckConstraint(name="meetingkind_quorum_known", condition=Q(quorum__in=Quorum.values)),
            models.UniqueConstraint(
                name="meetingkind_code_once",
                fields=["region", "code"],
                nulls_distinct=False,
                violation_error_message=_("本区域已有相同代码的会议类别。"),
            ),
        ]


class ActivityKind(_Kind):
    """A kind of activity (活动类别), e.g. theme Party day, visit, training.

    `disturbs` says whether the enterprises it reaches are disturbed by it (无事不扰): a visit is, a lesson that people
    come to is not.
    """

    counts_as = models.CharField(_("归口"), max_length=20, choices=ActivityClass, default=ActivityClass.OTHER)
    disturbs = models.BooleanField(_("计入打扰企业次数"), default=False)

    class Meta:
        verbose_name = _("活动类别")
        verbose_name_plural = _("活动类别")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(name="activitykind_class_known", condition=Q(counts_as__in=ActivityClass.values)),
            models.UniqueConstraint(
                name="activitykind_code_once",
                fields=["region", "code"],
                nulls_distinct=False,
                violation_error_message=_("本区域已有相同代码的活动类别。"),
            ),
        ]


class VisitGuard(models.Model):
    """How near two visits to one enterprise may be (无事不扰间隔), per region from a day on.

    The nearest region's newest begun row holds, and 7 days where there is none.
    """

    region = models.ForeignKey(Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(
        _("间隔（日历日）"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    begins_on = models.DateField(_("起用日期"))

    objects = GuardQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访间隔")
        verbose_name_plural = _("走访间隔")
        ordering = ["region__path", "-begins_on"]
        constraints = [
            models.UniqueConstraint(
                name="visitguard_once_a_day",
                fields=["region", "begins_on"],
                violation_error_message=_("这一天已有起用的间隔。"),
            ),
            models.CheckConstraint(name="visitguard_days_sane", condition=Q(days__gte=1, days__lte=90)),
        ]

    def __str__(self):
        return f"{self.region} {self.begins_on}"
