"""What a figure costs to read, and a change to roll up, on a small and on a large ledger."""

import random
import time

from bench.work import Work

TITLE = "figures"
ROUNDS = 40


def works() -> list[Work]:
    """Reading, changing, rolling up; the full recount, which does grow, once."""
    from core.periods import Period
    from indicators import declarations, drain, figures, recount

    codes = [one.code for one in declarations.indicators()]
    scope, months = _county(), Period.parse("2026-01..2026-08").months()
    period = Period.parse("2026-08")
    while drain.drain():
        pass
    changes = _Changes()
    return [
        Work("full recount", lambda: _seconds(recount.rebuild), rounds=1, unit="s"),
        Work("read", lambda: _done(figures.read(["problems_raised"], scope, period)), 1.2, ROUNDS),
        Work("page of figures", lambda: _done(figures.read(codes, scope, period)), 1.2, ROUNDS),
        Work("series", lambda: _done(figures.series(codes[:20], scope, months)), 1.2, ROUNDS),
        Work("change", changes.change, 1.1, ROUNDS),
        Work("roll-up of a change", changes.roll_up, 1.2, ROUNDS),
    ]


def _done(_answer) -> None:
    """What was read is not the time."""


def _seconds(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _county():
    from alliances.figure_scopes import scope_of
    from alliances.models import Region

    return scope_of(Region.objects.filter(level="county").order_by("pk").first())


class _Changes:
    """Problems here and there whose date moves by a day: the write with its triggers, and the roll-up behind it."""

    def __init__(self):
        from problems.models import Problem

        self.random = random.Random(1)
        self.low, self.high = Problem.objects.order_by("pk").first().pk, Problem.objects.order_by("-pk").first().pk

    def change(self) -> float:
        """Milliseconds of the write; what it marks is counted afterwards."""
        from indicators import drain

        spent = self._write()
        drain.drain()
        return spent

    def roll_up(self) -> float:
        """Milliseconds of the roll-up of one write."""
        from indicators import drain

        self._write()
        return _seconds(drain.drain) * 1000

    def _write(self) -> float:
        from django.db.models import F

        from problems.models import Problem

        while True:
            found = Problem.objects.filter(pk=self.random.randint(self.low, self.high)).exclude(accepted_on=None)
            started = time.perf_counter()
            if found.update(accepted_on=F("accepted_on") + 1):
                return (time.perf_counter() - started) * 1000
