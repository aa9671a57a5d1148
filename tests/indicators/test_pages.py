"""The rows page and the dictionary of figures."""

import itertools

import pytest

from core.actor import SYSTEM
from core.periods import Period
from enterprises import lifecycle
from indicators import declarations, figures, scopes
from indicators.drain import drain
from tests.indicators.opened import Opened, disagreement, parts
from tests.problems.steps import MONDAY, in_state

MONTH = Period.current_month


def address(code, scope="region:990100", **more):
    query = {"indicator": code, "scope": scope, **MONTH().query(), **more}
    return "/figures/rows/", query


def test_rows_page_says_what_the_figure_counts(client_of, world):
    while drain():
        pass
    page = client_of("county_officer").get(*address("member_enterprises"))
    text = page.content.decode()
    assert page.status_code == 200
    one = declarations.get("member_enterprises")
    for expected in ("这个数字统计了什么", one.name, one.definition, "云岭县", MONTH().name, "3家", "共 3 条"):
        assert str(expected) in text
    for enterprise in world.own.enterprises:
        assert enterprise.name in text
        assert f'href="/enterprises/{enterprise.pk}/' in text
    assert "望川县" not in text


def test_the_page_of_every_declared_figure_lists_what_it_counts(client_of, world):
    """Over the real page, as the people who read these scopes: the rows listed are the figure beside them."""
    own = world.own
    for state in ("submitted", "accepted", "in_progress", "resolved", "closed", "suspended", "declined"):
        in_state(world, state)
    lifecycle.record_employees(own.enterprises[0], 40, on=MONDAY, by=SYSTEM)
    lifecycle.record_members(own.organisation, 7, on=MONDAY, by=SYSTEM)
    while drain():
        pass
    readers = {
        "county_officer": ["region:990100", f"chain:{own.chains[0].pk}"],
        "chain_secretary": [f"committee:{own.committees[0].pk}"],
        "branch_secretary": [f"enterprise:{own.enterprises[0].pk}"],
    }
    wrong, filled = [], set()
    for person, places in readers.items():
        client = client_of(person)
        for one, scope in itertools.product(declarations.indicators(), places):
            for part in parts(one.code):
                url, query = address(one.code, scope, part=part, **Period.parse("2026-H1").query())
                answer = client.get(url, query)
                assert answer.status_code == 200, (one.code, scope)
                amounts = [line["amount"] or 0 for line in answer.context.get("lines", ())]
                total = answer.context.get("total")
                opened = None if total is None else Opened(total, len(amounts), amounts)
                said = disagreement(answer.context["figure"], part, opened)
                wrong += [f"{person} {scope} {one.code} {part}: {said}"] if said else []
                filled |= {one.code} if amounts else set()
    assert not wrong, "\n".join(wrong)
    assert len(filled) > 25, filled


def test_page_by_page(client_of, world):
    from tests import factories as make

    town = world.own.towns[0]
    for number in range(60):
        make.EnterpriseFactory(region=town, name=f"分页企业{number:02d}")
    while drain():
        pass
    client = client_of("county_officer")
    first = client.get(*address("member_enterprises"))
    assert (len(first.context["lines"]), first.context["total"]) == (50, 63)
    second = client.get("/figures/rows/" + first.context["page"]["next_url"])
    assert len(second.context["lines"]) == 13 and not second.context["page"]["next_url"]
    names = {line["cells"][0]["value"] for page in (first, second) for line in page.context["lines"]}
    assert len(names) == 63


@pytest.mark.parametrize(
    "change",
    [
        {"scope": "region:990200"}, {"scope": "region:1"}, {"scope": "nonsense"}, {"scope": ""},
        {"indicator": "nonsense"}, {"from": "2022-99"}, {"chain": "zero"}, {"chain": "0"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_not_there(client_of, change):
    url, query = address("problems_raised")
    assert client_of("county_officer").get(url, query | change).status_code == 404


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "²"])
def test_odd_page_marks_are_ignored(client_of, before):
    assert client_of("county_officer").get(*address("member_enterprises", before=before)).status_code == 200


def test_dictionary_lists_every_figure(client_of):
    text = client_of("county_officer").get("/figures/").content.decode()
    for one in declarations.indicators():
        assert str(one.name) in text and one.code in text


def test_address_of_a_figure_is_its_page(client_of, world):
    while drain():
        pass
    scope = scopes.cross(scopes.parse("region:990100"), world.own.chains[0].pk)
    figure = figures.read(["member_enterprises"], scope, MONTH())["member_enterprises"]
    answer = client_of("county_officer").get(figure.rows_url)
    assert answer.context["total"] == figure.value == 2
