"""Columns and saved views: one registry for screen and file, nothing shown beyond what a person may see."""

import io

import openpyxl
import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from core import clock
from core.transitions import Refused
from problems import columns, saved_views
from problems.models import Problem, SavedView
from tests import factories as make
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db
LIST = "/problems/"


def made(world, person="county_officer", name="视图", **values):
    row = SavedView(name=name, query=values.pop("query", ""), columns=values.pop("columns", []))
    return saved_views.save(row, by=world.actor(person), **values)


def heads(page) -> list[str]:
    return [str(column.label) for column in page.context["columns"]]


def test_every_column_has_a_cell_for_screen_and_file_in_every_state(world, client_of):
    from problems.enums import State

    for state in State.values:
        in_state(world, state)
    client = client_of("county_officer")
    client.post(reverse("problems:columns"), {"columns": list(columns.COLUMNS)})
    page = client.get(LIST)
    assert heads(page) == [str(column.label) for column in columns.COLUMNS.values()]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(reverse("problems:export")))))
    rows = list(book.active.iter_rows(values_only=True))
    start = next(n for n, row in enumerate(rows) if list(row[: len(heads(page))]) == heads(page))
    assert len(rows) - start - 1 == len(page.context["page"].rows)
    helpers = heads(page).index("协办单位")
    assert any(row[helpers] == "云岭县农业局" for row in rows[start + 1 :])


def test_the_choice_of_columns_is_kept_and_can_be_taken_back(world, client_of):
    in_state(world, "in_progress")
    client = client_of("chain_secretary")
    answer = client.post(
        reverse("problems:columns"), {"columns": ["rating", "number", "nonsense"], "back": "state=open"}
    )
    assert answer.url == f"{LIST}?state=open&view=all"
    assert heads(client.get(LIST)) == ["编号", "事项", "评价"]
    assert heads(client_of("county_officer").get(LIST)) == [str(column.label) for column in columns.chosen(())]
    client.post(reverse("problems:columns"), {"standard": "1", "columns": ["rating"]})
    assert heads(client.get(LIST)) == [str(column.label) for column in columns.chosen(())]
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize("chosen", [(), tuple(columns.COLUMNS)], ids=["default", "all"])
def test_statements_do_not_grow_with_the_rows_whatever_is_chosen(world, client_of, chosen):
    client = client_of("county_officer")
    client.post(reverse("problems:columns"), {"columns": list(chosen)})

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(LIST).status_code == 200
        return len(seen)

    in_state(world, "in_progress")
    client.get(LIST)
    few = cost()
    for number in range(12):
        enterprise = make.EnterpriseFactory(region=world.own.region)
        raised(world, by="county_officer", enterprise=enterprise, title=f"更多{number}")
    in_state(world, "in_progress")
    assert cost() == few


def test_a_private_view_is_its_owners_alone(world, client_of):
    row = made(world, query="state=closed&sort=-due_on&view=7", columns=["rating", "title"])
    assert row.query == "state=closed&sort=-due_on" and row.columns == ["title", "rating"]
    other = client_of("chain_secretary")
    for name in ("problems:view_edit", "problems:view_delete"):
        assert other.get(reverse(name, args=[row.pk])).status_code == 404
    assert heads(other.get(LIST, {"view": row.pk})) == [str(column.label) for column in columns.chosen(())]
    assert heads(client_of("county_officer").get(LIST, {"view": row.pk})) == ["事项", "评价"]


def test_a_view_shared_with_a_role_is_offered_in_its_region_only(world, client_of):
    row = made(world, name="全县超期", query="light=red", shared_with="chain_secretary", region=world.own.region)
    assert Event.objects.filter(verb="ledger.view_shared", object_id=row.pk).exists()
    offered = {person: saved_views.Offer.to(world.actor(person)).by_key(str(row.pk)) for person in world.people}
    assert [person for person, view in offered.items() if view] == ["county_officer", "chain_secretary"]
    assert "全县超期" in client_of("chain_secretary").get(LIST).content.decode()
    page = client_of("chain_secretary").get(reverse("problems:view_edit", args=[row.pk]))
    assert page.status_code == 403
    assert client_of("stranger_officer").get(reverse("problems:view_edit", args=[row.pk])).status_code == 404


def test_only_officers_share_and_only_at_home(world):
    with pytest.raises(Refused, match="组织部"):
        made(world, "chain_secretary", shared_with="team_member", region=world.own.region)
    with pytest.raises(Refused, match="本地区"):
        made(world, shared_with="team_member", region=world.other.region)
    assert not SavedView.objects.exists()


def test_a_shared_view_shows_everybody_just_what_they_see(world, client_of):
    in_state(world, "in_progress")
    raised(world, by="county_officer", enterprise=world.own.enterprises[2], title="别链的事")
    hidden = world.own.committees[1].pk
    row = made(world, query=f"committee={hidden}", shared_with="chain_secretary", region=world.own.region)
    view = saved_views.Offer.to(world.actor("chain_secretary")).by_key(str(row.pk))
    page = client_of("chain_secretary").get(view.url)
    titles = {entry.title for entry in page.context["page"].rows}
    seen = set(Problem.objects.visible_to(world.actor("chain_secretary")).values_list("title", flat=True))
    assert titles <= seen and "别链的事" not in titles


HOSTILE = [
    "state=' OR 1=1 --", "q=%00&state=open", "q=" + "x" * 3000, "&".join(f"a{n}=1" for n in range(500)),
    "view=1&after=zz&before=zz&sort=;drop", "q=%ed%a0%80", "region=99999999999999999999999", "step_since=2026-99-99",
    "<script>alert(1)</script>=1", "todo=__class__&due=week'",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_a_view_is_harmless(world, client_of, query):
    in_state(world, "in_progress")
    client = client_of("county_officer")
    row = made(world, query=query)
    SavedView.objects.filter(pk=row.pk).update(query=query[:1000])  # also what got past the door
    view = saved_views.Offer.to(world.actor("county_officer")).by_key(str(row.pk))
    assert client.get(view.url).status_code == 200
    assert client.get(reverse("problems:view_list")).status_code == 200
    # A NUL byte in an address is turned away at the door.
    assert client.get(f"{reverse('problems:view_new')}?{query}").status_code == (400 if "%00" in query else 200)
    assert client.get(reverse("problems:view_edit", args=[row.pk])).status_code == 200


def test_the_own_default_comes_first_then_that_of_the_role(world, client_of):
    client = client_of("chain_secretary")
    shared = made(
        world, name="岗位默认", query="state=submitted", shared_with="chain_secretary", region=world.own.region,
        is_default=True,
    )  # fmt: skip
    assert client.get(LIST).url == f"{LIST}?view={shared.pk}&state=submitted"
    own = made(world, "chain_secretary", name="我的默认", query="state=closed", is_default=True)
    assert client.get(LIST).url == f"{LIST}?view={own.pk}&state=closed"
    assert client.get(LIST, {"view": "all"}).status_code == 200
    again = made(world, "chain_secretary", name="新的默认", query="light=red", is_default=True)
    own.refresh_from_db()
    assert not own.is_default and client.get(LIST).url == f"{LIST}?view={again.pk}&light=red"


def test_the_database_keeps_one_default_for_each(world):
    made(world, name="一", is_default=True)
    with pytest.raises(IntegrityError):
        SavedView.objects.create(owner=world.people["county_officer"], name="二", is_default=True, made_at=clock.now())


def test_views_are_managed_by_pages(world, client_of):
    client, new = client_of("county_officer"), reverse("problems:view_new")
    page = client.get(f"{new}?state=open&urgency=urgent&after=x")
    assert page.context["form"]["query"].value() == "state=open&urgency=urgent"
    data = {"name": "紧急", "query": "state=open&urgency=urgent", "columns": ["urgency", "number"]}
    answer = client.post(new, data)
    row = SavedView.objects.get()
    assert answer.url == f"{LIST}?view={row.pk}&state=open&urgency=urgent"
    assert "您已有同名的视图" in client.post(new, data).content.decode()
    edit = reverse("problems:view_edit", args=[row.pk])
    client.post(edit, {**data, "name": "紧急事项", "shared_with": "leader", "region": world.own.region.pk})
    row.refresh_from_db()
    assert (row.name, row.shared_with) == ("紧急事项", "leader")
    assert client.post(edit, {"name": "", "query": "x" * 5000}).status_code == 200
    assert "leader" in Event.objects.filter(verb="ledger.view_shared").latest("id").data["shared_with"]
    listed = client.get(LIST, {"view": row.pk, "state": "closed"})
    update = f"{edit}?now=1&state=closed"
    assert listed.context["view_changed"] and update.replace("&", "&amp;") in listed.content.decode()
    assert client.get(update).context["form"]["query"].value() == "state=closed"
    client.post(reverse("problems:view_delete", args=[row.pk]))
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "person", ["county_officer", "leader", "chain_secretary", "team_member", "department_officer", "branch_secretary"]
)
def test_every_shipped_view_opens_as_it_is(world, client_of, person):
    in_state(world, "in_progress")
    client = client_of(person)
    for view in saved_views.shipped(world.actor(person)):
        page = client.get(view.url)
        assert page.status_code == 200 and not page.context["filter_form"].errors, view.key
        assert page.context["view"] == view and not page.context["view_changed"], view.key
        assert saved_views.clean_query(view.query) == view.query
        assert set(view.columns) <= set(columns.COLUMNS)
