"""What a step changed, kept so that it can be undone: columns of the entry, and the rows of its spans, legs, requests,
limits, calls, instructions and files that it made or altered."""

import json

from django.db import connection

from audit import trail
from core import clock
from core.actor import Actor
from problems.models import (
    Assignment,
    Attachment,
    CallBack,
    Extension,
    Instruction,
    LastStep,
    Objection,
    Problem,
    StateSpan,
    StepLimit,
)  # fmt: skip

# Rows of an entry that steps make or alter, those that point at others first: deleted in this order.
_PARTS = {
    "call_backs": CallBack, "limits": StepLimit, "objections": Objection, "extensions": Extension,
    "legs": Assignment, "spans": StateSpan, "instructions": Instruction, "files": Attachment,
}  # fmt: skip
# Parts of which some rows count as gone, and the condition on those that are there.
_THERE = {"files": "AND t.withdrawn_at IS NULL"}
# Columns that are not put back: they go on, or the database makes them.
_OWN = frozenset({"id", "version", "top_category"})
_GENERATED = frozenset({"green_until", "in_time"})
_ROWS = "'{0}', (SELECT coalesce(json_agg(t), '[]'::json) FROM {1} t WHERE t.problem_id = %s {2})"
_PICTURE = "SELECT json_build_object({})::text".format(
    ", ".join(_ROWS.format(name, model._meta.db_table, _THERE.get(name, "")) for name, model in _PARTS.items())
)


def picture(problem: Problem) -> dict:
    """The entry's columns and the rows around it, as plain values."""
    own = {
        field.attname: trail._plain(getattr(problem, field.attname))
        for field in Problem._meta.concrete_fields
        if field.attname not in _OWN
    }
    with connection.cursor() as cursor:
        cursor.execute(_PICTURE, [problem.pk] * len(_PARTS))
        parts = json.loads(cursor.fetchone()[0])
    return {"own": own, "parts": {name: {row["id"]: row for row in rows} for name, rows in parts.items()}}


def _changed(before: dict, after: dict) -> dict:
    return {name: value for name, value in before.items() if after.get(name) != value and name not in _GENERATED}


def keep(problem: Problem, name: str, by: Actor, before: dict, *, spread: bool = False) -> None:
    """Remember this step as the last one. `spread` marks one that moved other entries, too."""
    after, parts = picture(problem), {}
    for part, rows in after["parts"].items():
        was = before["parts"][part]
        made = [pk for pk in rows if pk not in was]
        altered = {pk: change for pk, row in was.items() if (change := _changed(row, rows.get(pk, {})))}
        if made or altered:
            parts[part] = {"made": made, "was": altered}
    kept = {"own": _changed(before["own"], after["own"]), "parts": parts, "spread": spread}
    LastStep.objects.bulk_create(
        [LastStep(problem=problem, name=name, by_id=by.user_id, at=clock.now(), version=problem.version, before=kept)],
        update_conflicts=True, unique_fields=["problem"], update_fields=["name", "by", "at", "version", "before"],
    )  # fmt: skip
    problem._state.fields_cache.pop("last_step", None)


def put_back(problem: Problem, kept: dict) -> None:
    """Give the columns and rows the values that they had; the entry itself is saved by the caller."""
    for name, value in kept["own"].items():
        setattr(problem, name, _value(Problem, name, value))
    for part, model in _PARTS.items():
        change = kept["parts"].get(part, {})
        made = model.objects.filter(problem=problem, pk__in=change.get("made", ()))
        if model is Attachment:
            made.update(withdrawn_at=clock.now())
        elif change.get("made"):
            made.delete()
    for part, model in _PARTS.items():
        for pk, row in kept["parts"].get(part, {}).get("was", {}).items():
            model.objects.filter(problem=problem, pk=pk).update(
                **{name: _value(model, name, value) for name, value in row.items()}
            )
    problem.__dict__.pop("active_legs", None)


def _value(model, name: str, value):
    return model._meta.get_field(name).to_python(value)
