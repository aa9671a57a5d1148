"""Pages of a draft and of an issued report: its text, what changed, issuing, withdrawing, verifying."""

import contextlib

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from closing import frozen, places
from core.answers import answer_status, attempt, demand
from core.held import held_data
from core.transitions import Refused
from exchange.structure import from_json
from indicators import scopes
from reports import changes, editing, issuing, paper_forms, reading, screen
from reports.enums import MADE, ReportState, ScopeKind
from reports.models import Report, ReportPractice
from reports.views import report_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def report_edit(request, pk):
    """The text of a draft, a field for each paragraph; bound figures are tokens, and a list says what each is."""
    report = report_or_404(request, pk)
    demand(issuing.may_edit(report, request.actor))
    made, current = issuing.as_made(report), issuing.current(report)
    data = request.POST if request.method == "POST" else held_data(request)
    form = paper_forms.TextForm(data, places=editing.places(made, current), version=report.version)
    bare = []
    if request.method == "POST" and form.is_valid():
        values = {"version": form.cleaned_data["version"], "confirmed": form.cleaned_data["confirmed"]}
        try:
            saved = issuing.save_text(report, form.texts, by=request.actor, **values)
        except Refused as refused:
            form.add_error(None, str(refused.refusal.sentence))
        except ValidationError as error:
            bare = _told(form, error)
        else:
            messages.success(request, _("已保存。以下是与现在的数核对的结果。"))
            return redirect("reports:changes", pk=saved.pk)
    figures = [
        {"number": number, "figure": figure, "href": reading.rows_url(figure), "hint": screen.hint(figure)}
        for number, figure in editing.registry(made, current).items()
    ]
    context = {"report": report, "form": form, "figures": figures, "bare": bare}
    return render(request, "reports/edit.html", context, status=answer_status(request, form))


def _told(form, error):
    """The errors of the text beside their fields; answers the numbers that are bound to nothing."""
    bare = []
    for name, errors in error.error_dict.items():
        for one in errors:
            if one.code == "bare":
                bare = one.messages[0].split("；")
                sentence = _("文中有数字没有绑定指标，请核对后在页末确认为手工填写，或改用已绑定的数字。")
                form.add_error("confirmed", sentence)
            else:
                form.add_error(name if name in form.fields else None, one)
    return bare


@require_GET
def report_changes(request, pk):
    """What changed since the draft was made, what was changed by hand, and what is new since last month's issue."""
    report = _made_or_404(request, pk)
    made, current = issuing.as_made(report), issuing.current(report)
    try:
        fresh = issuing.fresh(report, request.actor)
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
        return redirect(report)
    former = _last_month(report, request.actor)
    context = {
        "report": report,
        "differing": changes.differing(current, fresh),
        "since_draft": changes.between(made, fresh),
        "by_hand": changes.between(made, current),
        "former": former,
        "since_former": changes.between(from_json(former.snapshot), current, months=True) if former else None,
        "editable": issuing.may_edit(report, request.actor) is None,
        "now": fresh.as_of,
    }
    return render(request, "reports/changes.html", context)


def _last_month(report, actor):
    """The report of the month before that was issued and holds."""
    before = (report.month_of - 1).first_day
    issued = Report.objects.visible_to(actor).filter(scope_key=report.scope_key, month=before)
    return issued.filter(state=ReportState.ISSUED).first()


@require_POST
def report_take(request, pk):
    """Take every figure as it is now."""
    report = report_or_404(request, pk)
    demand(issuing.may_edit(report, request.actor))
    form = paper_forms.VersionForm(request.POST)
    if form.is_valid():
        try:
            issuing.take_new(report, by=request.actor, version=form.cleaned_data["version"])
        except Refused as refused:
            messages.error(request, str(refused.refusal.sentence))
        else:
            messages.success(request, _("草稿中的数字已改用现在的数；手工改动的文字保留，请核对其中的比较。"))
    return redirect("reports:changes", pk=report.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def report_restore(request, pk):
    """Back to the text as it was made, after a page that says so."""
    report = report_or_404(request, pk)
    demand(issuing.may_edit(report, request.actor))
    form = paper_forms.VersionForm(request.POST or None, initial={"version": report.version})
    valid = request.method == "POST" and form.is_valid()
    if valid and attempt(form, lambda: issuing.restore(report, by=request.actor, **form.cleaned_data)):
        messages.success(request, _("草稿已恢复为生成时的文字。"))
        return redirect(report)
    return _act(request, report, form, _("恢复原文"), _("恢复为生成时的文字？手工改动的文字不再保留。"), danger=True)


@require_http_methods(["GET", "HEAD", "POST"])
def report_issue(request, pk):
    """Issue a draft: what will happen, what differs from the figures as they are now."""
    report = report_or_404(request, pk)
    demand(issuing.may_issue(report, request.actor))
    if request.method == "POST":
        return _issued(request, report)
    try:
        differing = changes.differing(issuing.current(report), issuing.fresh(report, request.actor))
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
        return redirect(report)
    form = paper_forms.IssueForm(seen=issuing.seal(differing), version=report.version)
    sentence = _("印发后文字、数字和文件不再改动；需要更正时另生成一版印发，或撤回。")
    return _act(request, report, form, _("印发"), sentence, effects=_effects(report), differing=differing)


def _issued(request, report):
    form = paper_forms.IssueForm(request.POST, seen=request.POST.get("seen", ""), version=report.version)
    if not form.is_valid():
        messages.error(request, _("请从本页重新确认印发。"))
        return redirect("reports:issue", pk=report.pk)
    seen = form.cleaned_data["seen"] if form.cleaned_data["keep"] else ""
    try:
        issuing.issue(report, by=request.actor, version=form.cleaned_data["version"], seen=seen)
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
        return redirect("reports:issue", pk=report.pk)
    messages.success(request, _("已印发。页末是本件的指纹，下载时自动核对。"))
    return redirect(report)


def _effects(report):
    """What issuing brings with it, in sentences."""
    told = []
    former = issuing.replaced_by(report)
    if former:
        told.append(_("将替代已印发的第%(edition)d版，旧版标为已被更正版替代。") % {"edition": former.edition})
    if ReportPractice.of(report.region).numbered:
        told.append(_("将按顺序编文号，印在标题之下。"))
    told.append(_closed(report))
    return told


def _closed(report):
    """Whether the month of the report is closed: figures are the live ones in either case."""
    month, place = report.month_of, None
    with contextlib.suppress(LookupError, ValueError):
        place = places.of_scope(scopes.parse(report.scope_key)) if report.scope_kind != ScopeKind.CHAIN else None
    place = place or places.Place(report.region)
    closing = frozen.closing_of(place, month)
    if closing and closing.state == "locked":
        return _("%(month)s已封账；此后的改动印在以后月报的更正表中。") % {"month": month.name}
    return _("%(month)s尚未封账，印发后数据仍可能变动；变动可用“核验”看到。") % {"month": month.name}


@require_http_methods(["GET", "HEAD", "POST"])
def report_withdraw(request, pk):
    """Take an issued report back, with the reason."""
    report = report_or_404(request, pk)
    demand(issuing.may_withdraw(report, request.actor))
    data = request.POST if request.method == "POST" else held_data(request)
    form = paper_forms.WithdrawForm(data or None, initial={"version": report.version})
    valid = request.method == "POST" and form.is_valid()
    if valid and attempt(form, lambda: issuing.withdraw(report, by=request.actor, **form.cleaned_data)):
        messages.success(request, _("已撤回。"))
        return redirect(report)
    sentence = _("撤回后本件仍可查阅，标明已撤回和原因。")
    return _act(request, report, form, _("撤回"), sentence, danger=True)


@require_GET
def report_verify(request, pk):
    """An issued report made again and compared, byte for byte."""
    report = _made_or_404(request, pk)
    if not report.is_frozen:
        messages.info(request, _("印发之后才有指纹可以核验。"))
        return redirect(report)
    try:
        result = issuing.verify(report, request.actor)
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
        return redirect(report)
    words = {
        "same": (_("一致"), "green", _("重新生成的文件与印发的逐字节相同。")),
        "healed": (_("可复原"), "yellow", _("存放的文件丢失或被改动；重新生成的与印发的逐字节相同，下载时自动使用。")),
        "other": (_("生成结果不同"), "yellow", _("存放的文件就是印发的；现在的系统版本由快照生成的字节与它不同。")),
        "lost": (_("不符"), "red", _("存放的文件丢失或被改动，重新生成的也与印发的不同；请从备份中恢复。")),
    }  # fmt: skip
    result["files"] = [(file, *words[how]) for file, how in result["files"]]
    return render(request, "reports/verify.html", {"report": report, **result})


def _made_or_404(request, pk):
    report = report_or_404(request, pk)
    if report.state not in MADE:
        raise Http404
    return report


def _act(request, report, form, title, sentence, **more):
    context = {"report": report, "form": form, "title": title, "sentence": sentence, **more}
    context["cancel_url"] = reverse("reports:detail", args=[report.pk])
    context["draft_key"] = f"report-{report.pk}-withdraw" if "reason" in form.fields else ""
    return render(request, "reports/act.html", context, status=answer_status(request, form))
