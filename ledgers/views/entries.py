"""Pages of an entry, and a ledger's list as a workbook."""

import io

from django.contrib import messages
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.records import version
from audit.registers import attempt_change, history
from core import clock, workdays
from core.answers import answer_status, attempt, demand, get_or_404
from core.held import held_data
from core.transitions import Refused
from enterprises.views.deeds import deed, typed
from enterprises.views.records import link
from exchange.responses import bytes_response
from exchange.writer import Column, TooManyRows, head_lines, write_table
from ledgers import perms, values
from ledgers.enums import FieldType
from ledgers.forms.entries import ArchiveForm, EntryForm, MoveForm, ReasonForm
from ledgers.lifecycle import entries
from ledgers.models import LedgerEntry
from ledgers.querysets import filling
from ledgers.tables import EntryTable, cell
from ledgers.views.ledgers import GET_OR_POST, ledger_of


def _entry(request, pk) -> LedgerEntry:
    rows = LedgerEntry.objects.visible_to(request.actor).marked(request.actor)
    return get_or_404(rows.select_related("ledger__region", "status", "enterprise__region", "region"), pk)


def _kept(request, pk) -> LedgerEntry:
    entry = _entry(request, pk)
    demand(perms.keep_entry(entry, request.actor))
    return entry


@require_safe
def entry_detail(request, pk):
    entry = _entry(request, pk)
    facts = []
    for one in entry.ledger.all_fields:
        told = cell(entry, one)
        if one.retired_on and told == "—":
            continue
        label = _("%(label)s（已停用）") % {"label": one.heading} if one.retired_on else one.heading
        url = link(entry.enterprise, request.actor) if one.type == FieldType.ENTERPRISE else None
        facts.append({"label": label, "value": told, "url": url})
    keeps = perms.keep_entry(entry, request.actor) is None
    left = entry.due_on and workdays.current(entry.region.path).remaining(entry.due_on, clock.today())
    context = {
        "entry": entry, "ledger": entry.ledger, "title": entry.named(entry.may_fill), "facts": facts, "keeps": keeps,
        "days_left": left, "light": "red" if entry.due_on and entry.due_on < clock.today() else "",
        "events": history(entry) if keeps else [],
    }  # fmt: skip
    return render(request, "ledgers/entry_detail.html", context)


@require_http_methods(GET_OR_POST)
def entry_create(request, pk):
    ledger = ledger_of(request, pk)
    demand(perms.fill(ledger, request.actor))
    form = EntryForm(_posted(request, ledger), ledger=ledger, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, lambda: entries.add_entry(ledger, by=request.actor, **form.given))
        if saved is not None:
            messages.success(request, _("已登记，第 %(number)d 号。") % {"number": saved.number})
            return redirect(saved)
    return _form_page(request, ledger, form, reverse("ledgers:ledger_detail", args=[pk]))


@require_http_methods(GET_OR_POST)
def entry_edit(request, pk):
    entry = _kept(request, pk)
    form = EntryForm(
        _posted(request, entry.ledger), ledger=entry.ledger, actor=request.actor, entry=entry,
        initial={"version": version(entry)},
    )  # fmt: skip
    changes = []
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"] or None
        saved, changes = attempt_change(
            form, entry, lambda: entries.change_entry(entry, by=request.actor, seen=seen, **form.given)
        )
        if saved:
            messages.success(request, _("记录已保存。"))
            return redirect(saved)
    return _form_page(request, entry.ledger, form, reverse("ledgers:entry_detail", args=[pk]), entry, changes)


def _posted(request, ledger):
    """What was typed; nothing of a ledger of persons is kept through a sign-in."""
    if request.method == "POST":
        return request.POST
    return None if ledger.personal else held_data(request)


def _form_page(request, ledger, form, back, entry=None, changes=()):
    context = {
        "ledger": ledger, "form": form, "cancel_url": back, "changes": changes, "entry": entry,
        "title": entry.named(entry.may_fill) if entry else "",
        # The browser keeps no draft of personal data.
        "draft_key": "" if ledger.personal else f"ledgerentry-{entry.pk if entry else f'new-{ledger.pk}'}",
    }  # fmt: skip
    return render(request, "ledgers/entry_form.html", context, status=answer_status(request, form))


@require_http_methods(GET_OR_POST)
def entry_move(request, pk):
    entry = _kept(request, pk)
    form = MoveForm(typed(request), entry=entry, initial={"version": version(entry)})
    return _deed(request, entry, form, entries.move_entry, _("改变状态"), _("状态已改变。"))


@require_http_methods(GET_OR_POST)
def entry_archive(request, pk):
    entry = _kept(request, pk)
    form = ArchiveForm(typed(request), initial={"version": version(entry)})
    return _deed(request, entry, form, entries.archive_entry, _("作废记录"), _("记录已作废。"))


def _deed(request, entry, form, act, title, done):
    def run():
        given = dict(form.cleaned_data)
        return act(entry, by=request.actor, seen=given.pop("version") or None, **given)

    return deed(
        request, form=form, versioned=entry, act=run, done=lambda: done, title=title,
        back=reverse("ledgers:entry_detail", args=[entry.pk]), crumb=entry.named(entry.may_fill),
        key=f"ledgerentry-{entry.pk}-{request.resolver_match.url_name}",
    )  # fmt: skip


def _workbook(request, ledger, table, rows, own: bool):
    """The rows as an Excel file; personal columns only where `own`, and then only of entries that the person fills."""
    fields = [one for one in ledger.living_fields if own or not one.personal]
    labels = [
        _("序号"),
        *(one.heading for one in fields),
        _("状态"),
        _("状态日期"),
        _("期限"),
        _("登记日期"),
        _("所在区域"),
    ]
    shown = rows.select_related("status", "enterprise", "region").defer("words", "own_words").order_by("-pk")

    def lines():
        for row in shown.iterator(chunk_size=2000):
            days = [row.status.name, row.status_on.isoformat(), row.due_on and row.due_on.isoformat()]
            yield [
                str(row.number), *(values.in_words(row, one) for one in fields), *days, row.entered_on.isoformat(),
                row.region.name,
            ]  # fmt: skip

    head = head_lines(
        title=ledger.name, scope=request.actor.place, conditions=table.form.in_words(), as_of=clock.now(),
        user=request.actor.name,
    )  # fmt: skip
    buffer = io.BytesIO()
    count = write_table(buffer, ledger.name, [Column(label) for label in labels], lines(), head)
    return count, bytes_response(buffer.getvalue(), f"{ledger.name}_{clock.today():%Y%m%d}.xlsx")


@require_safe
def entry_export(request, pk):
    """The list as filtered, without personal columns."""
    ledger = ledger_of(request, pk)
    table = EntryTable(ledger, request.actor, request.GET)
    try:
        return _workbook(request, ledger, table, table.rows, own=False)[1]
    except TooManyRows as error:
        return HttpResponseBadRequest(str(error), content_type="text/plain; charset=utf-8")


@require_http_methods(GET_OR_POST)
def entry_take_out(request, pk):
    """The entries that the person fills, personal columns too, once the reason is in the trail."""
    ledger = ledger_of(request, pk)
    demand(_may_take_out(ledger, request.actor))
    table = EntryTable(ledger, request.actor, request.GET)
    rows = table.rows.filter(filling(request.actor))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count, answer = _workbook(request, ledger, table, rows, own=True)
            entries.note_export(
                ledger, reason=form.cleaned_data["reason"], count=count, conditions=table.form.in_words(),
                by=request.actor,
            )  # fmt: skip
        except (Refused, TooManyRows) as error:
            form.add_error(None, str(error))
        else:
            return answer
    context = {
        "ledger": ledger, "form": form, "count": rows.order_by().count(), "words": table.form.in_words(),
        "back": f"{reverse('ledgers:ledger_detail', args=[pk])}?{request.GET.urlencode()}",
    }  # fmt: skip
    return render(request, "ledgers/take_out.html", context, status=answer_status(request, form))


def _may_take_out(ledger, actor):
    refusal = perms.fill(ledger, actor)
    return refusal if refusal and refusal.code == "not_filler" else None
