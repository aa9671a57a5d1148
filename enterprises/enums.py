"""Scales of enterprises, kinds and forms of Party organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scale(models.TextChoices):
    LARGE = "large", _("大型")
    MEDIUM = "medium", _("中型")
    SMALL = "small", _("小型")
    MICRO = "micro", _("微型")


class OrganisationKind(models.TextChoices):
    """Grades of Party organisations (党组织)."""

    COMMITTEE = "committee", _("党委")
    GENERAL_BRANCH = "general_branch", _("党总支")
    BRANCH = "branch", _("党支部")
    JOINT_BRANCH = "joint_branch", _("联合党支部")
    GROUP = "group", _("党小组")


class Formation(models.TextChoices):
    """How an organisation was formed (组建方式)."""

    ALONE = "alone", _("单独组建")
    JOINT = "joint", _("联合组建")
    ATTACHED = "attached", _("挂靠组建")
    CITY_ENTERPRISE = "city_enterprise", _("市企联建")


class Coverage(models.TextChoices):
    """Which of the two coverages (两个覆盖) a stretch of time is of."""

    ORGANISATION = "organisation", _("组织覆盖")
    WORK = "work", _("工作覆盖")


class MassKind(models.TextChoices):
    """Mass organisations (群团组织) of an enterprise."""

    UNION = "union", _("工会")
    YOUTH = "youth", _("共青团组织")
    WOMEN = "women", _("妇女组织")
    OTHER = "other", _("其他群团组织")


class PostedTo(models.TextChoices):
    """What somebody is posted to (派驻到哪里)."""

    ENTERPRISE = "enterprise", _("企业")
    ORGANISATION = "organisation", _("党组织")
    REGION = "region", _("区域")


class PostingClass(models.TextChoices):
    """What a posting counts as in figures (统计口径)."""

    INSTRUCTOR = "instructor", _("党建指导员")
    UNION_INSTRUCTOR = "union_instructor", _("工会指导员")
    AREA_HEAD = "area_head", _("片区行长")
    TOWN_MANAGER = "town_manager", _("乡镇金融经理")
    VILLAGE_OFFICER = "village_officer", _("金融村官")
    CLIENT_MANAGER = "client_manager", _("客户经理")
    SPECIALIST = "specialist", _("服务专员")
    ADVISER = "adviser", _("科技指导员")
    LIAISON_LEADER = "liaison_leader", _("对接企业的县级领导")
    OTHER = "other", _("其他派驻")


class PairingClass(models.TextChoices):
    """What a pairing counts as in figures (统计口径)."""

    STRONG_WEAK = "strong_weak", _("强弱帮带")
    FINANCE = "finance", _("金融结对")
    ENTERPRISES = "enterprises", _("企业互助")
    BRANCHES = "branches", _("支部共建")
    HOUSEHOLDS = "households", _("党员联户")
    OTHER = "other", _("其他结对")


class FacilityClass(models.TextChoices):
    """What a facility counts as in figures (统计口径)."""

    SERVICE_CENTRE = "service_centre", _("党群服务中心")
    ACTIVITY_ROOM = "activity_room", _("党员活动室")
    INCUBATION_CENTRE = "incubation_centre", _("党建孵化中心")
    MODEL_WORKSHOP = "model_workshop", _("示范车间和先锋班组")
    PIONEER_POST = "pioneer_post", _("党员先锋岗")
    EXPERT_WORKSTATION = "expert_workstation", _("专家工作站")
    STATION = "station", _("驻外工作站")
    SERVICE_POINT = "service_point", _("农民工服务站点")
    TALENT_STATION = "talent_station", _("引才工作站")
    OTHER = "other", _("其他阵地")


class HonourClass(models.TextChoices):
    """What an honour counts as in figures (统计口径)."""

    STRONG_ORGANISATION = "strong_organisation", _("先进党组织")
    COMMENDATION = "commendation", _("个人表彰")
    SMART_FACTORY = "smart_factory", _("智能工厂")
    DIGITAL_WORKSHOP = "digital_workshop", _("数字化车间")
    LIGHTHOUSE = "lighthouse", _("灯塔工厂")
    OTHER = "other", _("其他荣誉")


class HonourLevel(models.TextChoices):
    NATIONAL = "national", _("国家级")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")


class AwardedTo(models.TextChoices):
    """Whom an honour is for. A person is named with the unit, and is never ranked."""

    ORGANISATION = "organisation", _("党组织")
    ENTERPRISE = "enterprise", _("企业")
    PERSON = "person", _("个人")


class StaffingScope(models.TextChoices):
    """Whom a staffing rule (配备要求) speaks of: each of these must have somebody or something."""

    LEVEL = "level", _("某一层级的每个区域")
    LISTED = "listed", _("名单内的区域")
    UNCOVERED = "uncovered", _("没有党组织的规上企业")
    ABOVE_SCALE = "above_scale", _("每家规上企业")
    ENTERPRISES = "enterprises", _("每家在册企业")


class Side(models.TextChoices):
    """The two ends of a pairing."""

    HELPER = "helper", _("帮扶方")
    HELPED = "helped", _("受助方")
