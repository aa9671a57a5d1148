"""What the ledger counts: the honest funnel (一本账), the backlog by light, times and ratings.

Flows go by the first date of each step and count what still stands: an entry that was reopened is not resolved or
closed until it is again. Stocks read the spans, so that past days stay as they were.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import units
from enterprises.indicators import ENTERPRISES
from indicators.declarations import BAD, GOOD, NEUTRAL, Column, Distinct, Duration, Flow, Ratio, Source, Stock, register
from problems.enums import (
    CLOCK_STATES,
    OPEN_STATES,
    PAUSED_STATES,
    CallBackState,
    Channel,
    Outcome,
    Rating,
    State,
)
from problems.models import CallBack, Problem, StateSpan
from problems.supervision import counted

# Code and name of the top categories that the common list ships (problems/migrations/0003): one figure each.
CATEGORIES = (
    ("policy", _("政策")), ("labour", _("用工")), ("land", _("用地")), ("finance", _("融资")),
    ("market", _("市场拓展")), ("park", _("园区配套")), ("talent", _("人才")), ("construction", _("规划建设")),
    ("technology", _("技术")), ("logistics", _("物流")), ("environment", _("环保")), ("other", _("其他")),
)  # fmt: skip
# What a handling unit brought to an end; waiting for a policy (挂账) is not one.
ANSWERED = (Outcome.SOLVED, Outcome.PARTLY, Outcome.EXPLAINED)
CONTENT = (Rating.SATISFIED, Rating.BASICALLY)


def _text(values) -> list[str]:
    return sorted(str(value) for value in values)


PROBLEMS = Source(
    "problems",
    Problem,
    _("问题台账"),
    entity="enterprise_id",
    visible=lambda actor: Problem.objects.visible_to(actor),
    url=lambda row: row.get_absolute_url(),
    related=("enterprise", "category", "region", "chain", "lead_team", "lead_department"),
    columns=[
        Column(_("编号"), "number"),
        Column(_("事项"), "title"),
        Column(_("企业"), "enterprise__name"),
        Column(_("类别"), "category__spoken"),
        Column(_("状态"), "state"),
        Column(_("结果"), "outcome"),
        Column(_("牵头单位"), "lead"),
        Column(_("提交日期"), "submitted_on"),
        Column(_("期限"), "due_on"),
        Column(_("办结日期"), "resolved_on"),
    ],
)
SPANS = Source(
    "problem_spans",
    StateSpan,
    _("问题状态时段"),
    entity="enterprise_id",
    visible=lambda actor: StateSpan.objects.visible_to(actor),
    url=lambda row: row.problem.get_absolute_url(),
    related=("problem", "problem__enterprise", "team", "department"),
    columns=[
        Column(_("编号"), "problem__number"),
        Column(_("事项"), "problem__title"),
        Column(_("企业"), "problem__enterprise__name"),
        Column(_("时段状态"), "state"),
        Column(_("牵头单位"), lambda row: row.team or row.department),
        Column(_("起始"), "started_on"),
        Column(_("期限"), "due_on"),
    ],
)

# Calls have no chain of their own: told for regions.
CALL_BACKS = Source(
    "call_backs",
    CallBack,
    _("企业回访"),
    chain=None,
    committee=None,
    visible=lambda actor: CallBack.objects.visible_to(actor),
    url=lambda row: row.problem.get_absolute_url(),
    related=("problem", "problem__enterprise", "done_by"),
    columns=[
        Column(_("编号"), "problem__number"),
        Column(_("事项"), "problem__title"),
        Column(_("企业"), "problem__enterprise__name"),
        Column(_("类型"), "kind"),
        Column(_("提出日期"), "asked_on"),
        Column(_("期限"), "due_on"),
        Column(_("状态"), "state"),
        Column(_("回访日期"), "done_on"),
    ],
)


def _calls(code, name, definition, more=NEUTRAL, **where):
    return Flow(code, name, units.CI, definition, more=more, source=CALL_BACKS, on="asked_on", where=Q(**where))


def _flow(code, name, definition, on, more=NEUTRAL, **where):
    return Flow(code, name, units.GE, definition, more=more, source=PROBLEMS, on=on, where=Q(**where))


def _stock(code, name, definition, states, more, enters="started_on", leaves="ended_on", daily=False):
    where = Q(state__in=_text(states))
    return Stock(
        code,
        name,
        units.GE,
        definition,
        more=more,
        source=SPANS,
        where=where,
        enters=enters,
        leaves=leaves,
        daily=daily,
    )


register(
    _flow("problems_raised", _("收集困难问题"), _("期内提交进入台账的问题，每件计一次；草稿不计。"), "submitted_on"),
    _flow("problems_accepted", _("受理问题"), _("期内首次受理的问题。"), "accepted_on"),
    _flow("problems_assigned", _("交办问题"), _("期内首次交办的问题。"), "assigned_on"),
    _flow("problems_decided", _("议定问题"), _("期内首次经会议研究议定的问题。"), "decided_on"),
    _flow(
        "problems_resolved",
        _("办结问题"),
        _("按首次办结日期计，办理单位已经答复、没有被重新办理的问题；挂账不计。"),
        "resolved_on",
        GOOD,
        outcome__in=_text(ANSWERED),
    ),
    _flow(
        "problems_solved",
        _("解决问题"),
        _("期内办结的问题中，结果为全部解决的。"),
        "resolved_on",
        GOOD,
        outcome=Outcome.SOLVED.value,
    ),
    _flow(
        "finance_problems_solved",
        _("解决融资问题"),
        _("期内办结的融资类问题中，结果为全部解决的。"),
        "resolved_on",
        GOOD,
        outcome=Outcome.SOLVED.value,
        top_category="finance",
    ),
    _flow(
        "problems_resolved_on_time",
        _("按期办结问题"),
        _("期内办结的问题中，每次办理都没有超过期限的。"),
        "resolved_on",
        GOOD,
        outcome__in=_text(ANSWERED),
        on_time=True,
    ),
    _flow(
        "problems_waiting",
        _("挂账问题"),
        _("办理结果为等待政策、尚未恢复办理的问题，按首次办结日期计。"),
        "resolved_on",
        BAD,
        outcome=Outcome.WAITING.value,
    ),
    _flow(
        "problems_confirmed",
        _("企业确认问题"),
        _("按首次确认日期计，企业评价为满意或基本满意的问题。"),
        "confirmed_on",
        GOOD,
        rating__in=_text(CONTENT),
    ),
    _flow(
        "problems_rated",
        _("已评价问题"),
        _("期内办结的问题中，企业已作出评价的。"),
        "resolved_on",
        GOOD,
        outcome__in=_text(ANSWERED),
        rating__in=_text(Rating.values),
    ),
    _flow(
        "problems_satisfied",
        _("满意问题"),
        _("期内办结且已评价的问题中，评价为满意或基本满意的。"),
        "resolved_on",
        GOOD,
        outcome__in=_text(ANSWERED),
        rating__in=_text(CONTENT),
    ),
    _flow(
        "problems_unrated",
        _("未评价问题"),
        _("期内办结的问题中，企业还没有评价的；与已评价问题合计为办结问题，不计入满意率。"),
        "resolved_on",
        NEUTRAL,
        outcome__in=_text(ANSWERED),
        rating="",
    ),
    *[
        _flow(
            f"problems_rated_{channel}",
            name,
            _("期内办结且已评价的问题中，企业由该途径评价的。"),
            "resolved_on",
            outcome__in=_text(ANSWERED),
            rating__in=_text(Rating.values),
            rated_by=channel.value,
        )
        for channel, name in (
            (Channel.SIGNED_IN, _("登录评价的问题")),
            (Channel.LINK, _("扫码或链接评价的问题")),
            (Channel.CALL_BACK, _("回访中评价的问题")),
        )
    ],
    _flow(
        "problems_closed",
        _("销号问题"),
        _("按首次销号日期计，目前处于销号状态的问题。"),
        "closed_on",
        GOOD,
        state=State.CLOSED.value,
    ),
    _flow(
        "problems_declined",
        _("不予受理问题"),
        _("期内决定不予受理的问题。"),
        "ended_on",
        outcome=Outcome.DECLINED.value,
    ),
    _flow("problems_withdrawn", _("撤回问题"), _("期内企业撤回的问题。"), "ended_on", outcome=Outcome.WITHDRAWN.value),
    _flow("problems_merged", _("并案问题"), _("期内并入其他事项的问题。"), "ended_on", outcome=Outcome.MERGED.value),
    _flow(
        "problems_reopened",
        _("重新办理问题"),
        _("期内提交的问题中，后来重新办理过的。"),
        "submitted_on",
        BAD,
        reopened_times__gt=0,
    ),
    _flow(
        "problems_escalated",
        _("提级问题"),
        _("期内提交的问题中，已提级的。"),
        "submitted_on",
        NEUTRAL,
        is_escalated=True,
    ),
    _stock("problems_open", _("在办问题"), _("期末已提交而未终结的问题。"), OPEN_STATES, BAD),
    _stock(
        "problems_overdue",
        _("超期问题"),
        _("期末待签收或办理中、已过期限的问题（红灯）。"),
        CLOCK_STATES,
        BAD,
        enters="red_from",
        daily=True,
    ),
    _stock(
        "problems_near_limit",
        _("临期问题"),
        _("期末待签收或办理中、临近期限而未超期的问题（黄灯）。"),
        CLOCK_STATES,
        BAD,
        enters="yellow_from",
        leaves="yellow_until",
        daily=True,
    ),
    _stock(
        "problems_in_time",
        _("正常办理问题"),
        _("期末待签收或办理中、距期限尚早的问题（绿灯）。"),
        CLOCK_STATES,
        NEUTRAL,
        leaves="green_until",
        daily=True,
    ),
    _stock(
        "problems_paused", _("停表问题"), _("期末退回补正或挂起、期限停止计算的问题（灰灯）。"), PAUSED_STATES, NEUTRAL
    ),
    _stock("problems_suspended", _("挂起问题"), _("期末处于挂起状态的问题。"), [State.SUSPENDED], NEUTRAL),
    _stock("problems_returned", _("退回补正问题"), _("期末退回企业补正的问题。"), [State.RETURNED], NEUTRAL),
    Distinct(
        "enterprises_with_problems",
        _("反映问题的企业"),
        units.JIA,
        _("期内提交过问题的企业，每家计一次。"),
        source=PROBLEMS,
        on="submitted_on",
        entities=ENTERPRISES,
    ),
    Duration(
        "handling_days",
        _("平均办理时长"),
        units.WORKDAYS,
        _("期内办结的问题从交办到办结所用的工作日，扣除挂起和销号期间。"),
        more=BAD,
        source=PROBLEMS,
        on="resolved_on",
        days="handling_days",
        where=Q(outcome__in=_text(ANSWERED)),
    ),
    Ratio(
        "on_time_rate",
        _("按期办结率"),
        units.PERCENT,
        _("按期办结问题占办结问题的百分比。"),
        more=GOOD,
        numerator="problems_resolved_on_time",
        denominator="problems_resolved",
    ),
    Ratio(
        "solved_rate",
        _("解决率"),
        units.PERCENT,
        _("全部解决的问题占办结问题的百分比。"),
        more=GOOD,
        numerator="problems_solved",
        denominator="problems_resolved",
    ),
    Ratio(
        "rating_rate",
        _("评价率"),
        units.PERCENT,
        _("已评价问题占办结问题的百分比。"),
        more=GOOD,
        numerator="problems_rated",
        denominator="problems_resolved",
    ),
    Ratio(
        "satisfaction_rate",
        _("满意率"),
        units.PERCENT,
        _("满意和基本满意的问题占已评价问题的百分比，未评价的不计。"),
        more=GOOD,
        numerator="problems_satisfied",
        denominator="problems_rated",
    ),
    _calls(
        "call_backs",
        _("应回访"),
        _("期内抽取的和企业要求的回访；事项又重新办理、不再需要的不计。"),
        state__in=_text([CallBackState.OPEN, CallBackState.REACHED, CallBackState.UNREACHABLE]),
    ),
    _calls("call_backs_reached", _("已回访"), _("应回访中，已接通并记录的。"), GOOD, state=CallBackState.REACHED.value),
    _calls(
        "call_backs_solved",
        _("回访确认解决"),
        _("已回访中，企业说问题已经解决的。"),
        GOOD,
        state=CallBackState.REACHED.value,
        is_solved=True,
    ),
    Ratio(
        "call_back_rate",
        _("回访率"),
        units.PERCENT,
        _("已回访占应回访的百分比，未接通的不算已回访。"),
        more=GOOD,
        numerator="call_backs_reached",
        denominator="call_backs",
    ),
    Ratio(
        "call_back_solved_rate",
        _("回访确认解决率"),
        units.PERCENT,
        _("企业说已经解决的占已回访的百分比。"),
        more=GOOD,
        numerator="call_backs_solved",
        denominator="call_backs_reached",
    ),
    *[
        _flow(
            f"problems_raised_{code}", name, _("期内提交的问题中，类别为该大类的。"), "submitted_on", top_category=code
        )
        for code, name in CATEGORIES
    ],
)
register(*counted.declared())
