"""What people write into cells, as values: dates, numbers, yes and no.

Full-width digits, spaces and line breaks are folded first (`plain`). Every function raises ValueError with a sentence.
"""

import datetime as dt
import re
import unicodedata

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

_EPOCH = dt.date(1899, 12, 30)
# Excel counts days: these are the years 1927 to 2119, so that no year and no number of people is taken for one.
_SERIALS = range(10_000, 80_000)
_FULL = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})?日?号?)?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NO_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")
_INTEGER = re.compile(r"(-?\d+)(?:\.0+)?\s*[人个家户名次件]?")
YES = frozenset(["是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "true", "1", "t"])
NO = frozenset(["否", "无", "不是", "没有", "×", "✗", "x", "n", "no", "false", "0", "f", "-", "—", "☐"])


def plain(value) -> str:
    """A cell as one line of text: widths folded, runs of white space as one space."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", str(value or ""))).strip()


def in_every_language(label) -> set[str]:
    """A label as it reads in each language of the product, squeezed: a Chinese table is read for whom the pages are
    English, too."""
    words = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words.add(squeezed(label))
    return words


# Letters and digits only: full-width brackets belong to the names of enterprises.
_NARROW = {code + 0xFEE0: code for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))} | {0x3000: " "}


def as_text(value) -> str:
    """A cell as text to be kept: full-width letters and digits narrowed, nothing else changed."""
    return value.isoformat() if isinstance(value, dt.date) else str(value or "").translate(_NARROW).strip()


def squeezed(value) -> str:
    """A name or heading for comparing: folded, without spaces and capitals."""
    return plain(value).replace(" ", "").casefold()


def as_date(value, today: dt.date) -> dt.date:
    """`2026.3.5`, `2026/3/5`, `2026年3月5日`, `20260305`, Excel's day numbers; `3月5日` is of this year, a month
    without a day its first day."""
    if isinstance(value, dt.date):
        return value
    text = plain(value)
    squeezed_text = text if ":" in text else text.replace(" ", "")
    try:
        if found := _FULL.fullmatch(squeezed_text) or _COMPACT.fullmatch(squeezed_text):
            return dt.date(int(found[1]), int(found[2]), int(found[3] or 1))
        if found := _NO_YEAR.fullmatch(squeezed_text):
            return dt.date(today.year, int(found[1]), int(found[2]))
    except ValueError:
        pass  # a 30th of February: told below as any other
    else:
        if re.fullmatch(r"\d{5}(\.\d+)?", squeezed_text) and int(float(squeezed_text)) in _SERIALS:
            return _EPOCH + dt.timedelta(days=int(float(squeezed_text)))
    raise ValueError(_("“%(text)s”不是日期，请写成 2026-03-05 或 2026年3月5日。") % {"text": text[:40]})


def as_integer(value) -> int:
    """A whole number; thousands separators and a counting word behind it are passed over."""
    text = plain(value)
    found = _INTEGER.fullmatch(text.replace(",", "").replace(" ", ""))
    if not found or len(found[1]) > 15:
        raise ValueError(_("“%(text)s”不是整数。") % {"text": text[:40]})
    return int(found[1])


def as_yes_no(value) -> bool:
    word = squeezed(value)
    if word in YES or word in NO:
        return word in YES
    raise ValueError(_("“%(text)s”请填“是”或“否”。") % {"text": plain(value)[:40]})


def as_choice(value, choices):
    """The code of the choice with this label (or code); a longer wording that begins with one label only is it too:
    大型企业 is 大型."""
    word = squeezed(value)
    labels = {one: code for code, label in choices if code not in ("", None) for one in in_every_language(label)}
    codes = {squeezed(code): code for code in labels.values()}
    if word in labels or word in codes:
        return labels.get(word, codes.get(word))
    begun = {code for label, code in labels.items() if label and (word.startswith(label) or label.startswith(word))}
    if len(begun) == 1:
        return begun.pop()
    words = "、".join(str(label) for code, label in choices if code not in ("", None))
    raise ValueError(_("“%(text)s”不在可选范围内，请填：%(choices)s。") % {"text": plain(value)[:40], "choices": words})
