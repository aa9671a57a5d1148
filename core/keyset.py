"""Pages of a list by the last row seen (keyset paging): page 1,000 costs what page 1 costs, and rows never repeat."""

import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Q

_SALT = "core.keyset"


@dataclass
class Page:
    """What the pager component and the list template read."""

    rows: list
    total: int | None = None
    # Of a long list: `more_than` rows are known of, the exact number follows in a request of its own.
    more_than: int | None = None
    counts_follow: bool = False
    previous_url: str = ""
    next_url: str = ""
    first: int | None = None
    last: int | None = None
    extra: dict = field(default_factory=dict)


def page(
    queryset, request, order: list[str], *, size: int = 50, total: int | None = None, shown=None, others=()
) -> Page:
    """One page of `queryset` in `order` (columns that are never NULL, `-` for descending, the last one unique).

    Reads `after` and `before` from the address; a mark that is forged or belongs to another order gives page one.
    `shown` is a queryset of the same model without conditions, with what a row needs: then the rows of the page are
    chosen first, and only these are joined with the rest. `others` are further parts of the list, each of rows of its
    own, where it is easier to order in parts; they need `shown`. A part is (queryset, {column: value}): the columns of
    `order` that are the same in all its rows.
    """
    before = request.GET.get("before", "")
    mark = _read(before or request.GET.get("after", ""), order)
    backwards = bool(before) and mark is not None
    wanted = [_turned(name) for name in order] if backwards else order
    parts = [(queryset, {}), *others]
    if mark is not None:
        parts = [(part.filter(_beyond(wanted, mark, known)), known) for part, known in parts]
    parts = [part.order_by(*wanted) for part, _known in parts]
    rows = list(parts[0][: size + 1]) if shown is None else _joined(shown, parts, wanted, size + 1)
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, mark is not None)
    return Page(
        rows=rows,
        total=total,
        previous_url=_address(request, "before", rows[0], order) if rows and has_previous else "",
        next_url=_address(request, "after", rows[-1], order) if rows and has_next else "",
    )


def joined(shown, parts: dict) -> dict:
    """{name: rows} of several short lists, each a queryset that is ordered and cut; their rows are read with what
    `shown` joins, in one statement for all of them. A row of two lists is read once."""
    keys = {name: list(part.values_list("pk", flat=True)) for name, part in parts.items()}
    found = shown.in_bulk({key for chosen in keys.values() for key in chosen})
    return {name: [found[key] for key in chosen if key in found] for name, chosen in keys.items()}


def _joined(shown, parts, order: list[str], most: int) -> list:
    """The first rows of the parts in their order, joined. By their keys in a statement of their own: inside one, the
    planner may join the whole table first."""
    columns = dict.fromkeys(["pk", *(name.lstrip("-") for name in order)])
    first, *others = (part.values_list(*columns)[:most] for part in parts)
    chosen = first.union(*others, all=True).order_by(*order)[:most] if others else first
    keys = [row[0] for row in chosen]
    found = {row.pk: row for row in shown.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: list[str], mark: list, known: dict) -> Q:
    """Rows after the mark: (a > x) or (a = x and b > y) ..., each comparison by its own direction. What is `known` of
    all rows is compared here, so that an index can begin at the first column that differs."""
    if order[0].lstrip("-") in known:
        value = known[order[0].lstrip("-")]
        if value == mark[0]:
            return _beyond(order[1:], mark[1:], known)
        return Q() if (value < mark[0]) == order[0].startswith("-") else Q(pk__in=[])
    # Said at first of the leading column alone: an index can begin there, which it cannot at alternatives.
    leading = f"{order[0].lstrip('-')}__{'lte' if order[0].startswith('-') else 'gte'}"
    condition, same = Q(pk__in=[]), Q()
    for name, value in zip(order, mark, strict=True):
        column = name.lstrip("-")
        condition |= same & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{column: value})
    return Q(**{leading: mark[0]}) & condition


def _read(text: str, order: list[str]) -> list | None:
    if not text:
        return None
    try:
        found = json.loads(signing.Signer(salt=_SALT).unsign(text))
    except (signing.BadSignature, ValueError):
        return None
    return found[1:] if found and found[0] == ",".join(order) else None


def mark_of(row, order: list[str]) -> str:
    """The mark of a row in this order, as `after` and `before` carry it in an address."""
    values = [_plain(_value(row, column.lstrip("-"))) for column in order]
    return signing.Signer(salt=_SALT).sign(json.dumps([",".join(order), *values], ensure_ascii=False))


def _address(request, name: str, row, order: list[str]) -> str:
    kept = [(key, value) for key, values in request.GET.lists() for value in values if key not in ("after", "before")]
    return "?" + urlencode([*kept, (name, mark_of(row, order))])


def _value(row, path: str):
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _plain(value):
    return value if isinstance(value, int | str) else value.isoformat() if hasattr(value, "isoformat") else str(value)
