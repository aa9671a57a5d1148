"""Files handed to the browser: always as an attachment, with a Chinese name that every browser keeps."""

import re
from urllib.parse import quote

from django.http import FileResponse, HttpResponse

from exchange.cells import clean_text

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
}
# Characters that a file system or a header line cannot take.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\r\n\t]+')


def safe_file_name(name, limit=120):
    """`name` without what Windows, a header line or a path would trip over; the ending is kept when it must be cut."""
    stem, dot, ending = clean_text(name).replace("\n", " ").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = _FORBIDDEN.sub("_", stem).strip(" .")[: limit - len(ending) - 1] or "file"
    ending = re.sub(r"[^A-Za-z0-9]", "", ending)
    return f"{stem}.{ending}" if ending else stem


def content_disposition(name):
    """The header of RFC 6266: a plain ASCII name for old programs and the real one in UTF-8 beside it."""
    name = safe_file_name(name)
    ending = name.rpartition(".")[2] if "." in name else "bin"
    plain = name if name.isascii() else f"download.{ending}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _dress(response, name):
    ending = name.rpartition(".")[2].lower()
    response["Content-Type"] = CONTENT_TYPES.get(ending, "application/octet-stream")
    response["Content-Disposition"] = content_disposition(name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def file_response(file, name):
    """Stream an open binary file as the attachment `name`."""
    return _dress(FileResponse(file), name)


def bytes_response(content, name):
    """Send bytes as the attachment `name`."""
    return _dress(HttpResponse(content), name)
