"""What the facts, kept by month, cannot tell of a week or a 旬: counted from the rows of those few days.

The cost grows with the rows dated in these days (a source has an index on region and date), not with the table.
"""

from indicators import counting, declarations, scopes

# How a cell of each class is named in the facts, from the columns of the events `e` and of the tree `a`.
_CELLS = {
    "region": ("a.ancestor_id AS region_id, 0::bigint AS chain_id, 0::bigint AS committee_id", "TRUE"),
    "chain": ("a.ancestor_id AS region_id, e.c AS chain_id, 0::bigint AS committee_id", "e.c IS NOT NULL"),
    "committee": ("0::bigint AS region_id, 0::bigint AS chain_id, e.k AS committee_id", "e.k IS NOT NULL"),
}


def branches(kinds, cell, period, today, using):
    """Fragments `indicator, bucket, sum FROM relation`, one for each of the codes of `kinds` ({kind: codes}) that cells
    of this class have and that the facts do not tell: of a stock what came in and went since its month began. The
    relation has the facts' region_id, chain_id and committee_id, for a WHERE."""
    day = period.as_of(today)
    span = {
        code: (period.start, period.end) for kind in ("flow", "distinct", "duration") for code in kinds.get(kind, ())
    }
    span |= {code: (day.replace(day=1), day) for code in kinds.get("stock", ())}
    for code, of_cell, part in declarations.parts():
        if of_cell == cell and code in span:
            count = _distinct if part.kind == "distinct" else _sums
            yield from count(part, cell, *span[code], using)


def _sums(part, cell, first, last, using):
    events = counting.events(part, using, between=(first, last))
    if events:
        relation, params = counting.union(events)
        yield _branch(part.code, cell, relation, params, "f.b", "SUM(f.v)")


def _distinct(part, cell, first, last, using):
    """An entity counts once for the whole of the period, whatever was before it."""
    rows = counting.entities(part, using, (first, last))
    if rows:
        yield _branch(part.code, cell, *rows, "0", "COUNT(DISTINCT f.v)")


def _branch(code, cell, relation, params, bucket, amount):
    columns, known = _CELLS[cell]
    tree = "" if cell == "committee" else f" JOIN ({scopes.tree().relation}) a ON a.region_id = e.r"
    return (
        f"%s::varchar AS indicator, {bucket} AS bucket, {amount}::numeric AS v "
        f"FROM (SELECT {columns}, e.b, e.v FROM ({relation}) e{tree} WHERE {known}) f",
        [code, *params],
    )
