"""Where report files lie: under the media folder, by names that say nothing and cannot be guessed."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

FOLDER = "reports"


def storage_name(report, ending, *, issued=False):
    """The name of a file of this report: random, and the same for every attempt, so that none leaves litter. The issued
    file has one of its own: writing it leaves the draft's as it is."""
    return f"{FOLDER}/{report.storage_token.hex}{'-issued' if issued else ''}.{ending}"


def path_of(name):
    """The place of a stored file. Raises ValueError for a name that would leave the folder."""
    root = (Path(settings.MEDIA_ROOT) / FOLDER).resolve()
    path = (Path(settings.MEDIA_ROOT) / name).resolve()
    if path.parent != root:
        raise ValueError("not a report file")
    return path


def put(name, content):
    """Write `content` whole or not at all; returns (size, sha256)."""
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return len(content), hashlib.sha256(content).hexdigest()


def remove(name):
    """Remove a file that nothing refers to any more; one that is gone already is no harm."""
    path_of(name).unlink(missing_ok=True)
