"""The roll-up (汇总): takes markers, recounts the cells they name from the rows, carries differences up.

One transaction for each batch, under one lock for the whole engine, so that a killed drain leaves
nothing behind and two drains never read each other's half. Running it twice changes nothing:
what is applied is the difference between a fresh count and the stored one.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from contextlib import contextmanager

from django.db import OperationalError, connections, transaction

from indicators import counting, declarations, remember, scopes
from indicators.models import Marker, Progress

log = logging.getLogger(__name__)

# Keys of the two advisory locks: only holders of COUNT write facts; at most one drain waits for it.
COUNT, WAITING = 0x4641_4354, 0x4641_4355
BATCH = 2000
WHOLE = ("__all__", "__tree__")
# Of a marker that names no dates.
ANY_DATE = ""
MARKER = Marker._meta.db_table


class Busy(Exception):
    """Another drain or recount holds the lock for longer than one was willing to wait."""


@contextmanager
def counting_lock(using="default", patience=30):
    """A transaction that alone may write facts. Raises Busy after `patience` seconds.

    The lock is taken before anything is read: at READ COMMITTED every later statement sees what
    was committed before it, so a marker is never consumed without the rows that it stands for.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{int(patience * 1000)}ms"])
        try:
            with transaction.atomic(using=using):
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COUNT])
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") == "55P03":  # lock_not_available
                raise Busy from error
            raise
        yield cursor


def drain(using="default", patience=30, batches=50):
    """Count what is marked. Returns the number of markers consumed.

    Stops after `batches` batches at most; raises Busy where another holds the lock.
    """
    done = 0
    for _round in range(batches):
        taken = _drain_batch(using, patience)
        done += taken
        if taken < BATCH:
            break
    return done


def drain_unless_awaited(using="default", patience=10, batches=20):
    """As `drain`, but gives up at once where another drain already waits its turn.

    That one has not yet looked for markers, so it will find ours: a burst of messages costs
    one waiting worker, not all of them. Returns None when there was nothing to do here.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [WAITING])
        if not cursor.fetchone()[0]:
            return None
    try:
        done = _drain_batch(using, patience, on_turn=lambda: _stop_waiting(connection))
    except Busy:
        return None
    finally:
        _stop_waiting(connection)
    if done >= BATCH:
        done += drain(using, patience, batches)
    return done


def _stop_waiting(connection):
    if connection.connection is None or connection.needs_rollback:
        return
    with connection.cursor() as cursor:
        # Released twice is harmless; the server only warns.
        cursor.execute(
            "SELECT pg_advisory_unlock(%s) FROM pg_locks "
            "WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objid = %s::bigint::oid",
            [WAITING, WAITING],
        )


def _drain_batch(using, patience, on_turn=None):
    with counting_lock(using, patience) as cursor:
        if on_turn:
            on_turn()
        if _outdated(using):
            return 0
        cursor.execute("SELECT clock_timestamp()")
        moment = cursor.fetchone()[0]
        cursor.execute(
            f"DELETE FROM {MARKER} WHERE id IN (SELECT id FROM {MARKER} ORDER BY id LIMIT %s "
            "FOR UPDATE SKIP LOCKED) RETURNING source, region_id, committee_id, month, dates",
            [BATCH],
        )
        markers = cursor.fetchall()
        if not markers:
            return 0
        if any(row[0] in WHOLE for row in markers):
            from indicators.recount import rebuild_locked

            rebuild_locked(cursor, using)
            return len(markers)
        by_source, dates = defaultdict(set), defaultdict(set)
        for source, *cell, by in markers:
            by_source[source].add(tuple(cell))
            dates[source].update([ANY_DATE] if by is None else by)
        for source in declarations.sources():
            if source.code in by_source:
                _count_source(cursor, using, source, by_source[source.code], dates[source.code])
        Progress.objects.using(using).filter(pk=1).update(as_of=moment)
        return len(markers)


def _outdated(using):
    """Whether the facts belong to other declarations than this process has: an old worker during an
    upgrade must leave the markers to the new ones, whose tables and conditions it does not know.
    """
    declared = Progress.objects.using(using).filter(pk=1).values_list("declared", flat=True).first()
    if declared in (None, counting.fingerprint()):
        return False
    log.warning("figures: declared otherwise in the database than in this process; not counting")
    return True


def _count_source(cursor, using, source, marks, dates):
    """Recount the marked region-months and committee-months of one table: the figures that go by one of `dates`."""
    regions = sorted({(region, month) for region, _committee, month in marks})
    committees = sorted({(committee, month) for _region, committee, month in marks if committee})
    codes = _codes(source, frozenset(dates))
    if codes["region"] or codes["chain"]:
        _apply(cursor, using, source, codes, "region", regions)
    if codes["committee"] and committees:
        _apply(cursor, using, source, codes, "committee", committees)
    for one in declarations.counted():
        if one.kind == "distinct" and one.source is source and _goes_by(one, dates):
            _apply_distinct(cursor, using, one, regions)


@remember.until_declared
def _codes(source, dates):
    """{class of cell: the figures, that add up, which go by one of `dates`}."""
    codes = {cell: [] for cell in declarations.CELLS}
    for code, cell, part in declarations.parts():
        if part.source is source and part.kind != "distinct" and _goes_by(part, dates):
            codes[cell].append(code)
    return {cell: tuple(found) for cell, found in codes.items()}


def _goes_by(part, dates):
    return ANY_DATE in dates or not dates.isdisjoint(declarations.date_columns(part))


def _marked(name, pairs):
    """The CTE of marked (id, month) pairs with the month's bounds, so that indexes are used."""
    return (
        f"marked_{name} AS (SELECT id, first, (first + interval '1 month')::date AS next "
        "FROM unnest(%s::bigint[], %s::date[]) AS u(id, first))",
        [[pair[0] for pair in pairs], [pair[1] for pair in pairs]],
    )


@remember.until_declared
def _only_marked_rows(source, marks, codes):
    """A CTE under the table's own name holding just the rows dated in a marked cell.

    What follows then counts from these few rows, and is planned without weighing the table's
    indexes for each indicator again: several times faster than the counting itself.
    """
    dates, others = declarations.watched_columns(source)
    used = {date for code, _cell, part in declarations.parts() if code in codes for date in part.dates}
    table, pk = _quoted(source.model._meta.db_table), _quoted(source.model._meta.pk.column)
    scope = _quoted(declarations.column_of(source, getattr(source, marks)))
    hits = " UNION ".join(
        f"SELECT t.{pk} FROM {table} t JOIN marked_{marks} q "
        f"ON t.{scope} = q.id AND t.{date} >= q.first AND t.{date} < q.next"
        for date in (_quoted(declarations.column_of(source, one)) for one in sorted(used))
    )
    columns = ", ".join(f"t.{_quoted(one)}" for one in dict.fromkeys([source.model._meta.pk.column, *dates, *others]))
    return f"{table} AS MATERIALIZED (SELECT {columns} FROM {table} t WHERE t.{pk} IN ({hits}))"


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'


def _apply(cursor, using, source, codes, marks, pairs):
    """One statement: count the marked cells of all indicators of a table, and apply the difference."""
    classes = ("committee",) if marks == "committee" else ("region", "chain")
    wanted = tuple(dict.fromkeys(code for cell in classes for code in codes[cell]))
    marked, params = _marked(marks, pairs)
    counted, count_params = _counted(using, source, classes, marks, wanted)
    if marks == "committee":
        stored = "f.committee_id = q.id AND f.region_id = 0 AND f.indicator = ANY(%s::varchar[])"
        stored_params = [[*codes["committee"]]]
    else:
        stored = (
            "f.region_id = q.id AND ((f.chain_id = 0 AND f.indicator = ANY(%s::varchar[])) "
            "OR (f.chain_id <> 0 AND f.indicator = ANY(%s::varchar[])))"
        )
        stored_params = [[*codes["region"]], [*codes["chain"]]]
    cursor.execute(
        f"""
        WITH {marked},
        {_only_marked_rows(source, marks, wanted)},
        counted AS ({counted}),
        stored AS (
            SELECT f.indicator, f.region_id AS r, f.chain_id AS c, f.committee_id AS k, f.month AS m,
                   f.bucket AS b, f.own
            FROM {counting.FACT} f JOIN marked_{marks} q ON f.month = q.first AND {stored}
        ),
        delta AS (
            SELECT indicator, r, c, k, m, b, COALESCE(n.v, 0) - COALESCE(s.own, 0) AS v
            FROM counted n FULL JOIN stored s USING (indicator, r, c, k, m, b)
            WHERE COALESCE(n.v, 0) <> COALESCE(s.own, 0)
        )
        {counting.carry(scopes.tree().relation)}
        """,
        params + count_params + stored_params,
    )


@remember.until_declared
def _counted(using, source, classes, marks, wanted):
    return counting.union(
        [fragment for code in wanted for fragment in counting.cells(code, using, classes, source=source, marks=marks)]
    )


def _apply_distinct(cursor, using, part, regions):
    """Recount the entities that are, or were, present in the marked region-months.

    An entity's share of a scope depends on its other months and places, so all its rows are read.
    """
    ids, months = [pair[0] for pair in regions], [pair[1] for pair in regions]
    found = counting.presences(
        part,
        using,
        "JOIN marked_region q ON s.fx_r = q.id AND s.fx_a >= q.first AND s.fx_a < q.next",
    )
    marked, marked_params = _marked("region", regions)
    entities = set()
    if found:
        cursor.execute(f"WITH {marked} SELECT DISTINCT e FROM ({found[0]}) t", marked_params + found[1])
        entities.update(row[0] for row in cursor.fetchall())
    cursor.execute(
        f"SELECT DISTINCT p.entity_id FROM {counting.PRESENCE} p "
        "JOIN unnest(%s::bigint[], %s::date[]) AS q(id, first) ON p.region_id = q.id AND p.month = q.first "
        "WHERE p.indicator = %s",
        [ids, months, part.code],
    )
    entities.update(row[0] for row in cursor.fetchall())
    if entities:
        _apply_entities(cursor, using, part, sorted(entities))


def _apply_entities(cursor, using, part, entities):
    relation = scopes.tree().relation
    fresh = counting.presences(part, using, "JOIN unnest(%s::bigint[]) AS q(id) ON s.fx_e = q.id")
    none = "SELECT 0::bigint AS e, 0::bigint AS r, 0::bigint AS c, 0::bigint AS k, NULL::date AS m WHERE FALSE"
    fresh_sql, fresh_params = (fresh[0], [*fresh[1], entities]) if fresh else (none, [])
    table = counting.PRESENCE
    cursor.execute(
        f"""
        WITH fresh AS MATERIALIZED ({fresh_sql}),
        past AS MATERIALIZED (
            SELECT entity_id AS e, region_id AS r, chain_id AS c, committee_id AS k, month AS m
            FROM {table} WHERE indicator = %s AND entity_id = ANY(%s::bigint[])
        ),
        {counting.steps(relation, "fresh")},
        {counting.steps(relation, "past")},
        gone AS (
            DELETE FROM {table} p USING (SELECT * FROM past EXCEPT SELECT * FROM fresh) x
            WHERE p.indicator = %s AND p.entity_id = x.e AND p.region_id = x.r AND p.chain_id = x.c
              AND p.committee_id = x.k AND p.month = x.m
        ),
        came AS (
            INSERT INTO {table} (indicator, entity_id, region_id, chain_id, committee_id, month)
            SELECT %s, e, r, c, k, m FROM (SELECT * FROM fresh EXCEPT SELECT * FROM past) x
        )
        {
            counting.store(
                "SELECT %s, r, c, k, m, b, 0, SUM(v) FROM (SELECT * FROM fresh_steps UNION ALL "
                "SELECT r, c, k, m, b, -v FROM past_steps) d GROUP BY r, c, k, m, b HAVING SUM(v) <> 0"
            )
        }
        """,
        [*fresh_params, part.code, entities, part.code, part.code, part.code],
    )


def lag(using="default"):
    """(number of markers, moment of the oldest or None): how far the figures are behind."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT count(*), min(at) FROM {MARKER}")
        return cursor.fetchone()
