"""The lifecycle of an entry: the only place that writes a state. docs/statuses.md shows the table.

Every function takes (entry or its id, *, by=actor, version=..., ...), answers the entry as written, and raises
`core.transitions.Refused`, `core.transitions.Conflict` or a ValidationError by field, having written nothing.
"""

from problems.lifecycle.ending import close, rate, reopen, resolve, say_not_solved, set_waiting_date, wait_by_meeting
from problems.lifecycle.following import follow_enterprise
from problems.lifecycle.handing_over import hand_over_draft, hand_over_leg
from problems.lifecycle.handling import (
    add_helpers,
    add_note,
    ask_extension,
    ask_suspension,
    assign,
    decide_extension,
    extend_by_meeting,
    instruct,
    object_to,
    report_as_cohandler,
    resume,
    rule_on_objection,
    sign,
    suspend,
    transfer,
)
from problems.lifecycle.intake import (
    accept,
    attach,
    correct_dates,
    decline,
    edit,
    merge_into,
    move,
    note_decided,
    place_of,
    raise_problem,
    restore,
    resubmit,
    return_for_completion,
    save_draft,
    submit,
    withdraw,
)
from problems.lifecycle.pressing import escalate, urge
from problems.lifecycle.roots import join_root, not_by_root, settle_by_root
from problems.lifecycle.table import TABLE, can, refusal_for
from problems.lifecycle.undoing import undo

__all__ = [
    "TABLE", "accept", "add_helpers", "add_note", "ask_extension", "ask_suspension", "assign", "attach", "can",
    "close", "correct_dates", "decide_extension", "decline", "edit", "escalate",
    "extend_by_meeting", "follow_enterprise",
    "hand_over_draft", "hand_over_leg",
    "instruct", "join_root", "merge_into", "move", "not_by_root", "note_decided", "object_to", "place_of",
    "raise_problem",
    "rate", "refusal_for", "reopen", "report_as_cohandler", "resolve", "restore", "resubmit", "resume",
    "return_for_completion", "rule_on_objection", "save_draft", "say_not_solved", "set_waiting_date",
    "settle_by_root", "sign", "submit", "suspend", "transfer", "undo", "urge", "wait_by_meeting", "withdraw",
]  # fmt: skip
