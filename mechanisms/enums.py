"""Periods, verdicts and readers of the rule radar (规矩雷达)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import cycles
from core.periods import HALF, MONTH, QUARTER, YEAR


class Cadence(models.TextChoices):
    """How often a duty comes round (周期). `standing` never ends: it must be so on every day."""

    WEEK = cycles.WEEK, _("每周")
    TEN_DAYS = cycles.TEN_DAYS, _("每旬")
    MONTH = MONTH, _("每月")
    QUARTER = QUARTER, _("每季度")
    HALF = HALF, _("每半年")
    YEAR = YEAR, _("每年")
    STANDING = "standing", _("常态")


# Calendar days before the end of a period from which a duty not yet done is told of, where the rule says nothing else.
# 22 days: the 70th day of every quarter, of 90 as of 92 days, lies inside.
WARN_DAYS = {
    Cadence.WEEK: 2, Cadence.TEN_DAYS: 3, Cadence.MONTH: 7, Cadence.QUARTER: 22, Cadence.HALF: 22, Cadence.YEAR: 22,
    Cadence.STANDING: 0,
}  # fmt: skip


class Verdict(models.TextChoices):
    """What the radar says of one actor and one period (判定)."""

    COMPLIED = "complied", pgettext_lazy("verdict", "已落实")
    DUE = "due", pgettext_lazy("verdict", "待落实")
    COMING = "coming", pgettext_lazy("verdict", "即将错过")
    LATE = "late", pgettext_lazy("verdict", "未落实")
    OVER = "over", pgettext_lazy("verdict", "超过上限")
    VACANT = "vacant", pgettext_lazy("verdict", "空缺")
    NOT_JUDGED = "none", pgettext_lazy("verdict", "不作判定")


LIGHTS = {
    Verdict.COMPLIED: "green", Verdict.DUE: "grey", Verdict.COMING: "yellow", Verdict.LATE: "red", Verdict.OVER: "red",
    Verdict.VACANT: "red", Verdict.NOT_JUDGED: "",
}  # fmt: skip
# From what needs somebody's hand to what needs nobody's: how lists are sorted.
ORDER = {
    Verdict.COMING: 0, Verdict.VACANT: 1, Verdict.LATE: 2, Verdict.OVER: 3, Verdict.DUE: 4, Verdict.COMPLIED: 5,
    Verdict.NOT_JUDGED: 6,
}  # fmt: skip


class Reminded(models.TextChoices):
    """Who is reminded (提醒谁): those who can act. Where nobody holds that post, the officers of the place are."""

    SECRETARY = "secretary", _("产业链党委书记")
    OFFICER = "officer", _("组织部工作人员")
    SEAT = "seat", _("席位本人")
    BRANCH = "branch", _("企业党组织书记")
