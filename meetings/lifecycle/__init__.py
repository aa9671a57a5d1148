"""The only writers of meetings, decisions and activities."""

from meetings.lifecycle.activities import (
    NearVisit,
    cancel_activity,
    join_activity,
    locked_activity,
    may_change,
    save_activity,
)
from meetings.lifecycle.decisions import cancel_decision, decide, edit_decision, finish_decision, may_finish, owner_of
from meetings.lifecycle.guards import locked, locked_decision
from meetings.lifecycle.meetings import cancel, hold, may_cancel, may_hold, save_meeting, unsettled, wrong_time

__all__ = [
    "NearVisit",
    "cancel",
    "cancel_activity",
    "cancel_decision",
    "decide",
    "edit_decision",
    "finish_decision",
    "hold",
    "join_activity",
    "locked",
    "locked_activity",
    "locked_decision",
    "may_cancel",
    "may_change",
    "may_finish",
    "may_hold",
    "owner_of",
    "save_activity",
    "save_meeting",
    "unsettled",
    "wrong_time",
]  # fmt: skip
