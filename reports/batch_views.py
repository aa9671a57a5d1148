"""Pages of batches: asking, one progress bar, the whole as one zip; and how a county handles its reports."""

import zipfile

from django import forms
from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alliances.models import Region
from audit import trail
from core.actor import Role
from core.answers import answer_status, demand, forbid
from core.transitions import Refused
from exchange.responses import content_disposition
from exchange.structure import from_json
from reports import batches, files, lifecycle, perms
from reports.enums import MADE, FileKind, ReportState
from reports.forms import BatchForm
from reports.models import Report, ReportBatch, ReportPractice
from reports.views import TONES


@require_POST
def batch_create(request):
    """Ask for a batch and go to its page; what is wrong is told on the list."""
    if not request.actor.has(Role.COUNTY_OFFICER):
        forbid(perms.NO_COUNTY)
    form = BatchForm(request.POST, actor=request.actor)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, errors[0])
        return redirect("reports:list")
    region_id, kind = form.cleaned_data["what"]
    region = get_object_or_404(Region.objects.editable_by(request.actor), pk=region_id)
    try:
        batch = batches.request_batch(region, kind, form.cleaned_data["batch_month"], by=request.actor)
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
        return redirect("reports:list")
    return redirect(batch)


@require_GET
def batch_detail(request, pk):
    """One progress bar for all, then each with its state, its page, and why it failed."""
    batch = get_object_or_404(ReportBatch.objects.visible_to(request.actor).select_related("region"), pk=pk)
    items = _items(batch)
    rows = [_row(item, request.actor) for item in items]
    context = {"batch": batch, "rows": rows, "job": _job(batch, items), **batches.progress(items)}
    return render(request, "reports/batch.html", context)


@require_GET
def batch_progress(request, pk):
    """The progress bar alone; once nothing runs any more the page is asked for anew."""
    batch = get_object_or_404(ReportBatch.objects.visible_to(request.actor).select_related("region"), pk=pk)
    job = _job(batch, _items(batch))
    response = render(request, "components/job.html", {"job": job})
    if not job["running"]:
        response["HX-Refresh"] = "true"
    return response


def _items(batch):
    found = batch.items.select_related("report__region", "report__committee")
    return list(found.defer("report__snapshot", "report__made"))


def _job(batch, items):
    told = batches.progress(items)
    return {
        "id": f"batch-{batch.pk}",
        "title": _("生成进度"),
        "running": told["running"] > 0,
        "poll_url": reverse("reports:batch_progress", args=[batch.pk]),
        "delay": 2 if told["total"] < 20 else 5,
        "percent": told["percent"],
        "message": _("共%(total)d份：已生成%(done)d份，未能生成%(failed)d份，正在处理%(running)d份。") % told,
        "state_label": _("生成中") if told["running"] else _("已完成"),
        "tone": "blue" if told["running"] else "yellow" if told["failed"] else "green",
        "files": [],
        "retry_url": "",
    }


def _row(item, actor):
    report = item.report
    can_retry = report and report.state == ReportState.FAILED and lifecycle.may_retry(report, actor) is None
    return {
        "name": item.scope_name,
        "url": report.get_absolute_url() if report else "",
        "state_label": report.get_state_display() if report else ReportState.FAILED.label,
        "tone": TONES[report.state] if report else "red",
        "error": item.error or (report.error if report.state == ReportState.FAILED else ""),
        "retry_url": reverse("reports:retry", args=[report.pk]) if can_retry else "",
    }


# --- the zip ------------------------------------------------------------------------------------------------------


@require_GET
def batch_zip(request, pk):
    """All files of the batch that the asker may read, streamed; what is missing is named in a text file inside."""
    batch = get_object_or_404(ReportBatch.objects.visible_to(request.actor).select_related("region"), pk=pk)
    seen = Report.objects.visible_to(request.actor).filter(state__in=sorted(MADE), batch_items__batch=batch)
    ids = list(seen.order_by("batch_items__pk").values_list("pk", flat=True))
    missing = [str(item) for item in batch.items.all() if item.report_id not in set(ids)]
    trail.record(request.actor, "report.batch_downloaded", batch, count=len(ids))
    response = StreamingHttpResponse(_zipped(ids, missing), content_type="application/zip")
    response["Content-Disposition"] = content_disposition(f"{batch}.zip")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


class _Sink:
    """What the zip writes into: it cannot be sought in, so that the archive goes out as it is made."""

    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)

    def flush(self):
        pass

    def taken(self):
        parts, self.parts = self.parts, []
        return b"".join(parts)


def _zipped(ids, missing):
    """The archive piece by piece, one report in memory at a time. Names are flagged as UTF-8 by `zipfile`."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, pk in enumerate(ids, start=1):
            for name, content in _contents(Report.objects.prefetch_related("files__report").get(pk=pk)):
                if content is None:
                    missing.append(name)
                else:
                    archive.writestr(f"{number:03d} {name}", content)
                yield sink.taken()
        if missing:
            archive.writestr(_("未收入的月报.txt"), "\ufeff" + "\r\n".join(missing))
    yield sink.taken()


def _contents(report):
    """(name, bytes) of each file; None for the file of an issued report that is not what was issued."""
    kept = {file.kind: file for file in report.files.all()}
    for kind in FileKind.values:
        if kind not in kept:
            document = from_json(report.snapshot)
            yield files.name_of(document, report.edition, kind), files.render(document, kind)
            continue
        stored = files.opened(kept[kind])
        if stored is not None:
            with stored:
                yield kept[kind].name, stored.read()
            continue
        content = files.made_again(kept[kind])
        broken = report.is_frozen and not files.is_same(kept[kind], content)
        yield kept[kind].name, None if broken else content


# --- how a county handles its reports -----------------------------------------------------------------------------


class PracticeForm(forms.ModelForm):
    region = forms.ModelChoiceField(Region.objects.none(), label=gettext_lazy("区域"))

    class Meta:
        model = ReportPractice
        fields = ("numbered", "monthly_draft", "committee_drafts")


@require_http_methods(["GET", "HEAD", "POST"])
def practice(request):
    """Numbers and drafts of a county: its officers set them."""
    mine = perms.practised(request.actor)
    region = _chosen(request, mine)
    if region is None:
        demand(perms.may_make_any(request.actor))
        forbid(perms.NO_COUNTY)
    data = request.POST if request.method == "POST" else None
    form = PracticeForm(data, instance=ReportPractice.of(region), initial={"region": region.pk})
    form.fields["region"].queryset = mine
    if request.method == "POST" and form.is_valid():
        batches.set_practice(form.cleaned_data["region"], by=request.actor, **_switches(form))
        messages.success(request, _("已保存。"))
        return redirect(f"{reverse('reports:practice')}?region={region.pk}")
    return render(request, "reports/practice.html", {"form": form}, status=answer_status(request, form))


def _chosen(request, mine):
    """The region that the page is of, else the first."""
    asked = (request.POST or request.GET).get("region", "")
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < 19
    return (mine.filter(pk=int(asked)).first() if is_number else None) or mine.first()


def _switches(form):
    return {name: form.cleaned_data[name] for name in PracticeForm.Meta.fields}
