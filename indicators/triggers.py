"""Database triggers that mark what is to be counted again, made from the declarations.

A trigger cannot be forgotten: ORM saves, bulk updates and raw SQL all mark. They work by statement,
on the changed rows as a set, so that an update of 10,000 rows inserts each marker once. They run as
whoever writes (no elevated rights) and only insert. TRUNCATE is out of scope: the web role
may not, and whoever may is to run `manage.py recount`.

`SET LOCAL app.bulk = 'on'` silences them for a bulk load that recounts afterwards.
"""

from __future__ import annotations

import hashlib
import logging

from django.db import connections, transaction
from django.utils import timezone

from indicators import counting, declarations, scopes
from indicators.models import Fact, Marker, Progress

log = logging.getLogger(__name__)

PREFIX = "figures_mark_"
MARKER = Marker._meta.db_table
EVENTS = {
    "insert": ("INSERT", "NEW TABLE AS fx_new"),
    "update": ("UPDATE", "OLD TABLE AS fx_old NEW TABLE AS fx_new"),
    "delete": ("DELETE", "OLD TABLE AS fx_old"),
}
_BULK = "IF current_setting('app.bulk', true) = 'on' THEN RETURN NULL; END IF;"


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'


def _source_body(source, event):
    """The function of one table and event: a marker for every cell and month that its rows name, with the dates that
    name it. An update marks only the dates whose figures it can move."""
    region, committee = _quoted(_column(source, source.region)), _column(source, source.committee)
    rows = []
    for date, columns in declarations.moved_by(source).items():
        old, new = (", ".join(f"{row}.{_quoted(one)}" for one in columns) for row in "on")
        moved = f"ROW({old}) IS DISTINCT FROM ROW({new})" if event == "update" else "true"
        for row in {"insert": "n", "update": "on", "delete": "o"}[event]:
            place = f"{row}.{region}, " + (f"COALESCE({row}.{_quoted(committee)}, 0)" if committee else "0")
            rows.append(f"({place}, {row}.{_quoted(date)}, '{date}', {moved})")
    pk = _quoted(source.model._meta.pk.column)
    changed = {"insert": "fx_new n", "update": f"fx_old o FULL JOIN fx_new n USING ({pk})", "delete": "fx_old o"}[event]
    return f"""
BEGIN
    {_BULK}
    INSERT INTO {MARKER} (source, region_id, committee_id, month, dates)
    SELECT '{source.code}', t.r, t.k, {counting.first_of_month("t.d")}, array_agg(DISTINCT t.name)
    FROM {changed} CROSS JOIN LATERAL (VALUES {", ".join(rows)}) t (r, k, d, name, moved)
    WHERE t.moved AND t.d IS NOT NULL AND t.r IS NOT NULL
    GROUP BY 2, 3, 4;
    RETURN NULL;
END
"""


def _tree_body():
    path = _quoted(scopes.tree().path_column)
    return f"""
BEGIN
    INSERT INTO {MARKER} (source, region_id, committee_id, month)
    SELECT '__tree__', 0, 0, DATE '2000-01-01'
    WHERE EXISTS (SELECT 1 FROM fx_old o JOIN fx_new n USING (id) WHERE o.{path} IS DISTINCT FROM n.{path});
    RETURN NULL;
END
"""


def _column(source, name):
    return declarations.column_of(source, name) if name else None


def wanted():
    """{trigger name: (table, event, function body)} as the declarations have it."""
    result = {}
    for source in declarations.sources():
        dates, _others = declarations.watched_columns(source)
        if dates:  # a source that only lends its rows to distinct figures has none
            for event in EVENTS:
                body = _source_body(source, event)
                result[f"{PREFIX}{source.code}_{event}"] = (source.model._meta.db_table, event, body)
    if scopes.has_tree():
        result[f"{PREFIX}_tree_update"] = (scopes.tree().table, "update", _tree_body())
    return result


def _digest(table, event, body):
    return hashlib.sha256(repr((table, event, body)).encode()).hexdigest()


def installed(using="default"):
    """{trigger name: (table, digest)} as the database has it."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, COALESCE(obj_description(t.tgfoid, 'pg_proc'), '') "
            "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND starts_with(t.tgname, %s) AND c.relnamespace = 'public'::regnamespace",
            [PREFIX],
        )
        return {name: (table, digest) for name, table, digest in cursor.fetchall()}


def differences(using="default"):
    """(stale names, missing names): what `install` would drop and make. Empty when all is well."""
    have, want = installed(using), wanted()
    tables = set(connections[using].introspection.table_names())
    want = {name: one for name, one in want.items() if one[0] in tables}
    right = {name for name, one in want.items() if have.get(name) == (one[0], _digest(*one))}
    return sorted(set(have) - right), sorted(set(want) - right)


def install(using="default"):
    """Make the triggers as declared and drop stale ones. Idempotent; needs the tables' owner only
    where something differs. Returns the number of triggers made or dropped.
    """
    stale, missing = differences(using)
    if not stale and not missing:
        return 0
    have, want = installed(using), wanted()
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for name in stale:
            cursor.execute(f"DROP TRIGGER {_quoted(name)} ON {_quoted(have[name][0])}")
            cursor.execute(f"DROP FUNCTION IF EXISTS {_quoted(name)}()")
        for name in missing:
            table, event, body = want[name]
            verb, tables = EVENTS[event]
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_quoted(name)}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$"
            )
            cursor.execute(f"COMMENT ON FUNCTION {_quoted(name)}() IS '{_digest(table, event, body)}'")
            cursor.execute(
                f"CREATE TRIGGER {_quoted(name)} AFTER {verb} ON {_quoted(table)} "
                f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {_quoted(name)}()"
            )
    return len(stale) + len(missing)


def install_after_migrate(sender, using, **kwargs):
    """After the last app has migrated: triggers as declared, and a full count if what is counted changed."""
    from django.apps import apps

    if sender is not [one for one in apps.get_app_configs() if one.models_module][-1]:
        return
    tables = set(connections[using].introspection.table_names())
    if not {Fact._meta.db_table, MARKER, Progress._meta.db_table} <= tables:
        return
    install(using)
    due_if_changed(using)


def due_if_changed(using="default"):
    """Mark everything for a recount where the facts were made by other declarations."""
    sources = {source.model._meta.db_table for source in declarations.sources()}
    if not sources <= set(connections[using].introspection.table_names()):
        return
    progress, declared = Progress.objects.using(using).filter(pk=1).first(), counting.fingerprint()
    if progress is None and not any(s.model._base_manager.using(using).exists() for s in declarations.sources()):
        from indicators.recount import rebuild

        rebuild(using)
    elif progress is None or progress.declared != declared:
        # From here on only processes that run these declarations count; see `drain`.
        values = {"declared": declared, "as_of": timezone.now()}
        Progress.objects.using(using).update_or_create(pk=1, defaults=values)
        Marker.objects.using(using).create(source="__all__", region_id=0, committee_id=0, month="2000-01-01")
