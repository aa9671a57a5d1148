"""What a worker does for an export: build the list anew with its owner's rights of now, and write it to its file."""

import logging
import time

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _

from core.listings import CHUNK
from core.transitions import Refused
from exchange.exports import doors, files, lifecycle
from exchange.imports.declarations import actor_of
from exchange.writer import TooManyRows

log = logging.getLogger(__name__)
# The lease is renewed and the progress told no more often than this, and never less often than a chunk of rows.
TOLD_EVERY = 1.0


def work(export_id) -> None:
    """Take the export and write it; nothing happens when it is finished or somebody is on it."""
    one = lifecycle.take(export_id)
    if one is None:
        return
    try:
        with translation.override(one.language or "zh-hans"):
            _write(one)
    except lifecycle.LostLease:
        files.remove(one.storage_name)
        log.warning("export %s was taken over by another worker, or is wanted no more", export_id)
    except Exception:
        # Whatever it is: the attempt is counted, the third one parks the export, and the log has the traceback.
        log.exception("export %s: attempt %s failed", export_id, one.attempts)
        lifecycle.attempt_failed(
            one, _("生成过程中出错，请联系系统管理员查看日志（导出编号 %(id)d）。") % {"id": export_id}
        )


def _write(one):
    actor = actor_of(one.created_by_id)
    try:
        listing = doors.open_list(one.path, one.query, actor, reason=one.reason, columns=one.columns)
        lifecycle.renewed(one, total=listing.total())
        with files.begin(one.storage_name) as target:
            count = files.write(target, listing, actor, one.format, watched=lambda rows: _watched(one, rows))
        lifecycle.finish(one, listing, count, by=actor)
    except Http404:
        lifecycle.give_up(one, _("这个列表已不存在，或您已无权查看。"), by=actor)
    except PermissionDenied as denied:
        lifecycle.give_up(one, str(denied) or _("您已无权查看这个列表。"), by=actor)
    except Refused as refused:
        lifecycle.give_up(one, str(refused.refusal.sentence), by=actor)
    except TooManyRows as error:
        lifecycle.give_up(one, str(error), by=actor)


def _watched(one, rows):
    """The rows as they pass, with the lease renewed and the progress told on the way."""
    told = time.monotonic()
    for number, row in enumerate(rows, start=1):
        yield row
        if number % CHUNK == 0 and time.monotonic() - told >= TOLD_EVERY:
            lifecycle.renewed(one, rows=number)
            told = time.monotonic()
