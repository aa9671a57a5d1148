"""The agenda of a meeting: read and printed, arranged before the meeting, item by item written up after it."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.answers import answer_status, attempt, demand, get_or_404
from core.clock import today
from core.held import held_data
from core.transitions import Refused
from meetings import lifecycle
from meetings.agenda import proposals
from meetings.enums import COMING, DecisionState
from meetings.forms import ItemForm
from meetings.forms.agenda import Fate
from meetings.models import AgendaItem, Decision
from meetings.views.meetings import find, reads_or_posts
from problems.models import Problem


@require_safe
def agenda(request, pk):
    """What is on it and why; what waits beside it because there was no room or somebody left it out."""
    meeting = find(request, pk)
    rows = meeting.agenda.select_related("problem", "matter").prefetch_related("decisions")
    items = list(rows)
    coming = meeting.state in COMING
    listed = proposals(meeting.committee, today()).by_key if coming else {}
    waiting = [one for key, one in listed.items() if key not in {item.key for item in items}]
    _dress(request, items, listed)
    _say_where(meeting, waiting)
    context = {
        "meeting": meeting,
        "items": items,
        "waiting": waiting,
        "coming": coming,
        "arranges": lifecycle.may_arrange(meeting, request.actor) is None,
        "settles": lifecycle.may_settle(meeting, request.actor) is None,
    }
    return render(request, "meetings/agenda.html", context)


def _dress(request, items, listed) -> None:
    """Beside each item: its reasons, the earlier decision it is about, and whether its entry may be opened."""
    numbers = [item.decision_id for item in items if item.decision_id]
    about = Decision.objects.visible_to(request.actor).select_related("owner_department").in_bulk(numbers)
    entries = [item.problem_id for item in items if item.problem_id]
    seen = set(Problem.objects.visible_to(request.actor).filter(pk__in=entries).values_list("pk", flat=True))
    for number, item in enumerate(items):
        item.reasons = listed[item.key].reasons if item.key in listed else []
        item.about = about.get(item.decision_id)
        item.may_open = item.problem_id in seen
        item.made = [one for one in item.decisions.all() if one.state != DecisionState.CANCELLED]
        item.is_first, item.is_last = number == 0, number == len(items) - 1


def _say_where(meeting, waiting) -> None:
    """Why each of these is not on the agenda."""
    rows = AgendaItem.objects.filter(meeting__committee=meeting.committee_id, meeting__state__in=COMING)
    rows = rows.filter(key__in=[one.key for one in waiting], meeting__held_on__gte=today()).select_related("meeting")
    elsewhere = {row.key: row.meeting for row in rows}
    for one in waiting:
        if one.key in elsewhere:
            one.where = _("已列入“%(meeting)s”") % {"meeting": elsewhere[one.key]}
        elif one.key in meeting.left_out:
            one.where = _("已从本次议程撤下，下次会议再列入")
        else:
            one.where = _("本次议程已满，排在后面")


@require_POST
def agenda_add(request, pk):
    meeting = find(request, pk)
    demand(lifecycle.may_arrange(meeting, request.actor))
    return _did(request, meeting, lambda: lifecycle.put_on(meeting, request.POST.get("key", ""), by=request.actor))


@require_POST
def item_move(request, pk):
    item = find_item(request, pk)
    demand(lifecycle.may_arrange(item.meeting, request.actor))
    step = -1 if request.POST.get("to") == "up" else 1
    return _did(request, item.meeting, lambda: lifecycle.move_item(item, step, by=request.actor))


@require_POST
def item_leave(request, pk):
    item = find_item(request, pk)
    demand(lifecycle.may_arrange(item.meeting, request.actor))
    return _did(request, item.meeting, lambda: lifecycle.leave_out(item, by=request.actor))


def find_item(request, pk) -> AgendaItem:
    rows = AgendaItem.objects.visible_to(request.actor)
    return get_or_404(rows.select_related("meeting__committee__region", "meeting__kind", "problem"), pk)


def _did(request, meeting, act):
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
    return redirect("meetings:agenda", meeting.pk)


@reads_or_posts
def item_edit(request, pk):
    """What was said, how the item ended, and what became of the earlier decision that it is about."""
    item = find_item(request, pk)
    demand(lifecycle.may_settle(item.meeting, request.actor))
    rows = Decision.objects.filter(pk=item.decision_id).select_related("owner_department", "committee__region")
    about = rows.first()
    unfinished = about is not None and about.state == DecisionState.OPEN
    data = request.POST or held_data(request)
    form = ItemForm(data or None, unfinished=unfinished, initial={"end": item.end, "note": item.note})
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _settle(request, item, about, form)):
        messages.success(request, _("议题“%(item)s”已保存。") % {"item": item.title})
        return redirect("meetings:agenda", item.meeting_id)
    context = {
        "form": form,
        "item": item,
        "meeting": item.meeting,
        "about": about,
        "cancel_url": reverse("meetings:agenda", args=[item.meeting_id]),
        "draft_key": f"item-{pk}",
    }
    return render(request, "meetings/item_form.html", context, status=answer_status(request, form))


def _settle(request, item, about, form):
    data, by = form.cleaned_data, request.actor
    with transaction.atomic():
        settled = lifecycle.settle_item(item, by=by, end=data["end"], note=data["note"])
        if data.get("fate") == Fate.DONE:
            lifecycle.finish_decision(about, by=by, done_on=data["done_on"], done_text=data["done_text"])
        elif data.get("fate") == Fate.LATER:
            lifecycle.edit_decision(about, by=by, due_on=data["due_on"], days=data["days"])
    return settled
