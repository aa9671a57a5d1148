"""A table of plain text as a workbook, for pages that have no register, and workbooks to be filled in."""

import io

from core import clock
from exchange.responses import bytes_response
from exchange.writer import Column, head_lines, write_table


def workbook(title, labels, rows, *, conditions="", notes=(), user=""):
    """Answer the workbook as an attachment: head lines, then one column per label, all of them text."""
    head = [*head_lines(title=str(title), conditions=conditions, as_of=clock.now(), user=user), *notes]
    buffer = io.BytesIO()
    write_table(buffer, str(title), [Column(str(label)) for label in labels], rows, head)
    return bytes_response(buffer.getvalue(), f"{title}_{clock.today():%Y%m%d}.xlsx")


def plain_workbook(title, labels, rows, *, notes=()):
    """Answer a workbook to be filled in as an attachment: the notes, one column per label, `rows` as examples."""
    buffer = io.BytesIO()
    write_table(buffer, str(title), [Column(str(label)) for label in labels], rows, [str(title), *notes])
    return bytes_response(buffer.getvalue(), f"{title}.xlsx")
