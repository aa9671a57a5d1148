"""What a figure costs to read, and a change to roll up, on a small and on a large ledger."""

import random
import statistics
import time

from bench.ledgers import ROUNDS, median

TITLE = "figures"
GROWTH = {"read": 1.2, "page of figures": 1.2, "series": 1.2, "change": 1.1, "roll-up of a change": 1.2}


def measure() -> dict[str, float]:
    """Medians in milliseconds; the full recount, which does grow, in seconds."""
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
    return {
        "read": median(lambda: figures.read(["problems_raised"], scope, period)),
        "page of figures": median(lambda: figures.read(codes, scope, period)),
        "series": median(lambda: figures.series(codes[:20], scope, months)),
        "change": changes,
        "roll-up of a change": roll_ups,
        "full recount (s)": recounted,
    }


def _county():
    from alliances.figure_scopes import scope_of
    from alliances.models import Region

    return scope_of(Region.objects.filter(level="county").order_by("pk").first())


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
