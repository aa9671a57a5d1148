"""Every address, as every one of the cast and as strangers, against the declared table."""

import logging
import re

import pytest
from django.apps import apps
from django.template.backends.django import Template

from tests.access import table
from tests.access.walk import METHODS, addresses, ask, client_as, path_nowhere, path_of
from tests.access.world import OWN_BUSINESS, PEOPLE, furnish

SIGNS = {200: "2", 302: "3", 403: "F", 404: "4", 405: "5", 400: "0", 401: "1"}
# Pages of another power refuse before they look for a record; those without an account look at the link alone.
POWERS = ("accounts:", "audit:", "voice:")
# Of these an officer arranges those of the own region.
ARRANGED = ("accounts:deputy_", "accounts:handover")


@pytest.fixture
def furnished(world, settings, tmp_path, monkeypatch):
    """Nothing is written into templates but the page of what does not exist: who may is decided before, and every page
    is opened in full elsewhere."""
    settings.MEDIA_ROOT = tmp_path
    furnish(world)
    write = Template.render

    def render(self, context=None, request=None):
        return write(self, context, request) if self.template.name == "404.html" else ""

    monkeypatch.setattr(Template, "render", render)
    logging.disable(logging.ERROR)
    yield world
    logging.disable(logging.NOTSET)


def differences(world, person, county, expected, only=None):
    """Cells that are not as declared: lines that say which, what was expected and what came."""
    client, wrong = client_as(world, person), []
    for address in addresses():
        if only is not None and not only(address):
            continue
        for method in METHODS:
            wanted = expected(address, method)
            path = path_of(address, county)
            came = ask(client, method, path).status_code
            if SIGNS.get(came) != wanted:
                wrong.append(f"{person}: {method} {path} ({address.name}) should be {wanted}, is {came}")
    return wrong


def declared(person):
    rows, column = table.rows(), PEOPLE.index(person)
    return lambda address, method: rows[address.name, method][column]


def foreign(person):
    """What somebody gets for a record of another county: it does not exist."""
    own = declared(person)

    def expected(address, method):
        sign = own(address, method)
        arranged = person == "county_officer" and address.name.startswith(ARRANGED)
        return sign if sign == "5" or (address.name.startswith(POWERS) and not arranged) else "4"

    return expected


def test_every_address_is_in_the_table_and_no_other(capsys):
    rows, names = table.rows(), [address.name for address in addresses()]
    assert len(set(names)) == len(names)
    assert {name for name, _method in rows} == set(names), "tests/access/table.py and the URLconf differ"
    assert all(len(signs) == len(PEOPLE) for signs in rows.values())
    with capsys.disabled():
        records = sum(address.of_record for address in addresses())
        print(f"\naccess table: cells={len(rows) * len(PEOPLE) + records * len(METHODS) * len(OWN_BUSINESS)}")


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_gets_what_is_declared(furnished, person):
    wrong = differences(furnished, person, furnished.own, declared(person))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("person", OWN_BUSINESS)
def test_records_of_another_county_do_not_exist(furnished, person):
    wrong = differences(furnished, person, furnished.other, foreign(person), only=lambda address: address.of_record)
    assert not wrong, "\n".join(wrong)


_VARIES = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken":"[^"]*"')


@pytest.mark.parametrize("person", ["county_officer", "chain_secretary", "branch_secretary"])
def test_out_of_scope_looks_exactly_like_not_there(furnished, person):
    client, expected, compared = client_as(furnished, person), foreign(person), 0
    for address in addresses():
        if not address.of_record:
            continue
        for method in METHODS:
            if expected(address, method) != "4":
                continue
            bodies = []
            for path in (path_of(address, furnished.other), path_nowhere(address, furnished.other)):
                response = ask(client, method, path)
                assert response.status_code == 404, path
                plain = _VARIES.sub(b"", response.content)
                bodies.append(re.sub(rb"/[a-z0-9/_-]*\d[\w/:?=&;.%-]*|(990200|990999)", b"", plain))
            assert bodies[0] == bodies[1], f"{method} {address.name}: the answer tells that the record exists"
            compared += 1
    assert compared > 60


def test_the_walk_finds_a_scope_that_is_left_open(furnished, monkeypatch):
    """Not vacuous: with every scoping rule answering everything, the same walk reports leaks."""
    opened = set()
    for model in apps.get_models():
        for cls in type(model._default_manager.all()).__mro__:
            if "visible_to" in vars(cls) and cls not in opened:
                monkeypatch.setattr(cls, "visible_to", lambda self, actor: self.all())
                opened.add(cls)
    assert len(opened) > 10
    wrong = differences(
        furnished, "county_officer", furnished.other, foreign("county_officer"), only=lambda address: address.takes
    )
    leaking = {line.split("(")[1].split(")")[0] for line in wrong}
    assert {"problems:detail", "meetings:detail", "enterprises:enterprise_detail", "reports:detail"} <= leaking
