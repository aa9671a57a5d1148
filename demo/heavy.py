"""Filling large tables quickly as their owner: triggers asleep, foreign keys and indexes made again afterwards.

Everything happens in the caller's transaction: after a failure the tables are as they were. They are locked meanwhile.
"""

import contextlib
from collections.abc import Iterator

from django.db import connection

# Below this many new rows the indexes are cheaper to keep than to build again.
WORTH_REBUILDING = 20_000


@contextlib.contextmanager
def filling(tables: list[str], rows: int) -> Iterator[None]:
    """Inside the block the tables take rows without triggers, and, for many rows, without foreign keys and indexes."""
    with connection.cursor() as cursor:
        # A table with checks waiting for the end of the transaction cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        again = []
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            if rows >= WORTH_REBUILDING:
                again += _take_down(cursor, table)
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL max_parallel_maintenance_workers = 2")
        for statement in again:
            cursor.execute(statement)
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def _take_down(cursor, table: str) -> list[str]:
    """Drop what slows filling; the statements that make it again, indexes first."""
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = %s::regclass AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [table],
    )
    indexes = cursor.fetchall()
    cursor.execute(
        "SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype = 'f'",
        [table],
    )
    keys = cursor.fetchall()
    for name, _definition in keys:
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT {name}')
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    made = [definition for _name, definition in indexes]
    return made + [f'ALTER TABLE "{table}" ADD CONSTRAINT {name} {definition}' for name, definition in keys]
