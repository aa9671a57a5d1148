"""A first `migrate` in a fraction of the time: Django's picture of the tables is drawn anew only where it has changed.

Nearly all of its time went into drawing (measured: 123 of 131 profiled seconds in `ProjectState.reload_model`): each
of the two hundred indexes and constraints made classes again for every table connected with its own, which here is
nearly all of them. On PostgreSQL nothing reads an index or a constraint from those classes: the operation brings its
own, and removing one looks into the noted options.

A changed table was drawn anew with every table connected with it over any number of others. It is now drawn with those
that point to it: what an operation on a table reads from the others (names, keys, types) has not changed. Before an
operation that runs Python, Django draws the whole picture afresh (`is_delayed`), so data are moved with classes that
are wholly right.
"""

import contextlib
from collections.abc import Iterator

from django.db.migrations.state import ProjectState


def _append_option(self, app_label, model_name, option_name, obj) -> None:
    options = self.models[app_label, model_name].options
    options[option_name] = [*options[option_name], obj]


def _find_reload_model(self, app_label, model_name, delay=False):
    self.is_delayed = True
    try:
        model = self.apps.get_model(app_label, model_name)
    except LookupError:
        pointing = set()
    else:
        fields = model._meta.get_fields(include_parents=True, include_hidden=True)
        pointing = {
            (one.related_model._meta.app_label, one.related_model._meta.model_name)
            for one in fields
            if one.is_relation and one.auto_created and not one.concrete and not isinstance(one.related_model, str)
        }
    return pointing | {(app_label, model_name)}


@contextlib.contextmanager
def drawn_once() -> Iterator[None]:
    """Inside the block a change redraws no more than it must. For the migrate command."""
    kept = ProjectState._append_option, ProjectState._find_reload_model
    ProjectState._append_option, ProjectState._find_reload_model = _append_option, _find_reload_model
    try:
        yield
    finally:
        ProjectState._append_option, ProjectState._find_reload_model = kept
