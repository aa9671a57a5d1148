"""What people of the demonstration have put on the agendas of meetings to come, told through the product itself.

So agendas, matters and decisions that act on entries can be looked at as they are on the day of loading."""

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from accounts.actors import build_actor
from accounts.models import Post
from alliances.models import Region
from core import workdays
from core.actor import Actor, Role
from core.clock import today
from meetings import lifecycle
from meetings.enums import COMING, DecisionAct, ItemEnd, ItemSource, MeetingState
from meetings.models import AgendaItem, Decision, Meeting
from problems.enums import State
from problems.models import Problem

CONVENED = "涉及用地、电力和交通三个部门，帮办团协调两次未果，请链党委会商。"
MATTERS = ["研究联盟共享检测中心的共建方案", "商定冬季用工集中招聘的场次安排"]
NOTES = ["会议听取了责任单位汇报，认为方案可行，要求倒排工期。", "与会单位对资金来源意见不一，会后由牵头单位再作测算。",
         "企业代表介绍了实际困难，责任单位表示一周内上门对接。"]  # fmt: skip
MORE_DAYS = 5
# Decided under a red, a yellow and a green light.
LIT = ["当日向各成员单位通报会议部署，报送联络员名单。", "向链上企业征集明年用工需求，汇总后报链办。",
       "拿出联盟年度活动计划，提请下次会议审议。"]  # fmt: skip
PROGRESS = "已与相关单位对接，形成初步方案，正在征求企业意见。"


def name_items() -> None:
    """Items about an entry stand for it, as those typed on the page do; in the rows the numbers were not final yet."""
    about = Concat(Value("problem:"), Cast("problem_id", CharField()))
    AgendaItem.objects.filter(key="", problem__isnull=False).update(key=about)
    # What one meeting put off and another took up again is one thing.
    first: dict[tuple, int] = {}
    for item in AgendaItem.objects.filter(end=ItemEnd.POSTPONED, key="").order_by("ended_on", "pk"):
        begun = first.setdefault((item.committee_id, item.title), item.pk)
        if begun != item.pk:
            AgendaItem.objects.filter(pk=item.pk).update(key=f"item:{begun}", source=ItemSource.POSTPONED)


def tell(region: Region) -> None:
    """Matters by hand and by convening, notes of items, decisions that act on entries, and the agendas that follow."""
    officer, leader = _actor(region, Role.COUNTY_OFFICER), _actor(region, Role.LEADER)
    coming = Meeting.objects.filter(region=region, state__in=COMING, held_on__gte=today()).order_by("pk")
    committees = list(dict.fromkeys(meeting.committee for meeting in coming.select_related("committee__region")))
    for committee, title in zip(committees, MATTERS, strict=False):
        lifecycle.put_matter(committee, by=leader, title=title)
        for problem in _running(committee)[2:3]:
            lifecycle.convene(problem, committee, by=leader, reason=CONVENED)
    held = Meeting.objects.filter(region=region, state=MeetingState.HELD).order_by("-held_on", "-pk").first()
    if held is not None:
        _write_up(held, officer)
        _light_up(held, officer)
    lifecycle.top_up_all()


def _actor(region: Region, role: str) -> Actor:
    """The first of the region who holds the role for all of it."""
    post = Post.objects.filter(role=role, region=region, chain=None).in_force(today()).order_by("pk").first()
    return build_actor(post.user, today())


def _running(committee):
    """Entries of the committee that a unit works on in good time, oldest first."""
    rows = Problem.objects.filter(committee=committee, state=State.IN_PROGRESS, due_on__gt=today(), pause_asked_on=None)
    return list(rows.select_related("region", "committee__region").order_by("pk")[:6])


def _light_up(meeting: Meeting, officer: Actor) -> None:
    """An open decision under each light, whatever the day."""
    calendar = workdays.current(meeting.region.path)
    for text, due_on in zip(
        LIT, (meeting.held_on, calendar.add(today(), 1), calendar.add(today(), 12)), strict=True
    ):  # fmt: skip
        lifecycle.decide(
            meeting, by=officer, text=text, owner_department=meeting.committee.leading_unit, due_on=due_on, problem=None
        )


def _write_up(meeting: Meeting, officer: Actor) -> None:
    """Discussion of each item; one decision that gave an entry more time, one that the rules left to the officer."""
    for item, note in zip(meeting.agenda.all(), NOTES, strict=False):
        lifecycle.settle_item(item, by=officer, end=item.end, note=note)
    secretary = Post.objects.filter(role=Role.CHAIN_SECRETARY, committee=meeting.committee).in_force(today()).first()
    by = [officer, build_actor(secretary.user, today()) if secretary else officer]
    for actor, problem in zip(by, _running(meeting.committee), strict=False):
        unit = problem.lead_department or problem.lead_team.lead_department or meeting.committee.leading_unit
        new = workdays.current(problem.region.path).add(problem.due_on, MORE_DAYS)
        decision = lifecycle.decide(
            meeting, by=actor, text=f"“{problem.title}”情况复杂，同意延期，由责任单位按周报告进展。",
            owner_department=unit, days=15, problem=problem, act=DecisionAct.EXTEND, act_on=new,
        )  # fmt: skip
        if actor is officer:
            lifecycle.note_decision(Decision.objects.get(pk=decision.pk), by=officer, text=PROGRESS)
