"""Counting everything anew from the rows (全量重算), set-based.

The fresh count goes into a table of this transaction; then only what differs is written. A recount of right figures
leaves the facts and their index as they were, and how many numbers it put right is known.
"""

from __future__ import annotations

from django.utils import timezone

from indicators import counting, declarations, scopes
from indicators.drain import MARKER, counting_lock
from indicators.models import Progress

FRESH_FACT, FRESH_PRESENCE = "fresh_fact", "fresh_presence"
FACT_KEYS = ("region_id", "chain_id", "committee_id", "indicator", "month", "bucket")
PRESENCE_KEYS = ("indicator", "entity_id", "region_id", "chain_id", "committee_id", "month")


def rebuild(using="default", patience=120) -> int:
    """Bring all facts in line with a fresh count; answers how many numbers differed from it (all of them, where there
    were none). Raises drain.Busy where the lock is not to be had.

    Readers see the old facts until the commit. Markers are deleted before the first row is read:
    those deleted were committed with their rows, so the count includes them; those of writers
    who commit meanwhile stay, and the next drain finds them counted or counts them.
    """
    with counting_lock(using, patience) as cursor:
        cursor.execute(f"DELETE FROM {MARKER}")
        return rebuild_locked(cursor, using)


def rebuild_locked(cursor, using) -> int:
    """`rebuild` inside the caller's lock and transaction, the markers left to the caller."""
    moment = timezone.now()
    relation = scopes.tree().relation
    cursor.execute("SET LOCAL work_mem = '128MB'")
    for fresh, table in ((FRESH_FACT, counting.FACT), (FRESH_PRESENCE, counting.PRESENCE)):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{fresh}")
        cursor.execute(f"CREATE TEMPORARY TABLE {fresh} (LIKE {table}) ON COMMIT DROP")
    for one in declarations.counted():
        if one.kind == "distinct":
            _count_distinct(cursor, using, one, relation)
        else:
            cursor.execute(*count_of(one, using, relation, into=FRESH_FACT))
    _bring_in_line(cursor, counting.PRESENCE, FRESH_PRESENCE, PRESENCE_KEYS)
    differed = _bring_in_line(cursor, counting.FACT, FRESH_FACT, FACT_KEYS, ("own", "total"))
    Progress.objects.using(using).update_or_create(pk=1, defaults={"as_of": moment, "declared": counting.fingerprint()})
    return differed


def count_of(one, using, relation, into):
    """The statement (sql, params) that counts an indicator which adds up, at every level, into a table."""
    sql, params = counting.union(counting.cells(one.code, using, declarations.CELLS))
    delta = f"WITH delta AS MATERIALIZED (SELECT * FROM ({sql}) n WHERE v <> 0) "
    return delta + counting.carry(relation, into), params


def _count_distinct(cursor, using, part, relation):
    found = counting.presences(part, using)
    if found is None:
        return
    cursor.execute(
        f"INSERT INTO {FRESH_PRESENCE} (indicator, entity_id, region_id, chain_id, committee_id, month) "
        f"SELECT %s, e, r, c, k, m FROM ({found[0]}) t",
        [part.code, *found[1]],
    )
    cursor.execute(
        f"""
        WITH fresh AS (
            SELECT entity_id AS e, region_id AS r, chain_id AS c, committee_id AS k, month AS m
            FROM {FRESH_PRESENCE} WHERE indicator = %s
        ),
        {counting.steps(relation, "fresh")}
        {counting.store("SELECT %s, r, c, k, m, b, 0, v FROM fresh_steps", FRESH_FACT)}
        """,
        [part.code, part.code],
    )


def _bring_in_line(cursor, table, fresh, keys, values=()) -> int:
    """Write what of `table` differs from `fresh`; answers how many rows that were."""
    columns = ", ".join((*keys, *values))
    cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")
    if not cursor.fetchone()[0]:
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {fresh} ORDER BY {', '.join(keys)}")
        return cursor.rowcount
    cursor.execute(f"ANALYZE {fresh}")
    same = " AND ".join(f"t.{key} = n.{key}" for key in keys)
    renewed = ""
    if values:
        differs = " OR ".join(f"t.{value} <> n.{value}" for value in values)
        taken = ", ".join(f"{value} = n.{value}" for value in values)
        renewed = f"WHEN MATCHED AND ({differs}) THEN UPDATE SET {taken}"
    cursor.execute(
        f"""
        MERGE INTO {table} t USING {fresh} n ON {same} {renewed}
        WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({", ".join(f"n.{one}" for one in (*keys, *values))})
        WHEN NOT MATCHED BY SOURCE THEN DELETE
        """
    )
    return cursor.rowcount
