"""What is to be said beside a date: that its month is closed, say. Forms and pages ask without knowing who answers.

An app that knows something about days of the past registers a reader in its `AppConfig.ready()`. Every field with a
`DateInput` or `DateTimeInput` shows what the readers say of the day in it, when the form is shown and when the day is
changed; inputs of days that no figure goes by are made with `counted=False`.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from core import clock
from core.actor import SYSTEM, Actor

LONGEST = 20  # characters of a day or number in the address that are looked at
MOST = 50


@dataclass(frozen=True)
class Units:
    """Keys of the units that a record belongs to."""

    committees: frozenset = frozenset()
    regions: frozenset = frozenset()
    enterprises: frozenset = frozenset()


# What a unit is called in forms and on records: (name of the field or attribute, which units).
NAMES = {"committee": "committees", "region": "regions", "enterprise": "enterprises", "enterprises": "enterprises"}

readers: list[Callable[[Actor, dt.date, Units], str]] = []


def register(reader: Callable[[Actor, dt.date, Units], str]) -> None:
    """Ask `reader(actor, day, units)` for a sentence about a day gone by; an empty text says nothing. Units out of
    the actor's sight must not be told of."""
    readers.append(reader)


def notes(day: dt.date | None, units: Units, actor: Actor = SYSTEM) -> list[str]:
    """The sentences about a day of these units; none about today and later days."""
    if day is None or day >= clock.today():
        return []
    return [sentence for sentence in (str(reader(actor, day, units)) for reader in readers) if sentence]


def units_of(form) -> Units:
    """The units that a form's record belongs to: as chosen in it, else those of the record (`instance`, or whatever
    the form calls `problem` or `dated_for`)."""
    found: dict[str, set] = {kind: set() for kind in NAMES.values()}
    record = next(
        (one for one in (getattr(form, name, None) for name in ("dated_for", "problem", "instance")) if one), None
    )
    for name, kind in NAMES.items():
        if name in form.fields:
            found[kind] |= _keys(form[name].value())
        elif getattr(record, f"{name}_id", None):
            found[kind].add(getattr(record, f"{name}_id"))
    return Units(**{kind: frozenset(keys) for kind, keys in found.items()})


def _keys(value) -> set:
    values = value if isinstance(value, list | tuple | set) else [value]
    keys = [one.pk if isinstance(one, Model) else one for one in values]
    return {int(one) for one in keys[:MOST] if str(one).isascii() and str(one).isdigit() and len(str(one)) < LONGEST}


def _day(value) -> dt.date | None:
    """The local day of a field's value, or of what a browser sends for it."""
    if isinstance(value, dt.datetime):
        return clock.local_date(value) if value.tzinfo else value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return parse_date(str(value or "")[:10])
    except ValueError:
        return None


def beside(field) -> SafeString:
    """The place beside a date for what is said of it: filled now, and asked for again when day or unit change."""
    form, units = field.form, units_of(field.form)
    said = notes(_day(field.value()), units)
    inputs = [f"#{form[name].id_for_label}" for name in NAMES if name in form.fields]
    inputs = [f"#{field.id_for_label}", *inputs]
    fixed = [("day_in", field.html_name)]
    for name, kind in NAMES.items():
        if name in form.fields:
            fixed.append((f"{kind}_in", form.add_prefix(name)))
        else:
            fixed += [(kind, key) for key in sorted(getattr(units, kind))] if name != "enterprises" else []
    return format_html(
        '<div class="form-hint dated" id="{}_dated" role="status" hx-get="{}?{}" hx-trigger="{}" hx-include="{}">'
        "{}</div>",
        field.auto_id,
        reverse("core:dated"),
        urlencode(fixed),
        ", ".join(f"change from:{one}" for one in inputs),
        ", ".join(inputs),
        told(said),
    )


def told(sentences) -> SafeString:
    return mark_safe("".join(format_html("<p>{}</p>", one) for one in sentences))  # noqa: S308 - escaped one by one


@require_safe
def dated(request):
    """What is said of a day that was just chosen. `day_in` names the parameter that holds it, `committees_in` and its
    like those of units."""
    given = request.GET
    units = {kind: set() for kind in NAMES.values()}
    for kind in units:
        names = given.getlist(f"{kind}_in")[:2]
        for value in [given.getlist(kind), *(given.getlist(name) for name in names)]:
            units[kind] |= _keys(value)
    day = _day(given.get(given.get("day_in", ""), ""))
    found = Units(**{kind: frozenset(keys) for kind, keys in units.items()})
    return HttpResponse(told(notes(day, found, request.actor)))
