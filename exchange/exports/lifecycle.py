"""An export's way: waiting -> done -> expired, or failed.

The row is the truth, a Celery message only wakes a worker. A worker takes an export under a lease and renews it while
it writes. Each attempt writes to a file of a name of its own, which the row holds before the first byte: what a killed
worker left is found by the next attempt and taken away. Only the last commit shows the file to its owner.
"""

import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.actor import SYSTEM, Actor
from core.listings import Listing
from core.transitions import Refusal, Refused
from exchange.enums import ExportState
from exchange.exports import files
from exchange.models import Export

LEASE = dt.timedelta(seconds=90)
WAKE_AGAIN = dt.timedelta(seconds=30)
MAX_ATTEMPTS = 3
# So many files one person may have in the making: the others' work goes on beside.
AT_ONCE = 5


class LostLease(Exception):
    """Another worker has the export now, or its owner wants it no more; this one must stop."""


def ask(listing: Listing, path: str, query: str, *, by: Actor, kind: str, reason: str = "") -> Export:
    """Have a list written in the background. The same list asked for again while it waits is the same export. Raises
    Refused (`too_many`, `reason`)."""
    with transaction.atomic():
        own = Export.objects.visible_to(by).waiting().select_for_update(of=("self",), no_key=True)
        waiting = list(own.order_by("pk"))
        wanted = {"path": path, "query": query, "format": kind, "reason": reason, "columns": list(listing.keys)}
        for one in waiting:
            if all(getattr(one, name) == value for name, value in wanted.items()):
                return one
        if len(waiting) >= AT_ONCE:
            sentence = _("您已有 %(n)d 个导出正在生成，请等其中一个完成后再导出。") % {"n": len(waiting)}
            raise Refused(Refusal("too_many", sentence))
        now = clock.now()
        one = Export.objects.create(
            **wanted,
            title=listing.title[:200],
            conditions=listing.conditions,
            language=get_language() or "",
            created_by_id=by.user_id,
            created_at=now,
            queued_at=now,
        )
        trail.record(by, "export.asked", one, conditions=listing.conditions, format=kind)
        _wake(one.pk)
    return one


def discard(one: Export, *, by: Actor) -> None:
    """The owner needs the file no longer, or no longer waits for it. Raises Refused where there is nothing to do."""
    with transaction.atomic():
        row = _locked(one.pk)
        if row.state not in (ExportState.WAITING, ExportState.DONE):
            raise Refused(Refusal("gone", _("这个文件已经清除。")))
        _clear(row, ExportState.EXPIRED)
        trail.record(by, "export.discarded", row)


def may_download(one: Export, actor: Actor) -> Refusal | None:
    """While it lasts, and while its owner holds the posts by whose rights the rows were read."""
    if one.state != ExportState.DONE or one.expires_at <= clock.now():
        return Refusal("gone", _("这个文件不在保留期内，请重新导出。"))
    if set(one.posts) - set(posts_of(actor)):
        return Refusal("posts", _("导出之后您的岗位有变化，这个文件不再提供，请重新导出。"))
    return None


def posts_of(actor: Actor) -> list[int]:
    return sorted(duty.post_id for duty in actor.duties if duty.post_id)


# --- for the worker -----------------------------------------------------------------------------------------------


def take(export_id) -> Export | None:
    """Take an export that waits, under a fresh lease and with a new file name; None when there is nothing to do or
    somebody is on it."""
    with transaction.atomic():
        rows = Export.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        one = rows.filter(pk=export_id, state=ExportState.WAITING).first()
        if one is None or (one.lease_until and one.lease_until >= clock.now()):
            return None
        if one.attempts >= MAX_ATTEMPTS:
            _park(one, one.error or _("连续三次处理中断，已停止重试。"), by=SYSTEM)
            return None
        _remove_later(one.storage_name)
        one.attempts += 1
        one.lease, one.lease_until = uuid.uuid4(), clock.now() + LEASE
        one.storage_name, one.rows = files.new_name(one.format), 0
        one.save(update_fields=["attempts", "lease", "lease_until", "storage_name", "rows"])
        return one


def renewed(one: Export, **changes) -> Export:
    """The export under lock with its lease renewed and `changes` written. Raises LostLease."""
    with transaction.atomic():
        row = _locked(one.pk)
        if one.lease is None or row.lease != one.lease or row.state != ExportState.WAITING:
            raise LostLease(one.pk)
        changes.setdefault("lease_until", clock.now() + LEASE)
        for name, value in changes.items():
            setattr(row, name, value)
            setattr(one, name, value)
        row.save(update_fields=list(changes))
        return row


def finish(one: Export, listing: Listing, rows: int, *, by: Actor) -> None:
    """The file is whole: from this commit on its owner may have it. Raises LostLease, and Refused of the list's own
    note."""
    size, digest = files.fingerprint(one.storage_name)
    now = clock.now()
    with transaction.atomic():
        row = renewed(
            one,
            state=ExportState.DONE,
            error="",
            rows=rows,
            total=rows,
            size=size,
            sha256=digest,
            lease=None,
            lease_until=None,
            finished_at=now,
            expires_at=now + dt.timedelta(hours=settings.EXPORT_KEPT_HOURS),
            posts=posts_of(by),
            conditions=listing.conditions,
        )
        note(listing, rows, by=by)
        trail.record(by, "export.made", row, count=rows)


def note(listing: Listing, count: int, *, by: Actor) -> None:
    """Leave in the trail that a list went out: by its own event, else by the common one."""
    if listing.note is not None:
        listing.note(by, count)
    else:
        trail.record(by, "export.taken", None, list=listing.title, count=count, conditions=listing.conditions)


def give_up(one: Export, sentence: str, *, by: Actor) -> None:
    """End the work for a reason that another attempt would not cure: a right that is gone, more rows than a sheet
    holds."""
    with transaction.atomic():
        row = _locked(one.pk)
        if row.lease == one.lease:
            _park(row, sentence, by=by)


def attempt_failed(one: Export, sentence: str) -> None:
    """An attempt went wrong: the next one is due at once, or the export is parked after the third."""
    with transaction.atomic():
        row = _locked(one.pk)
        if row.lease != one.lease or row.state != ExportState.WAITING:
            return
        if row.attempts >= MAX_ATTEMPTS:
            _park(row, sentence, by=SYSTEM)
        else:
            row.error, row.lease, row.lease_until = sentence[:300], None, None
            row.queued_at = clock.now() - WAKE_AGAIN
            row.save(update_fields=["error", "lease", "lease_until", "queued_at"])


def sweep() -> int:
    """Wake a worker for what a dead one left and for what a lost message left; answers how many."""
    now = clock.now()
    waiting = Export.objects.waiting().filter(queued_at__lt=now - WAKE_AGAIN)
    ids = [one.pk for one in waiting.order_by("pk") if not one.lease_until or one.lease_until < now]
    for pk in ids:
        _wake(pk)
    return len(ids)


def expire() -> int:
    """Take away files whose time is over; answers how many."""
    due = list(Export.objects.filter(state=ExportState.DONE, expires_at__lte=clock.now()).values_list("pk", flat=True))
    for pk in sorted(due):
        with transaction.atomic():
            row = _locked(pk)
            if row.state == ExportState.DONE:
                _clear(row, ExportState.EXPIRED)
                trail.record(SYSTEM, "export.expired", row)
    return len(due)


def _locked(export_id) -> Export:
    return Export.objects.select_for_update(of=("self",), no_key=True).get(pk=export_id)


def _park(row, sentence, *, by):
    row.error = sentence[:300]
    _clear(row, ExportState.FAILED)
    trail.record(by, "export.failed", row, reason=sentence)


def _clear(row, state):
    """End in a state without a file."""
    _remove_later(row.storage_name)
    row.state, row.storage_name, row.sha256, row.size = state, "", "", 0
    row.finished_at, row.lease, row.lease_until = row.finished_at or clock.now(), None, None
    row.save()


def _remove_later(name):
    if name:
        transaction.on_commit(lambda: files.remove(name), robust=True)


def _wake(export_id):
    from exchange.tasks import wake_export

    transaction.on_commit(lambda: wake_export(export_id), robust=True)
