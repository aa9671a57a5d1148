"""A meeting's way through its stages: notice, minutes, filing, and back. One small page for each."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.answers import attempt, demand
from core.held import held_data
from meetings import lifecycle, perms
from meetings.enums import MeetingState
from meetings.forms import BareForm, MinutesForm, NoticeForm, ReasonForm
from meetings.views.meetings import confirm_page, find, reads_or_posts


def _stage(request, meeting, form, act, words):
    """Shown, or done: `act(cleaned data)` is the lifecycle's function."""
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: act(form.cleaned_data)):
        messages.success(request, words["done"])
        return redirect(meeting.get_absolute_url())
    return confirm_page(request, meeting, form, {"danger": False, "effects": [], **words})


@reads_or_posts
def notify(request, pk):
    meeting = find(request, pk)
    demand(perms.keep(meeting.committee, request.actor))
    form = NoticeForm(request.POST or held_data(request))
    seats, guests = lifecycle.told_by_notice(meeting)
    late = lifecycle.days_of_notice(meeting) < meeting.kind.notice_days
    if not late:
        form.fields["reason"].widget = forms.HiddenInput()
    told = [seat.person for seat in seats], [str(guest.unit or guest.name) for guest in guests]
    effects = [
        _("通知席位 %(n)s 个：%(names)s") % {"n": len(seats), "names": _("、").join(told[0]) or "—"},
        _("通知列席 %(n)s 个：%(names)s") % {"n": len(guests), "names": _("、").join(told[1]) or "—"},
    ]
    if late:
        effects.append(lifecycle.late_sentence(meeting))
    return _stage(
        request,
        meeting,
        form,
        lambda data: lifecycle.notify(meeting, by=request.actor, **data),
        {
            "title": _("发出会议通知"),
            "sentence": _("确认会议通知已经发出？通知文件可以在会议页下载。"),
            "effects": effects,
            "done": _("已登记会议通知。"),
        },
    )


@reads_or_posts
def minute(request, pk):
    meeting = find(request, pk)
    demand(perms.keep(meeting.committee, request.actor))
    form = MinutesForm(request.POST or held_data(request), initial={"minutes": meeting.minutes})
    return _stage(
        request,
        meeting,
        form,
        lambda data: lifecycle.minute(meeting, by=request.actor, **data),
        {
            "title": _("印发会议纪要"),
            "sentence": _("核对纪要，确认印发。议题结果和议定事项会自动列入纪要文件，不必重复填写。"),
            "done": _("会议纪要已印发，文件可以在会议页下载。"),
        },
    )


@reads_or_posts
def archive(request, pk):
    meeting = find(request, pk)
    demand(perms.keep(meeting.committee, request.actor))
    return _stage(
        request,
        meeting,
        BareForm(request.POST or None),
        lambda data: lifecycle.archive(meeting, by=request.actor, **data),
        {
            "title": _("会议材料归档"),
            "sentence": _("确认材料齐全并归档？"),
            "effects": [
                _("归档后，出席情况、议题、纪要、附件和议定事项不能再修改。"),
                _("议定事项的落实进展照常填报。"),
                _("确需修改的，由组织部工作人员说明原因后重新打开。"),
            ],
            "done": _("会议材料已归档。"),
        },
    )


@reads_or_posts
def take_back(request, pk):
    """One stage back. Of a filed meeting that is opening it again, and an officer's business."""
    meeting = find(request, pk)
    filed = meeting.state == MeetingState.FILED
    demand((perms.reopen if filed else perms.keep)(meeting.committee, request.actor))
    before = lifecycle.stage_before(meeting)
    if before is None:
        messages.warning(request, _("这个状态没有可以撤回的步骤。"))
        return redirect(reverse("meetings:detail", args=[pk]))
    return _stage(
        request,
        meeting,
        ReasonForm(request.POST or held_data(request)),
        lambda data: lifecycle.take_back(meeting, by=request.actor, **data),
        {
            "title": _("重新打开归档材料") if filed else _("撤回一步"),
            "sentence": _("会议将从“%(now)s”回到“%(before)s”，原因和时间留痕。")
            % {"now": meeting.get_state_display(), "before": MeetingState(before).label},
            "danger": True,
            "done": _("已重新打开。") if filed else _("已撤回。"),
        },
    )
