"""The list: one filter for screen, counts, export and API; light in one place; cost that does not grow with rows."""

import datetime as dt
import io
import itertools
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from core import clock
from core.actor import NOBODY
from problems import columns, lights, searching
from problems.enums import Outcome, State
from problems.filters import SORTS, ProblemFilter
from problems.models import Problem
from tests import factories as make
from tests import snapshot
from tests.problems import steps
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(world, monkeypatch):
    """Entries of every state, some of last week, some of long ago."""

    def build():
        for monday in (dt.date(2026, 3, 2), clock.today() - dt.timedelta(days=8)):
            monkeypatch.setattr(steps, "MONDAY", monday)
            for state in State.values:
                in_state(world, state)
        raised(world, by="county_officer", enterprise=world.own.enterprises[2], title="果蔬包装改造", urgency="urgent")

    snapshot.of(build, ("a list of every state", clock.today()))
    return world


def test_light_in_python_is_light_in_the_database(world):
    """All combinations of state, outcome and dates around today."""
    today, around = dt.date(2026, 3, 10), [dt.date(2026, 3, d) for d in (9, 10, 11)]
    template = in_state(world, "in_progress")
    made = {}
    for state, outcome, due_on, yellow_on in itertools.product(
        ["submitted", "returned", "accepted", "assigned", "in_progress", "suspended", "resolved"],
        ["", Outcome.SOLVED, Outcome.WAITING], around, around,
    ):  # fmt: skip
        if (state == "resolved") != bool(outcome):
            continue
        values = {f.attname: getattr(template, f.attname) for f in Problem._meta.concrete_fields if f.name != "id"}
        values |= {"number": f"T-{len(made)}", "state": state, "outcome": str(outcome), "due_on": due_on}
        values |= {"yellow_on": yellow_on, "resolution": "x", "resolved_on": today, "closing_number": None}
        row = Problem.objects.create(**values)
        made[row.pk] = str(lights.light_of(state, yellow_on, due_on, today, str(outcome)))
    assert set(made.values()) == {"green", "yellow", "red", "grey", "none"}
    for light in set(made.values()):
        found = set(Problem.objects.filter(pk__in=made).with_light(light, today).values_list("pk", flat=True))
        assert found == {pk for pk, told in made.items() if told == light}


FILTERS = [
    {}, {"state": "open"}, {"state": "ended"}, {"state": "in_progress"}, {"light": "red"}, {"light": "grey"},
    {"urgency": "urgent"}, {"q": "冷链"}, {"q": "WT-990100"}, {"q": "金牛 冷链"}, {"q": "冷链运输车辆"}, {"q": "链冷"},
    {"outcome": "solved"},
    {"since": "2026-03-02", "until": "2026-03-02"}, {"mine": "1"}, {"q": "果蔬", "state": "submitted"},
]  # fmt: skip


@pytest.mark.parametrize("query", FILTERS, ids=str)
@pytest.mark.parametrize("sort", ["", "due_on", "light"])
def test_the_export_holds_exactly_the_rows_of_the_list(ledger, client_of, query, sort):
    client, query = client_of("county_officer"), query | {"sort": sort}
    listed, address = [], reverse("problems:list")
    page = client.get(address, query)
    listed = [row.number for row in page.context["page"].rows]
    assert page.context["page"].total in (None, len(listed))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(reverse("problems:export"), query))))
    rows = list(book.active.iter_rows(values_only=True))
    heads = [str(column.label) for column in columns.chosen(())]
    start = next(n for n, row in enumerate(rows) if list(row[: len(heads)]) == heads)
    assert [row[1] for row in rows[start + 1 :]] == listed
    called = client.get(reverse("api-problems"), query).json()["results"]
    assert [row["number"] for row in called] == listed
    assert Event.objects.filter(verb="problem.exported", data__count=len(listed)).exists()


def test_the_counts_of_the_tabs_are_the_sizes_of_the_lists(ledger):
    actor = ledger.actor("county_officer")
    counts = ProblemFilter({}, actor).counts()
    for name in [*State.values, "open", "ended"]:
        if name != "draft":
            assert counts[name] == ProblemFilter({"state": name}, actor).queryset().count(), name
    for name in ("red", "yellow", "green", "grey"):
        assert counts[name] == ProblemFilter({"light": name}, actor).queryset().count(), name


def test_a_long_list_comes_without_counts_and_asks_for_them_at_once(ledger, client_of, monkeypatch):
    client, address = client_of("county_officer"), reverse("problems:list")
    short = client.get(address)
    total = short.context["page"].total
    monkeypatch.setattr("problems.views.lists.COUNTED_AT_ONCE", total)
    assert client.get(address).context["page"].total == total
    monkeypatch.setattr("problems.views.lists.COUNTED_AT_ONCE", total - 1)
    long = client.get(address, {"urgency": "", "sort": "due_on"})
    assert long.context["page"].total is None
    assert long.context["page"].more_than == total - 1
    follow = re.search(r'hx-get="([^"]*counts[^"]*)"', long.content.decode())[1]
    answer = client.get(follow, headers={"HX-Request": "true"}).content.decode()
    assert f"共 {total} 条" in answer
    whole = client.get(follow)
    assert [tab["count"] for tab in whole.context["state_tabs"]] == [
        tab["count"] for tab in short.context["state_tabs"]
    ]
    narrowed = client.get(address, {"state": "open"})
    assert narrowed.context["page"].total is None and narrowed.context["page"].more_than is None
    assert f"共 {total} 条" not in narrowed.content.decode()


def test_who_holds_many_entries_of_a_unit_sees_the_list_before_the_counts(ledger, client_of, monkeypatch):
    client, address = client_of("team_member"), reverse("problems:list")
    short = client.get(address, {"sort": "due_on"}).context["page"]
    monkeypatch.setattr("problems.searching.FEW", short.total - 1)
    long = client.get(address, {"sort": "due_on"})
    page = long.context["page"]
    assert page.counts_follow and page.total is None and page.more_than is None
    assert [row.pk for row in page.rows] == [row.pk for row in short.rows]
    follow = re.search(r'hx-get="([^"]*counts[^"]*)"', long.content.decode())[1]
    assert f"共 {short.total} 条" in client.get(follow, headers={"HX-Request": "true"}).content.decode()
    narrowed = client.get(address, {"enterprise": page.rows[0].enterprise_id})
    assert narrowed.context["page"].total >= 1


@pytest.mark.parametrize("who", ["county_officer", "team_member"])
@pytest.mark.parametrize(
    "query",
    [{"q": "冷链"}, {"q": "金牛 冷链"}, {"q": "冷链运输车辆"}, {"q": "链冷"}, {"q": "果蔬", "state": "submitted"},
     {"q": "冷链", "light": "red"}, {"q": "WT-990100"}, {"step": "resolve"},
     {"step_since": "2026-03-01"}],
    ids=str,
)  # fmt: skip
def test_many_entries_are_found_as_few_are(world, ledger, monkeypatch, query, who):
    """What is named one by one and what is walked are the same entries, in the list and in the tabs; also where the
    list looks only among its own."""
    actor = world.actor(who)

    def found():
        chosen = ProblemFilter(query, actor)
        return list(chosen.queryset().order_by(*chosen.order).values_list("pk", flat=True)), chosen.counts()

    few = found()
    monkeypatch.setattr(ProblemFilter, "_has_many", True)
    assert found() == few
    monkeypatch.setattr(searching, "FEW", 0)
    monkeypatch.setattr(searching, "NEAR", 0)
    assert found() == few
    assert few[0] or query == {"q": "链冷"} or who == "team_member"


def test_nobody_counts_nothing(ledger):
    assert ProblemFilter({}, NOBODY).counts(10)["all"] == 0


def test_the_heads_of_the_screen_are_those_of_the_export(ledger, client_of):
    page = client_of("county_officer").get(reverse("problems:list")).content.decode()
    head = page[page.index("<thead>") : page.index("</thead>")]
    places = [head.index(f">{column.label}<") for column in columns.chosen(())]
    assert places == sorted(places)


@pytest.mark.parametrize("sort", sorted(SORTS))
def test_pages_follow_one_another_without_gap_or_repetition(ledger, client_of, monkeypatch, sort):
    monkeypatch.setattr("problems.views.lists.PAGE", 4)
    client, seen, query = client_of("county_officer"), [], f"?sort={sort}"
    while query:
        page = client.get(reverse("problems:list") + query).context["page"]
        seen += [row.pk for row in page.rows]
        query = page.next_url
    actor = ledger.actor("county_officer")
    wanted = ProblemFilter({"sort": sort}, actor)
    assert seen == [row.pk for row in wanted.queryset().order_by(*wanted.order)]


def test_pinyin_initials_find_the_enterprise(ledger, client_of):
    initials = ledger.own.enterprises[2].initials
    page = client_of("county_officer").get(reverse("problems:list"), {"q": initials})
    assert [row.title for row in page.context["page"].rows] == ["果蔬包装改造"]


@pytest.mark.parametrize("address", ["problems:list", "problems:mine", "api-problems"])
def test_queries_do_not_grow_with_the_rows(world, client_of, monkeypatch, address):
    monkeypatch.setattr("problems.inbox.SHOWN", 3)  # a group that overflows is counted, at five rows as at fifty
    client = client_of("county_officer")

    def cost():
        client.get(reverse(address))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(reverse(address)).status_code == 200
        return len(seen)

    for number in range(5):
        raised(world, title=f"事项{number}")
    few = cost()
    for number in range(45):
        raised(
            world,
            title=f"更多{number}",
            enterprise=make.EnterpriseFactory(region=world.own.region),
            by="county_officer",
        )
    assert cost() == few


def test_an_htmx_request_gets_the_results_alone(ledger, client_of):
    page = client_of("county_officer").get(reverse("problems:list"), headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div id="results"') and "<html" not in page
