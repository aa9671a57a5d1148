"""A list as it is handed out: its columns, its rows in the order of the screen, and the address that hands it out.

An app declares the address of an export with a function that builds the list for whoever asks. The same function runs
in the request of a short list and in the worker that writes a long one, so both hold the same rows. How the file is
made is not known here: the app of exchange says it (`register_answer`).
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.views.decorators.http import require_GET

from core.actor import Actor

# Rows are fetched from the database so many at a time.
CHUNK = 2000
MOST_HELD = 10_000


@dataclass(frozen=True)
class Asking:
    """What a list is built from: who asks, the address's own filter, and what was said beside it.

    Named like the request's own parts, so that a filter reads either. `reason` is why personal data leave the system;
    `columns` are keys of columns as the person saw them when the list was asked for, empty for those of now.
    """

    actor: Actor
    GET: Mapping
    reason: str = ""
    columns: Sequence[str] = ()


@dataclass
class Listing:
    """One list, not yet read.

    `columns` have `label`, `kind` (`text`, `date`, `datetime`, `integer`, `number`, `percent`) and, if they like,
    `width` in characters. `lines` turns rows into cells, in one pass. `conditions` is the filter in words. `keys` are
    the columns by key where a person chooses them. `note(actor, count)` leaves the list's own event in the trail
    instead of the common one.
    """

    title: str
    columns: Sequence[Any]
    rows: QuerySet | Sequence
    lines: Callable[[Iterable], Iterator[Sequence]]
    conditions: str = ""
    keys: Sequence[str] = ()
    note: Callable[[Actor, int], Any] | None = None

    def read(self) -> Iterator[Sequence]:
        """The cells, row by row; never more of them in memory than one chunk."""
        whole = isinstance(self.rows, QuerySet)
        return iter(self.lines(self.rows.iterator(chunk_size=CHUNK) if whole else self.rows))

    def total(self) -> int:
        return self.rows.order_by().count() if isinstance(self.rows, QuerySet) else len(self.rows)

    def is_longer_than(self, most: int) -> bool:
        """Costs no more than `most` rows."""
        if isinstance(self.rows, QuerySet):
            return self.rows.order_by()[: most + 1].count() > most
        return len(self.rows) > most


def with_related(rows: Iterable, names: Sequence[str]) -> Iterator:
    """The rows with these relations filled, each record of theirs read once instead of once a row.

    Where a hundred thousand rows point at a few hundred records, joining makes as many objects as there are rows.
    Never more than a few chunks of records are held.
    """
    rows, known = iter(rows), {name: {} for name in names}
    while chunk := list(itertools.islice(rows, CHUNK)):
        for name, records in known.items():
            relation = chunk[0]._meta.get_field(name)
            if len(records) > MOST_HELD:
                records.clear()
            wanted = {getattr(row, relation.attname) for row in chunk} - records.keys() - {None}
            if wanted:
                records |= relation.related_model._base_manager.in_bulk(wanted)
            for row in chunk:
                relation.set_cached_value(row, records.get(getattr(row, relation.attname)))
        yield from chunk


Build = Callable[..., Listing]

# Filled by the app of exchange, below this one: answers the request with the list as a file.
_answer: list[Callable] = []


def register_answer(function: Callable) -> None:
    _answer[:] = [function]


def export(build: Build):
    """The view of an export's address. `build(asking, **arguments of the path)` answers the list, and refuses as a view
    does: Http404, PermissionDenied, Refused."""

    @require_GET
    def view(request, **arguments):
        return _answer[0](request, build, arguments)

    return marked(view, build)


def marked(view, build: Build):
    """Let `view` be known as the address of the list that `build` makes: a worker finds it there."""
    view.listing = build
    return view
