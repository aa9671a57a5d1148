"""Towards the end and back: resolution, rating, closing, reopening."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.actor import Actor
from problems.enums import RESOLVED_OUTCOMES, Channel, LegEnd, Outcome, Rating
from problems.lifecycle.handling import begin_again, check_next
from problems.lifecycle.intake import next_number
from problems.lifecycle.machine import limited, required, step
from problems.lifecycle.roots import close_parts
from problems.models import Problem


def resolve(
    problem, *, by: Actor, version: int | None = None, outcome: str, text: str, next_on: dt.date | None = None, at=None
) -> Problem:
    """What was done and with which result. Waiting for a policy (挂账) needs the date of the next look.

    `handling_days` are the working days units held it, pauses and closed time apart; `on_time` stays False once a
    deadline was missed, so that resolving again does not mend the figure.
    """
    required(text=text)
    limited(text=(text, 4000))
    if outcome not in [str(one) for one in RESOLVED_OUTCOMES]:
        raise ValidationError({"outcome": _("请选择办理结果。")})
    with step("resolve", problem, by=by, version=version, at=at) as s:
        if outcome == Outcome.WAITING:
            if next_on is None:
                raise ValidationError({"next_on": _("挂账事项须填写下次回访日期。")})
            check_next(s, next_on)
        return _write_result(s, outcome, text, next_on if outcome == Outcome.WAITING else None)


def wait_by_meeting(problem, *, by: Actor, version: int | None = None, next_on: dt.date, text: str, at=None):
    """A meeting decided that it waits for a policy (挂账), with the date of the next look; the unit's leg ends as with
    a result of its own."""
    required(text=text)
    limited(text=(text, 4000))
    with step("wait_by_meeting", problem, by=by, version=version, at=at) as s:
        check_next(s, next_on)
        return _write_result(s, Outcome.WAITING, text, next_on)


def _write_result(s, outcome: str, text: str, next_on: dt.date | None) -> Problem:
    """What the entry carries from its result on."""
    p = s.problem
    p.next_on, p.outcome, p.resolution = next_on, outcome, text
    if p.rating != Rating.NOT_SATISFIED:
        p.rating = p.rated_by = ""
    s.first("first_reply_on", "resolved_on")
    p.handling_days = s.days_held()
    p.on_time = p.on_time is not False and s.day <= p.due_on
    s.settle_requests(_("事项已办结，申请自动终止。"))
    s.end_legs(LegEnd.RESOLVED)
    return s.finish(outcome=outcome, text=text, next_on=p.next_on, days=p.handling_days, on_time=p.on_time)


def set_waiting_date(problem, *, by: Actor, version: int | None = None, next_on: dt.date, note: str = "", at=None):
    """The next look at a waiting entry (挂账), again and again, at most the rulebook's interval away."""
    limited(note=(note, 500))
    with step("set_waiting_date", problem, by=by, version=version, at=at) as s:
        check_next(s, next_on)
        s.problem.next_on = next_on
        return s.finish(next_on=next_on, note=note)


def rate(
    problem, *, by: Actor, version: int | None = None, rating: str, text: str = "",
    channel: str = Channel.SIGNED_IN, at=None,
) -> Problem:  # fmt: skip
    """The enterprise's word, by this channel. Not satisfied: the same lead begins again with a new deadline."""
    if rating not in Rating.values or channel not in Channel.values:
        raise ValidationError({"rating": _("请选择评价。")})
    if rating == Rating.NOT_SATISFIED:
        required(text=text)
    limited(text=(text, 500))
    name = "rate_not_satisfied" if rating == Rating.NOT_SATISFIED else "rate"
    with step(name, problem, by=by, version=version, at=at) as s:
        p = s.problem
        p.rating, p.rating_text, p.rated_by = rating, text, channel
        s.first("rated_on")
        if rating == Rating.NOT_SATISFIED:
            p.reopened_times += 1
            begin_again(s, text)
            return s.finish(rating=rating, text=text, channel=channel, due_on=p.due_on)
        s.first("confirmed_on")
        return s.finish(rating=rating, text=text, channel=channel)


def say_not_solved(problem, *, by: Actor, version: int | None = None, text: str, at=None) -> Problem:
    """What the enterprise told a third person who called back, whatever it had rated before: the same lead begins
    again. First and last closing stay."""
    required(text=text)
    limited(text=(text, 1000))
    with step("say_not_solved", problem, by=by, version=version, at=at) as s:
        p = s.problem
        p.rating, p.rating_text, p.rated_by = Rating.NOT_SATISFIED, text[:500], Channel.CALL_BACK
        s.first("rated_on")
        p.reopened_times += 1
        p.ended_on = None
        begin_again(s, text)
        return s.finish(text=text, due_on=p.due_on)


def close(problem, *, by: Actor, version: int | None = None, note: str = "", at=None) -> Problem:
    """Reviewed by somebody who is not the handler: a closing number, and the entry is frozen (销号)."""
    limited(note=(note, 500))
    with step("close", problem, by=by, version=version, at=at) as s:
        p = s.problem
        s.first("closed_on")
        p.last_closed_on = p.ended_on = s.day
        if p.closing_number is None:
            p.closing_number = next_number("XH", p.region, s.day.year)
        closed = [part.number for part in close_parts(s)]
        more = {"children": closed} if closed else {}
        return s.finish(note=note, closing_number=p.closing_number, not_rated=not p.rating, **more)


def reopen(problem, *, by: Actor, version: int | None = None, reason: str, at=None) -> Problem:
    """Closed but not settled: the same lead begins again. First and last closing stay; closed time is not charged."""
    required(reason=reason)
    limited(reason=(reason, 500))
    with step("reopen", problem, by=by, version=version, at=at) as s:
        p = s.problem
        before = p.outcome
        p.reopened_times += 1
        p.ended_on = None
        p.rating = p.rated_by = ""
        begin_again(s, reason)
        return s.finish(reason=reason, due_on=p.due_on, outcome=before)
