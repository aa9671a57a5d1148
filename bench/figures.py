"""What a figure costs to read, and a change to roll up, on a small and on a large ledger.

`python -m bench.figures` makes a database of each size in a folder of its own (BENCH_PROBLEMS, default
"10000,1000000"), measures, and prints the growth from the first size to the last. It touches no other database.
"""

import contextlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from config.local.layout import Layout

PROJECT = Path(__file__).resolve().parent.parent
SIZES = [int(size) for size in os.environ.get("BENCH_PROBLEMS", "10000,1000000").split(",")]
COUNTIES = os.environ.get("BENCH_COUNTIES", "10")
TURNS = int(os.environ.get("BENCH_TURNS", "3"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
GROWTH = {"read": 1.2, "page of figures": 1.2, "series": 1.2, "change": 1.1, "roll-up of a change": 1.2}


def main():
    """Make all databases first, then measure them in turn, so that what else the machine does hits each alike."""
    with contextlib.ExitStack() as stack:
        ledgers = {size: Ledger(size, stack) for size in SIZES}
        rounds = {size: [] for size in SIZES}
        for _turn in range(TURNS):
            for size, ledger in ledgers.items():
                rounds[size].append(ledger.measured())
    _report({size: {name: min(one[name] for one in found) for name in found[0]} for size, found in rounds.items()})


class Ledger:
    """A database of `size` synthetic problems in a temporary folder, with servers of its own while it is used."""

    def __init__(self, size, stack):
        folder = Path(tempfile.mkdtemp(prefix="chain-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.callback(Layout(folder / "data").remove_outside)
        hidden = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL")
        self.environment = {key: value for key, value in os.environ.items() if key not in hidden} | {
            "DATA_DIR": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "true",
        }  # fmt: skip
        print(f"making a ledger of {size:,} problems ...", flush=True)
        self.run("migrate", "--verbosity", "0")
        self.run("synthesise", "--problems", str(size), "--counties", COUNTIES, "--seed", "1")

    def run(self, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, check=True, text=True, stdout=subprocess.PIPE
        )  # fmt: skip
        return done.stdout

    def measured(self):
        text = self.run("shell", "--no-imports", "-c", "from bench.figures import measure; measure()")
        return json.loads(text.strip().splitlines()[-1])


def _report(results):
    first, last = results[SIZES[0]], results[SIZES[-1]]
    print(f"\n{'figures':28}" + "".join(f"{size:>14,}" for size in SIZES) + f"{'growth':>10}{'target':>9}")
    for name in first:
        values = "".join(f"{results[size][name]:>14.2f}" for size in SIZES)
        target = f"{'<= ' + str(GROWTH[name]):>9}" if name in GROWTH else ""
        print(f"{name:28}{values}{last[name] / first[name]:>10.2f}{target}")
    print("(ms, unless it says s; best of the turns' medians; growth = last size over first)")


def measure():
    """In the product's own process: prints one line of JSON with medians in milliseconds."""
    from core.periods import Period
    from indicators import declarations, drain, figures, recount

    codes = [one.code for one in declarations.indicators()]
    scope, months = _county(), Period.parse("2026-01..2026-08").months()
    period = Period.parse("2026-08")
    while drain.drain():
        pass
    started = time.perf_counter()
    recount.rebuild()
    recounted = time.perf_counter() - started
    changes, roll_ups = _changes(drain.drain)
    print(
        json.dumps(
            {
                "read": _median(lambda: figures.read(["problems_raised"], scope, period)),
                "page of figures": _median(lambda: figures.read(codes, scope, period)),
                "series": _median(lambda: figures.series(codes[:20], scope, months)),
                "change": changes,
                "roll-up of a change": roll_ups,
                "full recount (s)": recounted,
            }
        )
    )


def _county():
    from alliances.figure_scopes import scope_of
    from alliances.models import Region

    return scope_of(Region.objects.filter(level="county").order_by("pk").first())


def _median(work):
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _changes(drain):
    """Medians of writing one change (with its triggers) and of rolling it up, over problems here and there."""
    from django.db.models import F

    from problems.models import Problem

    rng, changes, roll_ups = random.Random(1), [], []
    low, high = Problem.objects.order_by("pk").first().pk, Problem.objects.order_by("-pk").first().pk
    while len(changes) < ROUNDS:
        found = Problem.objects.filter(pk=rng.randint(low, high)).exclude(accepted_on=None)
        started = time.perf_counter()
        if not found.update(accepted_on=F("accepted_on") + 1):
            continue
        middle = time.perf_counter()
        drain()
        changes.append((middle - started) * 1000)
        roll_ups.append((time.perf_counter() - middle) * 1000)
    return statistics.median(changes), statistics.median(roll_ups)


if __name__ == "__main__":
    main()
