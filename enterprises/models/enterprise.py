"""Enterprises, their places on chains, and their employees over time."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NumberError

from alliances.models import Region, phone_validator
from chains.models import Chain, Committee, Link
from core import search
from enterprises.enums import Scale
from enterprises.querysets import EnterpriseQuerySet, OfEnterpriseQuerySet


def validate_credit_code(value: str) -> None:
    """Unified social credit code (统一社会信用代码) with its check digit, by GB 32100."""
    try:
        uscc.validate(value)
    except NumberError as error:
        raise ValidationError(_("统一社会信用代码不正确：应为 18 位，且校验位相符。"), code="credit_code") from error


@pghistory.track(exclude=["tokens", "initials", "unvisited_until"])
class Enterprise(models.Model):
    """An enterprise on the county's chains (企业).

    `first_visited_on` is the day of its first visit, or the day it joined where it was visited before. The app that
    logs visits keeps it, so that enterprises never visited count without a join. `unvisited_until` is the day on which
    it ceases to be among those never visited: that first visit, or the day it left.
    """

    name = models.CharField(_("企业名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    credit_code = models.CharField(
        _("统一社会信用代码"),
        max_length=18,
        unique=True,
        validators=[validate_credit_code],
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("所在区域"),
        on_delete=models.PROTECT,
        related_name="enterprises",
    )
    address = models.CharField(_("地址"), max_length=200, blank=True)
    scale = models.CharField(_("规模"), max_length=10, choices=Scale, default=Scale.SMALL)
    is_above_scale = models.BooleanField(_("规上企业"), default=False)
    is_leading = models.BooleanField(_("龙头企业"), default=False)
    contact_name = models.CharField(_("联系人"), max_length=40, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True, validators=[phone_validator])
    business = models.TextField(_("主营业务"), blank=True)
    joined_on = models.DateField(_("入链日期"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True)
    first_visited_on = models.DateField(_("首次走访"), null=True, blank=True, editable=False)
    unvisited_until = models.GeneratedField(
        expression=Least("first_visited_on", "left_on"),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("并入企业"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )
    initials = models.CharField(max_length=200, blank=True, editable=False, db_index=True)
    tokens = ArrayField(models.CharField(max_length=60), default=list, editable=False)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("企业")
        verbose_name_plural = _("企业")
        ordering = ["id"]
        indexes = [
            GinIndex(fields=["tokens"], name="enterprise_tokens"),
            models.Index(fields=["region", "joined_on"], name="enterprise_joined"),
            models.Index(fields=["region", "left_on"], name="enterprise_left"),
            models.Index(fields=["region", "unvisited_until"], name="enterprise_unvisited"),
        ]
        constraints = [
            models.CheckConstraint(
                name="enterprise_dates_ordered",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("退出日期不能早于入链日期。"),
            ),
            models.CheckConstraint(
                name="enterprise_visited_since_joined",
                condition=Q(first_visited_on=None) | Q(first_visited_on__gte=F("joined_on")),
            ),
            models.CheckConstraint(
                name="enterprise_merged_has_left",
                condition=Q(merged_into=None) | Q(left_on__isnull=False),
                violation_error_message=_("已并入其他企业的，必须有退出日期。"),
            ),
        ]

    def __str__(self):
        return self.short_name or self.name

    def save(self, *args, **kwargs):
        self.before_save()
        super().save(*args, **kwargs)

    def before_save(self):
        """What is worked out of the other fields."""
        self.initials = search.initials(self.short_name or self.name)
        self.tokens = search.tokens(self.name, self.short_name, self.credit_code)
        if self.first_visited_on is not None:
            # Visited before it joined: from its first day on it is not among those never visited.
            self.first_visited_on = max(self.first_visited_on, self.joined_on)


@pghistory.track()
class ChainMembership(models.Model):
    """An enterprise's place on a chain (链上企业): the link it fills, the committee it is joined to.

    `region` and `committee` are copies kept by `enterprises.lifecycle`, so that figures count without a join.
    """

    enterprise = models.ForeignKey(
        Enterprise,
        verbose_name=_("企业"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    chain = models.ForeignKey(
        Chain,
        verbose_name=_("产业链"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    link = models.ForeignKey(
        Link,
        verbose_name=_("环节"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="memberships",
    )
    region = models.ForeignKey(Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(
        Committee,
        verbose_name=_("产业链党委"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    is_master = models.BooleanField(_("链主企业"), default=False)
    is_primary = models.BooleanField(_("主链"), default=False)
    joined_on = models.DateField(_("入链日期"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True)

    objects = OfEnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("链上企业")
        verbose_name_plural = _("链上企业")
        ordering = ["enterprise", "-is_primary", "id"]
        indexes = [
            models.Index(fields=["region", "joined_on"], name="membership_reg_joined"),
            models.Index(fields=["region", "left_on"], name="membership_reg_left"),
            models.Index(fields=["committee", "joined_on"], name="membership_com_joined"),
            models.Index(fields=["committee", "left_on"], name="membership_com_left"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="membership_once_per_chain",
                fields=["enterprise", "chain"],
                condition=Q(left_on=None),
                violation_error_message=_("该企业已在这条产业链上。"),
            ),
            models.UniqueConstraint(
                name="membership_one_primary",
                fields=["enterprise"],
                condition=Q(left_on=None, is_primary=True),
                violation_error_message=_("一家企业只能有一条主链。"),
            ),
            models.CheckConstraint(
                name="membership_dates_ordered",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("退出日期不能早于入链日期。"),
            ),
        ]

    def __str__(self):
        return f"{self.enterprise} · {self.chain}"


class EmployeeCount(models.Model):
    """How many people an enterprise employed from one date until the next count (员工数)."""

    enterprise = models.ForeignKey(
        Enterprise,
        verbose_name=_("企业"),
        on_delete=models.PROTECT,
        related_name="employee_counts",
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, null=True, on_delete=models.PROTECT, related_name="+")
    employees = models.PositiveIntegerField(_("员工数"))
    from_on = models.DateField(_("起始日期"))
    until_on = models.DateField(_("截止日期"), null=True, blank=True)

    objects = OfEnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("员工数")
        verbose_name_plural = _("员工数")
        ordering = ["enterprise", "-from_on"]
        indexes = [
            models.Index(fields=["region", "from_on"], name="employeecount_reg_from"),
            models.Index(fields=["region", "until_on"], name="employeecount_reg_until"),
            models.Index(fields=["committee", "from_on"], name="employeecount_com_from"),
            models.Index(fields=["committee", "until_on"], name="employeecount_com_until"),
        ]
        constraints = [
            models.UniqueConstraint(name="employeecount_once_per_day", fields=["enterprise", "from_on"]),
            models.UniqueConstraint(
                name="employeecount_one_current",
                fields=["enterprise"],
                condition=Q(until_on=None),
            ),
            models.CheckConstraint(
                name="employeecount_dates_ordered",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
            ),
        ]

    def __str__(self):
        return f"{self.enterprise} {self.from_on}: {self.employees}"
