"""Boxes of the days from submission to resolution: computed from the rows, not drawn for a few cases."""

import datetime as dt
import math
import statistics
from urllib.parse import parse_qs, urlsplit

import plotly.graph_objects as go
import pytest

from core import workdays
from dashboards import durations, picker
from indicators import figures
from problems.models import Problem
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db


def test_boxes_are_those_of_a_count_day_by_day_and_open_their_rows(world, time_machine, client_of):
    time_machine.move_to("2026-05-06 10:00:00+08:00")
    entries = [in_state(world, "closed") for _number in range(7)]
    for entry, back in zip(entries, (0, 1, 5, 8, 9, 16, 30), strict=True):
        since = dt.date(2026, 3, 2) - dt.timedelta(days=back)
        Problem.objects.filter(pk=entry.pk).update(submitted_on=since, top_category="land")
    Problem.objects.filter(pk=entries[0].pk).update(top_category="talent")
    actor = world.actor("county_officer")
    picked = picker.pick({"scope": f"region:{world.own.region.code}", "period": "2026-03"}, actor)
    calendar = workdays.current(world.own.region.path)
    straight = []
    for entry in figures.rows("problems_resolved", picked.scope, picked.period, actor).filter(top_category="land"):
        day, waited = entry.submitted_on, 0
        while day < entry.resolved_on:
            day += workdays.DAY
            waited += calendar.is_workday(day)
        straight.append(waited)
    straight.sort()

    def rank(percent):
        return straight[math.ceil(len(straight) * percent / 100) - 1]

    chart = durations.chart(picked, "category")
    box = chart["figure"]["data"][0]
    go.Figure(data=[{key: value for key, value in box.items() if key not in ("line", "fillcolor")}])
    assert list(box["y"]) == ["用地"], "one case of talent was drawn"
    drawn = [box[name][0] for name in ("lowerfence", "q1", "median", "q3", "upperfence")]
    assert drawn == [straight[0], rank(25), statistics.median(straight), rank(75), straight[-1]]
    rows = {row[0]["text"]: [cell["text"] for cell in row[1:]] for row in chart["table"]["rows"]}
    assert rows["用地"][0] == "6" and rows["人才"][:2] == ["1", "样本不足"]
    assert "期内办结 7 个" in chart["finding"] and "1 组只列数" in chart["finding"]
    asked = parse_qs(urlsplit(box["customdata"][0]).query)
    cut = durations.find(picked, asked["box"][0])
    assert figures.rows(cut.code, picked.scope, picked.period, actor).filter(cut.condition).count() == cut.number == 6
    client = client_of("county_officer")
    page = client.get(box["customdata"][0]).content.decode()
    assert entries[1].number in page and entries[0].number not in page
    assert 'id="chart-duration-chain"' in client.get("/structure/", {"period": "2026-03"}).content.decode()
    by_chain = durations.chart(picked, "chain")["figure"]["data"][0]
    assert len(by_chain["y"]) == 1 and durations.find(picked, f"chain-{world.own.chains[0].pk}").number == 7
    for text in ("chain-0", "category-", "x-1", "chain"):
        assert client.get("/structure/rows/", {"box": text}).status_code == 404
