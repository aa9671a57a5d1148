"""Pages of a ledger: its entries, and its definition."""

import datetime as dt

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.records import version
from audit.registers import history
from core import clock
from core.answers import answer_status, attempt, demand, get_or_404
from core.registers import counted
from enterprises.views.deeds import deed, typed
from ledgers import perms
from ledgers.forms.defining import FieldForm, StatusForm, VersionForm
from ledgers.forms.entries import EntryForm
from ledgers.lifecycle import defining
from ledgers.models import Ledger, LedgerField, LedgerStatus
from ledgers.registers import roles
from ledgers.tables import EntryTable

GET_OR_POST = ("GET", "HEAD", "POST")


def ledger_of(request, pk) -> Ledger:
    return get_or_404(Ledger.objects.visible_to(request.actor).select_related("region", "department"), pk)


@require_safe
def ledger_detail(request, pk):
    """The entries of a ledger under a filter; HTMX gets the results alone."""
    ledger = ledger_of(request, pk)
    table = EntryTable(ledger, request.actor, request.GET)
    part = request.htmx and not request.htmx.boosted
    if part and request.GET.get("count"):
        return render(request, "registers/count.html", {"total": table.rows.order_by().count()})
    if part and request.GET.get("cards"):
        return render(request, "ledgers/cards.html", {"cards": _counts(table)})
    query = request.GET.urlencode()
    refusal = perms.fill(ledger, request.actor)
    fills = Ledger.objects.filled_by(request.actor).filter(pk=ledger.pk).exists()
    context = {
        "ledger": ledger,
        "filter_form": table.form,
        "filtered": bool(table.form.values),
        "page": table.page(request),
        "columns": table.columns,
        "title_sorts": not ledger.title_is_personal,
        "export_url": f"{reverse('ledgers:entry_export', args=[pk])}?{query}",
        "personal_url": f"{reverse('ledgers:entry_take_out', args=[pk])}?{query}" if fills else "",
        "fills": fills,
        "refusal": refusal if fills else None,
        "keeps": perms.keep(ledger, request.actor) is None,
        "fill_words": roles(ledger.fill_roles),
        "see_words": roles(ledger.see_roles),
    }
    # Of a long ledger the page comes first, and its counts in a request of their own.
    asked = request.GET.get("cards") or counted(table.visible.living()) is not None
    if not part and asked:
        context["cards"] = _counts(table)
    return render(request, "ledgers/detail.html#results" if part else "ledgers/detail.html", context)


def _counts(table: EntryTable) -> list[dict]:
    """The living entries in sight: by status, overdue, new this month. Each opens its rows."""
    ledger, day = table.ledger, clock.today()
    address = reverse("ledgers:ledger_detail", args=[ledger.pk])
    rows = table.visible.living().order_by()
    by_status = dict(rows.values_list("status").annotate(n=Count("pk")))
    cards = [
        {"label": one.name, "value": by_status.get(one.pk, 0), "unit": _("条"), "href": f"{address}?status={one.pk}"}
        for one in ledger.statuses.order_by("order", "id")
        if one.retired_on is None or by_status.get(one.pk)
    ]
    month: dt.date = day.replace(day=1)
    sums = rows.aggregate(late=Count("pk", filter=Q(due_on__lt=day)), new=Count("pk", filter=Q(entered_on__gte=month)))
    if any(one.days for one in ledger.living_statuses) or sums["late"]:
        cards.append(
            {"label": _("已超期"), "value": sums["late"], "unit": _("条"), "href": f"{address}?late=1",
             "alert": bool(sums["late"])}
        )  # fmt: skip
    cards.append({"label": _("本月新增"), "value": sums["new"], "unit": _("条")})
    return cards


def _kept(request, pk) -> Ledger:
    ledger = ledger_of(request, pk)
    demand(perms.keep(ledger, request.actor))
    return ledger


@require_safe
def ledger_design(request, pk):
    """The definition: columns and statuses, with the form that comes of them."""
    return _design(request, _kept(request, pk))


def _design(request, ledger, field_form=None, status_form=None, part=""):
    actor = request.actor
    context = {
        "ledger": ledger,
        "fields": ledger.all_fields,
        "statuses": ledger.statuses.order_by("order", "id"),
        "field_form": field_form or FieldForm(actor=actor, instance=LedgerField(ledger=ledger)),
        "status_form": status_form or StatusForm(actor=actor, instance=LedgerStatus(ledger=ledger)),
        "preview": EntryForm(ledger=ledger, actor=actor, prefix="preview"),
        "events": history(ledger),
        "fill_words": roles(ledger.fill_roles),
    }
    bad = field_form or status_form
    status = answer_status(request, bad) if bad else 200
    return render(request, f"ledgers/design.html{part}", context, status=status)


def _add(request, pk, form_class, row_class, act, done, which):
    """Add one row of the definition: HTMX gets the part anew, everybody else the page."""
    ledger = _kept(request, pk)
    form = form_class(request.POST or None, actor=request.actor, instance=row_class(ledger=ledger))
    part = "#definition" if request.htmx and not request.htmx.boosted else ""
    if request.method == "POST" and form.is_valid():
        added = attempt(form, lambda: act(ledger, form.values, by=request.actor))
        if added is not None:
            if part:
                return _design(request, ledger_of(request, pk), part=part)
            messages.success(request, done)
            return redirect("ledgers:ledger_design", pk)
    return _design(request, ledger, part=part, **{which: form})


@require_http_methods(GET_OR_POST)
def field_create(request, pk):
    return _add(request, pk, FieldForm, LedgerField, defining.add_field, _("栏目已增加。"), "field_form")


@require_http_methods(GET_OR_POST)
def status_create(request, pk):
    return _add(request, pk, StatusForm, LedgerStatus, defining.add_status, _("状态已增加。"), "status_form")


def _row(request, model, pk):
    row = get_or_404(model.objects.visible_to(request.actor).select_related("ledger__region"), pk)
    demand(perms.keep(row.ledger, request.actor))
    return row


def _edit(request, pk, model, form_class, act, title, done):
    row = _row(request, model, pk)
    name = str(row)
    form = form_class(typed(request), actor=request.actor, instance=row, initial={"version": version(row)})
    return deed(
        request, form=form, versioned=row, done=lambda: done, title=title, crumb=name,
        act=lambda: act(
            model.objects.get(pk=row.pk), form.values, by=request.actor, seen=form.cleaned_data["version"] or None
        ),
        back=reverse("ledgers:ledger_design", args=[row.ledger_id]), key=f"{model._meta.model_name}-{pk}",
    )  # fmt: skip


@require_http_methods(GET_OR_POST)
def field_edit(request, pk):
    return _edit(request, pk, LedgerField, FieldForm, defining.change_field, _("修改栏目"), _("栏目已修改。"))


@require_http_methods(GET_OR_POST)
def status_edit(request, pk):
    return _edit(request, pk, LedgerStatus, StatusForm, defining.change_status, _("修改状态"), _("状态已修改。"))


def _confirm(request, row, act, *, title, sentence, done, back, danger=True):
    form = VersionForm(request.POST if request.method == "POST" else None, initial={"version": version(row)})
    return deed(
        request, form=form, versioned=row, done=lambda: done, back=back, title=title, crumb=str(row),
        act=lambda: act(row, by=request.actor, seen=form.cleaned_data["version"] or None),
        template="ledgers/confirm.html", sentence=sentence, danger=danger,
    )  # fmt: skip


@require_http_methods(GET_OR_POST)
def field_retire(request, pk):
    row = _row(request, LedgerField, pk)
    return _confirm(
        request, row, defining.retire_field, title=_("停用栏目"), done=_("栏目已停用。"),
        sentence=_("停用后，“%(name)s”不再填写；已填的内容保留，仍可在记录中查看。") % {"name": row},
        back=reverse("ledgers:ledger_design", args=[row.ledger_id]),
    )  # fmt: skip


@require_http_methods(GET_OR_POST)
def status_retire(request, pk):
    row = _row(request, LedgerStatus, pk)
    return _confirm(
        request, row, defining.retire_status, title=_("停用状态"), done=_("状态已停用。"),
        sentence=_("停用后，记录不能再改为“%(name)s”；已在这一状态的记录不变。") % {"name": row},
        back=reverse("ledgers:ledger_design", args=[row.ledger_id]),
    )  # fmt: skip


@require_http_methods(GET_OR_POST)
def ledger_retire(request, pk):
    """Out of use, or in use again."""
    ledger = _kept(request, pk)
    back = reverse("ledgers:ledger_detail", args=[pk])
    if ledger.retired_on:
        return _confirm(
            request, ledger, defining.resume_ledger, title=_("恢复使用"), done=_("台账已恢复使用。"), back=back,
            sentence=_("恢复后，“%(name)s”可以再登记记录。") % {"name": ledger}, danger=False,
        )  # fmt: skip
    return _confirm(
        request, ledger, defining.retire_ledger, title=_("停用台账"), done=_("台账已停用。"), back=back,
        sentence=_("停用后，“%(name)s”不再登记新的记录；已有的记录保留，可以继续办理。") % {"name": ledger},
    )  # fmt: skip
