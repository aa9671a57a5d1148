"""Figure cards of one scope as of the running month, for the detail pages of the registers."""

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
    now, before = figures.read_many(codes, scope, [period, period.previous()])
    months = [period.last - number for number in range(MONTHS - 1, -1, -1)]
    past = figures.series(codes, scope, months)
    return [_card(now[code], before[code], past[code]) for code in codes if now[code].value is not None]


def _card(now, before, series) -> dict:
    moved = now.change_from(before)
    change = None
    if moved.difference:
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
        "unit": now.unit.label,
        "href": now.rows_url,
        "hint": now.definition,
        "change": change,
        "series": series,
        "stale": now.stale,
    }
