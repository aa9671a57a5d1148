"""What differs between two reports: figure by figure, and the sentences that came and went.

Pure functions over `Document`s. Of two editions of one month a figure is the same indicator, scope and period; of two
months it is the same indicator and scope, each in its own month.
"""

import re
from dataclasses import dataclass

from core import units
from exchange.structure import Document, Figure, Heading, Paragraph, Table
from reports import narrative


@dataclass(frozen=True)
class FigureChange:
    """A figure that says something else. `old` and `new` are printed with their unit, '' where one has it not;
    `change` is the difference in words, in percentage points for a rate."""

    name: str
    where: str
    old: str
    new: str
    change: str
    figure: Figure


@dataclass(frozen=True)
class Changes:
    """`added` and `removed` are (heading, sentence)."""

    figures: tuple = ()
    added: tuple = ()
    removed: tuple = ()

    def __bool__(self):
        return bool(self.figures or self.added or self.removed)


def between(old: Document, new: Document, *, months: bool = False) -> Changes:
    """From `old` to `new`; `months` where they are of two different months."""
    before, after = _figures(old, months), _figures(new, months)
    told = []
    for key in dict.fromkeys((*after, *before)):
        one, other = before.get(key), after.get(key)
        change = _change(one and one[0], other and other[0])
        if change is not None:
            figure, where = other or one
            told.append(FigureChange(figure.label or figure.code, where, *change, figure))
    had, has = _sentences(old), _sentences(new)
    return Changes(
        tuple(told),
        tuple(shown for key, shown in has.items() if key not in had),
        tuple(shown for key, shown in had.items() if key not in has),
    )


def differing(current: Document, fresh: Document) -> list[FigureChange]:
    """The bound figures of `current` that the engine tells otherwise now; what is in one of them only is no difference
    of a bound figure."""
    return [one for one in between(current, fresh).figures if one.old and one.new]


def _figures(document, months):
    """{key: (figure, the row of the table it stands in)}, the first of each."""
    found = {}
    for figure, where in _placed((document.blocks, [one.blocks for one in document.attachments])):
        span = (_is_month(figure),) if months else (figure.first, figure.last)
        found.setdefault((figure.code, figure.scope, figure.extra, *span), (figure, where))
    return found


def _is_month(figure):
    """Whether a figure is of one month rather than of the year so far."""
    return figure.first is None or (figure.first.year, figure.first.month) == (figure.last.year, figure.last.month)


def _placed(value, where=""):
    if isinstance(value, Figure):
        yield value, where
    elif isinstance(value, Paragraph):
        yield from _placed(value.parts)
    elif isinstance(value, Table):
        for row in (*value.rows, value.totals):
            name = row[0] if row and isinstance(row[0], str) else ""
            yield from _placed(row, "" if value.key == "figures" else name)
    elif isinstance(value, (tuple, list)):
        for entry in value:
            yield from _placed(entry, where)


def _change(old, new):
    """(old, new, difference) as printed, or None where both print the same."""
    one, other = printed(old), printed(new)
    if one == other:
        return None
    if old is None or new is None or old.value is None or new.value is None or old.unit != new.unit:
        return one, other, ""
    unit, gap = units.get(new.unit), units.exact(new.value) - units.exact(old.value)
    places = _places(old, new)
    if unit.rate:
        told, suffix = narrative.plain_number(abs(gap), places), "个百分点"
    else:
        told, suffix = narrative.amount(abs(gap), unit, places)
    return one, other, f"{'+' if gap > 0 else '-'}{told}{suffix}"


def printed(figure: Figure | None) -> str:
    """A figure with its unit, as the report would print it; '' for none."""
    if figure is None:
        return ""
    if figure.value is None:
        return units.DASH
    return "".join(narrative.amount(figure.value, units.get(figure.unit), _places(figure)))


def _places(*figures):
    """As many places as were printed, of a figure whose text is not in another unit; else its unit's own."""
    unit = units.get(figures[0].unit)
    return max(unit.decimals, *(len(one.text.partition(".")[2]) for one in figures))


# --- sentences ----------------------------------------------------------------------------------------------------
_DIGITS = re.compile(r"[0-9.]+%?")
# A clause of comparison comes and goes with the figures: 环比增长12.5%, 与上月持平.
_COMPARED = re.compile(r"（[^（）]*）")


def _sentences(document):
    """{sentence without its numbers: (heading, sentence)} of the body."""
    found, heading = {}, ""
    for block in document.blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Paragraph):
            for sentence in _split(block):
                bare = _COMPARED.sub("", _DIGITS.sub("#", sentence))
                found.setdefault((heading, bare), (heading, sentence))
    return found


def _split(paragraph):
    return [f"{one}。" for one in paragraph.text.split("。") if one.strip()]
