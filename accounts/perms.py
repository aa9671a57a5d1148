"""Who may manage accounts. The system administrator alone, and never the own posts."""

from django.utils.translation import gettext_lazy as _

from core.actor import Actor, Role
from core.transitions import Refusal

ADMINISTRATION, BUSINESS, AUDIT = "administration", "business", "audit"
ADMINISTRATOR = _("系统管理员")

# Pages of the organisation that the administrator keeps too: posts cannot be given without them.
SHARED_REGISTERS = ("region_", "department_")


def power_of(role: str) -> str:
    """Which of the three powers (三权) a role belongs to."""
    return {Role.SYSTEM_ADMIN: ADMINISTRATION, Role.AUDITOR: AUDIT}.get(role, BUSINESS)


def side_of(role: str) -> str:
    """As `power_of`, with the enterprises apart from those who handle and keep their problems: nobody of the one side
    stands in for the other, or a unit would rate its own work."""
    return "enterprise" if role == Role.BRANCH_SECRETARY else power_of(role)


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


# Posts of those who work on entries. An officer arranges their deputies and hand-overs in the own region; those of
# officers and leaders themselves only the system administrator, so that nobody hands out a power equal to the own.
WORKING = frozenset({Role.CHAIN_SECRETARY, Role.TEAM_MEMBER, Role.DEPARTMENT_OFFICER, Role.BRANCH_SECRETARY})
HANDERS = _("本县（市、区）组织部工作人员或本人")
ARRANGERS = _("本县（市、区）组织部工作人员或系统管理员")


def arranges(actor: Actor) -> Refusal | None:
    """Whether this person arranges deputies (代理) and hand-overs (交接) at all."""
    if actor.is_system or actor.has(Role.SYSTEM_ADMIN, Role.COUNTY_OFFICER):
        return None
    return Refusal("not_arranger", _("代理由本县（市、区）组织部工作人员或系统管理员设定。"), who_can=ARRANGERS)


def deputise(post, actor: Actor) -> Refusal | None:
    """Who sets a deputy for a post: never its holder, nobody for a power of the own rank."""
    if actor.is_system:
        return None
    if post.user_id == actor.user_id:
        return Refusal("own_post", _("不能为自己的岗位设定代理，请由他人办理。"), who_can=ARRANGERS)
    if actor.has(Role.SYSTEM_ADMIN) or (post.role in WORKING and _inside(post, actor)):
        return None
    return arranges(actor) or Refusal("rank", _("组织部工作人员、领导的代理由系统管理员设定。"), who_can=ADMINISTRATOR)


def hands_over(actor: Actor) -> Refusal | None:
    """Whether this person hands over (交接) at all: a hand-over shows what the ledger holds, so it is business."""
    if actor.is_system or actor.has(*Role.BUSINESS):
        return None
    return Refusal("business", _("交接涉及业务内容，由本县（市、区）组织部工作人员或本人办理。"), who_can=HANDERS)


def hand_over(post, actor: Actor) -> Refusal | None:
    """The holder gives the own work to a colleague; an officer of the region does it for anybody who works there."""
    refusal = hands_over(actor)
    own = actor.is_system or post.user_id == actor.user_id
    if refusal or own or (post.role in WORKING and _inside(post, actor)):
        return refusal
    return Refusal("role", _("交接由本县（市、区）组织部工作人员或本人办理。"), who_can=HANDERS)


def _inside(post, actor: Actor) -> bool:
    home = post.home
    return home is not None and any(home.path.startswith(path) for path in actor.region_paths(Role.COUNTY_OFFICER))


def enter(page: str, actor: Actor) -> Refusal | None:
    """Whether somebody with these duties may open this kind of page at all (三权分立): auditors the trail alone,
    administrators accounts, regions, departments and the calendar, everything else those with a business duty.

    `page` is the name of the address. What may be seen on the page is the page's own question.
    """
    namespace, _colon, name = page.rpartition(":")
    if namespace == "audit":
        allowed, sentence = {Role.AUDITOR}, _("审计记录只有审计员可以查阅。")
    elif namespace in ("accounts", "exports"):
        # Whose files the exports are is asked for there, and of each list whether its page may be opened.
        return None
    else:
        allowed, sentence = set(Role.BUSINESS), _("此页面属于业务办理，您的岗位没有这项权限。")
        if namespace == "core" or (namespace == "alliances" and name.startswith(SHARED_REGISTERS)):
            allowed.add(Role.SYSTEM_ADMIN)
    return None if actor.has(*allowed) else Refusal("power", sentence)
