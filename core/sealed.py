"""Columns that a copy of the database must not tell (加密保存): addresses with keys in them, signing secrets.

A value is kept as a Fernet token (AES-128-CBC with HMAC-SHA256) under a key that follows from SECRET_KEY. Former keys
in SECRET_KEY_FALLBACKS still read; `manage.py reseal` writes everything anew under the present one. What no key
reads is told as `Unreadable`, never as an error, and is written back as it was.
"""

import base64
from collections.abc import Iterator
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Cast

_PURPOSE = b"chain-alliance: sealed columns"


class Unreadable(str):
    """Stands for a value that no key reads: empty to whoever uses it, and the token unharmed when it is saved."""

    token: str

    def __new__(cls, token: str):
        made = super().__new__(cls, "")
        made.token = token
        return made

    def __reduce__(self):
        return Unreadable, (self.token,)


@lru_cache(maxsize=16)
def _fernet(key: str) -> Fernet:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _all_keys() -> MultiFernet:
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def seal(text: str) -> str:
    """What is kept of a text: different each time. An empty text stays empty, so that it can be asked for."""
    return _fernet(settings.SECRET_KEY).encrypt(text.encode()).decode() if text else ""


def unseal(token: str) -> str:
    """The text behind a token; `Unreadable` where it was sealed under a key that is not known, or is no token."""
    if not token:
        return ""
    try:
        return _all_keys().decrypt(token.encode()).decode()
    except (InvalidToken, UnicodeError):
        return Unreadable(token)


def is_present(token: str) -> bool:
    """Whether the present key alone reads it."""
    try:
        _fernet(settings.SECRET_KEY).decrypt(token.encode())
    except (InvalidToken, UnicodeError):
        return False
    return True


class SealedField(models.TextField):
    """A text that is encrypted in the database. It cannot be searched for, but for being empty."""

    def from_db_value(self, value, expression, connection):
        return value if value is None else unseal(value)

    def get_prep_value(self, value):
        if isinstance(value, Unreadable):
            return value.token
        value = super().get_prep_value(value)
        return value if value is None else seal(value)


# --- the whole installation ---------------------------------------------------------------------------------------
def stored() -> Iterator[tuple[type[models.Model], str, int, str]]:
    """(model, column, key of the row, token) of everything that is kept sealed."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedField):
                rows = model._base_manager.annotate(kept=Cast(field.name, models.TextField())).exclude(kept="")
                for pk, token in rows.order_by("pk").values_list("pk", "kept"):
                    yield model, field.name, pk, token


@transaction.atomic
def reseal() -> tuple[int, list[str]]:
    """Write everything anew under the present key; (how many values, names of those that no key reads)."""
    count, lost = 0, []
    for model, name, pk, _token in list(stored()):
        row = model._base_manager.select_for_update(of=("self",), no_key=True).only(name).get(pk=pk)
        value = getattr(row, name)
        if isinstance(value, Unreadable):
            lost.append(f"{model._meta.label} {pk} {name}")
        elif value:
            model._base_manager.filter(pk=pk).update(**{name: value})
            count += 1
    return count, lost
