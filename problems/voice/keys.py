"""Secrets of links: what a QR code carries, what is kept of it, and the short code that can be typed."""

import base64
import binascii
import hashlib
import secrets
import unicodedata

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

SECRET_BYTES = 32
# Crockford's alphabet: nothing that looks like something else.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TAIL = 8  # 40 bits
LONGEST_CODE = TAIL + 13
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
PASS_SALT = "problems.voice.pass"  # noqa: S105 - a name, no secret
PASS_SECONDS = 12 * 60 * 60


def new_token() -> str:
    """256 random bits, as 43 characters that need no quoting in an address."""
    return base64.urlsafe_b64encode(secrets.token_bytes(SECRET_BYTES)).rstrip(b"=").decode()


def digest_of(token: str) -> str | None:
    """What is kept of a token; None for a text that cannot be one."""
    try:
        raw = base64.b64decode(token + "=", altchars=b"-_", validate=True) if len(token) == 43 else b""
    except (binascii.Error, ValueError):
        return None
    if len(raw) != SECRET_BYTES or base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != token:
        return None
    return hashlib.sha256(raw).hexdigest()


def _in_base32(number: int) -> str:
    text = ""
    while True:
        number, rest = divmod(number, 32)
        text = ALPHABET[rest] + text
        if not number:
            return text


def _tail(link) -> str:
    """Follows from the kept digest and the key of the installation: a copy of the database alone gives no code."""
    made = salted_hmac("problems.voice.code", f"{link.pk}:{link.digest}", algorithm="sha256").digest()
    return _in_base32(int.from_bytes(made[:5])).rjust(TAIL, "0")


def code_of(link) -> str:
    """The short code (短码) of a link, in groups: `3F-9K2M-X7QP`."""
    tail = _tail(link)
    return f"{_in_base32(link.pk)}-{tail[:4]}-{tail[4:]}"


def read_code(text: str) -> tuple[int, str] | None:
    """(number of the link, tail) of a typed code; full width, small letters, spaces and O for 0 are understood."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(_LOOKALIKES)
    plain = "".join(sign for sign in plain if sign not in " -_·—–\t")
    if not TAIL < len(plain) <= LONGEST_CODE or any(sign not in ALPHABET for sign in plain):
        return None
    number = 0
    for sign in plain[:-TAIL]:
        number = number * 32 + ALPHABET.index(sign)
    return (number, plain[-TAIL:]) if number < 2**63 else None


def code_fits(link, tail: str) -> bool:
    return constant_time_compare(_tail(link), tail)


def pass_for(link) -> str:
    """What the browser keeps after the link was opened: signed, for half a day, without the secret itself."""
    return signing.dumps([link.pk, link.digest[:16]], salt=PASS_SALT)


def read_pass(value: str) -> tuple[int, str] | None:
    try:
        number, start = signing.loads(value, salt=PASS_SALT, max_age=PASS_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return number, start
