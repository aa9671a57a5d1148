"""Levels, kinds and schemes of the organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegionLevel(models.TextChoices):
    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    COUNTY = "county", _("县区")
    AREA = "area", _("片区")
    TOWNSHIP = "township", _("乡镇街道")
    VILLAGE = "village", _("村社区")
    GROUP = "group", _("村民小组")
    STATION = "station", _("驻外工作站")


class AllianceScheme(models.TextChoices):
    """Shape of an alliance as its founding document names it (运行模式)."""

    ONE_X_N = "1+X+N", "1+X+N"
    ONE_17_N = "1+17+N", "1+17+N"
    ONE_1_X = "1+1+X", "1+1+X"
    N_1 = "N+1", "N+1"
    FIVE = "five", _("五级联动")


class TeamKind(models.TextChoices):
    """What a help team (帮办团) is good at."""

    ATTRACTION = "attraction", _("项目招引")
    BUSINESS = "business", _("营商服务")
    PLANNING = "planning", _("规划建设")
    SAFETY = "safety", _("安全护航")
    FINANCE = "finance", _("金融服务")
    TALENT = "talent", _("人才用工")
    TECHNOLOGY = "technology", _("科技创新")
    OTHER = "other", _("综合帮办")
