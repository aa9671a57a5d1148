"""The report on the screen: the same document as the files, as plain values for the template, each figure a link."""

from exchange.official.tables import cell_text
from exchange.structure import Attachment, Figure, Heading, Paragraph, Table, numbered
from reports import reading


def sections(document):
    """The body and then each attachment: [{"title", "mark", "blocks"}]; the body has no title of its own."""
    shown = [{"title": "", "mark": "", "blocks": blocks(document.blocks)}]
    for number, attachment in enumerate(document.attachments, start=1):
        shown.append(_attachment(attachment, number if len(document.attachments) > 1 else ""))
    return shown


def _attachment(attachment: Attachment, number):
    return {"title": attachment.title, "mark": f"附件{number}", "blocks": blocks(attachment.blocks)}


def blocks(found):
    """Blocks as plain values for `reports/block.html`."""
    return [_block(block, number) for block, number in numbered(found)]


def _block(block, number):
    if isinstance(block, Heading):
        return {"is": "heading", "level": block.level, "text": f"{number}{block.text}", "key": block.key}
    if isinstance(block, Paragraph):
        return {"is": "paragraph", "parts": [_part(part) for part in block.parts]}
    if isinstance(block, Table):
        return _table(block)
    raise TypeError(f"cannot show {type(block).__name__}")


def _part(part):
    """A piece of text, or a figure with the address of its rows and what it is."""
    if not isinstance(part, Figure):
        return {"text": part, "href": "", "hint": ""}
    return {"text": part.text, "href": reading.rows_url(part), "hint": hint(part)}


def hint(figure):
    """What a figure is of: its indicator and period; the page behind the link tells scope and definition."""
    return f"{figure.label} · {figure.first}—{figure.last}" if figure.first else figure.label


def _table(table):
    numeric = [column.kind in ("integer", "number", "percent") for column in table.columns]
    return {
        "is": "table",
        "caption": table.caption,
        "note": table.note,
        "heads": [
            {"label": column.label, "num": number} for column, number in zip(table.columns, numeric, strict=True)
        ],
        "rows": [_row(row, numeric) for row in table.rows],
        "totals": _row(table.totals, numeric) if table.totals else [],
    }


def _row(row, numeric):
    return [
        {**_part(cell if isinstance(cell, Figure) else cell_text(cell)), "num": number}
        for cell, number in zip(row, numeric, strict=True)
    ]
