"""What a worker does for an import: judge the rows, write them, or take them back.

Judging, and writing the rows without errors, go batch by batch, each with its rows, its count and the renewed lease in
one commit. Writing all rows and taking back are one transaction each: all of it or nothing.
"""

import datetime as dt
import json
import logging

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from core.answers import attempt
from core.transitions import Refused
from exchange import lifecycle, store
from exchange.enums import TO_WRITE, ImportState, Outcome
from exchange.imports import declarations, mapping, progress, sheets, workbooks
from exchange.imports.judging import ROW, Judge, initial_data
from exchange.models import ImportRow
from exchange.reader import Unreadable

log = logging.getLogger(__name__)
JUDGED_AT_ONCE = 500
WRITTEN_AT_ONCE = 500


class _Stopped(Exception):
    """A row cannot be written now, and with it none."""

    def __init__(self, row):
        super().__init__(row.number)
        self.row = row


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
    lifecycle.finish(one, ImportState.CHECKED, by=actor, **_feedback(one, lambda: table))


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


def _feedback(one, read):
    """The user's own table with what is wrong in it, where anything is; `read` is asked for the table then only."""
    wrong = dict(one.rows.filter(outcome=Outcome.WRONG).values_list("number", "errors"))
    store.remove(one.feedback_name)
    if not wrong:
        return {"feedback_name": ""}
    name, _digest = store.put(workbooks.marked(read(), wrong), "xlsx")
    return {"feedback_name": name}


# --- writing ------------------------------------------------------------------------------------------------------


def _run(one, spec, actor):
    """Write what is not yet written: all rows in one transaction, so that all are there or none is; the good ones alone
    batch after batch."""
    judge = Judge(spec, one.mapping, actor)
    if one.good_only:
        while _next_batch(one, spec, judge, actor):
            pass
        _done(one, spec, actor)
        return
    try:
        with transaction.atomic():
            # The lock on the import is held to the end: no other worker takes it, however long that is.
            while _next_batch(one, spec, judge, actor):
                progress.tell(one.pk, one.done)
            _done(one, spec, actor)
    except _Stopped as stopped:
        with transaction.atomic():
            _stop(one, spec, stopped.row, actor)


def _done(one, spec, actor):
    lifecycle.finish(one, ImportState.DONE, by=actor, **_feedback(one, lambda: _table(one, spec, actor)))


def _stop(one, spec, row, actor):
    """Nothing of the import stays, because a rule refuses this row now; the row says why."""
    lifecycle.renewed(one, done=0, written=one.rows.filter(is_written=True).count())
    row.is_written, row.is_created, row.object_id, row.before, row.seen = False, False, None, {}, ""
    _keep([row])
    lifecycle.renewed(one, **_feedback(one, lambda: _table(one, spec, actor)))
    text = _("第 %(row)d 行未能写入，本次没有写入任何内容：%(reason)s 请改好后重新上传。")
    lifecycle.give_up(one, text % {"row": row.number, "reason": said(row.errors)}, by=actor)


def _next_batch(one, spec, judge, actor) -> bool:
    """Write the next rows, with their count and the renewed lease; whether there were any. Raises _Stopped."""
    with transaction.atomic():
        lifecycle.renewed(one)
        waiting = one.rows.filter(outcome__in=TO_WRITE, is_written=False)
        batch = list(waiting.order_by("number")[:WRITTEN_AT_ONCE])
        if not batch:
            return False
        judge.prepare(row.cells for row in batch)
        through = _write_new(spec, judge, batch, actor)
        for row in batch:
            if row.number not in through:
                _write(spec, judge, row, actor)
        stopped = next((row for row in batch if row.outcome == Outcome.WRONG), None)
        if stopped is not None and not one.good_only:
            raise _Stopped(stopped)
        _keep(batch)
        written = sum(row.is_written for row in batch)
        lifecycle.renewed(one, done=one.done + len(batch), written=one.written + written)
        return True


def _keep(rows):
    """Write what became of rows, in one statement."""
    columns = {name: ImportRow._meta.get_field(name).db_type(connection) for name in ("id", *_WRITTEN)}
    told = [{name: getattr(row, name) for name in columns} for row in rows]
    sets, typed = ", ".join(f"{name} = now.{name}" for name in _WRITTEN), ", ".join(map(" ".join, columns.items()))
    statement = f"UPDATE {ImportRow._meta.db_table} AS kept SET {sets} FROM jsonb_to_recordset(%s::jsonb) AS now({typed}) WHERE kept.id = now.id"  # noqa: S608, E501 - the model's own names
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(told, ensure_ascii=False, default=str)])


_WRITTEN = ["outcome", "errors", "changes", "is_written", "is_created", "object_id", "before", "seen"]


def _write_new(spec, judge, batch, actor) -> set[int]:
    """Write the new records among the rows at once through the register; answers the numbers of these rows. Where one
    of them cannot be written none is: then each row is written, or refused, by itself."""
    register = spec.register
    if register.save_many is None or register.versions is None:
        return set()
    verdicts = [(row, judge.judge(row.number, row.cells, alone=True)) for row in batch if judge.is_new(row.cells)]
    new = [(row, verdict.entry) for row, verdict in verdicts if verdict.outcome == Outcome.NEW]
    try:
        with transaction.atomic():
            saved = register.save_many([entry for _row, entry in new], by=actor)
    except (Refused, ValidationError, IntegrityError):
        return set()
    seen = register.versions(saved)
    for (row, _entry), obj in zip(new, saved, strict=True):
        row.outcome, row.errors, row.changes, row.before = Outcome.NEW, {}, [], {}
        row.is_written, row.is_created, row.object_id, row.seen = True, True, obj.pk, seen[obj.pk]
    return {row.number for row, _entry in new}


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
