"""What is on offer: resources of units and institutions, and policies with their measures."""

import datetime as dt

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, phone_validator
from chains.models import Chain
from core import search
from core.models import KeptFile
from enterprises.enums import HonourLevel, Scale
from enterprises.models import PartyOrganisation
from enterprises.models.placed import Placed, dated
from services.list_enums import Audience
from services.list_querysets import OfferQuerySet, OfPolicyQuerySet
from services.models.list_kinds import ServiceKind

SMALL = (Scale.SMALL, Scale.MICRO)


def lapses(valid_until, *ends) -> dt.date | None:
    """The first day on which a row holds no more: the day after its last valid one, or an earlier end."""
    lapse = valid_until and valid_until + dt.timedelta(days=1)
    return min(filter(None, (lapse, *ends)), default=None)


class Offer(Placed):
    """What resources and policies share: whom they are for, and from when to when they hold.

    `chain` says under which chain a row is kept and counts; `chains` whom it is for, nobody in particular where empty.
    """

    kind = models.ForeignKey(
        ServiceKind, verbose_name=_("要素类别"), on_delete=models.PROTECT, related_name="%(class)ss"
    )
    title = models.CharField(_("名称"), max_length=120)
    audience = models.CharField(_("适用企业"), max_length=12, choices=Audience, default=Audience.ALL)
    chains = models.ManyToManyField(
        Chain, verbose_name=_("适用产业链"), blank=True, related_name="+", help_text=_("不选即适用各条产业链。")
    )
    text = models.TextField(_("具体内容"), max_length=4000, blank=True)
    from_on = models.DateField(_("开始日期"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True, help_text=_("最后一个有效日；长期有效不填。"))
    closed_on = models.DateField(_("停止日期"), null=True, blank=True)
    ends_on = models.DateField(null=True, editable=False)
    tokens = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    initials = models.CharField(max_length=200, blank=True, editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.initials = search.initials(self.title)
        self.tokens = search.tokens(self.title, self.text)
        self.ends_on = lapses(self.valid_until, self.closed_on)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "ends_on"}
        super().save(*args, **kwargs)

    def is_for(self, firm, *, organised: bool) -> bool:
        """Whether an enterprise is among those whom it is for; `organised` is whether it has a Party organisation."""
        return {
            Audience.ALL: True,
            Audience.ABOVE_SCALE: firm.is_above_scale,
            Audience.LEADING: firm.is_leading,
            Audience.SMALL: firm.scale in SMALL,
            Audience.ORGANISED: organised,
        }[self.audience]


def _rules(name):
    return [
        models.CheckConstraint(
            name=f"{name}_dates_ordered",
            condition=(Q(valid_until=None) | Q(valid_until__gte=F("from_on")))
            & (Q(closed_on=None) | Q(closed_on__gte=F("from_on"))),
            violation_error_message=_("有效期和停止日期不能早于开始日期。"),
        ),
        models.CheckConstraint(
            name=f"{name}_end_kept",
            condition=Q(ends_on=None, valid_until=None, closed_on=None)
            | (Q(ends_on__isnull=False) & (Q(valid_until__isnull=False) | Q(closed_on__isnull=False))),
        ),
        models.CheckConstraint(name=f"{name}_audience_known", condition=Q(audience__in=Audience.values)),
    ]


@pghistory.track(exclude=["initials", "tokens"])
class Resource(Offer):
    """A resource or service (资源、服务项目) that a unit, a Party organisation or an institution offers."""

    department = models.ForeignKey(
        Department,
        verbose_name=_("提供单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    organisation = models.ForeignKey(
        PartyOrganisation,
        verbose_name=_("提供党组织"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="resources",
    )
    provider_name = models.CharField(
        _("提供机构"), max_length=80, blank=True, help_text=_("银行、高校等没有登记的机构填写名称。")
    )
    contact_name = models.CharField(_("联系人"), max_length=40, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True, validators=[phone_validator])

    class Meta:
        verbose_name = _("资源")
        verbose_name_plural = _("资源")
        ordering = ["-from_on", "-id"]
        indexes = [GinIndex(fields=["tokens"], name="resource_tokens"), *dated("resource", "from_on", "ends_on")]
        constraints = [
            *_rules("resource"),
            models.CheckConstraint(
                name="resource_one_provider",
                condition=Q(department__isnull=False, organisation=None, provider_name="")
                | Q(department=None, organisation__isnull=False, provider_name="")
                | (Q(department=None, organisation=None) & ~Q(provider_name="")),
                violation_error_message=_("提供单位、提供党组织、提供机构填一项。"),
            ),
        ]

    def get_absolute_url(self):
        return reverse("services:resource_detail", args=[self.pk])

    @property
    def provider(self) -> str:
        """Who offers it, in words."""
        return str(self.department or self.organisation or self.provider_name)


@pghistory.track(exclude=["initials", "tokens"])
class Policy(Offer):
    """A policy (政策): whom it is for, what it gives, in which window it can be applied for."""

    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    issued_by = models.CharField(_("发文单位"), max_length=80)
    level = models.CharField(_("级别"), max_length=10, choices=HonourLevel, default=HonourLevel.COUNTY)
    gives = models.CharField(_("扶持内容"), max_length=300, help_text=_("一句话说清给什么，例如贷款贴息 2 个百分点。"))

    class Meta:
        verbose_name = _("政策")
        verbose_name_plural = _("政策")
        ordering = ["-from_on", "-id"]
        indexes = [GinIndex(fields=["tokens"], name="policy_tokens"), *dated("policy", "from_on", "ends_on")]
        constraints = [
            *_rules("policy"),
            models.CheckConstraint(name="policy_level_known", condition=Q(level__in=HonourLevel.values)),
            models.UniqueConstraint(
                name="policy_number_once",
                fields=["region", "document_number"],
                condition=~Q(document_number=""),
                violation_error_message=_("本区域已登记这个文号。"),
            ),
        ]

    def get_absolute_url(self):
        return reverse("services:policy_detail", args=[self.pk])


class PolicyMeasure(Placed):
    """One measure of a policy (政策措施) with the unit that answers for it.

    Region, chain, committee and dates are copies of the policy's, kept by the lifecycle, so that measures in force
    count without a join.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField(_("序号"))
    kind = models.ForeignKey(ServiceKind, verbose_name=_("要素类别"), on_delete=models.PROTECT, related_name="measures")
    text = models.CharField(_("措施"), max_length=300)
    department = models.ForeignKey(
        Department, verbose_name=_("责任单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    responsible = models.CharField(_("责任人（职务）"), max_length=80, blank=True)
    from_on = models.DateField(editable=False)
    ends_on = models.DateField(null=True, editable=False)

    objects = OfPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("政策措施")
        verbose_name_plural = _("政策措施")
        ordering = ["policy", "number"]
        indexes = dated("measure", "from_on", "ends_on")
        constraints = [
            models.UniqueConstraint(
                name="measure_number_once",
                fields=["policy", "number"],
                violation_error_message=_("这个序号已有措施。"),
            )
        ]

    def __str__(self):
        return self.text


class PolicyFile(KeptFile):
    """The text of a policy as a file (政策原文), stored under a random name and served as a download only."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="files")

    objects = OfPolicyQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        verbose_name = _("政策原文")
        verbose_name_plural = _("政策原文")
