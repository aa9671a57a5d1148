"""Editing the text of a draft: paragraphs as plain text in which every bound figure is a token such as {3:23}.

Pure functions over a `Document`. A token may be moved, or removed with its clause; what it says may not be changed. A
number that somebody types is bound to nothing: it is found here, so that it can be confirmed as typed by hand.
"""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from exchange.cells import clean_text
from exchange.structure import Document, Figure, Heading, Paragraph, iter_figures

# One paragraph of an official paper; a longer one is a list that should be a table.
LONGEST = 3000
MOST_PARAGRAPHS = 200
TYPED = "typed"  # in `Document.meta`: numbers confirmed as typed by hand

_TOKEN = re.compile(r"\{([0-9]{1,4})[:：]([^{}]{0,40})\}")
_ARABIC = r"[0-9０-９]+(?:[.．][0-9０-９]+)?[%％‰]?"
_COUNTED = r"[零一二两三四五六七八九十百千万]+(?=[个件家次名条项份人亿户位成倍])"
_NUMBER = re.compile(f"{_ARABIC}|{_COUNTED}")
# 一个, 一次 are words rather than counts.
_WORDS = {"一"}


@dataclass(frozen=True)
class Place:
    """A paragraph that may be edited: its place among the blocks, the heading that it stands under, its text."""

    index: int
    heading: str
    text: str

    @property
    def name(self):
        return f"p{self.index}"


def identity(figure: Figure) -> tuple:
    """What a figure is of, whatever it says: indicator, scope, period, further filter."""
    return figure.code, figure.scope, figure.first, figure.last, figure.extra


def registry(made: Document, current: Document) -> dict[int, Figure]:
    """{number of the token: figure}: the figures of the text as it was made, numbered in reading order, each as the
    current text has it. A figure that was removed keeps its number, so that it can be put back."""
    now = {identity(figure): figure for figure in _figures(current)}
    found: dict[tuple, Figure] = {}
    for figure in _figures(made):
        found.setdefault(identity(figure), now.get(identity(figure), figure))
    for key, figure in now.items():
        found.setdefault(key, figure)
    return dict(enumerate(found.values(), start=1))


def _figures(document):
    return (part for block in _paragraphs(document) for part in block.parts if isinstance(part, Figure))


def _paragraphs(document):
    return [block for block in document.blocks if isinstance(block, Paragraph)]


def places(made: Document, current: Document) -> list[Place]:
    """The paragraphs of the body as texts with tokens."""
    numbers = {identity(figure): number for number, figure in registry(made, current).items()}
    found, heading = [], ""
    for index, block in enumerate(current.blocks):
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Paragraph):
            found.append(Place(index, heading, "".join(_written(part, numbers) for part in block.parts)))
    return found


def _written(part, numbers):
    if isinstance(part, Figure):
        return f"{{{numbers[identity(part)]}:{part.text}}}"
    return part.replace("{", "｛").replace("}", "｝")


def edited(made: Document, current: Document, texts: dict[int, str]) -> Document:
    """`current` with the paragraphs at the places of `texts` as typed: each line a paragraph, an empty text none.

    Raises ValidationError by field (`Place.name`) for a token that is unknown or says something else.
    """
    known, errors, blocks = registry(made, current), {}, []
    for index, block in enumerate(current.blocks):
        if index not in texts or not isinstance(block, Paragraph):
            blocks.append(block)
            continue
        try:
            blocks.extend(_parsed(texts[index], known))
        except ValidationError as error:
            errors[f"p{index}"] = error.messages
    if not errors and len(blocks) > len(current.blocks) + MOST_PARAGRAPHS:
        errors[next(iter(f"p{index}" for index in texts))] = [_("段落过多，请合并后再保存。")]
    if errors:
        raise ValidationError(errors)
    return dataclasses.replace(current, blocks=tuple(blocks))


def _parsed(text, known) -> list[Paragraph]:
    if len(text) > LONGEST:
        raise ValidationError(_("一段最多%(most)d字。") % {"most": LONGEST})
    lines = (clean_text(line).strip() for line in text.replace("\r", "\n").split("\n"))
    return [Paragraph(tuple(_parts(line, known))) for line in lines if line]


def _parts(line, known) -> Iterator:
    at = 0
    for found in _TOKEN.finditer(line):
        yield from _plain(line[at : found.start()])
        figure = known.get(int(found[1]))
        if figure is None:
            raise ValidationError(
                _("没有编号为%(number)s的数字：%(token)s。") % {"number": found[1], "token": found[0]}
            )
        if found[2] != figure.text:
            raise ValidationError(
                _("%(token)s 绑定的数字是“%(text)s”，不能改写；可以移动，或连同所在的分句删去。")
                % {"token": found[0], "text": figure.text}
            )
        yield figure
        at = found.end()
    yield from _plain(line[at:])


def _plain(text):
    if "{" in text or "}" in text:
        raise ValidationError(_("花括号只用于绑定的数字，例如 {3:23}；请检查“%(text)s”。") % {"text": text[:40]})
    return (text,) if text else ()


def bare_numbers(made: Document, current: Document, after: Document) -> list[str]:
    """The numbers in the text of `after` that nobody vouches for, in reading order, each with some words around it.

    What stood in the same section before, as it was made or confirmed earlier, is no news.
    """
    known = {(section, number) for one in (made, current) for section, number, _shown in _numbers(one)}
    found = []
    for section, number, shown in _numbers(after):
        if (section, number) not in known and shown not in found:
            found.append(shown)
    return found


def _numbers(document):
    """(heading, number with the character after it, the number among its words) of every number in plain text."""
    heading = ""
    for block in document.blocks:
        if isinstance(block, Heading):
            heading = block.text
        if not isinstance(block, Paragraph):
            continue
        for text in (part for part in block.parts if isinstance(part, str)):
            for found in _NUMBER.finditer(text):
                if found[0] not in _WORDS:
                    shown = text[max(0, found.start() - 6) : found.end() + 4].strip("，。；：、")
                    yield heading, text[found.start() : found.end() + 1], shown


def with_typed(document: Document, numbers: list[str]) -> Document:
    """The document noting `numbers` as typed by hand; those whose words are gone are forgotten."""
    text = "\n".join(block.text for block in _paragraphs(document))
    kept = [one for one in (*document.meta.get(TYPED, ()), *numbers) if one in text]
    return dataclasses.replace(document, meta={**document.meta, TYPED: tuple(dict.fromkeys(kept))})


def rebased(made: Document, current: Document, fresh: Document) -> Document:
    """`fresh`, the report as it would be made now, with what was edited by hand in `current` kept.

    A section nobody touched is the fresh one. In an edited one the words stay as typed and the figures in it say what
    they say now; its tables are fresh. So a report is always of one moment.
    """
    now: dict[tuple, Figure] = {}
    for figure in iter_figures(fresh):
        now.setdefault(identity(figure), figure)
    tables = {block.key: block for block in fresh.blocks if getattr(block, "key", "") and hasattr(block, "rows")}
    before, mine, theirs = _sections(made), _sections(current), _sections(fresh)
    blocks = []
    for key, section in theirs.items():
        touched = key in mine and mine[key] != before.get(key)
        gone = key in before and key not in mine
        if touched:
            blocks.extend(_renewed(block, now, tables) for block in mine[key])
        elif not gone:
            blocks.extend(section)
    for key, section in mine.items():
        if key not in theirs and section != before.get(key):
            blocks.extend(_renewed(block, now, tables) for block in section)
    meta = {**fresh.meta, TYPED: current.meta.get(TYPED, ())}
    return with_typed(dataclasses.replace(fresh, blocks=tuple(blocks), number=current.number, meta=meta), [])


def _sections(document) -> dict[str, tuple]:
    """{key of the heading: its blocks, heading first}; what stands before the first heading has the key ''."""
    found: dict[str, list] = {"": []}
    key = ""
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            key = block.key or block.text
            while key in found:
                key += "+"
            found[key] = []
        found[key].append(block)
    return {key: tuple(blocks) for key, blocks in found.items()}


def _renewed(block, now, tables):
    if isinstance(block, Paragraph):
        return Paragraph(
            tuple(now.get(identity(part), part) if isinstance(part, Figure) else part for part in block.parts)
        )
    return tables.get(getattr(block, "key", ""), block) if hasattr(block, "rows") else block
