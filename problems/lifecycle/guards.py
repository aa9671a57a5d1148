"""Standing rules of single transitions: windows, limits and pending requests, by the rulebook of the entry's region.

Each guard takes (problem, day) and answers a Refusal or None. They are asked by the page and again under the lock.
"""

import datetime as dt

from django.utils.translation import gettext as _

from core import clock, workdays
from core.transitions import Refusal
from problems import rules
from problems.enums import Rating, RequestState


def rulebook_of(problem, day: dt.date):
    """The rules for this entry on that day, read once per instance."""
    kept = problem.__dict__.setdefault("_rulebooks", {})
    if day not in kept:
        kept[day] = rules.rulebook_for(problem.region, day)
    return kept[day]


def lead_leg(problem):
    """The leg of the unit that leads now, or None."""
    return next((leg for leg in problem.active_legs if leg.is_lead), None)


def pending_objection(problem):
    return problem.objections.filter(state=RequestState.PENDING, assignment__ended_at=None).first()


def pending_extension(problem):
    return problem.extensions.filter(state=RequestState.PENDING, assignment__ended_at=None).first()


def _objection(problem, day):
    leg = lead_leg(problem)
    if leg is None or problem.objections.filter(assignment=leg).exists():
        return Refusal("objected", _("本次交办已提出过异议，裁定有约束力。"))
    window = rulebook_of(problem, day).objection_days
    if workdays.current(problem.region.path).between(clock.local_date(leg.assigned_at), day) > window:
        return Refusal("objection_window", _("异议须在交办后 %(days)d 个工作日内提出，现已超过。") % {"days": window})
    return None


def _ruling(problem, day):
    if pending_objection(problem) is None:
        return Refusal("no_objection", _("没有待裁定的异议。"))
    return None


def _extension(problem, day):
    if pending_extension(problem) is not None:
        return Refusal("extension_pending", _("已有一个延期申请等待答复。"))
    book = rulebook_of(problem, day)
    granted = problem.extensions.filter(assignment=lead_leg(problem), state=RequestState.GRANTED).count()
    if granted >= book.extensions_allowed:
        return Refusal(
            "extensions_used", _("每次交办最多延期 %(times)d 次，已经用完。") % {"times": book.extensions_allowed}
        )
    if workdays.current(problem.region.path).remaining(problem.due_on, day) < book.extension_notice_days:
        return Refusal(
            "extension_late",
            _("延期须在期限届满前至少 %(days)d 个工作日申请。") % {"days": book.extension_notice_days},
        )
    return None


def _helping(problem, day):
    if all(leg.is_lead for leg in problem.active_legs):
        return Refusal("no_helper", _("没有正在协办的单位。"))
    return None


def _answer(problem, day):
    if pending_extension(problem) is None:
        return Refusal("no_extension", _("没有待答复的延期申请。"))
    return None


def _ask_suspension(problem, day):
    if problem.pause_asked_on is not None:
        return Refusal("suspension_pending", _("已有一个挂起申请等待决定。"))
    return None


def _rating(problem, day):
    if problem.rating in (Rating.SATISFIED, Rating.BASICALLY):
        return Refusal("rated", _("企业已经评价过本次办理结果。"))
    return None


def _closing(problem, day):
    if problem.rating in (Rating.SATISFIED, Rating.BASICALLY):
        return None
    window = rulebook_of(problem, day).rating_days
    left = window - workdays.current(problem.region.path).between(problem.since_on, day)
    if left >= 0:
        return Refusal(
            "not_rated",
            _("企业还没有评价；评价期限（%(days)d 个工作日）过后才能按“未评价”销号。") % {"days": window},
        )
    return None


def _escalation(problem, day):
    if problem.is_escalated:
        return Refusal("escalated", _("本事项已经提级。"))
    return None


GUARDS = {
    "object_to": _objection,
    "grant_objection": _ruling,
    "refuse_objection": _ruling,
    "ask_extension": _extension,
    "grant_extension": _answer,
    "refuse_extension": _answer,
    "report_as_cohandler": _helping,
    "ask_suspension": _ask_suspension,
    "rate": _rating,
    "rate_not_satisfied": _rating,
    "close": _closing,
    "escalate": _escalation,
}
