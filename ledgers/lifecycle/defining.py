"""Defining a ledger: the ledger itself, its columns and its statuses. Nothing here loses what an entry holds."""

from copy import copy

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records, trail
from core.actor import Actor
from core.clock import today
from core.transitions import Refusal, Refused
from ledgers import perms
from ledgers.enums import CHOICE_TYPES, PERSONAL_TYPES
from ledgers.models import Ledger, LedgerField, LedgerStatus
from ledgers.values import plain

# What an entry's title, search words and digests are made from: fixed once there are entries.
_FIXED = ("type", "personal", "is_title", "is_key")


@transaction.atomic
def save_ledger(ledger: Ledger, data: dict, *, by: Actor, seen: str | None = None) -> Ledger:
    """Define a ledger, or change who fills and sees it. A new one begins with two statuses, 待办 and 办结.

    Raises Refused (`not_officer`, `region`, `department`, `personal`), Conflict.
    """
    fresh = ledger.pk is None

    def judge(row, values):
        region = values.get("region") or row.region
        refusal = (row.pk and perms.keep(row, by)) or perms.keep_at(region, by)
        if not refusal and row.pk and region.pk != row.region_id:
            refusal = Refusal("region", _("台账不能改到其他区域；请在那里另建一个。"))
        department = values.get("department", row.department)
        if not refusal and department is not None and not department.region.path.startswith(region.path):
            refusal = Refusal("department", _("填报单位应在台账所在的区域内。"))
        closes = row.pk and row.personal and not values.get("personal", True)
        if not refusal and closes and row.fields.filter(personal=True).exists():
            refusal = Refusal("personal", _("台账有个人信息栏目，不能改为不含个人信息。"))
        return refusal

    row, _changed = records.write(ledger, data, by=by, noun="ledger", seen=seen, judge=judge)
    if fresh:
        add_status(row, {"name": "待办", "is_initial": True, "order": 1}, by=by)
        add_status(row, {"name": "办结", "is_final": True, "order": 9}, by=by)
    return row


def _locked(ledger, by, seen=None) -> Ledger:
    row = records.lock(ledger, seen)
    refusal = perms.keep(row, by)
    if refusal:
        raise Refused(refusal)
    return row


@transaction.atomic
def retire_ledger(ledger: Ledger, *, by: Actor, seen: str | None = None) -> Ledger:
    """No entry is added any more; those there are go on. Raises Refused (`not_officer`, `retired`), Conflict."""
    row = _locked(ledger, by, seen)
    if row.retired_on:
        raise Refused(Refusal("retired", _("台账已停用。")))
    row.retired_on = today()
    row.save(update_fields=["retired_on"])
    trail.record(by, "ledger.retired", row)
    return row


@transaction.atomic
def resume_ledger(ledger: Ledger, *, by: Actor, seen: str | None = None) -> Ledger:
    """A retired ledger is used again. Raises Refused (`not_officer`, `in_use`), Conflict."""
    row = _locked(ledger, by, seen)
    if not row.retired_on:
        raise Refused(Refusal("in_use", _("台账正在使用。")))
    row.retired_on = None
    row.save(update_fields=["retired_on"])
    trail.record(by, "ledger.resumed", row)
    return row


@transaction.atomic
def add_field(ledger: Ledger, data: dict, *, by: Actor) -> LedgerField:
    """A new column, empty in the entries that are there. Raises Refused (`not_officer`, `personal`, `fixed`)."""
    row = _locked(ledger, by)
    data = _cleaned(row, data)
    if row.entries.exists():
        if data.get("is_title") or data.get("is_key"):
            raise Refused(Refusal("fixed", _("台账已有记录，新的栏目不能作为名称，也不能用于识别同一条。")))
        if data.get("required"):
            raise Refused(Refusal("fixed", _("台账已有记录，新的栏目先不设必填；补齐后再改为必填。")))
    number = row.fields.count() + 1
    field = LedgerField(ledger=row, code=f"f{number}", **data)
    field.full_clean()
    field.save()
    trail.record(by, "ledger.field_added", row, field=field.label)
    return field


@transaction.atomic
def change_field(field: LedgerField, data: dict, *, by: Actor, seen: str | None = None) -> LedgerField:
    """Rename, reorder, or give other choices; values stay as they are. What titles, search and recognising the same
    entry go by is fixed once there are entries. Raises Refused (`not_officer`, `retired`, `fixed`, ...), Conflict."""
    ledger = _locked(field.ledger, by)

    def judge(row, values):
        if row.retired_on:
            return Refusal("retired", _("栏目已停用。"))
        changed = [name for name in _FIXED if values.get(name, getattr(row, name)) != getattr(row, name)]
        if changed and ledger.entries.exists():
            return Refusal(
                "fixed", _("台账已有记录，栏目的类型、是否个人信息、是否名称和识别不能再改；可以停用后另加一栏。")
            )
        return None

    row, _changed = records.write(
        field, _cleaned(ledger, data, field), by=by, noun="ledgerfield", seen=seen, judge=judge
    )
    return row


def _sound(row, values) -> None:
    """The row as it would be keeps the rules of its table. Raises ValidationError, a sentence for each field."""
    wanted = copy(row)
    for name, value in values.items():
        setattr(wanted, name, value)
    wanted.full_clean()


def _cleaned(ledger, data, field=None) -> dict:
    """The data with choices tidied; a personal column only in a ledger that says so."""
    data = dict(data)
    kind = data.get("type") or (field and field.type)
    if "choices" in data:
        tidy = dict.fromkeys(filter(None, (plain(one)[:60] for one in data["choices"])))
        data["choices"] = list(tidy) if kind in CHOICE_TYPES else []
    if kind in PERSONAL_TYPES:
        data["personal"] = True
    if data.get("personal") and not ledger.personal:
        raise Refused(Refusal("personal", _("这个台账没有写明含个人信息，请先在台账设置中写明。")))
    return data


@transaction.atomic
def retire_field(field: LedgerField, *, by: Actor, seen: str | None = None) -> LedgerField:
    """The column is filled no more; what entries hold in it stays and is still shown with them.

    Raises Refused (`not_officer`, `retired`, `fixed`), Conflict."""
    ledger = _locked(field.ledger, by)
    row = records.lock(field, seen)
    if row.retired_on:
        raise Refused(Refusal("retired", _("栏目已停用。")))
    if (row.is_title or row.is_key) and ledger.entries.exists():
        raise Refused(Refusal("fixed", _("台账已有记录，作为名称或用于识别同一条的栏目不能停用。")))
    row.retired_on = today()
    row.save(update_fields=["retired_on"])
    trail.record(by, "ledger.field_retired", ledger, field=row.label)
    return row


@transaction.atomic
def add_status(ledger: Ledger, data: dict, *, by: Actor) -> LedgerStatus:
    """A further status. Raises Refused (`not_officer`)."""
    row = _locked(ledger, by)
    status = LedgerStatus(ledger=row, **data)
    status.full_clean()
    status.save()
    trail.record(by, "ledger.status_added", row, status=status.name)
    return status


@transaction.atomic
def change_status(status: LedgerStatus, data: dict, *, by: Actor, seen: str | None = None) -> LedgerStatus:
    """Another name, order or limit; a new limit holds for entries that come into the status from now on.

    Raises Refused (`not_officer`, `retired`, `fixed`), Conflict."""
    ledger = _locked(status.ledger, by)

    def judge(row, values):
        if row.retired_on:
            return Refusal("retired", _("状态已停用。"))
        if values.get("is_initial", row.is_initial) != row.is_initial and row.is_initial:
            return Refusal("fixed", _("请先把另一个状态设为新登记时的状态。"))
        if values.get("is_final", row.is_final) != row.is_final and row.entries.exists():
            return Refusal("fixed", _("已有记录在这一状态，不能改变它是否办结。"))
        return _sound(row, values)

    if data.get("is_initial") and not status.is_initial:
        ledger.statuses.filter(is_initial=True).update(is_initial=False)
    row, _changed = records.write(status, data, by=by, noun="ledgerstatus", seen=seen, judge=judge)
    return row


@transaction.atomic
def retire_status(status: LedgerStatus, *, by: Actor, seen: str | None = None) -> LedgerStatus:
    """No entry comes into the status any more. Raises Refused (`not_officer`, `retired`, `fixed`), Conflict."""
    ledger = _locked(status.ledger, by)
    row = records.lock(status, seen)
    if row.retired_on:
        raise Refused(Refusal("retired", _("状态已停用。")))
    if row.is_initial:
        raise Refused(Refusal("fixed", _("新登记时的状态不能停用。")))
    if row.is_final and not ledger.statuses.filter(is_final=True, retired_on=None).exclude(pk=row.pk).exists():
        raise Refused(Refusal("fixed", _("台账至少要有一个办结状态。")))
    row.retired_on = today()
    row.save(update_fields=["retired_on"])
    trail.record(by, "ledger.status_retired", ledger, status=row.name)
    return row
