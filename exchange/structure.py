"""A document as data: what Word, Excel and the screen page are all made from.

A `Document` is plain, immutable and serialisable. A `Figure` inside a sentence keeps where it came from (indicator,
scope, period), so that the page can open the rows behind it and a snapshot can say what was printed.
"""

import dataclasses
import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number. `text` is what the reader sees; the rest says what it is.

    `first` and `last` bound the period by local dates; `first` is None for a figure as of a day.
    """

    code: str
    scope: str
    first: dt.date | None
    last: dt.date | None
    value: float | int | None
    unit: str
    text: str
    label: str = ""
    extra: str = ""  # further filter of the rows behind it, as a query string


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain text and figures, in order. `parts` are `str` or `Figure`."""

    parts: tuple

    @classmethod
    def of(cls, *parts):
        return cls(tuple(parts))

    @property
    def text(self):
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; its number (一、 （一） 1. （1）) is set by whoever lays the document out."""

    level: int
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a table: head, share of the width, `left`, `center` or `right`, and the kind of its Excel cells."""

    label: str
    weight: float = 1
    align: str = "center"
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Chart:
    """How a table is drawn: places of its columns as bars and as lines, over the words of its first column.

    Files get a native chart with the table's own numbers; totals are never drawn. `unit` stands at the axis.
    """

    bars: tuple = ()
    lines: tuple = ()
    title: str = ""
    unit: str = ""

    @property
    def places(self):
        return (*self.bars, *self.lines)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption above and a note (unit, source) below.

    Cells are `str`, `int`, `float`, `date`, None or `Figure`. `totals` is the last row, set apart, or empty. `chart`
    says how it is drawn, if it is.
    """

    columns: tuple
    rows: tuple
    caption: str = ""
    note: str = ""
    totals: tuple = ()
    key: str = ""
    landscape: bool = False
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """A table without a head: what it is on the left, its value on the right. Rows are (label, value)."""

    rows: tuple
    label_weight: float = 1
    value_weight: float = 4


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment (附件): starts on a new page, on landscape paper where asked."""

    title: str
    blocks: tuple
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document in the order of GB/T 9704: head, title, addressee, body, attachment notes, signature, date."""

    title: str
    blocks: tuple
    as_of: dt.datetime
    addressee: str = ""
    label: str = ""  # at the top left, e.g. 内部资料
    number: str = ""  # centred under the title: 发文字号 or the number of a slip
    signer: str = ""
    signed_on: dt.date | None = None
    contact: str = ""
    hands: tuple = ()  # who signs by hand under the date, e.g. 移交人, 接收人
    attachments: tuple = ()
    figures: tuple = ()  # every figure of the report with its comparison, for the sheet of figures
    meta: dict = field(default_factory=dict)


_CLASSES = {
    cls.__name__: cls for cls in (Figure, Paragraph, Heading, TableColumn, Chart, Table, Facts, Attachment, Document)
}


def to_json(value):
    """`value` as JSON-ready data that `from_json` turns back into an equal value."""
    if dataclasses.is_dataclass(value):
        data = {entry.name: to_json(getattr(value, entry.name)) for entry in dataclasses.fields(value)}
        return {"is": type(value).__name__, **data}
    if isinstance(value, dt.datetime):
        return {"is": "datetime", "at": value.isoformat()}
    if isinstance(value, dt.date):
        return {"is": "date", "on": value.isoformat()}
    if isinstance(value, (tuple, list)):
        return [to_json(entry) for entry in value]
    if isinstance(value, dict):
        return {
            "is": "dict",
            "of": [[key, to_json(entry)] for key, entry in value.items()],
        }
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def from_json(data):
    """What `to_json` wrote. Raises KeyError on a kind that this version does not know."""
    if isinstance(data, list):
        return tuple(from_json(entry) for entry in data)
    if not isinstance(data, dict):
        return data
    kind = data["is"]
    if kind == "datetime":
        return dt.datetime.fromisoformat(data["at"])
    if kind == "date":
        return dt.date.fromisoformat(data["on"])
    if kind == "dict":
        return {key: from_json(entry) for key, entry in data["of"]}
    cls = _CLASSES[kind]
    return cls(**{entry.name: from_json(data[entry.name]) for entry in dataclasses.fields(cls) if entry.name in data})


def iter_figures(value):
    """Every `Figure` inside a document or block, in reading order."""
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, Document):
        yield from iter_figures(value.blocks)
        yield from iter_figures(value.attachments)
    elif isinstance(value, Attachment):
        yield from iter_figures(value.blocks)
    elif isinstance(value, Paragraph):
        yield from iter_figures(value.parts)
    elif isinstance(value, Table):
        yield from iter_figures(value.rows)
        yield from iter_figures(value.totals)
    elif isinstance(value, (tuple, list)):
        for entry in value:
            yield from iter_figures(entry)


def numbered(blocks):
    """`blocks` with the number of each heading: yields (block, number), the number empty for what is no heading."""
    counts = [0, 0, 0, 0]
    for block in blocks:
        if not isinstance(block, Heading):
            yield block, ""
            continue
        level = block.level - 1
        counts[level] += 1
        counts[level + 1 :] = [0] * (3 - level)
        yield block, heading_number(block.level, counts[level])


def heading_number(level, number):
    """The number before a heading: 一、 （一） 1. （1） by level."""
    if level == 1:
        return f"{chinese_number(number)}、"
    if level == 2:
        return f"（{chinese_number(number)}）"
    return f"{number}." if level == 3 else f"（{number}）"


def chinese_number(number):
    """1 to 99 in Chinese numerals; raises ValueError beyond."""
    if not 1 <= number <= 99:
        raise ValueError(f"no heading number for {number}")
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else digits[tens] + "十"
    return head + (digits[ones] if ones else "")
