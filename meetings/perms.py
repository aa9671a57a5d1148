"""Who keeps meetings and follows decisions up, one sentence each. Every function answers a Refusal or None."""

from django.utils.translation import gettext_lazy as _

from alliances.perms import covers
from core.actor import Actor, Role
from core.transitions import Refusal

KEEPERS = _("本链党委书记（链办）或组织部工作人员")


def keep(committee, actor: Actor) -> Refusal | None:
    """A committee's meetings are kept by its secretary and by the officers of its region."""
    own = committee.pk in actor.ids("committee_id", Role.CHAIN_SECRETARY)
    if own or covers(actor, committee.region.path, Role.COUNTY_OFFICER):
        return None
    return Refusal("role", _("会议由本链党委书记（链办）或组织部工作人员登记。"), who_can=KEEPERS)


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
