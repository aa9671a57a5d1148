"""How long open entries have been open, and their way from source to end: every number is the length of its rows."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import plotly.graph_objects as go
import pytest

from core import workdays
from dashboards import picker, structure
from indicators import figures
from indicators.drain import drain
from problems.models import Problem
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db


def picked_for(world, person="county_officer", **params):
    return picker.pick({"scope": f"region:{world.own.region.code}", **params}, world.actor(person))


def opened(address, actor) -> int:
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    picked = picker.pick(asked, actor)
    cut = structure.find(picked, asked)
    return figures.rows(cut.code, picked.scope, picked.period, actor).filter(cut.condition).count()


@pytest.fixture
def ledger(world, time_machine):
    time_machine.move_to("2026-05-06 10:00:00+08:00")
    made = [in_state(world, state) for state in ("submitted", "submitted", "submitted", "in_progress", "closed")]
    # Bands meet at 5|6 and 10|11 working days; the entry in progress was submitted in March.
    calendar, today = workdays.current(world.own.region.path), dt.date(2026, 5, 6)
    for entry, days in zip(made[:3], (5, 6, 10), strict=True):
        Problem.objects.filter(pk=entry.pk).update(submitted_on=calendar.add(today, -days))
    while drain():
        pass
    return made


def test_ages_are_those_of_a_count_day_by_day_and_open_their_rows(world, ledger):
    picked, actor = picked_for(world, period="2026-05"), world.actor("county_officer")
    chart = structure.ageing_chart(picked)
    bars = chart["figure"]["data"][0]
    calendar, today = workdays.current(world.own.region.path), dt.date(2026, 5, 6)
    straight = [0] * len(structure.BANDS)
    for span in figures.rows("problems_open", picked.scope, picked.period, actor):
        day, age = span.problem.submitted_on, 0
        while day < today:
            day += workdays.DAY
            age += calendar.is_workday(day)
        straight[next(n for n, (_a, b) in enumerate(structure.BANDS) if b is None or age <= b)] += 1
    assert list(bars["x"]) == straight == [opened(one, actor) for one in bars["customdata"]]
    assert straight[0] >= 1 and straight[1] >= 2 and straight[4] == 1
    assert sum(straight) == figures.read(["problems_open"], picked.scope, picked.period)["problems_open"].value
    assert "超过 30 个工作日的 1 个" in chart["finding"]


def test_the_way_from_source_to_end_adds_up_at_every_stage(world, ledger, monkeypatch):
    picked, actor = picked_for(world, period="2026"), world.actor("county_officer")
    raised = figures.read(["problems_raised"], picked.scope, picked.period)["problems_raised"].value
    for most in (12, 1):
        monkeypatch.setattr(structure, "MOST", most)
        chart = structure.flow_chart(picked)
        trace = chart["figure"]["data"][0]
        go.Figure(data=[{"type": "sankey", "node": {"label": trace["node"]["label"]}}])
        links = trace["link"]
        assert sum(links["value"]) == raised * (len(structure.STAGES) - 1)
        assert links["value"] == [opened(one, actor) for one in links["customdata"]]
        nodes = [opened(one, actor) for one in trace["node"]["customdata"]]
        assert sum(nodes) == raised * len(structure.STAGES)
        assert [row[3]["href"] for row in chart["table"]["rows"]] == links["customdata"]
    assert any("其他" in label for label in trace["node"]["label"])


def test_the_page_and_its_rows_for_who_reads_figures(world, ledger, client_of, django_assert_max_num_queries):
    client = client_of("county_officer")
    with django_assert_max_num_queries(45):
        text = client.get("/structure/", {"period": "2026"}).content.decode()
    assert 'id="chart-ageing"' in text and 'id="chart-flow"' in text
    address = structure.address(picked_for(world, period="2026-05"), band=4)
    page = client.get(address).content.decode()
    assert ledger[3].number in page and ledger[0].number not in page
    empty = client.get("/structure/", {"period": "2024"}).content.decode()
    assert "期末没有在办的问题" in empty and "这段时间还没有问题" in empty
    assert client.get("/structure/", {"period": "2026-13"}).status_code == 400
    for query in ("band=9", "band=x", "source=nothing", "unit=t0", ""):
        assert client.get(f"/structure/rows/?{query}").status_code == 404
    assert client_of("stranger_officer").get(address).status_code == 404
    assert client_of("chain_secretary").get("/structure/", {"period": "2026"}).status_code == 200
