"""Who keeps enterprises, their places on chains and their Party organisations, one sentence each.

Every function answers a Refusal or None.
"""

from django.utils.translation import gettext as _

from alliances.perms import covers
from chains.lifecycle import committee_for
from core.actor import Actor, Role
from core.transitions import Refusal


def _refuse(sentence, who_can="") -> Refusal:
    return Refusal("not_keeper", sentence, who_can=who_can or _("该区域的组织部工作人员、所在产业链党委的书记"))


def keep_enterprise(enterprise, actor: Actor) -> Refusal | None:
    """Officers keep the enterprises of their region, a chain secretary those joined to the own committee."""
    if covers(actor, enterprise.region.path, Role.COUNTY_OFFICER):
        return None
    committees = actor.ids("committee_id", Role.CHAIN_SECRETARY)
    if committees and enterprise.memberships.filter(left_on=None, committee_id__in=committees).exists():
        return None
    return _refuse(_("企业信息由组织部工作人员和所在产业链党委维护。"))


def create_enterprise(actor: Actor) -> Refusal | None:
    """Officers register enterprises, chain secretaries those of their own chain."""
    if actor.is_system or actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY):
        return None
    return _refuse(_("企业由组织部工作人员和产业链党委登记。"))


def register_in(region, actor: Actor, chain=None) -> Refusal | None:
    """Officers register in their region; a secretary in the committee's region, on the committee's chain."""
    if covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    if chain is not None and secretary_joins(chain, region, actor):
        return None
    return _refuse(_("您只能在本人负责的区域和产业链上登记企业。"))


def secretary_joins(chain, region, actor: Actor) -> bool:
    """Whether an enterprise of `region` that joins `chain` comes to a committee of which the actor is secretary."""
    committee = committee_for(chain.pk, region)
    return committee is not None and committee.pk in actor.ids("committee_id", Role.CHAIN_SECRETARY)


def join_chain(enterprise, chain, actor: Actor) -> Refusal | None:
    """Officers place enterprises on chains; a secretary on the own chain."""
    if covers(actor, enterprise.region.path, Role.COUNTY_OFFICER) or secretary_joins(chain, enterprise.region, actor):
        return None
    return _refuse(_("加入产业链由组织部工作人员或该产业链党委办理。"))


def keep_membership(membership, actor: Actor) -> Refusal | None:
    """As joining: the officers of the enterprise's region, and the secretary of the committee it is joined to."""
    if covers(actor, membership.enterprise.region.path, Role.COUNTY_OFFICER):
        return None
    if membership.committee_id and membership.committee_id in actor.ids("committee_id", Role.CHAIN_SECRETARY):
        return None
    return _refuse(_("链上企业由组织部工作人员或该产业链党委维护。"))


def merge(enterprise, into, actor: Actor) -> Refusal | None:
    """Officers who keep both merge a duplicate into the other."""
    if all(covers(actor, one.region.path, Role.COUNTY_OFFICER) for one in (enterprise, into) if one is not None):
        return None
    return _refuse(_("合并企业由同时管辖两家企业的组织部工作人员办理。"), _("该区域及上级区域的组织部工作人员"))


def record_numbers(enterprise, actor: Actor) -> Refusal | None:
    """Employees: whoever keeps the enterprise, and its own branch secretary."""
    if enterprise.pk in actor.ids("enterprise_id", Role.BRANCH_SECRETARY):
        return None
    return keep_enterprise(enterprise, actor)


def keep_organisation(organisation, actor: Actor) -> Refusal | None:
    """Officers of its region and the secretary of its committee keep a Party organisation."""
    if covers(actor, organisation.region.path, Role.COUNTY_OFFICER):
        return None
    committees = actor.ids("committee_id", Role.CHAIN_SECRETARY)
    if organisation.committee_id and organisation.committee_id in committees:
        return None
    if organisation.enterprise_id and organisation.pk is None:
        return keep_enterprise(organisation.enterprise, actor)
    return _refuse(_("党组织信息由组织部工作人员和所在产业链党委维护。"))


def create_organisation(actor: Actor) -> Refusal | None:
    return create_enterprise(actor) and _refuse(_("党组织由组织部工作人员和产业链党委登记。"))


def record_members(organisation, actor: Actor) -> Refusal | None:
    """Member counts: whoever keeps the organisation, and the branch secretary of its enterprise."""
    own = actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
    if organisation.enterprise_id and organisation.enterprise_id in own:
        return None
    return keep_organisation(organisation, actor)


def keep_place(actor: Actor, *, region, enterprise=None, organisation=None) -> Refusal | None:
    """A row of the registers: with its enterprise or organisation; one of a region alone by the region's officers."""
    if enterprise is not None:
        return keep_enterprise(enterprise, actor)
    if organisation is not None:
        return keep_organisation(organisation, actor)
    if covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    return _refuse(_("区域的登记由组织部工作人员维护。"), _("该区域及上级区域的组织部工作人员"))


def keep_placed(row, actor: Actor) -> Refusal | None:
    """Who keeps a posting, facility or honour as it stands."""
    return keep_place(actor, region=row.region, enterprise=row.enterprise, organisation=row.organisation)


def keep_ends(ends: dict, actor: Actor) -> Refusal | None:
    """A pairing is kept by whoever keeps one of its ends; `ends` is {field: record or None}."""
    refusal = None
    for name, end in ends.items():
        if end is not None:
            refusal = (keep_organisation if name.endswith("organisation") else keep_enterprise)(end, actor)
            if refusal is None:
                return None
    return refusal or _refuse(_("结对由任一方所在区域的组织部工作人员或产业链党委维护。"))


def keep_pairing(pairing, actor: Actor) -> Refusal | None:
    names = ("helper_organisation", "helper_enterprise", "helped_organisation", "helped_enterprise")
    return keep_ends({name: getattr(pairing, name) for name in names}, actor)


def create_row(actor: Actor) -> Refusal | None:
    """Officers and chain secretaries add to the registers, within what they keep."""
    return create_enterprise(actor) and _refuse(_("登记由组织部工作人员和产业链党委办理。"))


def keep_kind(region, actor: Actor) -> Refusal | None:
    """A region's own kinds by its officers; nobody changes the common ones."""
    if region is None:
        return Refusal("common", _("通用类别随系统提供，不能修改；可以另外增加本地区的类别。"))
    if covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    return Refusal(
        "not_officer", _("本地区的类别由组织部工作人员维护。"), who_can=_("该区域及上级区域的组织部工作人员")
    )


def keep_rule(region, actor: Actor) -> Refusal | None:
    """Rules of staffing are set by the officers of their region and above."""
    if covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    return Refusal("not_officer", _("配备要求由组织部工作人员维护。"), who_can=_("该区域及上级区域的组织部工作人员"))


def create_rule(actor: Actor) -> Refusal | None:
    if actor.is_system or actor.has(Role.COUNTY_OFFICER):
        return None
    return Refusal("not_officer", _("配备要求由组织部工作人员维护。"), who_can=_("该区域及上级区域的组织部工作人员"))


def create_kind(actor: Actor) -> Refusal | None:
    """Whether there is any region for which this actor may add a kind."""
    if actor.is_system or actor.has(Role.COUNTY_OFFICER):
        return None
    return Refusal(
        "not_officer", _("本地区的类别由组织部工作人员维护。"), who_can=_("该区域及上级区域的组织部工作人员")
    )
