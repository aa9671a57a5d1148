"""Stretches of time in which somebody counts once, whatever the number of rows: people posted, parties paired."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enterprises.enums import PairingClass, PostingClass, Side
from enterprises.models.enterprise import Enterprise
from enterprises.models.organisation import PartyOrganisation
from enterprises.models.placed import Placed, dated
from enterprises.models.postings import Posting
from enterprises.querysets import OfPostingQuerySet, PairedSpellQuerySet


class OfficerSpell(Placed):
    """A stretch of time in which a posted person (在岗人员) counts, once, through one of the postings.

    `counts_as` is empty for the sum over all classes. Rows that are not `chainwise` count each person once in the
    county; chainwise ones once on each chain and committee. Derived by `enterprises.lifecycle.officers`.
    """

    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="spells")
    counts_as = models.CharField(max_length=20, choices=PostingClass, blank=True)
    chainwise = models.BooleanField(default=False)
    from_on = models.DateField(_("起"))
    until_on = models.DateField(_("止"), null=True)

    objects = OfPostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("在岗时段")
        verbose_name_plural = _("在岗时段")
        ordering = ["posting", "from_on"]
        indexes = dated("officer", "from_on", "until_on")
        constraints = [
            models.CheckConstraint(
                name="officer_dates_ordered", condition=Q(until_on=None) | Q(until_on__gt=F("from_on"))
            ),
        ]

    def __str__(self):
        return f"{self.posting} {self.from_on}–{self.until_on or ''}"


class PairedSpell(Placed):
    """A stretch of time in which a party was paired (结对单位) on one side of pairings of one class, counted once.

    The party is the enterprise where there is one (its organisations count with it), else the organisation. Derived by
    `enterprises.lifecycle.paired`.
    """

    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("企业"), null=True, on_delete=models.CASCADE, related_name="paired_spells"
    )
    organisation = models.ForeignKey(
        PartyOrganisation, verbose_name=_("党组织"), null=True, on_delete=models.CASCADE, related_name="paired_spells"
    )
    side = models.CharField(max_length=8, choices=Side)
    counts_as = models.CharField(max_length=20, choices=PairingClass)
    from_on = models.DateField(_("起"))
    until_on = models.DateField(_("止"), null=True)

    objects = PairedSpellQuerySet.as_manager()

    class Meta:
        verbose_name = _("结对时段")
        verbose_name_plural = _("结对时段")
        ordering = ["from_on", "id"]
        indexes = dated("paired", "from_on", "until_on")
        constraints = [
            models.CheckConstraint(
                name="paired_one_party",
                condition=Q(enterprise__isnull=False, organisation=None)
                | Q(enterprise=None, organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="paired_dates_ordered", condition=Q(until_on=None) | Q(until_on__gt=F("from_on"))
            ),
        ]

    def __str__(self):
        return f"{self.enterprise or self.organisation} {self.from_on}–{self.until_on or ''}"
