"""Who keeps chains and committees, one sentence each. Every function answers a Refusal or None."""

from django.utils.translation import gettext as _

from alliances.perms import covers, create_record, officers_only
from core.actor import Actor, Role
from core.transitions import Refusal

__all__ = ["create_record", "keep_chain", "keep_committee"]


def keep_chain(region, actor: Actor) -> Refusal | None:
    """A chain with its segments and links is kept by the officers of the region that declares it, and above."""
    if covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    return officers_only(_("产业链由确定它的区域的组织部工作人员维护。"))


def keep_committee(region, actor: Actor) -> Refusal | None:
    """A committee and its seats are kept by the officers of its region and above: seats are appointments."""
    if covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    return officers_only(_("产业链党委及其席位由组织部工作人员维护。"))
