"""Pages of the monthly report: list and form, one report with its progress, downloads."""

import hashlib

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit import trail
from core import clock
from core.actor import Role
from core.transitions import Refused
from exchange.official.body import chinese_date
from exchange.responses import bytes_response, file_response
from exchange.structure import from_json
from reports import editing, files, lifecycle, perms, screen
from reports.enums import MADE, FileKind, ReportState
from reports.forms import BatchForm, ReportForm
from reports.models import Report, ReportBatch, ReportFile

PAGE = 30
BATCHES = 5  # the newest, on the list
TONES = {
    ReportState.QUEUED: "grey",
    ReportState.RUNNING: "blue",
    ReportState.DONE: "yellow",
    ReportState.ISSUED: "green",
    ReportState.SUPERSEDED: "grey",
    ReportState.WITHDRAWN: "grey",
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
    found = Report.objects.visible_to(request.actor).select_related("requested_by").defer("snapshot", "made")
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
    context = {"page": page, "form": form, "refusal": refusal, "batch_form": None, "batches": []}
    if request.actor.has(Role.COUNTY_OFFICER):
        context["batch_form"] = BatchForm(actor=request.actor)
    context["batches"] = ReportBatch.objects.visible_to(request.actor).select_related("region")[:BATCHES]
    return render(request, "reports/list.html", context)


def _row(report):
    return {
        "url": report.get_absolute_url(),
        "scope": report.scope_name,
        "month": report.period.name,
        "edition": report.edition,
        "state_label": report.get_state_display(),
        "tone": TONES[report.state],
        "progress": report.progress if report.is_unfinished else None,
        "by": report.asked_by,
        "at": report.created_at,
        "number": report.number,
        "fingerprint": report.fingerprint,
        "files": _files(report) if report.state in MADE else [],
    }


@require_GET
def report_detail(request, pk):
    """One report: its progress while it is made, then its text with every figure open, and its files."""
    report = report_or_404(request, pk)
    document = from_json(report.snapshot) if report.snapshot and report.state in MADE else None
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
            **deeds(report, request.actor),
        },
    )


def deeds(report, actor):
    """What may be done with a finished report, for its page: links where allowed, else why not."""
    if report.state not in MADE:
        return {}
    keeps = perms.may_keep(report, actor) is None
    return {
        "editable": keeps and report.is_draft,
        "withdrawable": keeps and report.state == ReportState.ISSUED,
        "verifiable": keeps and report.is_frozen,
        "fingerprint": [report.fingerprint[at : at + 8] for at in range(0, 64, 8)] if report.fingerprint else [],
        "typed": from_json(report.snapshot).meta.get(editing.TYPED, ()) if report.snapshot else (),
    }


@require_GET
def report_progress(request, pk):
    """The progress card alone; once the report is finished the whole page is asked for anew."""
    report = report_or_404(request, pk)
    response = render(request, "components/job.html", {"job": _job(report, request.actor)})
    if not report.is_unfinished:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def report_retry(request, pk):
    """Try a failed report again."""
    report = report_or_404(request, pk)
    try:
        lifecycle.retry(report, by=request.actor)
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
    return redirect(report)


@require_GET
def report_download(request, pk, kind):
    """A file of a finished report as an attachment; every download is in the trail.

    The file of an issued report goes out only when it is the one that was issued: what does not bear out its
    fingerprint, and cannot be made again so that it does, is kept back."""
    file = ReportFile.objects.visible_to(request.actor).select_related("report").filter(report=pk, kind=kind).first()
    if file is None:
        return _draft_file(request, pk, kind)
    stored = files.opened(file)
    if stored is not None:
        _note_download(request, file.report, file.name, file.sha256)
        return file_response(stored, file.name)
    content = files.made_again(file)
    if file.report.is_frozen and not files.is_same(file, content):
        messages.error(request, _("这份文件与印发时的指纹不符，不能下载。请打开“核验”查看，并从备份中恢复文件。"))
        return redirect(file.report)
    _note_download(request, file.report, file.name, file.sha256)
    return bytes_response(content, file.name)


def _draft_file(request, pk, kind):
    """The file of a draft whose text was changed since its files were made: from the text as it stands."""
    report = report_or_404(request, pk)
    if not report.is_draft or kind not in FileKind.values:
        raise Http404
    document = from_json(report.snapshot)
    content, name = files.render(document, kind), files.name_of(document, report.edition, kind)
    _note_download(request, report, name, hashlib.sha256(content).hexdigest())
    return bytes_response(content, name)


def _note_download(request, report, name, digest):
    trail.record(request.actor, "report.downloaded", report, file=name, sha256=digest)


def report_or_404(request, pk):
    found = Report.objects.visible_to(request.actor).prefetch_related("files")
    report = found.select_related("region", "committee", "requested_by", "issued_by").filter(pk=pk).first()
    if report is None:
        raise Http404
    return report


def _files(report):
    """The files of a report as links; those of a changed draft are made when they are asked for."""
    kept = {file.kind: file for file in report.files.all()}
    return [
        {
            "name": kept[kind].name if kind in kept else "",
            "url": reverse("reports:download", args=[report.pk, kind]),
            "size": kept[kind].size if kind in kept else None,
            "by": "",
            "at": kept[kind].created_at if kind in kept else None,
            "label": "Word" if kind == FileKind.WORD else "Excel",
            "sha256": kept[kind].sha256 if kind in kept else "",
            "icon": "file-text" if kind == FileKind.WORD else "table",
        }
        for kind in FileKind.values
        if kind in kept or report.is_draft
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
        "files": _files(report) if report.state in MADE else [],
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
