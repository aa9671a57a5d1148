"""Files of meetings and decisions: taken in, and sent as downloads to whoever sees the record."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.trail import record
from core import files
from core.answers import demand, forbid, get_or_404
from exchange.responses import file_response
from meetings import perms
from meetings.lifecycle import may_change, unless_filed
from meetings.models import ActivityFile, DecisionFile, MeetingFile
from meetings.views.activities import find_activity
from meetings.views.decisions import find_decision
from meetings.views.meetings import find


@require_POST
def file_upload(request, pk):
    meeting = find(request, pk)
    demand(perms.keep(meeting.committee, request.actor))
    filed = unless_filed(meeting)
    if filed:
        messages.error(request, str(filed.sentence))
        return redirect(meeting.get_absolute_url())
    return _take(request, meeting, MeetingFile, "meeting", "meetings")


@require_POST
def decision_file_upload(request, pk):
    """Evidence, by the unit that owes the decision or those who keep the meetings."""
    decision = find_decision(request, pk)
    refusal = perms.report_done(decision, request.actor)
    if refusal:
        forbid(refusal)
    return _take(request, decision, DecisionFile, "decision", "meetings")


@require_safe
def file_download(request, pk):
    return _send(get_or_404(MeetingFile.objects.visible_to(request.actor), pk))


@require_POST
def activity_file_upload(request, pk):
    activity = find_activity(request, pk)
    demand(may_change(activity, request.actor))
    return _take(request, activity, ActivityFile, "activity", "activities")


@require_safe
def activity_file(request, pk):
    return _send(get_or_404(ActivityFile.objects.visible_to(request.actor), pk))


def _take(request, owner, model, name, folder):
    """Keep the posted file with its owner, or say why not."""
    back = redirect(owner.get_absolute_url())
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("请先选择文件。"))
        return back
    try:
        kept = files.store(upload, folder)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return back
    try:
        with transaction.atomic():
            model.objects.create(**{name: owner}, uploaded_by_id=request.actor.user_id, **vars(kept))
            record(request.actor, f"{name}.file_added", owner, file=kept.name)
    except BaseException:
        files.remove(kept.storage_name)
        raise
    messages.success(request, _("附件已上传。"))
    return back


@require_safe
def decision_file_download(request, pk):
    return _send(get_or_404(DecisionFile.objects.visible_to(request.actor), pk))


def _send(kept):
    try:
        return file_response(files.open_stored(kept.storage_name), kept.name)
    except FileNotFoundError:
        raise Http404 from None
