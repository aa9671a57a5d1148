"""Pages of an entry, and a ledger's list as a workbook."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.records import version
from audit.registers import attempt_change, history
from core import clock, listings, workdays
from core.answers import answer_status, attempt, demand, get_or_404
from core.held import held_data
from core.listings import Asking, Listing
from core.transitions import Refused
from enterprises.views.deeds import deed, typed
from enterprises.views.records import link
from exchange.exports.views import hand_out
from exchange.writer import Column, TooManyRows
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


def _listing(ledger, table, rows, order, own: bool) -> Listing:
    """The rows to be handed out; personal columns only where `own`, and then only of entries that the person fills."""
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

    def lines(found):
        for row in found:
            days = [row.status.name, row.status_on.isoformat(), row.due_on and row.due_on.isoformat()]
            yield [
                str(row.number), *(values.in_words(row, one) for one in fields), *days, row.entered_on.isoformat(),
                row.region.name,
            ]  # fmt: skip

    return Listing(
        title=ledger.name,
        columns=[Column(label) for label in labels],
        rows=rows.select_related("status", "enterprise", "region").defer("words", "own_words").order_by(*order),
        lines=lines,
        conditions=table.form.in_words(),
    )


def entry_listing(asking, pk) -> Listing:
    """The list as filtered, without personal columns."""
    ledger = ledger_of(asking, pk)
    table = EntryTable(ledger, asking.actor, asking.GET)
    return _listing(ledger, table, table.rows, table.order_of(asking.GET), own=False)


entry_export = listings.export(entry_listing)


def own_listing(asking, pk) -> Listing:
    """The entries that the person fills, personal columns too; once out, the reason is in the trail. Raises Refused
    (`reason`)."""
    ledger = ledger_of(asking, pk)
    demand(_may_take_out(ledger, asking.actor))
    entries.reason_of_export(asking.reason)
    table = EntryTable(ledger, asking.actor, asking.GET)
    listing = _listing(ledger, table, table.rows.filter(filling(asking.actor)), table.order_of(asking.GET), own=True)
    listing.note = lambda actor, count: entries.note_export(
        ledger, reason=asking.reason, count=count, conditions=listing.conditions, by=actor
    )
    return listing


def _take_out(request, pk):
    """Ask for the reason, then hand the entries out: a short list at once, a long one by a worker."""
    ledger = ledger_of(request, pk)
    demand(_may_take_out(ledger, request.actor))
    table = EntryTable(ledger, request.actor, request.GET)
    rows = table.rows.filter(filling(request.actor))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asking = Asking(request.actor, request.GET, form.cleaned_data["reason"])
        try:
            return hand_out(request, own_listing(asking, pk), asking)
        except (Refused, TooManyRows) as error:
            form.add_error(None, str(error))
    context = {
        "ledger": ledger, "form": form, "count": rows.order_by().count(), "words": table.form.in_words(),
        "back": f"{reverse('ledgers:ledger_detail', args=[pk])}?{request.GET.urlencode()}",
    }  # fmt: skip
    return render(request, "ledgers/take_out.html", context, status=answer_status(request, form))


entry_take_out = listings.marked(require_http_methods(GET_OR_POST)(_take_out), own_listing)


def _may_take_out(ledger, actor):
    refusal = perms.fill(ledger, actor)
    return refusal if refusal and refusal.code == "not_filler" else None
