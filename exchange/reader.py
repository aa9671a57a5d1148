"""The one reader of uploaded tables: the cells of the first sheet of an .xlsx file, and nothing else of it.

An upload is hostile until read. It is never handed to an office program; macros, formulas, document types, encrypted
and oversized files are refused with a sentence before or while they are read, within fixed limits of size, rows and
cells. Values come back as text or dates; nothing is computed.
"""

import datetime as dt
import re
import zipfile
import zlib
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
    if not (name or getattr(upload, "name", "") or "").lower().endswith(".xlsx"):
        raise Unreadable(_("请上传 Excel 工作簿（.xlsx）；旧格式（.xls）或带宏的文件请先另存为 .xlsx。"))
    upload.seek(0, 2)
    size = upload.tell()
    if size > LARGEST_FILE:
        raise Unreadable(_("文件过大：最多 %(limit)d MB。") % {"limit": LARGEST_FILE // (1024 * 1024)})
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as package:
            _judge(package)
            return _Workbook(package).rows()
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, EOFError, NotImplementedError, RuntimeError,
            UnicodeError, OSError) as error:  # fmt: skip
        raise Unreadable(_("文件已损坏，或不是 Excel 工作簿（.xlsx）。")) from error


def _judge(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names:
        raise Unreadable(_("文件已损坏，或不是 Excel 工作簿（.xlsx）。"))
    if any("vba" in name or "macrosheet" in name or "activex" in name for name in names):
        raise Unreadable(_("文件中含有宏，不能导入；请另存为不带宏的 .xlsx。"))
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("文件已加密，请取消密码后再上传。"))
    if len(parts) > MOST_PARTS or len(names) != len(parts) or any(part.file_size > LARGEST_PART for part in parts):
        raise Unreadable(_("文件解压后过大，不能导入。"))


class _Workbook:
    """One open package."""

    def __init__(self, package: zipfile.ZipFile):
        self.package = package
        self.names = {part.filename.lower(): part.filename for part in package.infolist()}

    def rows(self) -> list[tuple[int, list]]:
        path, is_1904 = self._first_sheet()
        sheet = _Sheet(self._texts(), self._date_styles(), _EPOCH_1904 if is_1904 else _EPOCH)
        self._parse(path, sheet.start, sheet.end, sheet.text)
        return [(number, cells) for number, cells in sheet.rows if any(cell is not None for cell in cells)]

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
                if read > LARGEST_PART:
                    raise Unreadable(_("文件解压后过大，不能导入。"))
                parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _first_sheet(self) -> tuple[str, bool]:
        """(path of the first sheet that is not hidden, whether dates count from 1904)."""
        sheets, found = [], {"1904": False}

        def workbook(name, attributes):
            if name == "sheet" and attributes.get("state", "visible") == "visible":
                sheets.append(next((v for k, v in attributes.items() if k.endswith("}id")), ""))
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
        target = targets[sheets[0]]
        return (target.lstrip("/") if target.startswith("/") else f"xl/{target}"), found["1904"]

    def _texts(self) -> list[str]:
        """The shared texts; phonetic readings left out."""
        if "xl/sharedstrings.xml" not in self.names:
            return []
        texts, state = [], {"in": False, "skip": 0}

        def start(name, attributes):
            if name == "si":
                texts.append("")
                if len(texts) > MOST_CELLS:
                    raise Unreadable(_too_big())
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

    def __init__(self, texts: list[str], date_styles: set[int], epoch: dt.date):
        self.texts, self.date_styles, self.epoch = texts, date_styles, epoch
        self.rows: list[tuple[int, list]] = []
        self._number = self._cells = 0
        self._inside, self._value = False, ""
        self._kind, self._style, self._column, self._next = "n", 0, 0, 0

    def start(self, name, attributes):
        if name == "row":
            text = attributes.get("r", "")
            self._number = int(text) if text.isdigit() and len(text) < 8 else self._number + 1
            self.rows.append((self._number, []))
            self._next = 0
            if len(self.rows) > MOST_ROWS:
                raise Unreadable(_too_big())
        elif name == "c" and self.rows:
            self._begin_cell(attributes)
        elif name == "f":
            raise Unreadable(_("第 %(row)d 行含有公式，不能导入；请粘贴为数值后再上传。") % {"row": self._number})
        elif name in ("v", "t"):
            self._inside = True

    def _begin_cell(self, attributes):
        self._cells += 1
        if self._cells > MOST_CELLS:
            raise Unreadable(_too_big())
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


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _too_big() -> str:
    return _("工作表过大，不能导入：最多 %(rows)d 行。") % {"rows": MOST_ROWS}


def _no_document_type(*args):
    raise Unreadable(_("文件已损坏，或不是 Excel 工作簿（.xlsx）。"))
