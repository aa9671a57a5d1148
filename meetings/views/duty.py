"""Quarterly duty: the roster, one term, its findings, hand-over and sheet."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.sentences import timeline
from core.answers import answer_status, attempt, demand, get_or_404
from core.clock import today
from core.held import held_data
from exchange.responses import bytes_response
from meetings import duty_papers, perms
from meetings.forms.duty import DutyForm, FindingsForm, HandOverForm
from meetings.lifecycle import duty
from meetings.models import Activity, DutyTerm
from meetings.rounds import rounds_of

reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])


def find_term(request, pk) -> DutyTerm:
    rows = DutyTerm.objects.visible_to(request.actor)
    rows = rows.select_related("committee__region", "chain", "department", "enterprise")
    return get_or_404(DutyTerm.objects.filter(pk__in=rows.values("pk")).select_related(
        "committee__region", "chain", "department", "enterprise"), pk)  # fmt: skip


@require_safe
def duty_detail(request, pk):
    term = find_term(request, pk)
    rounds = rounds_of(term, today())
    seen = Activity.objects.visible_to(request.actor).filter(pk__in=[row.pk for row in rounds.rows])
    context = {
        "term": term,
        "rounds": rounds,
        "in_sight": set(seen.values_list("pk", flat=True)),
        "following": duty.following(term),
        "keeps": perms.keep(term.committee, request.actor) is None,
        "writes": perms.keep_duty(term, request.actor) is None and not term.handed_over_on,
        "hand_over_refusal": duty.may_hand_over(term, request.actor),
        "running": term.starts_on <= today() <= term.ends_on,
        "events": timeline(term)[:20],
    }
    return render(request, "meetings/duty_detail.html", context)


@reads_or_posts
def duty_create(request):
    demand(perms.create(request.actor))
    return _set(request, DutyTerm())


@reads_or_posts
def duty_edit(request, pk):
    term = find_term(request, pk)
    demand(perms.keep(term.committee, request.actor))
    return _set(request, term)


def _set(request, term):
    fresh = term.pk is None
    initial = {name: request.GET[name] for name in ("committee", "starts_on") if name in request.GET} if fresh else None
    form = DutyForm(request.POST or held_data(request), actor=request.actor, instance=term, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        version, committee = data.pop("version"), data.pop("committee")
        old = None if fresh else DutyTerm.objects.get(pk=term.pk)
        saved = attempt(
            form,
            lambda: duty.save_term(
                old, by=request.actor, committee=committee, version=None if fresh else version, **data
            ),
        )
        if saved is not None:
            messages.success(request, _("轮值已排定。"))
            return redirect("meetings:duty_detail", saved.pk)
    back = reverse("meetings:duty_list") if fresh else reverse("meetings:duty_detail", args=[term.pk])
    words = {"title": _("安排轮值") if fresh else _("调整轮值"), "submit": _("保存")}
    return _page(request, form, words, back, f"duty-{term.pk or 'new'}")


def _page(request, form, words, back, draft_key=""):
    context = {"form": form, "cancel_url": back, "draft_key": draft_key, **words}
    context.setdefault("list_url", reverse("meetings:duty_list"))
    context.setdefault("list_title", _("季度轮值"))
    return render(request, "meetings/step_form.html", context, status=answer_status(request, form))


@reads_or_posts
def duty_findings(request, pk):
    term = find_term(request, pk)
    demand(perms.keep_duty(term, request.actor))
    initial = {"findings": term.findings, "version": term.version}
    form = FindingsForm(request.POST or held_data(request), initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: duty.note_findings(term, by=request.actor, **form.cleaned_data))
    ):
        messages.success(request, _("调研发现已保存。"))
        return redirect("meetings:duty_detail", pk)
    words = {"title": _("填写调研发现"), "submit": _("保存")}
    return _page(request, form, words, reverse("meetings:duty_detail", args=[pk]), f"duty-findings-{pk}")


@reads_or_posts
def duty_hand_over(request, pk):
    term = find_term(request, pk)
    demand(perms.keep_duty(term, request.actor))
    form = HandOverForm(request.POST or held_data(request), initial={"version": term.version})
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: duty.hand_over(term, by=request.actor, **form.cleaned_data))
    ):
        messages.success(request, _("轮值已交接，可以打印交接单。"))
        return redirect("meetings:duty_detail", pk)
    words = {"title": _("轮值交接"), "submit": _("交接"), "sentence": _("交接后，调研发现和移交事项不能再改。")}
    return _page(request, form, words, reverse("meetings:duty_detail", args=[pk]), f"duty-over-{pk}")


@require_safe
def duty_sheet(request, pk):
    term = find_term(request, pk)
    name = _("轮值交接单-%(quarter)s.docx") % {"quarter": term.quarter.code}
    return bytes_response(duty_papers.hand_over_sheet(term, today=today()), name)
