"""Who keeps meetings and follows decisions up, one sentence each. Every function answers a Refusal or None."""

from django.utils.translation import gettext_lazy as _

from alliances.perms import covers
from core.actor import Actor, Role
from core.clock import today
from core.transitions import Refusal
from problems import perms as ledger

KEEPERS = _("本链党委书记（链办）或组织部工作人员")


def keep(committee, actor: Actor) -> Refusal | None:
    """A committee's meetings are kept by its secretary and by the officers of its region."""
    own = committee.pk in actor.ids("committee_id", Role.CHAIN_SECRETARY)
    if own or covers(actor, committee.region.path, Role.COUNTY_OFFICER):
        return None
    return Refusal("role", _("会议由本链党委书记（链办）或组织部工作人员登记。"), who_can=KEEPERS)


def reopen(committee, actor: Actor) -> Refusal | None:
    """What has been filed is opened again by the officers of its region only."""
    if covers(actor, committee.region.path, Role.COUNTY_OFFICER):
        return None
    return Refusal("role", _("会议材料已归档，由组织部工作人员重新打开。"), who_can=_("组织部工作人员"))


def keep_kinds(region, actor: Actor) -> Refusal | None:
    """A region's own kinds of meetings and activities, and its days between visits, are kept by its officers."""
    if region is not None and covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    return _officers_only()


def keep_kind(kind, actor: Actor) -> Refusal | None:
    """The common kinds belong to no region and are kept by nobody on a page."""
    if kind.region_id is None:
        return Refusal("common", _("通用类别由系统提供，不能修改；可以另设本区域自己的类别。"))
    return keep_kinds(kind.region, actor)


def create_kind(actor: Actor) -> Refusal | None:
    """Whether there is any region whose kinds and days between visits this actor keeps."""
    return None if actor.is_system or actor.has(Role.COUNTY_OFFICER) else _officers_only()


def _officers_only() -> Refusal:
    return Refusal("role", _("会议类别、活动类别和走访间隔由组织部工作人员维护。"), who_can=_("组织部工作人员"))


def subscribe(actor: Actor) -> Refusal | None:
    """Whoever sees meetings may read them in a calendar."""
    if actor.has(Role.COUNTY_OFFICER, Role.LEADER, Role.CHAIN_SECRETARY):
        return None
    return Refusal("role", _("您的岗位看不到会议，没有可以订阅的日历。"), who_can=_("组织部工作人员、领导、链党委书记"))


def create(actor: Actor) -> Refusal | None:
    """Whether there is any committee whose meetings this actor keeps."""
    if actor.is_system or actor.has(Role.CHAIN_SECRETARY, Role.COUNTY_OFFICER):
        return None
    return Refusal("role", _("会议由本链党委书记（链办）或组织部工作人员登记。"), who_can=KEEPERS)


def report_done(decision, actor: Actor) -> Refusal | None:
    """That a decision was carried out is reported by the unit that owes it, or by those who keep the meeting."""
    owes = decision.owner_department_id in actor.ids("department_id", Role.DEPARTMENT_OFFICER)
    if (decision.owner_department_id and owes) or not keep(decision.committee, actor):
        return None
    return Refusal("role", _("落实情况由责任单位、本链党委书记（链办）或组织部工作人员填报。"), who_can=KEEPERS)


def keep_activity(actor: Actor, *, region, committee=None, organisation=None) -> Refusal | None:
    """Activities of a committee are kept as its meetings are; others by the officers of the region; help teams and
    departments log their own visits in their county; a branch secretary those of the own organisation."""
    if actor.is_system or (committee is not None and keep(committee, actor) is None):
        return None
    if committee is None and covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    if committee is None and any(
        duty.region_path and region.path.startswith(duty.region_path) for duty in actor.duties_as(*Role.HANDLERS)
    ):
        return None
    firms = actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
    if organisation is not None and organisation.enterprise_id in firms:
        return None
    return Refusal(
        "role",
        _("活动由本链党委书记（链办）、组织部工作人员登记，帮办团和责任单位登记本单位的走访，企业登记本党组织的活动。"),
        who_can=KEEPERS,
    )


def join_activity(unit: dict, actor: Actor) -> Refusal | None:
    """One joins for a unit in which one has a post."""
    team, department, committee = (unit.get(name) for name in ("team", "department", "committee"))
    if team is not None and team.pk in actor.ids("team_id", Role.TEAM_MEMBER):
        return None
    if department is not None and department.pk in actor.ids("department_id", Role.DEPARTMENT_OFFICER):
        return None
    if committee is not None and keep(committee, actor) is None:
        return None
    return Refusal("role", _("只能代表自己任职的单位参加。"))


def create_activity(actor: Actor) -> Refusal | None:
    """Whether there is anything that this actor may log."""
    loggers = (Role.CHAIN_SECRETARY, Role.COUNTY_OFFICER, Role.BRANCH_SECRETARY, *Role.HANDLERS)
    if actor.is_system or actor.has(*loggers):
        return None
    return Refusal("role", _("活动由承办单位登记，您可以查看，不能登记。"), who_can=KEEPERS)


def see_visits(actor: Actor) -> Refusal | None:
    """The calendar of an enterprise is everybody's who may visit it, and its own people's."""
    if actor.is_system or actor.has(*Role.BUSINESS):
        return None
    return Refusal("role", _("走访日历供业务岗位使用。"), who_can=KEEPERS)


def join_any(units) -> Refusal | None:
    """One joins a visit for a unit; whoever has a post in none has nothing to join with."""
    if units:
        return None
    who = _("帮办团成员、责任单位承办人和产业链党委书记（链办）")
    return Refusal("role", _("合并参加以单位名义进行，您没有在帮办团、责任单位或产业链党委任职。"), who_can=who)


def keep_duty(term, actor: Actor) -> Refusal | None:
    """What a unit found and hands over is written by itself, or by those who keep the committee's meetings."""
    department = term.department_id and term.department_id in actor.ids("department_id", Role.DEPARTMENT_OFFICER)
    enterprise = term.enterprise_id and term.enterprise_id in actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
    if department or enterprise or keep(term.committee, actor) is None:
        return None
    return Refusal("role", _("由轮值单位、本链党委书记（链办）或组织部工作人员办理。"), who_can=KEEPERS)


def write_report(seat, actor: Actor) -> Refusal | None:
    """A member writes the own report; the keepers of the committee's meetings do it for one with no account."""
    if (actor.user_id and seat.user_id == actor.user_id) or keep(seat.committee, actor) is None:
        return None
    return Refusal("role", _("述职报告由席位本人、本链党委书记（链办）或组织部工作人员撰写。"), who_can=KEEPERS)


def open_report(actor: Actor) -> Refusal | None:
    """Members with an account write their own; keepers for the others."""
    if actor.is_system or actor.has(*Role.BUSINESS):
        return None
    return Refusal("role", _("述职报告由席位本人、本链党委书记（链办）或组织部工作人员撰写。"), who_can=KEEPERS)


def choose_scheme(actor: Actor) -> Refusal | None:
    """Officers choose the way of working of their region."""
    if actor.is_system or actor.has(Role.COUNTY_OFFICER):
        return None
    return Refusal("role", _("运行模式由组织部工作人员选用。"), who_can=_("组织部工作人员"))


def put_matter(committee, actor: Actor) -> Refusal | None:
    """Matters are put forward by those who keep the committee's meetings and by its leaders."""
    leads = any(
        duty.region_path
        and committee.region.path.startswith(duty.region_path)
        and duty.chain_id in (None, committee.chain_id)
        for duty in actor.duties_as(Role.LEADER)
    )
    if leads or not keep(committee, actor):
        return None
    return Refusal("role", _("待议事项由领导、链长、本链党委书记（链办）或组织部工作人员提出。"), who_can=KEEPERS)


def convene(problem, actor: Actor) -> Refusal | None:
    """A committee is asked to take up an entry by those who keep the ledger, by leaders, and by the unit that leads."""
    if ledger.keeps(problem, actor) or ledger.leads(problem, actor) or ledger.handles(problem, actor):
        return None
    sentence = _("一事一商由领导、管理台账的人员或牵头办理单位提请。")
    return Refusal("role", sentence, who_can=ledger.KEEPERS)


def withdraw_matter(matter, actor: Actor) -> Refusal | None:
    """By whoever put it forward, and by those who keep the meetings."""
    if (actor.user_id is not None and matter.put_by_id == actor.user_id) or not keep(matter.committee, actor):
        return None
    return Refusal("role", _("待议事项由提出人或会议管理人员撤回。"), who_can=KEEPERS)


def see_matters(actor: Actor) -> Refusal | None:
    """Whether there is any committee whose matters this actor reads."""
    if actor.is_system or actor.has(Role.CHAIN_SECRETARY, Role.COUNTY_OFFICER, Role.LEADER):
        return None
    return Refusal("role", _("待议事项由领导、链长、本链党委书记（链办）或组织部工作人员提出。"), who_can=KEEPERS)


def put_nowhere() -> Refusal:
    """There is no standing committee to which this actor could put anything forward."""
    return Refusal("none", _("您负责的范围内还没有产业链党委。"))


def keep_guard(guard, actor: Actor) -> Refusal | None:
    """What has begun has judged visits already: it stays, another one follows."""
    refusal = keep_kinds(guard.region, actor)
    if refusal is None and guard.begins_on <= today():
        return Refusal("begun", _("已起用的间隔不能修改，可以另设一条从以后某天起用的间隔。"))
    return refusal
