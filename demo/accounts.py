"""The demonstration's accounts: who they are, and the one password of all of them."""

import os

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from accounts.models import User
from config.local.keys import kept_secret
from core.actor import Role
from demo.cast import ROLE_LABELS

PLACES = {
    "yunling": "云岭县", "pingliang": "平凉市", "longjiang": "龙江县", "nanqiao": "南谯区", "renshou": "仁寿县",
    "zitong": "梓潼县", "hefei": "合肥市",
}  # fmt: skip
# In the order in which a county meets them.
ROLES = [
    Role.COUNTY_OFFICER, Role.LEADER, Role.CHAIN_SECRETARY, Role.TEAM_MEMBER, Role.DEPARTMENT_OFFICER,
    Role.BRANCH_SECRETARY, Role.AUDITOR, Role.SYSTEM_ADMIN,
]  # fmt: skip


def password() -> str:
    """The password of all demonstration accounts: `DEMO_PASSWORD`, else one made for this installation and kept."""
    return os.environ.get("DEMO_PASSWORD") or kept_secret(settings.DATA_DIR, "demo_password", length=9)


def password_hash() -> str:
    return make_password(password())


def list_accounts() -> list[tuple[str, str, str]]:
    """(user name, role, place) of the main demonstration accounts that exist, in the order in which to try them.

    Every other person of a demonstration has an account as well (`chain_secretary2.yunling`, ...), not listed here.
    """
    wanted = [(f"{role}.{slug}", role, label) for slug, label in PLACES.items() for role in ROLES]
    wanted.append((Role.SYSTEM_ADMIN, Role.SYSTEM_ADMIN, "本系统"))
    there = set(User.objects.filter(is_demo=True, is_active=True).values_list("username", flat=True))
    return [(name, str(ROLE_LABELS[role]), place) for name, role, place in wanted if name in there]


def refresh_passwords() -> bool:
    """Bring the demonstration accounts to the present password; answers whether it had changed."""
    accounts = User.objects.filter(is_demo=True)
    first = accounts.first()
    if first is None or check_password(password(), first.password):
        return False
    accounts.update(password=password_hash())
    return True
