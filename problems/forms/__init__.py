"""Forms of the ledger. The API reads its fields from the same forms, so that a rule is written once."""

from problems.forms.base import NoteForm, ReasonForm, StepForm
from problems.forms.ending import RateForm, ResolveForm, WaitingDateForm
from problems.forms.entry import AttachForm, ProblemForm, enterprises_for, own_enterprise
from problems.forms.fields import LARGEST_VERSION, CategoryField, DayField, NumberField, TextField, category_choices
from problems.forms.handling import (
    AnswerForm,
    AssignForm,
    DecisionForm,
    EscalateForm,
    ExtensionForm,
    GroundForm,
    HelpersForm,
    LeadForm,
    LongTextForm,
    ReportForm,
    RulingForm,
    SuspendForm,
    TransferForm,
    UrgeForm,
    unit_choices,
)
from problems.forms.intake import CorrectDatesForm, EditForm, MergeForm, MoveForm, ResubmitForm, RootForm
from problems.forms.supervision import InstructForm

__all__ = [
    "LARGEST_VERSION", "AnswerForm", "AssignForm", "AttachForm", "CategoryField", "CorrectDatesForm",
    "DayField", "DecisionForm", "EditForm", "EscalateForm", "ExtensionForm", "GroundForm", "HelpersForm",
    "InstructForm", "LeadForm", "LongTextForm", "MergeForm", "MoveForm", "NoteForm", "NumberField", "ProblemForm",
    "RateForm", "ReasonForm", "ReportForm", "ResolveForm", "ResubmitForm", "RootForm", "RulingForm", "StepForm",
    "SuspendForm", "TextField", "TransferForm", "UrgeForm", "WaitingDateForm", "category_choices",
    "enterprises_for", "own_enterprise", "unit_choices",
]  # fmt: skip
