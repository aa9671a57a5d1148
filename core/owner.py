"""Acting as the role that owns the tables, and giving the web role exactly what it needs.

Only management commands come here: the web application and the worker never hold the owner's password in use.
"""

import contextlib
from collections.abc import Iterator

import pghistory.models
import psycopg2
from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg2 import sql

from config.local import addresses

MIGRATION_LOCK = 6_202_611_220
# Read by /readyz and by the engine; written only by migrations.
READ_ONLY_TABLES = ["django_migrations"]
SCHEMA_RIGHTS = [
    "GRANT USAGE ON SCHEMA public TO {}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
]


def owner_settings() -> dict:
    """Django's connection settings for the owner: no statement limit, but no endless wait for a lock either."""
    entry = addresses.database_settings(settings.OWNER_DATABASE_URL)
    options = {
        "application_name": "chain-alliance-owner",
        "options": "-c lock_timeout=10000",
    }
    return {**entry, "OPTIONS": {**entry.get("OPTIONS", {}), **options}}


def connect_as_owner():
    """A plain autocommit psycopg2 connection of the owner; the caller closes it."""
    entry = owner_settings()
    connection = psycopg2.connect(
        host=entry["HOST"],
        port=entry["PORT"] or None,
        user=entry["USER"],
        password=entry["PASSWORD"],
        dbname=entry["NAME"],
        connect_timeout=10,
        **entry["OPTIONS"],
    )
    connection.autocommit = True
    return connection


@contextlib.contextmanager
def as_owner() -> Iterator[None]:
    """Inside the block Django's default connection is the owner's. For commands: it is not safe between threads."""
    connection = connections[DEFAULT_DB_ALIAS]
    kept = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(owner_settings())
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(kept)


@contextlib.contextmanager
def migration_lock() -> Iterator[None]:
    """One migration at a time, however many machines start at once: the others wait, then find nothing to do."""
    with (
        contextlib.closing(connect_as_owner()) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        yield


def append_only_tables() -> set[str]:
    """The trail and every history table of pghistory: the web role may add to them and read them."""
    events = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if issubclass(model, pghistory.models.Event) and model._meta.managed
    }
    return events | set(settings.APPEND_ONLY_TABLES)


def grant_rights() -> None:
    """Bring the web role's rights on every table of the owner to what they should be; repeating changes nothing."""
    web = settings.DATABASES[DEFAULT_DB_ALIAS]["USER"]
    if web == owner_settings()["USER"]:
        return  # One role for both: `doctor` says that this gives up the second wall.
    role = sql.Identifier(web)
    with (
        contextlib.closing(connect_as_owner()) as connection,
        connection.cursor() as cursor,
    ):
        connection.autocommit = False
        for statement in SCHEMA_RIGHTS:
            cursor.execute(sql.SQL(statement).format(role))
        cursor.execute(
            "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm', 'S') AND pg_has_role(current_user, relowner, 'USAGE')"
        )
        append_only = append_only_tables()
        for name, kind in cursor.fetchall():
            for statement in _statements(name, kind, append_only):
                cursor.execute(sql.SQL(statement).format(sql.Identifier(name), role))
        connection.commit()


def _statements(name: str, kind: str, append_only: set[str]) -> list[str]:
    if kind == "S":
        return ["GRANT USAGE, SELECT ON SEQUENCE {} TO {}"]
    if name in READ_ONLY_TABLES:
        return ["REVOKE ALL ON TABLE {} FROM {}", "GRANT SELECT ON TABLE {} TO {}"]
    if name in append_only:
        return [
            "REVOKE ALL ON TABLE {} FROM {}",
            "GRANT SELECT, INSERT ON TABLE {} TO {}",
        ]
    return ["GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE {} TO {}"]
