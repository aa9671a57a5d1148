"""What the entries are made of: how long those open have been open, and the way of those raised from source to end.

Counted from the rows of two declared figures (在办问题, 收集困难问题), not from facts: the cost grows with the rows of
the period, so this is a page of its own and no part of the cockpit. Each bar, node and link is a `Cut` of these rows.
"""

import datetime as dt
from collections import Counter
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliances.models import Department, HelpTeam, Region
from chains.models import Committee
from core import workdays
from dashboards import charts
from dashboards.cut import Cut
from enterprises.models import Enterprise
from indicators import declarations
from indicators.rows import counted_rows
from problems.enums import OPEN_STATES, Outcome, Source
from problems.indicators import CATEGORIES
from problems.models import Category

AGED, RAISED = "problems_open", "problems_raised"
# Working days since the entry was submitted, first and last of each band; no rule of handling is meant by them.
BANDS = ((0, 5), (6, 10), (11, 20), (21, 30), (31, None))
STAGES = ("source", "category", "unit", "end")
STAGE_NAMES = {
    "source": gettext_lazy("来源"),
    "category": gettext_lazy("类别"),
    "unit": gettext_lazy("牵头单位"),
    "end": gettext_lazy("去向"),
}
# Nodes that one stage can show; the rest become one node, named with their number.
MOST = 12
OTHERS, OPEN, NONE = "others", "open", "none"


# --- how long open entries have been open ---------------------------------------------------------------------------


def bands(picked) -> list[Cut]:
    """The open entries at the end of the period by working days since they were submitted, by the calendar of the
    scope's region."""
    day, calendar = picked.period.as_of(), workdays.current(region_path(picked.scope))
    rows = counted_rows(declarations.get(AGED), picked.scope, picked.period)
    by_day = rows.order_by().values_list("problem__submitted_on").annotate(n=Count("pk"))
    counted, found = Counter(dict(by_day)), []
    for first, last in BANDS:
        since, until = _dates(calendar, day, first, last)
        number = sum(n for on, n in counted.items() if since <= on <= until)
        name = _("%(n)s个工作日以上") % {"n": first - 1} if last is None else f"{first}—{last}"
        found.append(Cut(AGED, name, Q(problem__submitted_on__range=(since, until)), number))
    return found


def _dates(calendar, day, first, last):
    """The first and last day of submission from which `first` to `last` working days have passed until `day`."""
    after = day + workdays.DAY
    since = dt.date.min if last is None else calendar.add(after, -(last + 1))
    return since, calendar.add(after, -first) - workdays.DAY if first else dt.date.max


def region_path(scope) -> str:
    """The path of the region whose calendar a scope goes by."""
    if scope.kind == "committee":
        return Committee.objects.values_list("region__path", flat=True).get(pk=scope.committee_id)
    if scope.kind == "enterprise":
        return Enterprise.objects.values_list("region__path", flat=True).get(pk=scope.entity_id)
    return Region.objects.values_list("path", flat=True).get(pk=scope.region_id)


def ageing_chart(picked) -> dict:
    found = bands(picked)
    labels, values = [cut.name for cut in found], [cut.number for cut in found]
    addresses = [address(picked, band=number) for number in range(len(found))]
    name = str(declarations.get(AGED).name)
    finding = _("期末在办 %(n)s 个，其中提交已超过 30 个工作日的 %(old)s 个。") % {"n": sum(values), "old": values[-1]}
    return charts.card(
        "chart-ageing",
        _("在办问题已办多久"),
        _("个，按提交以来的工作日"),
        picked,
        finding,
        charts.stacked(labels, [{"name": name, "values": values, "addresses": addresses, "colour": "@bar"}]),
        charts.table([_("提交以来的工作日"), name], labels, (values, addresses)),
        empty="" if any(values) else _("期末没有在办的问题。"),
    )


# --- from source to end ---------------------------------------------------------------------------------------------


class Flow:
    """The entries raised in a period by source, top category, leading unit and end, read in one statement."""

    def __init__(self, picked):
        self.place = picked.base.name
        rows = counted_rows(declarations.get(RAISED), picked.scope, picked.period).order_by()
        fields = ("source", "top_category", "lead_team_id", "lead_department_id", "state", "outcome")
        self.ways = Counter()  # (key of each stage) -> entries
        for *values, number in rows.values_list(*fields).annotate(n=Count("pk")).values_list(*fields, "n"):
            self.ways[_keys(*values)] += number
        self.total = sum(self.ways.values())
        self.counts = [Counter() for _stage in STAGES]
        for way, number in self.ways.items():
            for stage, key in enumerate(way):
                self.counts[stage][key] += number
        self.hidden = [self._hidden(counted) for counted in self.counts]
        self.names = self._names()

    def _hidden(self, counted) -> set:
        ranked = sorted(counted, key=lambda key: (-counted[key], key))
        return set(ranked[MOST - 1 :]) if len(ranked) > MOST else set()

    def shown(self, stage: int, key: str) -> str:
        return OTHERS if key in self.hidden[stage] else key

    def nodes(self, stage: int) -> Counter:
        """{key: entries}, the most first, what is not named by itself last."""
        merged = Counter()
        for key, number in self.counts[stage].items():
            merged[self.shown(stage, key)] += number
        return dict(sorted(merged.items(), key=lambda pair: (pair[0] == OTHERS, -pair[1], pair[0])))

    def links(self, stage: int) -> Counter:
        """{(key, key of the next stage): entries}."""
        found = Counter()
        for way, number in self.ways.items():
            found[self.shown(stage, way[stage]), self.shown(stage + 1, way[stage + 1])] += number
        return found

    def name(self, stage: int, key: str) -> str:
        if key == OTHERS:
            return _("其他（%(n)s 项）") % {"n": len(self.hidden[stage])}
        return str(self.names.get((STAGES[stage], key), key))

    def cut(self, chosen: dict[int, str]) -> Cut:
        """The entries that pass all of `chosen`, {stage: key}. Raises Http404 for a key that nothing has."""
        condition, names = Q(), []
        for stage, key in sorted(chosen.items()):
            keys = self.hidden[stage] if key == OTHERS else {key} & set(self.counts[stage])
            if not keys:
                raise Http404
            part = Q()
            for one in sorted(keys):
                part |= _condition(STAGES[stage], one)
            condition &= part
            names.append(self.name(stage, key))
        number = sum(
            n for way, n in self.ways.items() if all(self.shown(s, way[s]) == key for s, key in chosen.items())
        )
        return Cut(RAISED, " → ".join(names), condition, number)

    def _names(self) -> dict:
        names = {("source", str(value)): label for value, label in Source.choices}
        names |= {("category", code): name for code, name in category_names(self.counts[1]).items()}
        units = [key for key in self.counts[2] if key != NONE]
        for sign, model in (("t", HelpTeam), ("d", Department)):
            ids = [int(key[1:]) for key in units if key[0] == sign]
            # Units mostly bear the name of the region that is looked at: it is said once, in the heading.
            names |= {
                ("unit", f"{sign}{pk}"): name.removeprefix(self.place) or name
                for pk, name in model.objects.filter(pk__in=ids).values_list("pk", "name")
            }
        names |= {("end", str(value)): label for value, label in Outcome.choices}
        names[("end", OPEN)], names[("unit", NONE)] = _("在办"), _("还没有牵头单位")
        names[("end", NONE)] = names[("category", NONE)] = names[("source", NONE)] = _("未注明")
        return names


def category_names(codes) -> dict:
    """{code: name} of top categories: the common ones, and a county's own among `codes`."""
    names = dict(CATEGORIES)
    own = [code for code in codes if code not in names]
    if own:
        names |= dict(Category.objects.filter(code__in=own).values_list("code", "name"))
    return names


def _keys(source, category, team, department, state, outcome) -> tuple[str, ...]:
    unit = f"t{team}" if team else f"d{department}" if department else NONE
    end = OPEN if state in {str(one) for one in OPEN_STATES} else outcome or NONE
    return source or NONE, category or NONE, unit, end


def _condition(stage: str, key: str) -> Q:
    running = Q(state__in=sorted(str(one) for one in OPEN_STATES))
    if stage == "unit":
        if key == NONE:
            return Q(lead_team=None, lead_department=None)
        return Q(lead_team=int(key[1:])) if key[0] == "t" else Q(lead_team=None, lead_department=int(key[1:]))
    if stage == "end":
        return running if key == OPEN else ~running & Q(outcome="" if key == NONE else key)
    return Q(**{"source" if stage == "source" else "top_category": "" if key == NONE else key})


def flow_chart(picked) -> dict:
    flow = Flow(picked)
    places, labels, addresses = {}, [], []
    for stage, name in enumerate(STAGES):
        for key in flow.nodes(stage):
            places[stage, key] = len(labels)
            labels.append(flow.name(stage, key))
            addresses.append(address(picked, **{name: key}))
    links, rows = [], []
    for stage in range(len(STAGES) - 1):
        for (here, there), number in sorted(flow.links(stage).items(), key=lambda pair: (-pair[1], pair[0])):
            opened = address(picked, **{STAGES[stage]: here, STAGES[stage + 1]: there})
            links.append((places[stage, here], places[stage + 1, there], number, opened))
            cells = [flow.name(stage, here), flow.name(stage + 1, there)]
            step = f"{STAGE_NAMES[STAGES[stage]]} → {STAGE_NAMES[STAGES[stage + 1]]}"
            rows.append([{"text": step}, *({"text": text} for text in cells), {"text": str(number), "href": opened}])
    return charts.card(
        "chart-flow",
        _("从来源到去向"),
        _("个"),
        picked,
        _flow_finding(flow),
        charts.sankey(labels, addresses, links),
        {"columns": [_("环节"), _("从"), _("到"), _("件数")], "rows": rows},
        empty="" if flow.total else _("这段时间还没有问题。"),
        size="tall",
        wide=True,
    )


def _flow_finding(flow) -> str:
    if not flow.total:
        return ""
    most = [max(flow.counts[stage].items(), key=lambda pair: (pair[1], pair[0])) for stage in (0, 1)]
    return _(
        "期内收集 %(n)s 个，来源最多的是%(source)s（%(a)s 个），类别最多的是%(category)s（%(b)s 个）；"
        "现在在办 %(open)s 个。"
    ) % {
        "n": flow.total,
        "source": flow.name(0, most[0][0]),
        "a": most[0][1],
        "category": flow.name(1, most[1][0]),
        "b": most[1][1],
        "open": flow.counts[3][OPEN],
    }  # fmt: skip


# --- the rows behind ------------------------------------------------------------------------------------------------


def address(picked, **chosen) -> str:
    """Where the rows of a band (`band=2`) or of nodes (`source="visit", category="land"`) are listed."""
    return f"{reverse('dashboards:structure_rows')}?{picked.query}&{urlencode(chosen)}"


def find(picked, params) -> Cut:
    """The cut that an address names. Raises Http404."""
    band = params.get("band", "")
    if band:
        if band not in {str(number) for number in range(len(BANDS))}:
            raise Http404
        return bands(picked)[int(band)]
    chosen = {number: params[name] for number, name in enumerate(STAGES) if params.get(name)}
    if not chosen:
        raise Http404
    return Flow(picked).cut(chosen)
