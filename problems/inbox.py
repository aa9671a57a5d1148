"""What waits for a person (我的待办): entries in groups by what is due and what has to be done.

Every group is a narrowing of the ledger under a key; the ledger's filter `todo=<key>` shows exactly its rows. Numbers
are counted up to `MOST`, so that the page costs the same at any size of the ledger.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from core import workdays
from core.actor import Actor, Role
from problems.enums import CLOCK_STATES, OPEN_STATES, CallBackState, Doer, Outcome, Rating, RequestState, State
from problems.models import Assignment, CallBack, Instruction, Problem, Rulebook, Slip
from problems.rules import rulebook_for

SHOWN = 8
# Groups are counted up to here; beyond, "1000 件以上" is said.
MOST = 1000
RUNNING = sorted(str(state) for state in CLOCK_STATES)
PAUSABLE = [*RUNNING, str(State.SUSPENDED)]
PENDING = RequestState.PENDING


@dataclass(frozen=True)
class Kind:
    """One thing to do. `narrow` (rows, actor, today) answers the entries it is to be done to, None for people whom it
    never concerns. `action` is the step that does it."""

    key: str
    title: object
    hint: object
    narrow: Callable
    action: str = ""
    tone: str = ""
    order: tuple = ("id",)
    sort: str = ""

    @property
    def query(self) -> str:
        """The filter of the ledger that shows exactly this group."""
        return f"todo={self.key}&sort={self.sort}" if self.sort else f"todo={self.key}"


@dataclass
class Group:
    """A kind with its first entries, for one person."""

    kind: Kind
    rows: list = field(default_factory=list)
    count: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > MOST

    @property
    def shown_count(self) -> int:
        return min(self.count, MOST)


def groups(actor: Actor, today: dt.date) -> list[Group]:
    """The groups of this actor, pressing ones first; empty ones too. A statement for each, and one for all their rows:
    joined to what a row needs, the planner may join everything that a person sees before it looks who waits."""
    seen, keys = Problem.objects.visible_to(actor), {}
    for kind in KINDS.values():
        rows = kind.narrow(seen, actor, today)
        if rows is not None:
            keys[kind] = list(rows.order_by(*kind.order).values_list("pk", flat=True)[: MOST + 1])
    rows = _rows({key for chosen in keys.values() for key in chosen[:SHOWN]})
    return [
        Group(kind, [rows[key] for key in chosen[:SHOWN] if key in rows], len(chosen)) for kind, chosen in keys.items()
    ]


def waiting(actor: Actor, key: str, rows, today: dt.date):
    """The entries among `rows` that are in this group of the actor's; none where the group is not his."""
    found = KINDS[key].narrow(rows, actor, today)
    return rows.none() if found is None else found


def choices(actor: Actor) -> list[tuple[str, object]]:
    """The groups as choices of the ledger's filter."""
    return [(kind.key, kind.title) for kind in KINDS.values()] if actor.has(*Role.BUSINESS) else []


def _rows(keys) -> dict[int, Problem]:
    """The entries of these keys with what a row needs."""
    joined = Problem.objects.select_related(
        "enterprise", "category", "chain", "region", "lead_team", "lead_department"
    ).defer("tokens", "text", "resolution")  # fmt: skip
    return {row.pk: row for row in joined.filter(pk__in=keys)}


# --- whose ------------------------------------------------------------------------------------------------------
def _units(actor: Actor):
    return actor.ids("team_id", Role.TEAM_MEMBER), actor.ids("department_id", Role.DEPARTMENT_OFFICER)


def _of_units(actor: Actor, team: str, department: str) -> Q | None:
    """Rows of the actor's units by these columns; None for somebody in no unit."""
    teams, departments = _units(actor)
    if not teams and not departments:
        return None
    return Q(**{f"{team}__in": teams}) | Q(**{f"{department}__in": departments})


def _held(rows, actor: Actor):
    mine = _of_units(actor, "lead_team", "lead_department")
    return None if mine is None else rows.filter(mine)


def _watched(rows, actor: Actor, today: dt.date):
    """Entries whose deadlines concern the actor: all that officers, leaders and chain secretaries see, what a unit
    leads."""
    if actor.has(Role.COUNTY_OFFICER, Role.LEADER, Role.CHAIN_SECRETARY):
        return rows
    return _held(rows, actor)


def _for(*roles: str):
    """A narrowing for these roles only."""

    def wrap(function):
        return lambda rows, actor, today: function(rows, actor, today) if actor.has(*roles) else None

    return wrap


def _home(actor: Actor, today: dt.date):
    """(region, rules in force) of the actor's own region, read once per actor."""
    kept = actor.__dict__.setdefault("_home", {})
    if today not in kept:
        paths = [duty.region_path for duty in actor.duties if duty.region_path]
        region = Region.objects.filter(path__in=paths).order_by("path").first()
        kept[today] = region, rulebook_for(region, today) if region else Rulebook()
    return kept[today]


def _by_rulebook(column: str):
    """A narrowing for those whom the rules of their region name for a step; what is on no chain is the officer's."""

    def wrap(function):
        def narrow(rows, actor, today):
            if not actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY):
                return None
            doer = getattr(_home(actor, today)[1], column)
            if actor.has(Role.COUNTY_OFFICER):
                return function(rows if doer != Doer.SECRETARY else rows.filter(committee=None), actor, today)
            return None if doer == Doer.OFFICER else function(rows, actor, today)

        return narrow

    return wrap


# --- what -------------------------------------------------------------------------------------------------------
def _due(choose: Callable):
    """Entries with a running clock whose deadline `choose` (today) -> condition picks."""

    def narrow(rows, actor, today):
        rows = _watched(rows, actor, today)
        return None if rows is None else rows.filter(choose(today), state__in=RUNNING)

    return narrow


def week_end(today: dt.date) -> dt.date:
    """The Sunday of this week."""
    return today + dt.timedelta(days=6 - today.weekday())


def _in_unit(**conditions):
    def narrow(rows, actor, today):
        rows = _held(rows, actor)
        return None if rows is None else rows.filter(**conditions)

    return narrow


def _helping(rows, actor, today):
    mine = _of_units(actor, "team", "department")
    if mine is None:
        return None
    legs = Assignment.objects.filter(mine, is_lead=False, ended_at=None)
    return rows.filter(pk__in=legs.values("problem_id"), state__in=PAUSABLE)


def _slips(rows, actor, today):
    mine = _of_units(actor, "team", "department")
    if mine is None and actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY):
        mine = Q(team=None, department=None)
    return (
        None if mine is None else rows.filter(pk__in=Slip.objects.filter(mine, answered_on=None).values("problem_id"))
    )


def _instructions(rows, actor, today):
    rows = _held(rows, actor)
    if rows is None:
        return None
    return rows.filter(pk__in=Instruction.objects.filter(reported_on=None).values("problem_id"))


@_by_rulebook("accepted_by")
def _to_accept(rows, actor, today):
    return rows.filter(state=State.SUBMITTED)


@_by_rulebook("assigned_by")
def _to_assign(rows, actor, today):
    return rows.filter(state=State.ACCEPTED)


@_by_rulebook("decided_by")
def _objections(rows, actor, today):
    return rows.filter(objections__state=PENDING, objections__assignment__ended_at=None)


@_by_rulebook("decided_by")
def _extensions(rows, actor, today):
    return rows.filter(extensions__state=PENDING, extensions__assignment__ended_at=None)


@_by_rulebook("decided_by")
def _suspensions(rows, actor, today):
    return rows.filter(state__in=RUNNING).exclude(pause_asked_on=None)


@_for(Role.COUNTY_OFFICER)
def _look_again(rows, actor, today):
    return rows.filter(state__in=["suspended", "resolved"], next_on__lte=today)


@_for(Role.COUNTY_OFFICER, Role.LEADER)
def _escalated(rows, actor, today):
    return rows.filter(is_escalated=True, state__in=sorted(str(s) for s in OPEN_STATES - {State.RESOLVED}))


@_for(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY)
def _call_backs(rows, actor, today):
    return rows.filter(pk__in=CallBack.objects.filter(state=CallBackState.OPEN).values("problem_id"))


@_by_rulebook("closed_by")
def _to_close(rows, actor, today):
    rated = Q(rating__in=[Rating.SATISFIED, Rating.BASICALLY])
    return rows.filter(rated, state=State.RESOLVED).exclude(outcome=Outcome.WAITING)


@_by_rulebook("closed_by")
def _window_over(rows, actor, today):
    """The enterprise's time to rate has passed without an answer: the reviewer may close it as not rated."""
    rated = Q(rating__in=[Rating.SATISFIED, Rating.BASICALLY])
    silent = rows.filter(state=State.RESOLVED, since_on__lt=_window_start(actor, today))
    return silent.exclude(rated).exclude(outcome=Outcome.WAITING)


def _window_start(actor: Actor, today: dt.date) -> dt.date:
    """Entries resolved before this day have had their rating window, by the actor's own region's rules."""
    region, book = _home(actor, today)
    days = book.rating_days if region else 0
    return workdays.current(region.path if region else "").add(today, -days)


def _own(function):
    """A narrowing of the enterprise's own entries, for its people."""

    def narrow(rows, actor, today):
        own = actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
        return function(rows.filter(enterprise__in=own)) if own else None

    return narrow


_MOVING = sorted(str(state) for state in OPEN_STATES - {State.RETURNED, State.RESOLVED})
_BY_DEADLINE = (F("due_on").asc(nulls_last=True), "id")
_KEYLESS = [
    Kind("overdue", _("已经超期"), _("尽快办结；管理台账的可以催办、提级"), _due(lambda d: Q(due_on__lt=d)), "", "red",
         _BY_DEADLINE, "due_on"),
    Kind("today", _("今日到期"), "", _due(lambda d: Q(due_on=d)), "", "yellow", _BY_DEADLINE, "due_on"),
    Kind("week", _("本周到期"), _("今天以后到星期日"),
         _due(lambda d: Q(due_on__gt=d, due_on__lte=week_end(d))), "", "yellow", _BY_DEADLINE, "due_on"),
    Kind("sign", _("待签收"), _("时钟已从交办起走"), _in_unit(state=State.ASSIGNED), "sign", "",
         _BY_DEADLINE, "due_on"),
    Kind("help", _("待反馈协办意见"), _("向牵头单位反馈"), _helping, "report_as_cohandler", "", _BY_DEADLINE, "due_on"),
    Kind("slips", _("待反馈督办文书"), _("提醒单、督办单须按期反馈"), _slips, "", "yellow"),
    Kind("instructions", _("待反馈领导批示"), "", _instructions, "", "yellow"),
    Kind("objections", _("待裁定异议"), _("当日裁定，裁定有约束力"), _objections, "rule_on_objection", "yellow"),
    Kind("extensions", _("待答复延期申请"), "", _extensions, "decide_extension", "yellow"),
    Kind("suspensions", _("待决定挂起申请"), "", _suspensions, "suspend", "yellow"),
    Kind("accept", _("待受理"), _("核对要素，受理、退回或不予受理"), _to_accept, "accept"),
    Kind("assign", _("待交办"), _("确定牵头单位和期限"), _to_assign, "assign"),
    Kind("close", _("待销号"), _("企业已评价"), _to_close, "close"),
    Kind("window_over", _("评价期满可销号"), _("企业没有在评价期限内评价，审核后按“未评价”销号"), _window_over,
         "close"),
    Kind("call_backs", _("待回访"), _("由没有办理过该事项的人回访"), _call_backs),
    Kind("look_again", _("到了回访日期"), _("挂账或挂起的事项，查看条件是否具备"), _look_again,
         order=("next_on", "id")),
    Kind("escalated", _("已提级"), _("列入会议研究或督办"), _escalated, tone="red", order=("-escalated_on", "-id")),
    Kind("complete", _("待补正"), _("补充后重新提交"), _own(lambda rows: rows.filter(state=State.RETURNED)), "resubmit",
         "yellow"),
    Kind("rate", _("待评价"), _("请评价办理结果"),
         _own(lambda rows: rows.filter(state=State.RESOLVED, rating__in=["", Rating.NOT_SATISFIED])
              .exclude(outcome=Outcome.WAITING)), "rate", "yellow"),
    Kind("moving", _("正在办理"), "", _own(lambda rows: rows.filter(state__in=_MOVING)), order=("-id",)),
    Kind("working", _("办理中"), _("期限在本周以后"),
         lambda rows, actor, today: None if (held := _held(rows, actor)) is None
         else held.filter(state=State.IN_PROGRESS, due_on__gt=week_end(today)), "resolve", "", _BY_DEADLINE, "due_on"),
    Kind("drafts", _("我的草稿"), _("提交后才进入台账"),
         lambda rows, actor, today: rows.filter(state=State.DRAFT, created_by_id=actor.user_id), "submit"),
]  # fmt: skip
KINDS: dict[str, Kind] = {kind.key: kind for kind in _KEYLESS}
