"""Who defines a ledger and who fills it, one sentence each. Every function answers a Refusal or None."""

from django.utils.translation import gettext as _

from alliances.perms import covers
from core.actor import Actor, Role
from core.transitions import Refusal
from ledgers.models import Ledger, LedgerEntry


def _officers() -> Refusal:
    return Refusal("not_officer", _("台账由组织部工作人员定义。"), who_can=_("该区域及上级区域的组织部工作人员"))


def create(actor: Actor) -> Refusal | None:
    """Officers define ledgers."""
    return None if actor.is_system or actor.has(Role.COUNTY_OFFICER) else _officers()


def keep_at(region, actor: Actor) -> Refusal | None:
    """Officers of the region and above define its ledgers."""
    return None if covers(actor, region.path, Role.COUNTY_OFFICER) else _officers()


def keep(ledger: Ledger, actor: Actor) -> Refusal | None:
    return keep_at(ledger.region, actor)


def _fillers(ledger) -> Refusal:
    return Refusal("not_filler", _("您不是这个台账的填报人，不能登记或修改。"), who_can=_("台账中写明的填报人"))


def fill(ledger: Ledger, actor: Actor) -> Refusal | None:
    """Whose role the ledger names adds entries, while the ledger is in use and complete."""
    if not Ledger.objects.filled_by(actor).filter(pk=ledger.pk).exists():
        return _fillers(ledger)
    if ledger.retired_on:
        return Refusal("retired", _("台账已停用，不能再登记。"))
    if not ledger.living_fields or not any(one.is_initial for one in ledger.living_statuses):
        return Refusal("unfinished", _("台账还没有栏目或新登记时的状态，请先由组织部工作人员补充。"))
    return None


def keep_entry(entry: LedgerEntry, actor: Actor) -> Refusal | None:
    """Who fills the ledger changes the entries inside the own reach, as long as they are not archived."""
    if not LedgerEntry.objects.filled_by(actor).filter(pk=entry.pk).exists():
        return _fillers(entry.ledger)
    if entry.archived_on:
        return Refusal("archived", _("记录已作废，不能再修改。"))
    return None
