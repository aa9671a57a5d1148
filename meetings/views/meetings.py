"""Logging a meeting, reading it, and what happens to it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.sentences import timeline
from core.clock import today
from core.held import held_data
from core.registers import answer_status, attempt, demand, get_or_404
from meetings import lifecycle, perms
from meetings.enums import COMING, TOOK_PLACE, DecisionState, MeetingState
from meetings.forms import MORE, ReasonForm
from meetings.models import Decision, Meeting
from meetings.page import MeetingPage

reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])


def tried(form, act):
    """As `core.registers.attempt`, with the sentence of a rule beside the field that it is about."""

    def guarded():
        try:
            return act()
        except ValidationError as error:
            fields = getattr(error, "error_dict", {})
            if not fields or set(fields) - set(form.fields):
                raise
            raise _BesideField(error) from error

    try:
        return attempt(form, guarded)
    except _BesideField as found:
        form.add_error(None, found.error)
    return None


class _BesideField(Exception):
    def __init__(self, error):
        super().__init__()
        self.error = error


def find(request, pk) -> Meeting:
    """The meeting, or 404 where the actor does not see it."""
    rows = Meeting.objects.visible_to(request.actor).select_related("committee__region", "chain", "created_by", "kind")
    return get_or_404(rows, pk)


@require_safe
def detail(request, pk):
    meeting = find(request, pk)
    decisions = list(
        Decision.objects.visible_to(request.actor)
        .filter(meeting=meeting)
        .select_related("owner_department", "problem", "item", "committee__region")
        .order_by("id")
    )
    for decision in decisions:
        decision.shown_light = decision.light(today())
    attendances = list(meeting.attendances.select_related("seat"))
    keeps = perms.keep(meeting.committee, request.actor)
    context = {
        "meeting": meeting,
        "attendances": attendances,
        "counts": _presence_counts(attendances),
        "agenda": meeting.agenda.select_related("problem").prefetch_related("decisions"),
        "decisions": decisions,
        "files": [_file(one) for one in meeting.files.select_related("uploaded_by")],
        "keeps": keeps is None,
        "hold_refusal": lifecycle.may_hold(meeting, request.actor),
        "cancel_refusal": lifecycle.may_cancel(meeting, request.actor),
        "draft": meeting.state in COMING,
        "cancelled": meeting.state == MeetingState.CANCELLED,
        "events": timeline(meeting)[:20],
    }
    return render(request, "meetings/detail.html", context)


def _presence_counts(attendances) -> list[tuple]:
    counted: dict = {}
    for line in attendances:
        label = line.get_presence_display()
        counted[label] = counted.get(label, 0) + 1
    return list(counted.items())


def _file(one) -> dict:
    address = reverse("meetings:file_download", args=[one.pk])
    return {"name": one.name, "url": address, "size": one.size, "by": one.uploaded_by, "at": one.uploaded_at}


@reads_or_posts
def create(request):
    demand(perms.create(request.actor))
    return _log(request, Meeting())


@reads_or_posts
def edit(request, pk):
    meeting = find(request, pk)
    demand(perms.keep(meeting.committee, request.actor))
    if meeting.state == MeetingState.CANCELLED:
        messages.warning(request, _("会议已取消，不能再修改。"))
        return redirect(meeting.get_absolute_url())
    return _log(request, meeting)


def _log(request, meeting):
    """The page: shown, given one more row, or taken. `then=hold` also registers the meeting as held."""
    posted = request.method == "POST"
    data = request.POST if posted else held_data(request)
    more = request.POST.get("more", "")
    initial = {"committee": request.GET["committee"]} if request.GET.get("committee") and meeting.pk is None else None
    page = MeetingPage(
        actor=request.actor, meeting=meeting, data=data, initial=initial, more=more if more in MORE else ""
    )
    status = 200
    if posted and not more and page.is_valid():
        saved = _save(request, meeting, page)
        if saved is not None:
            return redirect(saved.get_absolute_url())
    if posted and not more:
        status = answer_status(request, page.head) if page.head.errors else (422 if request.htmx else 200)
    context = {
        "page": page,
        "form": page.head,
        "meeting": Meeting.objects.get(pk=meeting.pk) if meeting.pk else None,
        "cancel_url": reverse("meetings:detail", args=[meeting.pk]) if meeting.pk else reverse("meetings:list"),
        "draft_key": f"meeting-{meeting.pk or 'new'}",
        "quiet": bool(more),
    }
    return render(request, "meetings/form.html", context, status=status)


def _save(request, meeting, page):
    """The saved meeting, or None with the reason on the page."""
    old = Meeting.objects.get(pk=meeting.pk) if meeting.pk else None
    version = page.head.cleaned_data.get("version") if old else None

    def act():
        with transaction.atomic():
            saved = lifecycle.save_meeting(old, by=request.actor, version=version, **page.values())
            return lifecycle.hold(saved, by=request.actor) if request.POST.get("then") == "hold" else saved

    saved = tried(page.head, act)
    if saved is None:
        return None
    held = saved.state in TOOK_PLACE
    messages.success(request, _("会议已登记，议定事项已生效。") if held else _("会议草稿已保存。"))
    return saved


@reads_or_posts
def hold(request, pk):
    meeting = find(request, pk)
    demand(perms.keep(meeting.committee, request.actor))
    form = ReasonForm(request.POST or None)
    del form.fields["reason"]
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data.get("version")
        if tried(form, lambda: lifecycle.hold(meeting, by=request.actor, version=version)):
            messages.success(request, _("会议已登记为已召开，议定事项已生效。"))
            return redirect(meeting.get_absolute_url())
    waiting = meeting.decisions.filter(state=DecisionState.DRAFT).count()
    effects = [
        _("会议计入召开日期所在月份的数字。"),
        _("%(n)s 项议定事项生效，开始计算期限。") % {"n": waiting},
    ]
    words = {"title": _("登记为已召开"), "sentence": _("确认会议已经召开？"), "effects": effects, "danger": False}
    return _confirm(request, meeting, form, words)


@reads_or_posts
def cancel(request, pk):
    meeting = find(request, pk)
    demand(perms.keep(meeting.committee, request.actor))
    form = ReasonForm(request.POST or held_data(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = lambda: lifecycle.cancel(meeting, by=request.actor, reason=data["reason"], version=data["version"])  # noqa: E731
        if tried(form, act):
            messages.success(request, _("会议已取消，不再计入数字，记录保留。"))
            return redirect(meeting.get_absolute_url())
    words = {
        "title": _("取消会议"),
        "sentence": _("取消后，会议不再计入数字，记录和留痕保留。"),
        "effects": [],
        "danger": True,
    }
    return _confirm(request, meeting, form, words)


def _confirm(request, meeting, form, words):
    form.initial.setdefault("version", meeting.version)
    words |= {"form": form, "meeting": meeting, "cancel_url": meeting.get_absolute_url()}
    return render(request, "meetings/confirm.html", words, status=answer_status(request, form))
