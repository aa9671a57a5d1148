"""The table of transitions: what docs/statuses.md says, what the pages offer, and what the code does are one thing."""

from pathlib import Path

import pytest

from audit.models import Event
from core.transitions import Refused
from problems import lifecycle
from problems.actions import ACTIONS
from problems.enums import CLOCK_STATES, ENDED_STATES, OPEN_STATES, PAUSED_STATES, State
from problems.lifecycle.table import TABLE
from problems.models import Problem
from tests.problems.steps import in_state

PEOPLES_CODES = ("role", "unit", "author", "doer", "handler_rates", "handler_closes", "handler_calls")
PAGE = Path(__file__).parents[2] / "docs" / "statuses.md"
PEOPLE = ["county_officer", "leader", "chain_secretary", "team_member", "department_officer", "branch_secretary",
          "auditor", "system_admin", "stranger_officer", "stranger_secretary"]  # fmt: skip
# Who may, by the rule of each row (its function in problems/perms.py), on an entry of the cast's first enterprise.
# Branch secretaries wrote the entry; the help team leads and the department helps while it is handled.
WHO = {
    "as_author": {"branch_secretary"},
    "as_keeper": {"county_officer", "chain_secretary"},
    "as_accepter": {"county_officer", "chain_secretary"},
    "as_assigner": {"county_officer"},
    "as_ruler": {"county_officer"},
    "as_officer": {"county_officer"},
    "as_handler": {"team_member"},
    "as_handler_or_officer": {"team_member", "county_officer"},
    "as_unit_or_officer": {"team_member", "department_officer", "county_officer"},
    "as_urger": {"county_officer", "chain_secretary", "branch_secretary", "leader"},
    "as_settler": {"county_officer", "chain_secretary", "branch_secretary"},
    "as_cohandler": {"department_officer"},
    "as_raiser": {"county_officer", "chain_secretary", "branch_secretary"},
    "as_enterprise": {"branch_secretary"},
    "as_reviewer": {"county_officer", "chain_secretary"},
    "as_leader": {"leader"},
    "as_anyone_involved": {
        "county_officer",
        "chain_secretary",
        "team_member",
        "department_officer",
        "branch_secretary",
    },
    "as_contributor": {"county_officer", "chain_secretary", "team_member", "department_officer", "branch_secretary"},
    "as_caller": {"county_officer", "chain_secretary"},
    "as_suspender": {"county_officer"},
    "as_decider": {"county_officer", "chain_secretary", "leader"},
}


# Who took the last step on the way to a state (tests/problems/steps.py); nobody where it was only raised.
LAST_DOER = {
    "returned": "chain_secretary", "declined": "chain_secretary", "withdrawn": "branch_secretary",
    "accepted": "chain_secretary", "assigned": "county_officer", "in_progress": "team_member",
    "suspended": "county_officer", "resolved": "team_member", "closed": "chain_secretary",
}  # fmt: skip


def expected(name, state) -> set:
    rule = TABLE[name].allowed.__name__
    if rule == "as_editor":
        rule = "as_raiser" if state in ("draft", "submitted", "returned", "declined", "withdrawn") else "as_keeper"
    if rule == "as_last_doer":
        return {LAST_DOER[state]} if state in LAST_DOER else set()
    people = set(WHO[rule])
    handled = state in ("assigned", "in_progress", "suspended", "resolved", "closed")
    if not handled:
        people -= {"team_member", "department_officer"}
    if state in ("resolved", "closed"):
        people -= {"department_officer"}  # the helper's leg has ended
    return people


@pytest.mark.django_db
@pytest.mark.parametrize("state", State.values)
def test_people_and_states(world, state):
    """Every transition, from every state, for everybody: only the table's people, only in the table's states."""
    problem = Problem.objects.get(pk=in_state(world, state).pk)
    before = Event.objects.count()
    actors = {person: world.actor(person) for person in PEOPLE}
    for name, transition in TABLE.items():
        for person in PEOPLE:
            refusal = lifecycle.refusal_for(name, problem, actors[person])
            if state not in transition.sources:
                assert refusal.code == "state", (name, person)
            elif person not in expected(name, state):
                assert refusal and refusal.code not in ("state",) and str(refusal.sentence), (name, person)
                assert refusal.code in PEOPLES_CODES, (name, person)
            else:
                # The person may; a standing rule (window, pending request) may still say no.
                assert refusal is None or refusal.code not in (*PEOPLES_CODES, "state"), (name, person)
    assert Event.objects.count() == before


@pytest.mark.django_db
def test_who_handles_neither_rates_nor_closes(world):
    from core.actor import Actor

    problem = in_state(world, "resolved")
    both = Actor(
        user_id=world.people["team_member"].pk,
        duties=world.actor("team_member").duties
        + world.actor("branch_secretary").duties
        + world.actor("county_officer").duties,
    )
    for call, code in ((lifecycle.rate, "handler_rates"), (lifecycle.close, "handler_closes")):
        with pytest.raises(Refused) as caught:
            call(problem, by=both, **({"rating": "satisfied"} if call is lifecycle.rate else {}))
        assert caught.value.refusal.code == code


def test_groups_of_states_are_whole():
    assert set(State.values) == set(map(str, OPEN_STATES | ENDED_STATES)) | {"draft"}
    assert not OPEN_STATES & ENDED_STATES and CLOCK_STATES < OPEN_STATES and PAUSED_STATES < OPEN_STATES


def test_every_transition_is_a_function_and_is_offered():
    """Rulings and ratings are two rows of one function; what meetings write, files and hand-overs have no step page."""
    twins = {"grant_objection", "refuse_objection", "grant_extension", "refuse_extension", "rate_not_satisfied"}
    for name in set(TABLE) - twins:
        assert callable(getattr(lifecycle, name)), name
    assert {action.guard for action in ACTIONS.values()} == set(TABLE) - {
        "note_decided", "attach", "refuse_objection", "refuse_extension", "rate_not_satisfied", "say_not_solved",
        "hand_over_leg", "extend_by_meeting", "wait_by_meeting",
    }  # fmt: skip


def statuses() -> str:
    """The page of docs, printed from the table."""
    lines = [
        "# States of an entry of the ledger",
        "",
        "Printed from `problems/lifecycle/table.py`; a test keeps them equal. To print it again, take the text of",
        "`statuses()` in tests/problems/test_table.py.",
        "",
        "| state | 中文 | group |",
        "| --- | --- | --- |",
    ]
    for value in State.values:
        group = "open" if value in OPEN_STATES else "ended" if value in ENDED_STATES else "not yet raised"
        extra = "; the clock runs" if value in CLOCK_STATES else "; the clock stands" if value in PAUSED_STATES else ""
        lines.append(f"| `{value}` | {State(value).label} | {group}{extra} |")
    lines += [
        "",
        "| transition | 中文 | from | to | who (`problems/perms.py`) | meaning |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, row in TABLE.items():
        sources = ", ".join(f"`{value}`" for value in State.values if value in row.sources)
        target = f"`{row.target}`" if row.target else "same"
        who = (row.allowed.__doc__ or "").strip().splitlines()[0]
        rule = f"`{row.allowed.__name__}`: {who}"
        lines.append(f"| `{name}` | {row.label} | {sources} | {target} | {rule} | {row.meaning} |")
    lines += [
        "",
        "`resume` goes back to `assigned` where the unit had not signed yet, `resubmit` to the state that the entry",
        "was returned from, `undo` to the state before the last step. A merged entry is in `declined` with the",
        "outcome `merged`; a waiting one (挂账) is in `resolved` with the outcome `waiting` and a grey light, and is",
        "neither rated nor closed.",
        "",
    ]
    return "\n".join(lines)


def test_the_page_of_docs_is_the_table():
    assert PAGE.read_text(encoding="utf-8") == statuses()
