"""The files of a report as bytes: rendered from its document, opened from the store, checked against what was written.

Equal documents give equal bytes, so a file that was lost or altered on the disk is made again. The file of an issued
report is only given out when it is the one that was issued.
"""

import hashlib
import io

from django.utils.translation import override

from exchange import official
from exchange.responses import safe_file_name
from exchange.structure import Document, from_json
from reports import store, workbook
from reports.enums import ENDINGS, FileKind


def render(document: Document, kind: str) -> bytes:
    """The file of a kind: an official Chinese document whatever language the pages are in."""
    with override("zh-hans"):
        return official.render(document) if kind == FileKind.WORD else workbook.render(document)


def name_of(document: Document, edition: int, kind: str) -> str:
    return safe_file_name(f"{document.title.replace(chr(10), '')}（第{edition}版）.{ENDINGS[kind]}")


def opened(file):
    """The stored file, open, or None when it is gone or is no longer what was written."""
    try:
        stored = store.path_of(file.storage_name).open("rb")
    except (OSError, ValueError):
        return None
    if hashlib.file_digest(stored, "sha256").hexdigest() != file.sha256:
        stored.close()
        return None
    stored.seek(io.SEEK_SET)
    return stored


def made_again(file) -> bytes:
    """The bytes of a file from the snapshot of its report."""
    return render(from_json(file.report.snapshot), file.kind)


def is_same(file, content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == file.sha256
