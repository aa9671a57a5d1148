"""What a change of the rules or of the calendar costs on a county with many open entries.

A synthetic ledger of closed entries has few open ones: those are copied, with their spans, legs and limits, until there
are enough. BENCH_OPEN names how many (default "10000,20000").
"""

import contextlib
import datetime as dt
import os
import sys
import time

from bench.ledgers import Ledger

TITLE = "rules and calendar, by open entries"
SIZES = [int(size) for size in os.environ.get("BENCH_OPEN", "10000,20000").split(",")]
TEMPLATES = 500
# The county's officer waits for a preview; a worker does the rest. Ten thousand open entries are forty thousand rows
# to read and reckon: some 2.3 s of processor time, most of it in making objects of rows, before the database's own.
TARGETS = {"preview of a rulebook (s)": 4.0}


def show() -> bool:
    """Measure on a ledger of its own in the product's own process, print, answer whether the targets were kept."""
    with contextlib.ExitStack() as stack:
        results = Ledger(20_000, stack, counties=1).measured(sys.modules[__name__])
    print(f"\n{TITLE:36}" + "".join(f"{size:>14}" for size in results) + f"{'target':>9}")
    kept = True
    for name in next(iter(results.values())):
        target = TARGETS.get(name)
        missed = target is not None and results[str(SIZES[0])][name] > target
        kept = kept and not missed
        values = "".join(f"{found[name]:>14.2f}" for found in results.values())
        print(f"{name:36}{values}{target or '':>9}{'  MISSED' if missed else ''}", flush=True)
    return kept


def measure() -> dict[int, dict[str, float]]:
    """{open entries: {what: seconds, or entries a second}}."""
    return {size: _on(size) for size in SIZES}


def _on(size: int) -> dict[str, float]:
    from alliances.models import Region
    from core import clock, editions
    from core.actor import SYSTEM
    from problems import rules
    from problems.enums import Reach
    from problems.lifecycle import recalculation, rulebooks
    from problems.lifecycle.rule_preview import preview

    county = Region.objects.get(code="980101")
    fill(county, size)
    today = clock.today()
    before = rules.rulebook_for(county, today)
    draft = _draft(county, today, before)
    found = {}
    with _stopwatch(found, "preview of a rulebook (s)"):
        preview(draft.book(), today, before)
    book = rulebooks.make(draft, by=SYSTEM, reach=Reach.OPEN)
    with _stopwatch(found, "recalculation by rules (s)"):
        rulebooks.work_off()
    book.refresh_from_db()
    found["  entries moved"] = book.moved
    day = today + dt.timedelta(days=1)
    while day.weekday() > 4:
        day += dt.timedelta(days=1)
    with _stopwatch(found, "preview of a day off (s)"):
        editions.preview({day: "local_off"}, county.path)
    edition = editions.change({day: "local_off"}, by=SYSTEM, reason="bench", region_path=county.path)
    with _stopwatch(found, "recalculation by calendar (s)"):
        recalculation.work_off()
    edition.refresh_from_db()
    found["  entries moved by calendar"] = edition.moved
    editions.change({day: None}, by=SYSTEM, reason="bench", region_path=county.path)
    recalculation.work_off()
    return found


class _stopwatch:
    def __init__(self, found: dict, name: str):
        self.found, self.name = found, name

    def __enter__(self):
        self.started = time.perf_counter()

    def __exit__(self, *_error):
        self.found[self.name] = time.perf_counter() - self.started


def _draft(county, today, before):
    from problems.lifecycle.rulebooks import Draft
    from problems.rulebook.fields import NAMES
    from problems.rules import ladder_of

    values = {name: getattr(before, name) for name in NAMES}
    values |= {name: values[name] + 2 for name in ("sign_days", "first_reply_days", "ordinary_days", "urgent_days")}
    return Draft(county, today, values, ladder=ladder_of(before), note="bench")


# --- entries ------------------------------------------------------------------------------------------------------
def fill(county, wanted: int) -> None:
    """Copy the county's entries that wait for acceptance or assignment, run or stand still, up to `wanted`."""
    from django.db import connection, transaction

    from core import owner
    from problems.enums import CLOCK_STATES, PAUSED_STATES, State
    from problems.models import Problem

    states = [str(state) for state in (*CLOCK_STATES, *PAUSED_STATES, State.SUBMITTED, State.ACCEPTED)]
    rows = Problem.objects.filter(region__path__startswith=county.path, state__in=states)
    missing = wanted - rows.count()
    if missing <= 0:
        return
    with owner.as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.bulk = 'on'")
        _copy(cursor, list(rows.order_by("pk").values_list("pk", flat=True)[:TEMPLATES]), missing)


def _copy(cursor, templates: list[int], missing: int) -> None:
    from problems.models import Assignment, Problem, StateSpan, StepLimit

    problem, leg = Problem._meta.db_table, Assignment._meta.db_table
    cursor.execute(
        "CREATE TEMPORARY TABLE bench_entry ON COMMIT DROP AS SELECT t AS old,"
        f" nextval(pg_get_serial_sequence('{problem}', 'id')) AS id"
        " FROM generate_series(1, %s) n, unnest(%s::bigint[]) t ORDER BY n, t LIMIT %s",
        [-(-missing // len(templates)), templates, missing],
    )
    own = {"id": "e.id", "number": "'BENCH-' || e.id", "closing_number": "NULL"}
    cursor.execute("CREATE INDEX ON bench_entry (old)")
    cursor.execute("ANALYZE bench_entry")
    cursor.execute(_insert(Problem, own, "bench_entry e JOIN {table} r ON r.id = e.old"))
    cursor.execute(_insert(StateSpan, {"problem_id": "e.id"}, "bench_entry e JOIN {table} r ON r.problem_id = e.old"))
    cursor.execute(
        "CREATE TEMPORARY TABLE bench_leg ON COMMIT DROP AS SELECT r.id AS old, e.id AS problem_id,"
        f" nextval(pg_get_serial_sequence('{leg}', 'id')) AS id"
        f" FROM bench_entry e JOIN {leg} r ON r.problem_id = e.old"
    )
    cursor.execute("CREATE INDEX ON bench_leg (problem_id, old)")
    cursor.execute("ANALYZE bench_leg")
    own = {"id": "l.id", "problem_id": "l.problem_id"}
    cursor.execute(_insert(Assignment, own, "bench_leg l JOIN {table} r ON r.id = l.old"))
    source = (
        "bench_entry e JOIN {table} r ON r.problem_id = e.old"
        " LEFT JOIN bench_leg l ON l.old = r.assignment_id AND l.problem_id = e.id"
    )
    cursor.execute(_insert(StepLimit, {"problem_id": "e.id", "assignment_id": "l.id"}, source))
    for table in (problem, leg, StateSpan._meta.db_table, StepLimit._meta.db_table):
        cursor.execute(f"ANALYZE {table}")


def _insert(model, own: dict[str, str], source: str) -> str:
    """A statement that copies rows of a table, some columns by expressions of their own."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    names = [field.column for field in fields if field.column != "id" or "id" in own]
    values = ", ".join(own.get(name, f"r.{name}") for name in names)
    table = model._meta.db_table
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {source.format(table=table)}"
