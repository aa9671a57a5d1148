"""What waits for a person (我的待办): groups of entries by what has to be done, from the duties in force."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from core import workdays
from core.actor import Actor, Role
from problems.enums import CLOCK_STATES, OPEN_STATES, Outcome, Rating, RequestState, State
from problems.models import Assignment, Problem
from problems.rules import rulebook_for

SHOWN = 30
RUNNING = [str(state) for state in CLOCK_STATES]


@dataclass
class Group:
    """One thing to do, and the entries it is to be done to (the first of them)."""

    title: object
    hint: object
    rows: list = field(default_factory=list)
    count: int = 0
    action: str = ""
    tone: str = ""


def groups(actor: Actor, today: dt.date) -> list[Group]:
    """The groups of this actor, pressing ones first; empty ones too."""
    seen = Problem.objects.visible_to(actor)
    found = [*_unit(actor, seen, today), *_officer(actor, seen, today), *_keeper(actor, seen, today)]
    return found + _enterprise(actor, seen) + _own_drafts(actor, seen)


def _group(rows, title, hint, action="", tone="", order=("id",)) -> Group:
    rows = rows.select_related(
        "enterprise", "category", "chain", "region", "lead_team", "lead_department"
    ).defer("tokens", "text", "resolution")  # fmt: skip
    first = list(rows.order_by(*order)[: SHOWN + 1])
    count = len(first) if len(first) <= SHOWN else rows.count()
    return Group(title, hint, first[:SHOWN], count, action, tone)


_BY_DEADLINE = (F("due_on").asc(nulls_last=True), "id")


def _unit(actor: Actor, seen, today):
    """For help teams and departments: late, near, to sign, to answer as a helper, the rest."""
    teams, departments = actor.ids("team_id", Role.TEAM_MEMBER), actor.ids("department_id", Role.DEPARTMENT_OFFICER)
    if not teams and not departments:
        return []
    held = seen.filter(Q(lead_team__in=teams) | Q(lead_department__in=departments))
    running = held.filter(state__in=RUNNING)
    working = running.filter(state=State.IN_PROGRESS, due_on__gte=today)
    helping = Assignment.objects.filter(Q(team__in=teams) | Q(department__in=departments), is_lead=False, ended_at=None)
    return [
        _group(
            running.filter(due_on__lt=today), _("已经超期"), _("尽快办结，或说明情况"), tone="red", order=_BY_DEADLINE
        ),
        _group(
            running.filter(state=State.ASSIGNED, due_on__gte=today),
            _("待签收"),
            _("时钟已从交办起走"),
            "sign",
            order=_BY_DEADLINE,
        ),
        _group(
            working.filter(yellow_on__lte=today),
            _("临近期限"),
            _("需要延期的，须提前申请"),
            "resolve",
            "yellow",
            _BY_DEADLINE,
        ),
        _group(
            seen.filter(pk__in=helping.values("problem_id"), state__in=[*RUNNING, "suspended"]),
            _("待反馈协办意见"),
            _("向牵头单位反馈"),
            "report_as_cohandler",
            order=_BY_DEADLINE,
        ),
        _group(working.exclude(yellow_on__lte=today), _("办理中"), "", "resolve", order=_BY_DEADLINE),
    ]


def _officer(actor: Actor, seen, today):
    """For officers: requests to answer, entries to assign, what is overdue in the region."""
    if not actor.has(Role.COUNTY_OFFICER):
        return []
    pending = {"state": RequestState.PENDING}
    return [
        _group(
            seen.filter(objections__state=RequestState.PENDING, objections__assignment__ended_at=None),
            _("待裁定异议"),
            _("当日裁定，裁定有约束力"),
            "rule_on_objection",
            "yellow",
        ),
        _group(
            seen.filter(**{f"extensions__{k}": v for k, v in pending.items()}, extensions__assignment__ended_at=None),
            _("待答复延期申请"),
            "",
            "decide_extension",
            "yellow",
        ),
        _group(
            seen.filter(state__in=RUNNING).exclude(pause_asked_on=None), _("待决定挂起申请"), "", "suspend", "yellow"
        ),
        _group(seen.filter(state=State.ACCEPTED), _("待交办"), _("确定牵头单位和期限"), "assign"),
        _group(
            seen.filter(state__in=RUNNING, due_on__lt=today),
            _("超期未办结"),
            _("可提级督办"),
            tone="red",
            order=_BY_DEADLINE,
        ),
        _group(
            seen.filter(state__in=["suspended", "resolved"], next_on__lte=today),
            _("到了回访日期"),
            _("挂账或挂起的事项，查看条件是否具备"),
            order=("next_on", "id"),
        ),
    ]


def _keeper(actor: Actor, seen, today):
    """For chain secretaries and officers: to accept, to close."""
    if not actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY):
        return []
    rated = Q(rating__in=[Rating.SATISFIED, Rating.BASICALLY])
    resolved = seen.filter(state=State.RESOLVED).exclude(outcome=Outcome.WAITING)
    return [
        _group(seen.filter(state=State.SUBMITTED), _("待受理"), _("核对要素，受理、退回或不予受理"), "accept"),
        _group(
            resolved.filter(rated | Q(since_on__lt=_window_start(actor, today))),
            _("待销号"),
            _("企业已评价，或评价期限已过"),
            "close",
        ),
    ]


def _window_start(actor: Actor, today: dt.date) -> dt.date:
    """Entries resolved before this day have had their rating window, by the actor's own region's rules."""
    paths = [duty.region_path for duty in actor.duties if duty.region_path]
    region = Region.objects.filter(path__in=paths).order_by("path").first()
    days = rulebook_for(region, today).rating_days if region else 0
    return workdays.current(region.path if region else "").add(today, -days)


def _enterprise(actor: Actor, seen):
    """For an enterprise's own people: to complete, to rate, what is being handled."""
    own = actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
    if not own:
        return []
    mine = seen.filter(enterprise__in=own)
    unrated = mine.filter(state=State.RESOLVED, rating__in=["", Rating.NOT_SATISFIED]).exclude(outcome=Outcome.WAITING)
    moving = [str(state) for state in OPEN_STATES - {State.RETURNED, State.RESOLVED}]
    return [
        _group(mine.filter(state=State.RETURNED), _("待补正"), _("补充后重新提交"), "resubmit", "yellow"),
        _group(unrated, _("待评价"), _("请评价办理结果"), "rate", "yellow"),
        _group(mine.filter(state__in=moving), _("正在办理"), "", order=("-id",)),
    ]


def _own_drafts(actor: Actor, seen):
    return [
        _group(
            seen.filter(state=State.DRAFT, created_by_id=actor.user_id), _("我的草稿"), _("提交后才进入台账"), "submit"
        )
    ]
