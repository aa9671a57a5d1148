"""Uploaded files: what is taken in, how it is kept, and how it goes out again.

A file is judged by its content, not its name: the extension must be one of a short list and the first bytes (for
office files the parts of the package) must be those of that kind. It is stored under a random name and only ever sent
as a download, so that no browser runs what somebody uploaded.
"""

import hashlib
import secrets
import zipfile
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

_MAGIC = {"pdf": (b"%PDF-",), "png": (b"\x89PNG\r\n\x1a\n",), "jpg": (b"\xff\xd8\xff",)}
_PACKAGES = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain",
}
# An office file that unpacks to more than this many times the limit is a bomb, not a document.
_UNPACKED_TIMES = 20


@dataclass(frozen=True)
class StoredFile:
    """A file that was judged and stored."""

    storage_name: str
    name: str
    content_type: str
    size: int
    sha256: str


def kind_of(name: str) -> str:
    """The extension in lower case, `jpeg` told as `jpg`."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return "jpg" if ending == "jpeg" else ending


def judge(upload) -> str:
    """The kind of the upload. Raises ValidationError with a sentence where it may not be kept."""
    kind = kind_of(upload.name or "")
    if kind not in CONTENT_TYPES:
        raise ValidationError(_("只能上传 PDF、PNG、JPG、Word（docx）、Excel（xlsx）和文本（txt）文件。"))
    if upload.size > settings.UPLOAD_LIMIT_BYTES:
        raise ValidationError(
            _("文件过大：最多 %(limit)d MB。") % {"limit": settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)}
        )
    if upload.size == 0:
        raise ValidationError(_("文件是空的。"))
    if not _is(kind, upload):
        raise ValidationError(_("文件内容与扩展名不符，请检查后重新上传。"))
    return kind


def _is(kind: str, upload) -> bool:
    upload.seek(0)
    try:
        if kind in _MAGIC:
            return upload.read(16).startswith(_MAGIC[kind])
        if kind in _PACKAGES:
            return _is_package(upload, _PACKAGES[kind])
        return _is_text(upload)
    finally:
        upload.seek(0)


def _is_package(upload, part: str) -> bool:
    try:
        with zipfile.ZipFile(upload) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeDecodeError):
        return False
    return {"[Content_Types].xml", part} <= names and unpacked <= _UNPACKED_TIMES * settings.UPLOAD_LIMIT_BYTES


def _is_text(upload) -> bool:
    content = upload.read()
    if b"\x00" in content:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def clean_name(name: str) -> str:
    """The file's own name without folders, control characters and half pairs, at most 200 characters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in base if c.isprintable() and not "\ud800" <= c <= "\udfff").strip() or "file"
    if len(plain) <= 200:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: 199 - len(ending)]}.{ending}" if dot else plain[:200]


def store(upload, folder: str) -> StoredFile:
    """Judge and keep an upload under a random name in `folder`. Raises ValidationError."""
    kind = judge(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    wanted = f"{folder}/{secrets.token_hex(2)[:2]}/{secrets.token_urlsafe(24)}.{kind}"
    kept = default_storage.save(wanted, upload)
    return StoredFile(kept, clean_name(upload.name), CONTENT_TYPES[kind], upload.size, digest.hexdigest())


def remove(storage_name: str) -> None:
    """Take a stored file away: only for one whose row was never committed."""
    default_storage.delete(storage_name)


def open_stored(storage_name: str):
    """The stored file, open for reading. Raises FileNotFoundError."""
    return default_storage.open(storage_name, "rb")
