"""Workbooks to be filled in."""

import io

from exchange.responses import bytes_response
from exchange.writer import Column, write_table


def plain_workbook(title, labels, rows, *, notes=()):
    """Answer a workbook to be filled in as an attachment: the notes, one column per label, `rows` as examples."""
    buffer = io.BytesIO()
    write_table(buffer, str(title), [Column(str(label)) for label in labels], rows, [str(title), *notes])
    return bytes_response(buffer.getvalue(), f"{title}.xlsx")
