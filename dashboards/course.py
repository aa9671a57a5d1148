"""How entries move: the steps of the work in a period, and the red lights of each chain month by month."""

from dataclasses import replace

from django.utils.translation import gettext as _

from chains.models import Chain
from core.periods import Period
from dashboards import charts
from indicators import figures

# The steps of the work, in its order.
STEPS = [
    "problems_raised",
    "problems_accepted",
    "problems_assigned",
    "problems_resolved",
    "problems_confirmed",
    "problems_closed",
]
RED = "problems_overdue"
# Rows that one chart can show; where there are more chains, the chart says so.
MOST_ROWS = 20


def steps_chart(picked, now) -> dict:
    """How many entries passed each step in the period. Flows by the day of each step, not one group followed through
    to its end: what is closed in a period may have been raised before it."""
    read = [now[code] for code in STEPS]
    labels, values = [str(one.name) for one in read], [one.value or 0 for one in read]
    addresses = [one.rows_url for one in read]
    raised, _accepted, assigned, resolved, _confirmed, closed = values
    finding = _(
        "收集 %(raised)s 个、交办 %(assigned)s 个、办结 %(resolved)s 个、销号 %(closed)s 个；"
        "各按发生的日期计，不一定是同一批问题。"
    ) % {"raised": raised, "assigned": assigned, "resolved": resolved, "closed": closed}
    name = _("本期经过这一环节")
    return charts.card(
        "chart-steps",
        _("从收集到销号"),
        _("个"),
        picked,
        finding,
        charts.stacked(labels, [{"name": name, "values": values, "addresses": addresses, "colour": "@bar"}]),
        charts.table([_("环节"), name], labels, (values, addresses)),
        empty="" if any(values) else _("这段时间还没有问题。"),
    )


def red_chart(picked, months, past) -> dict:
    """Entries past their deadline at the end of each month (today in the running one), by chain."""
    found = sorted(_rows(picked, months, past), key=lambda row: -sum(row[2]))
    shown = found[:MOST_ROWS]
    columns = [f"{month.year % 100:02d}-{month.number:02d}" for month in months]
    labels, values = [name for name, _scope, _row in shown], [row for _name, _scope, row in shown]
    addresses = [
        [figures.rows_url(RED, scope, Period(month, month)) for month in months] for _name, scope, _row in shown
    ]
    finding = ""
    if shown:
        finding = _("近 %(n)s 个月里，%(chain)s有 %(m)s 个月的月末有超期问题，累计最多。") % {
            "n": len(months),
            "chain": labels[0],
            "m": sum(1 for value in values[0] if value),
        }
    more = {}
    if len(found) > len(shown):
        more["source"] = _("问题台账；共 %(n)s 条链有过超期，列出最多的 %(shown)s 条") % {
            "n": len(found),
            "shown": len(shown),
        }
    cells = [list(column) for column in zip(*values, strict=True)]
    links = [list(column) for column in zip(*addresses, strict=True)]
    return charts.card(
        "chart-red",
        _("各产业链月末红灯"),
        _("个"),
        picked,
        finding,
        charts.heat(charts.month_ticks(months), labels, values, addresses),
        charts.table([_("产业链"), *columns], labels, *zip(cells, links, strict=True)),
        empty="" if shown else _("近一年各月末都没有超期的问题。"),
        size="" if len(labels) < 10 else "tall",
        **more,
    )


def _rows(picked, months, past) -> list[tuple]:
    """(name, scope, values by month) with any red light: each chain of a region, or the one scope itself."""
    scope = picked.scope
    if scope.kind != "region" or scope.chain_id:
        return [(str(scope.name), scope, past[RED])] if any(past[RED]) else []
    by_chain = figures.series_by_chain([RED], scope, months)[RED]
    red = {pk: values for pk, values in by_chain.items() if pk and any(values)}
    names = dict(Chain.objects.filter(pk__in=red).values_list("pk", "name"))
    return [(names[pk], replace(scope, chain_id=pk), red[pk]) for pk in sorted(red) if pk in names]
