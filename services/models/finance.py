"""Finance: institutions and their products, ratings of enterprises, loans, social capital. Amounts are in 万元."""

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from enterprises.models.placed import Placed, dated
from enterprises.querysets import PlacedQuerySet
from services.models.projects import EntryKind, Project, amount
from services.project_enums import EntryClass
from services.project_querysets import FinanceProductQuerySet


class _Paged(Placed):
    """A row with a page of its own."""

    objects = PlacedQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self):
        return reverse(f"services:{self._meta.model_name}_detail", args=[self.pk])


def _of_firm(name, **options):
    return models.ForeignKey(Enterprise, verbose_name=_("企业"), on_delete=models.PROTECT, related_name=name, **options)


@pghistory.track()
class FinanceProduct(_Paged):
    """A credit product made for the place (专属信贷产品), e.g. a loan for growers: cap in 万元, rate in % a year."""

    institution = models.CharField(_("金融机构"), max_length=80)
    name = models.CharField(_("产品名称"), max_length=80)
    audience = models.CharField(_("面向对象"), max_length=120, blank=True)
    cap = amount(_("单户最高额度（万元）"), null=True, blank=True)
    rate = models.DecimalField(
        _("最低年利率（%）"), max_digits=6, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    months = models.PositiveSmallIntegerField(_("最长期限（月）"), null=True, blank=True)
    support = models.CharField(_("增信、贴息和降费"), max_length=200, blank=True)
    offered_on = models.DateField(_("推出日期"))
    closed_on = models.DateField(_("停办日期"), null=True, blank=True)

    objects = FinanceProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("金融产品")
        verbose_name_plural = _("金融产品")
        ordering = ["institution", "name"]
        indexes = dated("financeproduct", "offered_on", "closed_on")
        constraints = [
            models.CheckConstraint(
                name="financeproduct_sane",
                condition=(Q(closed_on=None) | Q(closed_on__gte=F("offered_on"))) & (Q(cap=None) | Q(cap__gt=0)),
                violation_error_message=_("停办日期不能早于推出日期，额度应大于 0。"),
            ),
            models.UniqueConstraint(
                name="financeproduct_once",
                fields=["region", "institution", "name"],
                violation_error_message=_("这家机构已登记同名产品。"),
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.institution}）"


@pghistory.track()
class CreditRating(_Paged):
    """An enterprise was rated and given a line of credit (评级授信). It holds until the next one, or until it ends."""

    enterprise = _of_firm("credit_ratings")
    institution = models.CharField(_("金融机构"), max_length=80)
    grade = models.CharField(_("信用等级"), max_length=20, blank=True)
    credit_line = amount(_("授信额度（万元）"))
    rated_on = models.DateField(_("评级日期"))
    until_on = models.DateField(_("失效日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("评级授信")
        verbose_name_plural = _("评级授信")
        ordering = ["-rated_on", "-id"]
        indexes = dated("creditrating", "rated_on", "until_on")
        constraints = [
            models.CheckConstraint(
                name="creditrating_sane",
                condition=Q(credit_line__gte=0) & (Q(until_on=None) | Q(until_on__gte=F("rated_on"))),
                violation_error_message=_("额度不能为负，失效日期不能早于评级日期。"),
            ),
            models.UniqueConstraint(
                name="creditrating_one_in_force",
                fields=["enterprise"],
                condition=Q(until_on=None),
                violation_error_message=_("这家企业已有有效的评级授信。"),
            ),
        ]

    def __str__(self):
        return f"{self.enterprise} · {self.grade or self.institution}"


@pghistory.track()
class Loan(_Paged):
    """A loan that was issued (发放贷款), to an enterprise or to a borrower of another class, named or summed up."""

    enterprise = _of_firm("loans", null=True, blank=True)
    borrower_kind = models.ForeignKey(
        EntryKind, verbose_name=_("借款主体类别"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    borrower = models.CharField(_("借款主体"), max_length=120, blank=True)
    kind = models.ForeignKey(EntryKind, verbose_name=_("贷款类别"), on_delete=models.PROTECT, related_name="loans")
    counts_as = models.CharField(max_length=12, choices=EntryClass, editable=False)
    institution = models.CharField(_("金融机构"), max_length=80)
    product = models.ForeignKey(
        FinanceProduct,
        verbose_name=_("金融产品"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="loans",
    )
    amount = amount(_("金额（万元）"))
    issued_on = models.DateField(_("发放日期"))

    class Meta:
        verbose_name = _("发放贷款")
        verbose_name_plural = _("发放贷款")
        ordering = ["-issued_on", "-id"]
        indexes = dated("loan", "issued_on")
        constraints = [
            models.CheckConstraint(
                name="loan_amount_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("金额应大于 0。"),
            ),
            models.CheckConstraint(
                name="loan_one_borrower",
                condition=Q(enterprise__isnull=False, borrower_kind=None, borrower="")
                | (Q(enterprise=None, borrower_kind__isnull=False) & ~Q(borrower="")),
                violation_error_message=_("企业和其他借款主体（类别和名称）只填一项。"),
            ),
        ]

    def __str__(self):
        return f"{self.enterprise or self.borrower} · {self.issued_on}"


@pghistory.track()
class SocialCapital(_Paged):
    """Private capital that was drawn in (吸引社会资本)."""

    enterprise = _of_firm("social_capital", null=True, blank=True)
    project = models.ForeignKey(
        Project, verbose_name=_("项目"), null=True, blank=True, on_delete=models.PROTECT, related_name="social_capital"
    )
    investor = models.CharField(_("投资方"), max_length=120)
    amount = amount(_("金额（万元）"))
    attracted_on = models.DateField(_("投入日期"))

    class Meta:
        verbose_name = _("社会资本")
        verbose_name_plural = _("社会资本")
        ordering = ["-attracted_on", "-id"]
        indexes = dated("socialcapital", "attracted_on")
        constraints = [
            models.CheckConstraint(
                name="socialcapital_amount_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("金额应大于 0。"),
            )
        ]

    def __str__(self):
        return f"{self.investor} · {self.attracted_on}"
