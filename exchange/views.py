"""Pages of the import wizard: choose and upload, name the columns, look, import, undo."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit import trail
from core import clock
from core.answers import answer_status, demand, get_or_404
from core.transitions import Refused
from exchange import lifecycle, store
from exchange.enums import ImportState, Outcome
from exchange.forms import MappingForm, UploadForm
from exchange.imports import declarations, progress, workbooks
from exchange.models import Import
from exchange.reader import Unreadable
from exchange.responses import bytes_response, file_response

PAGE = 30
ROWS_SHOWN = 50
TONES = {
    ImportState.DONE: "green",
    ImportState.FAILED: "red",
    ImportState.UNDONE: "grey",
    ImportState.UPLOADED: "yellow",
    ImportState.CHECKED: "yellow",
}
OUTCOME_TONES = {Outcome.NEW: "green", Outcome.CHANGED: "blue", Outcome.SAME: "grey", Outcome.WRONG: "red"}
QUIET_SECONDS = 20


@require_GET
def import_list(request):
    """All imports this person may see, newest first, with the form for a new one."""
    demand(declarations.may_import(request.actor))
    return _list_page(request, UploadForm())


@require_POST
def import_create(request):
    """Keep the file and go to its columns."""
    demand(declarations.may_import(request.actor))
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        spec = declarations.find(form.cleaned_data["register"])
        try:
            return redirect(lifecycle.upload(spec, file, file.name, by=request.actor))
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
        except Refused as refused:
            form.add_error(None, str(refused.refusal.sentence))
    return _list_page(request, form)


def _list_page(request, form):
    found = Import.objects.visible_to(request.actor).select_related("created_by")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found.order_by("-pk")[: PAGE + 1])
    address = reverse("exchange:list")
    for row in rows:
        row.title, row.tone = _title(row), TONES.get(row.state, "blue")
    context = {
        "form": form,
        "templates": [
            (one.title, reverse("exchange:register_template", args=[one.code])) for one in declarations.offered()
        ],
        "page": {
            "rows": rows[:PAGE],
            "previous_url": address if before else "",
            "next_url": f"{address}?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        },
    }
    return render(request, "exchange/list.html", context, status=answer_status(request, form))


def _title(one):
    """The register's name; its code where it is imported no longer."""
    try:
        return declarations.find(one.register).title
    except LookupError:
        return one.register


@require_GET
def import_template(request, code):
    """The template of a register, with the choices that this person may use."""
    demand(declarations.may_import(request.actor))
    try:
        spec = declarations.find(code)
    except LookupError:
        raise Http404 from None
    content = workbooks.template(spec, spec.form(request.actor))
    return bytes_response(content, _("%(register)s导入模板.xlsx") % {"register": spec.title})


@require_GET
def import_detail(request, pk):
    """One import where it stands: its columns, its progress, its preview, its result."""
    return _detail_page(request, _import_or_404(request, pk))


def _detail_page(request, one, mapping=None):
    counts = dict(one.rows.order_by().values_list("outcome").annotate(Count("pk")))
    wanted = request.GET.get("show", "")
    wanted = wanted if wanted in Outcome.values and counts.get(wanted) else _first_shown(counts)
    at_columns = one.state in (ImportState.UPLOADED, ImportState.CHECKED)
    if at_columns and mapping is None:
        mapping = _mapping_form(request, one)
    deeds = {name: lifecycle.may(name, one, request.actor) for name in ("run", "run_good", "undo")}
    context = {
        "one": one,
        "title": _title(one),
        "tone": TONES.get(one.state, "blue"),
        "job": _job(one),
        "mapping": mapping if at_columns else None,
        "shown_columns": [(place, one.labels[int(place)]) for place in sorted(one.mapping, key=int)],
        "tabs": _tabs(one, counts, wanted),
        "rows": _rows(one, wanted),
        "shown": ROWS_SHOWN,
        "hidden": max(0, counts.get(wanted, 0) - ROWS_SHOWN),
        "counts": counts,
        "new": counts.get(Outcome.NEW, 0) + counts.get(Outcome.CHANGED, 0),
        "wrong": counts.get(Outcome.WRONG, 0),
        "deeds": deeds,
        "states": ImportState,
    }
    return render(request, "exchange/detail.html", context, status=answer_status(request, mapping) if mapping else 200)


def _first_shown(counts):
    order = (Outcome.WRONG, Outcome.NEW, Outcome.CHANGED, Outcome.SAME)
    return next((outcome for outcome in order if counts.get(outcome)), "")


def _mapping_form(request, one, data=None):
    spec = _spec_or_404(one)
    return MappingForm(data, one=one, spec=spec, form=spec.form(request.actor))


def _tabs(one, counts, wanted):
    return [
        {
            "label": outcome.label,
            "url": f"{one.get_absolute_url()}?show={outcome.value}",
            "count": counts.get(outcome, 0),
            "active": outcome == wanted,
        }
        for outcome in Outcome
    ]


def _rows(one, wanted):
    """The first rows of one outcome, with the cells of the columns that are imported."""
    places = sorted(one.mapping, key=int)
    shown = []
    for row in one.rows.filter(outcome=wanted).order_by("number")[:ROWS_SHOWN] if wanted else ():
        cells = [row.cells[int(place)] if int(place) < len(row.cells) else None for place in places]
        shown.append(
            {
                "number": row.number,
                "label": row.get_outcome_display(),
                "tone": OUTCOME_TONES[row.outcome],
                "cells": [
                    {"label": one.labels[int(place)], "value": cell, "errors": row.errors.get(place, [])}
                    for place, cell in zip(places, cells, strict=True)
                ],
                "errors": row.errors.get("", []),
                "changes": [
                    _("%(field)s：%(old)s → %(new)s") % {"field": field, "old": old, "new": new}
                    for field, old, new in row.changes
                ],
            }
        )
    return shown


@require_POST
def import_check(request, pk):
    """Have the rows judged with the columns as chosen."""
    one = _import_or_404(request, pk)
    mapping = _mapping_form(request, one, request.POST)
    if mapping.is_valid():
        try:
            lifecycle.check(one, mapping.chosen, by=request.actor)
            return redirect(one)
        except Refused as refused:
            mapping.add_error(None, str(refused.refusal.sentence))
    if one.state not in (ImportState.UPLOADED, ImportState.CHECKED):
        messages.error(request, " ".join(mapping.non_field_errors()))
        return redirect(one)
    return _detail_page(request, one, mapping)


@require_POST
def import_run(request, pk):
    """Write the rows; with `good_only` those without errors."""
    one = _import_or_404(request, pk)
    try:
        lifecycle.run(one, good_only=request.POST.get("good_only") == "1", by=request.actor)
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
    return redirect(one)


@require_GET
def import_progress(request, pk):
    """The progress card alone; once the work is done the whole page is asked for anew."""
    one = _import_or_404(request, pk)
    response = render(request, "components/job.html", {"job": _job(one)})
    if not one.is_at_work:
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request, pk):
    """Ask whether all that was written is to be taken back, and have it done."""
    one = _import_or_404(request, pk)
    if request.method == "POST":
        try:
            lifecycle.undo(one, by=request.actor)
        except Refused as refused:
            messages.error(request, str(refused.refusal.sentence))
        return redirect(one)
    refusal = lifecycle.may("undo", one, request.actor)
    if refusal:
        messages.error(request, str(refusal.sentence))
        return redirect(one)
    return render(request, "exchange/undo.html", {"one": one, "title": _title(one)})


@require_GET
def import_marked(request, pk):
    """The user's own table with what is wrong in it."""
    one = _import_or_404(request, pk)
    if not one.feedback_name:
        raise Http404
    try:
        stored = store.open_stored(one.feedback_name)
    except FileNotFoundError:
        raise Http404 from None
    name = _("%(name)s（错误说明）.xlsx") % {"name": one.file_name.rpartition(".")[0]}
    trail.record(request.actor, "import.downloaded", one, file=name)
    return file_response(stored, name)


def _import_or_404(request, pk):
    return get_or_404(Import.objects.visible_to(request.actor).select_related("created_by"), pk)


def _spec_or_404(one):
    try:
        return declarations.find(one.register)
    except LookupError:
        raise Http404 from None


def _job(one):
    """What the progress card shows."""
    waited = (clock.now() - one.queued_at).total_seconds()
    done = max(one.done, progress.told(one.pk)) if one.state == ImportState.RUNNING else one.done
    if one.lease is None and waited > QUIET_SECONDS:
        message = _("申请已保存，正在等待后台处理；后台恢复后会自动继续，无需重复申请。")
    elif one.total and done:
        message = _("已处理 %(done)d 行，共 %(total)d 行。") % {"done": done, "total": _target(one)}
    else:
        message = _("正在准备。")
    return {
        "id": f"import-{one.pk}",
        "title": _("处理进度"),
        "running": one.is_at_work,
        "poll_url": reverse("exchange:progress", args=[one.pk]),
        "delay": 1 if waited < 10 else 3,
        "percent": min(99, done * 100 // max(1, _target(one))) if one.is_at_work else 100,
        "message": message,
        "state_label": one.get_state_display(),
        "tone": TONES.get(one.state, "blue"),
    }


def _target(one):
    """How many rows the present work goes through."""
    if one.state == ImportState.RUNNING:
        return one.rows.filter(outcome__in=[Outcome.NEW, Outcome.CHANGED]).count()
    return one.total
