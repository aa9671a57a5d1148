"""Pairings (结对共建) of organisations, enterprises and outside parties, with their agreements."""

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import search
from core.models import KeptFile
from enterprises.enums import PairingClass
from enterprises.models.enterprise import Enterprise
from enterprises.models.kinds import PairingAspect, PairingKind
from enterprises.models.organisation import PartyOrganisation
from enterprises.models.placed import Placed, dated
from enterprises.querysets import OfPairingQuerySet, PairingQuerySet


def _end(side, label):
    """Foreign keys of one end of a pairing."""
    organisation = models.ForeignKey(
        PartyOrganisation,
        verbose_name=label[0],
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name=f"pairings_as_{side}",
    )
    enterprise = models.ForeignKey(
        Enterprise,
        verbose_name=label[1],
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name=f"pairings_as_{side}",
    )
    return organisation, enterprise, models.CharField(label[2], max_length=80, blank=True)


def _one_of(side):
    """Exactly one of organisation, enterprise and name."""
    organisation, enterprise, name = f"{side}_organisation", f"{side}_enterprise", f"{side}_name"
    return (
        Q(**{f"{organisation}__isnull": False, enterprise: None, name: ""})
        | Q(**{organisation: None, f"{enterprise}__isnull": False, name: ""})
        | (Q(**{organisation: None, enterprise: None}) & ~Q(**{name: ""}))
    )


@pghistory.track(exclude=["initials"])
class Pairing(Placed):
    """Two that build together (结对共建): a helper and a helped one, or two equals of which one is named first.

    Each end is one Party organisation, one enterprise, or an outside party by name (a bank, a chamber of commerce); at
    least one of them is on our registers. It counts where the helped end is, else where the helper is. Where members
    take on households, the row says how many members and how many households. The day `ended_on` is the first on which
    it holds no more.
    """

    kind = models.ForeignKey(PairingKind, verbose_name=_("结对类别"), on_delete=models.PROTECT, related_name="pairings")
    counts_as = models.CharField(max_length=20, choices=PairingClass, editable=False)
    helper_organisation, helper_enterprise, helper_name = _end(
        "helper", (_("帮扶党组织"), _("帮扶企业"), _("帮扶方（未登记的单位）"))
    )
    helped_organisation, helped_enterprise, helped_name = _end(
        "helped", (_("受助党组织"), _("受助企业"), _("受助方（未登记的单位）"))
    )
    members = models.PositiveIntegerField(
        _("党员人数"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("党员联户的填写。")
    )
    households = models.PositiveIntegerField(
        _("联系户数"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("党员联户的填写。")
    )
    aspects = models.ManyToManyField(PairingAspect, verbose_name=_("结对内容"), blank=True, related_name="pairings")
    agreement_number = models.CharField(_("协议编号"), max_length=60, blank=True)
    signed_on = models.DateField(_("签订日期"), null=True, blank=True)
    started_on = models.DateField(_("开始日期"))
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    initials = models.CharField(max_length=400, blank=True, editable=False)

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = _("结对")
        verbose_name_plural = _("结对")
        ordering = ["-started_on", "-id"]
        indexes = dated("pairing", "started_on", "ended_on")
        constraints = [
            models.CheckConstraint(
                name="pairing_one_helper",
                condition=_one_of("helper"),
                violation_error_message=_("帮扶方请在党组织、企业、单位名称中填一项。"),
            ),
            models.CheckConstraint(
                name="pairing_one_helped",
                condition=_one_of("helped") | Q(helped_organisation=None, helped_enterprise=None, households__gt=0),
                violation_error_message=_("受助方请在党组织、企业、单位名称中填一项；党员联户的填写户数。"),
            ),
            models.CheckConstraint(
                name="pairing_one_of_ours",
                condition=Q(helper_organisation__isnull=False)
                | Q(helper_enterprise__isnull=False)
                | Q(helped_organisation__isnull=False)
                | Q(helped_enterprise__isnull=False),
                violation_error_message=_("两方中至少有一方是登记过的党组织或企业。"),
            ),
            models.CheckConstraint(
                name="pairing_not_with_itself",
                condition=(Q(helper_organisation=None) | Q(helped_organisation=None)
                | ~Q(helper_organisation=F("helped_organisation")))
                & (Q(helper_enterprise=None) | Q(helped_enterprise=None)
                | ~Q(helper_enterprise=F("helped_enterprise"))),
                violation_error_message=_("不能与自己结对。"),
            ),
            models.CheckConstraint(
                name="pairing_dates_ordered",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                name="pairing_households_counted",
                condition=Q(counts_as=PairingClass.HOUSEHOLDS, households__gt=0, members__gt=0)
                | (~Q(counts_as=PairingClass.HOUSEHOLDS) & Q(households=None, members=None)),
                violation_error_message=_("党员联户的填写党员人数和户数，其他类别不填。"),
            ),
            models.CheckConstraint(name="pairing_class_known", condition=Q(counts_as__in=PairingClass.values)),
            models.UniqueConstraint(
                name="pairing_once",
                fields=[
                    "kind", "helper_organisation", "helper_enterprise", "helper_name", "helped_organisation",
                    "helped_enterprise", "helped_name",
                ],
                condition=Q(ended_on=None),
                nulls_distinct=False,
                violation_error_message=_("这两方已经结对。"),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.helper_text} → {self.helped_text}"

    def save(self, *args, **kwargs):
        self.initials = search.initials(f"{self.helper_text}{self.helped_text}")[:400]
        super().save(*args, **kwargs)

    @property
    def helper(self):
        """The record at the helper's end, None for an outside party."""
        return self.helper_organisation or self.helper_enterprise

    @property
    def helped(self):
        """The record at the helped end, None for an outside party or for households."""
        return self.helped_organisation or self.helped_enterprise

    @property
    def helper_text(self) -> str:
        return str(self.helper or self.helper_name)

    @property
    def helped_text(self) -> str:
        if self.helped or self.helped_name:
            return str(self.helped or self.helped_name)
        return str(_("%(n)s 户") % {"n": self.households})


class PairingFile(KeptFile):
    """The signed agreement (协议) of a pairing, stored under a random name and served as a download only."""

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="files")

    objects = OfPairingQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        verbose_name = _("结对协议")
        verbose_name_plural = _("结对协议")
