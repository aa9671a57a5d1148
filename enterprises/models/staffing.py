"""Rules of staffing (配备要求): who must have somebody posted, or a facility."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.enums import RegionLevel
from alliances.models import Region
from enterprises.enums import StaffingScope
from enterprises.models.kinds import FacilityKind, PostingKind
from enterprises.querysets import StaffingQuerySet


class StaffingRule(models.Model):
    """A rule such as "each town one manager" (一镇一经理), of one region and all below it.

    `scope` says whom it speaks of, `minimum` how many each of them must have of the posting or facility kind. The day
    `ended_on` is the first on which it holds no more.
    """

    region = models.ForeignKey(Region, verbose_name=_("适用区域"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=60)
    posting_kind = models.ForeignKey(
        PostingKind, verbose_name=_("派驻类别"), null=True, blank=True, on_delete=models.PROTECT, related_name="rules"
    )
    facility_kind = models.ForeignKey(
        FacilityKind, verbose_name=_("阵地类别"), null=True, blank=True, on_delete=models.PROTECT, related_name="rules"
    )
    scope = models.CharField(_("对象"), max_length=12, choices=StaffingScope)
    level = models.CharField(_("区域层级"), max_length=10, choices=RegionLevel, blank=True)
    places = models.ManyToManyField(
        Region, verbose_name=_("名单"), blank=True, related_name="+", help_text=_("对象为名单内的区域时选择。")
    )
    minimum = models.PositiveSmallIntegerField(_("每个至少"), default=1)
    started_on = models.DateField(_("自哪天起"))
    ended_on = models.DateField(_("到哪天止"), null=True, blank=True)

    objects = StaffingQuerySet.as_manager()

    class Meta:
        verbose_name = _("配备要求")
        verbose_name_plural = _("配备要求")
        ordering = ["region__path", "id"]
        constraints = [
            models.CheckConstraint(
                name="staffing_of_one_kind",
                condition=Q(posting_kind__isnull=False, facility_kind=None)
                | Q(posting_kind=None, facility_kind__isnull=False),
                violation_error_message=_("派驻类别和阵地类别请选一项。"),
            ),
            models.CheckConstraint(
                name="staffing_level_of_scope",
                condition=(Q(scope=StaffingScope.LEVEL) & ~Q(level="")) | (~Q(scope=StaffingScope.LEVEL) & Q(level="")),
                violation_error_message=_("对象为某一层级的，请选择层级；其他对象不选。"),
            ),
            models.CheckConstraint(
                name="staffing_minimum_positive",
                condition=Q(minimum__gt=0),
                violation_error_message=_("至少为 1。"),
            ),
            models.CheckConstraint(
                name="staffing_dates_ordered",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("结束不能早于开始。"),
            ),
            models.UniqueConstraint(
                name="staffing_name_once",
                fields=["region", "name"],
                violation_error_message=_("本区域已有同名要求。"),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def kind(self):
        return self.posting_kind or self.facility_kind
