"""Who may manage accounts. The system administrator alone, and never the own posts."""

from django.utils.translation import gettext_lazy as _

from core.actor import Actor, Role
from core.transitions import Refusal

ADMINISTRATION, BUSINESS, AUDIT = "administration", "business", "audit"
ADMINISTRATOR = _("系统管理员")


def power_of(role: str) -> str:
    """Which of the three powers (三权) a role belongs to."""
    return {Role.SYSTEM_ADMIN: ADMINISTRATION, Role.AUDITOR: AUDIT}.get(role, BUSINESS)


def manage(actor: Actor) -> Refusal | None:
    if actor.is_system or actor.has(Role.SYSTEM_ADMIN):
        return None
    return Refusal("not_admin", _("只有系统管理员可以管理账号和岗位。"), who_can=ADMINISTRATOR)


def manage_others(user, actor: Actor) -> Refusal | None:
    """Posts, disabling and a new initial password: of other people's accounts only."""
    if actor.user_id is not None and user.pk == actor.user_id:
        return Refusal(
            "own_account", _("不能变更自己的岗位或停用自己的账号，请由另一位系统管理员办理。"), who_can=ADMINISTRATOR
        )
    return manage(actor)
