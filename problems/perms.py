"""Who may do what to an entry of the ledger: one function and one sentence each, about people and standing only.

Every function answers None (may) or a Refusal that says why not and who can. States are checked from the table in
`problems.lifecycle.table`; windows and limits of the rulebook by the functions that act. Who accepts, assigns, decides
on requests and closes is said by the rulebook in force for the entry's region (`Doer`).
"""

from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Post
from alliances.models import TeamMember
from core import clock
from core.actor import Actor, Role
from core.transitions import Refusal
from problems import rules
from problems.enums import Doer

_GOVERNING = (Role.COUNTY_OFFICER, Role.LEADER)
OFFICER = _("本县（市、区）组织部工作人员")
KEEPERS = _("本链党委书记（链办）或组织部工作人员")
SECRETARY = _("本链党委书记（链办）")
ENTERPRISE = _("该企业的党组织书记（联络员）")
HANDLER = _("当前牵头办理单位的承办人")
COHANDLER = _("协办单位的承办人")
LEADER = _("本地区领导或链长")
OUTSIDER = _("没有办理过本事项的本链党委书记（链办）、组织部工作人员，或企业自己的联络员")


def governs(problem, actor: Actor) -> bool:
    """An officer whose region holds the entry's region."""
    return actor.is_system or any(
        problem.region.path.startswith(path) for path in actor.region_paths(Role.COUNTY_OFFICER)
    )


def keeps(problem, actor: Actor) -> bool:
    """The chain secretary of the entry's committee, or an officer."""
    own = actor.ids("committee_id", Role.CHAIN_SECRETARY)
    return governs(problem, actor) or (problem.committee_id is not None and problem.committee_id in own)


def of_enterprise(problem, actor: Actor) -> bool:
    """The enterprise's own people."""
    return actor.is_system or problem.enterprise_id in actor.ids("enterprise_id", Role.BRANCH_SECRETARY)


def standing(problem, actor: Actor) -> Actor:
    """The actor with the duties that concern this entry alone, own ones first: what the trail says of a person with
    several posts, and for whom a deputy acted."""
    legs = problem.active_legs if problem.pk else ()
    teams = {problem.lead_team_id, *(leg.team_id for leg in legs)} - {None}
    departments = {problem.lead_department_id, *(leg.department_id for leg in legs)} - {None}
    concerned = [
        duty
        for duty in actor.duties
        if duty.team_id in teams
        or duty.department_id in departments
        or (duty.committee_id is not None and duty.committee_id == problem.committee_id)
        or duty.enterprise_id == problem.enterprise_id
        or (duty.role in _GOVERNING and duty.region_path and problem.region.path.startswith(duty.region_path))
    ]
    if len(actor.duties) < 2 or not concerned:
        return actor
    return replace(actor, duties=tuple(sorted(concerned, key=lambda duty: bool(duty.acting_for))))


def in_unit(actor: Actor, team_id, department_id) -> bool:
    """A member of that team or an officer of that department."""
    return (team_id is not None and team_id in actor.ids("team_id", Role.TEAM_MEMBER)) or (
        department_id is not None and department_id in actor.ids("department_id", Role.DEPARTMENT_OFFICER)
    )


def handles(problem, actor: Actor) -> bool:
    """One of the unit that holds the entry now as its lead."""
    return actor.is_system or in_unit(actor, problem.lead_team_id, problem.lead_department_id)


def cohandles(problem, actor: Actor) -> bool:
    """One of a unit that helps now."""
    return actor.is_system or any(
        in_unit(actor, leg.team_id, leg.department_id) for leg in problem.active_legs if not leg.is_lead
    )


def involved(problem, actor: Actor) -> bool:
    """Of a unit that holds or once held the entry, also as a helper, or who signed for it in person; whoever left such
    a unit after it was given the entry stays involved."""
    legs = list(problem.assignments.all())
    return any(in_unit(actor, leg.team_id, leg.department_id) for leg in legs) or _served(problem, actor.user_id, legs)


def has_handled(problem, user_id: int | None) -> bool:
    """Whether this person, signed in or not, is or was of a unit that held the entry: see `involved`."""
    return _served(problem, user_id, list(problem.assignments.all()))


def _served(problem, user_id: int | None, legs) -> bool:
    """By person: signed or worked on a leg, or held a post (as a deputy, too) or a place in the register of a leg's
    unit at any time since the leg began. Asked once for each person and set of legs."""
    if user_id is None or not legs:
        return False
    if any(user_id in (leg.handler_id, leg.signed_by_id) for leg in legs):
        return True
    kept = problem.__dict__.setdefault("_served", {})
    key = user_id, tuple(leg.pk for leg in legs)
    if key not in kept:
        posts, members = Q(pk__in=[]), Q(pk__in=[])
        for leg in legs:
            day = clock.local_date(leg.assigned_at)
            unit = Q(team_id=leg.team_id) if leg.team_id else Q(department_id=leg.department_id)
            posts |= unit & (Q(ended_on=None) | Q(ended_on__gte=day))
            if leg.team_id:
                members |= unit & (Q(left_on=None) | Q(left_on__gte=day))
        kept[key] = (
            Post.objects.filter(posts, user_id=user_id).exists()
            or TeamMember.objects.filter(members, user_id=user_id).exists()
        )
    return kept[key]


def leads(problem, actor: Actor) -> bool:
    """A leader of the region, or the chief of the entry's chain in that region."""
    return any(
        duty.region_path
        and problem.region.path.startswith(duty.region_path)
        and (duty.chain_id is None or duty.chain_id == problem.chain_id)
        for duty in actor.duties_as(Role.LEADER)
    )


# By doer: who can, and the sentence of the refusal.
_DOERS = {
    Doer.KEEPER: (KEEPERS, _("这一步由本链党委书记（链办）或组织部工作人员办理。")),
    Doer.SECRETARY: (SECRETARY, _("按本地办理规则，这一步由本链党委书记（链办）办理。")),
    Doer.OFFICER: (OFFICER, _("这一步由组织部工作人员办理。")),
}

_SUSPENDERS = {
    Doer.KEEPER: _("挂起和恢复由本链党委书记（链办）或组织部工作人员决定，办理单位可以申请。"),
    Doer.SECRETARY: _("按本地办理规则，挂起和恢复由本链党委书记（链办）决定，办理单位可以申请。"),
    Doer.OFFICER: _("挂起和恢复由组织部工作人员决定，办理单位可以申请。"),
}


def doer_of(problem, column: str) -> str:
    """Who does a step of this entry by the rulebook in force today; `column` is e.g. `accepted_by`.

    An entry on no chain has no chain secretary: an officer does it.
    """
    doer = getattr(rules.rulebook_of(problem, clock.today()), column)
    return Doer.OFFICER if doer == Doer.SECRETARY and problem.committee_id is None else doer


def does(problem, actor: Actor, doer: str) -> bool:
    """Whether this actor is the keeper, the chain secretary or the officer of the entry."""
    if actor.is_system:
        return True
    if doer == Doer.SECRETARY:
        return problem.committee_id in actor.ids("committee_id", Role.CHAIN_SECRETARY)
    return governs(problem, actor) if doer == Doer.OFFICER else keeps(problem, actor)


def _by_rulebook(problem, actor: Actor, column: str) -> Refusal | None:
    doer = doer_of(problem, column)
    who_can, sentence = _DOERS[doer]
    return _unless(does(problem, actor, doer), "role", sentence, who_can)


def _unless(may: bool, code: str, sentence, who_can) -> Refusal | None:
    return None if may else Refusal(code, sentence, who_can)


def may_raise(actor: Actor) -> Refusal | None:
    """Whether this person raises problems at all; for which enterprises is the next question."""
    sentence = _("提问题由企业党组织书记（联络员）、本链党委书记（链办）或组织部工作人员办理，您的岗位没有这项权限。")
    return _unless(actor.is_system or actor.has(*Role.RAISERS), "raise", sentence, "")


def may_raise_for(enterprise, committee_ids, actor: Actor) -> Refusal | None:
    """The enterprise's own people, the secretary of a committee it is joined to, an officer of its region."""
    may = (
        actor.is_system
        or enterprise.pk in actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
        or bool(set(committee_ids) & actor.ids("committee_id", Role.CHAIN_SECRETARY))
        or any(enterprise.region.path.startswith(path) for path in actor.region_paths(Role.COUNTY_OFFICER))
    )
    return _unless(may, "enterprise", _("您不能为这家企业提出问题。"), KEEPERS)


def as_author(problem, actor: Actor) -> Refusal | None:
    """Who wrote the draft sends it."""
    may = actor.is_system or (actor.user_id is not None and problem.created_by_id == actor.user_id)
    return _unless(may, "author", _("只有填写草稿的人可以提交。"), _("草稿填写人"))


def as_keeper(problem, actor: Actor) -> Refusal | None:
    """The chain secretary of the committee, or an officer."""
    return _unless(keeps(problem, actor), "role", _("这一步由本链党委书记（链办）或组织部工作人员办理。"), KEEPERS)


def as_accepter(problem, actor: Actor) -> Refusal | None:
    """Whom the rulebook names for accepting (`accepted_by`)."""
    return _by_rulebook(problem, actor, "accepted_by")


def as_assigner(problem, actor: Actor) -> Refusal | None:
    """Whom the rulebook names for assigning (`assigned_by`)."""
    return _by_rulebook(problem, actor, "assigned_by")


def as_ruler(problem, actor: Actor) -> Refusal | None:
    """Whom the rulebook names for ruling on requests (`decided_by`)."""
    return _by_rulebook(problem, actor, "decided_by")


def as_officer(problem, actor: Actor) -> Refusal | None:
    """An officer of the region or above."""
    return _unless(governs(problem, actor), "role", _("这一步由组织部工作人员办理。"), OFFICER)


def as_handler(problem, actor: Actor) -> Refusal | None:
    """The unit that leads now."""
    return _unless(handles(problem, actor), "unit", _("这一步由当前牵头办理单位办理。"), HANDLER)


def as_cohandler(problem, actor: Actor) -> Refusal | None:
    """A unit that helps now."""
    return _unless(cohandles(problem, actor), "unit", _("这一步由协办单位办理。"), COHANDLER)


def as_raiser(problem, actor: Actor) -> Refusal | None:
    """The enterprise, or who raised it on its behalf, or who keeps the ledger."""
    may = (
        of_enterprise(problem, actor)
        or keeps(problem, actor)
        or (actor.user_id is not None and problem.created_by_id == actor.user_id)
    )
    return _unless(may, "role", _("这一步由提出问题的企业或登记人办理。"), ENTERPRISE)


def as_enterprise(problem, actor: Actor) -> Refusal | None:
    """The enterprise rates; never anybody of a unit that handles or handled the entry, also as a helper."""
    if not actor.is_system and involved(problem, actor):
        return Refusal("handler_rates", _("办理单位不能评价自己办理的问题。"), ENTERPRISE)
    return _unless(of_enterprise(problem, actor), "role", _("只有提出问题的企业可以评价。"), ENTERPRISE)


def as_caller(problem, actor: Actor) -> Refusal | None:
    """Who keeps the ledger and never handled the entry calls the enterprise back (第三方回访)."""
    if not actor.is_system and involved(problem, actor):
        return Refusal("handler_calls", _("回访须由没有办理过本事项的人进行。"), KEEPERS)
    return as_keeper(problem, actor)


def as_reviewer(problem, actor: Actor) -> Refusal | None:
    """Whom the rulebook names for closing (`closed_by`), never one of the unit that handled the entry."""
    if not actor.is_system and handles(problem, actor):
        who_can, _sentence = _DOERS[doer_of(problem, "closed_by")]
        return Refusal("handler_closes", _("销号须由办理单位以外的人审核。"), who_can)
    return _by_rulebook(problem, actor, "closed_by")


def as_handler_or_officer(problem, actor: Actor) -> Refusal | None:
    """The unit that leads now, or an officer."""
    may = handles(problem, actor) or governs(problem, actor)
    return _unless(may, "unit", _("这一步由当前牵头办理单位或组织部工作人员办理。"), HANDLER)


def as_unit_or_officer(problem, actor: Actor) -> Refusal | None:
    """Those of a unit that holds it now, as lead or helper, or an officer."""
    may = handles(problem, actor) or cohandles(problem, actor) or governs(problem, actor)
    return _unless(may, "unit", _("这一步由办理单位或组织部工作人员办理。"), HANDLER)


def as_urger(problem, actor: Actor) -> Refusal | None:
    """The enterprise, a leader, or who keeps the ledger urges (催办)."""
    may = of_enterprise(problem, actor) or leads(problem, actor) or keeps(problem, actor)
    return _unless(may, "role", _("催办由企业、领导或管理台账的人员提出。"), KEEPERS)


def as_settler(problem, actor: Actor) -> Refusal | None:
    """The enterprise, or who keeps the ledger and is not of the unit that handles the entry."""
    sentence = _("是否随一类事解决，由企业或管理台账的人员确认。")
    if not actor.is_system and handles(problem, actor):
        return Refusal("handler_closes", sentence, KEEPERS)
    return _unless(of_enterprise(problem, actor) or keeps(problem, actor), "role", sentence, KEEPERS)


def as_last_doer(problem, actor: Actor) -> Refusal | None:
    """Who took the last step."""
    last = getattr(problem, "last_step", None)
    may = actor.is_system or (last is not None and actor.user_id is not None and last.by_id == actor.user_id)
    return _unless(may, "doer", _("只有刚办这一步的人可以撤销。"), _("刚办这一步的人"))


def as_leader(problem, actor: Actor) -> Refusal | None:
    """A leader instructs (批示)."""
    return _unless(actor.is_system or leads(problem, actor), "role", _("批示由领导或链长作出。"), LEADER)


def as_anyone_involved(problem, actor: Actor) -> Refusal | None:
    """Units that hold it, those who keep the ledger, and the enterprise may add to the record."""
    may = handles(problem, actor) or keeps(problem, actor) or of_enterprise(problem, actor) or cohandles(problem, actor)
    return _unless(may, "role", _("只有参与办理的单位、企业和管理人员可以补充进展。"), HANDLER)


def as_contributor(problem, actor: Actor) -> Refusal | None:
    """As `as_anyone_involved`, and whoever raised it or wrote the draft."""
    return as_raiser(problem, actor) and as_anyone_involved(problem, actor)


def as_suspender(problem, actor: Actor) -> Refusal | None:
    """Whom the rulebook names for ruling on requests stops and starts the clock; the unit may only ask."""
    doer = doer_of(problem, "decided_by")
    return _unless(does(problem, actor, doer), "role", _SUSPENDERS[doer], _DOERS[doer][0])


def as_editor(problem, actor: Actor) -> Refusal | None:
    """Before acceptance whoever raised it; afterwards those who keep the ledger."""
    if problem.accepted_on is None:
        return as_raiser(problem, actor)
    return as_keeper(problem, actor)


def as_decider(problem, actor: Actor) -> Refusal | None:
    """Those whose meetings decide: the committee's secretary, officers, leaders."""
    may = keeps(problem, actor) or leads(problem, actor)
    return _unless(may, "role", _("议定由产业链党委或组织部记录。"), KEEPERS)
