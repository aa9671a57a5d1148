"""The cockpit reads only declared figures, and its charts are valid Plotly figures."""

import plotly.graph_objects as go
import pytest

from dashboards import charts, cockpit
from indicators import declarations


@pytest.mark.parametrize("code", cockpit.codes())
def test_every_figure_of_the_cockpit_is_declared_and_explained(code):
    figure = declarations.get(code)
    assert str(figure.name) and str(figure.definition)


def test_the_cockpit_has_at_least_twenty_figures():
    assert len(cockpit.codes()) >= 20


def _without_colours(trace):
    return {key: value for key, value in trace.items() if key not in ("marker", "line")}


def test_filled_charts_are_valid_plotly_figures():
    made = [
        charts.trend(["2026-01", "2026-02"], ["a", "b", "c"], [[1, 2], [0, 1], [1, 2]], [["/x", "/y"]] * 3),
        charts.stacked(["一", "二"], [{"name": "a", "values": [1, 2], "addresses": ["/x", "/y"], "colour": "@bar"}]),
    ]
    for figure in made:
        go.Figure(data=[_without_colours(trace) for trace in figure["data"]], layout=figure["layout"])


def test_filling_a_chart_leaves_its_skeleton_alone():
    charts.trend(["2026-01"], ["a", "b", "c"], [[1], [0], [1]], [["/x"]] * 3)
    assert "x" not in charts._trend()["data"][0]
