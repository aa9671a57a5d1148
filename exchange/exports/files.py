"""Where files of exports lie, and a list written as one."""

import hashlib
import secrets
from pathlib import Path

from django.conf import settings

from core import clock
from core.actor import Actor
from core.listings import Listing
from exchange.cells import NUMBER_FORMATS, TEXT
from exchange.enums import ExportFormat
from exchange.writer import Column, head_lines, write_csv, write_table

FOLDER = "exports"


def new_name(ending: str) -> str:
    """A name that says nothing and cannot be guessed."""
    return f"{FOLDER}/{secrets.token_urlsafe(24)}.{ending}"


def path_of(name: str) -> Path:
    """The place of a stored file. Raises ValueError for a name that would leave the folder."""
    root = (Path(settings.MEDIA_ROOT) / FOLDER).resolve()
    path = (Path(settings.MEDIA_ROOT) / name).resolve()
    if path.parent != root:
        raise ValueError("not a file of an export")
    return path


def begin(name: str):
    """The new file, open for writing."""
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    return path.open("xb")


def remove(name: str) -> None:
    """Take away a file that no row names any more, or that is half written."""
    if name:
        path_of(name).unlink(missing_ok=True)


def fingerprint(name: str) -> tuple[int, str]:
    """(size, sha256) of a stored file, read piece by piece."""
    with path_of(name).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def columns_of(listing: Listing) -> list[Column]:
    return [
        Column(str(one.label), one.kind if one.kind in NUMBER_FORMATS else TEXT, getattr(one, "width", 0))
        for one in listing.columns
    ]


def write(target, listing: Listing, actor: Actor, kind: str = ExportFormat.XLSX, watched=iter) -> int:
    """Write the list to an open binary file; answers its rows. `watched` is led over the rows on their way. Raises
    `exchange.writer.TooManyRows`."""
    columns = columns_of(listing)
    head = head_lines(
        title=listing.title, scope=actor.place, conditions=listing.conditions, as_of=clock.now(), user=actor.name
    )
    rows = watched(listing.read())
    if kind == ExportFormat.CSV:
        return write_csv(target, columns, rows, head)
    return write_table(target, listing.title, columns, rows, head)
