"""The columns of a rulebook in the order and groups in which they are shown and edited, each with its unit."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from problems.models import Rulebook

DAYS, MINUTES, PERCENT, TIMES, MOMENT, CHOICE = "days", "minutes", "percent", "times", "moment", "choice"
UNITS = {DAYS: _("个工作日"), MINUTES: _("分钟"), PERCENT: _("%"), TIMES: _("次"), MOMENT: "", CHOICE: ""}


@dataclass(frozen=True)
class Rule:
    """One column: its unit, the least and most that make sense, and what it means in one sentence."""

    name: str
    unit: str
    help: object = ""
    least: int = 1
    most: int = 250

    @property
    def label(self):
        return Rulebook._meta.get_field(self.name).verbose_name

    def said(self, book) -> str:
        """The value in words."""
        value = getattr(book, self.name)
        if self.unit == CHOICE:
            return str(getattr(book, f"get_{self.name}_display")())
        if self.unit == MOMENT:
            return value.strftime("%H:%M") if isinstance(value, dt.time) else str(value)
        return SAID[self.unit] % {"n": value}


SAID = {DAYS: _("%(n)d 个工作日"), MINUTES: _("%(n)d 分钟"), PERCENT: _("%(n)d%%"), TIMES: _("%(n)d 次")}

GROUPS: list[tuple[object, list[Rule]]] = [
    (
        _("各环节时限"),
        [
            Rule("accept_days", DAYS, _("提交后多久受理、退回或不予受理。")),
            Rule("assign_days", DAYS, _("受理后多久交办。")),
            Rule("sign_days", DAYS, _("交办后多久签收；时钟从交办起走。")),
            Rule("first_reply_days", DAYS, _("交办后多久给企业第一次答复。")),
            Rule("ordinary_days", DAYS, _("交办到办结，一般问题。")),
            Rule("urgent_days", DAYS, _("交办到办结，紧急问题。")),
            Rule("complex_days", DAYS, _("交办到办结，复杂问题。")),
            Rule("cohandler_days", DAYS, _("协办单位多久向牵头单位反馈。")),
            Rule("longest_days", DAYS, _("含延期在内，最长不超过。")),
            Rule("yellow_days", DAYS, _("剩余多少个工作日起亮黄灯。"), least=0),
        ],
    ),
    (
        _("异议、延期和挂账"),
        [
            Rule("objection_days", DAYS, _("交办后多久内可提一次异议。"), least=0),
            Rule("ruling_days", DAYS, _("提出异议后多久裁定。")),
            Rule("extension_notice_days", DAYS, _("延期须在期限届满前多久申请。"), least=0),
            Rule("extensions_allowed", TIMES, _("每次交办最多延期几次。"), least=0, most=10),
            Rule("waiting_days", DAYS, _("挂账或挂起的事项，下次查看最远隔多久。")),
        ],
    ),
    (
        _("评价和回访"),
        [
            Rule("rating_days", DAYS, _("办结后企业多久内评价；过期按“未评价”销号。")),
            Rule("call_back_days", DAYS, _("办结后多久完成抽查回访。")),
            Rule("call_back_share", PERCENT, _("办结事项中抽查回访的比例。"), least=0, most=100),
        ],
    ),
    (
        _("督办文书"),
        [
            Rule("reminder_answer_days", DAYS, _("提醒单发出后，单位多久反馈。")),
            Rule("supervision_answer_days", DAYS, _("督办单发出后，单位多久反馈。")),
        ],
    ),
    (
        _("由谁办理"),
        [
            Rule("accepted_by", CHOICE, _("受理、退回补正、不予受理和并案。")),
            Rule("assigned_by", CHOICE, _("交办和改派。")),
            Rule("decided_by", CHOICE, _("裁定异议，答复延期，挂起和恢复。")),
            Rule("closed_by", CHOICE, _("销号；办理单位的人从不销自己的号。")),
            Rule("escalates_to", CHOICE, _("按规则自动提级时提到哪一级。")),
        ],
    ),
    (
        _("上班时间和撤销"),
        [
            Rule("opens_at", MOMENT, _("上班时间之外不发提醒。")),
            Rule("closes_at", MOMENT, _("上班时间之外不发提醒。")),
            Rule("undo_minutes", MINUTES, _("办错了，多少分钟内可以撤销上一步；0 为不可撤销。"), least=0, most=1440),
        ],
    ),
]
RULES: list[Rule] = [rule for _title, rules in GROUPS for rule in rules]
NAMES: list[str] = [rule.name for rule in RULES]
