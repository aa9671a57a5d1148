"""SQL that counts rows into cells: the one meaning of each kind, shared by roll-up and recount.

The rows of a declaration come from the ORM (so conditions are Q objects); everything after that
is set-based SQL. Every fragment is a pair (sql, params).
"""

from __future__ import annotations

import hashlib

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BigIntegerField, F, Value

from indicators import declarations, remember, scopes
from indicators.declarations import CELLS
from indicators.models import Fact, Presence

FACT = Fact._meta.db_table
PRESENCE = Presence._meta.db_table
KEYS = "indicator, region_id, chain_id, committee_id, month, bucket"


def first_of_month(column):
    """SQL for the first day of the month of a date (as a timestamp without zone: no clock is asked)."""
    return f"date_trunc('month', {column}::timestamp)::date"


def month_code(column):
    return f"(date_part('year', {column})::int * 100 + date_part('month', {column})::int)"


def _rows(part, using, **values):
    """The rows of a declaration as SQL, or None where its condition can never hold."""
    source = part.source
    columns = {"fx_r": F(source.region)}
    for name, column in (("fx_c", source.chain), ("fx_k", source.committee)):
        columns[name] = F(column) if column else Value(None, output_field=BigIntegerField())
    columns.update({name: F(v) if isinstance(v, str) else v for name, v in values.items()})
    query = source.model._base_manager.using(using).filter(source.base & part.where)
    query = query.order_by().values(**columns).query
    try:
        return query.get_compiler(connection=connections[using]).as_sql()
    except EmptyResultSet:
        return None


def _weight(part):
    return F(part.weight) if getattr(part, "weight", None) else Value(1)


def events(part, using, marks=None, between=None):
    """Fragments giving (r, c, k, m, b, v), one for each date that a row counts by; with `between` only what is dated
    from the first to the last day of it."""
    if part.kind == "flow":
        rows = _rows(part, using, fx_a=part.on, fx_w=_weight(part))
        plan = [("fx_a", "0", "s.fx_w", "s.fx_w <> 0")]
    elif part.kind == "duration":
        rows = _rows(part, using, fx_a=part.on, fx_n=part.days)
        plan = [("fx_a", "s.fx_n", "1", "s.fx_n IS NOT NULL")]
    else:
        day = "date_part('day', s.{})::int" if part.daily else "0"
        if part.leaves:
            rows = _rows(part, using, fx_a=part.enters, fx_b=part.leaves, fx_w=_weight(part))
            inside = "s.fx_w <> 0 AND (s.fx_b IS NULL OR s.fx_b > s.fx_a)"
            plan = [
                ("fx_a", day.format("fx_a"), "s.fx_w", inside),
                (
                    "fx_b",
                    day.format("fx_b"),
                    "-s.fx_w",
                    "s.fx_w <> 0 AND s.fx_b > s.fx_a",
                ),
            ]
        else:
            rows = _rows(part, using, fx_a=part.enters, fx_w=_weight(part))
            plan = [("fx_a", day.format("fx_a"), "s.fx_w", "s.fx_w <> 0")]
    if rows is None:
        return []
    return [_event(rows, marks, between, *step) for step in plan]


def _event(rows, marks, between, date, bucket, amount, condition):
    sql, params = rows
    join = ""
    if marks:
        scope = {"region": "fx_r", "committee": "fx_k"}[marks]
        join = f" JOIN marked_{marks} q ON s.{scope} = q.id AND s.{date} >= q.first AND s.{date} < q.next"
    text = (
        f"SELECT s.fx_r AS r, s.fx_c AS c, s.fx_k AS k, {first_of_month('s.' + date)} AS m, "
        f"{bucket} AS b, {amount} AS v FROM ({sql}) s{join} "
        f"WHERE s.{date} IS NOT NULL AND {condition}"
    )
    if between:
        text += f" AND s.{date} BETWEEN %s AND %s"
    return text, [*params, *(between or ())]


_GROUPS = {"region": "(r, m, b)", "chain": "(r, c, m, b)", "committee": "(k, m, b)"}


@remember.until_declared
def cells(code, using, classes, *, source=None, marks=None):
    """Fragments counting indicator `code` into its cells of `classes`, from `source` only if given.

    Each gives (indicator, r, c, k, m, b, v). Classes read from one table are counted in one scan.
    With `marks` ('region' or 'committee') only the rows of the CTE marked_region or
    marked_committee(id, first, next) are counted.
    """
    by_part = {}
    for name, cell, part in declarations.parts():
        if name == code and cell in classes and (source is None or part.source is source):
            by_part.setdefault(id(part), (part, []))[1].append(cell)
    result = []
    for part, found in by_part.values():
        dated = events(part, using, marks)
        if not dated:
            continue
        params = [code]
        for _sql, own in dated:
            params += own
        result.append((_grouped(found, " UNION ALL ".join(sql for sql, _own in dated)), params))
    return tuple(result)


def _grouped(classes, events):
    """The counting itself: one grouping set for each class of cell, other keys 0."""
    sets = {"region": "(r, m, b)", "chain": "(r, c, m, b)", "committee": "(k, m, b)"}
    used = {"r": {"region", "chain"}, "c": {"chain"}, "k": {"committee"}}
    keys, known = [], []
    for name, readers in used.items():
        if readers & set(classes):
            keys.append(f"COALESCE(CASE GROUPING({name}) WHEN 0 THEN {name} END, 0)::bigint AS {name}")
            known.append(f"(GROUPING({name}) = 1 OR {name} IS NOT NULL)")
        else:
            keys.append(f"0::bigint AS {name}")
    return (
        f"SELECT %s::varchar AS indicator, {', '.join(keys)}, m, b, SUM(v)::numeric AS v "
        f"FROM ({events}) e GROUP BY GROUPING SETS ({', '.join(sets[one] for one in classes)}) "
        f"HAVING {' AND '.join(known)}"
    )


def union(fragments):
    """One fragment of several; an empty relation of the same shape for none."""
    if not fragments:
        return (
            "SELECT ''::varchar AS indicator, 0::bigint AS r, 0::bigint AS c, 0::bigint AS k, "
            "NULL::date AS m, 0 AS b, 0::numeric AS v WHERE FALSE",
            [],
        )
    return " UNION ALL ".join(f"({sql})" for sql, _p in fragments), [one for _s, p in fragments for one in p]


def carry(relation, into=None):
    """The end of a statement whose CTE `delta(indicator, r, c, k, m, b, v)` is to be applied:
    to the cells themselves and to the totals of all regions above (`into`: see `store`).
    """
    return f"""
    , spread AS (
        SELECT d.indicator, a.ancestor_id AS r, d.c, d.k, d.m, d.b,
               CASE WHEN a.ancestor_id = d.r THEN d.v ELSE 0 END AS own, d.v AS total
        FROM delta d JOIN ({relation}) a ON a.region_id = d.r WHERE d.r <> 0
        UNION ALL SELECT d.indicator, 0, 0, d.k, d.m, d.b, d.v, d.v FROM delta d WHERE d.r = 0
    )
    {store("SELECT indicator, r, c, k, m, b, SUM(own), SUM(total) FROM spread GROUP BY 1, 2, 3, 4, 5, 6", into)}
    """


def store(select, into=None):
    """Add the selected numbers to the facts in the order of the keys, or put them into a table of the same columns that
    holds none of these keys."""
    text = f"INSERT INTO {into or FACT} ({KEYS}, own, total) {select}"
    if into:
        return text
    return f"""{text} ORDER BY 2, 3, 4, 1, 5, 6
    ON CONFLICT (region_id, chain_id, committee_id, indicator, month, bucket)
    DO UPDATE SET own = {FACT}.own + EXCLUDED.own, total = {FACT}.total + EXCLUDED.total
    """


# distinct figures


@remember.until_declared
def presences(part, using, join=""):
    """(e, r, c, k, m) of a distinct figure's rows `s`, each once; None where there can be none.

    `join` limits the rows by joining something to `s.fx_e`, `s.fx_r` and `s.fx_a`.
    """
    rows = _rows(part, using, fx_a=part.on, fx_e=part.who)
    if rows is None:
        return None
    sql, params = rows
    return (
        f"SELECT DISTINCT s.fx_e::bigint AS e, s.fx_r::bigint AS r, COALESCE(s.fx_c, 0)::bigint AS c, "
        f"COALESCE(s.fx_k, 0)::bigint AS k, {first_of_month('s.fx_a')} AS m FROM ({sql}) s {join} "
        "WHERE s.fx_a IS NOT NULL AND s.fx_e IS NOT NULL",
        list(params),
    )


def entities(part, using, between):
    """(r, c, k, b, v) of a distinct figure's rows dated from the first to the last day of `between`: `v` is the entity;
    None where there can be none."""
    rows = _rows(part, using, fx_a=part.on, fx_e=part.who)
    if rows is None:
        return None
    sql, params = rows
    return (
        f"SELECT s.fx_r AS r, s.fx_c AS c, s.fx_k AS k, 0 AS b, s.fx_e AS v FROM ({sql}) s "
        "WHERE s.fx_e IS NOT NULL AND s.fx_a BETWEEN %s AND %s",
        [*params, *between],
    )


def steps(relation, name):
    """CTEs that turn presences `name` into `name_steps(r, c, k, m, b, v)`: how many entities
    were active in month m of a scope, by the month b of their last activity before it.
    """
    return f"""
    {name}_scoped AS (
        SELECT p.e, a.ancestor_id AS r, 0::bigint AS c, 0::bigint AS k, p.m
        FROM {name} p JOIN ({relation}) a ON a.region_id = p.r
        UNION SELECT p.e, a.ancestor_id, p.c, 0, p.m
        FROM {name} p JOIN ({relation}) a ON a.region_id = p.r WHERE p.c <> 0
        UNION SELECT p.e, 0, 0, p.k, p.m FROM {name} p WHERE p.k <> 0
    ),
    {name}_steps AS (
        SELECT r, c, k, m, b, COUNT(*) AS v FROM (
            SELECT r, c, k, m,
                   COALESCE(LAG({month_code("m")}) OVER (PARTITION BY e, r, c, k ORDER BY m), 0) AS b
            FROM {name}_scoped
        ) t GROUP BY r, c, k, m, b
    )
    """


@remember.until_declared
def fingerprint():
    """A digest of what all indicators count; another one means that a full count is due.

    Parameters are sorted: the order of a set in a condition changes from process to process.
    """
    text = []
    for one in declarations.counted():
        found = presences(one, "default") if one.kind == "distinct" else union(cells(one.code, "default", CELLS))
        text.append((one.code, found[0], sorted(map(repr, found[1]))) if found else one.code)
    text.append(scopes.tree().relation if scopes.has_tree() else "")
    return hashlib.sha256(repr(text).encode()).hexdigest()
