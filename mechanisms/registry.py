"""The triggers that mark what is to be judged again, made from the registries of acts and actors after each `migrate`.

They work by statement on the changed rows as a set, see ORM saves, bulk updates and raw SQL alike, and only insert.
`SET LOCAL app.bulk = 'on'` silences them for a bulk load, which is followed by `manage.py radar`.
"""

from __future__ import annotations

import hashlib
from functools import cache

from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models, transaction

from mechanisms import actors, acts
from mechanisms.acts import column_of
from mechanisms.models import Mark, Mechanism, MechanismVersion, Progress, SwitchedOff

PREFIX = "radar_mark_"
MARK = Mark._meta.db_table
_EVENTS = {
    "insert": ("INSERT", "NEW TABLE AS radar_new"),
    "update": ("UPDATE", "OLD TABLE AS radar_old NEW TABLE AS radar_new"),
    "delete": ("DELETE", "OLD TABLE AS radar_old"),
}
_BULK = "IF current_setting('app.bulk', true) = 'on' THEN RETURN NULL; END IF;"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _columns(model, names) -> list[str]:
    return list(dict.fromkeys(column_of(model, name) for name in names if name))


def _read_by(model, query) -> list[str]:
    """The columns of its own table that a condition reads. Raises ImproperlyConfigured where it reads another's."""
    built = model._base_manager.filter(query).query
    if len([alias for alias in built.alias_map if built.alias_refcount.get(alias)]) > 1:
        raise ImproperlyConfigured(f"conditions of an act may only read columns of {model.__name__}")
    found, stack = [], [built.where]
    while stack:
        node = stack.pop()
        if node is None or isinstance(node, str | int):
            continue
        if getattr(node, "target", None) is not None:
            found.append(node.target.name)
        stack.extend(getattr(node, "children", ()))
        if hasattr(node, "get_source_expressions"):
            stack.extend(node.get_source_expressions())
    return found


def _changed(model, names, event: str) -> str:
    """The rows, old and new, whose watched columns differ."""
    shown = [_quoted(name) for name in _columns(model, ["pk", *names])]
    if event != "update":
        return f"SELECT {', '.join(shown)} FROM radar_{'new' if event == 'insert' else 'old'}"
    pk = _quoted(column_of(model, "pk"))
    old, new = (", ".join(f"{letter}.{name}" for name in shown) for letter in "on")
    differs = f"WHERE ROW({old}) IS DISTINCT FROM ROW({new})"
    return (
        f"SELECT {old} FROM radar_old o LEFT JOIN radar_new n USING ({pk}) {differs} "
        f"UNION SELECT {new} FROM radar_new n LEFT JOIN radar_old o USING ({pk}) {differs}"
    )


def _body(insert: str) -> str:
    return f"\nBEGIN\n    {_BULK}\n    {insert}\n    RETURN NULL;\nEND\n"


def _act_insert(act, event: str) -> str:
    names = [
        act.on, act.until, *act.actors.values(), *act.reaches.values(), *_read_by(act.model, act.base),
        *(_read_by(act.model, act.planned) if act.planned is not None else ()),
        *(name for one in act.filters.values() for name in one.columns),
    ]  # fmt: skip
    day = f"x.{_quoted(column_of(act.model, act.on))}"
    if isinstance(act.model._meta.get_field(act.on), models.DateTimeField):
        day = f"({day} AT TIME ZONE 'Asia/Shanghai')::date"
    whose = " UNION ".join(
        f"SELECT '{kind}', x.{_quoted(column_of(act.model, column))}, {day} FROM x "
        f"WHERE x.{_quoted(column_of(act.model, column))} IS NOT NULL AND {day} IS NOT NULL"
        for kind, column in sorted(act.actors.items())
    )
    return (
        f"INSERT INTO {MARK} (subject, code, actor_kind, actor_id, day) "
        f"WITH x AS ({_changed(act.model, names, event)}) "
        f"SELECT 'act', '{act.code}', t.* FROM ({whose}) t;"
    )


def _actor_insert(kind, event: str) -> str:
    own = [
        kind.begins, kind.ends, *kind.columns, *_read_by(kind.model, kind.base),
        *(name for one in kind.filters.values() for name in one.columns),
        *(place for place in kind.places.values() if isinstance(place, str) and "__" not in place),
    ]  # fmt: skip
    pk = _quoted(column_of(kind.model, "pk"))
    return (
        f"INSERT INTO {MARK} (subject, code, actor_kind, actor_id) SELECT DISTINCT 'actor', '{kind.code}', "
        f"'{kind.code}', x.{pk} FROM ({_changed(kind.model, own, event)}) x;"
    )


def _watch_insert(subject: str, one, watch, event: str) -> str:
    """A change in another table: those of ours that refer to it, or all of ours."""
    if not watch.column:
        rows = "radar_old" if event == "delete" else "radar_new"
        return (
            f"INSERT INTO {MARK} (subject, code) SELECT '{subject}', '{one.code}' WHERE EXISTS (SELECT 1 FROM {rows});"
        )
    names = [field.name for field in watch.model._meta.concrete_fields if not isinstance(field, models.JSONField)]
    column, lookup = _quoted(column_of(watch.model, watch.column)), _quoted(column_of(one.model, watch.lookup))
    table, pk = _quoted(one.model._meta.db_table), _quoted(column_of(one.model, "pk"))
    return (
        f"INSERT INTO {MARK} (subject, code, actor_kind, actor_id) SELECT DISTINCT 'actor', '{one.code}', "
        f"'{one.code}', t.{pk} FROM ({_changed(watch.model, names, event)}) x "
        f"JOIN {table} t ON t.{lookup} = x.{column};"
    )


def _tree_insert() -> str:
    return (
        f"INSERT INTO {MARK} (subject) SELECT 'all' WHERE EXISTS (SELECT 1 FROM radar_old o JOIN radar_new n "
        "USING (id) WHERE o.path IS DISTINCT FROM n.path);"
    )


def _mechanism_insert(event: str) -> str:
    rows = {"insert": "SELECT * FROM radar_new", "delete": "SELECT * FROM radar_old"}.get(
        event, "SELECT * FROM radar_old UNION ALL SELECT * FROM radar_new"
    )
    return f"INSERT INTO {MARK} (subject, actor_id) SELECT DISTINCT 'mechanism', x.mechanism_id FROM ({rows}) x;"


def wanted() -> dict[str, tuple[str, str, str]]:
    """{trigger: (table, event, body)} as the registries have it. One trigger for each table, event and reader."""
    found = {}

    def add(name, model, event, insert):
        short = hashlib.sha256(name.encode()).hexdigest()[:12]
        found[f"{PREFIX}{short}_{event}"] = (model._meta.db_table, event, _body(insert))

    for event in _EVENTS:
        for act in acts.all_acts():
            add(f"act {act.code}", act.model, event, _act_insert(act, event))
            for number, watch in enumerate(act.watches):
                add(f"act {act.code} {number}", watch.model, event, _watch_insert("act", act, watch, event))
        for kind in actors.all_kinds():
            add(f"actor {kind.code}", kind.model, event, _actor_insert(kind, event))
            for number, watch in enumerate(kind.watches):
                add(f"actor {kind.code} {number}", watch.model, event, _watch_insert("actor", kind, watch, event))
        for model in (MechanismVersion, SwitchedOff):
            add(model.__name__, model, event, _mechanism_insert(event))
    from alliances.models import Region

    add("tree", Region, "update", _tree_insert())
    return found


@cache
def fingerprint() -> str:
    """A value that differs where the registries do."""
    return hashlib.sha256(repr(sorted(wanted().items())).encode()).hexdigest()


def _digest(one) -> str:
    return hashlib.sha256(repr(one).encode()).hexdigest()


def installed(using="default") -> dict[str, tuple[str, str]]:
    """{trigger: (table, digest)} as the database has it."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, COALESCE(obj_description(t.tgfoid, 'pg_proc'), '') "
            "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND starts_with(t.tgname, %s) AND c.relnamespace = 'public'::regnamespace",
            [PREFIX],
        )
        return {name: (table, digest) for name, table, digest in cursor.fetchall()}


def install(using="default") -> int:
    """Make the triggers as registered and drop stale ones; answers how many. Idempotent; needs the tables' owner."""
    have, want = installed(using), wanted()
    tables = set(connections[using].introspection.table_names())
    want = {name: one for name, one in want.items() if one[0] in tables}
    right = {name for name, one in want.items() if have.get(name) == (one[0], _digest(one))}
    stale, missing = sorted(set(have) - right), sorted(set(want) - right)
    if not stale and not missing:
        return 0
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for name in stale:
            cursor.execute(f"DROP TRIGGER {_quoted(name)} ON {_quoted(have[name][0])}")
            cursor.execute(f"DROP FUNCTION IF EXISTS {_quoted(name)}()")
        for name in missing:
            table, event, body = want[name]
            verb, transition = _EVENTS[event]
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_quoted(name)}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$"
            )
            cursor.execute(f"COMMENT ON FUNCTION {_quoted(name)}() IS '{_digest(want[name])}'")
            cursor.execute(
                f"CREATE TRIGGER {_quoted(name)} AFTER {verb} ON {_quoted(table)} "
                f"REFERENCING {transition} FOR EACH STATEMENT EXECUTE FUNCTION {_quoted(name)}()"
            )
    return len(stale) + len(missing)


def install_after_migrate(sender, using, **kwargs) -> None:
    """After the last app has migrated: triggers as registered, and everything judged anew if the registries changed."""
    from django.apps import apps

    if sender is not [one for one in apps.get_app_configs() if one.models_module][-1]:
        return
    if not {Mark._meta.db_table, Mechanism._meta.db_table} <= set(connections[using].introspection.table_names()):
        return
    install(using)
    if Progress.objects.using(using).exclude(registered=fingerprint()).update(registered=fingerprint()):
        Mark.objects.using(using).create(subject=Mark.ALL)
