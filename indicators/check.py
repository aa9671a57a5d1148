"""The second opinion: counts every figure by hand and compares (核对).

On purpose it shares nothing with the roll-up but the declarations: rows come one by one through
the ORM, and plain Python adds them up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connections, transaction

from indicators import declarations, scopes
from indicators.models import Fact


@dataclass(frozen=True)
class Difference:
    indicator: str
    cell: tuple
    month: object
    bucket: int
    stored: Decimal
    counted: Decimal

    def __str__(self):
        region, chain, committee = self.cell
        return (
            f"{self.indicator} region={region} chain={chain} committee={committee} {self.month:%Y-%m} "
            f"bucket={self.bucket}: stored {self.stored}, counted {self.counted}"
        )


@dataclass
class Result:
    indicators: int = 0
    cells: int = 0
    differences: list = field(default_factory=list)


def compare(using="default"):
    """Compare all facts with a straight count, in one snapshot. Markers still waiting are no excuse:
    run `roll_up` first, or what they stand for is reported as a difference.
    """
    result = Result()
    connection = connections[using]
    with transaction.atomic(using=using):
        if not connection.in_atomic_block or len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SET LOCAL statement_timeout = 0")
        above = _ancestors(connection)
        known = set()
        for one in declarations.counted():
            known.add(one.code)
            count = _distinct(one, above, using) if one.kind == "distinct" else _additive(one, above, using)
            _compare_one(result, one.code, count, using)
        for row in Fact.objects.using(using).exclude(indicator__in=known).exclude(total=0)[:1000]:
            cell = row.region_id, row.chain_id, row.committee_id
            result.differences.append(Difference(row.indicator, cell, row.month, row.bucket, row.total, Decimal(0)))
        result.indicators = len(known)
    return result


def _ancestors(connection):
    with connection.cursor() as cursor:
        cursor.execute(scopes.tree().relation)
        above = defaultdict(list)
        for region, ancestor in cursor.fetchall():
            above[region].append(ancestor)
    return above


def _values(part, names, using):
    source = part.source
    rows = source.model._base_manager.using(using).filter(source.base).filter(part.where).order_by()
    plain = [name or "pk" for name in names]
    for row in rows.values_list(*plain).iterator(chunk_size=5000):
        yield [value if name else None for name, value in zip(names, row, strict=True)]


def _steps(part, using):
    """(region, chain, committee, day, bucket, amount) of every event of every row, in Python."""
    place = [part.source.region, part.source.chain, part.source.committee]
    if part.kind == "flow":
        for r, c, k, day, weight in _values(part, [*place, part.on, part.weight], using):
            if day is not None:
                yield r, c, k, day, 0, weight if part.weight else 1
    elif part.kind == "duration":
        for r, c, k, day, days in _values(part, [*place, part.on, part.days], using):
            if day is not None and days is not None:
                yield r, c, k, day, days, 1
    else:
        names = [*place, part.enters, part.leaves, part.weight]
        for r, c, k, enters, leaves, weight in _values(part, names, using):
            if enters is None or (leaves is not None and leaves <= enters):
                continue
            amount = weight if part.weight else 1
            yield r, c, k, enters, enters.day if part.daily else 0, amount
            if leaves is not None:
                yield r, c, k, leaves, leaves.day if part.daily else 0, -(amount or 0)


def _additive(one, above, using):
    """{(cell, month, bucket): [own, total]}"""
    count = defaultdict(lambda: [Decimal(0), Decimal(0)])
    parts = {cell: part for code, cell, part in declarations.parts() if code == one.code}
    leaves = {}
    for part in parts.values():
        if id(part) not in leaves:
            sums = leaves[id(part)] = defaultdict(int)
            for r, c, k, day, bucket, amount in _steps(part, using):
                if amount:
                    sums[r, c, k, day.year, day.month, bucket] += amount
    for cell, part in parts.items():
        for (r, c, k, year, month, bucket), amount in leaves[id(part)].items():
            when = date(year, month, 1)
            if cell == "committee":
                if k:
                    entry = count[(0, 0, k), when, bucket]
                    entry[0] += amount
                    entry[1] += amount
            elif cell == "region" or c:
                chain = c if cell == "chain" else 0
                count[(r, chain, 0), when, bucket][0] += amount
                for ancestor in above[r]:
                    count[(ancestor, chain, 0), when, bucket][1] += amount
    return count


def _distinct(one, above, using):
    active = defaultdict(lambda: defaultdict(set))  # cell -> entity -> months
    names = [one.source.region, one.source.chain, one.source.committee, one.on, one.who]
    for r, c, k, day, entity in _values(one, names, using):
        if day is None or entity is None:
            continue
        month = day.replace(day=1)
        for ancestor in above[r]:
            active[ancestor, 0, 0][entity].add(month)
            if c:
                active[ancestor, c, 0][entity].add(month)
        if k:
            active[0, 0, k][entity].add(month)
    count = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for cell, entities in active.items():
        steps = Counter()
        for months in entities.values():
            before = 0
            for month in sorted(months):
                steps[month, before] += 1
                before = month.year * 100 + month.month
        for (month, before), number in steps.items():
            count[cell, month, before][1] += number
    return count


def _compare_one(result, code, count, using):
    stored = {}
    rows = Fact.objects.using(using).filter(indicator=code)
    names = ("region_id", "chain_id", "committee_id", "month", "bucket", "own", "total")
    for r, c, k, month, bucket, own, total in rows.values_list(*names).iterator(chunk_size=5000):
        stored[(r, c, k), month, bucket] = (own, total)
    nothing = (Decimal(0), Decimal(0))
    for key in stored.keys() | count.keys():
        result.cells += 1
        have, should = stored.get(key, nothing), tuple(count.get(key, nothing))
        for position in (1, 0):
            if have[position] != should[position]:
                result.differences.append(Difference(code, *key, have[position], should[position]))
                break
