from meetings.forms.base import DEFAULT_DAYS, MORE, MOST_ROWS, committees_of, default_due, linkable, owners
from meetings.forms.decision import DecisionForm, DecisionRow, DoneForm
from meetings.forms.filters import ActivityFilter, DecisionFilter, FirmFilter, MeetingFilter
from meetings.forms.meeting import AgendaRow, GuestRow, MeetingForm, SeatRow
from meetings.forms.stages import BareForm, MinutesForm, NoticeForm, ReasonForm

__all__ = [
    "DEFAULT_DAYS", "MORE", "MOST_ROWS", "ActivityFilter", "AgendaRow", "BareForm", "DecisionFilter", "DecisionForm",
    "DecisionRow", "DoneForm", "FirmFilter", "GuestRow", "MeetingFilter", "MeetingForm", "MinutesForm", "NoticeForm",
    "ReasonForm", "SeatRow", "committees_of", "default_due", "linkable", "owners",
]  # fmt: skip
