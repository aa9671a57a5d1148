"""Annual reports of members: opened for a seat and a year, written, handed in, received."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.sentences import timeline
from core.answers import attempt, demand, get_or_404
from core.clock import today
from core.held import held_data
from exchange.responses import bytes_response
from meetings import duty_papers, perms, yearly
from meetings.enums import ReportState
from meetings.forms import ReasonForm
from meetings.forms.duty import ReceiveForm, ReportForm, ReportOpenForm, VersionedForm
from meetings.lifecycle import duty
from meetings.models import AnnualReport
from meetings.views.duty import _page

reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])


def find_report(request, pk) -> AnnualReport:
    seen = AnnualReport.objects.visible_to(request.actor).values("pk")
    rows = AnnualReport.objects.filter(pk__in=seen)
    return get_or_404(rows.select_related("committee__region", "seat__committee__region", "meeting"), pk)


@require_safe
def annual_detail(request, pk):
    report = find_report(request, pk)
    draft = report.state == ReportState.DRAFT
    context = {
        "report": report,
        "figures": yearly.figures_of(report.seat, report.year) if draft else report.figures,
        "draft": draft,
        "writes": draft and perms.write_report(report.seat, request.actor) is None,
        "receives": report.state == ReportState.SUBMITTED and perms.keep(report.committee, request.actor) is None,
        "events": timeline(report)[:20],
    }
    return render(request, "meetings/annual_detail.html", context)


def _words(**words) -> dict:
    return {"list_url": reverse("meetings:annual_list"), "list_title": _("述职报告"), **words}


@reads_or_posts
def annual_create(request):
    """Choose whose report of which year; one that exists is opened."""
    demand(perms.open_report(request.actor))
    initial = {name: request.GET[name] for name in ("seat", "year") if name in request.GET}
    form = ReportOpenForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        report = attempt(form, lambda: duty.open_report(data["seat"], data["year"], by=request.actor))
        if report is not None:
            return redirect("meetings:annual_detail", report.pk)
    words = _words(title=_("撰写述职报告"), submit=_("打开"), sentence=_("数据由系统取得，您只写文字。"))
    return _page(request, form, words, reverse("meetings:annual_list"))


@reads_or_posts
def annual_edit(request, pk):
    report = find_report(request, pk)
    demand(perms.write_report(report.seat, request.actor))
    initial = {name: getattr(report, name) for name in duty.REPORT} | {"version": report.version}
    form = ReportForm(request.POST or held_data(request), initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: duty.write_report(report, by=request.actor, **form.cleaned_data))
    ):
        messages.success(request, _("述职报告已保存。"))
        return redirect("meetings:annual_detail", pk)
    return _page(request, form, _words(title=_("撰写述职报告"), submit=_("保存")), _back(pk), f"annual-{pk}")


def _back(pk) -> str:
    return reverse("meetings:annual_detail", args=[pk])


@reads_or_posts
def annual_submit(request, pk):
    report = find_report(request, pk)
    demand(perms.write_report(report.seat, request.actor))
    form = VersionedForm(request.POST or None, initial={"version": report.version})
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: duty.submit_report(report, by=request.actor, **form.cleaned_data))
    ):
        messages.success(request, _("述职报告已提交。"))
        return redirect("meetings:annual_detail", pk)
    words = _words(title=_("提交述职报告"), submit=_("提交"), sentence=_("提交后，年度数据固定，文字不能再改。"))
    return _page(request, form, words, _back(pk))


@reads_or_posts
def annual_receive(request, pk):
    report = find_report(request, pk)
    demand(perms.keep(report.committee, request.actor))
    form = ReceiveForm(request.POST or None, report=report, initial={"version": report.version})
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: duty.receive_report(report, by=request.actor, **form.cleaned_data))
    ):
        messages.success(request, _("述职报告已接收。"))
        return redirect("meetings:annual_detail", pk)
    return _page(request, form, _words(title=_("接收述职报告"), submit=_("接收")), _back(pk))


@reads_or_posts
def annual_give_back(request, pk):
    report = find_report(request, pk)
    demand(perms.keep(report.committee, request.actor))
    form = ReasonForm(request.POST or held_data(request), initial={"version": report.version})
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: duty.give_back_report(report, by=request.actor, **form.cleaned_data))
    ):
        messages.success(request, _("述职报告已退回修改。"))
        return redirect("meetings:annual_detail", pk)
    return _page(request, form, _words(title=_("退回述职报告"), submit=_("退回")), _back(pk))


@require_safe
def annual_paper(request, pk):
    report = find_report(request, pk)
    name = _("述职报告-%(year)s-%(person)s.docx") % {"year": report.year, "person": report.seat.person}
    return bytes_response(duty_papers.annual_report(report, today=today()), name)
