"""The problem ledger (问题台账): one entry is one difficulty of one enterprise."""

from problems.models.bulk import BulkItem, BulkRun
from problems.models.course import Assignment, LastStep, StateSpan, StepLimit
from problems.models.files import Attachment
from problems.models.problem import Problem
from problems.models.requests import Extension, Objection
from problems.models.rules import Category, CategoryKinds, LadderRung, Rulebook, RulebookLimit
from problems.models.saved_views import SavedView
from problems.models.supervision import Instruction, Reminder, Slip
from problems.models.voice import CallBack, VoiceLink

__all__ = [
    "Assignment", "Attachment", "BulkItem", "BulkRun", "CallBack", "Category", "CategoryKinds", "Extension",
    "Instruction", "LadderRung", "LastStep", "Objection", "Problem", "Reminder", "Rulebook", "RulebookLimit",
    "SavedView", "Slip", "StateSpan", "StepLimit", "VoiceLink",
]  # fmt: skip
