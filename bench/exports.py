"""The ledger from the database to a file, held against the fastest writer of workbooks on rows that lie ready.

15 columns of every entry, through the function that web and worker share. BENCH_EXPORTS names the sizes; each is a
database and a process of its own. Targets: at most 2 times the writer alone, at most 60 MiB above the start whatever
the size.
"""

import contextlib
import os
import resource
import statistics
import sys
import tempfile
import time

from bench.ledgers import Ledger

SIZES = [int(size) for size in os.environ.get("BENCH_EXPORTS", "10000,100000").split(",")]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
KEYS = (
    "light", "number", "title", "enterprise", "category", "chain", "state", "lead", "submitted_on", "due_on",
    "days_left", "urgency", "source", "region", "outcome",
)  # fmt: skip
TIMES, MEMORY = 2.0, 60.0


def measure() -> dict[str, float]:
    """Seconds of both ways (the medians of rounds taken in turn), rows, and MiB that the first export added."""
    from django.http import QueryDict

    from core.actor import SYSTEM
    from exchange.exports import files
    from exchange.writer import write_table
    from problems import workbooks
    from problems.filters import ProblemFilter

    def listing():
        return workbooks.listing(ProblemFilter(QueryDict("state=all"), SYSTEM), KEYS)

    small = listing()
    small.rows = small.rows[:10]
    _timed(lambda target: files.write(target, small, SYSTEM))
    before = _peak()
    _timed(lambda target: files.write(target, listing(), SYSTEM))
    grown = _peak() - before
    whole = listing()
    columns, rows = files.columns_of(whole), list(whole.read())
    exported, ready = [], []
    for _round in range(ROUNDS):
        exported.append(_timed(lambda target: files.write(target, listing(), SYSTEM)))
        ready.append(_timed(lambda target: write_table(target, "表", columns, rows)))
    return {
        "rows": len(rows), "exported": statistics.median(exported), "ready": statistics.median(ready), "grown": grown,
    }  # fmt: skip


def _timed(write) -> float:
    with tempfile.TemporaryFile() as target:
        started = time.perf_counter()
        write(target)
        return time.perf_counter() - started


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def show() -> bool:
    """Measure each size and print it. Answers whether every target was kept."""
    print(f"\n{'the ledger as a workbook, 15 columns':44}{'ready, s':>10}{'export, s':>10}{'times':>7}{'MiB':>7}")
    kept = True
    for size in SIZES:
        with contextlib.ExitStack() as stack:
            found = Ledger(size, stack).measured(sys.modules["bench.exports"])
        times = found["exported"] / found["ready"]
        good = times <= TIMES and found["grown"] <= MEMORY
        kept = kept and good
        told = f"{found['rows']:,} rows"
        figures = f"{found['ready']:>10.2f}{found['exported']:>10.2f}{times:>7.2f}{found['grown']:>7.0f}"
        print(f"{told:44}{figures}{'' if good else '  MISSED'}", flush=True)
    print(f"(at most {TIMES} times the writer on ready rows, at most {MEMORY:.0f} MiB more than before)")
    return kept
