"""An import's way: uploaded -> checking -> checked -> running -> done, and undoing -> undone; or failed.

The row is the truth, a Celery message only wakes a worker. A worker takes an import under a lease and renews it with
every batch, in the commit that holds what the batch wrote: one that was killed leaves whole batches, and the next goes
on behind them.
"""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.actor import SYSTEM, Actor, Role
from core.transitions import Refusal, Refused
from exchange import store
from exchange.enums import AT_WORK, ImportState, Outcome
from exchange.imports import declarations, mapping, sheets
from exchange.imports.declarations import ImportOf
from exchange.models import Import

LEASE = dt.timedelta(seconds=120)
WAKE_AGAIN = dt.timedelta(seconds=30)
MAX_ATTEMPTS = 3


class LostLease(Exception):
    """Another worker has the import now; this one must stop without writing."""


def upload(spec: ImportOf, file, name: str, *, by: Actor) -> Import:
    """Keep a file and guess what its columns are. Raises Refused, `exchange.reader.Unreadable`."""
    refusal = declarations.may_import(by)
    if refusal:
        raise Refused(refusal)
    path = by.region_paths(Role.COUNTY_OFFICER)[0]
    words = mapping.known(spec, spec.form(by))
    table = sheets.read(file, name, set(words), limits=sheets.HEAD)
    before = Import.objects.filter(region_path=path, register=spec.code, state=ImportState.DONE).order_by("-pk")
    file.seek(0)
    content = file.read()
    stored, digest = store.put(content, sheets.kind_of(name))
    now = clock.now()
    try:
        with transaction.atomic():
            made = Import.objects.create(
                register=spec.code,
                region_path=path,
                file_name=name[-200:],
                storage_name=stored,
                size=len(content),
                sha256=digest,
                sheet=table.sheet[:120],
                labels=table.labels,
                mapping=mapping.guess(table.labels, words, mapping.remembered(before)),
                created_by_id=by.user_id,
                created_at=now,
                queued_at=now,
            )
            trail.record(by, "import.uploaded", made, register=str(spec.title))
    except BaseException:
        store.remove(stored)
        raise
    return made


def may(deed: str, one: Import, actor: Actor) -> Refusal | None:
    """Whether `check`, `run`, `run_good` or `undo` may be done now; the same answer greys the button."""
    refusal = declarations.may_import(actor)
    if refusal:
        return refusal
    sources = {
        "check": (ImportState.UPLOADED, ImportState.CHECKED),
        "run": (ImportState.CHECKED,),
        "run_good": (ImportState.CHECKED,),
        "undo": (ImportState.DONE, ImportState.FAILED),
    }
    if one.state not in sources[deed]:
        return Refusal("state", _("这次导入已是“%(state)s”，不能再这样办理。") % {"state": one.get_state_display()})
    if deed == "undo" and not one.written:
        return Refusal("nothing", _("这次导入没有写入任何内容，无需撤销。"))
    if deed.startswith("run"):
        return _may_run(deed, one)
    return None


def _may_run(deed, one):
    outcomes = set(one.rows.values_list("outcome", flat=True).distinct())
    if deed == "run" and Outcome.WRONG in outcomes:
        return Refusal("wrong_rows", _("还有错误的行：请改好后重新上传，或只导入无错误的行。"))
    if not outcomes & {Outcome.NEW, Outcome.CHANGED}:
        return Refusal("nothing", _("没有需要写入的行：文件内容与登记簿一致，或每一行都有错误。"))
    return None


def check(one: Import, chosen: dict[str, str], *, by: Actor) -> Import:
    """Have the rows judged with these columns. Raises Refused (`state`, `key_missing`, `twice`)."""
    spec = declarations.find(one.register)
    with transaction.atomic():
        row = _demanded("check", one, by)
        form = spec.form(by)
        chosen = {place: name for place, name in chosen.items() if name in {c.field for c in spec.columns}}
        if len(set(chosen.values())) != len(chosen):
            raise Refused(Refusal("twice", _("同一项内容不能对应两列。")))
        missing = [str(form.fields[name].label) for name in spec.key if name not in chosen.values()]
        if missing:
            sentence = _("请指明哪一列是“%(labels)s”，它用来辨认每一行是哪条记录。")
            raise Refused(Refusal("key_missing", sentence % {"labels": "、".join(missing)}))
        row.mapping, row.total, row.passed_over = chosen, 0, 0
        _queue(row, ImportState.CHECKING)
    return row


def run(one: Import, *, good_only: bool, by: Actor) -> Import:
    """Write the rows: all of them, or those without errors. Raises Refused."""
    with transaction.atomic():
        row = _demanded("run_good" if good_only else "run", one, by)
        row.good_only, row.written = good_only, 0
        _queue(row, ImportState.RUNNING)
        trail.record(by, "import.started", row, good_only=good_only)
    return row


def undo(one: Import, *, by: Actor) -> Import:
    """Take back all that the import wrote, if nothing has built on it. Raises Refused."""
    with transaction.atomic():
        row = _demanded("undo", one, by)
        _queue(row, ImportState.UNDOING)
        trail.record(by, "import.undo_asked", row)
    return row


# --- for the worker -----------------------------------------------------------------------------------------------


def take(import_id) -> Import | None:
    """Take an import that waits, under a fresh lease; None when there is nothing to do or somebody is on it."""
    with transaction.atomic():
        rows = Import.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        one = rows.filter(pk=import_id, state__in=AT_WORK).first()
        if one is None or (one.lease_until and one.lease_until >= clock.now()):
            return None
        if one.attempts >= MAX_ATTEMPTS:
            _park(one, one.error or _("连续三次处理中断，已停止重试。"), by=SYSTEM)
            return None
        one.attempts += 1
        one.lease, one.lease_until = uuid.uuid4(), clock.now() + LEASE
        one.save(update_fields=["attempts", "lease", "lease_until"])
        return one


def renewed(one: Import, **changes) -> Import:
    """The import under lock with its lease renewed and `changes` written; the caller's transaction holds what belongs
    to them. Raises LostLease."""
    row = _locked(one.pk)
    if one.lease is None or row.lease != one.lease or row.state not in AT_WORK:
        raise LostLease(one.pk)
    changes.setdefault("lease_until", clock.now() + LEASE)
    for name, value in changes.items():
        setattr(row, name, value)
        setattr(one, name, value)
    row.save(update_fields=list(changes))
    return row


def finish(one: Import, state: ImportState, *, by: Actor, **changes) -> None:
    """The present work is done. Raises LostLease."""
    with transaction.atomic():
        ended = {} if state == ImportState.CHECKED else {"finished_at": clock.now()}
        row = renewed(one, state=state, error="", lease=None, lease_until=None, attempts=0, **ended, **changes)
        if state != ImportState.CHECKED:
            trail.record(by, f"import.{state}", row, written=row.written)


def give_up(one: Import, sentence: str, *, by: Actor, state=ImportState.FAILED) -> None:
    """End the work for a reason that another attempt would not cure: a file that cannot be read, a row that stops an
    import of all rows; or put an import that cannot be undone back among the done."""
    with transaction.atomic():
        row = _locked(one.pk)
        if row.lease == one.lease:
            _park(row, sentence, by=by, state=state)


def attempt_failed(one: Import, sentence: str) -> None:
    """An attempt went wrong: the next one is due at once, or the import is parked after the third."""
    with transaction.atomic():
        row = _locked(one.pk)
        if row.lease != one.lease:
            return
        if row.attempts >= MAX_ATTEMPTS:
            _park(row, sentence, by=SYSTEM)
        else:
            row.error, row.lease, row.lease_until = sentence[:300], None, None
            row.queued_at = clock.now() - WAKE_AGAIN
            row.save(update_fields=["error", "lease", "lease_until", "queued_at"])


def sweep() -> int:
    """Wake a worker for imports that wait or whose worker died; returns how many."""
    now = clock.now()
    with transaction.atomic():
        rows = Import.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).at_work()
        waiting = rows.exclude(lease_until__gte=now).filter(queued_at__lte=now - WAKE_AGAIN)
        woken = list(waiting.order_by("queued_at")[:50])
        for one in woken:
            one.queued_at = now
            one.save(update_fields=["queued_at"])
            _wake(one.pk)
    return len(woken)


# --- inside -------------------------------------------------------------------------------------------------------


def _locked(import_id):
    return Import.objects.select_for_update(of=("self",), no_key=True).get(pk=import_id)


def _demanded(deed, one, by):
    # Asked before the lock, too: a worker that writes all rows holds it to its end.
    refusal = may(deed, Import.objects.get(pk=one.pk), by)
    if refusal:
        raise Refused(refusal)
    row = _locked(one.pk)
    refusal = may(deed, row, by)
    if refusal:
        raise Refused(refusal)
    return row


def _queue(row, state):
    row.state, row.done, row.attempts, row.error = state, 0, 0, ""
    row.lease, row.lease_until, row.queued_at = None, None, clock.now()
    row.language = get_language() or ""
    row.save()
    _wake(row.pk)


def _park(row, sentence, *, by, state=ImportState.FAILED):
    row.state, row.error = state, sentence[:300]
    row.finished_at, row.lease, row.lease_until = clock.now(), None, None
    row.save()
    trail.record(by, "import.failed", row, reason=sentence)


def _wake(import_id):
    from exchange.tasks import wake

    transaction.on_commit(lambda: wake(import_id), robust=True)
