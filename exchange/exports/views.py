"""The answer of an export's address, and the page of a person's own files."""

import io

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit import trail
from core import clock
from core.answers import demand, get_or_404
from core.listings import Asking, Listing
from core.transitions import Refused
from exchange.enums import ExportFormat, ExportState
from exchange.exports import doors, files, lifecycle
from exchange.models import Export
from exchange.responses import bytes_response, file_response
from exchange.writer import TooManyRows

PAGE = 30
TONES = {ExportState.DONE: "green", ExportState.FAILED: "red", ExportState.EXPIRED: "grey"}
QUIET_SECONDS = 20


def answer(request, build, arguments):
    """A short list as a file at once; for a long one a page that hands it over to a worker."""
    query = request.GET.copy()
    kind = (query.pop(doors.FORMAT, None) or [""])[-1]
    kind = kind if kind in ExportFormat.values else ExportFormat.XLSX
    listing = build(Asking(request.actor, query), **arguments)
    if listing.is_longer_than(settings.EXPORT_DIRECT_ROWS):
        context = {
            "listing": listing,
            "address": f"{request.path}?{query.urlencode()}",
            "kind": kind,
            "formats": ExportFormat.choices,
            "most": settings.EXPORT_DIRECT_ROWS,
            "hours": settings.EXPORT_KEPT_HOURS,
        }
        return render(request, "exchange/exports/ask.html", context)
    try:
        return at_once(listing, request.actor, kind)
    except TooManyRows as error:
        # Only where the setting lets lists through that no sheet can hold.
        messages.error(request, str(error))
        return redirect("exports:list")


def hand_out(request, listing: Listing, asking: Asking):
    """A list that has a page of its own in front, which asked for the reason: at once, or by a worker. Raises Refused,
    TooManyRows."""
    if not listing.is_longer_than(settings.EXPORT_DIRECT_ROWS):
        return at_once(listing, request.actor)
    path, query = doors.parts_of(request.get_full_path())
    lifecycle.ask(listing, path, query, by=request.actor, kind=ExportFormat.XLSX, reason=asking.reason)
    return redirect("exports:list")


def at_once(listing: Listing, actor, kind: str = ExportFormat.XLSX):
    """The list as an attachment, and its event in the trail. Raises TooManyRows."""
    target = io.BytesIO()
    with transaction.atomic():
        count = files.write(target, listing, actor, kind)
        lifecycle.note(listing, count, by=actor)
    return bytes_response(target.getvalue(), _file_name(listing.title, clock.today(), kind))


def _file_name(title, day, kind):
    return f"{title}_{day:%Y%m%d}.{kind}"


@require_POST
def export_create(request):
    """Have the list of an export's address written by a worker."""
    kind = request.POST.get("format", "")
    kind = kind if kind in ExportFormat.values else ExportFormat.XLSX
    path, query = doors.parts_of(request.POST.get("address", ""))
    try:
        listing = doors.open_list(path, query, request.actor)
        lifecycle.ask(listing, path, query, by=request.actor, kind=kind)
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
    return redirect("exports:list")


@require_GET
def export_list(request):
    """One's own files, newest first."""
    found = Export.objects.visible_to(request.actor)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found.order_by("-pk")[: PAGE + 1])
    address = reverse("exports:list")
    for row in rows:
        row.tone, row.job = TONES.get(row.state, "blue"), _job(row) if row.is_at_work else None
        row.refusal = lifecycle.may_download(row, request.actor) if row.state == ExportState.DONE else None
    context = {
        "page": {
            "rows": rows[:PAGE],
            "previous_url": address if before else "",
            "next_url": f"{address}?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        },
        "hours": settings.EXPORT_KEPT_HOURS,
    }
    return render(request, "exchange/exports/list.html", context)


@require_GET
def export_progress(request, pk):
    """The progress card alone; once the file is made the whole page is asked for anew."""
    one = _own(request, pk)
    response = render(request, "components/job.html", {"job": _job(one)})
    if not one.is_at_work:
        response["HX-Refresh"] = "true"
    return response


@require_GET
def export_download(request, pk):
    """The file, to its owner, while it lasts."""
    one = _own(request, pk)
    demand(lifecycle.may_download(one, request.actor))
    try:
        stored = files.path_of(one.storage_name).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    trail.record(request.actor, "export.downloaded", one)
    return file_response(stored, _file_name(one.title, one.finished_at.astimezone(clock.SHANGHAI), one.format))


@require_POST
def export_discard(request, pk):
    """Take the file away before its time, or stop waiting for it."""
    try:
        lifecycle.discard(_own(request, pk), by=request.actor)
        messages.success(request, _("文件已清除。"))
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
    return redirect("exports:list")


def _own(request, pk) -> Export:
    return get_or_404(Export.objects.visible_to(request.actor), pk)


def _job(one):
    """What the progress card shows."""
    waited = (clock.now() - one.queued_at).total_seconds()
    if one.lease is None and waited > QUIET_SECONDS:
        message = _("申请已保存，正在等待后台处理；后台恢复后会自动继续，无需重复申请。")
    elif one.rows:
        message = _("已写 %(rows)d 行，共 %(total)d 行。") % {"rows": one.rows, "total": one.total}
    else:
        message = _("正在准备。")
    return {
        "id": f"export-{one.pk}",
        "title": one.title,
        "running": one.is_at_work,
        "poll_url": reverse("exports:progress", args=[one.pk]),
        "delay": 1 if waited < 10 else 3,
        "percent": min(99, one.rows * 100 // max(1, one.total)) if one.is_at_work else 100,
        "message": message,
        "state_label": one.get_state_display(),
        "tone": TONES.get(one.state, "blue"),
    }
