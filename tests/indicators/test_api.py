"""The figures API: fixed names, clear refusals, nothing of other people's."""

import pytest

from indicators.drain import drain
from tests.factories import ProblemFactory

URL = "/api/v1/figures/"
ASK = {"scope": "region:990100", "indicator": "problems_raised", "from": "2022-01", "to": "2022-08"}


@pytest.fixture
def get(client_of):
    def ask(person="county_officer", **params):
        return client_of(person).get(URL, {k: v for k, v in (ASK | params).items() if v is not None})

    return ask


def test_answers_the_fixed_names(get):
    answer = get()
    assert answer.status_code == 200
    told = answer.json()
    assert {"value", "unit", "numerator", "denominator", "as_of", "stale", "rows", "definition"} <= told.keys()
    assert (told["indicator"], told["value"], told["unit"]) == ("problems_raised", 0, "个")
    assert (told["scope"], told["from"], told["to"]) == ("region:990100", "2022-01", "2022-08")
    assert told["figures"][0]["value"] == 0
    assert "/figures/rows/?indicator=problems_raised&scope=region%3A990100" in told["rows"]


def test_several_indicators(get):
    told = get(indicator=["problems_raised", "member_enterprises"], period="2026").json()
    assert [one["indicator"] for one in told["figures"]] == ["problems_raised", "member_enterprises"]
    assert "value" not in told


def test_follows_the_rows(get, world):
    while drain():
        pass
    assert get(indicator="member_enterprises", **{"from": None, "to": None}).json()["value"] == 3
    chain = str(world.own.chains[0].pk)
    assert get(indicator="member_enterprises", chain=chain, **{"from": None, "to": None}).json()["value"] == 2


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"scope": None}, "scope"),
        ({"scope": "990100"}, "scope"),
        ({"scope": "planet:3"}, "scope"),
        ({"scope": "chain:abc"}, "scope"),
        ({"scope": "chain:99999999999999999999999"}, "scope"),
        ({"indicator": None}, "indicator"),
        ({"indicator": "nonsense"}, "indicator"),
        ({"indicator": ["problems_raised"] * 200}, "indicator"),
        ({"from": "2022-13"}, "from"),
        ({"to": "yesterday"}, "to"),
        ({"from": "2022-09", "to": "2022-01"}, "to"),
        ({"from": None, "to": None, "period": "2022-Q9"}, "period"),
        ({"chain": "x"}, "chain"),
    ],
)
def test_bad_input_is_a_sentence_by_its_field(get, params, field):
    answer = get(**params)
    assert answer.status_code == 400
    told = answer.json()
    assert list(told) == [field]
    assert any("一" <= sign <= "鿿" for sign in told[field][0])


@pytest.mark.parametrize("scope", ["region:990200", "region:000000", "chain:0", "committee:987654321", "enterprise:0"])
def test_foreign_and_missing_scopes_look_the_same(get, scope):
    answer = get(scope=scope)
    assert answer.status_code == 404
    assert answer.json() == get(scope="region:123456").json()


def test_who_may_read_what(get, world):
    own, other = world.own, world.other
    readers = {
        f"region:{own.region.code}": {"county_officer", "leader"},
        f"region:{other.region.code}": {"stranger_officer"},
        f"chain:{own.chains[0].pk}": {"county_officer", "leader"},
        f"committee:{own.committees[0].pk}": {"county_officer", "leader", "chain_secretary"},
        f"committee:{own.committees[1].pk}": {"county_officer", "leader"},
        f"enterprise:{own.enterprises[0].pk}": {"county_officer", "leader", "chain_secretary", "branch_secretary"},
        f"enterprise:{other.enterprises[0].pk}": {"stranger_officer", "stranger_secretary"},
    }
    for scope, allowed in readers.items():
        for person in world.people:
            # Administration and audit are other powers: refused at the gate, wherever they knock.
            refused = 403 if person in ("auditor", "system_admin") else 404
            expected = 200 if person in allowed else refused
            assert get(person, scope=scope).status_code == expected, (scope, person)


def test_signed_out(stranger):
    assert stranger.get(URL, ASK).status_code == 401


def test_only_reading(client_of):
    assert client_of("county_officer").post(URL, ASK).status_code in (403, 405)


def test_schema_names_it(client_of):
    schema = client_of("county_officer").get("/api/v1/schema/", {"format": "json"}).json()
    asked = schema["paths"]["/api/v1/figures/"]["get"]["parameters"]
    assert {one["name"] for one in asked} == {"scope", "indicator", "from", "to", "period", "chain"}


def test_draft_is_no_figure(get, world):
    ProblemFactory()
    while drain():
        pass
    assert get(**{"from": None, "to": None}).json()["value"] == 0
