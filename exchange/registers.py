"""A register's list as a workbook: exactly the rows that the page shows under the same filter."""

import io

from core import clock
from exchange.cells import DATE, INTEGER, TEXT
from exchange.responses import bytes_response
from exchange.writer import Column, head_lines, write_table

_KINDS = {"date": DATE, "integer": INTEGER}


def export(register, request, rows, form):
    """Answer the workbook as an attachment."""
    columns = [Column(str(one.label), _KINDS.get(one.kind, TEXT)) for one in register.columns]
    head = head_lines(
        title=str(register.title),
        scope=request.actor.place,
        conditions=form.in_words(),
        as_of=clock.now(),
        user=request.actor.name,
    )
    buffer = io.BytesIO()
    cells = ([one.of(row) for one in register.columns] for row in rows.iterator(chunk_size=2000))
    write_table(buffer, str(register.title), columns, cells, head)
    return bytes_response(buffer.getvalue(), f"{register.title}_{clock.today():%Y%m%d}.xlsx")
