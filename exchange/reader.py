"""The one reader of uploaded tables: the cells of the sheets of an .xlsx file, and nothing else of it.

An upload is hostile until read. It is never handed to an office program; macros, formulas, document types, encrypted
and oversized files are refused with a sentence before or while they are read, within fixed limits of size, rows and
cells. Values come back as text or dates; nothing is computed.
"""

import datetime as dt
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_PART = 16 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS = 3_000
MOST_CELLS = 60_000
MOST_COLUMNS = 60
LONGEST_TEXT = 2_000
_CHUNK = 64 * 1024
LONGEST_TAG = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """How much of a file is taken in. `first` stops after so many rows of a sheet without judging the rest;
    `formulas` takes the value that the office program kept beside a formula instead of refusing the file."""

    file: int = LARGEST_FILE
    part: int = LARGEST_PART
    rows: int = MOST_ROWS
    cells: int = MOST_CELLS
    sheets: int = 1
    first: int | None = None
    formulas: bool = False


@dataclass
class SheetCells:
    """One sheet: its name, [(row number, cells)] without empty rows, and merged places as (top, left, bottom, right),
    rows by their number, columns from 0."""

    name: str
    rows: list[tuple[int, list]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class _EnoughError(Exception):
    """The rows that were asked for are read."""


# Number formats of Excel that show a date: the built-in ones, East Asian ones included.
_DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
_FORMAT_NOISE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
_EPOCH, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)


class Unreadable(ValueError):
    """The file is not taken in; its text is a sentence for the user."""


def read_rows(upload, name: str = "") -> list[tuple[int, list]]:
    """[(row number, cells)] of the first visible sheet, empty rows left out. A cell is text, a date, or None.

    Raises Unreadable with a sentence for anything that is not a plain small workbook.
    """
    return read_sheets(upload, name)[0].rows


def read_sheets(upload, name: str = "", limits: Limits = Limits()) -> list[SheetCells]:
    """The first visible sheets, at most `limits.sheets`. Raises Unreadable as `read_rows`."""
    if not (name or getattr(upload, "name", "") or "").lower().endswith(".xlsx"):
        raise Unreadable(_("请上传 Excel 工作簿（.xlsx）；旧格式（.xls）或带宏的文件请先另存为 .xlsx。"))
    upload.seek(0, 2)
    size = upload.tell()
    if size > limits.file:
        raise Unreadable(_("文件过大：最多 %(limit)d MB。") % {"limit": limits.file // (1024 * 1024)})
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as package:
            _judge(package, limits)
            return _Workbook(package, limits).sheets()
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, EOFError, NotImplementedError, RuntimeError,
            UnicodeError, OSError) as error:  # fmt: skip
        raise Unreadable(_("文件已损坏，或不是 Excel 工作簿（.xlsx）。")) from error


def _judge(package: zipfile.ZipFile, limits: Limits) -> None:
    parts = package.infolist()
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names:
        raise Unreadable(_("文件已损坏，或不是 Excel 工作簿（.xlsx）。"))
    if any("vba" in name or "macrosheet" in name or "activex" in name for name in names):
        raise Unreadable(_("文件中含有宏，不能导入；请另存为不带宏的 .xlsx。"))
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("文件已加密，请取消密码后再上传。"))
    if len(parts) > MOST_PARTS or len(names) != len(parts) or any(part.file_size > limits.part for part in parts):
        raise Unreadable(_("文件解压后过大，不能导入。"))


class _Workbook:
    """One open package."""

    def __init__(self, package: zipfile.ZipFile, limits: Limits):
        self.package, self.limits = package, limits
        self.names = {part.filename.lower(): part.filename for part in package.infolist()}

    def sheets(self) -> list[SheetCells]:
        places, is_1904 = self._visible_sheets()
        texts, styles, found = self._texts(), self._date_styles(), []
        for name, path in places[: self.limits.sheets]:
            sheet = _Sheet(texts, styles, _EPOCH_1904 if is_1904 else _EPOCH, self.limits)
            try:
                self._parse(path, sheet.start, sheet.end, sheet.text)
            except _EnoughError:
                sheet.rows.pop()
            rows = [(number, cells) for number, cells in sheet.rows if any(cell is not None for cell in cells)]
            found.append(SheetCells(name, rows, sheet.merged))
        return found

    def _parse(self, path: str, start, end=None, text=None) -> None:
        """Feed a part to the handlers, which get names without their namespace. Stops at the size limit."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
        if end is not None:
            parser.EndElementHandler = lambda name: end(_local(name))
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _no_document_type
        read = 0
        with self.package.open(self.names[path.lower()]) as part:
            while chunk := part.read(_CHUNK):
                read += len(chunk)
                if read > self.limits.part:
                    raise Unreadable(_("文件解压后过大，不能导入。"))
                parser.Parse(chunk, False)
                # The parser reads an unfinished tag anew with every piece: one without end would cost its square.
                if read - parser.CurrentByteIndex > LONGEST_TAG:
                    raise Unreadable(_("文件已损坏，或不是 Excel 工作簿（.xlsx）。"))
        parser.Parse(b"", True)

    def _visible_sheets(self) -> tuple[list[tuple[str, str]], bool]:
        """((name, path) of the sheets that are not hidden, whether dates count from 1904)."""
        sheets, found = [], {"1904": False}

        def workbook(name, attributes):
            if name == "sheet" and attributes.get("state", "visible") == "visible":
                relation = next((v for k, v in attributes.items() if k.endswith("}id")), "")
                sheets.append((attributes.get("name", ""), relation))
            elif name == "workbookPr":
                found["1904"] = attributes.get("date1904") in ("1", "true")

        targets = {}

        def relations(name, attributes):
            if name == "Relationship":
                targets[attributes.get("Id")] = attributes.get("Target", "")

        self._parse("xl/workbook.xml", workbook)
        self._parse("xl/_rels/workbook.xml.rels", relations)
        if not sheets:
            raise Unreadable(_("工作簿中没有可见的工作表。"))
        found_at = [(name, targets[relation]) for name, relation in sheets]
        return [
            (name, target.lstrip("/") if target.startswith("/") else f"xl/{target}") for name, target in found_at
        ], found["1904"]

    def _texts(self) -> list[str]:
        """The shared texts; phonetic readings left out."""
        if "xl/sharedstrings.xml" not in self.names:
            return []
        texts, state = [], {"in": False, "skip": 0}

        def start(name, attributes):
            if name == "si":
                texts.append("")
                if len(texts) > self.limits.cells:
                    raise Unreadable(_too_big(self.limits))
            state["skip"] += name == "rPh"
            state["in"] = name == "t"

        def end(name):
            state["skip"] -= name == "rPh"
            state["in"] = False

        def text(data):
            if state["in"] and not state["skip"] and texts and len(texts[-1]) < LONGEST_TEXT:
                texts[-1] += data

        self._parse("xl/sharedStrings.xml", start, end, text)
        return texts

    def _date_styles(self) -> set[int]:
        """Numbers of the cell styles that show a date."""
        if "xl/styles.xml" not in self.names:
            return set()
        formats, styles, state = set(_DATE_FORMATS), [], {"in": False}

        def start(name, attributes):
            if name == "numFmt":
                code = _FORMAT_NOISE.sub("", attributes.get("formatCode", "")).lower()
                if "y" in code or "d" in code or ("m" in code and "h" not in code and "s" not in code):
                    formats.add(int(attributes.get("numFmtId", "0")))
            elif name == "cellXfs":
                state["in"] = True
            elif name == "xf" and state["in"]:
                styles.append(attributes.get("numFmtId", "0"))

        def end(name):
            if name == "cellXfs":
                state["in"] = False

        self._parse("xl/styles.xml", start, end)
        return {number for number, style in enumerate(styles) if style.isdigit() and int(style) in formats}


class _Sheet:
    """Handlers that collect the rows of one sheet."""

    def __init__(self, texts: list[str], date_styles: set[int], epoch: dt.date, limits: Limits):
        self.texts, self.date_styles, self.epoch, self.limits = texts, date_styles, epoch, limits
        self.rows: list[tuple[int, list]] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self._number = self._cells = 0
        self._inside, self._value = False, ""
        self._kind, self._style, self._column, self._next = "n", 0, 0, 0

    def start(self, name, attributes):
        if name == "row":
            text = attributes.get("r", "")
            self._number = int(text) if text.isdigit() and len(text) < 8 else self._number + 1
            self.rows.append((self._number, []))
            self._next = 0
            if self.limits.first is not None and len(self.rows) > self.limits.first:
                raise _EnoughError
            if len(self.rows) > self.limits.rows:
                raise Unreadable(_too_big(self.limits))
        elif name == "c" and self.rows:
            self._begin_cell(attributes)
        elif name == "f" and not self.limits.formulas:
            raise Unreadable(_("第 %(row)d 行含有公式，不能导入；请粘贴为数值后再上传。") % {"row": self._number})
        elif name in ("v", "t"):
            self._inside = True
        elif name == "mergeCell" and len(self.merged) < self.limits.rows:
            self._merge(attributes.get("ref", ""))

    def _merge(self, reference):
        ends = [_REFERENCE.match(end) for end in reference.partition(":")[::2]]
        if all(ends):
            (left, top), (right, bottom) = ((_column(end[1]), int(end[2])) for end in ends)
            self.merged.append((top, left, bottom, right))

    def _begin_cell(self, attributes):
        self._cells += 1
        if self._cells > self.limits.cells:
            raise Unreadable(_too_big(self.limits))
        place = _REFERENCE.match(attributes.get("r", ""))
        self._column = _column(place[1]) if place else self._next
        self._next = self._column + 1
        self._kind, self._value = attributes.get("t", "n"), ""
        style = attributes.get("s", "0")
        self._style = int(style) if style.isdigit() and len(style) < 7 else 0

    def text(self, data):
        if self._inside and len(self._value) < LONGEST_TEXT:
            self._value += data

    def end(self, name):
        if name in ("v", "t"):
            self._inside = False
        elif name == "c" and self.rows and self._column < MOST_COLUMNS:
            cells = self.rows[-1][1]
            cells.extend([None] * (self._column + 1 - len(cells)))
            cells[self._column] = self._read()

    def _read(self):
        text = self._value.strip()
        if not text or self._kind == "e":
            return None
        if self._kind == "s":
            number = int(text) if text.isdigit() and len(text) < 8 else -1
            return (self.texts[number].strip() or None) if 0 <= number < len(self.texts) else None
        if self._kind == "n" and self._style in self.date_styles:
            return self._date(text)
        if self._kind == "n":
            return text.removesuffix(".0")
        return text

    def _date(self, text):
        try:
            return self.epoch + dt.timedelta(days=int(float(text)))
        except (ValueError, OverflowError):
            return text


def check_whole(cell) -> None:
    """Raises ValueError with a sentence for a text that was too long to be read to its end."""
    if isinstance(cell, str) and len(cell) >= LONGEST_TEXT:
        raise ValueError(_("这一格的文字过长，没有读全：不能超过 %(most)d 个字。") % {"most": LONGEST_TEXT - 1})


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _too_big(limits: Limits) -> str:
    return _("工作表过大，不能导入：最多 %(rows)d 行。") % {"rows": limits.rows}


def _no_document_type(*args):
    raise Unreadable(_("文件已损坏，或不是 Excel 工作簿（.xlsx）。"))
