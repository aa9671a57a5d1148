"""Files of meetings: taken in, and sent as downloads to whoever sees the meeting."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.trail import record
from core import files
from core.registers import demand, get_or_404
from exchange.responses import file_response
from meetings import lifecycle, perms
from meetings.models import MeetingFile
from meetings.views.meetings import find


@require_POST
def file_upload(request, pk):
    meeting = find(request, pk)
    demand(perms.keep(meeting.committee, request.actor))
    filed = lifecycle.unless_filed(meeting)
    if filed:
        messages.error(request, str(filed.sentence))
        return redirect(meeting.get_absolute_url())
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("请先选择文件。"))
        return redirect(meeting.get_absolute_url())
    try:
        kept = files.store(upload, "meetings")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(meeting.get_absolute_url())
    try:
        with transaction.atomic():
            MeetingFile.objects.create(meeting=meeting, uploaded_by_id=request.actor.user_id, **vars(kept))
            record(request.actor, "meeting.file_added", meeting, file=kept.name)
    except BaseException:
        files.remove(kept.storage_name)
        raise
    messages.success(request, _("附件已上传。"))
    return redirect(meeting.get_absolute_url())


@require_safe
def file_download(request, pk):
    kept = get_or_404(MeetingFile.objects.visible_to(request.actor), pk)
    try:
        return file_response(files.open_stored(kept.storage_name), kept.name)
    except FileNotFoundError:
        raise Http404 from None
