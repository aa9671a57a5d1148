"""Making one report, step by step, each step committed: figures, Word, Excel.

Safe to kill between any two lines: the figures are kept before the first file is written, files are moved into place
whole under a name of their own, and only the last commit shows them to anybody.
"""

import contextlib
import logging

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actors import build_actor
from accounts.models import User
from core import clock
from core.actor import SYSTEM
from exchange.structure import from_json, to_json
from indicators import scopes
from indicators.drain import Busy, drain
from reports import content, files, lifecycle, perms, store
from reports.enums import ENDINGS, FileKind

log = logging.getLogger(__name__)


def make(report_id):
    """Take the report and make it; nothing happens when it is finished or another worker is on it."""
    report = lifecycle.take(report_id)
    if report is None:
        return
    try:
        # A report is an official Chinese document whatever language its asker's pages are in.
        with translation.override("zh-hans"):
            _make(report)
    except lifecycle.LostLease:
        log.warning("report %s was taken over by another worker", report_id)
    except Exception:
        # Whatever it is: uncaught, the task would be lost and the report would stand at its percentage until the lease
        # runs out. Here the attempt is counted, the third one parks it, and the log has the traceback.
        log.exception("report %s: attempt %s failed", report_id, report.attempts)
        lifecycle.attempt_failed(
            report, _("生成过程中出错，请联系系统管理员查看日志（月报编号 %(id)d）。") % {"id": report_id}
        )


def _make(report):
    actor = _actor_of(report)
    try:
        scope = scopes.parse(report.scope_key)
        refusal = perms.may_make(scope, lifecycle.place_of(scope), actor)
    except (LookupError, ValueError):
        lifecycle.give_up(report, _("该范围已不存在。"), by=actor)
        return
    if refusal:
        lifecycle.give_up(report, str(refusal.sentence), by=actor)
        return
    document = _figures(report, scope, actor)
    _file(report, FileKind.WORD, document)
    lifecycle.advance(report, 70, _("Word 文档已生成，正在生成 Excel 工作簿"))
    _file(report, FileKind.EXCEL, document)
    lifecycle.advance(report, 95, _("文件已生成，正在登记"))
    lifecycle.finish(report, by=actor)


def _actor_of(report):
    """The asker with the duties in force now: a right withdrawn while the report lay in the queue counts. A draft that
    nobody asked for is the system's."""
    if report.requested_by_id is None:
        return SYSTEM
    return build_actor(User.objects.get(pk=report.requested_by_id), clock.today())


def _figures(report, scope, actor):
    """The report as data, from the snapshot if an earlier attempt got that far."""
    if report.snapshot:
        return from_json(report.snapshot)
    lifecycle.advance(report, 15, _("正在汇总指标"))
    _count_what_waits()
    with _one_moment():
        document = content.build(scope, report.period, actor)
    lifecycle.advance(
        report,
        45,
        _("指标已汇总，正在生成 Word 文档"),
        snapshot=to_json(document),
        as_of=document.as_of,
        title=document.title.replace("\n", "")[:200],
    )
    return document


@contextlib.contextmanager
def _one_moment():
    """A transaction in which all figures of one report are of one moment."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _count_what_waits():
    """Roll up first, so that what was saved a moment ago is in the report; its as-of time tells if that failed."""
    try:
        drain(patience=5, batches=20)
    except Busy:
        log.info("figures are being counted by another worker; the report says its as-of time")


def _file(report, kind, document):
    name = store.storage_name(report, ENDINGS[kind])
    size, digest = store.put(name, files.render(document, kind))
    shown = files.name_of(document, report.edition, kind)
    lifecycle.add_file(report, kind, storage_name=name, name=shown, size=size, sha256=digest)
