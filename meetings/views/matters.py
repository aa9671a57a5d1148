"""Matters put forward for a committee's next meeting (待议事项), and convening on an entry (要事一事一商)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.answers import answer_status, attempt, demand, forbid, get_or_404
from core.held import held_data
from meetings import lifecycle, perms
from meetings.agenda import committees_for
from meetings.forms import ConveneForm, MatterForm, ReasonForm
from meetings.forms.base import committees_for_matters
from meetings.models import Matter
from meetings.views.meetings import reads_or_posts
from problems.enums import State
from problems.models import Problem


@reads_or_posts
def matter_create(request):
    committees = committees_for_matters(request.actor)
    if not committees.exists():
        forbid(perms.see_matters(request.actor) or perms.put_nowhere())
    initial = {"committee": request.GET.get("committee") or committees.first()}
    form = MatterForm(request.POST or held_data(request) or None, committees=committees, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        committee = values.pop("committee")
        if attempt(form, lambda: lifecycle.put_matter(committee, by=request.actor, **values)):
            messages.success(request, _("已提出，将自动列入该党委下次会议的议程。"))
            return redirect(f"{reverse('meetings:matter_list')}?committee={committee.pk}")
    back = reverse("meetings:matter_list")
    context = {"form": form, "title": _("提出待议事项"), "cancel_url": back, "draft_key": "matter-new"}
    return render(request, "meetings/matter_form.html", context, status=answer_status(request, form))


@reads_or_posts
def matter_withdraw(request, pk):
    matter = get_or_404(Matter.objects.visible_to(request.actor).select_related("committee__region", "problem"), pk)
    refusal = perms.withdraw_matter(matter, request.actor)
    if refusal:
        forbid(refusal)
    form = ReasonForm(request.POST or held_data(request))
    del form.fields["version"]
    back = f"{reverse('meetings:matter_list')}?committee={matter.committee_id}"
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: lifecycle.withdraw_matter(matter, by=request.actor, reason=reason)):
            messages.success(request, _("待议事项已撤回。"))
            return redirect(back)
    context = {
        "form": form, "title": _("撤回待议事项"), "matter": matter, "cancel_url": back, "danger": True, "effects": [],
        "sentence": _("撤回后，不再列入会议议程，记录保留。"),
    }  # fmt: skip
    return render(request, "meetings/matter_confirm.html", context, status=answer_status(request, form))


@reads_or_posts
def convene(request, pk):
    """Ask a committee to take up an entry; the page says who can where the reader may not."""
    rows = Problem.objects.visible_to(request.actor).exclude(state=State.DRAFT)
    problem = get_or_404(rows.select_related("region", "committee__region", "chain", "enterprise"), pk)
    demand(lifecycle.may_convene(problem, request.actor))
    committees = committees_for(problem)
    form = ConveneForm(request.POST or held_data(request) or None, committees=committees)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: lifecycle.convene(problem, by=request.actor, **values)):
            words = {"committee": values["committee"]}
            messages.success(request, _("已提请一事一商，将列入“%(committee)s”下次会议的议程。") % words)
            return redirect(problem.get_absolute_url())
    context = {
        "form": form, "title": _("提请一事一商"), "problem": problem, "committees": committees,
        "cancel_url": problem.get_absolute_url(), "draft_key": f"convene-{pk}",
    }  # fmt: skip
    return render(request, "meetings/matter_form.html", context, status=answer_status(request, form))
