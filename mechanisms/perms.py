"""Who keeps mechanisms, one sentence each. Every function answers a Refusal or None."""

from django.utils.translation import gettext as _

from alliances.perms import covers, officers_only
from core.actor import Actor, Role
from core.transitions import Refusal


def keep(region, actor: Actor) -> Refusal | None:
    """A mechanism is kept by the officers of the region that made it, and above."""
    if covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    return officers_only(_("机制由制定它的区域的组织部工作人员维护。"))


def create(actor: Actor) -> Refusal | None:
    """Whether there is any region for which this actor may make a mechanism."""
    if actor.is_system or actor.has(Role.COUNTY_OFFICER):
        return None
    return officers_only(_("机制由组织部工作人员制定。"))


def switch(mechanism, region, actor: Actor) -> Refusal | None:
    """A region below switches a mechanism off for itself: its officers, and those above it."""
    if not region.path.startswith(mechanism.region.path) or region.path == mechanism.region.path:
        return Refusal("not_below", _("只有制定区域以下的区域可以停用一项机制；制定区域自己应当终止它。"))
    return keep(region, actor)
