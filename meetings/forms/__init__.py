from meetings.forms.base import DEFAULT_DAYS, MORE, MOST_ROWS, committees_of, default_due, linkable, owners
from meetings.forms.decision import DecisionForm, DecisionRow, DoneForm, ReasonForm
from meetings.forms.filters import DecisionFilter, MeetingFilter
from meetings.forms.meeting import AgendaRow, GuestRow, MeetingForm, SeatRow

__all__ = [
    "DEFAULT_DAYS", "MORE", "MOST_ROWS", "AgendaRow", "DecisionFilter", "DecisionForm", "DecisionRow", "DoneForm",
    "GuestRow", "MeetingFilter", "MeetingForm", "ReasonForm", "SeatRow", "committees_of", "default_due", "linkable",
    "owners",
]  # fmt: skip
