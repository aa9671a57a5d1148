"""The two coverages (两个覆盖) of an enterprise over time, and the mass organisations that are part of the second."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from chains.models import Chain, Committee
from enterprises.enums import Coverage, MassKind
from enterprises.models.enterprise import ChainMembership, Enterprise
from enterprises.querysets import OfEnterpriseQuerySet, PlacedQuerySet


@pghistory.track()
class MassOrganisation(models.Model):
    """A mass organisation (群团组织) of an enterprise: union, youth league, women's organisation.

    Region, chain and committee are copies of the enterprise's. The day `dissolved_on` is the first on which it is there
    no more.
    """

    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("企业"), on_delete=models.PROTECT, related_name="mass_organisations"
    )
    region = models.ForeignKey(Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("类别"), max_length=12, choices=MassKind)
    name = models.CharField(_("名称"), max_length=80)
    founded_on = models.DateField(_("成立日期"))
    dissolved_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = _("群团组织")
        verbose_name_plural = _("群团组织")
        ordering = ["enterprise", "id"]
        constraints = [
            models.CheckConstraint(name="mass_kind_known", condition=Q(kind__in=MassKind.values)),
            models.CheckConstraint(
                name="mass_dates_ordered",
                condition=Q(dissolved_on=None) | Q(dissolved_on__gte=F("founded_on")),
                violation_error_message=_("撤销日期不能早于成立日期。"),
            ),
            models.UniqueConstraint(
                name="mass_name_once",
                fields=["enterprise", "name"],
                condition=Q(dissolved_on=None),
                violation_error_message=_("该企业已有同名群团组织。"),
            ),
        ]

    def __str__(self):
        return self.name


class CoverageSpell(models.Model):
    """A stretch of time in which an enterprise was covered, by one of the two coverages (两个覆盖).

    By an organisation (组织覆盖): it had a Party organisation, own or joint. By work (工作覆盖): it had one, or a
    posting that counts as Party work, or a mass organisation. Derived from their dates by
    `enterprises.lifecycle.refresh_coverage`: one set of rows for the region (no membership), one for each chain
    membership.
    """

    coverage = models.CharField(max_length=12, choices=Coverage, default=Coverage.ORGANISATION)

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="coverage_spells")
    membership = models.ForeignKey(
        ChainMembership,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="coverage_spells",
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, null=True, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = OfEnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("覆盖")
        verbose_name_plural = _("覆盖")
        ordering = ["enterprise", "from_on"]
        indexes = [
            models.Index(fields=["region", "from_on"], name="coverage_reg_from"),
            models.Index(fields=["region", "until_on"], name="coverage_reg_until"),
            models.Index(fields=["committee", "from_on"], name="coverage_com_from"),
            models.Index(fields=["committee", "until_on"], name="coverage_com_until"),
        ]
        constraints = [
            models.CheckConstraint(
                name="coverage_dates_ordered",
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")),
            ),
            models.CheckConstraint(name="coverage_known", condition=Q(coverage__in=Coverage.values)),
        ]

    def __str__(self):
        return f"{self.enterprise} {self.from_on}–{self.until_on or ''}"
