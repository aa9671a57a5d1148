"""The register of ledgers, and what a ledger's list and its export have in common."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import RoleChoice
from alliances.registers import make_register
from core.registers import Column
from ledgers import perms
from ledgers.forms.defining import LedgerFilter, LedgerForm
from ledgers.lifecycle.defining import save_ledger
from ledgers.models import Ledger


def roles(codes) -> str:
    """Roles in words."""
    return _now("、").join(str(RoleChoice(one).label) for one in codes)


LEDGERS = make_register(
    model=Ledger, urls="ledgers:ledger", title=_("自定义台账"), noun=pgettext_lazy("noun", "台账"),
    columns=[
        Column(_("台账名称"), "name", "name"),
        Column(_("用途"), "purpose", css="lg"),
        Column(_("所在区域"), "region__name", "region__path", css="md"),
        Column(_("由谁填报"), lambda row: roles(row.fill_roles)),
        Column(_("含个人信息"), "personal", "personal", "yesno"),
        Column(_("使用情况"), lambda row: _now("已停用") if row.retired_on else _now("使用中")),
    ],
    filters=LedgerFilter, form=LedgerForm, save=save_ledger, can_create=perms.create, can_edit=perms.keep,
    search=("name", "purpose"), related=("region", "department"), order=("region__path", "name"), icon="table",
    hint=_("县里自己的台账在这里定义：有哪些栏目、由谁填报、有哪些状态和期限。"),
)  # fmt: skip
