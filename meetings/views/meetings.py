"""Logging a meeting, reading it, and what happens to it."""

from django.contrib import messages
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.sentences import timeline
from core.answers import answer_status, attempt, demand, get_or_404
from core.clock import local_date, now, today
from core.held import held_data
from meetings import lifecycle, perms
from meetings.enums import COMING, TOOK_PLACE, DecisionState, MeetingState, Presence
from meetings.forms import MORE, BareForm, ReasonForm
from meetings.lifecycle.guards import unless_cancelled, unless_filed
from meetings.models import Decision, Meeting
from meetings.page import MeetingPage

reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])


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
    keeps = perms.keep(meeting.committee, request.actor) is None
    context = {
        "meeting": meeting,
        "attendances": attendances,
        "counts": _roll_in_words(meeting, attendances),
        "agenda": meeting.agenda.select_related("problem").prefetch_related("decisions"),
        "decisions": decisions,
        "files": [_file(one) for one in meeting.files.select_related("uploaded_by")],
        "keeps": keeps,
        "changeable": keeps and not (unless_cancelled(meeting) or unless_filed(meeting)),
        "deeds": _deeds(meeting, request.actor) if keeps else [],
        "stages": _stages(meeting),
        "draft": meeting.state in COMING,
        "took_place": meeting.state in TOOK_PLACE,
        "cancelled": meeting.state == MeetingState.CANCELLED,
        "events": timeline(meeting)[:20],
    }
    return render(request, "meetings/detail.html", context)


def _roll_in_words(meeting, attendances) -> list[str]:
    """Seats due and present as judged, then everybody by how they were there: seats, units and persons."""
    told = []
    if meeting.seats_due is not None:
        told.append(_("应到 %(due)s 席，实到 %(n)s 席") % {"due": meeting.seats_due, "n": meeting.seats_present})
    for presence in Presence:
        lines = [line for line in attendances if line.presence == presence]
        units = sum(1 for line in lines if line.seat_id is None and line.unit and not line.name)
        label = presence.label
        if len(lines) > units:
            told.append(_("%(label)s %(n)s 人") % {"label": label, "n": len(lines) - units})
        if units:
            told.append(_("%(label)s %(n)s 个单位") % {"label": label, "n": units})
    return told


def _deeds(meeting, actor) -> list[dict]:
    """The steps that fit the state, the next one first; what is refused keeps its button and says why."""
    back = _("重新打开") if meeting.state == MeetingState.FILED else _("撤回一步")
    known = {
        MeetingState.DRAFT: [("notify", _("发出通知"), lifecycle.may_notify), ("hold", None, lifecycle.may_hold)],
        MeetingState.NOTIFIED: [("hold", None, lifecycle.may_hold)],
        MeetingState.HELD: [("minute", _("印发纪要"), lifecycle.may_minute)],
        MeetingState.MINUTED: [("archive", _("归档"), lifecycle.may_archive)],
    }
    steps = list(known.get(meeting.state, ()))
    if meeting.state == MeetingState.DRAFT and meeting.starts_at <= now():
        steps.reverse()
    if lifecycle.stage_before(meeting) is not None:
        steps.append(("take_back", back, lifecycle.may_take_back))
    if meeting.state not in (MeetingState.CANCELLED, MeetingState.FILED):
        steps.append(("cancel", _("取消会议"), lifecycle.may_cancel))
    return [
        {
            "label": label or _("登记为已召开"),
            "url": reverse(f"meetings:{name}", args=[meeting.pk]),
            "refusal": may(meeting, actor),
            "first": number == 0 and name not in ("take_back", "cancel"),
        }
        for number, (name, label, may) in enumerate(steps)
    ]


def _stages(meeting) -> list[dict]:
    """The row of steps; none for a meeting that was called off."""
    if meeting.state == MeetingState.CANCELLED:
        return []
    line = [
        (MeetingState.DRAFT, local_date(meeting.created_at)),
        (MeetingState.NOTIFIED, meeting.notified_on),
        (MeetingState.HELD, meeting.held_on if meeting.state in TOOK_PLACE else None),
        (MeetingState.MINUTED, meeting.minuted_on),
        (MeetingState.FILED, meeting.filed_on),
    ]
    here = [state for state, _day in line].index(meeting.state)
    return [
        {"label": state.label, "day": day, "done": number < here and day is not None, "here": number == here}
        for number, (state, day) in enumerate(line)
    ]


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
    frozen = unless_cancelled(meeting) or unless_filed(meeting)
    if frozen:
        messages.warning(request, str(frozen.sentence))
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
            return went_on(request, saved.get_absolute_url())
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
            holds = request.POST.get("then") == "hold"
            values = page.values() | {"writes_agenda": not holds}
            saved = lifecycle.save_meeting(old, by=request.actor, version=version, **values)
            return lifecycle.hold(saved, by=request.actor) if holds else saved

    try:
        saved = attempt(page.head, lambda: _or_before(act))
    except _Before as before:
        messages.success(request, _("这次会议已经登记过：上次提交已经收到，没有重复登记。"))
        return before.meeting
    if saved is None:
        return None
    held = saved.state in TOOK_PLACE
    messages.success(request, _("会议已登记，议定事项已生效。") if held else _("会议草稿已保存。"))
    return saved


class _Before(Exception):
    def __init__(self, meeting):
        super().__init__()
        self.meeting = meeting


def _or_before(act):
    """`LoggedBefore` is no mistake of the form: it is let through."""
    try:
        return act()
    except lifecycle.LoggedBefore as found:
        raise _Before(found.meeting) from None


def went_on(request, address: str):
    """Where a form leads after it was taken: to a browser that sends it by script (static/js/resend.js), as data."""
    if request.headers.get("X-Resend"):
        return JsonResponse({"url": address})
    return redirect(address)


@reads_or_posts
def hold(request, pk):
    meeting = find(request, pk)
    demand(perms.keep(meeting.committee, request.actor))
    form = BareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data.get("version")
        if attempt(form, lambda: lifecycle.hold(meeting, by=request.actor, version=version)):
            messages.success(request, _("会议已登记为已召开，议定事项已生效。"))
            return redirect(meeting.get_absolute_url())
    waiting = meeting.decisions.filter(state=DecisionState.DRAFT).count()
    effects = [
        _("会议计入召开日期所在月份的数字。"),
        _("%(n)s 项议定事项生效，开始计算期限。") % {"n": waiting},
    ]
    words = {"title": _("登记为已召开"), "sentence": _("确认会议已经召开？"), "effects": effects, "danger": False}
    return confirm_page(request, meeting, form, words)


@reads_or_posts
def cancel(request, pk):
    meeting = find(request, pk)
    demand(perms.keep(meeting.committee, request.actor))
    form = ReasonForm(request.POST or held_data(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = lambda: lifecycle.cancel(meeting, by=request.actor, reason=data["reason"], version=data["version"])  # noqa: E731
        if attempt(form, act):
            messages.success(request, _("会议已取消，不再计入数字，记录保留。"))
            return redirect(meeting.get_absolute_url())
    words = {
        "title": _("取消会议"),
        "sentence": _("取消后，会议不再计入数字，记录和留痕保留。"),
        "effects": [],
        "danger": True,
    }
    return confirm_page(request, meeting, form, words)


def confirm_page(request, meeting, form, words):
    """The page that asks before something happens to a meeting."""
    form.initial.setdefault("version", meeting.version)
    words |= {"form": form, "meeting": meeting, "cancel_url": meeting.get_absolute_url()}
    return render(request, "meetings/confirm.html", words, status=answer_status(request, form))
