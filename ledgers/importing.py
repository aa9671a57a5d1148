"""A county's own workbook read into a ledger: which column is which, and what each row would do.

A row is `new`, `changed` (the columns that recognise an entry are those of one that is there, the rest is not), `same`
or `wrong`. Ledgers without such columns know an entry again by all its values. Reading the same file twice therefore
finds nothing new.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Region
from audit import trail
from core import search
from core.actor import Actor
from enterprises.models import Enterprise
from exchange.reader import check_whole
from ledgers import values
from ledgers.enums import FieldType
from ledgers.lifecycle import entries
from ledgers.models import Ledger, LedgerEntry

_HEAD_WITHIN = 10
_PLACE = ("所在区域", "区域", "乡镇")
NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass
class Row:
    """One row of the file: its number there, what it holds, what it would do, and the sentences against it."""

    number: int
    values: dict = field(default_factory=dict)
    region: Region | None = None
    enterprise: Enterprise | None = None
    what: str = NEW
    entry_id: int | None = None
    errors: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Sheet:
    """What a file would do to a ledger. `unknown` are headings that no column has."""

    rows: list[Row] = field(default_factory=list)
    mapped: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def of(self, what: str) -> list[Row]:
        return [row for row in self.rows if row.what == what]

    @property
    def counts(self) -> dict[str, int]:
        return {what: len(self.of(what)) for what in (NEW, CHANGED, SAME, WRONG)}


def _plain_label(text) -> str:
    """A heading without spaces, unit in brackets or star."""
    label = search.normalise(str(text)).replace(" ", "").rstrip("*")
    return label.partition("(")[0]


def read(ledger: Ledger, cells: list[tuple[int, list]], actor: Actor) -> Sheet:
    """Look at the rows of a workbook [(row number, cells)], writing nothing. Raises ValueError with a sentence where
    no heading is found or a required column is missing."""
    fields = ledger.living_fields
    known = {_plain_label(one.label): one for one in fields}
    place, head, at = _head(cells, known)
    sheet = Sheet(mapped=[one.label for one in head.values()], unknown=_unknown(cells[at][1], known))
    lacking = [one.label for one in fields if one.required and one not in head.values()]
    if lacking:
        raise ValueError(_("表中缺少必填的栏目：%(labels)s。") % {"labels": "、".join(lacking)})
    reading = _Reading(ledger, actor, fields)
    sheet.rows = [reading.row(number, line, head, place) for number, line in cells[at + 1 :]]
    reading.compare(sheet.rows)
    return sheet


def _head(cells, known) -> tuple[int | None, dict, int]:
    """(column of the place, {column: field}, index of the heading's row): the row that names most columns."""
    best = (None, {}, -1)
    for at, (_number, line) in enumerate(cells[:_HEAD_WITHIN]):
        labels = [_plain_label(one) if one is not None else "" for one in line]
        found = {}
        for column, label in enumerate(labels):
            if label in known and known[label] not in found.values():
                found[column] = known[label]
        if len(found) > len(best[1]):
            place = next(
                (column for column, label in enumerate(labels) if label in _PLACE and column not in found), None
            )
            best = (place, found, at)
    if not best[1]:
        raise ValueError(_("没有找到表头：表头的文字应与台账的栏目名称相同。"))
    return best


def _unknown(line, known) -> list[str]:
    own = {*known, *_PLACE, "序号"}
    return [str(one)[:40] for one in line if one is not None and _plain_label(one) not in own]


class _Reading:
    """Judges rows: cells by `values.read`, enterprises and places by what the actor may enter for."""

    def __init__(self, ledger, actor, fields):
        self.ledger, self.actor, self.fields = ledger, actor, fields
        self.places = {one.name: one for one in entries.places(ledger, actor).order_by("-path")}
        first = min(self.places.values(), key=lambda one: one.path, default=None)
        self.home = first
        self.firms = {}
        if any(one.type == FieldType.ENTERPRISE for one in fields):
            inside = Enterprise.objects.visible_to(actor).current()
            for one in inside.filter(region__path__startswith=ledger.region.path).select_related("region"):
                self.firms[search.normalise(one.name)] = self.firms[search.normalise(one.credit_code or one.name)] = one

    def row(self, number, line, head, place) -> Row:
        row = Row(number, region=self.home)
        at = {one.code: column for column, one in head.items()}
        for one in self.fields:
            column = at.get(one.code)
            raw = line[column] if column is not None and column < len(line) else None
            self._cell(row, one, raw)
        text = values.plain(line[place]) if place is not None and place < len(line) else ""
        if text:
            row.region = self.places.get(text)
            if row.region is None:
                row.errors.append((_("所在区域"), _("“%(name)s”不在您填报的范围内。") % {"name": text[:40]}))
        if row.region is None and row.enterprise is None and not row.errors:
            row.errors.append((_("所在区域"), _("请写明所在区域。")))
        return row

    def _cell(self, row, one, raw) -> None:
        try:
            check_whole(raw)
            if one.type == FieldType.ENTERPRISE:
                row.enterprise = self._firm(one, values.plain(raw))
            else:
                value = values.read(one, raw)
                if value is not None:
                    row.values[one.code] = value
        except ValueError as wrong:
            row.errors.append((one.label, str(wrong)))

    def _firm(self, one, text):
        if not text:
            if one.required:
                raise values.Wrong(_("请填写。"))
            return None
        firm = self.firms.get(search.normalise(text))
        if firm is None:
            raise values.Wrong(
                _("在您的范围内没有找到企业“%(name)s”，请写企业全称或统一社会信用代码。") % {"name": text[:60]}
            )
        return firm

    def compare(self, rows) -> None:
        """Set what each row would do, against the ledger and against the rows before it."""
        drafts = {row.number: self._draft(row) for row in rows if not row.errors}
        living = LedgerEntry.objects.filter(ledger=self.ledger, archived_on=None).order_by()
        keys = {one.key for one in drafts.values() if one.key}
        digests = {one.digest for one in drafts.values()}
        there = set(living.filter(digest__in=digests).values_list("digest", flat=True))
        held = living.filter(key__in=keys).marked(self.actor).select_related("enterprise").defer("words", "own_words")
        by_key = {one.key: one for one in held}
        seen: dict[str, int] = {}
        for row in rows:
            if row.errors:
                row.what = WRONG
                continue
            draft = drafts[row.number]
            mark = draft.key or draft.digest
            if mark in seen:
                row.what = WRONG
                row.errors.append(("", _("与第 %(row)d 行是同一条。") % {"row": seen[mark]}))
                continue
            seen[mark] = row.number
            if draft.key in by_key:
                self._meet(row, by_key[draft.key])
            elif not draft.key and draft.digest in there:
                row.what = SAME

    def _meet(self, row, entry) -> None:
        """A row of an entry that is there: what the file leaves empty stays as it is."""
        if not entry.may_fill:
            row.what = WRONG
            row.errors.append(("", _("台账中已有同一条记录，但不由您填报。")))
            return
        row.entry_id = entry.pk
        merged = Row(row.number, {**entry.values, **row.values}, enterprise=row.enterprise or entry.enterprise)
        row.what = SAME if self._draft(merged).digest == entry.digest else CHANGED

    def _draft(self, row) -> LedgerEntry:
        draft = LedgerEntry(ledger=self.ledger, values=row.values, enterprise=row.enterprise)
        values.describe(draft, self.fields)
        return draft


@transaction.atomic
def take(ledger: Ledger, sheet: Sheet, *, name: str, by: Actor) -> dict[str, int]:
    """Write the new rows and the changed ones; answers how many of each kind there were. What the file leaves empty of
    an entry that is there stays. Entries that the person does not fill are told as wrong. As `add_entry`, Refused."""
    counts = sheet.counts
    new = [(row.values, row.region, row.enterprise) for row in sheet.of(NEW)]
    entries.add_many(ledger, new, by=by)
    changed = {row.entry_id: row for row in sheet.of(CHANGED)}
    for entry in LedgerEntry.objects.filled_by(by).filter(pk__in=changed).select_related("region", "enterprise"):
        row = changed.pop(entry.pk)
        entry.ledger = ledger
        entries.change_entry(
            entry, {**entry.values, **row.values}, region=entry.region, enterprise=row.enterprise or entry.enterprise,
            by=by,
        )  # fmt: skip
    counts[CHANGED] -= len(changed)
    counts[WRONG] += len(changed)
    if counts[NEW] or counts[CHANGED]:
        trail.record(by, "ledger.imported", ledger, file=name, **counts)
    return counts
