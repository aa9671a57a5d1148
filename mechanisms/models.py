"""Mechanisms with their versions, where they are switched off, what they oblige whom to, and marks of what changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, TruncMonth, TruncQuarter, TruncWeek, TruncYear
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from core.cycles import Cycle
from mechanisms.enums import Cadence, Reminded
from mechanisms.querysets import (
    MechanismQuerySet,
    MechanismVersionQuerySet,
    ObligationQuerySet,
    OfMechanismQuerySet,
    ToldQuerySet,
)

# A rule by quarter begins with a quarter: so no period is ever judged by two versions, nor by half of one.
_BEGINS = (
    Q(cadence=Cadence.STANDING)
    | Q(cadence=Cadence.WEEK, starts_on=TruncWeek("starts_on"))
    | Q(cadence=Cadence.TEN_DAYS, starts_on__day__in=[1, 11, 21])
    | Q(cadence=Cadence.MONTH, starts_on=TruncMonth("starts_on"))
    | Q(cadence=Cadence.QUARTER, starts_on=TruncQuarter("starts_on"))
    | Q(cadence=Cadence.HALF, starts_on=TruncMonth("starts_on"), starts_on__month__in=[1, 7])
    | Q(cadence=Cadence.YEAR, starts_on=TruncYear("starts_on"))
)


class Mechanism(models.Model):
    """A duty that comes round (机制) of a region, holding for it and all below. What it asks for is in its versions.

    `code` is its number in the scheme it comes from (PL-M06) or the county's own.
    """

    region = models.ForeignKey(Region, verbose_name=_("适用区域"), on_delete=models.PROTECT, related_name="mechanisms")
    code = models.CharField(_("编号"), max_length=20)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = MechanismQuerySet.as_manager()

    class Meta:
        verbose_name = _("机制")
        verbose_name_plural = _("机制")
        ordering = ["order", "code", "id"]
        constraints = [
            models.UniqueConstraint(
                name="mechanism_code_once",
                fields=["region", "code"],
                violation_error_message=_("本区域已有这个编号的机制。"),
            ),
            models.CheckConstraint(name="mechanism_code_set", condition=~Q(code="")),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("mechanisms:detail", args=[self.pk])


class MechanismVersion(models.Model):
    """What a mechanism asks for from one day to another (规则文本). A change is a new version; what earlier versions
    said of periods that had ended stays as it was.

    `actor` and `act` are codes of the registries, `actor_filters` and `act_filters` conditions that these offer.
    `target` is about how many there should be within minimum and maximum (5 个左右); the verdict goes by these two.
    `reaches` is the kind of actor to be reached by the acts, `percent` the share of them. `ends_on` is the first day
    on which it no longer holds; a period is judged by the version that held on all of its days.
    """

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(_("名称"), max_length=60)
    text = models.CharField(_("规则原文"), max_length=500, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    actor = models.CharField(_("责任主体"), max_length=40)
    actor_filters = models.JSONField(default=dict)
    act = models.CharField(_("要做的事"), max_length=40)
    act_filters = models.JSONField(default=dict)
    cadence = models.CharField(_("周期"), max_length=10, choices=Cadence)
    minimum = models.PositiveSmallIntegerField(_("至少"), default=1)
    maximum = models.PositiveSmallIntegerField(_("至多"), null=True, blank=True)
    target = models.PositiveSmallIntegerField(_("以多少为宜"), null=True, blank=True)
    reaches = models.CharField(_("覆盖对象"), max_length=40, blank=True)
    reaches_filters = models.JSONField(default=dict)
    percent = models.PositiveSmallIntegerField(_("覆盖率"), null=True, blank=True)
    starts_on = models.DateField(_("生效日期"))
    ends_on = models.DateField(_("失效日期"), null=True, blank=True)
    warn_days = models.PositiveSmallIntegerField(_("提前提醒天数"))
    reminds = models.CharField(_("提醒谁"), max_length=10, choices=Reminded, default=Reminded.SECRETARY)
    note = models.CharField(_("修订说明"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = MechanismVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("机制的规则")
        verbose_name_plural = _("机制的规则")
        ordering = ["mechanism", "-starts_on"]
        constraints = [
            models.UniqueConstraint(name="mechanismversion_once_per_day", fields=["mechanism", "starts_on"]),
            models.UniqueConstraint(
                name="mechanismversion_one_open", fields=["mechanism"], condition=Q(ends_on=None)
            ),
            models.CheckConstraint(name="mechanismversion_cadence_known", condition=Q(cadence__in=Cadence.values)),
            models.CheckConstraint(name="mechanismversion_reminds_known", condition=Q(reminds__in=Reminded.values)),
            models.CheckConstraint(
                name="mechanismversion_dates_ordered",
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("失效日期应晚于生效日期。"),
            ),
            models.CheckConstraint(
                name="mechanismversion_asks_something",
                condition=Q(minimum__gte=1) | Q(maximum__isnull=False) | Q(percent__isnull=False),
                violation_error_message=_("次数、上限和覆盖率至少要填一项。"),
            ),
            models.CheckConstraint(
                name="mechanismversion_range_ordered",
                condition=Q(maximum=None) | Q(maximum__gte=F("minimum")),
                violation_error_message=_("上限不能小于下限。"),
            ),
            models.CheckConstraint(
                name="mechanismversion_target_in_range",
                condition=Q(target=None)
                | (Q(target__gte=F("minimum")) & (Q(maximum=None) | Q(target__lte=F("maximum")))),
                violation_error_message=_("以多少为宜应在下限和上限之间。"),
            ),
            models.CheckConstraint(
                name="mechanismversion_coverage_whole",
                condition=Q(percent=None, reaches="") | (Q(percent__range=(1, 100)) & ~Q(reaches="")),
                violation_error_message=_("覆盖对象和覆盖率要一起填写，覆盖率在 1 到 100 之间。"),
            ),
            models.CheckConstraint(
                name="mechanismversion_standing_is_plain",
                condition=~Q(cadence=Cadence.STANDING) | Q(percent=None, warn_days=0),
                violation_error_message=_("常态要求没有覆盖率，也没有提前提醒。"),
            ),
            models.CheckConstraint(
                name="mechanismversion_begins_with_period",
                condition=_BEGINS,
                violation_error_message=_("规则应从一个周期的第一天开始。"),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    @property
    def is_standing(self) -> bool:
        return self.cadence == Cadence.STANDING


class SwitchedOff(models.Model):
    """A region below that does not follow a mechanism from a day on (停用), with its reason. `until_on` is the first
    day on which it is followed again."""

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="switched_off")
    region = models.ForeignKey(Region, verbose_name=_("停用区域"), on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField(_("停用日期"))
    until_on = models.DateField(_("恢复日期"), null=True, blank=True)
    reason = models.CharField(_("停用理由"), max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = OfMechanismQuerySet.as_manager()

    class Meta:
        verbose_name = _("停用")
        verbose_name_plural = _("停用")
        ordering = ["mechanism", "-from_on"]
        constraints = [
            models.UniqueConstraint(
                name="switchedoff_one_open", fields=["mechanism", "region"], condition=Q(until_on=None)
            ),
            models.CheckConstraint(
                name="switchedoff_dates_ordered",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                violation_error_message=_("恢复日期不能早于停用日期。"),
            ),
            models.CheckConstraint(name="switchedoff_says_why", condition=~Q(reason="")),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.mechanism} {self.region}"


class Obligation(models.Model):
    """What one version asks of one actor in one period, with what was found (应尽事项). Written by the drain alone.

    `first_on` and `last_on` are the period; of a standing mechanism `last_on` is empty and there is one row, for now.
    `complied_on` is the day on which it was met; `missed_on` the last day of a period that ended without; `judged_on`
    the last day of a period that has ended, for those that are judged. `warn_on` is the day from which it is told of,
    `planned_on` the day of the next act that is planned. Region, chain, committee and enterprise are copies of the
    actor's, for figures without a join.
    """

    version = models.ForeignKey(MechanismVersion, on_delete=models.CASCADE, related_name="obligations")
    mechanism = models.ForeignKey(Mechanism, on_delete=models.CASCADE, related_name="obligations")
    actor_kind = models.CharField(max_length=40)
    actor_id = models.BigIntegerField()
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    chain = models.ForeignKey("chains.Chain", null=True, on_delete=models.CASCADE, related_name="+")
    committee = models.ForeignKey("chains.Committee", null=True, on_delete=models.CASCADE, related_name="obligations")
    enterprise = models.ForeignKey("enterprises.Enterprise", null=True, on_delete=models.CASCADE, related_name="+")
    first_on = models.DateField(_("周期第一天"))
    last_on = models.DateField(_("周期最后一天"), null=True)
    warn_on = models.DateField(_("提醒日期"), null=True)
    is_standing = models.BooleanField(default=False)
    is_judged = models.BooleanField(_("参与判定"), default=True)
    count = models.PositiveIntegerField(_("次数"), default=0)
    wanted = models.PositiveIntegerField(_("应覆盖"), default=0)
    reached = models.PositiveIntegerField(_("已覆盖"), default=0)
    complied_on = models.DateField(_("落实日期"), null=True)
    missed_on = models.DateField(_("未落实"), null=True)
    judged_on = models.DateField(_("判定日期"), null=True)
    planned_on = models.DateField(_("计划日期"), null=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("应尽事项")
        verbose_name_plural = _("应尽事项")
        ordering = ["-first_on", "id"]
        indexes = [
            models.Index(fields=["actor_kind", "actor_id"], name="obligation_actor"),
            models.Index(fields=["mechanism", "-first_on"], name="obligation_mechanism"),
            models.Index(fields=["committee", "-first_on"], name="obligation_committee"),
            models.Index(fields=["region", "judged_on"], name="obligation_reg_judged"),
            models.Index(fields=["region", "missed_on"], name="obligation_reg_missed"),
            models.Index(fields=["committee", "judged_on"], name="obligation_com_judged"),
            models.Index(fields=["committee", "missed_on"], name="obligation_com_missed"),
            models.Index(fields=["warn_on"], name="obligation_waiting", condition=Q(complied_on=None, is_judged=True)),
        ]
        constraints = [
            models.UniqueConstraint(name="obligation_once", fields=["version", "actor_id", "first_on"]),
            models.CheckConstraint(
                name="obligation_period_ordered", condition=Q(last_on=None) | Q(last_on__gte=F("first_on"))
            ),
            models.CheckConstraint(
                name="obligation_standing_has_no_end",
                condition=Q(is_standing=True, last_on=None) | Q(is_standing=False, last_on__isnull=False),
            ),
            models.CheckConstraint(
                name="obligation_missed_is_judged", condition=Q(missed_on=None) | Q(judged_on=F("missed_on"))
            ),
            models.CheckConstraint(
                name="obligation_one_verdict", condition=Q(missed_on=None) | Q(complied_on=None)
            ),
            models.CheckConstraint(
                name="obligation_not_judged_unjudged", condition=Q(is_judged=True) | Q(judged_on=None)
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.version_id} {self.actor_kind} {self.actor_id} {self.first_on}"

    def get_absolute_url(self):
        return reverse("mechanisms:obligation", args=[self.pk])

    @property
    def cycle(self) -> Cycle | None:
        """The period; None for what must be so on every day."""
        return None if self.is_standing else Cycle(self.first_on, self.last_on, self.version.cadence)


class Vacancy(models.Model):
    """A stretch of time in which a standing mechanism was not met (空缺): from `from_on` to the day before
    `until_on`, which is empty while it goes on. Written by the drain alone."""

    version = models.ForeignKey(MechanismVersion, on_delete=models.CASCADE, related_name="vacancies")
    actor_kind = models.CharField(max_length=40)
    actor_id = models.BigIntegerField()
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    chain = models.ForeignKey("chains.Chain", null=True, on_delete=models.CASCADE, related_name="+")
    committee = models.ForeignKey("chains.Committee", null=True, on_delete=models.CASCADE, related_name="+")
    enterprise = models.ForeignKey("enterprises.Enterprise", null=True, on_delete=models.CASCADE, related_name="+")
    from_on = models.DateField(_("空缺起始"))
    until_on = models.DateField(_("补齐日期"), null=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("空缺")
        verbose_name_plural = _("空缺")
        ordering = ["version", "actor_id", "from_on"]
        indexes = [
            models.Index(fields=["region", "from_on"], name="vacancy_reg_from"),
            models.Index(fields=["region", "until_on"], name="vacancy_reg_until"),
            models.Index(fields=["committee", "from_on"], name="vacancy_com_from"),
            models.Index(fields=["committee", "until_on"], name="vacancy_com_until"),
        ]
        constraints = [
            models.UniqueConstraint(name="vacancy_once", fields=["version", "actor_id", "from_on"]),
            models.UniqueConstraint(
                name="vacancy_one_open", fields=["version", "actor_id"], condition=Q(until_on=None)
            ),
            models.CheckConstraint(
                name="vacancy_dates_ordered", condition=Q(until_on=None) | Q(until_on__gt=F("from_on"))
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.version_id} {self.actor_kind} {self.actor_id} {self.from_on}"


class Told(models.Model):
    """That somebody was reminded of a duty (已提醒): once, whatever becomes of the duty and its rows afterwards."""

    version = models.ForeignKey(MechanismVersion, on_delete=models.CASCADE, related_name="+")
    actor_id = models.BigIntegerField()
    first_on = models.DateField()
    at = models.DateTimeField()

    objects = ToldQuerySet.as_manager()

    class Meta:
        verbose_name = _("已提醒")
        verbose_name_plural = _("已提醒")
        constraints = [models.UniqueConstraint(name="told_once", fields=["version", "actor_id", "first_on"])]

    def __str__(self):
        return f"{self.version_id} {self.actor_id} {self.first_on}"


class Mark(models.Model):
    """What is to be looked at again (待重判标记), inserted by triggers in the transaction of the change.

    `subject` is `act` or `actor` with its code, the actor's kind and number and (of an act) its day; without a number
    all of them. `mechanism` names one by number; `all` means everything.
    """

    ACT, ACTOR, MECHANISM, ALL = "act", "actor", "mechanism", "all"

    subject = models.CharField(max_length=10)
    code = models.CharField(max_length=40, blank=True, db_default="")
    actor_kind = models.CharField(max_length=40, blank=True, db_default="")
    actor_id = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("待重判标记")
        verbose_name_plural = _("待重判标记")
        indexes = [models.Index(fields=["at"], name="radar_mark_at")]

    def __str__(self):
        return f"{self.subject} {self.code} {self.actor_kind} {self.actor_id} {self.day}"


class Progress(models.Model):
    """The radar's own record, one row: the day it has been brought up to, when it last looked, by which registry."""

    day = models.DateField()
    as_of = models.DateTimeField()
    registered = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("判定进度")
        constraints = [models.CheckConstraint(name="radar_progress_one_row", condition=Q(id=1))]

    def __str__(self):
        return f"{self.day}"
