"""What the rows of the registers share: where they count."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from chains.models import Chain, Committee


class Placed(models.Model):
    """A row with a region, chain and committee of its own columns, so that figures count it without a join.

    They are copies of the enterprise's or the organisation's where the row has one; `enterprises.lifecycle.placing`
    keeps them.
    """

    region = models.ForeignKey(Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    committee = models.ForeignKey(
        Committee, verbose_name=_("产业链党委"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


def dated(prefix: str, *dates: str) -> list[models.Index]:
    """The indexes that the engine of figures asks for: (region, date) and (committee, date)."""
    return [
        models.Index(fields=[place, date], name=f"{prefix}_{place[:3]}_{date.removesuffix('_on')}")
        for place in ("region", "committee")
        for date in dates
    ]
