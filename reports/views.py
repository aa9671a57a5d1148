"""Pages of the monthly report: list and form, one report with its progress, downloads."""

import hashlib
import io

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from audit import trail
from core import clock
from core.transitions import Refused
from exchange import official
from exchange.official.body import chinese_date
from exchange.responses import bytes_response, file_response
from exchange.structure import from_json
from reports import lifecycle, perms, screen, store, workbook
from reports.enums import FileKind, ReportState
from reports.forms import ReportForm
from reports.models import Report, ReportFile

PAGE = 30
TONES = {
    ReportState.QUEUED: "grey",
    ReportState.RUNNING: "blue",
    ReportState.DONE: "green",
    ReportState.FAILED: "red",
}
# A queued report that nobody took for this long: say that the workers are away.
POLLS = ((1, 8), (2, 30))  # (every so many seconds, during the first so many)
SLOWEST_POLL = 5
QUIET_SECONDS = 20


@require_GET
def report_list(request):
    """All reports this person may read, newest first, with the form for a new one."""
    return _list_page(request, None)


@require_POST
def report_create(request):
    """Queue a report and go to its page; a second click on the same finds the first."""
    form = ReportForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _list_page(request, form)
    try:
        report, new = lifecycle.request_report(form.cleaned_data["scope"], form.cleaned_data["month"], by=request.actor)
    except Refused as refused:
        form.add_error(None, str(refused.refusal.sentence))
        return _list_page(request, form)
    if not new:
        messages.info(request, _("该范围该月份的月报已在生成，进度如下。"))
    return redirect(report)


def _list_page(request, form):
    found = Report.objects.visible_to(request.actor).select_related("requested_by").defer("snapshot")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found.order_by("-pk").prefetch_related("files")[: PAGE + 1])
    address = reverse("reports:list")
    page = {
        "rows": [_row(report) for report in rows[:PAGE]],
        "previous_url": address if before else "",
        "next_url": f"{address}?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
    }
    refusal = perms.may_make_any(request.actor)
    if form is None and refusal is None:
        form = ReportForm(actor=request.actor)
    return render(request, "reports/list.html", {"page": page, "form": form, "refusal": refusal})


def _row(report):
    return {
        "url": report.get_absolute_url(),
        "scope": report.scope_name,
        "month": report.period.name,
        "edition": report.edition,
        "state_label": report.get_state_display(),
        "tone": TONES[report.state],
        "progress": report.progress if report.is_unfinished else None,
        "by": report.requested_by.name,
        "at": report.created_at,
        "files": _files(report) if report.state == ReportState.DONE else [],
    }


@require_GET
def report_detail(request, pk):
    """One report: its progress while it is made, then its text with every figure open, and its files."""
    report = _report_or_404(request, pk)
    document = from_json(report.snapshot) if report.snapshot and report.state == ReportState.DONE else None
    return render(
        request,
        "reports/detail.html",
        {
            "report": report,
            "job": _job(report, request.actor),
            "document": document,
            "title_lines": document.title.split("\n") if document else [],
            "sections": screen.sections(document) if document else [],
            "signed_on": chinese_date(document.signed_on) if document and document.signed_on else "",
            "state_label": report.get_state_display(),
            "tone": TONES[report.state],
        },
    )


@require_GET
def report_progress(request, pk):
    """The progress card alone; once the report is finished the whole page is asked for anew."""
    report = _report_or_404(request, pk)
    response = render(request, "components/job.html", {"job": _job(report, request.actor)})
    if not report.is_unfinished:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def report_retry(request, pk):
    """Try a failed report again."""
    report = _report_or_404(request, pk)
    try:
        lifecycle.retry(report, by=request.actor)
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
    return redirect(report)


@require_GET
def report_download(request, pk, kind):
    """A file of a finished report as an attachment; every download is in the trail."""
    file = get_object_or_404(
        ReportFile.objects.visible_to(request.actor).select_related("report"), report=pk, kind=kind
    )
    stored = _open(file)
    trail.record(request.actor, "report.downloaded", file.report, file=file.name, sha256=file.sha256)
    if stored is not None:
        return file_response(stored, file.name)
    return bytes_response(_made_again(file), file.name)


def _open(file):
    """The stored file, or None when it is gone or is no longer what was written."""
    try:
        stored = store.path_of(file.storage_name).open("rb")
    except (OSError, ValueError):
        return None
    if hashlib.file_digest(stored, "sha256").hexdigest() != file.sha256:
        stored.close()
        return None
    stored.seek(io.SEEK_SET)
    return stored


def _made_again(file):
    """The same bytes from the snapshot, for a file that was lost or altered on the disk."""
    document = from_json(file.report.snapshot)
    with override("zh-hans"):
        return official.render(document) if file.kind == FileKind.WORD else workbook.render(document)


def _report_or_404(request, pk):
    report = Report.objects.visible_to(request.actor).prefetch_related("files").filter(pk=pk).first()
    if report is None:
        raise Http404
    return report


def _files(report):
    return [
        {
            "name": file.name,
            "url": reverse("reports:download", args=[report.pk, file.kind]),
            "size": file.size,
            "by": "",
            "at": file.created_at,
            "label": "Word" if file.kind == FileKind.WORD else "Excel",
            "icon": "file-text" if file.kind == FileKind.WORD else "table",
        }
        for file in report.files.all()
    ]


def _job(report, actor):
    """What the progress card shows."""
    retry = report.state == ReportState.FAILED and lifecycle.may_retry(report, actor) is None
    return {
        "id": f"report-{report.pk}",
        "title": _("生成进度"),
        "running": report.is_unfinished,
        "poll_url": reverse("reports:progress", args=[report.pk]),
        "delay": _delay(report),
        "percent": report.progress,
        "message": _message(report),
        "state_label": report.get_state_display(),
        "tone": TONES[report.state],
        "files": _files(report) if report.state == ReportState.DONE else [],
        "retry_url": reverse("reports:retry", args=[report.pk]) if retry else "",
    }


def _delay(report) -> int:
    """Seconds until the card asks again: soon while it may be done any moment, seldom where it takes long."""
    waited = (clock.now() - report.queued_at).total_seconds()
    return next((delay for delay, until in POLLS if waited < until), SLOWEST_POLL)


def _message(report):
    if report.state == ReportState.FAILED:
        return report.error
    waited = (clock.now() - report.queued_at).total_seconds()
    if report.state == ReportState.QUEUED and waited > QUIET_SECONDS:
        return _("申请已保存，正在等待后台处理；后台恢复后会自动继续，无需重复申请。")
    return report.step
