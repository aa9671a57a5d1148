"""What one row of a file would do: a new record, a change, nothing, or errors cell by cell.

The row goes through the form of its register, so that rules and sentences are those of the page. An empty cell leaves
what the record holds; a new record gets what an empty form begins with.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from core import clock
from core.actor import Actor
from exchange.enums import Outcome
from exchange.imports import values
from exchange.imports.declarations import ImportOf
from exchange.imports.fresh import FreshForm, beginnings, entry_of, initial_data, remember_cleaned
from exchange.reader import check_whole

# Fields in whose columns few different things stand: what each is, is found once.
_FEW = (forms.DateField, forms.BooleanField, forms.ChoiceField)
ROW = ""  # the place of an error that belongs to no column


@dataclass
class Verdict:
    """`errors` are sentences by place of the column, `changes` [label, old, new] of a record that is there, `before`
    what the changed fields held, as the form takes it, `entry` (values, options of `save`) of a new record. The form of
    new records is one and the same for all rows: what is wanted of it is taken before the next row."""

    outcome: str
    obj: object = None
    form: object = None
    errors: dict[str, list[str]] = field(default_factory=dict)
    changes: list[list[str]] = field(default_factory=list)
    before: dict = field(default_factory=dict)
    entry: tuple | None = None


class Judge:
    """Judges rows of one import; what it looks up by name is kept, so that a row costs no query of its own for it."""

    def __init__(self, spec: ImportOf, mapping: dict[str, str], actor: Actor):
        self.spec, self.actor, self.today = spec, actor, clock.today()
        self.columns = {int(place): field for place, field in mapping.items()}
        self.place_of = {field: place for place, field in mapping.items()}
        self.names: dict = {}
        self.cleaned: dict = {}
        self.rows_by_key: dict = {}
        self.first_seen: dict = {}
        self.read: dict = {}
        self.fresh = FreshForm(spec, actor, self.cleaned)

    def prepare(self, rows: Iterable[list]) -> None:
        """Load the records that these rows may be of: one query for all of them."""
        rows = list(rows)
        keys = [key for key in (self._key(cells) for cells in rows) if key]
        # Narrowed by the first part of the key, told apart by all of it.
        first = {key[0] for key in keys}
        found = self.spec.register.visible(self.actor).filter(**{f"{self.spec.key[0]}__in": first})
        self.rows_by_key = {}
        for one in found.select_related(*self.spec.register.related):
            key = tuple(self._comparable(getattr(one, name)) for name in self.spec.key)
            self.rows_by_key.setdefault(key, []).append(one)
        for name in self.fresh.unique & self.place_of.keys():
            place = int(self.place_of[name])
            cells = [row[place] for row in rows if place < len(row) and row[place] is not None]
            self.fresh.look_up(name, [self._text(name, cell) for cell in cells])

    @staticmethod
    def _comparable(value):
        return getattr(value, "pk", value)

    def is_new(self, cells: list) -> bool:
        """Whether no record that this prepared row may be of is there."""
        key = self._key(cells)
        return not (key and self.rows_by_key.get(key))

    def judge(self, number: int, cells: list, *, alone: bool = False) -> Verdict:
        """The verdict on a prepared row. `alone` does not ask whether an earlier row of the file is the same record."""
        key = self._key(cells)
        known = self.rows_by_key.get(key, []) if key else []
        obj = known[0] if known else None
        form = self.fresh.anew() if obj is None else self.spec.form(self.actor, MultiValueDict(), obj)
        form.data, errors = self._data(form, cells)
        refusal = self.spec.register.can_edit(obj, self.actor) if obj else None
        if refusal:
            errors.setdefault(ROW, []).append(str(refusal.sentence))
        if len(known) > 1:
            errors.setdefault(ROW, []).append(_("登记簿中有多条同名记录，无法判断是哪一条。"))
        if key and not alone and self.first_seen.setdefault(key, number) != number:
            errors.setdefault(ROW, []).append(_("与第 %(row)d 行是同一条记录。") % {"row": self.first_seen[key]})
        self._add_errors(form, errors)
        if errors:
            return Verdict(Outcome.WRONG, obj, form, errors)
        return Verdict(Outcome.NEW, None, form, entry=entry_of(form)) if obj is None else self._compared(form, obj)

    # --- inside -------------------------------------------------------------------------------------------------

    def _add_errors(self, form, errors):
        """What the form refuses, at the column of its field; of a field without a column, with its label."""
        if form is self.fresh.form:
            self.fresh.judge()
        else:
            remember_cleaned(form, self.cleaned)
        for name, sentences in form.errors.items():
            place = self.place_of.get(name, ROW)
            if place in errors and place != ROW:
                continue  # what is wrong with the cell itself is said already
            told = [str(sentence) for sentence in sentences]
            if place == ROW and name in form.fields:
                text, label = _("%(label)s：%(value)s"), form.fields[name].label
                told = [text % {"label": label, "value": sentence} for sentence in told]
            errors.setdefault(place, []).extend(told)

    def _compared(self, form, obj):
        """The same, or changed in the fields that the file has columns for."""
        changed = [name for name in form.changed_data if name in self.place_of]
        return Verdict(
            Outcome.CHANGED if changed else Outcome.SAME,
            obj,
            form,
            changes=[[str(form.fields[name].label), *self._words(form, name)] for name in changed],
            before={name: initial_data(form, name) for name in changed},
        )

    def _key(self, cells):
        """What the row is found again by, None where a part is missing or unknown."""
        parts = []
        blank = self._blank
        for name in self.spec.key:
            place = self.place_of.get(name)
            cell = cells[int(place)] if place is not None and int(place) < len(cells) else None
            if cell is None:
                return None
            field = blank.fields[name]
            try:
                raw = self._raw(blank, name, cell, cells)
                parts.append(int(raw) if isinstance(field, forms.ModelChoiceField) else field.to_python(raw))
            except (ValueError, forms.ValidationError):
                return None
        return tuple(parts)

    @property
    def _blank(self):
        if not hasattr(self, "_form"):
            self._form = self.spec.form(self.actor)
        return self._form

    def _data(self, form, cells):
        """(what the form is given, errors of cells by place)."""
        begins = self.fresh.begins if form is self.fresh.form else beginnings(form)
        data, errors = MultiValueDict(begins), {}
        for place, name in self.columns.items():
            cell = cells[place] if place < len(cells) else None
            if cell is None or name not in form.fields:
                continue
            try:
                raw = self._raw(form, name, cell, cells)
            except ValueError as wrong:
                errors.setdefault(str(place), []).append(str(wrong))
                data.setlist(name, [])
                continue
            data.setlist(name, [raw] if raw != "" else [])
        return data, errors

    def _raw(self, form, name, cell, cells):
        """The cell as the form's field takes it. Raises ValueError with a sentence."""
        check_whole(cell)
        kind = form.fields[name]
        if isinstance(kind, forms.ModelChoiceField):
            return str(self._record(form, name, cell, cells))
        if not isinstance(kind, _FEW):
            return self._text(name, cell) if not isinstance(kind, forms.IntegerField) else str(values.as_integer(cell))
        known = (name, cell)
        if known not in self.read:
            self.read[known] = self._few(kind, cell)
        return self.read[known]

    def _few(self, kind, cell):
        """A cell of a column in which few different things stand; each is read once."""
        if isinstance(kind, forms.DateField):
            return values.as_date(cell, self.today).isoformat()
        if isinstance(kind, forms.BooleanField):
            return "on" if values.as_yes_no(cell) else ""
        return values.as_choice(cell, kind.choices)

    def _text(self, name, cell):
        text, column = values.as_text(cell), self.spec.named(name)
        return column.clean(text) if column and column.clean else text

    def _record(self, form, name, cell, cells):
        """The number of the record that the cell names."""
        if name not in self.names:
            self.names[name] = self._names(form, name)
        found = self.names[name].get(values.squeezed(cell), {})
        column = self.spec.named(name)
        if len(found) > 1 and column and column.within:
            owner, _path = column.within
            place = self.place_of.get(owner)
            other = cells[int(place)] if place is not None and int(place) < len(cells) else None
            if other is not None:
                wanted = self._record(form, owner, other, cells)
                found = {pk: own for pk, own in found.items() if own == wanted}
        text = {"text": values.plain(cell)[:40], "label": form.fields[name].label}
        if not found:
            raise ValueError(_("没有名为“%(text)s”的%(label)s，或不在您的管理范围内。") % text)
        if len(found) > 1:
            raise ValueError(_("有多个名为“%(text)s”的%(label)s，请写全称。") % text)
        return next(iter(found))

    def _names(self, form, name):
        """{squeezed name: {number: its owner}} of every record that the field offers: by name, short name, code."""
        field, column = form.fields[name], self.spec.named(name)
        found: dict[str, dict] = {}
        for one in field.queryset:
            owner = one
            for part in column.within[1].split("__") if column and column.within else ():
                owner = getattr(owner, part)
            words = {getattr(one, part, "") or "" for part in ("name", "short_name", "code", "credit_code")}
            for word in {*words, str(one), field.label_from_instance(one)}:
                if word:
                    found.setdefault(values.squeezed(word), {})[one.pk] = owner
        return found

    def _words(self, form, name):
        """(old, new) of a changed field in words."""
        field = form.fields[name]
        old, new = form.initial.get(name), form.cleaned_data.get(name)
        if isinstance(field, forms.ModelChoiceField):
            old = field.queryset.model._base_manager.filter(pk=old).first() if old else None
        choices = dict(field.choices) if isinstance(field, forms.ChoiceField) and not hasattr(field, "queryset") else {}
        return [_word(choices.get(one, one)) for one in (old, new)]


def _word(value) -> str:
    if value is None or value == "":
        return _("（空）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)
