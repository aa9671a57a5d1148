"""How long entries took from submission to resolution (时长分布): a box for each category, and for each chain.

Read from the rows of 办结问题 of the period. Working days by the calendar of the scope's region, pauses not taken off:
this is what the enterprise waited, while 平均办理时长 is what the handling unit used. Quantiles are those of the
declared durations (`indicators.histogram`).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chains.models import Chain
from core import units, workdays
from dashboards import charts
from dashboards.structure import NONE, Cut, address, category_names, region_path
from indicators import declarations
from indicators.histogram import Histogram
from indicators.rows import counted_rows

RESOLVED = "problems_resolved"
# Below this number of cases quartiles say nothing of the next case, and nothing is drawn.
FEW = 5
FIELDS = {"category": "top_category", "chain": "chain_id"}
TITLES = {"category": gettext_lazy("各类别从提交到办结的时长"), "chain": gettext_lazy("各产业链从提交到办结的时长")}
HEADS = {"category": gettext_lazy("类别"), "chain": gettext_lazy("产业链")}


@dataclass(frozen=True)
class Group:
    """The resolved entries of one category or chain."""

    by: str
    key: str
    name: str
    days: Histogram

    @property
    def five(self) -> tuple:
        """Lowest, lower quartile, median, upper quartile, highest; empty below FEW cases."""
        return five_numbers(self.days) if self.days.cases >= FEW else ()


def five_numbers(histogram: Histogram) -> tuple:
    lowest, highest = histogram.counts[0][0], histogram.counts[-1][0]
    return lowest, histogram.quantile(25), histogram.median, histogram.quantile(75), highest


def groups(picked, by: str) -> list[Group]:
    """In one statement for the rows and one for the names; in the order of the categories or chains."""
    fields = (FIELDS[by], "submitted_on", "resolved_on")
    rows = counted_rows(declarations.get(RESOLVED), picked.scope, picked.period).order_by()
    calendar = workdays.current(region_path(picked.scope))
    counted = defaultdict(Counter)
    for value, since, until, number in rows.values_list(*fields).annotate(n=Count("pk")).values_list(*fields, "n"):
        counted[str(value or NONE)][calendar.between(since, until)] += number
    names = _names(by, counted)
    order = {key: place for place, key in enumerate(names)}
    return [
        Group(by, key, str(names.get(key, key)), Histogram(counted[key]))
        for key in sorted(counted, key=lambda key: (order.get(key, len(order)), key))
    ]


def _names(by, keys) -> dict:
    if by == "category":
        return {**category_names(key for key in keys if key != NONE), NONE: _("未注明")}
    ids = [int(key) for key in keys if key != NONE]
    chains = Chain.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "name")
    return {**{str(pk): name for pk, name in chains}, NONE: _("未注明")}


def shown(picked) -> list[dict]:
    """The boxes by category, and by chain where the scope holds several."""
    several = picked.scope.kind == "region" and not picked.scope.chain_id
    return [chart(picked, by) for by in (("chain", "category") if several else ("category",))]


def chart(picked, by: str) -> dict:
    found = groups(picked, by)
    drawn = [group for group in found if group.five]
    numbers = [tuple(float(number) for number in group.five) for group in drawn]
    return charts.card(
        f"chart-duration-{by}",
        str(TITLES[by]),
        units.WORKDAYS.label,
        picked,
        _finding(found, drawn),
        charts.boxes(
            [group.name for group in drawn],
            numbers,
            [_said(group) for group in drawn],
            [address(picked, box=f"{by}-{group.key}") for group in drawn],
        ),
        {
            "columns": [str(HEADS[by]), _("件数"), _("最短"), _("四分之一"), _("中位"), _("四分之三"), _("最长")],
            "rows": [_row(picked, group) for group in found],
        },
        empty="" if drawn else _("这段时间没有满 %(few)s 件办结的一组，不画时长分布。") % {"few": FEW},
        size="tall" if len(drawn) >= 10 else "",
    )


def _row(picked, group) -> list:
    opened = address(picked, box=f"{group.by}-{group.key}")
    told = [_days(number) for number in group.five] or [_("样本不足"), *"————"]
    return [{"text": group.name}, {"text": str(group.days.cases), "href": opened}, *({"text": one} for one in told)]


def _days(number) -> str:
    return units.number(number, units.WORKDAYS.decimals) if number != int(number) else f"{int(number):,}"


def _said(group) -> str:
    lowest, low, middle, high, highest = (_days(number) for number in group.five)
    return _("%(name)s · %(n)s 件 · 最短 %(a)s，四分之一 %(b)s，中位 %(c)s，四分之三 %(d)s，最长 %(e)s") % {
        "name": group.name, "n": group.days.cases, "a": lowest, "b": low, "c": middle, "d": high, "e": highest,
    }  # fmt: skip


def _finding(found, drawn) -> str:
    together = Counter()
    for group in found:
        together.update(dict(group.days.counts))
    everything = Histogram(together)
    if not everything.cases:
        return ""
    finding = _("期内办结 %(n)s 个，从提交到办结中位 %(m)s 个工作日，九成在 %(p)s 个工作日以内。") % {
        "n": everything.cases,
        "m": _days(everything.median),
        "p": everything.quantile(90),
    }
    if len(drawn) < len(found):
        finding += _("不足 %(few)s 件的 %(k)s 组只列数、不画。") % {"few": FEW, "k": len(found) - len(drawn)}
    return finding


def find(picked, text: str) -> Cut:
    """The cut that `box=category-land` or `box=chain-7` names. Raises Http404."""
    by, _dash, key = text.partition("-")
    if by not in FIELDS:
        raise Http404
    for group in groups(picked, by):
        if group.key == key:
            nothing = Q(chain_id=None) if by == "chain" else Q(top_category="")
            condition = nothing if key == NONE else Q(**{FIELDS[by]: key})
            return Cut(RESOLVED, group.name, condition, group.days.cases)
    raise Http404
