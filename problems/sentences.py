"""Events of the ledger in words: a sentence per verb, the picture beside it, and what was written with it."""

import datetime as dt

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from audit import sentences
from audit.models import Event
from core import clock
from problems.enums import Channel, Level, Outcome, Rating, SlipKind, Source, State, Urgency
from problems.lifecycle.table import TABLE
from problems.models import Problem

# verb: (sentence, icon, tone). Placeholders are keys of the event's data.
SENTENCES = {
    "drafted": (pgettext_lazy("event", "保存草稿"), "pencil", ""),
    "raised": (gettext_lazy("提出问题"), "plus", "blue"),
    "submit": (gettext_lazy("提交问题"), "plus", "blue"),
    "accept": (pgettext_lazy("event", "受理"), "check", "blue"),
    "return_for_completion": (gettext_lazy("退回企业补正"), "arrow-back-up", "yellow"),
    "resubmit": (pgettext_lazy("event", "补正后重新提交"), "arrow-forward-up", "blue"),
    "decline": (pgettext_lazy("event", "不予受理"), "ban", "grey"),
    "merge_into": (gettext_lazy("并入{target}"), "git-merge", "grey"),
    "received_merge": (gettext_lazy("{merged}并入本事项"), "git-merge", ""),
    "join_root": (gettext_lazy("归入一类事：{root}"), "sitemap", ""),
    "assign": (gettext_lazy("交办给{unit}，期限 {due_on}"), "send", "blue"),
    "sign": (gettext_lazy("{unit}签收"), "check", "green"),
    "object_to": (gettext_lazy("{unit}提出异议"), "alert-triangle", "yellow"),
    "grant_objection": (gettext_lazy("裁定{unit}的异议成立，退回待交办"), "gavel", "yellow"),
    "refuse_objection": (gettext_lazy("裁定{unit}的异议不成立，继续办理"), "gavel", ""),
    "transfer": (gettext_lazy("由{before}改派给{unit}，期限 {due_on}"), "arrows-sort", "yellow"),
    "hand_over_leg": (gettext_lazy("{unit}的承办人由{before}交接给{handler}"), "switch-horizontal", "blue"),
    "draft_handed_over": (gettext_lazy("草稿由{before}交接给{author}"), "switch-horizontal", ""),
    "add_note": (pgettext_lazy("event", "登记进展"), "message", ""),
    "instruct": (gettext_lazy("批示"), "message", "red"),
    "report_as_cohandler": (gettext_lazy("{unit}反馈协办意见"), "message", "green"),
    "ask_suspension": (pgettext_lazy("event", "申请挂起"), "clock", "yellow"),
    "suspend": (gettext_lazy("挂起，时钟停走"), "player-pause", "grey"),
    "resume": (gettext_lazy("恢复办理，期限 {due_on}"), "player-play", "blue"),
    "ask_extension": (gettext_lazy("申请延期：由 {old_due_on} 延至 {new_due_on}"), "calendar-plus", "yellow"),
    "grant_extension": (gettext_lazy("同意延期至 {new_due_on}"), "calendar-plus", "green"),
    "refuse_extension": (gettext_lazy("不同意延期至 {new_due_on}"), "calendar-off", ""),
    "escalate": (pgettext_lazy("event", "提级"), "arrow-up", "red"),
    "urge": (pgettext_lazy("event", "催办"), "alarm", "red"),
    "add_helpers": (gettext_lazy("加签协办，反馈期限 {due_on}"), "plus", "blue"),
    "settle_by_root": (gettext_lazy("随一类事办结：{root}"), "circle-check", "green"),
    "not_by_root": (gettext_lazy("未随一类事解决：{root}"), "ban", "yellow"),
    "undo": (gettext_lazy("撤销上一步：{step}"), "arrow-back-up", "yellow"),
    "lost_merge": (gettext_lazy("{merged}不再并入本事项"), "git-merge", ""),
    "set_waiting_date": (gettext_lazy("挂账，下次回访 {next_on}"), "calendar", "grey"),
    "resolve": (gettext_lazy("办结：{outcome}，用时 {days} 个工作日"), "circle-check", "green"),
    "rate": (gettext_lazy("企业评价：{rating}"), "star", "green"),
    "rate_not_satisfied": (gettext_lazy("企业评价：不满意，重新办理，期限 {due_on}"), "star", "red"),
    "say_not_solved": (gettext_lazy("回访：企业说没有解决，重新办理，期限 {due_on}"), "phone", "red"),
    "link_made": (gettext_lazy("生成企业直达链接（第 {link} 号），有效至 {until}"), "qrcode", ""),
    "link_revoked": (gettext_lazy("作废企业直达链接（第 {link} 号）"), "link-off", ""),
    "code_refused": (gettext_lazy("输错企业短码"), "lock", "yellow"),
    "ask_call": (gettext_lazy("企业要求回电"), "phone", "yellow"),
    "call_back": (gettext_lazy("电话回访企业"), "phone", "green"),
    "call_back_missed": (gettext_lazy("电话回访未接通，第 {tries} 次"), "phone", "grey"),
    "call_back_drawn": (gettext_lazy("抽取回访：{entry}"), "phone", ""),
    "slip_issued": (gettext_lazy("发出{slip}：{number}，{unit}，{answer_due_on} 前反馈"), "file-text", "red"),
    "slip_answered": (gettext_lazy("{unit}反馈{number}"), "message", "green"),
    "instruction_reported": (gettext_lazy("反馈批示落实情况"), "message", "green"),
    "close": (gettext_lazy("销号，编号 {closing_number}"), "lock", "green"),
    "reopen": (gettext_lazy("重新办理，期限 {due_on}"), "refresh", "yellow"),
    "restore": (pgettext_lazy("event", "恢复受理"), "refresh", "yellow"),
    "withdraw": (pgettext_lazy("event", "撤回"), "arrow-back-up", "grey"),
    "edit": (gettext_lazy("修改内容"), "pencil", ""),
    "move": (pgettext_lazy("event", "调整产业链"), "sitemap", ""),
    "correct_dates": (pgettext_lazy("event", "更正提交日期"), "calendar", ""),
    "note_decided": (gettext_lazy("会议研究议定"), "gavel", "blue"),
    "extend_by_meeting": (gettext_lazy("会议议定延期：由 {old_due_on} 延至 {new_due_on}"), "gavel", "green"),
    "wait_by_meeting": (gettext_lazy("会议议定挂账，下次回访 {next_on}"), "gavel", "grey"),
    "attach": (gettext_lazy("上传附件：{name}"), "paperclip", ""),
    "rules_changed": (gettext_lazy("因办理规则自 {since} 起调整，重新计算期限"), "calendar", ""),
    "recalculated": (gettext_lazy("因日历调整（第 {edition} 版），重新计算期限"), "calendar", ""),
    "followed_enterprise": (gettext_lazy("随企业调整所在区域和产业链"), "sitemap", ""),
    "exported": (gettext_lazy("导出问题台账 {count} 条"), "download", ""),
}


# The rules of handling and the categories, in the audit trail only.
_RULE_SENTENCES = {
    "rulebook.made": gettext_lazy("制定{region}自 {since} 起的办理规则（{reach}）：{note}"),
    "rulebook.corrected": gettext_lazy("{region}自 {since} 起的办理规则由当日第 {revision} 版替代：{note}"),
    "rulebook.withdrawn": gettext_lazy("撤销{region}自 {since} 起、尚未生效的办理规则"),
    "category.added": gettext_lazy("在“{parent}”下增加{region}的问题类别"),
    "category.changed": gettext_lazy("修改{region}的问题类别"),
    "category.kinds_chosen": gettext_lazy("设定{region}的对口帮办团类别"),
    "category.shifted": gettext_lazy("调整{region}的问题类别的顺序"),
}


# Values of the data that are codes, told as their labels.
class _Steps:
    """The transitions, as an enumeration knows its members."""

    values = TABLE.keys()

    def __call__(self, value):
        return TABLE[value]


_LABELS = {
    "outcome": Outcome, "rating": Rating, "channel": Channel, "source": Source, "urgency": Urgency, "level": Level,
    "slip": SlipKind, "step": _Steps(),
}  # fmt: skip
# What people wrote: shown below the sentence, whichever key it came under.
_TEXTS = ("reason", "text", "note", "ground", "ruling", "answer", "instruction")


def register() -> None:
    """Give the audit trail the sentences; called once when the app is ready."""
    sentences.add(_RULE_SENTENCES)
    sentences.add({f"problem.{verb}": words for verb, (words, _icon, _tone) in SENTENCES.items()}, labels=_LABELS)


class _Words(dict):
    def __missing__(self, key):
        return "—"


def _word(name: str, value) -> str:
    if name in _LABELS and value in _LABELS[name].values:
        return str(_LABELS[name](value).label)
    if isinstance(value, dict) and "name" in value:
        return str(value["name"])
    return "—" if value in (None, "") else str(value)


def describe(event) -> dict:
    """One event for the timeline component: sentence, who, when it happened, what was written, what changed."""
    words, icon, tone = SENTENCES.get(event.verb.partition(".")[2], (event.verb, "circle-check", ""))
    data = event.data
    happened = parse_datetime(data["at"]) if isinstance(data.get("at"), str) else None
    text = "\n".join(str(data[name]) for name in _TEXTS if data.get(name))
    return {
        "title": str(words).format_map(_Words({name: _word(name, value) for name, value in data.items()})),
        "who": sentences.who(event),
        "at": happened or event.at,
        "icon": icon,
        "tone": tone,
        "text": text,
        "changes": _changes(data) + _helpers(data),
        "recorded_later": happened is not None and clock.local_date(happened) != clock.local_date(event.at),
    }


def _changes(data: dict) -> list[str]:
    found = []
    for name, pair in (data.get("changes") or {}).items():
        label = Problem._meta.get_field(name).verbose_name
        before, after = (_word(name, value) for value in pair)
        found.append(_("%(field)s：由“%(before)s”改为“%(after)s”") % {"field": label, "before": before, "after": after})
    if data.get("state"):
        before, after = (State(value).label for value in data["state"])
        found.append(_("状态：%(before)s → %(after)s") % {"before": before, "after": after})
    return found


def _helpers(data: dict) -> list[str]:
    found = []
    for one in data.get("moved") or ():
        words = {"what": one["what"], "before": one["due_on"][0], "after": one["due_on"][1]}
        found.append(_("%(what)s的期限：由“%(before)s”改为“%(after)s”") % words)
    if data.get("helpers"):
        found.append(_("协办：%(units)s") % {"units": _("、").join(data["helpers"])})
    if data.get("escalated"):
        found.append(_("退转达到次数，自动提级。"))
    if data.get("channel") in (Channel.LINK, Channel.CALL_BACK):
        found.append(_("评价途径：%(channel)s") % {"channel": Channel(data["channel"]).label})
    if data.get("level"):
        found.append(_("提级到：%(level)s") % {"level": _word("level", data["level"])})
    if data.get("children"):
        found.append(_("一并销号：%(numbers)s") % {"numbers": _("、").join(data["children"])})
    if data.get("void"):
        found.append(_("编号 %(number)s 作废。") % {"number": data["void"]})
    if data.get("not_rated"):
        found.append(_("评价期限内未评价，按“未评价”销号。"))
    return found


def timeline(problem, limit: int = 200) -> list[dict]:
    """The entry's events, newest first."""
    events = list(Event.objects.of(problem).order_by("-id")[:limit])
    told = [describe(event) for event in events]
    told.sort(key=lambda one: one["at"] or dt.datetime.min.replace(tzinfo=dt.UTC), reverse=True)
    return told
