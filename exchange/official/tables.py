"""Tables of an official document: explicit widths, a header row that repeats, rows that do not break over a page."""

import datetime as dt
import itertools

from exchange.official import measures as m
from exchange.structure import Figure, TableColumn

_LINE = 'w:val="single" w:sz="4" w:space="0" w:color="000000"'
_BORDERS = "".join(f"<w:{side} {_LINE}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
WHOLE = 12
_MARGINS = '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'


def table(markup, block, width):
    """The markup of a `Table`, `width` twips wide: caption, table, note.

    Every grid column and every cell carries its width: some word processors read the one, some the other.
    """
    widths = column_widths(block.columns, width)
    size, line = (m.WU_HAO, 320) if len(block.columns) > 7 else (m.XIAO_SI, 380)
    heads = [column.label for column in block.columns]
    rows = [_row(markup, heads, ["center"] * len(widths), widths, "head", size, line, head=True)]
    aligns = [column.align for column in block.columns]
    # A short table stays on one page, with its note.
    whole = len(block.rows) <= WHOLE
    rows += [_row(markup, row, aligns, widths, "body", size, line, keep=whole) for row in block.rows]
    if block.totals:
        rows.append(_row(markup, block.totals, aligns, widths, "head", size, line, keep=whole))
    before = ""
    if block.caption:
        before = markup.paragraph(block.caption, face="head", size=m.SI_HAO, align="center", keep_next=True)
    # There is always a paragraph after: two tables with nothing between them would grow together.
    after = markup.paragraph(block.note, size=m.WU_HAO, align="left", line=400, grid=False)
    return f"{before}{_framed(widths, rows)}{after}"


def facts(markup, block, width):
    """The markup of `Facts`: labels in 黑体 on the left, values of any length on the right, no head, no note."""
    widths = column_widths(
        (TableColumn("", weight=block.label_weight), TableColumn("", weight=block.value_weight)), width
    )
    whole = len(block.rows) <= WHOLE
    rows = [
        _row(markup, row, ["center", "left"], widths, ("head", "body"), m.SI_HAO, 460, keep=whole) for row in block.rows
    ]
    return f"{_framed(widths, rows)}{markup.paragraph(size=m.WU_HAO, line=300, grid=False)}"


def _framed(widths, rows):
    grid = "".join(f'<w:gridCol w:w="{share}"/>' for share in widths)
    properties = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>{_MARGINS}</w:tblPr>'
    )
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def column_widths(columns, width):
    """Whole twips by weight that add up to exactly `width`."""
    total = sum(column.weight for column in columns)
    edges, run = [0], 0
    for column in columns:
        run += column.weight
        edges.append(round(width * run / total))
    return [right - left for left, right in itertools.pairwise(edges)]


def cell_text(value):
    """A cell as the reader sees it; an empty one is a dash, so that nobody wonders whether a number was lost."""
    if value is None or value == "":
        return "—"
    if isinstance(value, Figure):
        return value.text
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _row(markup, cells, aligns, widths, face, size, line, head=False, keep=False):
    """One row; `face` is one for the whole row, or one for each cell."""
    faces = (face,) * len(widths) if isinstance(face, str) else face
    marks = "<w:cantSplit/>" + ("<w:tblHeader/>" if head else "")
    inner = []
    for cell, align, width, face in zip(cells, aligns, widths, faces, strict=True):
        text = markup.paragraph(
            cell_text(cell), face=face, size=size, align=align, line=line, keep_next=head or keep, grid=False, spacing=0
        )
        mark = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        inner.append(f"<w:tc>{mark}{text}</w:tc>")
    height = f'<w:trHeight w:val="{line + 120}" w:hRule="atLeast"/>'
    return f"<w:tr><w:trPr>{marks}{height}</w:trPr>{''.join(inner)}</w:tr>"
