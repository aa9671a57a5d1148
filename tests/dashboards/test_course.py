"""How entries move: each cell and bar is the engine's figure, and opens exactly its rows."""

from urllib.parse import parse_qs, urlsplit

import pytest

from core.periods import Period
from dashboards import cockpit, course, picker
from indicators import figures, scopes
from indicators.drain import drain
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db


def charts_of(world, **params):
    actor = world.actor("county_officer")
    picked = picker.pick({"scope": f"region:{world.own.region.code}", **params}, actor)
    return {chart["id"]: chart for chart in cockpit.build(picked, actor)["charts"]}, actor


def counted(address, actor) -> int:
    """How many rows the address of a figure opens."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    scope = scopes.parse(asked["scope"], asked.get("chain"))
    return figures.rows(asked["indicator"], scope, Period.from_query(asked), actor).count()


def test_red_lights_by_month_and_the_steps_open_their_rows(world, time_machine, monkeypatch):
    time_machine.move_to("2026-05-06 10:00:00+08:00")
    for state in ("in_progress", "assigned", "suspended", "resolved"):
        in_state(world, state)
    drain()
    charts, actor = charts_of(world, period="2026-Q1")
    one, chain = charts["chart-red"], world.own.chains[0]
    trace = one["figure"]["data"][0]
    assert trace["y"] == [chain.name] and chain.name in one["finding"]
    charts, actor = charts_of(world, period="2026-05")
    trace = charts["chart-red"]["figure"]["data"][0]
    cells = list(zip(trace["z"][0], trace["customdata"][0], strict=True))
    assert [value or 0 for value, _address in cells] == [counted(address, actor) for _value, address in cells]
    assert cells[-1][0] >= 2 and charts["chart-red"]["table"]["rows"][0][0]["text"] == chain.name
    charts, actor = charts_of(world, period="2026-Q1")
    bars = charts["chart-steps"]["figure"]["data"][0]
    assert list(bars["x"]) == [counted(address, actor) for address in bars["customdata"]] and bars["x"][0] == 4
    of_chain, _actor = charts_of(world, chain=str(chain.pk), period="2026-05")
    assert of_chain["chart-red"]["figure"]["data"][0]["z"] == trace["z"]
    monkeypatch.setattr(course, "MOST_ROWS", 0)
    assert "共 1 条链有过超期" in charts_of(world, period="2026-05")[0]["chart-red"]["source"]
