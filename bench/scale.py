"""From what this machine holds to a province and the nation: sizes, the full recount, the pages of the whole.

Three ledgers: small and large ones of ten counties, and a wide one with the committees of a province (213 counties of
eight chains, as many as 100 counties of 17). What grows with entries is told by small and large, what grows with
committees by small and wide; with both growths the figures of a province and of the nation are extrapolated. A figure
that was measured carries no mark, one that was reckoned carries `~`.
"""

import contextlib
import importlib
import math
import statistics
import sys
import time

from bench.ledgers import KEEP, Ledger

# (what it is called, entries, counties of eight chains each)
HELD = (("small", 10_000, 10), ("large", 1_000_000, 10), ("wide", 100_000, 213))
# (what it is called, entries, committees): 600 entries a committee, and the 2,844 regions of county level.
AHEAD = (("province", 1_020_000, 1_700), ("nation", 30_000_000, 48_000))
ROUNDS = 9
# key: (what it is, unit, places)
MEASURED = {
    "entries_bytes": ("tables of the ledger with their indexes", "MB", 0),
    "trail_bytes": ("trail of changes", "MB", 0),
    "facts_bytes": ("facts of figures", "MB", 0),
    "facts": ("rows of facts", "rows", 0),
    "recount": ("full recount of all figures", "s", 1),
    "figures": ("all figures of the topmost region, one month", "ms", 1),
    "cockpit": ("cockpit of the topmost region", "ms", 0),
    "ledger": ("first page of the whole ledger", "ms", 0),
}


def measure() -> dict:
    """What this ledger weighs and takes, in the units of MEASURED, with its entries and committees."""
    from django.db import connection

    from alliances.figure_scopes import scope_of
    from alliances.models import Region
    from bench.pages import _signed_in
    from chains.models import Committee
    from core.periods import Period
    from indicators import declarations, drain, figures, recount
    from indicators.models import Fact
    from problems.models import Problem

    top = Region.objects.filter(parent=None, code__startswith="98").order_by("pk").first()
    client, _actor = _signed_in("county_officer", region=top)
    codes = [one.code for one in declarations.indicators()]
    scope, period = scope_of(top), Period.parse("2026-08")
    recounted = _seconds(recount.rebuild)
    while drain.drain():
        pass
    with connection.cursor() as cursor:
        sizes = {name: _megabytes(cursor, like) for name, like in (
            ("entries_bytes", "problems\\_%"), ("facts_bytes", "indicators\\_%"),
        )}  # fmt: skip
        trail = _megabytes(cursor, "problems\\_%event")
    return {
        "entries": Problem.objects.count(),
        "committees": Committee.objects.count(),
        **sizes,
        "entries_bytes": sizes["entries_bytes"] - trail,
        "trail_bytes": trail,
        "facts": Fact.objects.count(),
        "recount": recounted,
        "figures": _median(lambda: figures.read(codes, scope, period)),
        "cockpit": _median(lambda: client.get("/cockpit/")),
        "ledger": _median(lambda: client.get("/problems/?sort=-number")),
    }


def _seconds(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _median(work) -> float:
    work()
    return statistics.median(_seconds(work) for _round in range(ROUNDS)) * 1000


def _megabytes(cursor, like: str) -> float:
    cursor.execute(
        "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) / 1e6 FROM pg_class WHERE relkind = 'r'"
        " AND relname LIKE %s", [like],
    )  # fmt: skip
    return float(cursor.fetchone()[0])


def ahead(found: dict[str, dict], key: str, entries: int, committees: int) -> float:
    """A measured value at so many entries and committees: a fixed part, one by entries and one by committees, each
    growing by the power that was measured (0 where nothing grew)."""
    small, large, wide = (found[name] for name in ("small", "large", "wide"))
    by_entries = _power(small, large, key, "entries")
    # What the wide ledger's entries alone would make of it, and what its committees add.
    alone = small[key] * (wide["entries"] / small["entries"]) ** by_entries
    by_committees = _power({**small, key: alone}, wide, key, "committees") if wide[key] > alone else 0.0
    value = large[key] * (entries / large["entries"]) ** by_entries
    return value * (committees / large["committees"]) ** by_committees


def _power(less: dict, more: dict, key: str, by: str) -> float:
    if not less[key] or more[key] <= less[key]:
        return 0.0
    return math.log(more[key] / less[key]) / math.log(more[by] / less[by])


def show() -> bool:
    """Measure the three ledgers and print them beside what they lead to. Promises nothing, so it is always kept."""
    module = importlib.import_module("bench.scale")
    found = {}
    with contextlib.ExitStack() as stack:
        for name, entries, counties in HELD:
            found[name] = Ledger(entries, stack, counties).measured(module)
    print(f"\nscale{'':39}" + "".join(f"{name:>12}" for name in [*found, *(name for name, *_rest in AHEAD)]))
    for key, label in (("entries", "entries"), ("committees", "committees")):
        told = [one[key] for one in found.values()] + [dict(zip(("entries", "committees"), more, strict=True))[key]
                                                       for _name, *more in AHEAD]  # fmt: skip
        print(f"{label:44}" + "".join(f"{value:>12,}" for value in told))
    for key, (label, unit, places) in MEASURED.items():
        line = "".join(f"{one[key]:>12,.{places}f}" for one in found.values())
        for _name, entries, committees in AHEAD:
            line += f"{'~' + format(ahead(found, key, entries, committees), f',.{places}f'):>12}"
        print(f"{label + ' (' + unit + ')':44}{line}")
    return True


if __name__ == "__main__":
    print(f"Ledgers are {'kept in ' + KEEP if KEEP else 'made anew and removed'}.", flush=True)
    sys.exit(not show())
