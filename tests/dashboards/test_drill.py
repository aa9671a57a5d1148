"""The way down from a city to one enterprise and back up, with the same period: every number is the engine's."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from alliances.figure_scopes import scope_of
from dashboards import drill, picker
from indicators import figures, scopes
from indicators.drain import drain
from tests import factories as make
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db
MARCH = {"period": "2026-03"}


def picked_for(world, person, scope, **params):
    return picker.pick({"scope": scope, **MARCH, **params}, world.actor(person))


def count_all():
    while drain():
        pass


@pytest.fixture
def ledger(world, time_machine):
    time_machine.move_to("2026-05-06 10:00:00+08:00")
    in_state(world, "closed")
    in_state(world, "in_progress")
    raised(world, enterprise=world.own.enterprises[2], by="county_officer")
    make.MeetingFactory(committee=world.own.committees[0])
    city = make.UserFactory(name="市级官员")
    make.PostFactory(user=city, role="county_officer", region=world.city)
    world.people["city_officer"] = city
    count_all()


def values(table):
    return {unit.name: [figure.value for figure in unit.figures] for unit in table.units}


def follow(unit):
    """The scope that a unit's name leads to."""
    asked = {name: found[0] for name, found in parse_qs(urlsplit(unit.url).query).items()}
    assert (asked["from"], asked["to"]) == ("2026-03", "2026-03"), "the period goes along"
    return asked


def test_from_the_city_to_one_enterprise_and_back(world, ledger):
    actor = world.actor("city_officer")
    city = picked_for(world, "city_officer", scope_of(world.city).key)
    counties, chains = drill.below(city, actor)
    assert [one.label for one in drill.trail(city, actor)] == ["试验市"]
    whole = figures.read(drill.FIGURES, city.scope, city.period)
    for number, code in enumerate(drill.FIGURES):
        assert sum(row[number] for row in values(counties).values()) == whole[code].value, code
        assert sum(row[number] for row in values(chains).values()) == whole[code].value, code
    assert values(counties)["云岭县"][0] == 3 and values(counties)["望川县"][0] == 0

    county = picker.pick(follow(counties.units[0]), actor)
    [committees] = drill.below(county, actor)
    assert {name: row[0] for name, row in values(committees).items()} == {
        world.own.committees[0].name: 2, world.own.committees[1].name: 1
    }  # fmt: skip
    committee = picker.pick(follow(committees.units[0]), actor)
    [firms] = drill.below(committee, actor)
    names = [one.name for one in world.own.enterprises]
    assert set(values(firms)) == set(names[:2])
    assert {one.url for one in firms.units} == {
        reverse("enterprises:enterprise_detail", args=[one.pk]) for one in world.own.enterprises[:2]
    }
    trail = drill.trail(committee, actor)
    assert [one.label for one in trail] == ["试验市", "云岭县", world.own.chains[0].name, world.own.committees[0].name]
    up = picker.pick(follow(trail[2]), actor)
    assert up.scope.chain_id == world.own.chains[0].pk and up.base.key == "region:990100"

    for firm in world.own.enterprises[:2]:
        scope = scopes.enterprise_scope(firm.pk)
        own = figures.read(drill._codes("enterprise"), scope, city.period)
        assert values(firms)[firm.name] == [one.value for one in own.values()], "counted together as one by one"
        opened = [figures.rows(code, scope, city.period, actor).count() for code in own]
        assert values(firms)[firm.name] == opened
    enterprise = picker.pick({"scope": f"enterprise:{world.own.enterprises[0].pk}"}, actor)
    assert [one.label for one in drill.trail(enterprise, actor)][-2:] == [world.own.committees[0].name, names[0]]
    assert drill.below(enterprise, actor) == []


def test_the_way_up_ends_where_the_reader_may_not_look(world, ledger, client_of):
    committee = f"committee:{world.own.committees[0].pk}"
    labels = {
        person: [one.label for one in drill.trail(picked_for(world, person, committee), world.actor(person))]
        for person in ("county_officer", "chain_secretary")
    }
    assert labels["county_officer"] == ["云岭县", world.own.chains[0].name, world.own.committees[0].name]
    assert labels["chain_secretary"] == [world.own.committees[0].name]
    page = client_of("county_officer").get("/cockpit/", {"scope": committee, **MARCH}).content.decode()
    assert 'aria-current="page">' + world.own.committees[0].name in page and 'id="below-enterprises"' in page
    assert "scope=region%3A990100&amp;from=2026-03&amp;to=2026-03" in page
    structure = client_of("county_officer").get("/structure/", {"scope": committee, **MARCH}).content.decode()
    assert "/structure/?scope=region%3A990100&amp;chain=" in structure


def test_as_many_statements_for_many_units_as_for_few(world, ledger, django_assert_max_num_queries, monkeypatch):
    actor = world.actor("county_officer")
    shown = [picked_for(world, "county_officer", scope) for scope in
             ("region:990100", f"committee:{world.own.committees[0].pk}")]  # fmt: skip
    found = []
    for picked in shown:
        with django_assert_max_num_queries(20) as few:
            drill.below(picked, actor)
        found.append(len(few))
    for number in range(4):
        firm = make.EnterpriseFactory(region=world.own.towns[0], name=f"新企业{number}")
        make.ChainMembershipFactory(enterprise=firm, chain=world.own.chains[0], committee=world.own.committees[0])
        make.CommitteeFactory(chain=make.ChainFactory(region=world.own.region, name=f"链{number}"))
    for picked, number in zip(shown, found, strict=True):
        with django_assert_max_num_queries(number):
            [table] = drill.below(picked, actor)
        assert len(table.units) == 6
    monkeypatch.setattr(drill, "PAGE", 4)
    [first], [second] = (drill.below(shown[1], actor, page) for page in ("", "2"))
    assert (len(first.units), len(second.units)) == (4, 2) and first.page["next_url"].endswith("&units=2")
    assert not {one.name for one in first.units} & {one.name for one in second.units}
