from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingKind(models.TextChoices):
    COMMITTEE = "committee", _("党委会")
    JOINT = "joint", _("联席会")
    PROGRESS = "progress", _("推进会")
    SPECIAL = "special", _("专题会")


class MeetingState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    HELD = "held", _("已召开")
    CANCELLED = "cancelled", _("已取消")


class Presence(models.TextChoices):
    PRESENT = "present", _("出席")
    ABSENT = "absent", _("缺席")
    EXCUSED = "excused", _("请假")
    INVITED = "invited", _("列席")


class ItemEnd(models.TextChoices):
    """How an agenda item ended (议题结果): with a decision, taken note of, or put off to another meeting."""

    DECISION = "decision", _("议定")
    NOTED = "noted", _("知悉")
    POSTPONED = "postponed", _("暂缓")


class DecisionState(models.TextChoices):
    """A decision of a meeting that is still a draft is a draft too, and nobody's figure."""

    DRAFT = "draft", _("草稿")
    OPEN = "open", _("落实中")
    DONE = "done", _("已落实")
    CANCELLED = "cancelled", _("已取消")
