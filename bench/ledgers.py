"""Ledgers of several sizes in databases of their own, and the comparison of what is measured on them.

BENCH_PROBLEMS names the sizes (default "10000,1000000"). The databases are made in temporary folders and removed;
with BENCH_KEEP set to a folder they stay there and the next run takes them up. No other database is touched.
"""

import contextlib
import json
import os
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
KEEP = os.environ.get("BENCH_KEEP")
READY = "synthesised"


class Ledger:
    """A database of `size` synthetic problems in a folder, with servers of its own while it is used."""

    def __init__(self, size: int, stack: contextlib.ExitStack, counties: int | str = COUNTIES):
        folder = self._folder(size, stack)
        hidden = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL")
        self.environment = {key: value for key, value in os.environ.items() if key not in hidden} | {
            "DATA_DIR": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "true",
        }  # fmt: skip
        self.run("migrate", "--verbosity", "0")
        self.run("collectstatic", "--noinput", "--verbosity", "0")
        if not (folder / READY).exists():
            print(f"making a ledger of {size:,} problems ...", flush=True)
            started = time.monotonic()
            self.run("synthesise", "--problems", str(size), "--counties", str(counties), "--seed", "1")
            print(f"made in {time.monotonic() - started:.0f} s", flush=True)
            (folder / READY).touch()

    def _folder(self, size: int, stack: contextlib.ExitStack) -> Path:
        if KEEP:
            folder = Path(KEEP) / str(size)
            folder.mkdir(parents=True, exist_ok=True)
            return folder
        folder = Path(tempfile.mkdtemp(prefix="chain-bench-"))
        # The servers run as another account where this is root: it has to pass.
        folder.chmod(0o711)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.callback(Layout(folder / "data").remove_outside)
        return folder

    def run(self, *arguments: str) -> str:
        """A management command in this ledger's own process and database; its output."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, check=True, text=True, stdout=subprocess.PIPE
        )  # fmt: skip
        return done.stdout

    def measured(self, module) -> dict[str, float]:
        """What `module.measure()` answers on this ledger, in the product's own process."""
        code = f"import json; from {module.__name__} import measure; print(json.dumps(measure()))"
        text = self.run("shell", "--no-imports", "-c", code)
        return json.loads(text.strip().splitlines()[-1])


def compare(*modules) -> bool:
    """Measure each module on all sizes and print each one's table. Answers whether every growth kept its target."""
    with contextlib.ExitStack() as stack:
        ledgers = {size: Ledger(size, stack) for size in SIZES}
        kept = [measured_in_turns(ledgers, module) for module in modules]
        return all(kept)


def measured_in_turns(ledgers: dict, module) -> bool:
    """Measure on all ledgers in turn, so that what else the machine does hits each alike; print the table."""
    rounds = {size: [] for size in ledgers}
    for _turn in range(TURNS):
        for size, ledger in ledgers.items():
            rounds[size].append(ledger.measured(module))
    return _print(module, {size: _best(found) for size, found in rounds.items()})


def _best(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: min(one[name] for one in rounds) for name in rounds[0]}


def _print(module, results) -> bool:
    sizes, kept = list(results), True
    first, last = results[sizes[0]], results[sizes[-1]]
    print(f"\n{module.TITLE:36}" + "".join(f"{size:>14,}" for size in sizes) + f"{'growth':>10}{'target':>9}")
    for name in first:
        values = "".join(f"{results[size][name]:>14.2f}" for size in sizes)
        growth, limit = last[name] / first[name], module.GROWTH.get(name)
        kept = kept and (limit is None or growth <= limit)
        target = f"{'<= ' + str(limit):>9}{'' if growth <= limit else '  MISSED'}" if limit else ""
        print(f"{name:36}{values}{growth:>10.2f}{target}", flush=True)
    print("(ms, unless it says s; best of the turns' medians; growth = last size over first)", flush=True)
    return kept


def median(work) -> float:
    """Milliseconds of `work`: the median of ROUNDS calls."""
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)
