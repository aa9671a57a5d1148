"""Decisions: one page each, and what happens to them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.sentences import timeline
from core import workdays
from core.answers import answer_status, attempt, demand, forbid, get_or_404
from core.clock import today
from core.held import held_data
from core.transitions import Refused
from meetings import lifecycle, perms
from meetings.enums import TOOK_PLACE, ActState, DecisionState
from meetings.forms import DecisionForm, DoneForm, NoteForm, ReasonForm, linkable, mechanisms_of
from meetings.models import Decision, Meeting
from meetings.views.meetings import find
from problems import prospects
from problems.lifecycle import refusal_for

ABOUT = ("problem__region", "problem__committee", "problem__chain", "item", "act_team", "act_department")
reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])


def find_decision(request, pk) -> Decision:
    """The decision, or 404 where the actor does not see it."""
    rows = Decision.objects.visible_to(request.actor)
    return get_or_404(rows.select_related("meeting", "committee__region", "owner_department", *ABOUT), pk)


@require_safe
def decision_detail(request, pk):
    decision = find_decision(request, pk)
    open_now = decision.state == DecisionState.OPEN
    problem, place = decision.problem, decision.committee.region.path
    context = {
        "decision": decision,
        "light": decision.light(today()),
        "days_left": workdays.current(place).between(today(), decision.due_on) if open_now else None,
        "meeting_visible": Meeting.objects.visible_to(request.actor).filter(pk=decision.meeting_id).exists(),
        "problem_visible": problem and type(problem).objects.visible_to(request.actor).filter(pk=problem.pk).exists(),
        "keeps": perms.keep(decision.committee, request.actor) is None and not lifecycle.unless_filed(decision.meeting),
        "done_refusal": lifecycle.may_finish(decision, request.actor),
        "open": open_now,
        "cancelled": decision.state == DecisionState.CANCELLED,
        "events": timeline(decision)[:20],
        "notes": decision.notes.select_related("noted_by").order_by("-pk"),
        "note_form": NoteForm(held_data(request, reverse("meetings:decision_note", args=[pk])) or None),
        "files": [_file(one) for one in decision.files.select_related("uploaded_by")],
        "act_refusal": lifecycle.may_carry_out(decision, request.actor) if decision.act else None,
        "reports": perms.report_done(decision, request.actor) is None,
        "act_who": _who_acts(decision, request.actor),
        "act_waits": open_now and decision.act_state in (ActState.WAITING, ActState.REFUSED),
        "mechanism": _mechanism(decision),
    }
    return render(request, "meetings/decision_detail.html", context)


def _mechanism(decision) -> str:
    """The mechanism by number and name; by number alone where it no longer holds."""
    code = decision.mechanism_code
    return dict(mechanisms_of(decision.committee)).get(code, code) if code else ""


def _who_acts(decision, actor) -> str:
    """Who can take the step in the ledger, by name of the unit, where the reader may not."""
    if not decision.act or decision.act_state == ActState.DONE or decision.problem is None:
        return ""
    step = lifecycle.step_of(decision)
    refusal = refusal_for(step, decision.problem, actor)
    return prospects.who_can(decision.problem, refusal, step) if refusal else ""


def _file(one) -> dict:
    address = reverse("meetings:decision_file_download", args=[one.pk])
    return {"name": one.name, "url": address, "size": one.size, "by": one.uploaded_by, "at": one.uploaded_at}


@require_POST
def decision_note(request, pk):
    """How far it has come. What is wrong with the text is said on the decision's page."""
    decision = find_decision(request, pk)
    refusal = perms.report_done(decision, request.actor)
    if refusal:
        forbid(refusal)
    form = NoteForm(request.POST)
    if form.is_valid() and attempt(
        form, lambda: lifecycle.note_decision(decision, by=request.actor, text=form.cleaned_data["text"])
    ):
        messages.success(request, _("进展已登记。"))
    else:
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
    return redirect(decision.get_absolute_url())


@require_POST
def decision_carry_out(request, pk):
    """Take the step in the ledger that was refused or taken back."""
    decision = find_decision(request, pk)
    if decision.problem is None or not decision.act:
        messages.error(request, _("没有待执行的处理。"))
        return redirect(decision.get_absolute_url())
    try:
        lifecycle.carry_out(decision, by=request.actor)
    except Refused as refused:
        if refused.refusal.code in ("role", "unit"):
            forbid(refused.refusal)
        messages.error(request, str(refused.refusal.sentence))
    else:
        messages.success(request, _("已按议定内容对问题作了处理。"))
    return redirect(decision.get_absolute_url())


@reads_or_posts
def decision_create(request, pk):
    meeting = find(request, pk)
    demand(perms.keep(meeting.committee, request.actor))
    filed = lifecycle.unless_filed(meeting)
    if filed:
        messages.warning(request, str(filed.sentence))
        return redirect(meeting.get_absolute_url())
    if meeting.state not in TOOK_PLACE:
        messages.warning(request, _("只有已召开的会议可以增补议定事项，草稿请直接编辑。"))
        return redirect(meeting.get_absolute_url())
    form = DecisionForm(request.POST or held_data(request), actor=request.actor, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        if attempt(form, lambda: lifecycle.decide(meeting, by=request.actor, **values)):
            messages.success(request, _("议定事项已登记。"))
            return redirect(meeting.get_absolute_url())
    return _form(
        request, form, _("增补议定事项"), meeting, f"decision-new-{pk}", linkable(request.actor, meeting.committee)
    )


@reads_or_posts
def decision_edit(request, pk):
    decision = find_decision(request, pk)
    demand(perms.keep(decision.committee, request.actor))
    initial = {
        "text": decision.text,
        "owner_department": decision.owner_department_id,
        "owner_name": decision.owner_name,
        "due_on": decision.due_on,
        "mechanism_code": decision.mechanism_code,
        "version": decision.version,
    }
    data = request.POST or held_data(request)
    form = DecisionForm(data, actor=request.actor, meeting=decision.meeting, with_item=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version")
        act = attempt(form, lambda: lifecycle.edit_decision(decision, by=request.actor, version=version, **values))
        if act:
            messages.success(request, _("议定事项已保存。"))
            return redirect(decision.get_absolute_url())
    return _form(request, form, _("编辑议定事项"), decision.meeting, f"decision-{pk}", [])


def _form(request, form, title, meeting, draft_key, suggested):
    context = {
        "form": form,
        "title": title,
        "meeting": meeting,
        "suggested": suggested[:200],
        "cancel_url": reverse("meetings:detail", args=[meeting.pk]),
        "draft_key": draft_key,
    }
    return render(request, "meetings/decision_form.html", context, status=answer_status(request, form))


@reads_or_posts
def decision_done(request, pk):
    decision = find_decision(request, pk)
    refusal = perms.report_done(decision, request.actor)
    if refusal:
        forbid(refusal)
    form = DoneForm(request.POST or held_data(request))
    form.dated_for = decision

    def act(values):
        return lifecycle.finish_decision(decision, by=request.actor, **values)

    words = {
        "title": _("填报落实情况"),
        "sentence": _("填报后，该议定事项了结，不再计入未落实。"),
        "danger": False,
        "done": _("已登记为落实。"),
    }
    return _deed(request, decision, form, act, words)


@reads_or_posts
def decision_cancel(request, pk):
    decision = find_decision(request, pk)
    demand(perms.keep(decision.committee, request.actor))
    form = ReasonForm(request.POST or held_data(request))

    def act(values):
        return lifecycle.cancel_decision(decision, by=request.actor, **values)

    words = {
        "title": _("取消议定事项"),
        "sentence": _("取消后，该事项不再计入议定事项，记录和留痕保留。"),
        "danger": True,
        "done": _("议定事项已取消。"),
    }
    return _deed(request, decision, form, act, words)


def _deed(request, decision, form, act, words):
    form.initial.setdefault("version", decision.version)
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: act(form.cleaned_data)):
        messages.success(request, words["done"])
        return redirect(decision.get_absolute_url())
    words |= {"form": form, "decision": decision, "cancel_url": decision.get_absolute_url()}
    return render(request, "meetings/confirm.html", words, status=answer_status(request, form))
