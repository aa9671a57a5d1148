"""Many rows at once: instances made in memory with their keys set, written by COPY.

`save()` is not called, so what a model fills in there (search tokens, pinyin initials) is filled in here. Constraints
and the triggers of history tables hold as always; the markers of the figures are held back, so a recount must follow.
"""

import datetime as dt
import io
import json
from collections import defaultdict

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from core import search


class Rows:
    """Collects instances and writes them in the order in which their models were first named to `order`.

    `clock` stands in for columns that Django would fill with the present moment, unless the instance has a value.
    """

    def __init__(self, clock: dt.datetime):
        self.clock = clock
        self._rows: dict[type[models.Model], list] = defaultdict(list)
        self._links: dict[type[models.Model], list] = defaultdict(list)
        self._keys: dict[type[models.Model], list] = {}

    def add(self, instance):
        """Keep the instance for writing and give it its primary key at once."""
        model = type(instance)
        if instance.pk is None:
            instance.pk = self._key(model)
        self._rows[model].append(instance)
        return instance

    def link(self, many_to_many, left, right) -> None:
        """One row of a many-to-many table, e.g. `rows.link(Chain.help_teams, chain, team)`."""
        field = many_to_many.field
        through = many_to_many.through
        values = {
            f"{field.m2m_field_name()}_id": left.pk,
            f"{field.m2m_reverse_field_name()}_id": right.pk,
        }
        self._links[through].append(through(**values))

    def put_in_order(self, model, key, also=()) -> None:
        """Hand the model's keys out again in the order of `key`, as if the rows had been written one by one; what
        refers to them follows, in the kept rows and in `also`."""
        ordered = sorted(self._rows[model], key=key)
        new = dict(zip((row.pk for row in ordered), sorted(row.pk for row in ordered), strict=True))
        for row in ordered:
            row.pk = new[row.pk]
        for kept in [*(row for rows in self._rows.values() for row in rows), *also]:
            for field in kept._meta.concrete_fields:
                if field.related_model is model and getattr(kept, field.attname) is not None:
                    setattr(kept, field.attname, new[getattr(kept, field.attname)])

    def of(self, label: str) -> list:
        """The kept rows of a model, e.g. `alliances.TeamMember`."""
        return next((found for model, found in self._rows.items() if model._meta.label == label), [])

    def count(self) -> dict[str, int]:
        """How many rows of each model are kept, by the model's label."""
        return {model._meta.label: len(found) for model, found in self._rows.items()}

    def write(self, order: list[type[models.Model]]) -> None:
        """COPY everything inside the running transaction; a model that was forgotten in `order` is an error."""
        forgotten = set(self._rows) - set(order)
        assert not forgotten, f"not in the order of writing: {forgotten}"
        for model in order:
            self._copy(model, self._rows.pop(model, []))
        for through, found in self._links.items():
            for row in found:
                row.pk = self._key(through)
            self._copy(through, found)
        self._links.clear()

    def _key(self, model) -> int:
        waiting = self._keys.setdefault(model, [])
        if not waiting:
            waiting.extend(reversed(take_keys(model, 500)))
        return waiting.pop()

    def _copy(self, model, instances) -> None:
        if not instances:
            return
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        buffer = io.StringIO()
        for instance in instances:
            _fill(instance, self.clock)
            buffer.write("\t".join(_text(field, instance) for field in fields) + "\n")
        buffer.seek(0)
        columns = ", ".join(connection.ops.quote_name(f.column) for f in fields)
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", buffer)


def take_keys(model, count: int) -> list[int]:
    """The next `count` primary keys of the model's sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [key for (key,) in cursor.fetchall()]


def _fill(instance, clock) -> None:
    """What `save()` or the field would have filled in."""
    if hasattr(instance, "initials") and not instance.initials:
        name = getattr(instance, "short_name", "") or instance.name
        if type(instance).__name__ == "Department":
            name = instance.name
        instance.initials = search.initials(name)
    if hasattr(instance, "credit_code") and not instance.tokens:
        instance.tokens = search.tokens(instance.name, instance.short_name, instance.credit_code)
    for field in instance._meta.concrete_fields:
        automatic = getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False)
        if automatic and getattr(instance, field.attname) is None:
            setattr(instance, field.attname, clock)


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _text(field, instance) -> str:
    value = getattr(instance, field.attname)
    if isinstance(value, DatabaseDefault):
        value = field.db_default
    return copy_text(value, field)


def copy_text(value, field=None) -> str:
    """One value in the text format of COPY."""
    if value is None:
        return "\\N"
    if isinstance(field, models.JSONField):
        value = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, bool):
        return "t" if value else "f"
    elif isinstance(value, list):
        value = "{" + ",".join(_quoted(item) for item in value) + "}"
    elif isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value).translate(_ESCAPES)


def _quoted(item) -> str:
    return '"' + str(item).replace("\\", "\\\\").replace('"', '\\"') + '"'
