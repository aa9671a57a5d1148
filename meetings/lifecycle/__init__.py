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
from meetings.lifecycle.feeds import make_feed, revoke_feed
from meetings.lifecycle.guards import locked, locked_decision, unless_filed
from meetings.lifecycle.kinds import save_kind
from meetings.lifecycle.meetings import (
    LoggedBefore,
    cancel,
    hold,
    may_cancel,
    may_hold,
    save_meeting,
    unsettled,
    wrong_time,
)
from meetings.lifecycle.series import make_drafts, save_series
from meetings.lifecycle.stages import (
    archive,
    days_of_notice,
    late_sentence,
    may_archive,
    may_minute,
    may_notify,
    may_take_back,
    minute,
    notify,
    stage_before,
    take_back,
    told_by_notice,
)

__all__ = [
    "LoggedBefore",
    "NearVisit",
    "archive",
    "cancel",
    "cancel_activity",
    "cancel_decision",
    "days_of_notice",
    "decide",
    "edit_decision",
    "finish_decision",
    "hold",
    "join_activity",
    "late_sentence",
    "locked",
    "locked_activity",
    "locked_decision",
    "make_drafts",
    "make_feed",
    "may_archive",
    "may_cancel",
    "may_change",
    "may_finish",
    "may_hold",
    "may_minute",
    "may_notify",
    "may_take_back",
    "minute",
    "notify",
    "owner_of",
    "revoke_feed",
    "save_activity",
    "save_kind",
    "save_meeting",
    "save_series",
    "stage_before",
    "take_back",
    "told_by_notice",
    "unless_filed",
    "unsettled",
    "wrong_time",
]
