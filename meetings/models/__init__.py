"""Meetings, decisions, activities (会议、议定事项、活动)."""

from meetings.models.activity import (
    Activity,
    ActivityFile,
    ActivityPeople,
    ActivityProblem,
    ActivityReach,
    ActivityUnit,
)
from meetings.models.decision import Decision, DecisionFile, DecisionNote
from meetings.models.duty import AnnualReport, DutyTerm
from meetings.models.kinds import ActivityKind, MeetingKind, VisitGuard
from meetings.models.matter import Matter
from meetings.models.meeting import AgendaItem, Attendance, Meeting, MeetingFile
from meetings.models.recurring import CalendarFeed, MeetingSeries

__all__ = [
    "Activity", "ActivityFile", "ActivityKind", "ActivityPeople", "ActivityProblem", "ActivityReach", "ActivityUnit",
    "AgendaItem", "AnnualReport", "Attendance", "CalendarFeed", "Decision", "DecisionFile", "DecisionNote",
    "DutyTerm", "Matter", "Meeting", "MeetingFile", "MeetingKind", "MeetingSeries", "VisitGuard",
]  # fmt: skip
