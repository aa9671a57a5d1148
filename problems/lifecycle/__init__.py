"""The lifecycle of an entry: the only place that writes a state. docs/statuses.md shows the table.

Every function takes (entry or its id, *, by=actor, version=..., ...), answers the entry as written, and raises
`core.transitions.Refused`, `core.transitions.Conflict` or a ValidationError by field, having written nothing.
"""

from problems.lifecycle.ending import close, rate, reopen, resolve, set_waiting_date
from problems.lifecycle.following import follow_enterprise
from problems.lifecycle.handling import (
    add_note,
    ask_extension,
    ask_suspension,
    assign,
    decide_extension,
    escalate,
    escalate_overdue,
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
    join_root,
    merge_into,
    move,
    note_decided,
    raise_problem,
    restore,
    resubmit,
    return_for_completion,
    save_draft,
    submit,
    withdraw,
)
from problems.lifecycle.table import TABLE, can, refusal_for

__all__ = [
    "TABLE", "accept", "add_note", "ask_extension", "ask_suspension", "assign", "attach", "can", "close",
    "correct_dates", "decide_extension", "decline", "edit", "escalate", "escalate_overdue",
    "follow_enterprise", "instruct", "join_root", "merge_into", "move", "note_decided", "object_to", "raise_problem",
    "rate", "refusal_for", "reopen", "report_as_cohandler", "resolve", "restore", "resubmit", "resume",
    "return_for_completion", "rule_on_objection", "save_draft", "set_waiting_date", "sign", "submit", "suspend",
    "transfer", "withdraw",
]  # fmt: skip
