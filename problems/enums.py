"""States, ends and other choices of the problem ledger."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where an entry stands."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待受理")
    RETURNED = "returned", pgettext_lazy("state", "退回补正")
    DECLINED = "declined", pgettext_lazy("state", "不予受理")
    ACCEPTED = "accepted", _("待交办")
    ASSIGNED = "assigned", _("待签收")
    IN_PROGRESS = "in_progress", _("办理中")
    SUSPENDED = "suspended", pgettext_lazy("state", "挂起")
    RESOLVED = "resolved", _("待评价")
    CLOSED = "closed", _("已销号")
    WITHDRAWN = "withdrawn", _("已撤回")


# Not yet ended: what the backlog counts. A draft has not been raised yet.
OPEN_STATES = frozenset(
    {
        State.SUBMITTED,
        State.RETURNED,
        State.ACCEPTED,
        State.ASSIGNED,
        State.IN_PROGRESS,
        State.SUSPENDED,
        State.RESOLVED,
    }
)
# Ended for good, unless an officer reopens.
ENDED_STATES = frozenset({State.DECLINED, State.CLOSED, State.WITHDRAWN})
# The handling unit's clock runs: only these have a green, yellow or red light by the deadline.
CLOCK_STATES = frozenset({State.ASSIGNED, State.IN_PROGRESS})
# The clock stands still and starts again later.
PAUSED_STATES = frozenset({State.RETURNED, State.SUSPENDED})
# Where a list by deadline puts what has none.
NEVER = dt.date(9999, 12, 31)
# The same from the latest deadline back: what has none comes last in this order, too.
BEFORE_ALL = dt.date(1, 1, 1)
# With a handling unit.
HANDLED_STATES = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.SUSPENDED, State.RESOLVED})


class Outcome(models.TextChoices):
    """How an entry ended, kept apart from its state and never blurred."""

    SOLVED = "solved", _("全部解决")
    PARTLY = "partly", _("部分解决")
    EXPLAINED = "explained", _("解释说明")
    WAITING = "waiting", _("挂账（等待政策）")
    DECLINED = "declined", pgettext_lazy("state", "不予受理")
    WITHDRAWN = "withdrawn", pgettext_lazy("state", "撤回")
    MERGED = "merged", _("并入其他事项")


# Outcomes that a handling unit may report.
RESOLVED_OUTCOMES = [Outcome.SOLVED, Outcome.PARTLY, Outcome.EXPLAINED, Outcome.WAITING]
# What a handling unit brought to an end; waiting for a policy (挂账) is not one.
ANSWERED = (Outcome.SOLVED, Outcome.PARTLY, Outcome.EXPLAINED)


class Source(models.TextChoices):
    VISIT = "visit", _("走访")
    MEETING = "meeting", _("会议")
    DIRECT_LINE = "direct_line", _("直通车")
    CALL = "call", _("来电")
    ONLINE = "online", _("线上")


class Urgency(models.TextChoices):
    ORDINARY = "ordinary", _("一般")
    URGENT = "urgent", _("紧急")
    COMPLEX = "complex", _("复杂")


class Rating(models.TextChoices):
    SATISFIED = "satisfied", _("满意")
    BASICALLY = "basically", _("基本满意")
    NOT_SATISFIED = "not_satisfied", _("不满意")


class Light(models.TextChoices):
    """The one light of an entry (灯号)."""

    GREEN = "green", _("绿灯")
    YELLOW = "yellow", _("黄灯")
    RED = "red", _("红灯")
    GREY = "grey", _("灰灯")
    NONE = "none", _("无灯")


class LegEnd(models.TextChoices):
    """Why a unit no longer holds an entry."""

    RESOLVED = "resolved", _("已办结")
    TRANSFERRED = "transferred", pgettext_lazy("state", "改派")
    OBJECTED = "objected", _("异议成立")
    REOPENED = "reopened", pgettext_lazy("state", "重新办理")
    WITHDRAWN = "withdrawn", _("企业撤回")
    MERGED = "merged", _("并案")
    CANCELLED = "cancelled", _("取消交办")


class RequestState(models.TextChoices):
    """Of an extension request or an objection."""

    PENDING = "pending", _("待裁定")
    GRANTED = "granted", pgettext_lazy("state", "同意")
    REFUSED = "refused", pgettext_lazy("state", "不同意")


class LimitStep(models.TextChoices):
    """The steps that the rulebook gives a time limit (时限环节), each counted in working days."""

    ACCEPT = "accept", _("受理")
    ASSIGN = "assign", _("交办")
    SIGN = "sign", _("签收")
    FIRST_REPLY = "first_reply", _("首次答复")
    RESOLVE = "resolve", _("办结")
    COHANDLE = "cohandle", _("协办反馈")
    RULE = "rule", _("裁定异议")
    RATE = "rate", _("评价")
    CALL_BACK = "call_back", _("回访")
    WAIT = "wait", _("挂账回访")


class Doer(models.TextChoices):
    """Who does a step by the rulebook (办理主体)."""

    KEEPER = "keeper", _("链办或组织部")
    SECRETARY = "secretary", _("链办")
    OFFICER = "officer", _("组织部")


class Preset(models.TextChoices):
    """Ready rule sets that a county may choose (预设规则)."""

    SHIPPED = "shipped", _("通用默认规则")
    SEVEN = "seven", _("牵头七日、协办三日")
    FIFTEEN = "fifteen", _("十五日答复、复杂三十日")


class Reach(models.TextChoices):
    """Which entries a new version of the rules reaches (适用范围)."""

    NEW = "new", _("只用于生效后交办的事项")
    OPEN = "open", _("在办事项的期限也重新计算")


class Trigger(models.TextChoices):
    """What sets off a rung of the escalation ladder (触发条件); its threshold is a number of working days or times."""

    NEAR = "near", _("剩余工作日不多于")
    OVERDUE = "overdue", _("超期工作日达到")
    BOUNCED = "bounced", _("退转次数达到")
    NOT_SATISFIED = "not_satisfied", _("不满意次数达到")
    WAITED = "waited", _("挂账工作日达到")


class LadderAct(models.TextChoices):
    """What a rung of the ladder does (督办措施)."""

    REMIND = "remind", _("站内提醒")
    REMINDER_SLIP = "reminder_slip", _("发提醒单")
    SUPERVISION_SLIP = "supervision_slip", _("发督办单")
    ESCALATE = "escalate", _("提级")


class Level(models.TextChoices):
    """Where an escalated entry goes (提级对象)."""

    COUNTY = "county", _("县产业党委")
    CITY = "city", _("市级")


class SlipKind(models.TextChoices):
    """Numbered papers of supervision (督办文书)."""

    REMINDER = "reminder", _("提醒单")
    SUPERVISION = "supervision", _("督办单")


class CallBackKind(models.TextChoices):
    """Why the enterprise is called (回访类型)."""

    SAMPLED = "sampled", _("抽查回访")
    REQUESTED = "requested", _("企业要求回电")


class CallBackState(models.TextChoices):
    OPEN = "open", _("待回访")
    REACHED = "reached", _("已回访")
    UNREACHABLE = "unreachable", _("未接通")
    CANCELLED = "cancelled", _("不再需要")


class Channel(models.TextChoices):
    """How the enterprise gave its word (评价途径)."""

    SIGNED_IN = "signed_in", _("登录评价")
    LINK = "link", _("链接或二维码")
    CALL_BACK = "call_back", _("电话回访")


class BulkStep(models.TextChoices):
    """Steps that can be taken on many entries at once (批量办理); the values are names of actions."""

    ASSIGN = "assign", _("交办")
    URGE = "urge", _("催办")
    ESCALATE = "escalate", _("提级")


class BulkState(models.TextChoices):
    DRAFT = "draft", _("待确认")
    RUNNING = "running", _("正在办理")
    DONE = "done", _("已办完")


class BulkResult(models.TextChoices):
    """What came of one entry of a bulk run."""

    WAITING = "waiting", _("等待办理")
    DONE = "done", _("已办")
    REFUSED = "refused", _("不能办理")
    CONFLICT = "conflict", _("期间有变化")
