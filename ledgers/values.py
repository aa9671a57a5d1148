"""What one cell of a ledger may be: read from a form or a workbook, kept as JSON, shown again.

`read` is the only judge of a value, so that a form and an imported file refuse the same things in the same words.
"""

import datetime as dt
import hashlib
import json
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from core import search, units
from ledgers.enums import FieldType

SHORT, LONG = 200, 2000
LARGEST = Decimal(10) ** 12
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$|(\d{4})(\d{2})(\d{2})$")
_YES, _NO = ("是", "有", "√", "y", "yes", "1", "true"), ("否", "无", "×", "n", "no", "0", "false")
_LATIN = re.compile(r"[a-z0-9]+")


class Wrong(ValueError):
    """A cell cannot be taken; its text is a sentence for the user."""


def plain(raw) -> str:
    """Control characters and outer space gone; None is nothing."""
    if raw is None:
        return ""
    text = raw.isoformat() if isinstance(raw, dt.date) else str(raw)
    return "".join(c for c in text if c.isprintable() or c in "\n\t").strip()


def folded(text: str) -> str:
    """Full-width digits, letters and signs as plain ones; for what is no sentence."""
    return unicodedata.normalize("NFKC", text)


def read(field, raw):
    """The value of a cell as it is kept, None for an empty one. An enterprise column is read by the caller.

    Raises Wrong with a sentence.
    """
    value = _READERS[field.type](field, raw if isinstance(raw, list) else plain(raw)) if raw not in (None, "") else None
    if value in (None, "", []):
        if field.required:
            raise Wrong(_("请填写。"))
        return None
    return value


def _text(field, text):
    return _short(" ".join(text.split()), SHORT)


def _long(field, text):
    return _short(text, LONG)


def _short(text, most):
    if len(text) > most:
        raise Wrong(_("最多 %(most)d 个字。") % {"most": most})
    return text


def _number(text) -> Decimal:
    try:
        number = Decimal(folded(text).replace(",", "").replace(" ", ""))
    except InvalidOperation:
        raise Wrong(_("请填写数字。")) from None
    if not number.is_finite() or abs(number) >= LARGEST:
        raise Wrong(_("数字过大。"))
    return number


def _integer(field, text):
    if not text:
        return None
    number = _number(text)
    if number != number.to_integral_value():
        raise Wrong(_("请填写整数。"))
    return int(number)


def _decimal(field, text):
    if not text:
        return None
    number = _number(text)
    if number != round(number, 4):
        raise Wrong(_("最多四位小数。"))
    return format(number.normalize() if number else Decimal(0), "f")


def _date(field, text):
    if not text:
        return None
    found = _DATE.match(folded(text).replace(" ", ""))
    try:
        day = dt.date(*(int(part) for part in found.groups() if part)) if found else None
    except ValueError:
        day = None
    if day is None:
        raise Wrong(_("请填写年、月、日，例如 2026-03-05 或 2026.3.5。"))
    if not 1900 <= day.year <= 2100:
        raise Wrong(_("请核对年份，应在 1900 年到 2100 年之间。"))
    return day.isoformat()


def _choice(field, text):
    same = next((one for one in field.choices if folded(one) == folded(text)), None)
    if same is not None or not text:
        return same
    raise Wrong(_("“%(value)s”不在选项中：%(choices)s。") % {"value": text[:60], "choices": "、".join(field.choices)})


def _several(field, raw):
    parts = raw if isinstance(raw, list) else re.split(r"[、,，;；\n]", raw)
    chosen = [_choice(field, plain(part)) for part in parts if plain(part)]
    return [one for one in field.choices if one in chosen]


def _yes_no(field, text):
    word = folded(text).lower()
    if word in _YES or word in _NO:
        return word in _YES
    if word:
        raise Wrong(_("请填写“是”或“否”。"))
    return None


def _mobile(field, text):
    digits = re.sub(r"[\s\-]", "", folded(text))
    if digits and not re.fullmatch(r"1\d{10}|0\d{9,11}", digits):
        raise Wrong(_("请填写 11 位手机号码，或带区号的电话号码。"))
    return digits


def _identifier(field, text):
    code = re.sub(r"\s", "", folded(text)).upper()
    if code and not re.fullmatch(r"[0-9A-Z\-]{4,40}", code):
        raise Wrong(_("证件号码只能是 4 到 40 位数字、字母和横线。"))
    return code


_READERS = {
    FieldType.TEXT: _text, FieldType.LONG_TEXT: _long, FieldType.INTEGER: _integer, FieldType.DECIMAL: _decimal,
    FieldType.WAN_YUAN: _decimal, FieldType.DATE: _date, FieldType.CHOICE: _choice, FieldType.CHOICES: _several,
    FieldType.YES_NO: _yes_no, FieldType.MOBILE: _mobile, FieldType.IDENTIFIER: _identifier,
}  # fmt: skip


def shown(field, value) -> str:
    """A kept value in words."""
    if value in (None, "", []):
        return ""
    if field.type == FieldType.YES_NO:
        return _("是") if value else _("否")
    if field.type == FieldType.CHOICES:
        return "、".join(value)
    if field.type in (FieldType.DECIMAL, FieldType.WAN_YUAN, FieldType.INTEGER):
        number = Decimal(value)
        return units.number(number, max(0, -number.normalize().as_tuple().exponent))
    return str(value)


def of(entry, field):
    """What the entry holds in this column: the enterprise, or the kept value."""
    return entry.enterprise if field.type == FieldType.ENTERPRISE else entry.values.get(field.code)


def in_words(entry, field) -> str:
    value = of(entry, field)
    if field.type == FieldType.ENTERPRISE:
        return value.name if value is not None else ""
    return shown(field, value)


def describe(entry, fields) -> None:
    """Set what follows from the values: title, words of the search, key and digest."""
    told = {one.code: in_words(entry, one) for one in fields}
    entry.title = next((told[one.code] for one in fields if one.is_title), "")[:SHORT]
    entry.words = search.tokens(*(told[one.code] for one in fields if not one.personal))
    entry.own_words = search.tokens(*told.values())
    entry.key = key_of(fields, told)
    entry.digest = digest_of(told)


def key_of(fields, told: dict[str, str]) -> str | None:
    """The digest of the columns that say what is the same entry; None where there are none or one is empty."""
    parts = [search.normalise(told.get(one.code, "")) for one in fields if one.is_key]
    return _hash(parts) if parts and all(parts) else None


def digest_of(told: dict[str, str]) -> str:
    """The digest of all that the entry says; empty cells do not matter, so that a new column changes nothing."""
    return _hash(sorted([code, text] for code, text in told.items() if text))


def _hash(value) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()


def wanted(text: str) -> list[str]:
    """The words that an entry found by `text` must have."""
    return [*search.query(text), *_LATIN.findall(search.normalise(text)[:SHORT])]
