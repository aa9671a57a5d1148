"""A meeting's papers as downloads, to whoever sees the meeting (the decision)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.answers import get_or_404
from exchange.responses import bytes_response
from meetings import papers
from meetings.enums import TOOK_PLACE, DecisionState, MeetingState
from meetings.models import Meeting
from meetings.views.decisions import find_decision
from meetings.views.meetings import find


@require_safe
def notice_paper(request, pk):
    meeting = find(request, pk)
    return bytes_response(papers.notice(meeting), f"{meeting.title}_会议通知.docx")


@require_safe
def notice(request, pk):
    """What the notice says, for those whom it is for; who sees the meeting is led there."""
    rows = Meeting.objects.told_to(request.actor).select_related("committee", "kind")
    meeting = get_or_404(rows, pk)
    if Meeting.objects.visible_to(request.actor).filter(pk=meeting.pk).exists():
        return redirect(meeting.get_absolute_url())
    context = {"meeting": meeting, "called": meeting.state != MeetingState.DRAFT}
    return render(request, "meetings/notice.html", context)


@require_safe
def minutes_paper(request, pk):
    meeting = find(request, pk)
    if meeting.state not in TOOK_PLACE or not meeting.minutes.strip():
        messages.warning(request, _("还没有填写会议纪要，填写后再下载。"))
        return redirect(meeting.get_absolute_url())
    return bytes_response(papers.minutes(meeting), f"{meeting.title}_会议纪要.docx")


@require_safe
def all_papers(request, pk):
    meeting = find(request, pk)
    return bytes_response(papers.bundle(meeting), f"{meeting.title}_会议文件.zip")


@require_safe
def decision_slip(request, pk):
    decision = find_decision(request, pk)
    if decision.state not in (DecisionState.OPEN, DecisionState.DONE):
        messages.warning(request, _("只有生效的议定事项有交办单。"))
        return redirect(decision.get_absolute_url())
    return bytes_response(papers.hand_over([decision]), f"交办单_{decision.text[:30]}.docx")
