"""Chains and counties side by side: fair, without places, and every number the length of its rows."""

import statistics
from collections import Counter

import plotly.graph_objects as go
import pytest

from alliances.figure_scopes import scope_of
from core.periods import Period
from dashboards import comparison, picker
from indicators import figures
from indicators.drain import drain
from meetings.models import Meeting
from problems.models import Problem
from tests import factories as make
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db
CODES = ["problems_raised", "on_time_rate", "handling_days"]


def picked_for(world, **params):
    return picker.pick({"scope": f"region:{world.own.region.code}", **params}, world.actor("county_officer"))


def chain_of(world, name, firms):
    chain = make.ChainFactory(region=world.own.region, name=name)
    committee = make.CommitteeFactory(chain=chain)
    for number in range(firms):
        firm = make.EnterpriseFactory(region=world.own.towns[0], name=f"{name}{number}")
        make.ChainMembershipFactory(enterprise=firm, chain=chain, committee=committee)
    return chain


@pytest.fixture
def ledger(world, time_machine):
    """Six entries of the beef chain resolved in March 2026, one more still open; the fruit chain has one firm only."""
    time_machine.move_to("2026-05-06 10:00:00+08:00")
    closed = [in_state(world, "closed") for _number in range(6)]
    in_state(world, "in_progress")
    for number, entry in enumerate(closed):
        Problem.objects.filter(pk=entry.pk).update(handling_days=number + 1)
    for firms in (5, 6, 10):
        chain_of(world, f"新兴{firms}", firms)
    for number in range(4):
        firm = make.EnterpriseFactory(region=world.own.towns[0], name=f"补齐{number}")
        make.ChainMembershipFactory(enterprise=firm, chain=world.own.chains[0], committee=world.own.committees[0])
    for chain in ("新兴5", "新兴6"):
        committee = make.Committee.objects.get(chain__name=chain)
        make.MeetingFactory.create_batch(2, committee=committee)
    while drain():
        pass
    return closed


def table(chart) -> dict:
    return {row[0]["text"]: [cell["text"] for cell in row[1:]] for row in chart["table"]["rows"]}


def test_counts_stand_per_hundred_firms_and_few_cases_are_told_but_not_compared(world, ledger):
    picked = picked_for(world, period="2026-03")
    raised, on_time, days = comparison.build(picked, world.actor("county_officer"), "chain", CODES)["charts"]
    beef, fruit = (chain.name.removeprefix("云岭县") for chain in world.own.chains)
    rows = figures.rows("problems_raised", picked.scope, picked.period, world.actor("county_officer"))
    by_chain = Counter(rows.values_list("chain__name", flat=True))
    assert by_chain == {world.own.chains[0].name: 7}
    assert table(raised)[beef] == ["7", "6", "116.7", "↑ 7个", "—"]
    # One firm: the plain count stands, nothing is made of it; no firm's chain is a place in a table.
    assert table(raised)[fruit][:3] == ["0", "1", "样本不足"]
    dots = raised["figure"]["data"][0]
    assert fruit not in dots["y"] and beef in dots["y"] and len(dots["x"]) == 4
    assert list(dots["y"]) == [name for name in table(raised) if name != fruit]
    assert table(on_time)[beef][1:3] == ["6", "6"] and table(on_time)[beef][0] == "100.0"
    assert table(on_time)["新兴10"][:3] == ["样本不足", "0", "0"]
    assert table(days)[beef][:2] == [f"{statistics.median(range(1, 7)):.1f}", "6"]
    assert list(on_time["figure"]["data"][0]["y"]) == [beef] and "shapes" not in on_time["figure"]["layout"]
    Problem.objects.filter(pk__in=[entry.pk for entry in ledger[:2]]).update(resolved_on=None, handling_days=None)
    while drain():
        pass
    _raised, on_time, days = comparison.build(picked, world.actor("county_officer"), "chain", CODES)["charts"]
    assert table(on_time)[beef][:3] == ["样本不足", "4", "4"] and table(days)[beef][:2] == ["样本不足", "4"]


def test_the_range_is_that_of_the_units_and_every_dot_opens_its_rows(world, ledger):
    picked = picked_for(world, period="2026-03")
    (chart,) = comparison.build(picked, world.actor("county_officer"), "chain", ["meetings"])["charts"]
    dots, layout = chart["figure"]["data"][0], chart["figure"]["layout"]
    go.Figure(data=[{key: value for key, value in dots.items() if key != "marker"}])
    # Two meetings among 5 firms and among 6, none among 6 and 10.
    assert sorted(dots["x"]) == [0, 0, 33.33, 40]
    outer, inner, middle = layout["shapes"]
    assert (outer["x0"], outer["x1"], inner["x0"], inner["x1"], middle["x0"]) == (0, 40, 0, 33.33, 16.67)
    assert "中位 16.7" in chart["finding"] and "样本不足的 1 个" in chart["finding"]
    held = Counter(Meeting.objects.values_list("chain__name", flat=True))
    for name, address in zip(dots["y"], dots["customdata"], strict=True):
        chain = make.Chain.objects.get(region=world.own.region, name__endswith=name)
        assert f"chain={chain.pk}" in address and table(chart)[name][0] == str(held.get(chain.name, 0))


def test_beside_each_value_stand_the_period_before_and_the_year_before(world, ledger):
    Problem.objects.filter(pk=ledger[0].pk).update(submitted_on="2025-03-10")
    Problem.objects.filter(pk=ledger[1].pk).update(submitted_on="2026-02-10")
    Problem.objects.filter(pk=ledger[2].pk).update(submitted_on="2026-02-11")
    while drain():
        pass
    beef, actor = world.own.chains[0].name.removeprefix("云岭县"), world.actor("county_officer")
    (chart,) = comparison.build(picked_for(world, period="2026-03"), actor, "chain", ["problems_raised"])["charts"]
    assert table(chart)[beef] == ["4", "6", "66.7", "↑ 2个", "↑ 3个"]
    (chart,) = comparison.build(picked_for(world, period="2026-05"), actor, "chain", ["problems_raised"])["charts"]
    assert table(chart)[beef][3:] == ["—", "—"], "a running month was set against a whole one"


def test_a_city_compares_its_counties(world, ledger):
    scope = scope_of(world.city)
    picked = picker.Picked(scope, scope, Period.parse("2026-03"), False)
    built = comparison.build(picked, world.actor("county_officer"), "", ["problems_raised"])
    assert [choice.value for choice in built["bys"]] == ["region", "chain"]
    counties = table(built["charts"][0])
    firms = figures.read(["member_enterprises"], scope_of(world.own.region), picked.period)["member_enterprises"].value
    assert counties["云岭县"][:3] == ["7", str(firms), f"{700 / firms:.1f}"]
    assert counties["望川县"][:3] == ["0", "3", "样本不足"]


def test_the_page_asks_as_often_for_many_units_as_for_few(world, ledger, client_of, django_assert_max_num_queries):
    client = client_of("county_officer")
    address = f"/compare/?scope=region:{world.own.region.code}&period=2026-03"
    with django_assert_max_num_queries(40) as few:
        text = client.get(address).content.decode()
    assert 'id="chart-compare-problems_raised"' in text and "排名" in text and "mechanisms_complied_rate" in text
    for number in range(3):
        chain_of(world, f"又一{number}", 1)
    while drain():
        pass
    with django_assert_max_num_queries(len(few)):
        assert "又一2" in client.get(address).content.decode()
    chosen = client.get(address, {"figure": ["meetings", "nonsense"], "by": "x"}).content.decode()
    assert 'id="chart-compare-meetings"' in chosen and 'id="chart-compare-problems_raised"' not in chosen
    assert "只选了一条产业链" in client.get(f"{address}&chain={world.own.chains[0].pk}").content.decode()
    assert client.get(f"{address}&period=2026-13").status_code == 400
    assert "没有可以对比的单位" in client_of("chain_secretary").get("/compare/").content.decode()
    assert client_of("stranger_officer").get(address).status_code == 404
