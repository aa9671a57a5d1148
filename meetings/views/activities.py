"""Activities and visits: logging one on one page, reading it, joining it, calling it off."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.sentences import timeline
from core.answers import answer_status, attempt, demand, get_or_404
from core.clock import today
from core.held import held_data
from meetings import lifecycle, perms
from meetings.enums import ActivityState
from meetings.forms import ReasonForm
from meetings.forms.activity import ActivityPage, JoinForm, own_units, reachable
from meetings.lifecycle import NearVisit
from meetings.models import Activity
from problems.models import Problem

reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])


def find_activity(request, pk) -> Activity:
    """The activity, or 404 where the actor does not see it."""
    rows = Activity.objects.visible_to(request.actor)
    return get_or_404(rows.select_related("kind", "committee__region", "region", "organisation", "created_by"), pk)


@require_safe
def activity_detail(request, pk):
    activity = find_activity(request, pk)
    collected = list(activity.collected.select_related("problem__enterprise"))
    seen = Problem.objects.visible_to(request.actor).filter(pk__in=[one.problem_id for one in collected])
    reached = list(activity.reached.select_related("enterprise", "committee"))
    firms = reachable(request.actor).filter(pk__in=[row.enterprise_id for row in reached])
    sees = perms.see_visits(request.actor) is None
    context = {
        "activity": activity,
        "reached": reached,
        "firms_in_sight": set(firms.values_list("pk", flat=True)) if sees else set(),
        "people": activity.people.order_by("id"),
        "units": activity.units.select_related("department", "team", "committee"),
        "collected": collected,
        "problems_in_sight": set(seen.values_list("pk", flat=True)),
        "files": [_file(one) for one in activity.files.select_related("uploaded_by")],
        "change_refusal": lifecycle.may_change(activity, request.actor),
        "can_join": activity.state == ActivityState.PLANNED and bool(JoinForm(actor=request.actor).units),
        "planned": activity.state == ActivityState.PLANNED,
        "passed": activity.held_on <= today(),
        "cancelled": activity.state == ActivityState.CANCELLED,
        "events": timeline(activity)[:20],
    }
    return render(request, "meetings/activity_detail.html", context)


def _file(one) -> dict:
    address = reverse("meetings:activity_file", args=[one.pk])
    return {"name": one.name, "url": address, "size": one.size, "by": one.uploaded_by, "at": one.uploaded_at}


@reads_or_posts
def activity_create(request):
    demand(perms.create_activity(request.actor))
    return _log(request, Activity())


@reads_or_posts
def activity_edit(request, pk):
    activity = find_activity(request, pk)
    demand(lifecycle.may_change(activity, request.actor))
    return _log(request, activity)


def _log(request, activity):
    """The page: shown, given one more row, or taken. `then=plan` keeps it as planned."""
    posted = request.method == "POST"
    data = request.POST if posted else held_data(request)
    more = "more" in request.POST
    names = ("kind", "committee", "starts_at", "enterprises")
    initial = {name: request.GET[name] for name in names if request.GET.get(name)} if activity.pk is None else None
    if initial and "enterprises" in initial:
        initial["enterprises"] = request.GET.getlist("enterprises")
    page = ActivityPage(actor=request.actor, activity=activity, data=data, initial=initial, more=more)
    near = []
    if posted and not more and page.is_valid():
        done = request.POST.get("then", "done") != "plan"

        def act():
            try:
                return page.save(done=done)
            except NearVisit as found:
                near.extend(found.found)
                raise

        saved = attempt(page.head, act)
        if saved is not None:
            messages.success(request, _("活动已登记。") if done else _("已列入走访和活动安排。"))
            return redirect(saved.get_absolute_url())
    pk = activity.pk
    context = {
        "page": page,
        "form": page.head,
        "near": near,
        "activity": Activity.objects.get(pk=pk) if pk else None,
        "cancel_url": reverse("meetings:activity_detail", args=[pk]) if pk else reverse("meetings:activity_list"),
        "draft_key": f"activity-{pk or 'new'}",
        "quiet": more,
    }
    return render(request, "meetings/activity_form.html", context, status=answer_status(request, page.head))


@reads_or_posts
def activity_join(request, pk):
    activity = find_activity_to_join(request, pk)
    demand(perms.join_any(own_units(request.actor)))
    form = JoinForm(request.POST or held_data(request), actor=request.actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        joined = attempt(
            form,
            lambda: lifecycle.join_activity(activity, by=request.actor, unit=form.chosen, purpose=data["purpose"]),
        )
        if joined is not None:
            messages.success(request, _("已合并参加，组织单位会收到提醒。"))
            return redirect(joined.get_absolute_url())
    words = {
        "title": _("合并参加走访"),
        "sentence": _("参加%(date)s的“%(title)s”，不再另行打扰企业。")
        % {"date": activity.held_on.isoformat(), "title": activity.title},
        "danger": False,
    }
    return _confirm(request, activity, form, words)


def find_activity_to_join(request, pk) -> Activity:
    """A planned visit to an enterprise that the actor may visit, whoever arranged it; 404 for any other."""
    firms = reachable(request.actor).values("pk")
    rows = Activity.objects.filter(reached__enterprise__in=firms) | Activity.objects.visible_to(request.actor)
    found = get_or_404(Activity.objects.filter(pk__in=rows.values("pk")).select_related("kind", "region"), pk)
    demand(perms.create_activity(request.actor))
    return found


@reads_or_posts
def activity_cancel(request, pk):
    activity = find_activity(request, pk)
    demand(lifecycle.may_change(activity, request.actor))
    form = ReasonForm(request.POST or held_data(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        cancelled = attempt(
            form,
            lambda: lifecycle.cancel_activity(
                activity, by=request.actor, reason=data["reason"], version=data["version"]
            ),
        )
        if cancelled is not None:
            messages.success(request, _("活动已取消，不再计入数字，记录保留。"))
            return redirect(activity.get_absolute_url())
    words = {
        "title": _("取消活动"),
        "sentence": _("取消后，活动不再计入数字，记录和留痕保留；现场收集的问题继续办理。"),
        "danger": True,
    }
    return _confirm(request, activity, form, words)


def _confirm(request, activity, form, words):
    if "version" in form.fields:
        form.initial.setdefault("version", activity.version)
    words |= {"form": form, "cancel_url": activity.get_absolute_url(), "effects": []}
    return render(request, "meetings/activity_confirm.html", words, status=answer_status(request, form))
