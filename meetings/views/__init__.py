from core.registers import export_view, list_view
from meetings.registers import ACTIVITIES, ANNUALS, DECISIONS, DUTIES, FIRMS, MATTERS, MEETINGS
from meetings.views.activities import (
    activity_cancel,
    activity_create,
    activity_detail,
    activity_edit,
    activity_join,
)
from meetings.views.agenda import agenda, agenda_add, item_edit, item_leave, item_move
from meetings.views.decisions import (
    decision_cancel,
    decision_carry_out,
    decision_create,
    decision_detail,
    decision_done,
    decision_edit,
    decision_note,
)
from meetings.views.files import (
    activity_file,
    activity_file_upload,
    decision_file_download,
    decision_file_upload,
    file_download,
    file_upload,
)
from meetings.views.matters import convene, matter_create, matter_withdraw
from meetings.views.meetings import cancel, create, detail, edit, hold
from meetings.views.stages import archive, minute, notify, take_back
from meetings.views.visits import firm

meeting_list = list_view(MEETINGS)
meeting_export = export_view(MEETINGS)
activity_list = list_view(ACTIVITIES)
activity_export = export_view(ACTIVITIES)
duty_list = list_view(DUTIES)
duty_export = export_view(DUTIES)
annual_list = list_view(ANNUALS)
annual_export = export_view(ANNUALS)
firm_list = list_view(FIRMS)
firm_export = export_view(FIRMS)
decision_list = list_view(DECISIONS)
decision_export = export_view(DECISIONS)
matter_list = list_view(MATTERS)
matter_export = export_view(MATTERS)

__all__ = [
    "activity_cancel",
    "activity_create",
    "activity_detail",
    "activity_edit",
    "activity_export",
    "activity_file",
    "activity_file_upload",
    "activity_join",
    "activity_list",
    "agenda",
    "agenda_add",
    "annual_export",
    "annual_list",
    "archive",
    "cancel",
    "convene",
    "create",
    "decision_cancel",
    "decision_carry_out",
    "decision_create",
    "decision_detail",
    "decision_done",
    "decision_edit",
    "decision_export",
    "decision_file_download",
    "decision_file_upload",
    "decision_list",
    "decision_note",
    "detail",
    "duty_export",
    "duty_list",
    "edit",
    "file_download",
    "file_upload",
    "firm",
    "firm_export",
    "firm_list",
    "hold",
    "item_edit",
    "item_leave",
    "item_move",
    "matter_create",
    "matter_export",
    "matter_list",
    "matter_withdraw",
    "meeting_export",
    "meeting_list",
    "minute",
    "notify",
    "take_back",
]
