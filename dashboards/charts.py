"""The charts of dashboards: skeletons built and checked once by plotly.py, filled per request with plain lists.

Colours are names that the page resolves from its theme (`docs/ui.md`). plotly.py does not know them, so skeletons are
checked without colours and get them afterwards.
"""

import copy
from functools import cache

import plotly.graph_objects as go
from django.utils.translation import gettext as _

CATEGORY_AXIS = {"type": "category", "showgrid": False}
# Up to this length every tick is a whole number of its own; Plotly would print halves as the same number twice.
WHOLE_TICKS = 6
COUNT_AXIS = {"rangemode": "tozero", "tickformat": ",d"}
# Under words a green bar is lighter, with an edge of the full colour.
LIGHTER = {"@green": "@green-soft"}


def _checked(traces: list[dict], layout: dict) -> dict:
    """Traces and layout as plotly.py accepts them; a wrong property raises here, at the first use, not in a browser."""
    made = go.Figure(data=traces, layout={**layout, "template": None}).to_plotly_json()
    made["layout"].pop("template", None)
    return {"data": [dict(trace) for trace in made["data"]], "layout": made["layout"]}


@cache
def _trend() -> dict:
    figure = _checked(
        [
            {
                "type": "bar",
                "marker": {"cornerradius": 2},
                "hovertemplate": "%{x} · %{y}<extra>%{fullData.name}</extra>",
            },
            {
                "type": "bar",
                "marker": {"cornerradius": 2},
                "hovertemplate": "%{x} · %{y}<extra>%{fullData.name}</extra>",
            },
            {
                "type": "scatter",
                "mode": "lines+markers",
                "line": {"width": 2.5},
                "marker": {"size": 6},
                "hovertemplate": "%{x} · %{y}<extra>%{fullData.name}</extra>",
            },
        ],
        {"barmode": "group", "xaxis": CATEGORY_AXIS, "yaxis": COUNT_AXIS, "bargap": 0.3},
    )
    for trace, colour in zip(figure["data"], ("@bar", "@green", "@orange"), strict=True):
        trace["marker"]["color"] = colour
    figure["data"][2]["line"]["color"] = "@orange"
    return figure


@cache
def _stacked(count: int) -> dict:
    return _checked(
        [
            {"type": "bar", "orientation": "h", "hovertemplate": "%{y} · %{x}<extra>%{fullData.name}</extra>"}
            for _number in range(count)
        ],
        {
            "barmode": "stack",
            "bargap": 0.35,
            "xaxis": COUNT_AXIS,
            "yaxis": {"type": "category", "autorange": "reversed", "showgrid": False, "ticksuffix": " "},
        },
    )


@cache
def _heat() -> dict:
    figure = _checked(
        [{
            "type": "heatmap", "xgap": 2, "ygap": 2, "zmin": 0, "showscale": False, "texttemplate": "%{z}",
            "hoverongaps": False, "hovertemplate": "%{y} · %{x} · %{z}<extra></extra>",
        }],
        {
            "xaxis": {**CATEGORY_AXIS, "ticks": "", "tickangle": 0},
            "yaxis": {"type": "category", "autorange": "reversed", "showgrid": False, "ticks": "", "ticksuffix": " "},
            "margin": {"t": 12},
        },
    )  # fmt: skip
    figure["data"][0]["colorscale"] = [[0, "@surface"], [1, "@red"]]
    return figure


def heat(columns: list[str], labels: list[str], values: list[list], addresses: list[list[str]]) -> dict:
    """A row per label, a cell per column with its number; nothing is drawn where nothing was counted."""
    figure = copy.deepcopy(_heat())
    cells = [[value or None for value in row] for row in values]
    most = max((value or 0 for row in values for value in row), default=0) or 1
    figure["data"][0].update(x=columns, y=labels, z=cells, zmax=most, customdata=addresses)
    return figure


@cache
def _bullets() -> dict:
    figure = _checked(
        [
            {
                "type": "bar",
                "orientation": "h",
                "width": 0.62,
                "textposition": "auto",
                "insidetextanchor": "start",
                # As large as the rest of the words, whatever the length of the bar.
                "constraintext": "none",
                "textfont": {"size": 11},
                # Dark on the light colours of a bar, in both themes.
                "insidetextfont": {"size": 11, "color": "#0b1220"},
            },
            {
                "type": "scatter",
                "mode": "markers",
                "marker": {"symbol": "diamond-open", "size": 9, "line": {"width": 2}},
            },
            {
                "type": "scatter",
                "mode": "markers",
                "marker": {"symbol": "line-ns-open", "size": 22, "line": {"width": 3}},
            },
        ],
        {
            "xaxis": {"rangemode": "tozero", "ticksuffix": "%"},
            "yaxis": {"type": "category", "autorange": "reversed", "showgrid": False, "ticksuffix": " "},
        },
    )
    for trace, colour in zip(figure["data"][1:], ("@orange", "@ink"), strict=True):
        trace["marker"]["color"] = colour
    return figure


def bullets(labels: list[str], parts: list[dict]) -> dict:
    """What was reached (bars), where it leads (diamonds) and the target (a stroke), each in percent of its target.

    Each of the three parts: `name`, `values`, `said` (what the pointer shows), `addresses`; the first also `colours`
    and `words`, written on the bars so that the colour never stands alone.
    """
    figure = copy.deepcopy(_bullets())
    for trace, part in zip(figure["data"], parts, strict=True):
        trace.update(name=part["name"], y=labels, x=part["values"], hovertext=part["said"], hoverinfo="y+text+name")
        trace["customdata"] = part["addresses"]
    colours = parts[0]["colours"]
    marker = {"color": [LIGHTER.get(colour, colour) for colour in colours], "line": {"color": colours, "width": 1}}
    figure["data"][0].update(marker=marker, text=parts[0]["words"])
    return figure


@cache
def _sankey() -> dict:
    figure = _checked(
        [{
            "type": "sankey", "arrangement": "snap", "node": {"pad": 12, "thickness": 14, "line": {"width": 0}},
        }],
        {"margin": {"l": 8, "r": 8, "t": 12, "b": 12}},
    )  # fmt: skip
    return figure


def sankey(labels: list[str], addresses: list[str], links: list[tuple]) -> dict:
    """Nodes by name, each opening its rows; each of `links` is (number of a node, of the next, entries, address)."""
    figure = copy.deepcopy(_sankey())
    trace = figure["data"][0]
    trace["node"] |= {
        "label": labels, "customdata": addresses, "color": "@bar",
        "hovertemplate": "%{label} · %{value}<extra></extra>",
    }  # fmt: skip
    sources, targets, values, opened = (list(column) for column in zip(*links, strict=True)) if links else ([],) * 4
    trace["link"] = {
        "source": sources, "target": targets, "value": values, "customdata": opened, "color": "@grid",
        "hovertemplate": "%{source.label} → %{target.label} · %{value}<extra></extra>",
    }  # fmt: skip
    return figure


@cache
def _spread() -> dict:
    figure = _checked(
        [{
            "type": "scatter", "mode": "markers", "marker": {"size": 10},
            "hovertemplate": "%{hovertext}<extra></extra>",
        }],
        {
            "xaxis": {"rangemode": "tozero"},
            "yaxis": {"type": "category", "autorange": "reversed", "showgrid": True, "ticksuffix": " "},
            "margin": {"t": 26},
        },
    )  # fmt: skip
    figure["data"][0]["marker"]["color"] = "@bar"
    return figure


def spread(labels: list[str], values: list, said: list[str], addresses: list[str], five: tuple, median: str) -> dict:
    """A dot per unit in the order given, over the range of all: from the lowest to the highest faint, between the
    quartiles darker, a stroke named `median` in the middle. `five` are the five numbers, or () for the dots alone."""
    figure = copy.deepcopy(_spread())
    figure["data"][0].update(x=values, y=labels, hovertext=said, customdata=addresses)
    if five:
        lowest, low, middle, high, highest = five
        bands = [(lowest, highest, 0.1), (low, high, 0.22)]
        figure["layout"]["shapes"] = [
            {
                "type": "rect", "layer": "below", "x0": first, "x1": last, "y0": 0, "y1": 1, "yref": "paper",
                "fillcolor": "@bar", "opacity": opacity, "line": {"width": 0},
            }
            for first, last, opacity in bands
        ] + [{
            "type": "line", "layer": "below", "x0": middle, "x1": middle, "y0": 0, "y1": 1, "yref": "paper",
            "line": {"width": 2, "color": "@orange"},
        }]  # fmt: skip
        figure["layout"]["annotations"] = [
            {"x": middle, "y": 1, "yref": "paper", "yanchor": "bottom", "text": median, "showarrow": False}
        ]
    return figure


@cache
def _boxes() -> dict:
    figure = _checked(
        [
            {
                "type": "box", "orientation": "h", "hoverinfo": "x+y", "line": {"width": 1.5},
                "q1": [1], "median": [1], "q3": [1], "lowerfence": [1], "upperfence": [1], "y": ["a"],
            },
            {
                "type": "scatter", "mode": "markers", "marker": {"symbol": "diamond", "size": 9},
                "hovertemplate": "%{hovertext}<extra></extra>",
            },
        ],
        {
            "xaxis": COUNT_AXIS,
            "yaxis": {"type": "category", "autorange": "reversed", "showgrid": False, "ticksuffix": " "},
            "showlegend": False,
            "margin": {"t": 12},
        },
    )  # fmt: skip
    box, middle = figure["data"]
    box["line"]["color"], box["fillcolor"] = "@bar", "@grid"
    middle["marker"]["color"] = "@orange"
    return figure


def boxes(labels: list[str], fives: list[tuple], said: list[str], addresses: list[str]) -> dict:
    """A box per label from its five numbers (whiskers reach the lowest and the highest), its median as a diamond."""
    figure = copy.deepcopy(_boxes())
    box, middle = figure["data"]
    columns = [list(column) for column in zip(*fives, strict=True)] if fives else [[]] * 5
    names = ("lowerfence", "q1", "median", "q3", "upperfence")
    box.update(zip(names, columns, strict=True), y=labels, customdata=addresses)
    middle.update(x=columns[2], y=labels, hovertext=said, customdata=addresses)
    return figure


@cache
def _sunburst() -> dict:
    return _checked(
        [{
            "type": "sunburst", "branchvalues": "total", "insidetextorientation": "auto", "leaf": {"opacity": 1},
            "sort": False, "hovertemplate": "%{label} · %{value}<extra></extra>",
        }],
        {"margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "uniformtext": {"minsize": 9, "mode": "hide"}},
    )  # fmt: skip


def sunburst(nodes: list[tuple]) -> dict:
    """Rings from the middle outwards; each of `nodes` is (id, id of its parent or "", name, number, address)."""
    figure = copy.deepcopy(_sunburst())
    ids, parents, labels, values, addresses = (list(column) for column in zip(*nodes, strict=True))
    figure["data"][0].update(ids=ids, parents=parents, labels=labels, values=values, customdata=addresses)
    figure["data"][0]["root"] = {"color": "@grid"}
    figure["data"][0]["marker"] = {"line": {"color": "@surface", "width": 1}}
    return figure


def month_ticks(months) -> list[str]:
    """Labels of months where there is little room: the number; the year below each January, and below the first month
    unless the next is January and would touch it."""
    return [
        f"{month.number}<br>{month.year}"
        if month.number == 1 or (month == months[0] and month.number != 12)
        else str(month.number)
        for month in months
    ]


def card(ident, title, unit, picked, finding, figure, table, **more) -> dict:
    """A chart with all that is said about it, as `chart_card` shows it (docs/ui.md)."""
    return {
        "id": ident,
        "title": title,
        "unit": unit,
        "source": _("问题台账"),
        "as_of": f"{picked.period.as_of():%Y-%m-%d}",
        "finding": finding,
        "figure": figure,
        "table": table,
        **more,
    }


def trend(months: list[str], names: list[str], values: list[list], addresses: list[list[str]]) -> dict:
    """Raised and closed as bars and the backlog as a line, by month; each point opens its rows."""
    figure = copy.deepcopy(_trend())
    for trace, name, series, links in zip(figure["data"], names, values, addresses, strict=True):
        trace.update(name=name, x=months, y=series, customdata=links)
    return figure


def stacked(labels: list[str], parts: list[dict]) -> dict:
    """Horizontal stacked bars. Each part: `name`, `values`, `addresses`, `colour`."""
    figure = copy.deepcopy(_stacked(len(parts)))
    for trace, part in zip(figure["data"], parts, strict=True):
        trace.update(name=part["name"], y=labels, x=part["values"], customdata=part["addresses"])
        trace["marker"] = {"color": part["colour"]}
    figure["layout"]["showlegend"] = len(parts) > 1
    if len(parts) == 1:
        figure["layout"]["margin"] = {"t": 12}
    longest = max((sum(values) for values in zip(*(part["values"] for part in parts), strict=True)), default=0)
    if longest <= WHOLE_TICKS:
        figure["layout"]["xaxis"]["dtick"] = 1
    return figure


def table(columns: list, labels: list, *series) -> dict:
    """The data table under a chart; each of `series` is (values, addresses)."""
    rows = []
    for number, label in enumerate(labels):
        cells = [{"text": label}]
        for values, addresses in series:
            value = values[number]
            cells.append({"text": "—" if value is None else str(value), "href": addresses[number] or ""})
        rows.append(cells)
    return {"columns": columns, "rows": rows}
