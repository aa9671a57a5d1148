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

from bench.work import MARK
from config.local.layout import Layout

PROJECT = Path(__file__).resolve().parent.parent
SIZES = [int(size) for size in os.environ.get("BENCH_PROBLEMS", "10000,1000000").split(",")]
COUNTIES = os.environ.get("BENCH_COUNTIES", "10")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
KEEP = os.environ.get("BENCH_KEEP")
# Only works with this in their names.
NAMED = os.environ.get("BENCH_NAMED", "")
READY = "synthesised"
# Seconds that one work may take on all ledgers together; a slow one is done less often, at least three times.
PATIENCE = 30.0
LEAST = 3
# Two pages are alike where the smaller has this share of the other's bytes.
ALIKE = 0.9
# So many statements may two pages differ by: a part with nothing in it asks nothing further.
APART = 3


class Ledger:
    """A database of `size` synthetic problems in a folder, with servers of its own while it is used."""

    def __init__(self, size: int, stack: contextlib.ExitStack, counties: int | str = COUNTIES):
        self.told = size
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

    @contextlib.contextmanager
    def worker(self, module):
        """A process of the product on this ledger that measures what `module` offers, while the block runs."""
        code = f"from bench.work import serve; serve({module.__name__!r})"
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        with subprocess.Popen(
            command, cwd=PROJECT, env=self.environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:  # fmt: skip
            try:
                yield Worker(process)
            finally:
                process.stdin.close()
                process.wait(60)


class Worker:
    """The other end of `bench.work.serve`. `works` are its works as told."""

    def __init__(self, process):
        self.process = process
        self.works = self._answer()

    def ask(self, what: str, number: int):
        """Have the work of that number begun (`first`) or done once (`run`); its answer."""
        self.process.stdin.write(f"{what} {number}\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        for line in self.process.stdout:
            if line.startswith(MARK):
                return json.loads(line.removeprefix(MARK))
        raise SystemExit("A measuring process ended before its work was done; see what it said above.")


def compare(*modules) -> bool:
    """Measure each module on all sizes. Answers whether every target was kept."""
    with contextlib.ExitStack() as stack:
        return compared_on([Ledger(size, stack) for size in SIZES], *modules)


def compared_on(ledgers, *modules) -> bool:
    """Measure each module on the ledgers and print each work's ratio with its target as it is known. Answers whether
    every one was kept.

    The ledgers take turns at every single round, so that what else the machine does hits each alike. What misses its
    target is measured again, three times as often, and that counts.
    """
    kept = True
    for module in modules:
        with contextlib.ExitStack() as running:
            workers = [running.enter_context(ledger.worker(module)) for ledger in ledgers]
            _head(module, [ledger.told for ledger in ledgers])
            fullest = {}
            for number, work in enumerate(workers[-1].works):
                if NAMED in work["name"]:
                    kept = _compared(workers, number, work, fullest) and kept
    print("\nAll targets were kept." if kept else "\nA target was MISSED.")
    print("(medians of rounds taken in turn; growth = last size over first; st. = SQL statements, the most)")
    return kept


def _compared(workers, number: int, work: dict, fullest: dict) -> bool:
    """`fullest` holds, by the name of a page without its person, (weight, work) of the fullest one so far on the
    smallest ledger."""
    rounds = work["rounds"] or ROUNDS
    looked = [worker.ask("first", number) or {} for worker in workers]
    counts = {one.get("statements") for one in looked}
    weights = [one.get("weight", 1) for one in looked]
    limit, said, numbers = work["limit"], "", [number] * len(workers)
    fuller = weights[0] < ALIKE * weights[-1]
    if fuller:
        numbers, limit, said = _against_fullest(fullest, work, number, weights, limit)
    times, growth = _measured(workers, numbers, rounds)
    if limit is not None and growth > limit:
        times, growth = _measured(workers, numbers, rounds * 3)
        said += "  (measured again)"
    if weights[0] > fullest.get(_page(work), (0,))[0]:
        fullest[_page(work)] = (weights[0], number)
    in_time = limit is None or growth <= limit
    same = fuller or counts == {None} or max(counts) - min(counts) <= APART
    verdict = ("" if in_time else "  MISSED") + said + ("" if len(counts) == 1 else f"  statements {sorted(counts)}")
    verdict += "" if same else " MISSED"
    _tell(work, times, growth, limit, counts, verdict)
    return in_time and same


def _page(work: dict) -> str:
    return work["name"].rpartition(": ")[2]


def _against_fullest(fullest, work, number: int, weights, limit) -> tuple[list[int], float | None, str]:
    """(works to measure, limit, remark) of a page that shows more on the largest ledger than on the smallest: there it
    is held against the same page of somebody who sees as much, else against the page it is `like`, and not judged where
    neither is as full."""
    more = f"  (shows {weights[-1] / weights[0]:.1f} times as much"
    for page in (_page(work), work["like"]):
        weight, full = fullest.get(page, (0, 0))
        if weight >= ALIKE * weights[-1]:
            return [full] + [number] * (len(weights) - 1), limit, more + ", held against a full page)"
    return [number] * len(weights), None, more + ", not judged)"


def _tell(work, times, growth, limit, counts, verdict) -> None:
    target = "" if limit is None else f"<= {limit}"
    values = "".join(f"{value:>13.2f}" for value in times)
    statements = "" if counts == {None} else str(max(counts))
    name = work["name"] + (f" ({work['unit']})" if work["unit"] != "ms" else "")
    print(f"{name:44}{values}{growth:>8.2f}{target:>9}{statements:>5}{verdict}", flush=True)


def _measured(workers, numbers: list[int], rounds: int) -> tuple[list[float], float]:
    """(median of each ledger, growth): the ledgers in turn, each with its work."""
    found = [[] for _worker in workers]
    until = time.monotonic() + PATIENCE
    while len(found[0]) < rounds and (len(found[0]) < min(LEAST, rounds) or time.monotonic() < until):
        for times, worker, number in zip(found, workers, numbers, strict=True):
            times.append(worker.ask("run", number))
    medians = [statistics.median(times) for times in found]
    return medians, medians[-1] / medians[0]


def _head(module, told: list[int]) -> None:
    sizes = "".join(f"{size:>13,}" for size in told)
    print(f"\n{module.TITLE + ', ms':44}{sizes}{'growth':>8}{'target':>9}{'st.':>5}", flush=True)
