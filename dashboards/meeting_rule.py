"""The rule that a committee meets once a quarter (一季一议): which have met and which have not yet."""

from collections import Counter
from dataclasses import replace
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.periods import Period
from dashboards import charts
from dashboards.cut import Cut
from dashboards.spread import by_chain
from indicators import declarations
from indicators.rows import NoRows, counted_rows

ALL, MET, HELD = "chain_committees", "committees_met", "committee_meetings"


def quarter_of(period: Period) -> Period:
    """The quarter in which the period ends: the rule is quarterly whatever month is shown."""
    last = period.last
    return Period.quarter(last.year, (last.number + 2) // 3)


def not_met(scope, period: Period) -> Q:
    """The condition on the committees at the end of a period that have not met in it. Raises NoRows."""
    met = declarations.get(MET)
    return ~Q(pk__in=counted_rows(met, scope, period).values(met.who))


def cut(picked) -> Cut:
    """The committees that the bar of those that have not met counts."""
    try:
        condition = not_met(picked.scope, picked.period)
        number = counted_rows(declarations.get(ALL), picked.scope, picked.period).filter(condition).count()
    except NoRows:
        condition, number = Q(pk__in=[]), 0
    name = _("%(period)s尚未召开党委会的产业链党委") % {"period": picked.period.name}
    return Cut(ALL, name, condition, number)


def chart(picked) -> dict | None:
    """Committees that have met this quarter against those that have not yet; None where there are none to ask for."""
    if not declarations.told_for(ALL, picked.scope.cell_class):
        return None
    at_quarter = replace(picked, period=quarter_of(picked.period))
    labels, found = by_chain(at_quarter, [HELD, MET, ALL])
    met = [figure.value or 0 for figure in found[MET]]
    met_links = [figure.rows_url for figure in found[MET]]
    due = _numbers(at_quarter, found[ALL])
    due_links = [_address(figure) for figure in found[ALL]]
    held = [figure.value or 0 for figure in found[HELD]], [figure.rows_url for figure in found[HELD]]
    figure = charts.stacked(
        labels,
        [
            {"name": _("已开党委会"), "values": met, "addresses": met_links, "colour": "@green"},
            {"name": _("尚未召开"), "values": due, "addresses": due_links, "colour": "@grey"},
        ],
    )
    columns = [_("产业链"), _("已开党委会"), _("尚未召开"), _("党委会次数")]
    finding = _("%(quarter)s已召开党委会的 %(met)s 个，尚未召开的 %(due)s 个。") % {
        "quarter": at_quarter.period.name,
        "met": sum(met),
        "due": sum(due),
    }
    return charts.card(
        "chart-meetings",
        _("一季一议：%(quarter)s") % {"quarter": at_quarter.period.name},
        _("个党委"),
        at_quarter,
        finding,
        figure,
        charts.table(columns, labels, (met, met_links), (due, due_links), held),
        source=_("会议记录"),
        empty="" if any(met) or any(due) else _("这里还没有产业链党委。"),
    )


def _numbers(picked, shown) -> list[int]:
    """How many have not met, for each of these figures: one scope, or each chain of a region."""
    try:
        rows = counted_rows(declarations.get(ALL), picked.scope, picked.period)
        rows = rows.filter(not_met(picked.scope, picked.period))
    except NoRows:
        return [0 for _figure in shown]
    counted = Counter(dict(rows.order_by().values_list("chain_id").annotate(number=Count("pk"))))
    if len(shown) == 1 and shown[0].scope == picked.scope:
        return [sum(counted.values())]
    return [counted[figure.scope.chain_id] for figure in shown]


def _address(figure) -> str:
    """Where the committees that have not met are listed; empty for a scope that has no committees."""
    if figure.value is None:
        return ""
    query = {**figure.scope.query(), **figure.period.query()}
    return f"{reverse('dashboards:committees_not_met')}?{urlencode(query)}"
