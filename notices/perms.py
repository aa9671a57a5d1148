"""Who keeps channels: the officer of the region or of one above it."""

from django.utils.translation import gettext_lazy as _

from core.actor import Actor, Role
from core.transitions import Refusal

OFFICER = _("本县（市、区）组织部工作人员")


def keep_channels(actor: Actor) -> Refusal | None:
    if actor.has(Role.COUNTY_OFFICER):
        return None
    return Refusal("role", _("消息通道由组织部工作人员管理。"), OFFICER)


def keep_channels_of(region, actor: Actor) -> Refusal | None:
    """In the own region and below."""
    if any(region.path.startswith(path) for path in actor.region_paths(Role.COUNTY_OFFICER)):
        return None
    return Refusal("role", _("消息通道由所在区域的组织部工作人员管理。"), OFFICER)
