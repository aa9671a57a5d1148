"""Party organisations of enterprises with their member counts over time."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Region, phone_validator
from chains.models import Chain, Committee
from core import search
from enterprises.enums import Formation, OrganisationKind
from enterprises.models.enterprise import Enterprise
from enterprises.querysets import MemberCountQuerySet, OrganisationQuerySet


@pghistory.track(exclude=["initials"])
class PartyOrganisation(models.Model):
    """A Party organisation (党组织): of an enterprise, of several jointly, or of none (a project-site branch)."""

    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(
        _("类别"),
        max_length=16,
        choices=OrganisationKind,
        default=OrganisationKind.BRANCH,
    )
    formation = models.CharField(_("组建方式"), max_length=16, choices=Formation, default=Formation.ALONE)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级党组织"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    enterprise = models.ForeignKey(
        Enterprise,
        verbose_name=_("所属企业"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisations",
    )
    joint_enterprises = models.ManyToManyField(
        Enterprise,
        verbose_name=_("联合组建企业"),
        blank=True,
        related_name="joint_organisations",
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("所在区域"),
        on_delete=models.PROTECT,
        related_name="organisations",
    )
    chain = models.ForeignKey(
        Chain,
        verbose_name=_("产业链"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisations",
    )
    committee = models.ForeignKey(
        Committee,
        verbose_name=_("产业链党委"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisations",
    )
    secretary_name = models.CharField(_("书记"), max_length=40, blank=True)
    secretary_phone = models.CharField(_("书记电话"), max_length=30, blank=True, validators=[phone_validator])
    founded_on = models.DateField(_("成立日期"))
    dissolved_on = models.DateField(_("撤销日期"), null=True, blank=True)
    initials = models.CharField(max_length=200, blank=True, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("党组织")
        verbose_name_plural = _("党组织")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["region", "founded_on"], name="organisation_reg_founded"),
            models.Index(fields=["region", "dissolved_on"], name="organisation_reg_dissolved"),
            models.Index(fields=["committee", "founded_on"], name="organisation_com_founded"),
            models.Index(fields=["committee", "dissolved_on"], name="organisation_com_dissolved"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="organisation_name_once_per_region",
                fields=["region", "name"],
                violation_error_message=_("本区域已有同名党组织。"),
            ),
            models.CheckConstraint(
                name="organisation_dates_ordered",
                condition=Q(dissolved_on=None) | Q(dissolved_on__gte=F("founded_on")),
                violation_error_message=_("撤销日期不能早于成立日期。"),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.initials = search.initials(self.name)
        super().save(*args, **kwargs)


class MemberCount(models.Model):
    """Party members of an organisation (党员数) from one date until the next count.

    `region`, `chain` and `committee` are copies of the organisation's, kept by `enterprises.lifecycle`.
    """

    organisation = models.ForeignKey(
        PartyOrganisation,
        verbose_name=_("党组织"),
        on_delete=models.PROTECT,
        related_name="member_counts",
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, null=True, on_delete=models.PROTECT, related_name="+")
    members = models.PositiveIntegerField(_("党员数"))
    from_on = models.DateField(_("起始日期"))
    until_on = models.DateField(_("截止日期"), null=True, blank=True)

    objects = MemberCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("党员数")
        verbose_name_plural = _("党员数")
        ordering = ["organisation", "-from_on"]
        indexes = [
            models.Index(fields=["region", "from_on"], name="membercount_reg_from"),
            models.Index(fields=["region", "until_on"], name="membercount_reg_until"),
            models.Index(fields=["committee", "from_on"], name="membercount_com_from"),
            models.Index(fields=["committee", "until_on"], name="membercount_com_until"),
        ]
        constraints = [
            models.UniqueConstraint(name="membercount_once_per_day", fields=["organisation", "from_on"]),
            models.UniqueConstraint(
                name="membercount_one_current",
                fields=["organisation"],
                condition=Q(until_on=None),
            ),
            models.CheckConstraint(
                name="membercount_dates_ordered",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} {self.from_on}: {self.members}"
