"""The cockpit reads only declared figures, and its charts are valid Plotly figures."""

import plotly.graph_objects as go
import pytest
from django.urls import reverse

from dashboards import charts, cockpit, picker
from indicators import declarations
from indicators.drain import drain
from tests.problems.steps import in_state


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


@pytest.mark.django_db
def test_counts_of_a_running_month_are_not_set_against_a_whole_one(world, time_machine):
    time_machine.move_to("2026-05-03 10:00:00+08:00")
    picked = picker.pick({"scope": f"region:{world.own.region.code}"}, world.actor("county_officer"))
    groups = dict(cockpit.build(picked, world.actor("county_officer"))["groups"])
    lines = {line.figure.code: line for lines in groups.values() for line in lines}
    assert lines["problems_raised"].change is None
    assert lines["party_members"].change is not None
    assert lines["committees_met_rate"].note == "2026年第2季度"


@pytest.mark.django_db
def test_a_card_tells_the_year_before_and_a_whole_year_tells_it_once(world, time_machine):
    time_machine.move_to("2026-05-03 10:00:00+08:00")
    in_state(world, "submitted")
    drain()
    actor, told = world.actor("county_officer"), {}
    for period in ("2026-03", "2025"):
        picked = picker.pick({"scope": f"region:{world.own.region.code}", "period": period}, actor)
        told[period] = {card["label"]: card["change_year"] for card in cockpit.build(picked, actor)["cards"]}
    raised = declarations.get("problems_raised").name
    assert (told["2026-03"][raised]["against"], told["2026-03"][raised]["text"]) == ("同比", "1个")
    assert told["2025"][raised] is None


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["period=2026-13", "from=abc", "from=2026-05&to=2026-01"])
def test_a_period_that_cannot_be_read_is_said_and_the_running_month_shown(client_of, query):
    answer = client_of("county_officer").get(f"/cockpit/?{query}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["region:990200", "region:0", "committee:999999", "enterprise:x", "chain:1;drop"])
def test_a_scope_that_is_not_mine_is_not_there(client_of, scope):
    assert client_of("county_officer").get("/cockpit/", {"scope": scope}).status_code == 404


@pytest.mark.django_db
def test_the_cockpit_asks_the_database_as_often_with_few_entries_as_with_many(
    client_of, world, django_assert_max_num_queries
):
    client = client_of("county_officer")
    in_state(world, "assigned")
    drain()
    client.get("/cockpit/")
    with django_assert_max_num_queries(46) as few:
        client.get("/cockpit/")
    for _number in range(6):
        in_state(world, "assigned")
    drain()
    with django_assert_max_num_queries(len(few)):
        client.get("/cockpit/")


@pytest.mark.parametrize(
    ("person", "address"),
    [("county_officer", "/cockpit/"), ("leader", "/cockpit/"), ("chain_secretary", "/problems/mine/"),
     ("team_member", "/problems/mine/"), ("department_officer", "/problems/mine/"),
     ("branch_secretary", "/problems/mine/"), ("auditor", "/audit/"), ("system_admin", "/users/")],
)  # fmt: skip
def test_everybody_begins_where_the_own_work_is(world, client_of, person, address):
    assert client_of(person).get("/").url == address


@pytest.mark.django_db
def test_every_page_tells_a_week_and_ten_days_and_a_half_year_as_well(world, client_of, time_machine):
    time_machine.move_to("2026-03-05 10:00:00+08:00")
    made = in_state(world, "submitted")  # on Monday, the second of March
    drain()
    client, scope = client_of("county_officer"), f"region:{world.own.region.code}"
    for period, raised in (("2026-W10", 1), ("2026-W09", 0), ("2026-03-T1", 1), ("2026-02-T3", 0), ("2026-H1", 1)):
        query = {"scope": scope, "period": period}
        page = client.get(reverse("dashboards:cockpit"), query)
        [card] = [card for card in page.context["cards"] if card["label"] == declarations.get("problems_raised").name]
        assert card["value"] == str(raised), period
        listed = client.get(card["href"])
        assert listed.context["period"].code == period and listed.context["total"] == raised
        if raised:
            assert made.get_absolute_url() in listed.content.decode()
        chosen = [choice.value for _label, group in page.context["periods"] for choice in group if choice.chosen]
        assert chosen == [period]
    for name in ("structure", "compare", "organisation_chart"):
        assert client.get(reverse(f"dashboards:{name}"), {"scope": scope, "period": "2026-W10"}).status_code == 200
        # What is left empty beside the period does not count; months of one's own go before it.
        query = {"scope": scope, "period": "2026-W10", "from": "2026-01", "to": "2026-04"}
        page = client.get(reverse(f"dashboards:{name}"), query)
        assert page.context["picked"].period.code == "2026-01..2026-04"
        wrong = client.get(reverse(f"dashboards:{name}"), query | {"from": "2026-05"})
        assert wrong.status_code == 400 and 'value="2026-05"' in wrong.content.decode()
