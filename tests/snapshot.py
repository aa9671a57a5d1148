"""A cast that is built once per process and copied into each test's database afterwards.

Building a world through factories takes hundreds of statements; its rows are the same every time. So the first test of
a day (tests move the clock) builds it and keeps the rows it added; the next ones get them back by one COPY per table,
with the same keys, and a copy of the objects. History rows and marks are not copied: the database's own triggers write
them again, as they did the first time, and `take` makes sure of it.
"""

import io
import pickle
from dataclasses import dataclass, field
from graphlib import TopologicalSorter

from django.db import connection, transaction

# Filled by triggers of the engines, as rows come.
MARKS = ("indicators_marker", "mechanisms_mark")
_kept: dict = {}


@dataclass
class Snapshot:
    pickled: bytes
    tables: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)

    def load(self):
        """The rows into the database, and the objects that stand for them."""
        with transaction.atomic(), connection.cursor() as cursor:
            for name, (columns, rows) in self.tables.items():
                cursor.copy_expert(f"COPY {name} ({columns}) FROM STDIN", io.BytesIO(rows))
        return pickle.loads(self.pickled)


def of(build, key):
    """What `build()` makes, from the rows kept for that key when there are any."""
    if key not in _kept:
        made, _kept[key] = take(build)
        return made
    return _kept[key].load()


def raise_sequences(cursor) -> None:
    """After a reset, new rows take keys above those of the rows kept."""
    for name in {name for snapshot in _kept.values() for name in snapshot.tables}:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [name])
        (sequence,) = cursor.fetchone()
        if sequence:
            highest = max(snapshot.highest.get(name, 1) for snapshot in _kept.values())
            cursor.execute(
                "SELECT setval(%s, greatest(%s, (SELECT last_value FROM " + sequence + ")))", [sequence, highest]
            )


def take(build):
    """(what `build()` made, its snapshot). Raises AssertionError when copying would leave other rows than building."""
    before = _all_rows()
    with transaction.atomic():
        made = build()
    after = _all_rows()
    added = _added(before, after)
    snapshot = Snapshot(pickle.dumps(made))
    with connection.cursor() as cursor:
        for name in _parents_first(cursor, added):
            columns = _columns(cursor, name)
            if not _written_by_triggers(name, columns):
                snapshot.tables[name] = (columns, b"".join(line + b"\n" for line in added[name]))
                snapshot.highest[name] = _highest(cursor, name)
    return made, snapshot


def _written_by_triggers(name: str, columns: str) -> bool:
    return "pgh_id" in columns or name in MARKS


def _added(before, after):
    added = {}
    for name, lines in after.items():
        known = before.get(name, [])
        assert set(known) <= set(lines), f"building changed rows of {name} that were there"
        fresh = [line for line in lines if line not in known]
        if fresh:
            added[name] = fresh
    return added


def _all_rows():
    from tests import database

    with connection.cursor() as cursor:
        rows = {}
        for name in database.with_rows(cursor):
            buffer = io.BytesIO()
            columns = _columns(cursor, name)
            cursor.copy_expert(f"COPY (SELECT {columns} FROM {name}) TO STDOUT", buffer)
            rows[name] = buffer.getvalue().splitlines()
        return rows


def _columns(cursor, name: str) -> str:
    cursor.execute(
        "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
        [name],
    )
    return cursor.fetchone()[0]


def _highest(cursor, name: str) -> int:
    cursor.execute("SELECT coalesce(max((to_jsonb(t) ->> 'id')::bigint), 1) FROM " + name + " t")
    return cursor.fetchone()[0]


def _parents_first(cursor, names) -> list[str]:
    """Referred tables before those that refer to them: triggers of a child may look its parent up."""
    cursor.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
        " AND conrelid <> confrelid"
    )
    needs = {name: set() for name in names}
    for child, parent in cursor.fetchall():
        if child in needs and parent in needs:
            needs[child].add(parent)
    return list(TopologicalSorter(needs).static_order())
