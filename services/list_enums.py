"""States and choices of the lists, of the catalogue of products and of talent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DemandState(models.TextChoices):
    """Where a demand stands. `matched` follows from a confirmed match, the two ends are somebody's word."""

    OPEN = "open", _("待对接")
    MATCHED = "matched", _("已对接")
    MET = "met", _("已满足")
    WITHDRAWN = "withdrawn", _("已撤回")


class MatchState(models.TextChoices):
    """What a person said of a suggestion."""

    CONFIRMED = "confirmed", _("已确认")
    SET_ASIDE = "set_aside", _("不合适")


class Audience(models.TextChoices):
    """Which enterprises a resource or a policy is for, besides those of certain chains."""

    ALL = "all", _("各类企业")
    ABOVE_SCALE = "above_scale", _("规上企业")
    LEADING = "leading", _("龙头企业")
    SMALL = "small", _("小微企业")
    ORGANISED = "organised", _("有党组织的企业")


class ProductRole(models.TextChoices):
    """Whether the enterprise makes the product or buys it."""

    MAKES = "makes", _("生产供应")
    BUYS = "buys", _("采购需求")


class TalentClass(models.TextChoices):
    """What a kind of talent counts as in the figures."""

    DOCTOR = "doctor", _("博士及以上高层次人才")
    MASTER = "master", _("硕士")
    GRADUATE = "graduate", _("本科和大专")
    TECHNICIAN = "technician", _("技术技能人才")
    OTHER = "other", _("其他")
