"""Counting everything anew from the rows (全量重算), set-based."""

from __future__ import annotations

from django.utils import timezone

from indicators import counting, declarations, scopes
from indicators.drain import MARKER, counting_lock
from indicators.models import Progress


def rebuild(using="default", patience=120):
    """Replace all facts by a fresh count. Raises drain.Busy where the lock is not to be had.

    Readers see the old facts until the commit. Markers are deleted before the first row is read:
    those deleted were committed with their rows, so the count includes them; those of writers
    who commit meanwhile stay, and the next drain finds them counted or counts them.
    """
    with counting_lock(using, patience) as cursor:
        cursor.execute(f"DELETE FROM {MARKER}")
        rebuild_locked(cursor, using)


def rebuild_locked(cursor, using):
    """`rebuild` inside the caller's lock and transaction, the markers left to the caller."""
    moment = timezone.now()
    relation = scopes.tree().relation
    cursor.execute("SET LOCAL work_mem = '128MB'")
    cursor.execute(f"DELETE FROM {counting.FACT}")
    cursor.execute(f"DELETE FROM {counting.PRESENCE}")
    for one in declarations.counted():
        if one.kind == "distinct":
            _rebuild_distinct(cursor, using, one, relation)
        else:
            sql, params = counting.union(counting.cells(one.code, using, declarations.CELLS))
            cursor.execute(
                f"WITH delta AS MATERIALIZED (SELECT * FROM ({sql}) n WHERE v <> 0) "
                + counting.carry(relation, into_empty=True),
                params,
            )
    Progress.objects.using(using).update_or_create(pk=1, defaults={"as_of": moment, "declared": counting.fingerprint()})


def _rebuild_distinct(cursor, using, part, relation):
    found = counting.presences(part, using)
    if found is None:
        return
    table = counting.PRESENCE
    cursor.execute(
        f"INSERT INTO {table} (indicator, entity_id, region_id, chain_id, committee_id, month) "
        f"SELECT %s, e, r, c, k, m FROM ({found[0]}) t",
        [part.code, *found[1]],
    )
    cursor.execute(
        f"""
        WITH fresh AS (
            SELECT entity_id AS e, region_id AS r, chain_id AS c, committee_id AS k, month AS m
            FROM {table} WHERE indicator = %s
        ),
        {counting.steps(relation, "fresh")}
        {counting.store("SELECT %s, r, c, k, m, b, 0, v FROM fresh_steps", into_empty=True)}
        """,
        [part.code, part.code],
    )
