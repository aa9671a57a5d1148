"""People write while the worker's children, the worker and Redis are killed and Redis is emptied: no figure may be
wrong afterwards, and none may be behind two sweeps after the last write.

CHAOS_MINUTES says for how long (default 10); the kills are spread over it. Everything runs as `manage.py run` starts
it.
"""

import contextlib
import json
import os
import random
import time
from collections import Counter
from dataclasses import dataclass

import psutil
from redis.exceptions import RedisError

from bench.running import Product
from bench.work import MARK

MINUTES = float(os.environ.get("CHAOS_MINUTES", "10"))
WRITERS = int(os.environ.get("CHAOS_WRITERS", "4"))
BLOWS = {"child killed": 50, "worker killed": 5, "Redis emptied": 4, "Redis killed": 3}
# Seconds between two rounds of the sweep (`CELERY_BEAT_SCHEDULE`), and what a worker that was just killed needs to be
# there again.
SWEEP = 5.0
BACK = 30.0
# Seconds that a blow waits for its aim.
AIM = 8.0
CODE = "from indicators.drain import lag; print('left', lag()[0])"


@dataclass
class Outcome:
    """What a run of chaos showed. `behind` are the seconds until everything was counted after the last write, None if
    it was not within two minutes; `said` is what the recount found."""

    steps: Counter
    struck: Counter
    planned: dict[str, int]
    behind: float | None
    right: bool
    said: str


def show() -> bool:
    """Run it and say what was found. Answers whether all figures were right and in time."""
    found = run(MINUTES, WRITERS)
    print(f"\nchaos of {MINUTES:g} minutes: {WRITERS} writers, {sum(found.steps.values())} steps {dict(found.steps)}")
    print(f"struck: {dict(found.struck)}")
    print(found.said)
    behind = "not caught up" if found.behind is None else f"caught up {found.behind:.1f} s after the last write"
    print(f"{behind}; figures {'right' if found.right else 'WRONG'}")
    enough = all(found.struck[name] >= times for name, times in found.planned.items())
    if not enough:
        print("MISSED: fewer blows were struck than planned")
    return found.right and found.behind is not None and found.behind <= 2 * SWEEP + BACK and enough


def run(minutes: float, writers: int) -> Outcome:
    """Start the product, let people write and strike for so long, then recount everything."""
    with Product() as product:
        planned = _planned(minutes)
        at_work = [product.writer(number, minutes * 60, 0.15) for number in range(writers)]
        struck, steps = _strike(product, minutes * 60, planned), Counter()
        for writer in at_work:
            output, _none = writer.communicate(timeout=120)
            steps.update(json.loads(output.rpartition(MARK)[2] or "{}"))
        behind = _until_caught_up(product)
        checked = product.manage("recount", "--check")
        said = checked.stdout.strip() or checked.stderr.strip()
        return Outcome(steps, struck, planned, behind, checked.returncode == 0, said)


def _planned(minutes: float) -> dict[str, int]:
    """How often each blow is dealt in this time."""
    return {name: max(1, round(times * min(1.0, minutes / 10))) for name, times in BLOWS.items()}


def _strike(product: Product, seconds: float, planned: dict[str, int]) -> Counter:
    """The blows in a random order, spread over the time; how many of each hit something. One that found nothing to hit
    is dealt again at the end."""
    chance = random.Random(7)
    blows = [name for name, times in planned.items() for _one in range(times)]
    chance.shuffle(blows)
    pause, started, struck = seconds / (len(blows) + 1), time.monotonic(), Counter()
    while blows and time.monotonic() - started < seconds - 2 * SWEEP:
        time.sleep(pause)
        name = blows.pop(0)
        if _struck(product, name, chance):
            struck[name] += 1
        else:
            blows.append(name)
        # What waiting has cost is made up for.
        left = seconds - 2 * SWEEP - (time.monotonic() - started)
        pause = max(0.0, left / (len(blows) + 1))
    time.sleep(max(0.0, started + seconds - time.monotonic()))
    return struck


def _struck(product: Product, name: str, chance) -> bool:
    """Deal one blow, waiting a while for its aim where that has just died; whether it hit."""
    until = time.monotonic() + AIM
    while time.monotonic() < until:
        with contextlib.suppress(psutil.NoSuchProcess, RedisError, IndexError, AttributeError):
            if name == "Redis emptied":
                product.redis.client().flushall()
            elif name == "Redis killed":
                product.redis.process().kill()
            elif name == "worker killed":
                product.worker().kill()
            else:
                chance.choice(product.worker_children()).kill()
            return True
        time.sleep(0.2)
    return False


def _until_caught_up(product: Product) -> float | None:
    started = time.monotonic()
    while time.monotonic() - started < 120:
        if "left 0" in product.manage("shell", "--no-imports", "-c", CODE).stdout:
            return time.monotonic() - started
    return None
