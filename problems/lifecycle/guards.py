"""Standing rules of single transitions: windows, limits and pending requests, by the rulebook of the entry's region.

Each guard takes (problem, day) and answers a Refusal or None. They are asked by the page and again under the lock.
"""

import datetime as dt

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from audit.models import Event
from core import clock, workdays
from core.transitions import Refusal
from problems import rules
from problems.enums import ANSWERED, Channel, Level, Rating, RequestState, State

# From where the result of a root matter can settle an entry.
SETTLED_BY_ROOT = frozenset(
    {State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.ASSIGNED, State.IN_PROGRESS, State.SUSPENDED}
)


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
    if problem.escalated_to == Level.CITY:
        return Refusal("escalated", _("本事项已经提到最高一级。"))
    return None


def _adding(problem, day):
    if lead_leg(problem) is None:
        return Refusal("no_lead", _("还没有牵头单位。"))
    return None


def standing_events(problem, name: str, **narrower) -> list[Event]:
    """The events of this step that were not undone, newest first."""
    told = Event.objects.of(problem)
    events = list(told.filter(verb=f"problem.{name}", **narrower).order_by("-id"))
    if not events:
        return []
    undone = told.filter(verb="problem.undo", data__step=name).values_list("data__version", flat=True)
    taken_back = {version - 1 for version in undone}
    return [event for event in events if event.data.get("version") not in taken_back]


# --- a root matter's result ---
def pending_root(problem):
    """The root matter (一类事) whose result waits for a word about this entry, or None."""
    root = problem.root
    if root is None or root.state not in (State.RESOLVED, State.CLOSED) or root.outcome not in ANSWERED:
        return None
    if problem.state not in SETTLED_BY_ROOT:
        return None
    no = {"data__root__id": root.pk, "data__round": root.reopened_times}
    return None if standing_events(problem, "not_by_root", **no) else root


def _root_question(problem, day):
    if pending_root(problem) is None:
        return Refusal("no_question", _("所属一类事还没有办理结果，或者已经答复过。"))
    return None


# --- urging ---
def _urging(problem, actor, day):
    """Once a working day for each person."""
    events = standing_events(problem, "urge", actor_id=actor.user_id)
    if not events:
        return None
    mine = events[0]
    last = clock.local_date(parse_datetime(mine.data["at"]) if "at" in mine.data else mine.at)
    if workdays.current(problem.region.path).between(last, day) < 1:
        return Refusal("urged", _("您今天已经催办过，每个工作日最多催办一次。"))
    return None


# --- undoing ---
_UNHANDLED_ENDS = (State.DECLINED, State.WITHDRAWN)
# What a meeting decided is taken back by the meeting; what the enterprise said on the phone is its word.
_FINAL = frozenset({"note_decided", "say_not_solved"})
# Functions (problem, last step) -> Refusal or None: what later apps know that has followed a step.
FOLLOWERS: list = []


def undo_ends_at(problem, last) -> dt.datetime:
    """Until when the last step can be undone."""
    return last.at + dt.timedelta(minutes=rulebook_of(problem, clock.local_date(last.at)).undo_minutes)


def _undoing(problem, day):
    last = getattr(problem, "last_step", None)
    if last is None or last.version != problem.version:
        return Refusal("undo_followed", _("上一步之后已有新的变化，不能撤销。"))
    # What the enterprise told a caller is not the caller's to take back.
    by_phone = last.name == "rate" and problem.rated_by == Channel.CALL_BACK
    if last.name in _FINAL or by_phone:
        return Refusal("undo_final", _("这一步已经通知到人或另有更正办法，不能撤销。"))
    if last.before.get("spread"):
        return Refusal("undo_spread", _("这一步已带动其他事项，不能撤销。"))
    if not _still_fits(problem, last.before["own"]):
        return Refusal("undo_followed", _("所属一类事或并入的事项已有新的变化，不能撤销。"))
    if clock.now() > undo_ends_at(problem, last):
        return Refusal("undo_late", _("已超过可以撤销的时间。"))
    if _told(problem, last):
        return Refusal("undo_told", _("这一步之后已发出文书、提醒或链接，或已回访，不能撤销。"))
    if _built_upon(problem, last):
        return Refusal("undo_followed", _("上一步之后已有新的变化，不能撤销。"))
    return next((found for asks in FOLLOWERS if (found := asks(problem, last))), None)


def _still_fits(problem, own: dict) -> bool:
    """Whether the root or the target that the entry would come back under still takes it: others have moved on."""
    other = type(problem).objects
    root, target = own.get("root_id"), own.get("merged_into_id")
    if root and (
        problem.parts.exists() or not other.filter(pk=root, root=None).exclude(state__in=_UNHANDLED_ENDS).exists()
    ):
        return False
    return not target or other.filter(pk=target).exclude(state__in=_UNHANDLED_ENDS).exists()


def _told(problem, last) -> bool:
    return (
        problem.slips.filter(issued_at__gte=last.at).exists()
        or problem.reminders.filter(fired_at__gte=last.at).exists()
        or problem.voice_links.filter(made_at__gte=last.at).exists()
        or problem.call_backs.filter(done_on__gte=clock.local_date(last.at), done_by__isnull=False).exists()
    )


def _built_upon(problem, last) -> bool:
    """What leaves the entry's version as it is: a report on the instruction, other entries put under a fresh one."""
    if last.name == "instruct":
        made = last.before["parts"].get("instructions", {}).get("made", ())
        return problem.instructions.filter(pk__in=made, reported_on__isnull=False).exists()
    return last.name == "submit" and (problem.parts.exists() or problem.merged_from.exists())


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
    "add_helpers": _adding,
    "settle_by_root": _root_question,
    "not_by_root": _root_question,
    "undo": _undoing,
}
# Rules that look at the person, too: (problem, actor, day).
PERSONAL = {"urge": _urging}
