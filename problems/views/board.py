"""The board: entries by state, and which step leads from one column to another."""

from urllib.parse import urlencode

from django.db.models import F
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core import keyset, workdays
from problems import actions, workbooks
from problems.enums import State
from problems.filters import ProblemFilter
from problems.lifecycle.table import TABLE
from problems.views.entry import seen
from problems.views.lists import COUNTED_AT_ONCE

STATES = (
    State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.ASSIGNED, State.IN_PROGRESS, State.SUSPENDED,
    State.RESOLVED, State.CLOSED,
)  # fmt: skip
CARDS = 12


@require_GET
def board(request):
    """Entries as filtered, a column for each state, the first by deadline in each; HTMX gets the columns alone."""
    asked = request.GET.copy()
    for name in ("state", "sort", "view", "after", "before"):
        asked.pop(name, None)
    chosen = ProblemFilter(asked, request.actor)
    counts = None if "light" in chosen.values else chosen.counts(COUNTED_AT_ONCE)
    rows, calendars = chosen.queryset().order_by(), workdays.everywhere()
    first = keyset.joined(rows, {state: _first(rows, state) for state in STATES})
    here = asked.get("column", "")
    here = here if here in STATES else str(State.IN_PROGRESS)
    asked.pop("column", None)
    kept = urlencode([(name, value) for name, values in asked.lists() for value in values if value])
    columns = [_column(rows, state, counts, kept, here) | {"rows": first[state]} for state in STATES]
    for column in columns:
        workbooks.dress(column["rows"], chosen.today, calendars)
    context = {"filter_form": chosen.form, "columns": columns, "kept": kept, "most": COUNTED_AT_ONCE}
    fragment = request.htmx and not request.htmx.boosted
    return render(request, "problems/board.html#results" if fragment else "problems/board.html", context)


def _first(rows, state):
    """The first cards of a state."""
    order = ["-id"] if state == State.CLOSED else [F("due_on").asc(nulls_last=True), "id"]
    return rows.filter(state=state).order_by(*order)[:CARDS]


def _column(rows, state, counts, kept: str, here: str) -> dict:
    """A state and how many entries it has: exact up to the number that a list counts at once."""
    number = counts[state] if counts is not None else rows.filter(state=state)[: COUNTED_AT_ONCE + 1].count()
    listed = urlencode({"state": str(state), "sort": "-number" if state == State.CLOSED else "due_on"})
    return {
        "state": str(state),
        "label": state.label,
        "count": min(number, COUNTED_AT_ONCE) if counts is None else number,
        "is_cut": counts is None and number > COUNTED_AT_ONCE,
        "url": f"{reverse('problems:list')}?{listed}" + (f"&{kept}" if kept else ""),
        "tab_url": f"?{urlencode({'column': str(state)})}" + (f"&{kept}" if kept else ""),
        "is_here": str(state) == here,
    }


@require_GET
def moves(request, pk: int):
    """The steps open to this person, for the menu of a card. With `to`, those that lead to that state: the only one
    opens at once (its form, never the deed), several are offered, none says why."""
    problem, target = seen(request, pk), request.GET.get("to", "")
    main, other, refused = actions.offered(problem, request.actor)
    steps = [*main, *other]
    if target not in State.values:
        part = "problems/board_moves.html#steps" if request.htmx else "problems/board_moves.html"
        return render(request, part, {"problem": problem, "steps": steps})
    leading = [one for one in steps if TABLE[one.action.guard].target == target]
    if len(leading) == 1:
        return redirect("problems:act", pk=problem.pk, name=leading[0].action.name)
    context = {
        "problem": problem,
        "steps": leading or steps,
        "target": State(target).label,
        "leads": bool(leading),
        "refused": [one for one in refused if TABLE[one.action.guard].target == target],
    }
    return render(request, "problems/board_moves.html", context)
