"""An uploaded table as rows: the right sheet, its header under the title rows, its data below.

.xlsx goes through `exchange.reader`; .csv is UTF-8 (with or without a mark), UTF-16 with a mark, or GB18030.
"""

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exchange.cells import _CSV_ACTIVE
from exchange.imports.values import squeezed
from exchange.reader import LONGEST_TEXT, Limits, SheetCells, Unreadable, read_sheets

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_SHEETS = 5
HEAD_ROWS = 30  # the header is looked for among so many rows
ENDINGS = ("xlsx", "csv")
WHOLE = Limits(file=LARGEST_FILE, part=100 * 1024 * 1024, rows=MOST_ROWS, cells=600_000, sheets=MOST_SHEETS,
               formulas=True)  # fmt: skip
HEAD = Limits(file=LARGEST_FILE, part=100 * 1024 * 1024, rows=MOST_ROWS, cells=600_000, sheets=MOST_SHEETS,
              formulas=True, first=HEAD_ROWS)  # fmt: skip
# (ends of the text, brackets): a unit, a remark or a star behind the words of a heading.
_REMARK = re.compile(r"[(\[【](.*?)[)\]】]")
SAMPLE = "示例"
SUMS = frozenset({"合计", "总计", "小计"})


@dataclass
class Table:
    """The sheet that was chosen: `labels` are its headings by column, `first` the number of the first row of data."""

    sheet: str
    labels: list[str]
    first: int
    rows: list[tuple[int, list]]

    @property
    def data(self):
        """(the rows under the header but samples, sums and repeated headers, how many of these were passed over)."""
        wanted, passed = [], 0
        heads = [squeezed(label) for label in self.labels]
        for number, cells in self.rows:
            if number < self.first:
                continue
            words = [squeezed(cell) for cell in cells]
            begins = next((word for word in words if word), "")
            if (
                begins.startswith(SAMPLE)
                or begins in SUMS
                or [word for word in words if word] == [h for h in heads if h]
            ):
                passed += 1
            else:
                wanted.append((number, cells))
        return wanted, passed


def kind_of(name: str) -> str:
    return name.rpartition(".")[2].lower()


def read(file, name: str, known: Collection[str], *, limits: Limits = WHOLE) -> Table:
    """The table of the file: of its visible sheets the one whose header says most of what is `known` (squeezed
    headings). Raises Unreadable with a sentence."""
    ending = kind_of(name)
    if ending == "csv":
        sheets = [SheetCells("", _csv_rows(file, limits))]
    elif ending == "xlsx":
        sheets = read_sheets(file, name, limits)
    else:
        raise Unreadable(_("请上传 .xlsx 或 .csv 文件；旧格式（.xls）请先用表格软件另存为 .xlsx。"))
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise Unreadable(_("文件中没有内容。"))
    found = [(*_header(sheet.rows, known), sheet) for sheet in sheets]
    _score, labels, first, sheet = max(found, key=lambda one: one[0])
    _fill_down(sheet, first)
    return Table(sheet.name, labels[:MOST_COLUMNS], first, sheet.rows)


def names_of(label) -> set[str]:
    """What a heading may be known by: as it stands, and without brackets, stars and remarks."""
    whole = squeezed(label)
    return {whole, _REMARK.sub("", whole).strip("*:. ")} - {""}


def _header(rows, known):
    """(how many headings are known, the headings, number of the first row of data): one row, or two where groups stand
    above their parts."""
    best = None
    head = rows[:HEAD_ROWS]
    for place, (number, cells) in enumerate(head):
        labels = [str(cell) if cell is not None else "" for cell in cells]
        options = [(labels, number)]
        if place + 1 < len(head) and head[place + 1][0] == number + 1:
            options.append((_two_rows(labels, head[place + 1][1]), number + 1))
        for one, last in options:
            matched = {label for label in one if names_of(label) & known}
            if best is None or len(matched) > best[0]:
                best = (len(matched), one, last + 1)
    if best[0] >= 2:
        return best
    # Nothing is known: the first row with more than one cell, for the columns to be named by hand.
    number, cells = next(((n, cells) for n, cells in head if sum(c is not None for c in cells) > 1), head[0])
    return 0, [str(cell) if cell is not None else "" for cell in cells], number + 1


def _two_rows(above, below):
    width = max(len(above), len(below))
    upper = above + [""] * (width - len(above))
    lower = [str(cell) if cell is not None else "" for cell in below] + [""] * (width - len(below))
    return [low or up for up, low in zip(upper, lower, strict=True)]


def _fill_down(sheet, first):
    """A value that stands in one cell merged over several rows belongs to all of them."""
    if not sheet.merged:
        return
    rows, filled = dict(sheet.rows), {}
    for top, left, bottom, _right in sorted(sheet.merged):
        source = rows.get(top)
        if top < first or bottom == top or source is None or left >= min(len(source), MOST_COLUMNS):
            continue
        # Merged places never overlap in a file that an office program wrote: one that does fills nothing twice.
        if top <= filled.get(left, 0):
            continue
        filled[left] = bottom
        for number in range(top + 1, min(bottom, top + MOST_ROWS) + 1):
            cells = rows.get(number)
            if cells is not None:
                cells.extend([None] * (left + 1 - len(cells)))
                cells[left] = source[left]


def _csv_rows(file, limits):
    file.seek(0)
    content = file.read(limits.file + 1)
    if len(content) > limits.file:
        raise Unreadable(_("文件过大：最多 %(limit)d MB。") % {"limit": limits.file // (1024 * 1024)})
    text = _decoded(content)
    if "\0" in text:
        raise Unreadable(_("文件已损坏，或不是文本表格（.csv）。"))
    start = text[:20_000]
    delimiter = max((",", "\t", ";"), key=start.count)
    rows, cells = [], 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            values = [_csv_cell(cell) for cell in row[:MOST_COLUMNS]]
            cells += len(values)
            if limits.first is not None and len(rows) >= limits.first:
                break
            if len(rows) >= limits.rows or cells > limits.cells:
                raise Unreadable(_("工作表过大，不能导入：最多 %(rows)d 行。") % {"rows": limits.rows})
            if any(value is not None for value in values):
                rows.append((number, values))
    except csv.Error as error:
        raise Unreadable(_("文件已损坏，或不是文本表格（.csv）。")) from error
    return rows


def _decoded(content: bytes) -> str:
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    for encoding in [marks[content[:2]]] if content[:2] in marks else ["utf-8-sig", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("无法识别文件的文字编码，请另存为 UTF-8 或 GB18030 编码的 .csv，或 .xlsx。"))


def _csv_cell(text: str):
    text = text.strip()
    if text.startswith("'") and text[1:].startswith(_CSV_ACTIVE):
        text = text[1:]  # as this system exports it
    return text[:LONGEST_TEXT] or None
