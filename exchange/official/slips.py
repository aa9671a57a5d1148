"""One-page papers: 提醒单, 督办单, 交办单, 交接单, minutes of a meeting. One call from plain values to a Word file."""

import datetime as dt

from exchange.official.package import render
from exchange.structure import Document, Facts, Paragraph, Table, TableColumn


def slip(title, *, unit, signed_on, number="", addressee="", paragraphs=(), facts=(), after=(), label="", contact="",
         hands=(), as_of=None):  # fmt: skip
    """The bytes of a Word file laid out by GB/T 9704; equal values give equal bytes.

    In the order of the page: `label` (top left, e.g. 内部资料), `title`, `number` (centred under it), `addressee`
    (without its colon), `paragraphs`, `facts` as (label, value) rows of a table without a head, `after` (paragraphs
    below it), the signature `unit` with the date `signed_on`, `contact`, and a line for each of `hands` who signs by
    hand. A paragraph is text, or a block of `exchange.structure` (a `Heading`, a `grid(...)`).

    `as_of` is the time written into the file, by default the morning of `signed_on`.
    """
    blocks = [*_blocks(paragraphs), *((Facts(tuple(map(tuple, facts))),) if facts else ()), *_blocks(after)]
    return render(
        Document(
            title=title,
            number=number,
            label=label,
            addressee=addressee.rstrip("：:"),
            blocks=tuple(blocks),
            signer=unit,
            signed_on=signed_on,
            contact=contact,
            hands=tuple(hands),
            as_of=as_of or dt.datetime.combine(signed_on, dt.time(1), dt.UTC),
        )
    )


def grid(heads, rows, *, caption="", note=""):
    """A simple table from plain values. A head is its text, or (text, weight, align) with the share of the width."""
    columns = tuple(TableColumn(head) if isinstance(head, str) else TableColumn(*head) for head in heads)
    return Table(columns, tuple(map(tuple, rows)), caption=caption, note=note)


def _blocks(values):
    return [Paragraph.of(value) if isinstance(value, str) else value for value in values]
