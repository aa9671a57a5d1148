"""Who keeps the registers of the organisation, one sentence each. Every function answers a Refusal or None."""

from django.utils.translation import gettext as _

from core.actor import Actor, Role
from core.transitions import Refusal


def covers(actor: Actor, path: str, *roles: str) -> bool:
    """Whether one of the actor's duties with these roles governs the region with this path."""
    if actor.is_system:
        return True
    return any(bool(path) and path.startswith(own) for own in actor.region_paths(*roles))


def officers_only(sentence: str) -> Refusal:
    return Refusal("not_officer", sentence, who_can=_("该区域及上级区域的组织部工作人员"))


def keep_region(region, actor: Actor) -> Refusal | None:
    """Officers keep their own region and what is below it; the system administrator keeps all."""
    if actor.has(Role.SYSTEM_ADMIN) or covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    return Refusal(
        "not_officer",
        _("行政区域由组织部工作人员和系统管理员维护。"),
        who_can=_("该区域及上级区域的组织部工作人员、系统管理员"),
    )


def keep_register(region, actor: Actor) -> Refusal | None:
    """Departments, alliances and help teams are kept by the officers of their region and above."""
    if covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    return officers_only(_("本登记簿由组织部工作人员维护，您可以查看，不能修改。"))


def keep_department(region, actor: Actor) -> Refusal | None:
    """As the registers; the system administrator too, because posts of department officers need them."""
    return None if actor.has(Role.SYSTEM_ADMIN) else keep_register(region, actor)


def create_region(actor: Actor) -> Refusal | None:
    if actor.is_system or actor.has(Role.SYSTEM_ADMIN, Role.COUNTY_OFFICER):
        return None
    return officers_only(_("行政区域由组织部工作人员和系统管理员新增。"))


def create_record(actor: Actor) -> Refusal | None:
    """Whether there is any region for which this actor may add a record."""
    if actor.is_system or actor.has(Role.COUNTY_OFFICER):
        return None
    return officers_only(_("本登记簿由组织部工作人员新增。"))


def create_department(actor: Actor) -> Refusal | None:
    return None if actor.has(Role.SYSTEM_ADMIN) else create_record(actor)
