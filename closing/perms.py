"""Who closes months and sets targets, one sentence each. Every function answers a Refusal or None."""

from django.utils.translation import gettext as _

from alliances.perms import covers
from core.actor import Actor, Role
from core.transitions import Refusal


def keep(place, actor: Actor) -> Refusal | None:
    """Officers of the unit's region and of those above approve, lock, open again and give time."""
    if covers(actor, place.region.path, Role.COUNTY_OFFICER):
        return None
    return Refusal("not_officer", _("审核、封账、开封和宽限由组织部工作人员办理。"), who_can=who_opens(place))


def submit(place, actor: Actor) -> Refusal | None:
    """A committee's month by its secretary or the officers above; a region's by its officers."""
    if place.committee and place.committee.pk in actor.ids("committee_id", Role.CHAIN_SECRETARY):
        return None
    if covers(actor, place.region.path, Role.COUNTY_OFFICER):
        return None
    return Refusal("not_yours", _("本月数据由产业链党委书记或组织部工作人员提交。"), who_can=who_opens(place))


def who_opens(place) -> str:
    """Who can open a locked month again, as the lock says it."""
    return _("%(region)s及上级组织部工作人员") % {"region": place.region.name}


def set_target(place, actor: Actor) -> Refusal | None:
    """Officers set targets for their region, for what is below it and for its committees."""
    if covers(actor, place.region.path, Role.COUNTY_OFFICER):
        return None
    return Refusal("not_officer", _("目标由组织部工作人员设定。"), who_can=_("该区域及上级区域的组织部工作人员"))


def set_any_target(actor: Actor) -> Refusal | None:
    if actor.has(Role.COUNTY_OFFICER):
        return None
    return Refusal("not_officer", _("目标由组织部工作人员设定。"), who_can=_("组织部工作人员"))


def enter(place, actor: Actor) -> Refusal | None:
    """A committee's figures are entered by its secretary, a region's by its officers; officers above may do both."""
    if place.committee and place.committee.pk in actor.ids("committee_id", Role.CHAIN_SECRETARY):
        return None
    if covers(actor, place.region.path, Role.COUNTY_OFFICER):
        return None
    who = _("该党委书记、该区域及上级组织部工作人员") if place.committee else who_opens(place)
    return Refusal("not_yours", _("填报数由本单位填报，您可以查看。"), who_can=who)


def enter_any(actor: Actor) -> Refusal | None:
    if actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY):
        return None
    return Refusal(
        "not_yours", _("填报数由产业链党委书记和组织部工作人员填报。"), who_can=_("产业链党委书记、组织部工作人员")
    )
