"""One entry: raising it, reading it, acting on it."""

import math

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import clock, panels, workdays
from core.answers import add_errors, demand
from core.held import held_data
from core.transitions import Conflict, Refused
from problems import actions, lifecycle, perms, prospects, sentences, suggestions, workbooks
from problems.enums import OPEN_STATES, PAUSED_STATES, State
from problems.forms import LARGEST_VERSION, ProblemForm
from problems.lifecycle import guards
from problems.lifecycle.handling import pauses_of
from problems.models import Problem
from problems.supervision import on_entry
from problems.views.memory import reused
from problems.views.scope import seen

STEPS = (State.SUBMITTED, State.ACCEPTED, State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED, State.CLOSED)


class VersionField(django_forms.IntegerField):
    """Which version of the entry the person has read."""

    def __init__(self):
        super().__init__(min_value=1, max_value=LARGEST_VERSION, widget=django_forms.HiddenInput)


# --- raising ----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def create(request):
    """Raise a problem or keep a draft of it."""
    demand(perms.may_raise(request.actor))
    draft = "draft" in request.POST
    initial = {name: request.GET[name] for name in ("enterprise", "title", "source") if name in request.GET}
    form = ProblemForm(request.POST or held_data(request), actor=request.actor, draft=draft, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            make = lifecycle.save_draft if draft else lifecycle.raise_problem
            problem = make(by=request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.refusal.sentence)
        except ValidationError as error:
            add_errors(form, error)
        else:
            done = _("草稿已保存。") if draft else _("已提交，编号 %(number)s。") % {"number": problem.number}
            messages.success(request, done)
            return redirect(problem)
    return render(request, "problems/create.html", {"form": form, "own": form.own})


# --- reading ----------------------------------------------------------------------------------------------------
@require_GET
def detail(request, pk: int):
    """Everything about one entry, and what may be done to it."""
    problem = seen(request, pk)
    today, calendar = clock.today(), workdays.current(problem.region.path)
    workbooks.dress([problem], today, calendar)
    main, other, refused = actions.offered(problem, request.actor)
    attachments = problem.attachments.in_view().select_related("uploaded_by")
    context = {
        "problem": problem,
        "steps": _steps(problem),
        "main": main,
        "other": other,
        "refused": actions.grouped(refused),
        "legs": _legs(problem, today, calendar),
        "events": sentences.timeline(problem),
        "files": [_file(one) for one in attachments],
        "may_attach": lifecycle.refusal_for("attach", problem, request.actor) is None,
        "objection": guards.pending_objection(problem),
        "extension": guards.pending_extension(problem),
        "parts": _parts(problem, request.actor, today),
        "asking_root": guards.pending_root(problem),
        "may_settle": lifecycle.refusal_for("settle_by_root", problem, request.actor) is None,
        "handler": _handler(problem),
        "undo": _undo(problem, request.actor),
        "urged": _urged(problem),
        "merged": _related(problem.merged_from, request.actor),
        "unpublished_year": _unpublished(problem, calendar),
        "supervision": on_entry.of(problem, request.actor),
        "panels": panels.render("problem", request, problem) if problem.state != State.DRAFT else [],
    }
    return render(request, "problems/detail.html", context)


def _related(rows, actor):
    return list(rows.filter(pk__in=Problem.objects.visible_to(actor).values("pk")).order_by("-id")[:20])


def _parts(problem, actor, today) -> dict | None:
    """The entries below a root matter, with their lights, and how far they have come; None where there are none."""
    rows = problem.parts.filter(pk__in=Problem.objects.visible_to(actor).values("pk")).order_by("id")
    rows = list(rows.select_related("enterprise", "region", "lead_team", "lead_department"))
    if not rows:
        return None
    workbooks.dress(rows, today, workdays.everywhere())
    for row in rows:
        row.root = problem
        row.is_asked = guards.pending_root(row) is not None
    return {"rows": rows, "total": len(rows), "closed": sum(row.state == State.CLOSED for row in rows)}


def _undo(problem, actor) -> dict | None:
    """The last step where this person can still take it back, with the minutes left."""
    if lifecycle.refusal_for("undo", problem, actor):
        return None
    last = problem.last_step
    left = guards.undo_ends_at(problem, last) - clock.now()
    label = lifecycle.TABLE[last.name].label if last.name in lifecycle.TABLE else ""
    return {"step": label, "minutes": max(1, math.ceil(left.total_seconds() / 60))}


def _handler(problem) -> str:
    """Who signed for it and works on it."""
    leg = guards.lead_leg(problem)
    return leg.handler.name if leg is not None and leg.handler_id else ""


def _urged(problem) -> dict | None:
    """How often it was urged, by whom and when last; None where nobody did."""
    events = guards.standing_events(problem, "urge") if problem.state in OPEN_STATES else []
    return {"count": len(events), "who": events[0].actor_name, "at": events[0].at} if events else None


def _unpublished(problem, calendar):
    year = problem.due_on.year if problem.due_on and problem.state not in (State.CLOSED,) else None
    return year if year and not calendar.is_published(year) else None


def _steps(problem) -> list[dict]:
    """The main line with what is done and where the entry stands; a pause stands where it interrupted."""
    dates = [
        problem.submitted_on,
        problem.accepted_on,
        problem.assigned_on,
        None,
        problem.resolved_on,
        problem.closed_on,
    ]
    here = {State.SUSPENDED: 3, State.RETURNED: 0, State.DRAFT: -1}.get(problem.state)
    if here is None:
        here = STEPS.index(problem.state) if problem.state in STEPS else len(STEPS)
    ended = problem.state in (State.DECLINED, State.WITHDRAWN)
    steps = []
    for place, (state, day) in enumerate(zip(STEPS, dates, strict=True)):
        done = day is not None if ended else place < here or problem.state == State.CLOSED
        steps.append({"label": state.label, "on": day, "done": done, "current": not ended and place == here})
    if ended or problem.state in PAUSED_STATES:
        steps.insert(
            len(steps) if ended else here + 1,
            {"label": problem.state_label, "on": problem.ended_on or problem.since_on, "done": False, "current": True},
        )
        if not ended:
            steps[here]["current"], steps[here]["done"] = False, True
    return steps


def _legs(problem, today, calendar) -> list[dict]:
    """Each unit that held it, with its own working days: its time, pauses apart, nobody else's."""
    rows = problem.assignments.select_related("team", "department", "signed_by")
    pauses = pauses_of(problem, problem.submitted_at) if problem.submitted_at else []
    if problem.state in PAUSED_STATES:
        pauses.append((problem.since_on, today))
    found = []
    for leg in rows:
        start, end = clock.local_date(leg.assigned_at), clock.local_date(leg.ended_at) or today
        found.append({"leg": leg, "start": start, "end": clock.local_date(leg.ended_at),
                      "days": calendar.used(start, end, pauses)})  # fmt: skip
    return found


def _file(one) -> dict:
    return {
        "name": one.name,
        "url": reverse("problems:file", args=[one.problem_id, one.pk]),
        "size": one.size,
        "by": one.uploaded_by,
        "at": one.uploaded_at,
    }


# --- acting -----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def act(request, pk: int, name: str):
    """One transition as a page of its own: what it will do, its fields, and a refusal or a conflict in words."""
    if name not in actions.ACTIONS:
        raise Http404
    action, problem = actions.ACTIONS[name], seen(request, pk)
    form = action.form(request.POST or held_data(request) or None, problem=problem, actor=request.actor)
    form.fields["version"] = VersionField()
    form.fields["version"].initial = problem.version
    form.initial |= _begun(request, name)
    context = {"action": action, "problem": problem, "form": form, "draft_key": f"problem-{pk}-{name}"}
    if request.method == "POST":
        return _try(request, action, problem, form, context)
    refusal = action.refusal(problem, request.actor)
    return _page(request, context, refusal=refusal, status=403 if refusal else 200)


def _begun(request, name: str) -> dict:
    """What a suggestion has filled in: the entry to join or to merge into, the text of an earlier result."""
    if name == "resolve":
        return reused(request)
    return {field: request.GET[field][:30] for field in ("root", "target") if field in request.GET}


LIVE = ("lead", "urgency", "due_on", "new_due_on", "granted", "rating", "outcome")


def _live(form) -> str:
    """The fields whose choice changes what the step will do."""
    return ",".join(name for name in LIVE if name in form.fields)


def _page(request, context, status=200, **more):
    problem, refusal = context["problem"], more.get("refusal")
    if refusal:
        more["who_can"] = prospects.who_can(problem, refusal, context["action"].name)
    else:
        more["effects"] = prospects.sentences(context["action"], problem, request.POST or request.GET)
        more["live"] = _live(context["form"])
        if "lead" in context["form"].fields:
            more["suggestions"] = suggestions.suggest(problem, request.actor, clock.today())
            if "lead" in request.GET:  # a suggestion was chosen without scripts
                context["form"].initial["lead"] = request.GET["lead"]
            more["chosen_lead"] = context["form"]["lead"].value()
    workbooks.dress([problem], clock.today(), workdays.everywhere())
    return render(request, "problems/act.html", {**context, **more}, status=status)


def _try(request, action, problem, form, context):
    data = dict(form.cleaned_data) if form.is_valid() else None
    if data is None:
        # A stale version on an incomplete form is told when it is sent complete; a refusal is told at once.
        refusal = action.refusal(problem, request.actor)
        return _page(request, context, refusal=refusal, status=403 if refusal else 200)
    version = data.pop("version")
    try:
        done = actions.run(action, problem, by=request.actor, version=version, data=data)
    except Conflict as conflict:
        return _conflict(request, context, conflict)
    except Refused as refused:
        return _page(request, context, refusal=refused.refusal, status=403)
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, context)
    messages.success(request, _("“%(step)s”已完成。") % {"step": action.title})
    return HttpResponseRedirect(_after(request, done))


def _after(request, problem) -> str:
    """The entry's page; the list where the entry has left the actor's sight."""
    if Problem.objects.visible_to(request.actor).filter(pk=problem.pk).exists():
        return problem.get_absolute_url()
    return reverse("problems:mine")


def _conflict(request, context, conflict):
    """Tells what changed, keeps what was typed, and lets the person send it on top of the new version."""
    form, problem = context["form"], context["problem"]
    form.data = form.data.copy()
    form.data["version"] = problem.version
    return _page(
        request,
        context,
        status=409,
        conflict=conflict.refusal.sentence,
        changes=[sentences.describe(event) for event in conflict.events],
        refusal=context["action"].refusal(problem, request.actor),
    )
