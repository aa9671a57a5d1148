"""Which earlier entries are compared with a text, word pair by word pair: few, however long the ledger.

Whoever shares at least k of n pairs has one of any n - k + 1 of them. So the entries that have one of the n - k + 1
rarest pairs are all that can be alike, and the best of them are the best there are. Where that would be too many, as
many of the rarest pairs are taken as stay within `MOST`, and the newest entries with any of the pairs are looked at
beside them.
"""

import math
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import CharField, F, Func, IntegerField, Q, Value

from problems.models import Problem

# Entries that the rarest pairs may lead to, and the number of newest ones looked at beside them.
MOST, NEWEST = 2000, 100
TABLE = Problem._meta.db_table


@dataclass(frozen=True)
class Search:
    """How to look for entries like `wanted`. `rare` are the pairs that lead to them, rarest first; `is_whole` says that
    they lead to every one that shares the least number asked for."""

    wanted: tuple[str, ...]
    rare: tuple[str, ...]
    is_whole: bool

    @classmethod
    def by(cls, wanted: frozenset[str], least: float) -> "Search":
        """By the pairs of a text; alike is what has at least the share `least` of them. Two statements."""
        sizes = _sizes(wanted)
        ordered = sorted(wanted, key=lambda pair: (sizes[pair], pair))
        needed = len(wanted) - math.ceil(least * len(wanted)) + 1
        rare, entries = [], 0
        for pair in ordered[:needed]:
            entries += sizes[pair]
            if entries > MOST:
                break
            rare.append(pair)
        return cls(tuple(ordered), tuple(rare), len(rare) == needed)

    def among(self, rows, *columns: str) -> list[tuple]:
        """(number of pairs shared, *columns) of the entries to be compared, those that share most first, the newest
        first among equals; in one statement."""
        rows = rows.order_by().annotate(shared=_shared(self.wanted)).values_list("shared", "pk", *columns)
        first, *others = self._ways(rows)
        found = sorted(first.union(*others) if others else first, key=lambda row: (-row[0], -row[1]))
        return [(shared, *values) for shared, _pk, *values in found]

    def saw_all(self, found: list[tuple]) -> bool:
        """Whether none that is alike is missing from what `among` answered."""
        return self.is_whole or len(found) < NEWEST

    def _ways(self, rows):
        """The ways to the entries, each of bounded length: by the rare pairs, or where there are none by having all
        pairs, or every other one (who lacks one pair still has one of the halves); where those are not the whole, by
        the newest with any pair."""
        if self.rare:
            yield rows.filter(tokens__overlap=list(self.rare))
        else:
            yield rows.filter(tokens__contains=list(self.wanted))[:NEWEST]
            yield rows.filter(Q(tokens__contains=list(self.wanted[::2])) | Q(tokens__contains=list(self.wanted[1::2])))[
                :NEWEST
            ]
        if not self.is_whole:
            yield rows.filter(tokens__overlap=list(self.wanted)).order_by("-id")[:NEWEST]


def _shared(wanted) -> Func:
    """How many of the pairs an entry has."""
    pairs = Value(list(wanted), output_field=ArrayField(CharField(max_length=60)))
    return Func(
        F("tokens"), pairs, template="(SELECT count(*) FROM unnest(%(expressions)s))", output_field=IntegerField(),
        arg_joiner=") word WHERE word = ANY(",
    )  # fmt: skip


def _sizes(wanted) -> dict[str, int]:
    """How many entries have each pair: exact up to `MOST`, more beyond.

    What the database's own statistics know to be common is not counted, but for the rarest of it: they may be old.
    """
    common = _common()
    known = {pair: int(common.get(pair, 0)) for pair in wanted}
    counted = {pair for pair, entries in known.items() if entries <= MOST} or {min(wanted, key=lambda one: known[one])}
    one = f"(SELECT %s, count(*) FROM (SELECT 1 FROM {TABLE} WHERE tokens @> %s::varchar[] LIMIT %s) entry)"  # noqa: S608 - the name is our own
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([one] * len(counted)),
            [value for pair in sorted(counted) for value in (pair, [pair], MOST + 1)],
        )
        return known | dict(cursor.fetchall())


def _common() -> dict[str, float]:
    """The commonest tokens with the number of entries that have them, as the last ANALYZE found it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.most_common_elems::text::text[], s.most_common_elem_freqs, c.reltuples FROM pg_stats s"
            " JOIN pg_class c ON c.oid = %s::regclass"
            " WHERE s.schemaname = 'public' AND s.tablename = %s AND s.attname = 'tokens'",
            [TABLE, TABLE],
        )
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return {}
    # Behind the elements' own frequencies stand the least, the greatest and that of NULL.
    return {token: frequency * max(row[2], 0) for token, frequency in zip(row[0], row[1], strict=False)}
