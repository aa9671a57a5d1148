"""Who hangs up a wall display: the officer of the region or of one above it."""

from django.utils.translation import gettext_lazy as _

from core.actor import Actor, Role
from core.transitions import Refusal

OFFICER = _("本县（市、区）组织部工作人员")


def paths(actor: Actor) -> tuple[str, ...]:
    """Paths of the regions whose figures the actor answers for as an officer of the whole of them."""
    duties = actor.duties_as(Role.COUNTY_OFFICER)
    return tuple(duty.region_path for duty in duties if duty.region_path and duty.chain_id is None)


def keep_walls(actor: Actor) -> Refusal | None:
    if paths(actor):
        return None
    return Refusal("role", _("大屏由组织部工作人员设置。"), OFFICER)


def keep_walls_of(region, actor: Actor) -> Refusal | None:
    """In the own region and below."""
    if any(region.path.startswith(path) for path in paths(actor)):
        return None
    return Refusal("role", _("大屏由所在区域的组织部工作人员设置。"), OFFICER)
