"""Who keeps projects and finance, one sentence each. Every function answers a Refusal or None."""

from django.utils.translation import gettext as _

from alliances.perms import covers
from core.actor import Actor, Role
from core.transitions import Refusal


def _refuse() -> Refusal:
    return Refusal(
        "not_keeper",
        _("项目和金融服务由组织部工作人员和产业链党委维护。"),
        who_can=_("该区域的组织部工作人员、所属产业链党委的书记"),
    )


def create(actor: Actor) -> Refusal | None:
    """Officers and chain secretaries."""
    if actor.is_system or actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY):
        return None
    return _refuse()


def keep_at(actor: Actor, *, region, committee=None) -> Refusal | None:
    """Officers the rows of their region; a chain secretary those under the own committee."""
    if covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    if committee is not None and committee.pk in actor.ids("committee_id", Role.CHAIN_SECRETARY):
        return None
    return _refuse()


def keep(row, actor: Actor) -> Refusal | None:
    """Who keeps a row as it stands."""
    return keep_at(actor, region=row.region, committee=row.committee)
