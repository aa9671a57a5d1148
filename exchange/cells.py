"""What one cell of an exported table may hold, and how any Python value becomes exactly that.

Both workbook engines and the CSV writer take their cells from here, so that a value cannot be text in one format and a
formula in another.
"""

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

TEXT = "text"  # also every code: a credit code or a region code is never a number
INTEGER = "integer"
NUMBER = "number"
PERCENT = "percent"  # the value is already in percent: 97.1 prints as 97.1%
DATE = "date"
DATETIME = "datetime"

NUMBER_FORMATS = {
    TEXT: "@",
    INTEGER: "#,##0",
    NUMBER: "#,##0.00",
    PERCENT: '0.0"%"',
    DATE: "yyyy-mm-dd",
    DATETIME: "yyyy-mm-dd hh:mm",
}
WIDTHS = {TEXT: 18, INTEGER: 10, NUMBER: 12, PERCENT: 10, DATE: 12, DATETIME: 17}

# Excel's own limits: a longer cell or sheet makes the program call the file damaged.
MAX_TEXT = 32_767
MAX_ROWS = 1_048_576
# Workbooks hold numbers with 15 digits; a longer whole number is kept as text.
LARGEST_WHOLE = 10**15

# What XML 1.0 cannot carry: C0 controls but tab, line feed and carriage return; surrogates; the two non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CSV_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, what its cells are (`TEXT`, `DATE`...), and its width in characters (0: by kind)."""

    label: str
    kind: str = TEXT
    width: float = 0

    @property
    def number_format(self):
        return NUMBER_FORMATS[self.kind]

    @property
    def shown_width(self):
        return self.width or WIDTHS[self.kind]


def clean_text(value, limit=MAX_TEXT):
    """`value` as text that an office file can hold: no control characters, line ends as line feeds, cut to `limit`."""
    text = _UNPRINTABLE.sub("", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _local(value):
    """A timestamp as the wall clock in Shanghai without a zone: workbooks know no zones."""
    return value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0) if value.tzinfo else value


def _date(value):
    if isinstance(value, dt.datetime):
        return _local(value).date()
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))


def _datetime(value):
    if isinstance(value, dt.datetime):
        return _local(value)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    return _local(dt.datetime.fromisoformat(str(value)))


def _number(value):
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number


def _integer(value):
    number = int(Decimal(str(value)))
    if abs(number) >= LARGEST_WHOLE:
        raise ValueError("would lose digits")
    return number


_CONVERT = {
    TEXT: clean_text,
    INTEGER: _integer,
    NUMBER: _number,
    PERCENT: _number,
    DATE: _date,
    DATETIME: _datetime,
}


def convert(value, kind):
    """`value` as the cell of a column of this kind; None for an empty cell.

    What does not fit its column (a word in a date column) stays as text rather than stopping an export of a hundred
    thousand rows.
    """
    if value is None or value == "" or value != value:  # not a number is no value
        return None
    if kind == TEXT and value.__class__ is str and value.isprintable() and len(value) <= MAX_TEXT:
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    try:
        return _CONVERT[kind](value)
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        return clean_text(value)


def csv_text(value):
    """A cell for CSV: text that a spreadsheet would run gets an apostrophe in front, numbers and dates do not."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_CSV_ACTIVE) else value
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value)


def sheet_name(wanted, taken=()):
    """`wanted` as a sheet name that Excel accepts: 31 characters, none of ``[]:*?/\\``, not `taken`."""
    base = re.sub(r"[\[\]:*?/\\]", " ", clean_text(wanted)).strip().strip("'")[:31].strip() or "Sheet"
    used = {name.lower() for name in taken}
    name, number = base, 2
    while name.lower() in used or name.lower() == "history":  # a name that Excel keeps for itself
        suffix = f" {number}"
        name, number = base[: 31 - len(suffix)] + suffix, number + 1
    return name


def unique_labels(columns):
    """The heads of `columns`, cleaned; a head that comes twice gets a number, so that no column swallows another."""
    seen, labels = set(), []
    for column in columns:
        label, number = clean_text(column.label) or "—", 2
        base = label
        while label in seen:
            label, number = f"{base}（{number}）", number + 1
        seen.add(label)
        labels.append(label)
    return labels
