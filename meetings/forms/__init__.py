from meetings.forms.base import DEFAULT_DAYS, MORE, MOST_ROWS, committees_of, default_due, linkable, owners
from meetings.forms.decision import DecisionForm, DecisionRow, DoneForm
from meetings.forms.filters import ActivityFilter, DecisionFilter, FirmFilter, MeetingFilter
from meetings.forms.meeting import AgendaRow, GuestRow, MeetingForm, SeatRow
from meetings.forms.registers import KindFilter, KindForm, SeriesFilter, SeriesForm
from meetings.forms.stages import BareForm, MinutesForm, NoticeForm, ReasonForm

__all__ = [
    "DEFAULT_DAYS",
    "MORE",
    "MOST_ROWS",
    "ActivityFilter",
    "AgendaRow",
    "BareForm",
    "DecisionFilter",
    "DecisionForm",
    "DecisionRow",
    "DoneForm",
    "FirmFilter",
    "GuestRow",
    "KindFilter",
    "KindForm",
    "MeetingFilter",
    "MeetingForm",
    "MinutesForm",
    "NoticeForm",
    "ReasonForm",
    "SeatRow",
    "SeriesFilter",
    "SeriesForm",
    "committees_of",
    "default_due",
    "linkable",
    "owners",
]
