"""The life of an entry: added, changed, moved from status to status, archived. It is never deleted.

The trail says which columns changed. What a personal column held is not in it, because auditors and officers read it.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Region
from alliances.perms import covers
from audit import records, trail
from core import workdays
from core.actor import Actor, Role
from core.clock import today
from core.models import Sequence
from core.transitions import Refusal, Refused
from enterprises.models import Enterprise
from ledgers import perms
from ledgers.models import Ledger, LedgerEntry, LedgerLimit, LedgerStatus
from ledgers.values import describe, in_words

HIDDEN = "（个人信息）"
# What `describe` sets.
TOLD = ["title", "words", "own_words", "key", "digest"]


def places(ledger: Ledger, actor: Actor):
    """The regions in which the actor may enter: those of the ledger's area that are his own to fill."""
    inside = Region.objects.filter(path__startswith=ledger.region.path)
    if actor.is_system or covers(actor, ledger.region.path, Role.COUNTY_OFFICER):
        return inside
    own = set()
    for duty in actor.duties_as(*Role.BUSINESS):
        if duty.role in ledger.fill_roles and duty.region_path:
            above = ledger.region.path.startswith(duty.region_path)
            own.add(ledger.region.path if above else duty.region_path)
    found = inside.none()
    for path in own:
        found = found | inside.filter(path__startswith=path)
    return found


@transaction.atomic
def add_entry(ledger: Ledger, values: dict, *, region=None, enterprise=None, by: Actor) -> LedgerEntry:
    """Enter one row of checked values ({code: value}); an entry of an enterprise stands where the enterprise is.

    Raises Refused (`not_filler`, `retired`, `unfinished`, `place`, `twice`).
    """
    _hold(ledger)
    return _add(ledger, [_draft(ledger, values, region, enterprise, by)], by)[0]


def _hold(ledger) -> None:
    """The definition stays as it is until the entry is written."""
    Ledger.objects.select_for_update(of=("self",), no_key=True).get(pk=ledger.pk)


def _draft(ledger, values, region, enterprise, by) -> LedgerEntry:
    refusal = perms.fill(ledger, by) or _place(ledger, region, enterprise, by)
    if refusal:
        raise Refused(refusal)
    entry = LedgerEntry(ledger=ledger, values=values, enterprise=enterprise, created_by_id=by.user_id)
    entry.region = _home(ledger, region, enterprise)
    describe(entry, ledger.living_fields)
    _refuse_twice(entry)
    return entry


def _home(ledger, region, enterprise):
    if enterprise is not None and enterprise.region.path.startswith(ledger.region.path):
        return enterprise.region
    return region or ledger.region


def _place(ledger, region, enterprise, by) -> Refusal | None:
    if enterprise is not None:
        inside = enterprise.region.path.startswith(ledger.region.path)
        if inside and Enterprise.objects.visible_to(by).filter(pk=enterprise.pk).exists():
            return None
        return Refusal("place", _("所选企业不在您填报的范围内。"))
    home = region or ledger.region
    if places(ledger, by).filter(pk=home.pk).exists():
        return None
    return Refusal("place", _("所选区域不在您填报的范围内。"))


def _refuse_twice(entry) -> None:
    same = LedgerEntry.objects.filter(ledger=entry.ledger, key=entry.key, archived_on=None).exclude(pk=entry.pk)
    other = same.first() if entry.key else None
    if other is not None:
        raise Refused(Refusal("twice", _("台账中已有同一条记录（第 %(number)d 号）。") % {"number": other.number}))


def add_many(ledger: Ledger, rows, *, by: Actor) -> list[LedgerEntry]:
    """Enter many rows [(values, region, enterprise)] at once, inside the caller's transaction. As `add_entry`."""
    _hold(ledger)
    drafts = []
    for values, region, enterprise in rows:
        entry = LedgerEntry(ledger=ledger, values=values, enterprise=enterprise, created_by_id=by.user_id)
        entry.region = _home(ledger, region, enterprise)
        describe(entry, ledger.living_fields)
        drafts.append(entry)
    return _add(ledger, drafts, by) if drafts else []


def _add(ledger, drafts, by) -> list[LedgerEntry]:
    status = next(one for one in ledger.living_statuses if one.is_initial)
    first, day, calendars = Sequence.next(f"ledger:{ledger.pk}", len(drafts)), today(), workdays.everywhere()
    for number, entry in enumerate(drafts, first):
        entry.number, entry.entered_on = number, day
        _stand(entry, status, calendars.at(entry.region.path), day)
    rows = LedgerEntry.objects.bulk_create(drafts, batch_size=500)
    LedgerLimit.objects.bulk_create([limit for entry in rows if (limit := _limit(entry))], batch_size=500)
    trail.Event.objects.bulk_create(
        [trail.Event(**trail.fields(by, "ledgerentry.created", one, status=status.name)) for one in rows],
        batch_size=500,
    )
    return rows


def _stand(entry, status, calendar, day) -> None:
    entry.status, entry.status_on = status, day
    entry.closed_on = day if status.is_final else None
    entry.due_on = calendar.add(day, status.days) if status.days else None


def _limit(entry) -> LedgerLimit | None:
    if entry.due_on is None:
        return None
    return LedgerLimit(
        entry=entry, ledger_id=entry.ledger_id, region_id=entry.region_id, enterprise_id=entry.enterprise_id,
        status_id=entry.status_id, from_on=entry.status_on, due_on=entry.due_on,
        overdue_on=entry.due_on + workdays.DAY,
    )  # fmt: skip


def _kept(entry, by, seen=None) -> LedgerEntry:
    row = records.lock(entry, seen)
    refusal = perms.keep_entry(row, by)
    if refusal:
        raise Refused(refusal)
    return row


@transaction.atomic
def change_entry(
    entry: LedgerEntry, values: dict, *, region=None, enterprise=None, by: Actor, seen: str | None = None
) -> LedgerEntry:
    """Other values; what retired columns hold stays. Raises Refused (`not_filler`, `archived`, `place`, `twice`),
    Conflict."""
    _hold(entry.ledger)
    row = _kept(entry, by, seen)
    ledger = row.ledger
    if (enterprise, region or row.region) != (row.enterprise, row.region):
        refusal = _place(ledger, region, enterprise, by)
        if refusal:
            raise Refused(refusal)
    fields = ledger.living_fields
    before = {one.pk: in_words(row, one) for one in fields}
    living = {one.code for one in fields}
    row.values = {**{code: one for code, one in row.values.items() if code not in living}, **values}
    row.enterprise, row.region = enterprise, _home(ledger, region or row.region, enterprise)
    describe(row, fields)
    _refuse_twice(row)
    row.save()
    row.limits.update(region=row.region, enterprise=row.enterprise)
    changes = {}
    for one in fields:
        after = in_words(row, one)
        if after != before[one.pk]:
            changes[one.label] = [HIDDEN, HIDDEN] if one.personal else [before[one.pk], after]
    if changes:
        trail.record(by, "ledgerentry.changed", row, changes=changes)
    return row


@transaction.atomic
def move_entry(
    entry: LedgerEntry, status: LedgerStatus, *, note: str = "", by: Actor, seen: str | None = None
) -> LedgerEntry:
    """Into another status; its limit begins today. Leaving a final status says why.

    Raises Refused (`not_filler`, `archived`, `status`, `reason`), Conflict.
    """
    row = _kept(entry, by, seen)
    old = row.status
    if status.ledger_id != row.ledger_id or status.retired_on or status.pk == old.pk:
        raise Refused(Refusal("status", _("请选择台账中另一个正在使用的状态。")))
    if old.is_final and not note.strip():
        raise Refused(Refusal("reason", _("记录已办结；要改回，请写明原因。")))
    day = today()
    row.limits.filter(until_on=None).update(until_on=day)
    _stand(row, status, workdays.current(row.region.path), day)
    row.save(update_fields=["status", "status_on", "due_on", "closed_on"])
    limit = _limit(row)
    if limit:
        limit.save()
    said = {"note": note.strip()} if note.strip() else {}
    trail.record(by, f"ledgerentry.moved{'_because' if said else ''}", row, old=old.name, new=status.name, **said)
    return row


@transaction.atomic
def archive_entry(entry: LedgerEntry, *, reason: str, by: Actor, seen: str | None = None) -> LedgerEntry:
    """An entry made by mistake counts no more; it stays to be read. Raises Refused (`not_filler`, `archived`,
    `reason`), Conflict."""
    row = _kept(entry, by, seen)
    if not reason.strip():
        raise Refused(Refusal("reason", _("请写明作废的原因。")))
    row.archived_on, row.archive_reason = today(), reason.strip()
    row.save(update_fields=["archived_on", "archive_reason"])
    row.limits.filter(until_on=None).update(until_on=today())
    row.limits.update(is_void=True)
    trail.record(by, "ledgerentry.archived", row, reason=row.archive_reason)
    return row


@transaction.atomic
def follow_enterprise(enterprise, *, by: Actor) -> None:
    """An enterprise moved, or took over the entries of its duplicate: its entries stand where it is, as long as that is
    inside their ledger's area, and are found by its name."""
    for entry in LedgerEntry.objects.filter(enterprise=enterprise).select_related("ledger__region").order_by("pk"):
        if entry.region_id != enterprise.region_id and enterprise.region.path.startswith(entry.ledger.region.path):
            LedgerEntry.objects.filter(pk=entry.pk).update(region=enterprise.region)
            entry.limits.update(region=enterprise.region)
        _tell_anew(entry, enterprise)


def _tell_anew(entry, enterprise) -> None:
    """What follows from the values, by the enterprise's present name. Two entries that a merger made the same stay two:
    the later one keeps the key that it had."""
    entry.enterprise, before = enterprise, {name: getattr(entry, name) for name in TOLD}
    describe(entry, entry.ledger.living_fields)
    others = LedgerEntry.objects.filter(ledger=entry.ledger, key=entry.key, archived_on=None).exclude(pk=entry.pk)
    if entry.key != before["key"] and entry.key is not None and others.exists():
        entry.key = before["key"]
    if {name: getattr(entry, name) for name in TOLD} != before:
        entry.save(update_fields=TOLD)


def reason_of_export(reason: str) -> str:
    """Nothing personal leaves without one. Raises Refused (`reason`)."""
    if not reason.strip():
        raise Refused(Refusal("reason", _("请写明导出个人信息的理由。")))
    return reason.strip()


def note_export(ledger: Ledger, *, reason: str, count: int, conditions: str, by: Actor) -> None:
    """Personal data left the system: who took how many rows, under which filter, and why."""
    trail.record(by, "ledger.exported", ledger, reason=reason_of_export(reason), count=count, conditions=conditions)
