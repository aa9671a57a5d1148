"""Facilities with their brands, and honours."""

import datetime as dt

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import search
from enterprises.enums import AwardedTo, FacilityClass, HonourClass
from enterprises.models.enterprise import Enterprise
from enterprises.models.kinds import FacilityKind, HonourKind
from enterprises.models.organisation import PartyOrganisation
from enterprises.models.placed import Placed, dated
from enterprises.querysets import FacilityQuerySet, HonourQuerySet


@pghistory.track(exclude=["initials"])
class Facility(Placed):
    """A place where the alliance works (阵地), e.g. a service centre; one row is one, never several.

    `brand` is the name that its work is known by (品牌). The day `closed_on` is the first on which it is open no more.
    """

    kind = models.ForeignKey(
        FacilityKind, verbose_name=_("阵地类别"), on_delete=models.PROTECT, related_name="facilities"
    )
    counts_as = models.CharField(max_length=20, choices=FacilityClass, editable=False)
    name = models.CharField(_("名称"), max_length=80)
    address = models.CharField(_("地点"), max_length=200, blank=True)
    enterprise = models.ForeignKey(
        Enterprise,
        verbose_name=_("所属企业"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="facilities",
    )
    organisation = models.ForeignKey(
        PartyOrganisation,
        verbose_name=_("所属党组织"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="facilities",
    )
    brand = models.CharField(_("品牌"), max_length=60, blank=True)
    opened_on = models.DateField(_("启用日期"))
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    initials = models.CharField(max_length=200, blank=True, editable=False)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("阵地")
        verbose_name_plural = _("阵地")
        ordering = ["-opened_on", "-id"]
        indexes = dated("facility", "opened_on", "closed_on")
        constraints = [
            models.CheckConstraint(
                name="facility_one_owner",
                condition=Q(enterprise=None) | Q(organisation=None),
                violation_error_message=_("所属企业和所属党组织只填一项。"),
            ),
            models.CheckConstraint(
                name="facility_dates_ordered",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("停用日期不能早于启用日期。"),
            ),
            models.CheckConstraint(name="facility_class_known", condition=Q(counts_as__in=FacilityClass.values)),
            models.UniqueConstraint(
                name="facility_name_once",
                fields=["region", "kind", "name"],
                condition=Q(closed_on=None),
                violation_error_message=_("本区域已有同名的同类阵地。"),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.initials = search.initials(f"{self.name}{self.brand}")
        super().save(*args, **kwargs)


@pghistory.track(exclude=["initials"])
class Honour(Placed):
    """An honour (荣誉) given to a Party organisation, an enterprise or a person.

    A person is named with the unit and nothing else; persons are never ranked. It holds from `awarded_on` until the
    day before `ends_on`, which is kept by `save`: the day it was revoked, or the day after the last one it is valid on.
    """

    kind = models.ForeignKey(HonourKind, verbose_name=_("荣誉类别"), on_delete=models.PROTECT, related_name="honours")
    counts_as = models.CharField(max_length=20, choices=HonourClass, editable=False)
    awarded_to = models.CharField(max_length=12, choices=AwardedTo, editable=False)
    organisation = models.ForeignKey(
        PartyOrganisation,
        verbose_name=_("党组织"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="honours",
    )
    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("企业"), null=True, blank=True, on_delete=models.PROTECT, related_name="honours"
    )
    person = models.CharField(_("姓名"), max_length=40, blank=True)
    unit = models.CharField(_("所在单位"), max_length=80, blank=True)
    granted_by = models.CharField(_("授予单位"), max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(
        _("年度"), validators=[MinValueValidator(1949), MaxValueValidator(2100)], help_text=_("评选的年度，例如 2025。")
    )
    awarded_on = models.DateField(_("授予日期"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True, help_text=_("最后一个有效日；长期有效不填。"))
    revoked_on = models.DateField(_("撤销日期"), null=True, blank=True)
    ends_on = models.DateField(null=True, editable=False)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    initials = models.CharField(max_length=200, blank=True, editable=False)

    objects = HonourQuerySet.as_manager()

    class Meta:
        verbose_name = _("荣誉")
        verbose_name_plural = _("荣誉")
        ordering = ["-awarded_on", "-id"]
        indexes = dated("honour", "awarded_on", "ends_on")
        constraints = [
            models.CheckConstraint(
                name="honour_of_somebody",
                condition=Q(awarded_to=AwardedTo.ORGANISATION, organisation__isnull=False, enterprise=None, person="")
                | Q(awarded_to=AwardedTo.ENTERPRISE, enterprise__isnull=False, organisation=None, person="")
                | (Q(awarded_to=AwardedTo.PERSON, organisation=None) & ~Q(person="")),
                violation_error_message=_("请按荣誉类别填写党组织、企业或个人。"),
            ),
            models.CheckConstraint(
                name="honour_dates_ordered",
                condition=(Q(valid_until=None) | Q(valid_until__gte=F("awarded_on")))
                & (Q(revoked_on=None) | Q(revoked_on__gte=F("awarded_on"))),
                violation_error_message=_("有效期和撤销日期不能早于授予日期。"),
            ),
            models.CheckConstraint(
                name="honour_end_kept",
                condition=Q(ends_on=None, valid_until=None, revoked_on=None)
                | (Q(ends_on__isnull=False) & (Q(valid_until__isnull=False) | Q(revoked_on__isnull=False))),
            ),
            models.CheckConstraint(name="honour_class_known", condition=Q(counts_as__in=HonourClass.values)),
            models.UniqueConstraint(
                name="honour_once_a_year",
                fields=["kind", "year", "organisation", "enterprise", "person", "unit"],
                nulls_distinct=False,
                violation_error_message=_("这项荣誉在这一年度已经登记。"),
            ),
        ]

    def __str__(self):
        return f"{self.holder} · {self.kind}"

    def save(self, *args, **kwargs):
        self.initials = search.initials(str(self.holder))
        lapses = self.valid_until and self.valid_until + dt.timedelta(days=1)
        self.ends_on = min(filter(None, (lapses, self.revoked_on)), default=None)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "ends_on"}
        super().save(*args, **kwargs)

    @property
    def holder(self) -> str:
        """Who has it, in words."""
        if self.awarded_to == AwardedTo.PERSON:
            unit = self.unit or (self.enterprise.short_name or self.enterprise.name if self.enterprise else "")
            return f"{self.person}（{unit}）" if unit else self.person
        return str(self.organisation or self.enterprise)
