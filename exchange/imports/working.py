"""What a worker does for an import: judge the rows, write them, or take them back.

Judging and writing go batch by batch, each with its rows, its count and the renewed lease in one commit. Taking back is
one transaction: all of it or nothing.
"""

import datetime as dt
import logging

from django.db import transaction
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from core.answers import attempt
from core.transitions import Refused
from exchange import lifecycle, store
from exchange.enums import TO_WRITE, ImportState, Outcome
from exchange.imports import declarations, mapping, sheets, workbooks
from exchange.imports.judging import ROW, Judge, initial_data
from exchange.models import ImportRow
from exchange.reader import Unreadable

log = logging.getLogger(__name__)
JUDGED_AT_ONCE = 200
WRITTEN_AT_ONCE = 50


class _Standing(Exception):
    """A row cannot be taken back; its text says why."""


def work(import_id) -> None:
    """Take the import and do what it waits for; nothing happens when it is finished or somebody is on it."""
    one = lifecycle.take(import_id)
    if one is None:
        return
    try:
        with translation.override(one.language or "zh-hans"):
            _work(one)
    except lifecycle.LostLease:
        log.warning("import %s was taken over by another worker", import_id)
    except Exception:
        # Whatever it is: the attempt is counted, the third one parks the import, and the log has the traceback.
        log.exception("import %s: attempt %s failed", import_id, one.attempts)
        lifecycle.attempt_failed(
            one, _("处理过程中出错，请联系系统管理员查看日志（导入编号 %(id)d）。") % {"id": import_id}
        )


def _work(one):
    actor = declarations.actor_of(one.created_by_id)
    refusal = declarations.may_import(actor)
    if refusal:
        lifecycle.give_up(one, str(refusal.sentence), by=actor)
        return
    try:
        spec = declarations.find(one.register)
        doing = {ImportState.CHECKING: _check, ImportState.RUNNING: _run, ImportState.UNDOING: _undo}
        doing[one.state](one, spec, actor)
    except Unreadable as unreadable:
        lifecycle.give_up(one, str(unreadable), by=actor)
    except FileNotFoundError:
        lifecycle.give_up(one, _("上传的文件已不在服务器上，请重新上传。"), by=actor)
    except LookupError:
        lifecycle.give_up(one, _("这个登记簿已不能导入。"), by=actor)


# --- judging ------------------------------------------------------------------------------------------------------


def _check(one, spec, actor):
    """Judge every row of the file from the beginning; what an earlier attempt left is replaced."""
    table = _table(one, spec, actor)
    rows, passed = table.data
    if not rows:
        lifecycle.give_up(one, _("表头下面没有数据行。"), by=actor)
        return
    with transaction.atomic():
        lifecycle.renewed(one, total=len(rows), passed_over=passed, done=0)
        one.rows.all().delete()
    judge = Judge(spec, one.mapping, actor)
    for start in range(0, len(rows), JUDGED_AT_ONCE):
        batch = [(number, [_kept(cell) for cell in cells]) for number, cells in rows[start : start + JUDGED_AT_ONCE]]
        judge.prepare(cells for _number, cells in batch)
        made = [_row(one, number, cells, judge.judge(number, cells)) for number, cells in batch]
        with transaction.atomic():
            lifecycle.renewed(one, done=start + len(made))
            ImportRow.objects.bulk_create(made)
    lifecycle.finish(one, ImportState.CHECKED, by=actor, **_feedback(one, table))


def _table(one, spec, actor):
    with store.open_stored(one.storage_name) as file:
        return sheets.read(file, one.storage_name, set(mapping.known(spec, spec.form(actor))))


def _kept(cell):
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def _row(one, number, cells, verdict):
    return ImportRow(
        of=one,
        number=number,
        cells=cells,
        outcome=verdict.outcome,
        errors=verdict.errors,
        changes=verdict.changes,
        object_id=verdict.obj.pk if verdict.obj else None,
    )


def _feedback(one, table):
    """The user's own table with what is wrong in it, where anything is."""
    wrong = dict(one.rows.filter(outcome=Outcome.WRONG).values_list("number", "errors"))
    store.remove(one.feedback_name)
    if not wrong:
        return {"feedback_name": ""}
    name, _digest = store.put(workbooks.marked(table, wrong), "xlsx")
    return {"feedback_name": name}


# --- writing ------------------------------------------------------------------------------------------------------


def _run(one, spec, actor):
    """Write batch after batch what is not yet written. Of all rows or none: the first row that a rule stops now ends
    the import, and what was written before it can be undone."""
    judge, waiting = Judge(spec, one.mapping, actor), one.rows.filter(outcome__in=TO_WRITE, is_written=False)
    last, stopped = 0, None
    while stopped is None:
        with transaction.atomic():
            lifecycle.renewed(one)
            batch = list(waiting.filter(number__gt=last).order_by("number")[:WRITTEN_AT_ONCE])
            if not batch:
                break
            judge.prepare(row.cells for row in batch)
            for row in batch:
                _write(spec, judge, row, actor)
                if row.outcome == Outcome.WRONG and not one.good_only:
                    stopped = row
                    break
            last = batch[-1].number
            ImportRow.objects.bulk_update(batch, _WRITTEN)
            lifecycle.renewed(one, done=one.done + len(batch), written=one.rows.filter(is_written=True).count())
    feedback = _feedback(one, _table(one, spec, actor))
    if stopped is None:
        lifecycle.finish(one, ImportState.DONE, by=actor, **feedback)
        return
    with transaction.atomic():
        lifecycle.renewed(one, **feedback)
    text = _("第 %(row)d 行未能写入：%(reason)s 已写入的 %(n)d 行可以整体撤销，或改好后重新上传。")
    lifecycle.give_up(
        one, text % {"row": stopped.number, "reason": said(stopped.errors), "n": one.written}, by=actor
    )  # fmt: skip


_WRITTEN = ["outcome", "errors", "changes", "is_written", "is_created", "object_id", "before", "seen"]


def _write(spec, judge, row, actor):
    """Judge the row as things are now, and write it through the register's own function."""
    verdict = judge.judge(row.number, row.cells, alone=True)
    row.outcome, row.errors, row.changes = verdict.outcome, verdict.errors, verdict.changes
    if verdict.outcome not in TO_WRITE:
        return
    model, form = spec.register.model, verdict.form
    target = model() if verdict.obj is None else model._base_manager.get(pk=verdict.obj.pk)
    saved = _saved(spec, form, target, actor)
    if saved is None:
        row.outcome, row.errors = Outcome.WRONG, {ROW: [str(one) for found in form.errors.values() for one in found]}
        return
    row.is_written, row.is_created = True, verdict.obj is None
    row.object_id, row.before = saved.pk, verdict.before
    row.seen = spec.register.version(model._base_manager.get(pk=saved.pk))


def _saved(spec, form, target, actor, seen=None):
    """The saved record, or None with what was refused in the form's errors."""
    extra = form.save_options() if hasattr(form, "save_options") else {}
    return attempt(form, lambda: spec.register.save(target, form.values, by=actor, seen=seen, **extra))


def said(errors) -> str:
    """What is wrong with a row, as one text."""
    return " ".join(sentence for found in errors.values() for sentence in found)


# --- taking back --------------------------------------------------------------------------------------------------


def _undo(one, spec, actor):
    try:
        with transaction.atomic():
            lifecycle.renewed(one)
            for row in one.rows.filter(is_written=True).order_by("-number"):
                _take_back(spec, row, actor)
            lifecycle.finish(one, ImportState.UNDONE, by=actor)
    except _Standing as standing:
        lifecycle.give_up(one, str(standing), by=actor, state=ImportState.DONE)


def _take_back(spec, row, actor):
    """Withdraw a record that the import created, or give one that it changed back what it held."""
    text = _("不能撤销：第 %(row)d 行的记录在导入之后又有变化或已被使用。%(reason)s")
    obj = spec.register.model._base_manager.filter(pk=row.object_id).first()
    try:
        if obj is None:
            raise Refused(lifecycle.Refusal("gone", _("这条记录已经不存在。")))
        if row.is_created:
            spec.withdraw(obj, by=actor, seen=row.seen)
            return
    except Refused as refused:
        raise _Standing(text % {"row": row.number, "reason": refused.refusal.sentence}) from refused
    form = spec.form(actor, MultiValueDict(), obj)
    for name in form.fields:
        value = row.before.get(name, initial_data(form, name))
        form.data.setlist(name, value if isinstance(value, list) else [value] if value else [])
    target = spec.register.model._base_manager.get(pk=obj.pk)
    if not form.is_valid() or _saved(spec, form, target, actor, row.seen) is None:
        reason = " ".join(str(one) for found in form.errors.values() for one in found)
        raise _Standing(text % {"row": row.number, "reason": reason})
