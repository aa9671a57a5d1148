"""Kinds of committees, seats and segments."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SegmentPosition(models.TextChoices):
    UPSTREAM = "upstream", _("上游")
    MIDSTREAM = "midstream", _("中游")
    DOWNSTREAM = "downstream", _("下游")


class CommitteeKind(models.TextChoices):
    CHAIN = "chain", _("产业链党委")
    INDUSTRY = "industry", _("产业党委")


class SeatKind(models.TextChoices):
    """What a seat (席位) of a committee is for."""

    FIRST_SECRETARY = "first_secretary", _("第一书记")
    SECRETARY = "secretary", _("书记")
    DEPUTY = "deputy", _("副书记")
    MEMBER = "member", _("委员")
    CHAIN_CHIEF = "chain_chief", _("链长")


# Seats that one person at a time holds in a committee.
SINGLE_SEATS = [SeatKind.FIRST_SECRETARY, SeatKind.SECRETARY, SeatKind.CHAIN_CHIEF]
