"""The rows behind a figure (指标明细): exactly those that make it up, and their sum is the figure."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, DecimalField, F, Q, Sum, Value
from django.db.models.functions import Cast

from core import clock, units
from core.periods import Month
from indicators import declarations, scopes


class NoRows(Exception):
    """The figure cannot be told for this scope (an enterprise's share of a table without one)."""


def period_filter(part, period, today):
    """Which rows of a declaration count in a period."""
    if part.kind == "stock":
        day = period.as_of(today)
        if not part.daily and not period.by_day:  # kept by month: nothing is dated later than today
            day = Month.of(day).last_day
        return inside_on(part, day)
    inside = Q(**{f"{part.on}__range": (period.start, period.end)})
    if part.kind == "duration":
        inside &= Q(**{f"{part.days}__isnull": False})
    if part.kind == "distinct":
        inside &= Q(**{f"{part.who}__isnull": False})
    return inside


def inside_on(part, day):
    """Which rows of a stock are inside at the end of a day."""
    inside = Q(**{f"{part.enters}__lte": day})
    if part.leaves:
        inside &= Q(**{f"{part.leaves}__isnull": True}) | (
            Q(**{f"{part.leaves}__gt": day}) & Q(**{f"{part.leaves}__gt": F(part.enters)})
        )
    return inside


def scope_filter(part, scope):
    """Which rows of a declaration lie in a scope. Raises NoRows."""
    source, kind = part.source, scope.cell_class
    if kind == "enterprise":
        if not source.entity:
            raise NoRows
        return Q(**{source.entity: scope.entity_id})
    if kind == "committee":
        if not source.committee:
            raise NoRows
        return Q(**{source.committee: scope.committee_id})
    inside = Q(**{f"{source.region}__in": scopes.tree().below(scope.region_id)})
    if kind == "chain":
        if not source.chain:
            raise NoRows
        inside &= Q(**{source.chain: scope.chain_id})
    return inside


def counted_rows(one, scope, period, today=None):
    """The counted table's rows of a figure (for a distinct figure its events), as everybody's.

    Raises NoRows. Not for pages: those use `rows`, which starts from what the actor may see.
    """
    part = _part(one, scope)
    return _limit(part.source.model._base_manager.all(), part, scope, period, today)


def _part(one, scope):
    cell = scope.cell_class
    return one.part("region" if cell == "enterprise" else cell)


def _limit(queryset, part, scope, period, today):
    return queryset.filter(
        part.source.base & part.where & scope_filter(part, scope) & period_filter(part, period, today or clock.today())
    )


def rows(code, scope, period, actor, part="numerator", today=None):
    """The rows of figure `code` that `actor` may see, each with `figure_amount`.

    The amounts add up to the figure: 1 for a counted row, the weight of a weighed one; of a
    duration they are its days. A distinct figure gives the entities, a ratio the rows of its
    numerator, or of its denominator with `part="denominator"`. Raises KeyError, NoRows.
    """
    one = resolve(code, part)
    counting = _part(one, scope)
    if one.kind != "distinct":
        queryset = _limit(counting.source.visible(actor), counting, scope, period, today)
        return _listed(queryset, counting.source, _amount(counting))
    events = _limit(counting.source.model._base_manager.all(), counting, scope, period, today)
    entities = one.entities.visible(actor).filter(pk__in=events.values(one.who))
    return _listed(entities, one.entities, Value(1))


def rows_of(code, condition, period, actor, today=None):
    """As `rows`, of what meets a condition on the counted table's own columns instead of lying in a scope: what a help
    team leads, for one. Not for distinct figures."""
    counting = resolve(code).part("region")
    inside = counting.source.base & counting.where & condition & period_filter(counting, period, today or clock.today())
    return _listed(counting.source.visible(actor).filter(inside), counting.source, _amount(counting))


def resolve(code, part="numerator"):
    """The declaration whose rows are shown: a ratio's numerator or denominator, else its own."""
    one = declarations.get(code)
    if one.kind == "ratio":
        return declarations.get(one.denominator if part == "denominator" else one.numerator)
    return one


def source_of(code, scope, part="numerator"):
    """The Source whose columns a rows page shows."""
    one = resolve(code, part)
    return one.entities if one.kind == "distinct" else _part(one, scope).source


def _amount(part):
    if part.kind == "duration":
        return F(part.days)
    weight = getattr(part, "weight", None)
    return Cast(F(weight), DecimalField(max_digits=60, decimal_places=4)) if weight else Value(1)


def _listed(queryset, source, amount):
    # A scoping rule may join to-many tables; the inner query keeps each row once.
    plain = source.model._base_manager.filter(pk__in=queryset.order_by().values("pk"))
    if source.related:
        plain = plain.select_related(*source.related)
    return plain.annotate(figure_amount=amount).order_by("-pk")


def live_values(codes, entity_ids, period, today=None):
    """{code: {entity id: value, or {days: cases} of a duration}} counted from the rows of enterprises: one query for
    each code, whatever their number. One without rows has 0; a figure that enterprises do not have is None for each."""
    result, today = {}, today or clock.today()
    for code in codes:
        one = declarations.get(code)
        part = one.part("region")
        source = part.source
        if not source.entity:
            result[code] = dict.fromkeys(entity_ids)
            continue
        inside = source.base & part.where & Q(**{f"{source.entity}__in": entity_ids})
        found = source.model._base_manager.filter(inside & period_filter(part, period, today)).order_by()
        result[code] = _by_entity(one, found, source.entity, entity_ids)
    return result


def _by_entity(one, found, entity, entity_ids):
    if one.kind == "duration":
        values = {key: Counter() for key in entity_ids}
        for key, days, cases in (
            found.values_list(entity, one.days).annotate(n=Count("pk")).values_list(entity, one.days, "n")
        ):
            values[key][days] += cases
        return values
    weight = getattr(one, "weight", None)
    amount = Count(one.who, distinct=True) if one.kind == "distinct" else Sum(weight) if weight else Count("pk")
    values = dict.fromkeys(entity_ids, 0)
    for key, value in found.values_list(entity).annotate(n=amount).values_list(entity, "n"):
        value = units.exact(value or 0)
        values[key] = int(value) if not one.places and value == value.to_integral_value() else value
    return values
