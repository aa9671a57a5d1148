"""The problem ledger (问题台账): one entry is one difficulty of one enterprise."""

from problems.models.course import Assignment, StateSpan
from problems.models.files import Attachment
from problems.models.problem import Problem
from problems.models.requests import Extension, Objection
from problems.models.rules import Category, Rulebook

__all__ = [
    "Assignment", "Attachment", "Category", "Extension", "Objection", "Problem", "Rulebook", "StateSpan",
]  # fmt: skip
