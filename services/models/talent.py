"""Talent that enterprises are short of, and talent that was hired. Numbers only, nobody's name."""

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import search
from enterprises.models import Enterprise
from enterprises.models.placed import Placed, dated
from services.list_enums import TalentClass
from services.list_querysets import PlacedQuerySet, TalentNeedQuerySet
from services.models.list_kinds import TalentKind
from services.models.offers import lapses

_NUMBER = [MinValueValidator(1), MaxValueValidator(100_000)]


@pghistory.track(exclude=["initials"])
class TalentNeed(Placed):
    """A post in the catalogue of shortages (急需紧缺人才目录), short from `from_on` until the day before `ends_on`."""

    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("企业"), on_delete=models.PROTECT, related_name="talent_needs"
    )
    kind = models.ForeignKey(TalentKind, verbose_name=_("人才类别"), on_delete=models.PROTECT, related_name="needs")
    post = models.CharField(_("岗位"), max_length=80)
    number = models.PositiveIntegerField(_("人数"), validators=_NUMBER)
    qualification = models.CharField(_("条件要求"), max_length=300, blank=True)
    offers = models.CharField(_("待遇"), max_length=200, blank=True)
    from_on = models.DateField(_("开始日期"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    closed_on = models.DateField(_("招满或取消日期"), null=True, blank=True)
    ends_on = models.DateField(null=True, editable=False)
    initials = models.CharField(max_length=200, blank=True, editable=False)

    objects = TalentNeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("急需紧缺人才")
        verbose_name_plural = _("急需紧缺人才")
        ordering = ["-from_on", "-id"]
        indexes = dated("talentneed", "from_on", "ends_on")
        constraints = [
            models.CheckConstraint(
                name="talentneed_some",
                condition=Q(number__gte=1, number__lte=100_000),
                violation_error_message=_("人数应在 1 到 100000 之间。"),
            ),
            models.CheckConstraint(
                name="talentneed_dates_ordered",
                condition=(Q(valid_until=None) | Q(valid_until__gte=F("from_on")))
                & (Q(closed_on=None) | Q(closed_on__gte=F("from_on"))),
                violation_error_message=_("其他日期不能早于开始日期。"),
            ),
        ]

    def __str__(self):
        return self.post

    def save(self, *args, **kwargs):
        self.initials = search.initials(self.post)
        self.ends_on = lapses(self.valid_until, self.closed_on)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("services:talentneed_detail", args=[self.pk])


@pghistory.track()
class TalentHire(Placed):
    """People whom an enterprise hired at one time (招引人才): how many of which kind."""

    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("企业"), on_delete=models.PROTECT, related_name="talent_hires"
    )
    kind = models.ForeignKey(TalentKind, verbose_name=_("人才类别"), on_delete=models.PROTECT, related_name="hires")
    counts_as = models.CharField(max_length=20, choices=TalentClass, editable=False)
    need = models.ForeignKey(
        TalentNeed,
        verbose_name=_("对应急需岗位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hires",
    )
    number = models.PositiveIntegerField(_("人数"), validators=_NUMBER)
    hired_on = models.DateField(_("招引日期"))
    way = models.CharField(_("招引方式"), max_length=80, blank=True, help_text=_("例如校园招聘、柔性引进。"))

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = _("招引人才")
        verbose_name_plural = _("招引人才")
        ordering = ["-hired_on", "-id"]
        indexes = [
            models.Index(fields=["enterprise", "hired_on"], name="talenthire_ent_hired"),
            *dated("talenthire", "hired_on"),
        ]
        constraints = [
            models.CheckConstraint(name="talenthire_known", condition=Q(counts_as__in=TalentClass.values)),
            models.CheckConstraint(
                name="talenthire_some",
                condition=Q(number__gte=1, number__lte=100_000),
                violation_error_message=_("人数应在 1 到 100000 之间。"),
            ),
        ]

    def __str__(self):
        return f"{self.enterprise} · {self.kind}"

    def get_absolute_url(self):
        return reverse("services:talenthire_detail", args=[self.pk])
