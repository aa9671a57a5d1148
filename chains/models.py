"""Industrial chains with their segments and links, and the Party committees set up on them."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.enums import RegionLevel
from alliances.models import Alliance, Department, HelpTeam, Region, phone_validator
from chains.enums import SINGLE_SEATS, CommitteeKind, SeatKind, SegmentPosition
from chains.querysets import (
    ChainQuerySet,
    CommitteeQuerySet,
    LinkQuerySet,
    OfChainQuerySet,
    SeatQuerySet,
)
from core import search


class Chain(models.Model):
    """Industrial chain (产业链), e.g. beef cattle, in the region that declares it key; counties below may set up
    committees on it."""

    region = models.ForeignKey(
        Region,
        verbose_name=_("所在区域"),
        on_delete=models.PROTECT,
        related_name="chains",
    )
    alliance = models.OneToOneField(
        Alliance,
        verbose_name=_("党建联盟"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="chain",
    )
    name = models.CharField(_("名称"), max_length=60)
    description = models.TextField(_("概况"), blank=True)
    founded_on = models.DateField(_("确定日期"))
    dissolved_on = models.DateField(_("撤销日期"), null=True, blank=True)
    help_teams = models.ManyToManyField(HelpTeam, verbose_name=_("服务帮办团"), blank=True, related_name="chains")
    initials = models.CharField(max_length=200, blank=True, editable=False)

    objects = ChainQuerySet.as_manager()

    class Meta:
        verbose_name = _("产业链")
        verbose_name_plural = _("产业链")
        ordering = ["region__path", "id"]
        indexes = [
            models.Index(fields=["region", "founded_on"], name="chain_founded"),
            models.Index(fields=["region", "dissolved_on"], name="chain_dissolved"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="chain_name_once_per_region",
                fields=["region", "name"],
                violation_error_message=_("本区域已有同名产业链。"),
            ),
            models.CheckConstraint(
                name="chain_dates_ordered",
                condition=Q(dissolved_on=None) | Q(dissolved_on__gte=F("founded_on")),
                violation_error_message=_("撤销日期不能早于确定日期。"),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.initials = search.initials(self.name)
        super().save(*args, **kwargs)


class Segment(models.Model):
    """A stretch of a chain (链段): upstream, midstream or downstream."""

    chain = models.ForeignKey(
        Chain,
        verbose_name=_("产业链"),
        on_delete=models.CASCADE,
        related_name="segments",
    )
    position = models.CharField(_("位置"), max_length=10, choices=SegmentPosition)
    name = models.CharField(_("名称"), max_length=60)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = OfChainQuerySet.as_manager()

    class Meta:
        verbose_name = _("链段")
        verbose_name_plural = _("链段")
        ordering = ["chain", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                name="segment_name_once_per_chain",
                fields=["chain", "name"],
                violation_error_message=_("本产业链已有同名链段。"),
            )
        ]

    def __str__(self):
        return self.name


class Link(models.Model):
    """A link (环节) inside a segment. A link with no enterprise is a gap (断点)."""

    segment = models.ForeignKey(Segment, verbose_name=_("链段"), on_delete=models.CASCADE, related_name="links")
    name = models.CharField(_("名称"), max_length=60)
    description = models.CharField(_("说明"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("环节")
        verbose_name_plural = _("环节")
        ordering = ["segment", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                name="link_name_once_per_segment",
                fields=["segment", "name"],
                violation_error_message=_("本链段已有同名环节。"),
            )
        ]

    def __str__(self):
        return self.name


@pghistory.track()
class Committee(models.Model):
    """Party committee of one chain in one region (产业链党委). Functional, not a membership unit.

    A county may have one industry Party committee (产业党委) above its chain committees: `kind` industry, no chain.
    `level` is a copy of the region's, kept by `chains.lifecycle`, so that figures by level count without a join.
    """

    kind = models.CharField(_("类别"), max_length=10, choices=CommitteeKind, default=CommitteeKind.CHAIN)
    chain = models.ForeignKey(
        Chain,
        verbose_name=_("产业链"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="committees",
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("所在区域"),
        on_delete=models.PROTECT,
        related_name="committees",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级党委"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    level = models.CharField(_("层级"), max_length=10, choices=RegionLevel, default="", editable=False)
    name = models.CharField(_("名称"), max_length=80)
    leading_unit = models.ForeignKey(
        Department,
        verbose_name=_("牵头单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_committees",
    )
    founded_on = models.DateField(_("成立日期"))
    dissolved_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("产业链党委")
        verbose_name_plural = _("产业链党委")
        ordering = ["region__path", "kind", "id"]
        indexes = [
            models.Index(fields=["region", "founded_on"], name="committee_founded"),
            models.Index(fields=["region", "dissolved_on"], name="committee_dissolved"),
        ]
        constraints = [
            models.CheckConstraint(
                name="committee_level_known",
                condition=Q(level__in=RegionLevel.values),
                violation_error_message=_("产业链党委的层级与所在区域一致，不能为空。"),
            ),
            models.UniqueConstraint(
                name="committee_one_standing_per_chain_region",
                fields=["chain", "region"],
                condition=Q(dissolved_on=None, kind="chain"),
                violation_error_message=_("本区域在这条产业链上已有产业链党委。"),
            ),
            models.UniqueConstraint(
                name="committee_one_industry_per_region",
                fields=["region"],
                condition=Q(dissolved_on=None, kind="industry"),
                violation_error_message=_("本区域已有产业党委。"),
            ),
            models.CheckConstraint(
                name="committee_chain_set",
                condition=Q(kind="industry", chain=None) | Q(kind="chain", chain__isnull=False),
                violation_error_message=_("产业链党委必须选择产业链，产业党委不选产业链。"),
            ),
            models.CheckConstraint(
                name="committee_dates_ordered",
                condition=Q(dissolved_on=None) | Q(dissolved_on__gte=F("founded_on")),
                violation_error_message=_("撤销日期不能早于成立日期。"),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.level = self.region.level
        super().save(*args, **kwargs)


@pghistory.track()
class Seat(models.Model):
    """A seat (席位) of a committee, held by one person with a post and an employer for a time."""

    committee = models.ForeignKey(
        Committee,
        verbose_name=_("产业链党委"),
        on_delete=models.PROTECT,
        related_name="seats",
    )
    kind = models.CharField(_("席位"), max_length=16, choices=SeatKind)
    person = models.CharField(_("姓名"), max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="seats",
    )
    post_title = models.CharField(_("职务"), max_length=80, blank=True)
    employer = models.CharField(_("所在单位"), max_length=80, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True, validators=[phone_validator])
    started_on = models.DateField(_("任职日期"))
    ended_on = models.DateField(_("离任日期"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("席位")
        verbose_name_plural = _("席位")
        ordering = ["committee", "id"]
        constraints = [
            models.UniqueConstraint(
                name="seat_single_holder",
                fields=["committee", "kind"],
                condition=Q(ended_on=None, kind__in=[str(kind) for kind in SINGLE_SEATS]),
                violation_error_message=_("该席位已有在任人员，请先填写其离任日期。"),
            ),
            models.UniqueConstraint(
                name="seat_once_per_person",
                fields=["committee", "kind", "person"],
                condition=Q(ended_on=None),
                violation_error_message=_("此人已在任该席位。"),
            ),
            models.CheckConstraint(
                name="seat_dates_ordered",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("离任日期不能早于任职日期。"),
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.get_kind_display()}"
