"""Where files of imports lie: under the media folder, by names that say nothing and cannot be guessed."""

import hashlib
import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FOLDER = "imports"


def put(content: bytes, ending: str) -> tuple[str, str]:
    """Keep `content`; answers (its name in the store, sha256)."""
    wanted = f"{FOLDER}/{secrets.token_hex(1)}/{secrets.token_urlsafe(24)}.{ending}"
    return default_storage.save(wanted, ContentFile(content)), hashlib.sha256(content).hexdigest()


def open_stored(name: str):
    """The stored file, open for reading. Raises FileNotFoundError."""
    return default_storage.open(name, "rb")


def remove(name: str) -> None:
    """Take away a file that no row names (any more)."""
    if name:
        default_storage.delete(name)
