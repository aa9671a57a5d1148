"""Freezing the figures of a month, and reading them again."""

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q
from django.utils.translation import override

from closing.models import Closing, Frozen
from core import units
from core.actor import SYSTEM
from indicators import declarations, figures, scopes
from indicators.models import Marker
from indicators.rows import NoRows

# Shares and means are kept to this many places; their parts are kept exactly.
PLACES = Decimal(1).scaleb(-10)
# Up to this many rows of a figure are named with it, so that corrections can say which came and which went.
MOST_ROWS = 2000


def settled(value):
    """A number as it is kept and compared: exact, but at most ten places."""
    if value is None:
        return None
    value = units.exact(value)
    return value if value == value.to_integral_value() else value.quantize(PLACES, rounding=ROUND_HALF_UP)


def numbers(figure):
    """(value, numerator, denominator) of a figure, as they are kept. Of a mean: its days and its cases."""
    numerator, denominator = figure.numerator, figure.denominator
    if figure.declared.kind == "duration":
        denominator = figure.cases
        numerator = figure.mean * figure.cases if figure.cases else 0
    return settled(figure.value), settled(numerator), settled(denominator)


def parts(kept):
    """The same of a frozen figure."""
    return kept.value, kept.numerator, kept.denominator


def codes_for(scope):
    """The codes of all declared figures that mean anything for the scope."""
    cell = scope.cell_class
    return [one.code for one in declarations.indicators() if declarations.told_for(one.code, cell)]


def uncounted(place, month) -> bool:
    """Whether a change in the unit that can move the month's figures is not counted yet."""
    where = Q(region_id=0)
    if place.committee:
        where |= Q(committee_id=place.committee.pk)
    else:
        where |= Q(region_id__in=scopes.tree().below(place.region.pk))
    return Marker.objects.filter(where, month__lte=month.first_day).exists()


def freeze(closing, place) -> int:
    """Write down every figure of the unit's month as the engine says it now; answers how many.

    Called by the lock, in its transaction, after the round was counted up.
    """
    made = []
    for scope in place.scopes():
        read = figures.read(codes_for(scope), scope, closing.period)
        with override("zh-hans"):
            made += [_row(closing, figure, own=scope == place.scope) for figure in read.values()]
    Frozen.objects.bulk_create(made, batch_size=1000)
    return len(made)


def _row(closing, figure, own):
    value, numerator, denominator = numbers(figure)
    region_id, chain_id, committee_id = figure.scope.cell
    return Frozen(
        closing=closing,
        round=closing.round,
        indicator=figure.code,
        name=str(figure.name),
        unit=figure.unit.code,
        region_id=region_id,
        chain_id=chain_id,
        committee_id=committee_id,
        value=value,
        numerator=numerator,
        denominator=denominator,
        as_of=figure.as_of,
        row_ids=rows_of(figure) if own else None,
    )


def rows_of(figure):
    """The keys of the rows that a flow or stock counts, or None where it has none of its own or too many."""
    if figure.declared.kind not in ("flow", "stock"):
        return None
    if not figure.value:
        return []
    try:
        found = figures.rows(figure.code, figure.scope, figure.period, SYSTEM)
    except NoRows:
        return None
    keys = list(found.order_by("pk").values_list("pk", flat=True)[: MOST_ROWS + 1])
    return keys if len(keys) <= MOST_ROWS else None


def closing_of(place, month):
    """The row of a unit's month, or None while nobody has touched it."""
    rows = Closing.objects.select_related("region", "committee", "locked_by")
    return rows.filter(**place.rows, month=month.first_day).first()


def standing(closing, scope):
    """{code: Frozen} of the newest lock of the month, for one of the unit's scopes; empty before the first lock."""
    if closing is None or not closing.round:
        return {}
    region_id, chain_id, committee_id = scope.cell
    found = Frozen.objects.filter(
        closing=closing, round=closing.round, region_id=region_id, chain_id=chain_id, committee_id=committee_id
    )
    return {one.indicator: one for one in found}
