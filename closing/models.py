"""Closed months (封账) with the figures they stand by, targets (目标), and figures that are entered (填报数)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from chains.models import Committee
from closing.enums import ClosingState
from closing.querysets import EnteredQuerySet, OfUnitQuerySet, TargetQuerySet
from core import units
from core.periods import Month, Period
from enterprises.models.kinds import Kind
from indicators.models import Number


class Closing(models.Model):
    """The month of one unit (封账): a committee's, or a region's where `committee` is empty.

    A unit's month without a row is open. `round` counts the locks: the figures of the newest round stand, also while
    the month is open again. `version` counts the changes, for those who read the page before somebody else acted.
    """

    region = models.ForeignKey(Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="closings")
    committee = models.ForeignKey(
        Committee,
        verbose_name=_("产业链党委"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="closings",
    )
    month = models.DateField(_("月份"), help_text=_("当月第一天。"))
    state = models.CharField(_("状态"), max_length=10, choices=ClosingState, default=ClosingState.OPEN)
    version = models.PositiveIntegerField(default=0)
    round = models.PositiveSmallIntegerField(_("封账次数"), default=0)
    reason = models.CharField(_("封账说明"), max_length=300, blank=True)
    locked_at = models.DateTimeField(_("封账时间"), null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("封账人"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("月度封账")
        verbose_name_plural = _("月度封账")
        ordering = ["-month", "region__path", "committee_id"]
        indexes = [models.Index(fields=["month", "region"], name="closing_month")]
        constraints = [
            models.UniqueConstraint(
                name="closing_once_per_committee", fields=["committee", "month"], condition=Q(committee__isnull=False)
            ),
            models.UniqueConstraint(
                name="closing_once_per_region", fields=["region", "month"], condition=Q(committee=None)
            ),
            models.CheckConstraint(name="closing_month_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(name="closing_state_known", condition=Q(state__in=ClosingState.values)),
            models.CheckConstraint(
                name="closing_locked_says_why",
                condition=~Q(state=ClosingState.LOCKED)
                | (Q(round__gte=1, locked_at__isnull=False, locked_by__isnull=False) & ~Q(reason="")),
                violation_error_message=_("封账须写明说明。"),
            ),
        ]

    def __str__(self):
        return _("%(unit)s%(month)s") % {"unit": self.committee or self.region, "month": self.month_of.name}

    @property
    def month_of(self):
        return Month.of(self.month)

    @property
    def period(self):
        return Period.month(self.month.year, self.month.month)


class Exemption(models.Model):
    """That one unit's month may stay open, or was opened again, until a day (宽限、开封): who said so, and why."""

    closing = models.ForeignKey(Closing, on_delete=models.CASCADE, related_name="exemptions")
    until = models.DateField(_("截止日期"))
    reason = models.CharField(_("理由"), max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("宽限")
        verbose_name_plural = _("宽限")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="exemption_says_why", condition=~Q(reason=""))]

    def __str__(self):
        return f"{self.closing} {self.until}"


class Frozen(models.Model):
    """One figure as the engine said it when the month was locked (封账数). Never changed: a trigger sees to it.

    The cell is the engine's: a region, a chain of it (`chain_id`), or a committee. `value` is rounded to ten places
    where it is a share or a mean, whose exact parts are `numerator` and `denominator` (of a mean the days and the
    cases). `row_ids` are the rows counted, of flows and stocks of the unit itself; None where they were too many or the
    figure has none of its own. `name` and `unit` say what it was called then.
    """

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="frozen")
    round = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=20, blank=True)
    region_id = models.BigIntegerField()
    chain_id = models.BigIntegerField()
    committee_id = models.BigIntegerField()
    value = Number(null=True)
    numerator = Number(null=True)
    denominator = Number(null=True)
    as_of = models.DateTimeField()
    row_ids = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        verbose_name = _("封账数")
        verbose_name_plural = _("封账数")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="frozen_once",
                fields=["closing", "round", "region_id", "chain_id", "committee_id", "indicator"],
            )
        ]

    def __str__(self):
        return f"{self.closing} {self.indicator} {self.value}"


class Target(models.Model):
    """What a unit is to reach in a year, or over three (目标): of a committee, or of a region with all below it.

    `value` is in the indicator's own unit. Reached from above or below as the indicator declares: a figure whose rise
    is bad must stay at or below its target.
    """

    region = models.ForeignKey(Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="targets")
    committee = models.ForeignKey(
        Committee,
        verbose_name=_("产业链党委"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="targets",
    )
    indicator = models.CharField(_("指标"), max_length=60)
    first_year = models.PositiveSmallIntegerField(_("起始年度"))
    last_year = models.PositiveSmallIntegerField(_("截止年度"))
    value = Number(_("目标值"))
    source = models.CharField(_("依据"), max_length=120)
    version = models.PositiveIntegerField(default=0)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("目标")
        verbose_name_plural = _("目标")
        ordering = ["first_year", "last_year", "id"]
        constraints = [
            models.UniqueConstraint(
                name="target_once_per_committee",
                fields=["committee", "indicator", "first_year", "last_year"],
                condition=Q(committee__isnull=False, withdrawn_at=None),
                violation_error_message=_("这个单位该年度的这项指标已有目标，请在原目标上调整。"),
            ),
            models.UniqueConstraint(
                name="target_once_per_region",
                fields=["region", "indicator", "first_year", "last_year"],
                condition=Q(committee=None, withdrawn_at=None),
                violation_error_message=_("这个单位该年度的这项指标已有目标，请在原目标上调整。"),
            ),
            models.CheckConstraint(
                name="target_one_year_or_three",
                condition=Q(last_year=F("first_year")) | Q(last_year=F("first_year") + 2),
                violation_error_message=_("目标按一年或三年设定。"),
            ),
            models.CheckConstraint(name="target_not_negative", condition=Q(value__gte=0)),
            models.CheckConstraint(name="target_says_source", condition=~Q(source="")),
        ]

    def __str__(self):
        return f"{self.committee or self.region} {self.indicator} {self.first_year}"

    @property
    def period(self):
        return Period(Month(self.first_year, 1), Month(self.last_year, 12))


class EnteredKind(Kind):
    """A figure that no record of the house adds up to (填报指标), e.g. growth of output (增速), output value (产值).

    `unit` is a sign of `core.units`; `places` how many decimals it is told with. Both stand once something was entered.
    """

    unit = models.CharField(
        _("计量单位"), max_length=10,
        choices=[(one.code, one.code) for one in units.ALL.values() if one.code and one.kind != "points"],
    )  # fmt: skip
    places = models.PositiveSmallIntegerField(_("小数位数"), default=1, validators=[MaxValueValidator(4)])
    definition = models.CharField(_("口径"), max_length=300)

    class Meta(Kind.Meta):
        verbose_name = _("填报指标")
        verbose_name_plural = _("填报指标")
        constraints = [
            models.UniqueConstraint(
                name="enteredkind_name_once",
                fields=["region", "name"],
                nulls_distinct=False,
                violation_error_message=_("已有同名填报指标。"),
            ),
            models.CheckConstraint(name="enteredkind_places", condition=Q(places__lte=4)),
            models.CheckConstraint(name="enteredkind_defined", condition=~Q(definition="")),
        ]

    @property
    def typed(self) -> units.Unit:
        return units.get(self.unit)


class EnteredFigure(models.Model):
    """One version of what a unit entered for a period (填报数): a region's, or a committee's.

    Versions are numbered from 1; the highest stands. A row is never changed or removed: a trigger sees to it. `value`
    is exact, in the unit of its kind. `after_lock`: a month of the period was closed for the unit, or for a region
    above it, when this was entered, so that it is a correction (更正).
    """

    kind = models.ForeignKey(EnteredKind, verbose_name=_("填报指标"), on_delete=models.PROTECT, related_name="figures")
    region = models.ForeignKey(Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(
        Committee, verbose_name=_("产业链党委"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first = models.DateField(_("起始月"))
    last = models.DateField(_("截止月"))
    version = models.PositiveSmallIntegerField(_("版本"))
    value = Number(_("数值"))
    source = models.CharField(_("来源"), max_length=120)
    as_of = models.DateField(_("截止日期"))
    reason = models.CharField(_("更正理由"), max_length=300, blank=True)
    after_lock = models.BooleanField(_("封账后填报"), default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("填报人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(_("填报时间"))

    objects = EnteredQuerySet.as_manager()

    class Meta:
        verbose_name = _("填报数")
        verbose_name_plural = _("填报数")
        ordering = ["-last", "kind__order", "kind_id", "-version"]
        constraints = [
            models.UniqueConstraint(
                name="entered_version_once",
                fields=["region", "committee", "kind", "first", "last", "version"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="entered_months", condition=Q(first__day=1, last__day=1, last__gte=F("first"))),
            models.CheckConstraint(name="entered_as_of", condition=Q(as_of__gte=F("first"))),
            models.CheckConstraint(name="entered_says_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="entered_correction_says_why",
                condition=Q(version=1, reason="") | (Q(version__gt=1) & ~Q(reason="")),
            ),
        ]

    def __str__(self):
        return f"{self.committee or self.region} {self.kind} {self.period.name}"

    @property
    def period(self):
        return Period(Month.of(self.first), Month.of(self.last))

    @property
    def text(self):
        """The value as printed, with its unit."""
        return units.text(self.value, self.kind.typed, self.kind.places)
