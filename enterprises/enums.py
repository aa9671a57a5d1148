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
