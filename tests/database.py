"""Putting a test database back to the state of its template.

The web role may not TRUNCATE, and a flush would also delete what migrations inserted (the statutory calendar,
permissions, ...). So the tests' administrator does it: tables that the template holds rows in get exactly those rows
back, all others become empty. No list of tables has to be kept.
"""

import contextlib
import io

import psycopg2.errors
from psycopg2 import sql

from tests import services, snapshot

_kept: dict[str, bytes] = {}
_sequences: list[tuple[str, int]] = []


def remember() -> None:
    """Keep the rows that the migrations made, right after the copy was taken."""
    _kept.clear()
    with _administrator() as cursor:
        for name in with_rows(cursor):
            _kept[name] = _rows(cursor, name)
        cursor.execute(
            "SELECT quote_ident(sequencename), last_value FROM pg_sequences"
            " WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )
        _sequences[:] = cursor.fetchall()


def restore() -> None:
    """Bring every table back. Connections that still hold locks after five seconds are cut off."""
    try:
        _restore()
    except (psycopg2.errors.LockNotAvailable, psycopg2.errors.DeadlockDetected):
        with _administrator() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        _restore()


def _restore() -> None:
    with _administrator() as cursor:
        same = {name for name, rows in _kept.items() if _rows(cursor, name) == rows}
        changed = [name for name in with_rows(cursor) if name not in same]
        if changed:
            tables = sql.SQL(", ").join(map(sql.Identifier, changed))
            cursor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables))
        filled = set(with_rows(cursor))
        for name, rows in _kept.items():
            if name not in filled:
                cursor.copy_expert(
                    sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name)),
                    io.BytesIO(rows),
                )
        for name, value in _sequences:
            cursor.execute("SELECT setval(%s, %s)", [name, value])
        snapshot.raise_sequences(cursor)


@contextlib.contextmanager
def _administrator():
    connection = services.cluster().connect(services.database_name())
    connection.autocommit = False
    with contextlib.closing(connection), connection, connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'; SET session_replication_role = replica")
        yield cursor


def _rows(cursor, name: str) -> bytes:
    buffer = io.BytesIO()
    cursor.copy_expert(
        sql.SQL("COPY (SELECT * FROM {} t ORDER BY t::text) TO STDOUT").format(sql.Identifier(name)),
        buffer,
    )
    return buffer.getvalue()


def with_rows(cursor) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    names = [name for (name,) in cursor.fetchall()]
    if not names:
        return []
    question = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(sql.Literal(name), sql.Identifier(name))
        for name in names
    )
    cursor.execute(question)
    return [name for (name,) in cursor.fetchall()]
