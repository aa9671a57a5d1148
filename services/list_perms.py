"""Who keeps the lists, the catalogue and talent, one sentence each. Every function answers a Refusal or None."""

from django.utils.translation import gettext as _

from alliances.perms import covers
from core.actor import Actor, Role
from core.transitions import Refusal
from enterprises import perms as firms


def _refuse(sentence, who_can) -> Refusal:
    return Refusal("not_keeper", sentence, who_can=who_can)


def create_of_firm(actor: Actor) -> Refusal | None:
    """Officers and chain secretaries for the enterprises they keep, a branch secretary for the own one."""
    if actor.is_system or actor.has(*Role.RAISERS):
        return None
    return _refuse(
        _("企业的需求、产品和人才由企业自己、所在产业链党委和组织部工作人员登记。"),
        _("企业党组织书记、产业链党委书记、组织部工作人员"),
    )


def keep_of_firm(enterprise, actor: Actor) -> Refusal | None:
    """As creating: whoever keeps the enterprise, and its own branch secretary."""
    if firms.record_numbers(enterprise, actor) is None:
        return None
    return _refuse(
        _("这一条由企业自己、所在产业链党委和组织部工作人员维护。"),
        _("该企业的党组织书记、所在产业链党委的书记、该区域的组织部工作人员"),
    )


def create_offer(actor: Actor) -> Refusal | None:
    """Officers and chain secretaries keep the lists of resources and policies."""
    if actor.is_system or actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY):
        return None
    return _offers()


def keep_offer(actor: Actor, *, region, committee_id=None) -> Refusal | None:
    """Officers those of their region; a chain secretary those under the own committee."""
    if covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    if committee_id and committee_id in actor.ids("committee_id", Role.CHAIN_SECRETARY):
        return None
    return _offers()


def edit_offer(offer, actor: Actor) -> Refusal | None:
    """Who keeps a resource or policy as it stands."""
    return keep_offer(actor, region=offer.region, committee_id=offer.committee_id)


def _offers() -> Refusal:
    return _refuse(
        _("资源和政策清单由组织部工作人员和产业链党委维护。"), _("该区域的组织部工作人员、所属产业链党委的书记")
    )
