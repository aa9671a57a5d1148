"""What a notice says, made when it is read, in the reader's language.

Placeholders are keys of the notice's data. A code without a sentence is a mistake that a test finds.
"""

import datetime as dt

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.cycles import Cycle
from meetings.enums import DecisionAct
from problems.enums import Level, LimitStep, Outcome, SlipKind, Trigger
from problems.lifecycle.table import TABLE

SENTENCES = {
    "raised": gettext_lazy("企业提出了新的问题，等待受理"),
    "submit": gettext_lazy("企业提出了新的问题，等待受理"),
    "resubmit": gettext_lazy("企业补正后重新提交"),
    "restore": gettext_lazy("恢复到待受理，请重新核对"),
    "accept": gettext_lazy("已经受理，等待交办"),
    "return_for_completion": gettext_lazy("退回补正，请补充后重新提交"),
    "decline": pgettext_lazy("notice", "不予受理"),
    "merge_into": gettext_lazy("与已有事项重复，并入{target}"),
    "assign": gettext_lazy("交办给{unit}，期限 {due_on}"),
    "assign_help": gettext_lazy("请{unit}协办，牵头单位是{lead}"),
    "transfer": gettext_lazy("改派给{unit}，期限 {due_on}"),
    "object_to": gettext_lazy("{unit}对交办提出异议，请裁定"),
    "grant_objection": gettext_lazy("异议成立，不再由{unit}办理"),
    "refuse_objection": gettext_lazy("异议不成立，由{unit}继续办理"),
    "reassign": gettext_lazy("{unit}的异议成立，等待重新交办"),
    "ask_extension": gettext_lazy("{unit}申请延期至 {new_due_on}，请答复"),
    "grant_extension": gettext_lazy("同意延期至 {new_due_on}"),
    "refuse_extension": gettext_lazy("不同意延期至 {new_due_on}，按原期限办理"),
    "ask_suspension": gettext_lazy("{unit}申请挂起，请决定"),
    "suspend": gettext_lazy("已经挂起，时钟停走"),
    "resume": gettext_lazy("恢复办理，期限 {due_on}"),
    "report_as_cohandler": gettext_lazy("{unit}反馈了协办意见"),
    "urge": pgettext_lazy("notice", "被催办，请抓紧办理"),
    "instruct": gettext_lazy("{by}作出批示，请落实"),
    "instruction_reported": gettext_lazy("您的批示已经反馈落实情况"),
    "slip_issued": gettext_lazy("收到{slip}（{number}），{answer_due_on} 前反馈"),
    "slip_answered": gettext_lazy("{unit}反馈了{number}"),
    "resolve": gettext_lazy("已经办结（{outcome}），请评价"),
    "resolve_waiting": gettext_lazy("挂账等待政策，下次回访 {next_on}"),
    "settle_by_root": gettext_lazy("随一类事办结（{outcome}），请评价"),
    "close": gettext_lazy("已经销号，编号 {closing_number}"),
    "rate_not_satisfied": gettext_lazy("企业评价不满意，重新办理，期限 {due_on}"),
    "say_not_solved": gettext_lazy("回访时企业说没有解决，重新办理，期限 {due_on}"),
    "reopen": gettext_lazy("销号后重新办理，期限 {due_on}"),
    "withdraw": gettext_lazy("企业已经撤回，不再需要办理"),
    "escalate": gettext_lazy("提级到{level}，请研究"),
    "ask_call": gettext_lazy("企业要求回电"),
    "remind.near": gettext_lazy("“{step}”将于 {due_on} 到期"),
    "remind.overdue": gettext_lazy("“{step}”已经超期，期限是 {due_on}"),
    "remind.waited": gettext_lazy("挂账已满 {threshold} 个工作日，请查看条件是否具备"),
    "remind.bounced": gettext_lazy("退转已达 {threshold} 次"),
    "remind.not_satisfied": gettext_lazy("企业不满意已达 {threshold} 次"),
    "remind.escalate": gettext_lazy("“{step}”已经超期，按办理规则自动提级到{level}"),
    "remind.escalate_count": gettext_lazy("按办理规则自动提级到{level}"),
    "undo": gettext_lazy("刚才的一步（{undone}）已被撤销，不再有效"),
    "extend_by_meeting": gettext_lazy("会议议定延期至 {new_due_on}"),
    "wait_by_meeting": gettext_lazy("会议议定挂账等待政策，下次回访 {next_on}"),
    "decision_made": gettext_lazy("会议议定由{unit}落实，期限 {due_on}"),
    "decision_refused": gettext_lazy("议定的“{act}”未能执行，请办理：{why}"),
    "decision": gettext_lazy("议定事项将于 {due_on} 到期，请落实"),
    "duty": gettext_lazy("{cycle}还没有落实，最后一天是 {due_on}，请及时办理"),
    "duty_planned": gettext_lazy("{cycle}还没有落实，最后一天是 {due_on}；已计划 {planned_on}，请如期办理"),
    "visit_planned": gettext_lazy("已安排在 {held_on}，涉及本企业，请知悉"),
    "visit_moved": gettext_lazy("改在 {held_on}，请知悉"),
    "visit_cancelled": gettext_lazy("原定 {held_on}，现已取消"),
    "visit_joined": gettext_lazy("{unit}将合并参加"),
    "visit_joined_for": gettext_lazy("{unit}将合并参加，一并了解：{purpose}"),
    "meeting_called": gettext_lazy("定于 {starts_at} 在{place}召开，请准时参加"),
    "meeting_moved": gettext_lazy("时间地点有变动：改为 {starts_at}，在{place}"),
    "meeting_cancelled": gettext_lazy("原定 {starts_at} 召开，现已取消"),
    "meeting_withdrawn": gettext_lazy("会议通知已撤回，时间地点另行通知"),
    "meeting_soon": gettext_lazy("将于 {starts_at} 在{place}召开，请准时参加"),
    "test": gettext_lazy("这是一条测试消息，收到即表示通道可用"),
}
_LABELS = {
    "act": DecisionAct,
    "step": LimitStep,
    "trigger": Trigger,
    "outcome": Outcome,
    "level": Level,
    "slip": SlipKind,
}
_ICONS = {
    "assigned": "send", "slip": "file-text", "reminder": "alarm", "urged": "speakerphone", "instruction": "message",
    "intake": "inbox", "request": "help", "answer": "message", "reopened": "refresh", "result": "circle-check",
    "escalated": "arrow-up", "decision": "gavel", "visit": "calendar-event", "duty": "target",
    "meeting": "users",
}  # fmt: skip


class _Words(dict):
    def __missing__(self, key):
        return "—"


def sentence(code: str, data: dict) -> str:
    """What happened, without the record's name."""
    template = SENTENCES.get(code)
    if template is None:
        return code
    return str(template).format_map(_Words({name: _word(name, value) for name, value in data.items()}))


def _word(name: str, value) -> str:
    if name == "undone":
        return str(TABLE[value].label) if value in TABLE else str(value)
    if name == "cycle" and isinstance(value, list):
        return Cycle.of(value[0], dt.date.fromisoformat(value[1])).name
    if name == "starts_at" and (moment := parse_datetime(str(value))):
        return date_format(localtime(moment), "Y-m-d H:i")
    if name in _LABELS and value in _LABELS[name].values:
        return str(_LABELS[name](value).label)
    return "—" if value in (None, "") else str(value)


def why(notice) -> str:
    """Why this person was told."""
    return str(notice.get_reason_display()).format(unit=notice.unit or "—")


def icon(kind: str) -> str:
    return _ICONS.get(kind, "bell")


def subject(data: dict) -> str:
    """The record that it is about, as it was called then: number and title."""
    return " ".join(filter(None, [data.get("record_number"), data.get("record_title")]))


def line(code: str, data: dict) -> str:
    """Subject and sentence in one line, for mail and chat."""
    named = subject(data)
    told = sentence(code, data)
    return _("%(record)s：%(sentence)s") % {"record": named, "sentence": told} if named else told
