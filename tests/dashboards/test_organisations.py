"""The rings of organisations: every sector opens as many rows as it says, and each ring adds up."""

from collections import Counter
from urllib.parse import parse_qs, urlsplit

import plotly.graph_objects as go
import pytest

from alliances.figure_scopes import scope_of
from core.periods import Period
from dashboards import organisations, picker
from enterprises.models import PartyOrganisation
from indicators.rows import counted_rows, declarations
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(world):
    """Beside the branch of each county: a general branch of a firm, a joint branch and a group of none."""
    own, firm = world.own, world.own.enterprises[1]
    placed = {"region": own.towns[0], "chain": own.chains[1], "committee": own.committees[1]}
    make.PartyOrganisationFactory(kind="general_branch", enterprise=firm, **placed)
    make.PartyOrganisationFactory(kind="joint_branch", **placed)
    make.PartyOrganisationFactory(kind="group", region=own.towns[1])
    return world


def opened(picked, address) -> int:
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    cut = organisations.Rings(picked).find(asked)
    found = counted_rows(declarations.get(cut.code), picked.scope, picked.period).filter(cut.condition).count()
    assert found == cut.number
    return found


@pytest.mark.parametrize(("place", "rings"), [("own", 3), ("city", 4)])
def test_every_sector_opens_its_rows_and_each_ring_adds_up(register, place, rings):
    scope = scope_of(register.city if place == "city" else register.own.region)
    picked = picker.Picked(scope, scope, Period.current_month(), True)
    chart = organisations.chart(picked)
    trace = chart["figure"]["data"][0]
    go.Figure(data=[{key: value for key, value in trace.items() if key not in ("root", "marker")}])
    total = PartyOrganisation.objects.count() - (0 if place == "city" else 1)
    assert trace["values"][0] == total
    assert trace["values"][1:] == [opened(picked, one) for one in trace["customdata"][1:]]
    inside = Counter()
    for parent, number in zip(trace["parents"], trace["values"], strict=True):
        inside[parent] += number
    values = dict(zip(trace["ids"], trace["values"], strict=True))
    assert all(values[parent] == number for parent, number in inside.items() if parent)
    assert max(ident.count("/") for ident in trace["ids"]) == rings - 1
    assert [row[2]["href"] for row in chart["table"]["rows"]] == trace["customdata"]
    assert "还没有归到产业链党委的 1 个" in chart["finding"]


def test_the_page_and_its_rows_for_who_reads_figures(register, client_of, django_assert_max_num_queries):
    client, own = client_of("county_officer"), register.own
    with django_assert_max_num_queries(40):
        assert 'id="chart-organisations"' in client.get("/organisation-chart/").content.decode()
    address = f"/organisation-chart/rows/?scope=region:{own.region.code}&kind=branch"
    page = client.get(address).content.decode()
    assert own.organisation.name in page and "企业1党支部" not in page
    assert client_of("stranger_officer").get(address).status_code == 404
    for query in ("", "kind=nothing", "county=5", "committee=x"):
        assert client.get(f"/organisation-chart/rows/?{query}").status_code == 404
    assert client_of("branch_secretary").get("/organisation-chart/").status_code == 200
    assert "期末还没有登记党组织" in client.get("/organisation-chart/", {"period": "1990-01"}).content.decode()
