"""A step on many entries: picking, preview, progress and result."""

from django.contrib import messages
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.answers import BIGGEST_ID, demand, get_or_404
from core.held import held_data
from core.transitions import Refused
from exchange.exports.views import at_once
from problems import bulk, saved_views, tasks, workbooks
from problems.actions import ACTIONS
from problems.enums import BulkResult, BulkState, BulkStep
from problems.filters import ProblemFilter
from problems.forms.bulk import BULK_FORMS
from problems.models import BulkRun

LISTED = 200
TONES = {BulkState.DRAFT: "grey", BulkState.RUNNING: "blue", BulkState.DONE: "green"}
LONGEST_FILTER = 2000


@require_POST
def prepare(request):
    """What was picked in the list (or all of its filter): a file at once, or the preview of a step."""
    demand(bulk.may(request.actor))
    asked = QueryDict(request.POST.get("filter", "")[:LONGEST_FILTER])
    back = f"{reverse('problems:list')}?{asked.urlencode()}"
    ids = [int(one) for one in request.POST.getlist("row") if one.isascii() and one.isdigit() and len(one) < 19]
    everything = request.POST.get("all") == "1"
    if not everything and not ids:
        messages.warning(request, _("请先勾选事项，或选“按当前条件的全部”。"))
        return redirect(back)
    chosen = ProblemFilter(asked, request.actor)
    picked = [] if everything else [one for one in ids if one <= BIGGEST_ID]
    if request.POST.get("step") == "export":
        return _file(request, asked, chosen, picked)
    if request.POST.get("step") not in BulkStep.values:
        return redirect(back)
    try:
        run = bulk.prepare(request.POST["step"], chosen, picked, by=request.actor)
    except Refused as refused:
        messages.warning(request, refused.refusal.sentence)
        return redirect(back)
    return redirect("problems:bulk_run", pk=run.pk)


def _file(request, asked, chosen, picked):
    if not picked:
        # All of the filter, however long: the list's own export knows what to do.
        return redirect(f"{reverse('problems:export')}?{asked.urlencode()}")
    offer = saved_views.Offer.to(request.actor)
    keys = offer.columns(offer.by_key(asked.get(saved_views.PARAMETER, "")))
    return at_once(workbooks.listing(chosen, keys, picked), request.actor)


def _own(request, pk: int) -> BulkRun:
    return get_or_404(BulkRun.objects.visible_to(request.actor), pk)


@require_http_methods(["GET", "POST"])
def run(request, pk: int):
    """The preview with the step's form; after confirming, the progress and what came of each entry."""
    batch = _own(request, pk)
    form = None
    if batch.state == BulkState.DRAFT:
        paths = batch.items.values_list("problem__region__path", flat=True).distinct()
        lines = [[path[:end] for end in range(4, len(path) + 1, 4)] for path in paths]
        form = BULK_FORMS[batch.step](request.POST or held_data(request), lines=lines)
        # A form whose every field may stay empty is sent with its token alone.
        if request.method == "POST" and form.is_valid():
            try:
                begun = bulk.begin(batch, form.cleaned_data, by=request.actor)
            except Refused as refused:
                form.add_error(None, refused.refusal.sentence)
            else:
                _start(begun)
                return redirect("problems:bulk_run", pk=pk)
    elif request.method == "POST":
        messages.info(request, _("这一批已经开始办理。"))
        return redirect("problems:bulk_run", pk=pk)
    return render(request, "problems/bulk_run.html", _context(batch, form))


def _start(batch: BulkRun) -> None:
    """A few at once; many by a worker."""
    if batch.items.filter(result=BulkResult.WAITING).count() <= bulk.DIRECT:
        bulk.work(batch.pk)
    else:
        transaction.on_commit(tasks.wake_bulk)


def _context(batch: BulkRun, form) -> dict:
    items = batch.items.select_related("problem", "problem__enterprise", "problem__region").order_by("id")
    shown = {
        result: list(items.filter(result=result)[:LISTED])
        for result in (BulkResult.CONFLICT, BulkResult.REFUSED, BulkResult.WAITING, BulkResult.DONE)
    }
    found = bulk.numbers(batch)
    groups = [
        {"result": str(result), "label": _label(result, batch), "rows": rows, "count": getattr(found, str(result))}
        for result, rows in shown.items()
    ]
    return {
        "run": batch, "form": form, "numbers": found, "groups": groups, "job": _job(batch, found),
        "meaning": ACTIONS[batch.step].meaning, "is_draft": batch.state == BulkState.DRAFT,
        "draft_key": f"bulk-{batch.pk}", "listed": LISTED,
    }  # fmt: skip


def _label(result, batch: BulkRun):
    return _("将要办理") if batch.state == BulkState.DRAFT and result == BulkResult.WAITING else result.label


def _job(batch: BulkRun, found) -> dict:
    """What the progress card shows."""
    words = {"done": found.total - found.waiting, "total": found.total}
    return {
        "id": f"bulk-{batch.pk}",
        "title": batch.get_step_display(),
        "running": batch.state == BulkState.RUNNING,
        "poll_url": reverse("problems:bulk_progress", args=[batch.pk]),
        "percent": found.percent,
        "message": _("已处理 %(done)d 件，共 %(total)d 件。可以离开本页，办理会继续。") % words
        if batch.state == BulkState.RUNNING
        else _("完成 %(done)d 件，不能办理 %(refused)d 件，期间有变化 %(conflict)d 件。") % vars(found),
        "state_label": batch.get_state_display(),
        "tone": TONES[batch.state],
        "files": [],
        "retry_url": "",
    }


@require_GET
def progress(request, pk: int):
    """The progress card; the page is read again when the run has ended."""
    batch = _own(request, pk)
    response = render(request, "components/job.html", {"job": _job(batch, bulk.numbers(batch))})
    if batch.state != BulkState.RUNNING:
        response["HX-Refresh"] = "true"
    return response
