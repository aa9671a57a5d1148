"""What a figure's link opens, for many figures at once: `indicators.rows.rows` itself, counted by the database.

What "number of rows" means, by kind of figure:

- flow, stock, distinct: one row each, the number of rows is the figure; with a `weight` (members, employees) the
  rows are the counts that it adds up, and the sum of their amounts is the figure.
- ratio: two links, the rows of the numerator and those of the denominator; each is a figure of one of the kinds above.
- duration: one row for each case; mean, median and 90th percentile are those of the amounts (days) of the rows.
"""

import contextlib
import dataclasses
import functools

from django.core.exceptions import EmptyResultSet
from django.db import connection

from core.actor import SYSTEM
from indicators import declarations, scopes
from indicators.histogram import Histogram
from indicators.rows import NoRows, rows

BATCH = 80  # subqueries to a statement


@dataclasses.dataclass(frozen=True)
class Opened:
    """The rows behind one link: how many, how many different ones, and their amounts."""

    number: int
    different: int
    amounts: list

    @property
    def total(self):
        return sum(self.amounts)


@contextlib.contextmanager
def one_look_at_the_tree():
    """Ask for the path of each region once, not for each link. The queries stay as the product makes them."""
    real = scopes.tree()
    scopes._tree = dataclasses.replace(real, below=functools.cache(real.below))
    try:
        yield
    finally:
        scopes._tree = real


def open_links(links, actor=SYSTEM, today=None):
    """[Opened or None (no rows can be told)] for `links`, a list of (code, scope, period, part of a ratio)."""
    found, waiting = [None] * len(links), []
    with one_look_at_the_tree():
        for place, (code, scope, period, part) in enumerate(links):
            with contextlib.suppress(NoRows):
                waiting.append((place, rows(code, scope, period, actor, part, today)))
    for (place, _rows), opened in zip(waiting, counted([one for _place, one in waiting]), strict=True):
        found[place] = opened
    return found


def counted(querysets) -> list[Opened]:
    """What each of these lists of rows holds."""
    found = [None] * len(querysets)
    for start in range(0, len(querysets), BATCH):
        for place, opened in _counted(list(enumerate(querysets))[start : start + BATCH]):
            found[place] = opened
    return found


def _counted(batch):
    texts, params = [], []
    for place, queryset in batch:
        plain = queryset.order_by().select_related(None).values_list("pk", "figure_amount")
        try:
            sql, values = plain.query.sql_with_params()
        except EmptyResultSet:  # a condition that can never hold: the page shows an empty list
            yield place, Opened(0, 0, [])
            continue
        texts.append(
            f"SELECT {place}, count(*), count(DISTINCT row_id), "
            f"coalesce(array_agg(coalesce(amount, 0)::numeric), '{{}}') FROM ({sql}) x (row_id, amount)"
        )
        params += values
    if not texts:
        return
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), params)
        for place, number, different, amounts in cursor.fetchall():
            yield place, Opened(number, different, amounts)


def parts(code):
    return ("numerator", "denominator") if declarations.get(code).kind == "ratio" else ("numerator",)


def wrong_rows(figures, actor=SYSTEM, today=None):
    """One sentence for each of these Figures whose links do not open exactly what it counts."""
    links = [(one.code, one.scope, one.period, part) for one in figures for part in parts(one.code)]
    opened = dict(zip(_keys(figures), open_links(links, actor, today), strict=True))
    wrong = []
    for number, figure in enumerate(figures):
        for part in parts(figure.code):
            said = disagreement(figure, part, opened[number, part])
            if said:
                where = f"{figure.code} {part} {figure.scope.key} chain={figure.scope.chain_id} {figure.period.code}"
                wrong.append(f"{where}: {said}")
    return wrong


def _keys(figures):
    return [(number, part) for number, figure in enumerate(figures) for part in parts(figure.code)]


def disagreement(figure, part, opened):
    """What is wrong about the rows (Opened, or None) behind a Figure's link; nothing where they are what it counts."""
    one = figure.declared
    if not declarations.told_for(figure.code, figure.scope.cell_class):
        return f"told {figure.value} where it means nothing" if figure.value is not None else ""
    if opened is None:
        return "it opens nothing"
    if opened.number != opened.different:
        return f"{opened.number} rows, of which only {opened.different} differ"
    if one.kind == "duration":
        days = {}
        for amount in opened.amounts:
            days[int(amount)] = days.get(int(amount), 0) + 1
        right = Histogram(days)
        told = (figure.cases, figure.mean, figure.median, figure.p90)
        counted = (opened.number, right.mean, right.median, right.quantile(90))
        return "" if told == counted else f"told {told}, its {opened.number} rows give {counted}"
    told, counting = figure.value, one
    if one.kind == "ratio":
        told = getattr(figure, part)
        counting = declarations.get(getattr(one, part))
    if opened.total != told:
        return f"told {told}, its {opened.number} rows add up to {opened.total}"
    if not getattr(counting, "weight", None) and opened.number != told:
        return f"told {told}, it opens {opened.number} rows"
    return ""
