"""A first `migrate` in half the time: what an index or a constraint changes in Django's picture of the tables is noted,
and the picture is not drawn anew for it.

Nearly all of its time went into drawing (measured: 123 of 131 profiled seconds in `ProjectState.reload_model`): each
of the two hundred indexes and constraints made classes again for every table connected with its own, which here is
nearly all of them. On PostgreSQL nothing reads an index or a constraint from those classes: the operation brings its
own, and removing one looks into the noted options. Columns, tables and triggers are drawn as ever.
"""

import contextlib
from collections.abc import Iterator

from django.db.migrations.state import ProjectState


def _append_option(self, app_label, model_name, option_name, obj) -> None:
    options = self.models[app_label, model_name].options
    options[option_name] = [*options[option_name], obj]


@contextlib.contextmanager
def drawn_once() -> Iterator[None]:
    """Inside the block an added index or constraint does not redraw its neighbourhood. For the migrate command."""
    kept = ProjectState._append_option
    ProjectState._append_option = _append_option
    try:
        yield
    finally:
        ProjectState._append_option = kept
