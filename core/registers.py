"""A register (登记簿): list, create, edit and export of one model, declared once.

It knows no domain word. An app declares a `Register` with its columns, filters, form, permission sentences and the
lifecycle function that saves; the four views follow. Detail pages are made by hand. Whoever may not see a record gets
404; whoever sees it but may not change it gets 403 with a sentence that says who can.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F, Q
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core import keyset, listings, search, units
from core.answers import answer_status, attempt, demand, get_or_404
from core.held import held_data
from core.listings import Listing

PAGE_SIZE = 50
# Up to here a list that is paged by its last row counts itself; beyond, the page comes first and its number follows.
COUNTED_AT_ONCE = 2000
FARTHEST = 1_000_000
EARLIEST, LATEST = 1900, 2100


@dataclass(frozen=True)
class Column:
    """One column: `value` is a path (`region__name`) or a callable of the row; `sort` the order it sorts by.

    `kind` is `text`, `date`, `integer` or `yesno`. `css` goes on the cell (see docs/ui.md); `on_page=False` is for
    columns that only the export has.
    """

    label: Any
    value: str | Callable
    sort: str = ""
    kind: str = "text"
    css: str = ""
    on_page: bool = True

    def of(self, row):
        """The cell's value, choices in words."""
        if callable(self.value):
            return self.value(row)
        for name in self.value.split("__"):
            if row is None:
                return None
            display = getattr(row, f"get_{name}_display", None)
            row = display() if display else getattr(row, name)
        return row

    def shown(self, row):
        value = self.of(row)
        if isinstance(value, bool):
            return _("是") if value else "—"
        if isinstance(value, Decimal):
            return units.number(value, max(0, -value.normalize().as_tuple().exponent))
        return "—" if value is None or value == "" else value

    @property
    def cell_css(self):
        return f"{self.css} num" if self.kind == "integer" else self.css


class SaneDates:
    """Mixin of forms: dates in a range that people mean; 0202 is a slip of the finger, not a year."""

    def clean(self):
        data = super().clean()
        for name, value in self.cleaned_data.items():
            if hasattr(value, "year") and not EARLIEST <= value.year <= LATEST:
                self.add_error(name, _("请核对年份，应在 1900 年到 2100 年之间。"))
                return data
        return data


class FilterForm(forms.Form):
    """Base of the filter bars: `q` searches; every other field narrows by the lookup of the same name in `lookups`.

    Fields that do not validate say so and are left out; the rest still filters.
    """

    q = forms.CharField(label=gettext_lazy("搜索"), required=False, max_length=100)
    lookups: dict[str, str] = {}

    def __init__(self, data=None, *, actor, **kwargs):
        self.actor = actor
        super().__init__(data, **kwargs)
        self.limit(actor)

    def limit(self, actor):
        """Cut choices to what the actor may see."""

    @property
    def values(self) -> dict:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "") and value != []}

    def narrow(self, queryset):
        """The queryset under every filter but `q`."""
        for name, value in self.values.items():
            if name in self.lookups:
                queryset = queryset.filter(**{self.lookups[name]: value})
        return queryset

    def in_words(self) -> str:
        """The filters in force as one line, for an exported file."""
        parts = []
        for name, value in self.values.items():
            choices = dict(getattr(self.fields[name], "choices", None) or ()) if name not in self.model_fields else {}
            words = choices.get(value, value)
            parts.append(_("%(label)s：%(value)s") % {"label": self.fields[name].label, "value": words})
        return _("；").join(parts)

    @property
    def model_fields(self):
        return {name for name, one in self.fields.items() if isinstance(one, forms.ModelChoiceField)}


class RecordForm(SaneDates, forms.ModelForm):
    """Base of the registers' forms: knows the actor, and carries the version of the record that was read."""

    version = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, data=None, *, actor, **kwargs):
        self.actor = actor
        super().__init__(data, **kwargs)
        if self.instance.pk is None:
            # What a new record does not know yet must not stand in the way of what its fields begin with.
            self.initial = {name: value for name, value in self.initial.items() if value is not None}
        self.limit(actor)

    def limit(self, actor):
        """Cut choices to what the actor may use: an id from outside them is refused."""

    @property
    def values(self) -> dict:
        """What the lifecycle is to write: the cleaned fields of the model."""
        names = {one.name for one in self._meta.model._meta.get_fields()}
        return {name: value for name, value in self.cleaned_data.items() if name in names}


@dataclass(frozen=True)
class Register:
    """The declaration of one register. `urls` is the prefix of its URL names: `chains:committee` has
    `chains:committee_list`, `_detail`, `_create`, `_edit` and `_export`.

    `save(obj, values, by=, seen=)` is the lifecycle function; `version(obj)` and `sentences(event, model)` come from
    the trail. `can_create(actor)` and `can_edit(obj, actor)` answer a Refusal or None. `home` names another page than
    the list as the way back.

    `save_many(entries, by=)` creates many at once by the rules of `save` and leaves the same rows and events: `entries`
    are (values, options of `save`), it answers the saved rows in their order, and refuses all where one is refused.
    `versions(rows)` is {number: version}.

    `orders` is for long registers: name in the address to indexed columns (never NULL, the last one unique), the first
    one the default. Their pages go by the last row seen and count large numbers afterwards, so that page and list cost
    the same whatever their length; nothing else can be sorted by.
    """

    model: Any
    urls: str
    title: Any
    noun: Any
    columns: Sequence[Column]
    filters: type[FilterForm]
    form: type[RecordForm] | None
    save: Callable
    can_create: Callable
    can_edit: Callable
    version: Callable
    sentences: Callable
    search: Sequence[str] = ("name",)
    related: Sequence[str] = ()
    order: Sequence[str] = ("pk",)
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)
    icon: str = "inbox"
    hint: Any = ""
    home: str = ""
    rows: Callable | None = None
    template: str = "registers/list.html"
    form_template: str = "registers/form.html"
    context: Callable[..., dict] = field(default=lambda request: {})
    save_many: Callable | None = None
    versions: Callable | None = None

    def url(self, what, *args):
        return reverse(f"{self.urls}_{what}", args=args)

    @property
    def list_url(self):
        return reverse(self.home) if self.home else self.url("list")

    def visible(self, actor):
        rows = self.model.objects.visible_to(actor)
        return self.rows(rows, actor) if self.rows else rows

    @property
    def fields(self):
        return {one.name for one in self.model._meta.concrete_fields}

    def found(self, queryset, text):
        """Rows matching a search: a part of one of the search fields, or pinyin initials."""
        text = search.normalise(text)
        if not text:
            return queryset
        condition = Q()
        for name in self.search:
            condition |= Q(**{f"{name}__icontains": text})
        if "initials" in self.fields and re.fullmatch(r"[a-z0-9]+", text):
            condition |= Q(initials__contains=text)
        return queryset.filter(condition)

    def listed(self, request, form):
        """The rows of the list as filtered, searched and sorted: the same for page, count and export."""
        rows = self.found(form.narrow(self.visible(request.actor)), form.values.get("q", ""))
        return rows.select_related(*self.related).order_by(*self._ordering(request.GET.get("sort", "")))

    def listing(self, asking) -> Listing:
        """The list under the filter of an address, to be handed out."""
        form = self.filters(asking.GET, actor=asking.actor)
        return self.listing_of(self.listed(asking, form), form.in_words())

    def listing_of(self, rows, conditions: str = "") -> Listing:
        """`rows` in the columns of this register."""
        return Listing(
            title=str(self.title),
            columns=self.columns,
            rows=rows,
            lines=lambda found: ([column.of(row) for column in self.columns] for row in found),
            conditions=conditions,
        )

    def order_of(self, wanted: str) -> list[str]:
        """The columns of `orders` that the address asks for, the default for anything unknown."""
        return list(self.orders.get(wanted) or next(iter(self.orders.values())))

    def _ordering(self, wanted):
        if self.orders:
            return self.order_of(wanted)
        name = wanted.removeprefix("-")
        if name not in {column.sort for column in self.columns if column.sort}:
            return [*self.order, "pk"]
        expression = F(name)
        down = wanted.startswith("-")
        return [expression.desc(nulls_last=True) if down else expression.asc(nulls_last=True), "pk"]


@dataclass(frozen=True)
class Page:
    """One page of a list; `after` counts the rows before it."""

    rows: list
    total: int
    after: int
    query: Any
    register: Any = None

    @property
    def lines(self):
        """What the table shows: number, address and cells of each row."""
        columns = [column for column in self.register.columns if column.on_page]
        for number, row in enumerate(self.rows, self.after + 1):
            cells = [
                {
                    "value": column.shown(row),
                    "label": column.label,
                    "css": column.cell_css,
                    "date": column.kind == "date",
                }
                for column in columns
            ]
            yield {"number": number, "url": self.register.url("detail", row.pk), "cells": cells}

    @property
    def first(self):
        return self.after + 1 if self.rows else None

    @property
    def last(self):
        return self.after + len(self.rows)

    def _url(self, after):
        query = self.query.copy()
        query.pop("after", None)
        if after:
            query["after"] = str(after)
        return f"?{query.urlencode()}"

    @property
    def previous_url(self):
        return self._url(max(0, self.after - PAGE_SIZE)) if self.after else None

    @property
    def next_url(self):
        return self._url(self.after + PAGE_SIZE) if self.last < self.total else None


@dataclass
class WalkedPage(keyset.Page):
    """One page of a long register; where it begins in the whole list is not known, so lines count within it."""

    register: Any = None
    count_url: str = ""

    @property
    def lines(self):
        return Page(self.rows, 0, 0, None, self.register).lines


def counted(queryset, most: int = COUNTED_AT_ONCE) -> int | None:
    """How many rows there are, None where there are more than `most`: costs no more than `most` rows."""
    found = queryset.order_by()[: most + 1].count()
    return None if found > most else found


def walked_page(request, queryset, register) -> WalkedPage:
    """The page after (before) the row that the address names, from two queries that cost the same on any page."""
    total = counted(queryset)
    order = register.order_of(request.GET.get("sort", ""))
    found = keyset.page(queryset, request, order, size=PAGE_SIZE, total=total)
    page = WalkedPage(**vars(found), register=register)
    if total is None:
        page.more_than, page.counts_follow = COUNTED_AT_ONCE, True
        query = request.GET.copy()
        query["count"] = "1"
        page.count_url = f"?{query.urlencode()}"
    return page


def page_of(request, queryset, register=None) -> Page | WalkedPage:
    """The page that the address asks for, from two queries; those of a register with `orders` never grow."""
    if register is not None and register.orders:
        return walked_page(request, queryset, register)
    text = request.GET.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    after = min(after, FARTHEST)
    return Page(list(queryset[after : after + PAGE_SIZE]), queryset.count(), after, request.GET, register)


def list_view(register: Register):
    """The list: filter bar, sorting, paging, count, export link; HTMX gets the results alone."""

    @require_safe
    def view(request):
        form = register.filters(request.GET, actor=request.actor)
        part = request.htmx and not request.htmx.boosted
        if part and register.orders and request.GET.get("count"):
            total = register.listed(request, form).order_by().count()
            return render(request, "registers/count.html", {"total": total})
        refusal = register.can_create(request.actor)
        context = {
            "register": register,
            "columns": [column for column in register.columns if column.on_page],
            "filter_form": form,
            "filtered": bool(form.values),
            "page": page_of(request, register.listed(request, form), register),
            "create_url": None if refusal or register.form is None else register.url("create"),
            "export_url": f"{register.url('export')}?{request.GET.urlencode()}",
            **register.context(request),
        }
        return render(request, f"{register.template}#results" if part else register.template, context)

    return view


def export_view(register: Register):
    """Exactly the rows that the list shows under the same address, on all its pages."""
    return listings.export(register.listing)


def create_view(register: Register):
    """The form of a new record. Fields named in the address start filled."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request):
        demand(register.can_create(request.actor))
        return edit_page(request, register, register.model(), initial=request.GET.dict())

    return view


def edit_view(register: Register):
    """The form of a record that the actor sees; 403 with the reason where it may not be changed."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request, pk):
        obj = get_or_404(register.visible(request.actor).select_related(*register.related), pk)
        demand(register.can_edit(obj, request.actor))
        return edit_page(request, register, obj)

    return view


def edit_page(request, register: Register, obj, initial=None):
    """Show or take the form of one record. Nothing typed is lost when something is refused."""
    fresh = obj.pk is None
    data = request.POST if request.method == "POST" else held_data(request)
    # The form writes what was typed into its instance: the name shown above it stays the record's.
    name = "" if fresh else str(obj)
    form_initial = {**(initial or {}), **({} if fresh else {"version": register.version(obj)})}
    form = register.form(data or None, actor=request.actor, instance=obj, initial=form_initial)
    changes = []
    if request.method == "POST" and form.is_valid():
        saved, changes = _save(request, register, form, fresh)
        if saved is not None:
            messages.success(request, _("%(noun)s“%(name)s”已保存。") % {"noun": register.noun, "name": saved})
            return redirect(register.url("detail", saved.pk))
    pk = form.instance.pk if not fresh else None
    context = {
        "register": register,
        "form": form,
        "name": name,
        "changes": changes,
        "list_url": register.list_url,
        "cancel_url": register.url("detail", pk) if pk else register.list_url,
        "draft_key": f"{register.model._meta.model_name}-{pk or 'new'}",
    }
    return render(request, register.form_template, context, status=answer_status(request, form))


def _save(request, register, form, fresh):
    """(the saved record or None, sentences of what somebody else changed meanwhile)."""
    obj = register.model() if fresh else register.model._base_manager.get(pk=form.instance.pk)
    extra = form.save_options() if hasattr(form, "save_options") else {}
    seen = form.cleaned_data.get("version") or None
    changes = []
    saved = attempt(
        form, lambda: register.save(obj, form.values, by=request.actor, seen=seen, **extra), changes, register
    )
    if saved is None and changes:
        form.data = form.data.copy()
        form.data[form.add_prefix("version")] = register.version(obj.__class__._base_manager.get(pk=obj.pk))
    return saved, changes


def patterns(register: Register, prefix: str):
    """The addresses of a register below `prefix` (`enterprises/`): list, export, new, and edit of one."""
    name = register.urls.partition(":")[2]
    made = [
        path(prefix, list_view(register), name=f"{name}_list"),
        path(f"{prefix}export/", export_view(register), name=f"{name}_export"),
    ]
    if register.form is not None:
        made += [
            path(f"{prefix}new/", create_view(register), name=f"{name}_create"),
            path(f"{prefix}<int:pk>/edit/", edit_view(register), name=f"{name}_edit"),
        ]
    return made
