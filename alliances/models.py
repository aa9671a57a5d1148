"""Regions, departments, alliances and help teams: the frame that everything else hangs on."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.enums import AllianceScheme, RegionLevel, TeamKind
from alliances.querysets import (
    AllianceQuerySet,
    DepartmentQuerySet,
    HelpTeamQuerySet,
    RegionQuerySet,
    TeamMemberQuerySet,
)
from core import search

# Width of one path segment: 36^4 children under one parent. Fixed width, so that '0001' is no prefix of '00010'.
SEGMENT = 4
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def path_segment(number: int) -> str:
    """`number` in base 36, padded to the fixed width of a path segment."""
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = _DIGITS[rest] + text
    return text.rjust(SEGMENT, "0")


phone_validator = RegexValidator(r"^[0-9+\-() ]{5,30}$", _("请填写电话号码，只能包含数字、加号、横线、括号和空格。"))


class Region(models.Model):
    """Administrative region (行政区域), a tree of any depth.

    `path` names every ancestor in fixed-width segments; "below" is a prefix of it. `alliances.lifecycle` keeps it.
    """

    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级区域"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    name = models.CharField(_("名称"), max_length=60)
    code = models.CharField(
        _("区划代码"),
        max_length=12,
        null=True,
        blank=True,
        unique=True,
        help_text=_("国家标准 GB/T 2260 代码，例如 990100；没有可不填。"),
        validators=[RegexValidator(r"^\d{6}(\d{3}){0,2}$", _("区划代码为 6、9 或 12 位数字。"))],
    )
    level = models.CharField(_("层级"), max_length=10, choices=RegionLevel)
    path = models.CharField(_("路径"), max_length=48, unique=True, editable=False, db_collation="C")
    is_active = models.BooleanField(_("启用"), default=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("行政区域")
        verbose_name_plural = _("行政区域")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="region_level_known",
                condition=Q(level__in=RegionLevel.values),
                violation_error_message=_("区域层级不在规定范围内。"),
            ),
            models.CheckConstraint(
                name="region_path_set",
                condition=~Q(path=""),
                violation_error_message=_("区域路径不能为空。"),
            ),
            models.CheckConstraint(
                name="region_not_own_parent",
                condition=Q(parent=None) | ~Q(parent=F("id")),
                violation_error_message=_("区域不能以自己为上级。"),
            ),
            models.UniqueConstraint(
                name="region_name_once_per_parent",
                fields=["parent", "name"],
                violation_error_message=_("同一上级区域下已有同名区域。"),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def depth(self) -> int:
        return len(self.path) // SEGMENT

    @property
    def ancestor_paths(self) -> list[str]:
        """Paths from the root down to this region, itself included."""
        return [self.path[:end] for end in range(SEGMENT, len(self.path) + 1, SEGMENT)]


class Department(models.Model):
    """A unit of the county that answers for something (责任单位)."""

    region = models.ForeignKey(
        Region,
        verbose_name=_("所在区域"),
        on_delete=models.PROTECT,
        related_name="departments",
    )
    name = models.CharField(_("名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=30, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=40, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True, validators=[phone_validator])
    is_active = models.BooleanField(_("启用"), default=True)
    initials = models.CharField(max_length=200, blank=True, editable=False)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("责任单位")
        verbose_name_plural = _("责任单位")
        ordering = ["region__path", "name"]
        constraints = [
            models.UniqueConstraint(
                name="department_name_once_per_region",
                fields=["region", "name"],
                violation_error_message=_("本区域已有同名单位。"),
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.before_save()
        super().save(*args, **kwargs)

    def before_save(self):
        """What is worked out of the other fields."""
        self.initials = search.initials(self.name)


class Alliance(models.Model):
    """Party-building alliance of one industrial chain (产业链党建联盟) within a region tree."""

    region = models.ForeignKey(
        Region,
        verbose_name=_("所在区域"),
        on_delete=models.PROTECT,
        related_name="alliances",
    )
    name = models.CharField(_("名称"), max_length=80)
    scheme = models.CharField(
        _("运行模式"),
        max_length=10,
        choices=AllianceScheme,
        default=AllianceScheme.ONE_X_N,
    )
    founded_on = models.DateField(_("成立日期"))
    dissolved_on = models.DateField(_("撤销日期"), null=True, blank=True)
    articles = models.TextField(_("章程要点"), blank=True)

    objects = AllianceQuerySet.as_manager()

    class Meta:
        verbose_name = _("产业链党建联盟")
        verbose_name_plural = _("产业链党建联盟")
        ordering = ["region__path", "name"]
        indexes = [
            models.Index(fields=["region", "founded_on"], name="alliance_founded"),
            models.Index(fields=["region", "dissolved_on"], name="alliance_dissolved"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="alliance_name_once_per_region",
                fields=["region", "name"],
                violation_error_message=_("本区域已有同名联盟。"),
            ),
            models.CheckConstraint(
                name="alliance_dates_ordered",
                condition=Q(dissolved_on=None) | Q(dissolved_on__gte=F("founded_on")),
                violation_error_message=_("撤销日期不能早于成立日期。"),
            ),
        ]

    def __str__(self):
        return self.name


class HelpTeam(models.Model):
    """Help team (帮办团): people from several departments who solve enterprises' problems."""

    region = models.ForeignKey(
        Region,
        verbose_name=_("所在区域"),
        on_delete=models.PROTECT,
        related_name="help_teams",
    )
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类别"), max_length=12, choices=TeamKind, default=TeamKind.BUSINESS)
    lead_department = models.ForeignKey(
        Department,
        verbose_name=_("牵头单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_teams",
    )
    duties = models.TextField(_("职责"), blank=True)
    founded_on = models.DateField(_("组建日期"))
    dissolved_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = HelpTeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("帮办团")
        verbose_name_plural = _("帮办团")
        ordering = ["region__path", "name"]
        indexes = [
            models.Index(fields=["region", "founded_on"], name="helpteam_founded"),
            models.Index(fields=["region", "dissolved_on"], name="helpteam_dissolved"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="helpteam_name_once_per_region",
                fields=["region", "name"],
                violation_error_message=_("本区域已有同名帮办团。"),
            ),
            models.CheckConstraint(
                name="helpteam_dates_ordered",
                condition=Q(dissolved_on=None) | Q(dissolved_on__gte=F("founded_on")),
                violation_error_message=_("撤销日期不能早于组建日期。"),
            ),
        ]

    def __str__(self):
        return self.name


class TeamMember(models.Model):
    """A person in a help team for a time (帮办团成员).

    `region` is a copy of the team's, kept by `alliances.lifecycle`, so that figures count without a join.
    """

    team = models.ForeignKey(
        HelpTeam,
        verbose_name=_("帮办团"),
        on_delete=models.PROTECT,
        related_name="members",
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="team_memberships",
    )
    name = models.CharField(_("姓名"), max_length=40)
    department = models.ForeignKey(
        Department,
        verbose_name=_("所在单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="team_members",
    )
    phone = models.CharField(_("电话"), max_length=30, blank=True, validators=[phone_validator])
    is_lead = models.BooleanField(_("团长"), default=False)
    joined_on = models.DateField(_("加入日期"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("帮办团成员")
        verbose_name_plural = _("帮办团成员")
        ordering = ["-is_lead", "name", "id"]
        indexes = [
            models.Index(fields=["region", "joined_on"], name="teammember_joined"),
            models.Index(fields=["region", "left_on"], name="teammember_left"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="teammember_one_lead",
                fields=["team"],
                condition=Q(is_lead=True, left_on=None),
                violation_error_message=_("一个帮办团只能有一位现任团长。"),
            ),
            models.CheckConstraint(
                name="teammember_dates_ordered",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("退出日期不能早于加入日期。"),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if self.region_id is None:
            self.region_id = self.team.region_id
        super().save(*args, **kwargs)
