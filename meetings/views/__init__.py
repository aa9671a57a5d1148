from core.registers import export_view, list_view
from meetings.registers import DECISIONS, MEETINGS
from meetings.views.decisions import (
    decision_cancel,
    decision_create,
    decision_detail,
    decision_done,
    decision_edit,
)
from meetings.views.files import file_download, file_upload
from meetings.views.meetings import cancel, create, detail, edit, hold
from meetings.views.stages import archive, minute, notify, take_back

meeting_list = list_view(MEETINGS)
meeting_export = export_view(MEETINGS)
decision_list = list_view(DECISIONS)
decision_export = export_view(DECISIONS)

__all__ = [
    "archive",
    "cancel",
    "create",
    "decision_cancel",
    "decision_create",
    "decision_detail",
    "decision_done",
    "decision_edit",
    "decision_export",
    "decision_list",
    "detail",
    "edit",
    "file_download",
    "file_upload",
    "hold",
    "meeting_export",
    "meeting_list",
    "minute",
    "notify",
    "take_back",
]
