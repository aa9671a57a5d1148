"""The only writers of meetings, decisions and activities."""

from meetings.lifecycle.decisions import cancel_decision, decide, edit_decision, finish_decision, may_finish, owner_of
from meetings.lifecycle.guards import locked, locked_decision
from meetings.lifecycle.meetings import cancel, hold, may_cancel, may_hold, save_meeting, unsettled, wrong_time

__all__ = [
    "cancel", "cancel_decision", "decide", "edit_decision", "finish_decision", "hold", "locked", "locked_decision",
    "may_cancel", "may_finish", "may_hold", "owner_of", "save_meeting", "unsettled", "wrong_time",
]  # fmt: skip
