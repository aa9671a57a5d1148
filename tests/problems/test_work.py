"""My work, the board and the calendar of deadlines: every number is the size of the list that it opens."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from problems import inbox, lifecycle
from problems.enums import State
from problems.filters import ProblemFilter
from problems.models import Problem
from tests import factories as make
from tests import snapshot
from tests.problems import steps
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db
PEOPLE = ["county_officer", "leader", "chain_secretary", "team_member", "department_officer", "branch_secretary"]


@pytest.fixture
def ledger(world, monkeypatch):
    """Entries of every state, of last week and of long ago; one escalated, one objected to, one near."""

    def build():
        made = []
        for monday in (dt.date(2026, 3, 2), clock.today() - dt.timedelta(days=8)):
            monkeypatch.setattr(steps, "MONDAY", monday)
            made.extend(in_state(world, state) for state in State.values)
        lifecycle.escalate(made[5], by=world.actor("county_officer"), reason="久拖不决")
        near = in_state(world, "in_progress")
        Problem.objects.filter(pk=near.pk).update(due_on=clock.today(), yellow_on=clock.today())
        near.limits.filter(step="resolve").update(due_on=clock.today())

    snapshot.of(build, ("work of every state", clock.today()))
    return world


@pytest.mark.parametrize("person", PEOPLE)
def test_each_group_opens_the_list_with_exactly_its_rows(ledger, client_of, person):
    client = client_of(person)
    page = client.get(reverse("problems:mine"))
    groups = page.context["groups"]
    assert groups
    for group in groups:
        listed = client.get(f"/problems/?{group.kind.query}")
        rows = listed.context["page"].rows
        assert len(rows) == group.count, (person, group.kind.key)
        assert {row.pk for row in group.rows} <= {row.pk for row in rows}, (person, group.kind.key)
        assert f"?{group.kind.query.replace('&', '&amp;')}" in page.content.decode()


def test_groups_by_what_is_due_hold_each_entry_once(ledger):
    actor, today = ledger.actor("county_officer"), clock.today()
    keys = ("overdue", "today", "week")
    found = [set(ProblemFilter({"todo": key}, actor).queryset().values_list("pk", flat=True)) for key in keys]
    assert found[0] and found[1] and not (found[0] & found[1]) and not (found[1] & found[2])
    late = set(Problem.objects.visible_to(actor).with_light("red", today).values_list("pk", flat=True))
    assert found[0] == late


def test_a_group_of_somebody_else_is_empty(ledger):
    actor = ledger.actor("branch_secretary")
    assert not ProblemFilter({"todo": "assign"}, actor).queryset().exists()
    assert ProblemFilter({"todo": "assign"}, ledger.actor("county_officer")).queryset().exists()


def test_large_groups_are_counted_to_a_bound(ledger, client_of, monkeypatch):
    monkeypatch.setattr(inbox, "MOST", 1)
    page = client_of("county_officer").get(reverse("problems:mine")).content.decode()
    assert "1+" in page and "1 件以上" in page


@pytest.mark.parametrize("address", ["problems:mine", "problems:board", "problems:deadlines"])
def test_statements_do_not_grow_with_the_rows(world, client_of, address):
    client = client_of("county_officer")

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(address)).status_code == 200
        return len(seen)

    in_state(world, "in_progress")
    client.get(reverse(address))
    few = cost()
    for number in range(25):
        enterprise = make.EnterpriseFactory(region=world.own.region)
        raised(world, by="county_officer", enterprise=enterprise, title=f"更多{number}")
    in_state(world, "in_progress")
    in_state(world, "resolved")
    assert cost() == few


# --- the board ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("query", [{}, {"light": "red"}, {"q": "冷链"}], ids=str)
@pytest.mark.parametrize("at_once", [2000, 1])
def test_the_columns_count_what_their_lists_hold(ledger, client_of, monkeypatch, query, at_once):
    client = client_of("county_officer")
    sizes = {
        column["state"]: len(client.get(column["url"]).context["page"].rows)
        for column in client.get(reverse("problems:board"), query).context["columns"]
    }
    monkeypatch.setattr("problems.views.board.COUNTED_AT_ONCE", at_once)
    for column in client.get(reverse("problems:board"), query).context["columns"]:
        assert column["count"] == min(sizes[column["state"]], at_once) and len(column["rows"]) <= 12
        assert column["is_cut"] == (sizes[column["state"]] > at_once)
        assert {row.state for row in column["rows"]} <= {column["state"]}


def test_a_card_offers_the_steps_that_its_page_offers(world, client_of):
    problem = in_state(world, "accepted")
    client, moves = client_of("county_officer"), reverse("problems:moves", args=[problem.pk])
    names = [one.action.name for one in client.get(moves).context["steps"]]
    page = client.get(problem.get_absolute_url())
    assert names == [one.action.name for one in [*page.context["main"], *page.context["other"]]]
    fragment = client.get(moves, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment and reverse("problems:act", args=[problem.pk, "assign"]) in fragment


def test_a_drop_opens_a_form_and_changes_nothing(world, client_of):
    problem = in_state(world, "accepted")
    client, moves = client_of("county_officer"), reverse("problems:moves", args=[problem.pk])
    assert client.get(moves, {"to": "assigned"}).url == reverse("problems:act", args=[problem.pk, "assign"])
    nowhere = client.get(moves, {"to": "closed"})
    assert nowhere.status_code == 200 and "没有一步可以到“已销号”" in nowhere.content.decode()
    refused = client_of("team_member").get(
        reverse("problems:moves", args=[in_state(world, "assigned").pk]), {"to": "x"}
    )
    assert refused.status_code == 200
    problem.refresh_from_db()
    assert problem.state == "accepted"


def test_a_drop_that_another_may_do_says_who(world, client_of):
    problem = in_state(world, "assigned")
    page = client_of("county_officer").get(reverse("problems:moves", args=[problem.pk]), {"to": "in_progress"})
    assert "签收" in page.content.decode() and "承办人" in page.content.decode()


# --- the calendar ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("query", [{}, {"state": "in_progress"}, {"step": "resolve"}], ids=str)
@pytest.mark.parametrize("who", ["county_officer", "team_member"])
def test_each_number_of_the_calendar_opens_its_list(ledger, client_of, query, who):
    client, opened = client_of(who), 0
    for month in ("2026-03", clock.today().strftime("%Y-%m")):
        page = client.get(reverse("problems:deadlines"), {**query, "month": month})
        for cell in [cell for week in page.context["weeks"] for cell in week]:
            for item in cell["items"]:
                rows = client.get(item["url"]).context["page"].rows
                assert len(rows) == item["count"], (month, cell["day"], item)
                opened += 1
    assert opened


def test_working_days_are_those_of_the_regions_calendar(world, client_of):
    page = client_of("county_officer").get(reverse("problems:deadlines"), {"month": "2026-10"})
    works = {cell["day"]: cell["works"] for week in page.context["weeks"] for cell in week}
    assert not works[dt.date(2026, 10, 1)] and works[dt.date(2026, 10, 9)] and works[dt.date(2026, 10, 10)]


@pytest.mark.parametrize("month", ["", "x", "0000-00", "2026-13", "9999-12", "2026-3"])
def test_a_bad_month_is_this_month(world, client_of, month):
    page = client_of("county_officer").get(reverse("problems:deadlines"), {"month": month})
    assert page.status_code == 200


def test_a_day_to_look_again_is_on_the_calendar(world, client_of):
    problem, today = in_state(world, "suspended"), clock.today()
    Problem.objects.filter(pk=problem.pk).update(next_on=today)
    page = client_of("county_officer").get(reverse("problems:deadlines"))
    items = [item for week in page.context["weeks"] for cell in week if cell["day"] == today for item in cell["items"]]
    assert [(item["step"], item["count"]) for item in items] == [("look", 1)]
