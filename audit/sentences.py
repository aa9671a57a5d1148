"""Sentences of the trail: apps add a template per verb, and events are put into words when they are read.

`add({"problem.assigned": _("交办给{unit}，期限{due_on}")})` in the app's `ready()`. Placeholders are keys of the
event's data; a record stands there as its name, a missing key as a dash, a value of an enumeration that was named with
`labels` as its label. Unknown verbs fall back to the verb and data.
"""

import json

from django.utils.translation import gettext as _

from audit.models import Event

_templates: dict = {}
_labels: dict = {}


def add(templates: dict, labels: dict | None = None) -> None:
    """Register sentence templates by verb; a later one for the same verb wins. `labels` names the keys of the data
    whose values are those of an enumeration: {key: TextChoices}."""
    _templates.update(templates)
    _labels.update(dict.fromkeys(templates, labels or {}))


def verbs() -> dict[str, str]:
    """The template of every verb that has one, in the reader's language."""
    return {verb: str(template) for verb, template in sorted(_templates.items())}


class _Values(dict):
    def __missing__(self, key):
        return "—"


def sentence(event: Event) -> str:
    """What happened, in the reader's language."""
    template = _templates.get(event.verb)
    if template is None:
        return _("{verb}：{data}").format(verb=event.verb, data=_plain(event.data)) if event.data else event.verb
    choices = _labels.get(event.verb, {})
    values = _Values({name: _told(value, choices.get(name)) for name, value in event.data.items()})
    return str(template).format_map(values)


def _told(value, choices) -> str:
    """The value in words; one of an enumeration as its label."""
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    return _plain(value)


def _plain(value) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, dict):
        if set(value) == {"id", "name"}:
            return str(value["name"])
        return _("，").join(f"{key} {_plain(item)}" for key, item in value.items())
    if isinstance(value, list):
        return _("、").join(map(_plain, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def who(event: Event) -> str:
    """Who did it, in which post, and for whom where a deputy did it."""
    acting_for = event.data.get("acting_for")
    words = _("（代%(name)s履职）") % {"name": acting_for} if acting_for else ""
    return " ".join(filter(None, [event.actor_name, event.actor_title])) + words


def timeline(record, limit: int = 100) -> list[dict]:
    """A record's own events, newest first, for the timeline component. The record was found visible before."""
    events = Event.objects.of(record).order_by("-id")[:limit]
    return [{"title": sentence(event), "who": who(event), "at": event.at} for event in events]
