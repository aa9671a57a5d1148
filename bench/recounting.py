"""The full recount of the largest ledger, held against the plain SQL that counts the same: each figure's rows grouped
by month and place and added up through the levels, with nothing stored."""

import contextlib
import statistics
import time

from bench.ledgers import SIZES, Ledger

ROUNDS = 2
TARGET = 1.5


def measure() -> dict:
    """{"recount": seconds, "plain": seconds}, each a median of rounds in turn, and how many stored numbers `differed`
    from the counts."""
    from indicators import recount

    found = {"recount": [], "plain": []}
    differed = 0
    for _round in range(ROUNDS):
        started = time.perf_counter()
        differed += recount.rebuild()
        found["recount"].append(time.perf_counter() - started)
        found["plain"].append(_plain())
    return {name: statistics.median(times) for name, times in found.items()} | {"differed": differed}


def _plain() -> float:
    from django.db import connection, transaction

    from indicators import declarations, scopes

    relation, spent = scopes.tree().relation, 0.0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL statement_timeout = 0")
        for one in declarations.counted():
            statement = _statement(one, relation)
            if statement:
                started = time.perf_counter()
                cursor.execute(*statement)
                spent += time.perf_counter() - started
    return spent


def _statement(one, relation):
    """(sql, params) that counts one figure at all its places, or None where it can have no rows."""
    from indicators import counting, declarations

    if one.kind == "distinct":
        found = counting.presences(one, "default")
        if found is None:
            return None
        rows = f"WITH n AS MATERIALIZED ({found[0]}), {counting.steps(relation, 'n')}"
        return f"{rows} SELECT count(*), sum(v) FROM n_steps", found[1]
    sql, params = counting.union(counting.cells(one.code, "default", declarations.CELLS))
    return (
        f"""
        WITH n AS MATERIALIZED (SELECT * FROM ({sql}) n WHERE v <> 0)
        SELECT count(*), sum(v) FROM (
            SELECT r, c, k, m, b, sum(v) AS v FROM (
                SELECT a.ancestor_id AS r, n.c, n.k, n.m, n.b, n.v
                FROM n JOIN ({relation}) a ON a.region_id = n.r WHERE n.r <> 0
                UNION ALL SELECT 0, 0, n.k, n.m, n.b, n.v FROM n WHERE n.r = 0
            ) spread GROUP BY 1, 2, 3, 4, 5
        ) cells
        """,
        params,
    )


def show() -> bool:
    """Measure it and say the ratio. Answers whether the target was kept and no stored number differed."""
    import bench.recounting as this

    with contextlib.ExitStack() as stack:
        found = Ledger(SIZES[-1], stack).measured(this)
    ratio, kept = found["recount"] / found["plain"], not found["differed"]
    kept = kept and ratio <= TARGET
    differed = f"{found['differed']} stored numbers differed"
    print(f"\nfull recount of {SIZES[-1]:,} problems: {found['recount']:.1f} s; {differed}")
    print(f"plain SQL that counts the same: {found['plain']:.1f} s")
    print(f"ratio {ratio:.2f}; target <= {TARGET}{'' if kept else '  MISSED'}")
    return kept
