"""Changing a register's record under its lock: who saved second is told, and the trail holds before and after."""

import hashlib

import pghistory.models
from django.db import models, transaction
from django.utils.translation import gettext as _

from audit import trail
from audit.models import Event
from core.actor import Actor
from core.transitions import Conflict, Refusal, Refused


def _columns(model):
    return [field for field in model._meta.concrete_fields if field.editable and not field.primary_key]


def version(obj) -> str:
    """A value that differs once anything a form can edit has changed: the last event's number and a hash of the row.

    The event is read first: a change in between makes the version old, never falsely new.
    """
    return _version(obj, events_of(obj).values_list("pk", flat=True).first() or 0)


def _version(obj, last):
    parts = [f"{field.attname}={getattr(obj, field.attname)!r}" for field in _columns(type(obj))]
    for field in obj._meta.many_to_many:
        ids = sorted(getattr(obj, field.name).values_list("pk", flat=True))
        parts.append(f"{field.name}={ids}")
    return f"{last}-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:20]}"


def versions(rows) -> dict[int, str]:
    """{number: version} of many records of one model without many-to-many fields that a form edits: two queries."""
    rows = list(rows)
    if not rows:
        return {}
    model, ids = type(rows[0]), [row.pk for row in rows]
    if model._meta.many_to_many:
        return {row.pk: version(row) for row in model._base_manager.filter(pk__in=ids)}
    of = Event.objects.filter(object_type=model._meta.label_lower, object_id__in=ids)
    last = dict(of.order_by().values_list("object_id").annotate(models.Max("pk")))
    return {row.pk: _version(row, last.get(row.pk, 0)) for row in model._base_manager.filter(pk__in=ids)}


def events_of(obj):
    """The trail of one record, newest first."""
    return Event.objects.filter(object_type=obj._meta.label_lower, object_id=obj.pk).order_by("-pk")


def lock(obj, seen: str | None = None):
    """The row behind `obj`, locked and read afresh. Raises Conflict when it is no longer the version `seen`, with the
    events since; Refused when it is gone."""
    model = type(obj)
    row = model._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=obj.pk).first()
    if row is None:
        raise Refused(Refusal("gone", _("这条记录已经不存在。")))
    if seen and seen != version(row):
        first = seen.partition("-")[0]
        since = events_of(row)
        if first.isascii() and first.isdigit() and len(first) < 19:
            since = since.filter(pk__gt=int(first))
        raise Conflict(
            Refusal("version", _("您打开页面后，这条记录已被他人修改。请核对下列变化，确认后再次保存。")), since[:20]
        )
    return row


def picture(obj, names) -> dict:
    """{field: value} of the record as it is now; many-to-many fields as lists of records."""
    many = {field.name for field in obj._meta.many_to_many}
    result = {}
    for name in names:
        if name not in many:
            result[name] = getattr(obj, name)
        else:
            result[name] = list(getattr(obj, name).order_by("pk")) if obj.pk else []
    return result


@transaction.atomic
def write(obj, data: dict, *, by: Actor, noun: str, seen: str | None = None, judge=None):
    """Create or change `obj` with the values of `data`; answers (the saved row, {field: [from, to]}).

    `judge(row, data)` looks at the locked row as it was and answers a Refusal or None. The trail gets
    `<noun>.created` or `<noun>.changed`. Raises Refused, Conflict.
    """
    fresh = obj.pk is None
    row = obj if fresh else lock(obj, seen)
    refusal = judge(row, data) if judge else None
    if refusal:
        raise Refused(refusal)
    many = {field.name for field in row._meta.many_to_many}
    before = {} if fresh else picture(row, data)
    for name, value in data.items():
        if name not in many:
            setattr(row, name, value)
    row.save()
    for name in many & data.keys():
        getattr(row, name).set(data[name])
    after = picture(row, data)
    changed = trail.changes(before, after)
    if fresh:
        trail.record(by, f"{noun}.created", row, values=after)
    elif changed:
        trail.record(by, f"{noun}.changed", row, changes=changed)
    return row, changed


@transaction.atomic
def write_many(model, many: list[dict], *, by: Actor, noun: str, judge) -> list:
    """Create a record from each of `many` as `write` does one by one, in a few statements; answers the saved rows.

    What a model works out of its other fields is in its `before_save`; one that works out more in `save` must not come
    here. Values are of columns only. Raises Refused for the first that `judge(row, data)` refuses, and nothing is
    written.
    """
    rows = []
    for data in many:
        row = model()
        refusal = judge(row, data)
        if refusal:
            raise Refused(refusal)
        for name, value in data.items():
            setattr(row, name, value)
        if hasattr(row, "before_save"):
            row.before_save()
        rows.append(row)
    model._base_manager.bulk_create(rows, batch_size=1000)
    trail.record_many(
        by, [(f"{noun}.created", row, {"values": picture(row, data)}) for row, data in zip(rows, many, strict=True)]
    )
    return rows


@transaction.atomic
def withdraw(obj, *, by: Actor, noun: str, seen: str | None, judge, own=()) -> None:
    """Take back a record that was entered by mistake: it goes, as long as nothing refers to it. The trail keeps what it
    held under `<noun>.withdrawn`.

    `own` are models whose rows are nothing without it and go with it (places on chains of an enterprise); rows that
    engines work out go too. `judge(row)` answers a Refusal or None. Raises Refused (`gone`, `built_on`), Conflict.
    """
    row = lock(obj, seen)
    refusal = judge(row)
    if not refusal and (found := referring(row, own)):
        sentence = _("“%(name)s”已有关联的内容（%(what)s）。") % {"name": row, "what": "、".join(found)}
        refusal = Refusal("built_on", sentence)
    if refusal:
        raise Refused(refusal)
    held = picture(row, [field.name for field in _columns(type(row))])
    trail.record(by, f"{noun}.withdrawn", row, values=held)
    for model, name in _references(type(row)):
        if model in own:
            model._base_manager.filter(**{name: row}).delete()
    row.delete()


def _references(model):
    """(model, field name) of every foreign key to `model` in every app, history aside."""
    for relation in model._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and (relation.one_to_many or relation.one_to_one) and not relation.concrete
        if points_here and not issubclass(relation.related_model, pghistory.models.Event):
            yield relation.related_model, relation.field.name


def referring(row, own=()) -> list[str]:
    """Names of what refers to the record, but for the models `own`, its own links to others, and what engines work out
    and would go with it."""
    own_links = {field.remote_field.through for field in type(row)._meta.many_to_many}
    found = {}
    for model, name in _references(type(row)):
        field = model._meta.get_field(name)
        worked_out = field.remote_field.on_delete is models.CASCADE and not model._meta.auto_created
        if model in own or model in own_links or worked_out:
            continue
        if model._base_manager.filter(**{name: row}).exists():
            label = (
                model._meta.auto_created._meta.verbose_name if model._meta.auto_created else model._meta.verbose_name
            )
            found[str(label)] = True
    return list(found)


def sentences(event, model) -> list[str]:
    """What an event of a record changed, one sentence per field, in the words of the form."""
    result = []
    for name, pair in (event.data.get("changes") or {}).items():
        try:
            label = model._meta.get_field(name).verbose_name
        except LookupError:
            label = name
        old, new = (_shown(model, name, value) for value in pair)
        result.append(_("%(field)s：%(old)s → %(new)s") % {"field": label, "old": old, "new": new})
    return result


def _shown(model, name, value) -> str:
    if isinstance(value, list):
        return "、".join(_shown(model, name, item) for item in value) or _("（空）")
    if isinstance(value, dict):
        return str(value.get("name", ""))
    if value is None or value == "":
        return _("（空）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    try:
        choices = dict(model._meta.get_field(name).flatchoices)
    except LookupError:
        choices = {}
    return str(choices.get(value, value))
