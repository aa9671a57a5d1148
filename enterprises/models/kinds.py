"""Kinds of the registers as data: common ones, and a region's own beside them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.enums import RegionLevel
from alliances.models import Region
from core.shipped import ShippedName
from enterprises.enums import AwardedTo, FacilityClass, HonourClass, HonourLevel, PairingClass, PostedTo, PostingClass
from enterprises.querysets import KindQuerySet


class Kind(ShippedName, models.Model):
    """What all kinds share. Those of no region are common; a region's own ones hold there and in every region below.

    `code` is what scripts and presets know a kind by. Figures go by the class that it counts as, never by the kind.
    """

    region = models.ForeignKey(
        Region, verbose_name=_("适用区域"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("名称"), max_length=40)
    code = models.SlugField(_("代码"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = KindQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "id"]

    def __str__(self):
        return self.name

    def holds_in(self, region: Region) -> bool:
        """Whether records of this region may be of this kind: a common one, or one of the region's own line."""
        return self.region_id is None or region.path.startswith(self.region.path)


def _once(name):
    """A name stands once among the common kinds, and once among a region's own."""
    return models.UniqueConstraint(
        name=f"{name}_name_once",
        fields=["region", "name"],
        nulls_distinct=False,
        violation_error_message=_("已有同名类别。"),
    )


class PostingKind(Kind):
    """What somebody is posted for (派驻类别), e.g. a Party-building instructor (党建指导员)."""

    counts_as = models.CharField(_("统计口径"), max_length=20, choices=PostingClass, default=PostingClass.OTHER)
    posted_to = models.CharField(_("派驻到"), max_length=12, choices=PostedTo, default=PostedTo.ENTERPRISE)
    level = models.CharField(
        _("区域层级"),
        max_length=10,
        choices=RegionLevel,
        blank=True,
        help_text=_("派驻到区域的，可以限定层级，例如“一镇一经理”限乡镇。"),
    )
    is_party_work = models.BooleanField(
        _("算党的工作覆盖"), default=False, help_text=_("派到企业后，企业即为“党的工作已覆盖”。")
    )
    is_single = models.BooleanField(_("一处一人"), default=False, help_text=_("同一处同时只能有一人在岗。"))

    class Meta(Kind.Meta):
        verbose_name = _("派驻类别")
        verbose_name_plural = _("派驻类别")
        constraints = [
            _once("postingkind"),
            models.CheckConstraint(
                name="postingkind_known",
                condition=Q(counts_as__in=PostingClass.values, posted_to__in=PostedTo.values),
            ),
            models.CheckConstraint(
                name="postingkind_level_of_region",
                condition=Q(level="") | Q(posted_to=PostedTo.REGION),
                violation_error_message=_("只有派驻到区域的类别才限定层级。"),
            ),
            models.CheckConstraint(
                name="postingkind_work_at_firms",
                condition=Q(is_party_work=False) | ~Q(posted_to=PostedTo.REGION),
                violation_error_message=_("派驻到区域的，不算企业的工作覆盖。"),
            ),
        ]


class PairingKind(Kind):
    """What a pairing is (结对类别), with how many one helper should help: about five, four to six by the usual rule."""

    counts_as = models.CharField(_("统计口径"), max_length=20, choices=PairingClass, default=PairingClass.OTHER)
    helped_low = models.PositiveSmallIntegerField(_("至少帮带"), null=True, blank=True)
    helped_target = models.PositiveSmallIntegerField(
        _("应帮带"), null=True, blank=True, help_text=_("一个帮扶方大约帮带几个；不设比例的，三项都不填。")
    )
    helped_high = models.PositiveSmallIntegerField(_("至多帮带"), null=True, blank=True)

    class Meta(Kind.Meta):
        verbose_name = _("结对类别")
        verbose_name_plural = _("结对类别")
        constraints = [
            _once("pairingkind"),
            models.CheckConstraint(name="pairingkind_known", condition=Q(counts_as__in=PairingClass.values)),
            models.CheckConstraint(
                name="pairingkind_band",
                condition=Q(helped_low=None, helped_target=None, helped_high=None)
                | Q(
                    helped_low__isnull=False,
                    helped_target__isnull=False,
                    helped_high__isnull=False,
                    helped_low__lte=F("helped_target"),
                    helped_target__lte=F("helped_high"),
                ),
                violation_error_message=_("帮带比例三项要么都填，要么都不填，且从小到大。"),
            ),
        ]


class PairingAspect(Kind):
    """What a pairing covers (结对内容), e.g. branch building, product development, supporting orders (三个结对)."""

    class Meta(Kind.Meta):
        verbose_name = _("结对内容")
        verbose_name_plural = _("结对内容")
        constraints = [_once("pairingaspect")]


class FacilityKind(Kind):
    """What a facility is (阵地类别), e.g. a Party service centre (党群服务中心)."""

    counts_as = models.CharField(_("统计口径"), max_length=20, choices=FacilityClass, default=FacilityClass.OTHER)

    class Meta(Kind.Meta):
        verbose_name = _("阵地类别")
        verbose_name_plural = _("阵地类别")
        constraints = [
            _once("facilitykind"),
            models.CheckConstraint(name="facilitykind_known", condition=Q(counts_as__in=FacilityClass.values)),
        ]


class HonourKind(Kind):
    """What an honour is (荣誉类别), e.g. 双强六好 of the city, with its level and whom it is for."""

    counts_as = models.CharField(_("统计口径"), max_length=20, choices=HonourClass, default=HonourClass.OTHER)
    level = models.CharField(_("级别"), max_length=10, choices=HonourLevel, default=HonourLevel.COUNTY)
    awarded_to = models.CharField(_("授予"), max_length=12, choices=AwardedTo, default=AwardedTo.ORGANISATION)

    class Meta(Kind.Meta):
        verbose_name = _("荣誉类别")
        verbose_name_plural = _("荣誉类别")
        constraints = [
            models.UniqueConstraint(
                name="honourkind_name_once",
                fields=["region", "name", "level"],
                nulls_distinct=False,
                violation_error_message=_("已有同名同级的类别。"),
            ),
            models.CheckConstraint(
                name="honourkind_known",
                condition=Q(
                    counts_as__in=HonourClass.values, level__in=HonourLevel.values, awarded_to__in=AwardedTo.values
                ),
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.get_level_display()}）"
