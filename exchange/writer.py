"""The one writer of exported tables: Excel and CSV, streaming, of any length.

Three rules hold for every file that leaves the system:

* a cell of text is text. A value beginning with ``= + - @`` is never a formula;
* the head says what the file is: title, filter in words, scope, as-of time, who exported it;
* nothing of the machine is in it: no account of the server, no program path, no author.

Two engines. The plain table goes through a streaming engine in native code (100,000 rows of 15 columns in about two
seconds, memory independent of the length). `engine="python"` takes XlsxWriter in its constant-memory mode, six times
slower, for where the fast engine lacks something; both write the same cells, and a test compares them.
"""

import contextlib
import csv
import datetime as dt
import io
import itertools
import os
import tempfile

import rustpy_xlsxwriter
import xlsxwriter
from django.utils.translation import gettext as _

from exchange.cells import (
    DATETIME,
    MAX_ROWS,
    Column,
    clean_text,
    convert,
    csv_text,
    sheet_name,
    unique_labels,
)

__all__ = ["Column", "TooManyRows", "head_lines", "write_csv", "write_table"]

HEAD_FILL = "#F2F4F7"
MARGINS_INCH = {
    "left": 0.47,
    "right": 0.47,
    "top": 0.6,
    "bottom": 0.6,
    "header": 0.3,
    "footer": 0.3,
}


class TooManyRows(ValueError):
    """The table has more rows than one sheet can hold; nothing is cut silently. Its text is a sentence for the user."""


def head_lines(*, title, scope="", conditions="", as_of=None, user=""):
    """The lines above an exported table: what it is, for whom, under which filter, as of when, by whom."""
    lines = [title]
    if scope:
        lines.append(_("范围：%(scope)s") % {"scope": scope})
    lines.append(_("筛选条件：%(conditions)s") % {"conditions": conditions or _("无")})
    if as_of is not None:
        moment = convert(as_of, DATETIME)
        shown = moment.strftime("%Y-%m-%d %H:%M") if isinstance(moment, dt.datetime) else str(moment)
        lines.append(_("数据截至：%(moment)s") % {"moment": shown})
    if user:
        lines.append(_("导出人：%(user)s") % {"user": user})
    return lines


def write_table(target, sheet, columns, rows, head=(), *, engine="fast"):
    """Write one table to `target` (a path, or a writable binary file) as an Excel workbook.

    `columns` are `Column`s; `rows` any iterable of sequences in their order, read once and never held. `head` are
    lines set above the frozen header row. Returns the number of rows written. Raises `TooManyRows` where one sheet
    cannot hold them; a path is then left as it was.
    """
    columns = list(columns)
    head = [clean_text(line) for line in head if line]
    counter = _Counter(rows, columns, limit=MAX_ROWS - len(head) - 1)
    first = next(counter, None)
    body = itertools.chain([first], counter) if first is not None else iter(())
    # The fast engine takes the header from the first row, so an empty table goes the other way.
    write = _write_fast if engine == "fast" and first is not None else _write_python
    with _safe_target(target) as out:
        write(out, sheet_name(sheet), columns, body, head)
    return counter.count


def _footer():
    return "&C" + _("第 &P 页，共 &N 页")


def write_csv(target, columns, rows, head=()):
    """The same table as CSV in UTF-8 with a byte order mark, which is what makes Excel read Chinese rightly.

    `target` is a writable binary file or a path. Returns the number of rows.
    """
    counter = _Counter(rows, list(columns), limit=None)
    with _safe_target(target) as out, _byte_file(out) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerows([csv_text(clean_text(line))] for line in head if line)
        writer.writerow([csv_text(label) for label in unique_labels(columns)])
        writer.writerows([csv_text(cell) for cell in row] for row in counter)
        text.flush()
        text.detach()
    return counter.count


class _Counter:
    """Turns raw rows into cells and counts them on the way through."""

    def __init__(self, rows, columns, limit):
        self._rows = iter(rows)
        self._kinds = [column.kind for column in columns]
        self._limit = limit
        self.count = 0

    def __iter__(self):
        return self

    def __next__(self):
        row = next(self._rows)
        self.count += 1
        if self._limit is not None and self.count > self._limit:
            raise TooManyRows(
                _("数据超过一张工作表所能容纳的 %(limit)d 行，请缩小筛选范围后再导出。") % {"limit": self._limit}
            )
        return [convert(value, kind) for value, kind in zip(row, self._kinds, strict=True)]


@contextlib.contextmanager
def _safe_target(target):
    """A path is written beside itself and moved into place whole, so that nobody ever opens half a file."""
    if hasattr(target, "write"):
        yield target
        return
    target = os.fspath(target)
    handle, temporary = tempfile.mkstemp(prefix=".writing-", suffix=".tmp", dir=os.path.dirname(target) or ".")
    os.close(handle)
    try:
        yield temporary
        os.replace(temporary, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


@contextlib.contextmanager
def _byte_file(out):
    if hasattr(out, "write"):
        yield out
    else:
        with open(out, "wb") as file:
            yield file


# --- the fast engine --------------------------------------------------------------------------------------------


def _write_fast(out, sheet, columns, rows, head):
    labels = unique_labels(columns)
    last = len(columns) - 1
    lines = [_head_range(number, last, line) for number, line in enumerate(head)]
    header = rustpy_xlsxwriter.Format().set_bold().set_background_color(HEAD_FILL).set_border("thin")
    header = header.set_text_wrap().set_align("center").set_align("vertical_center")
    # The engine tells the format of a target by the ending of its name, which a temporary name has not.
    with _byte_file(out) as file:
        rustpy_xlsxwriter.write_worksheet(
            (dict(zip(labels, row, strict=True)) for row in rows),
            file,
            sheet_name=sheet,
            header_row=len(head),
            freeze_row=len(head) + 1,
            merge_ranges=[line for line in lines if line] or None,
            column_widths=[float(column.shown_width) for column in columns],
            column_formats=[_fast_format(column) for column in columns],
            header_format=header,
            datetime_format="yyyy-mm-dd hh:mm",
            autofilter=True,
            ignore_errors=[label for label, column in zip(labels, columns, strict=True) if column.kind == "text"]
            or None,
            page_setup={
                "landscape": True,
                "paper_size": 9,
                "margins": MARGINS_INCH,
                "repeat_rows": len(head),
                "fit_to_pages": (1, 0),
                "footer": _footer(),
            },
        )


def _head_range(row, last, line):
    style = rustpy_xlsxwriter.Format().set_align("left").set_num_format("@")
    if row == 0:
        style = style.set_bold().set_font_size(14)
    return (row, 0, row, max(last, 1), line, style)


def _fast_format(column):
    style = rustpy_xlsxwriter.Format().set_num_format(column.number_format).set_border("thin")
    style = style.set_border_color("#D0D5DD").set_align("vertical_center")
    return style.set_text_wrap() if column.kind == "text" and column.shown_width >= 24 else style


# --- the plain engine -------------------------------------------------------------------------------------------


def _write_python(out, sheet, columns, rows, head):
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    page = book.add_worksheet(sheet)
    formats = [_python_format(book, column) for column in columns]
    for number, column in enumerate(columns):
        page.set_column(number, number, column.shown_width)
    last = max(len(columns) - 1, 0)
    plain, title = (
        book.add_format({"num_format": "@"}),
        book.add_format({"bold": True, "font_size": 14}),
    )
    for number, line in enumerate(head):
        page.write_string(number, 0, line, plain if number else title)
    header = book.add_format(
        {
            "bold": True,
            "bg_color": HEAD_FILL,
            "border": 1,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
        }
    )
    for number, label in enumerate(unique_labels(columns)):
        page.write_string(len(head), number, label, header)
    row_number = len(head)
    for row_number, row in enumerate(rows, start=len(head) + 1):
        for number, (value, style) in enumerate(zip(row, formats, strict=True)):
            _write_cell(page, row_number, number, value, style)
    page.freeze_panes(len(head) + 1, 0)
    page.autofilter(len(head), 0, row_number, last)
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(**{side: MARGINS_INCH[side] for side in ("left", "right", "top", "bottom")})
    page.repeat_rows(len(head))
    page.fit_to_pages(1, 0)
    page.set_footer(_footer())
    book.close()


def _python_format(book, column):
    return book.add_format(
        {
            "num_format": column.number_format,
            "border": 1,
            "border_color": "#D0D5DD",
            "valign": "vcenter",
        }
    )


def _write_cell(page, row, number, value, style):
    if value is None:
        page.write_blank(row, number, None, style)
    elif isinstance(value, str):
        page.write_string(row, number, value, style)
    elif isinstance(value, dt.date):  # a datetime is a date, too
        page.write_datetime(row, number, value, style)
    else:
        page.write_number(row, number, value, style)
