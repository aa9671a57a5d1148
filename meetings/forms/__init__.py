from meetings.forms.agenda import ConveneForm, ItemForm, MatterForm
from meetings.forms.base import (
    DEFAULT_DAYS,
    MORE,
    MOST_ROWS,
    act_units,
    committees_of,
    default_due,
    linkable,
    linkable_at,
    mechanisms_of,
    owners,
)
from meetings.forms.decision import DecisionForm, DecisionRow, DoneForm, NoteForm
from meetings.forms.filters import ActivityFilter, DecisionFilter, FirmFilter, MatterFilter, MeetingFilter
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
    "ConveneForm",
    "DecisionFilter",
    "DecisionForm",
    "DecisionRow",
    "DoneForm",
    "FirmFilter",
    "GuestRow",
    "ItemForm",
    "KindFilter",
    "KindForm",
    "MatterFilter",
    "MatterForm",
    "MeetingFilter",
    "MeetingForm",
    "MinutesForm",
    "NoteForm",
    "NoticeForm",
    "ReasonForm",
    "SeatRow",
    "SeriesFilter",
    "SeriesForm",
    "act_units",
    "committees_of",
    "default_due",
    "linkable",
    "linkable_at",
    "mechanisms_of",
    "owners",
]
