"""Figure cards of one scope, for the detail pages: what there is today, and what happened this year."""

from django.utils.translation import gettext as _

from core import units
from core.periods import Period
from indicators import declarations, figures, scopes

MONTHS = 12


def figure_cards(scope, codes, actor) -> list[dict]:
    """Cards for `{% kpi %}` of those codes that are declared and told for this scope; none where the actor may not
    read it. Two queries."""
    known = {one.code for one in declarations.indicators()}
    codes = [code for code in codes if code in known]
    if not codes or not scopes.readable(scope, actor):
        return []
    period = Period.current_month()
    year = Period.to_date(period.last)
    now, before, so_far = figures.read_many(codes, scope, [period, period.previous(), year])
    past = figures.series(codes, scope, [period.last - number for number in range(MONTHS - 1, -1, -1)])
    told = {code: now[code] if _is_stock(code) else so_far[code] for code in codes}
    return [
        _card(told[code], before[code] if _is_stock(code) else None, past[code])
        for code in codes
        if told[code].value is not None
    ]


def _is_stock(code) -> bool:
    """Whether the figure tells what there is (a running month may be set beside a whole one), not what happened."""
    one = declarations.get(code)
    return one.kind == "stock" or (one.kind == "ratio" and _is_stock(one.numerator))


def _card(now, before, series) -> dict:
    change = None
    moved = now.change_from(before) if before is not None else None
    if moved is not None and moved.difference:
        up = moved.direction > 0
        more = now.declared.more
        change = {
            "against": _("较上月末"),
            "text": units.text(abs(moved.difference), moved.unit, now.declared.places),
            "direction": "up" if up else "down",
            "good": None if more == declarations.NEUTRAL else up == (more == declarations.GOOD),
        }
    return {
        "label": now.name,
        "value": now.number,
        "unit": now.unit.suffix,
        "href": now.rows_url,
        "hint": now.definition,
        "change": change,
        "note": "" if before is not None else _("今年以来"),
        "series": series,
        "stale": now.stale,
    }
