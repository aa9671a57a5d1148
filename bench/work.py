"""One thing to be measured, and the process that does it on one ledger when it is asked to."""

import importlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

# Answers of the process, among whatever else it prints.
MARK = "measured: "


@dataclass
class Work:
    """`run()` is done once a round and timed in milliseconds; where it answers a number, that is the time instead (the
    work was prepared first). `limit` is the greatest growth allowed from the smallest ledger to the largest, None
    where none is promised. `rounds` is how often it is done where that is not left to the comparison. `first()` is
    done once before: of a page it answers its SQL statements and its weight in bytes. `like` names the
    page that it is held against where the smallest ledger holds too little to fill it."""

    name: str
    run: Callable[[], float | None]
    limit: float | None = None
    rounds: int | None = None
    unit: str = "ms"
    first: Callable[[], dict | None] | None = None
    like: str = ""

    @property
    def told(self) -> dict:
        """What the comparing process has to know of it."""
        return {"name": self.name, "limit": self.limit, "rounds": self.rounds, "unit": self.unit, "like": self.like}


def serve(module: str) -> None:
    """Answer what `module.works()` offers, then do what is asked for, line by line: `first 3`, `run 3`."""
    works = importlib.import_module(module).works()
    _say([work.told for work in works])
    for line in sys.stdin:
        what, number = line.split()
        work = works[int(number)]
        if what == "first":
            _say(work.first() if work.first else None)
            continue
        started = time.perf_counter()
        answered = work.run()
        _say((time.perf_counter() - started) * 1000 if answered is None else answered)


def _say(value) -> None:
    print(MARK + json.dumps(value), flush=True)
