"""Pages of regions, departments, alliances and help teams."""

import datetime as dt

import pytest
from django.urls import reverse

from alliances.models import Department, Region, TeamMember
from tests import factories as make
from tests.alliances.pages import BAD, form_data, queries

pytestmark = pytest.mark.django_db
LISTS = ["department_list", "alliance_list", "team_list"]


def test_an_officer_reads_every_list_and_its_records(world, client_of):
    client = client_of("county_officer")
    for name, record in (
        ("department", world.own.departments[0]),
        ("alliance", world.own.chains[0].alliance),
        ("team", world.own.team),
    ):
        page = client.get(reverse(f"alliances:{name}_list"))
        assert page.status_code == 200 and str(record) in page.content.decode()
        for what in ("detail", "edit"):
            page = client.get(reverse(f"alliances:{name}_{what}", args=[record.pk]))
            assert page.status_code == 200 and str(record) in page.content.decode()


def test_the_tree_nests_and_shows_only_what_is_in_sight(world, client_of):
    text = client_of("county_officer").get(reverse("alliances:region_tree")).content.decode()
    assert "云岭县东乡" in text and "<details open>" in text
    assert "望川县" not in text


def test_out_of_sight_is_404_and_only_in_sight_is_403(world, client_of):
    officer = client_of("county_officer")
    assert officer.get(reverse("alliances:department_detail", args=[world.other.departments[0].pk])).status_code == 404
    assert officer.get(reverse("alliances:department_detail", args=[10**18])).status_code == 404
    assert officer.get("/departments/99999999999999999999999/").status_code == 404
    refused = client_of("leader").get(reverse("alliances:department_edit", args=[world.own.departments[0].pk]))
    assert refused.status_code == 403 and "组织部工作人员" in refused.content.decode()


def test_editing_writes_and_tells(world, client_of):
    client, department = client_of("county_officer"), world.own.departments[0]
    url = reverse("alliances:department_edit", args=[department.pk])
    data = form_data(client.get(url), short_name="农局")
    page = client.post(url, data, follow=True)
    assert "已保存" in page.content.decode() and "农局" in page.content.decode()
    assert "简称：（空） → 农局" in page.content.decode()


def test_the_second_saver_sees_the_change_and_keeps_the_text(world, client_of):
    client, department = client_of("county_officer"), world.own.departments[0]
    url = reverse("alliances:department_edit", args=[department.pk])
    first = form_data(client.get(url), short_name="甲说")
    second = {**first, "short_name": "乙说"}
    client.post(url, first)
    page = client.post(url, second)
    text = page.content.decode()
    assert page.status_code == 200 and "简称：（空） → 甲说" in text and 'value="乙说"' in text
    assert Department.objects.get(pk=department.pk).short_name == "甲说"
    client.post(url, form_data(page))
    assert Department.objects.get(pk=department.pk).short_name == "乙说"


def test_ids_from_outside_are_refused(world, client_of):
    client, department = client_of("county_officer"), world.own.departments[0]
    url = reverse("alliances:department_edit", args=[department.pk])
    page = client.post(url, form_data(client.get(url), region=world.other.region.pk))
    assert page.status_code == 200 and page.context["form"].errors["region"]
    url = reverse("alliances:team_create")
    data = {"name": "团", "kind": "business", "region": world.own.region.pk, "founded_on": "2025-01-01"}
    page = client.post(url, {**data, "lead_department": world.other.departments[0].pk})
    assert page.context["form"].errors["lead_department"]


@pytest.mark.parametrize("value", BAD)
@pytest.mark.parametrize("name", ["region", "department", "alliance", "team"])
def test_bad_input_is_answered_beside_the_field(world, client_of, name, value):
    client = client_of("county_officer")
    url = reverse(f"alliances:{name}_create")
    fields = client.get(url).context["form"].fields
    page = client.post(url, dict.fromkeys(fields, value))
    assert page.status_code == 200 and page.context["form"].errors
    listing = reverse("alliances:region_export" if name == "region" else f"alliances:{name}_list")
    for key in ("region", "q", "sort", "after", "kind", "standing"):
        assert client.get(listing, {key: value}).status_code in (200, 400)


def test_a_region_made_and_moved_through_the_pages(world, client_of):
    client = client_of("county_officer")
    data = {"parent": world.own.region.pk, "name": "北乡", "level": "township", "is_active": "on"}
    client.post(reverse("alliances:region_create"), data)
    made = Region.objects.get(name="北乡")
    assert made.code is None and made.path.startswith(world.own.region.path)
    url = reverse("alliances:region_edit", args=[made.pk])
    client.post(url, form_data(client.get(url), parent=world.own.towns[0].pk))
    made.refresh_from_db()
    assert made.path.startswith(world.own.towns[0].path)
    own = client.get(reverse("alliances:region_edit", args=[world.own.region.pk]))
    assert "parent" not in own.context["form"].fields


def test_members_join_and_end_on_pages(world, client_of):
    client, team = client_of("county_officer"), world.own.team
    data = {"name": "赵帮办", "joined_on": "2025-01-01", "is_lead": "on"}
    page = client.post(reverse("alliances:member_create", args=[team.pk]), data, follow=True)
    assert "赵帮办" in page.content.decode()
    again = client.post(reverse("alliances:member_create", args=[team.pk]), {**data, "name": "钱"})
    assert "已有现任团长" in again.content.decode()
    member = TeamMember.objects.get(name="赵帮办")
    client.post(reverse("alliances:member_end", args=[member.pk]), {"on": "2025-03-01"})
    member.refresh_from_db()
    assert member.left_on == dt.date(2025, 3, 1)
    assert client_of("leader").get(reverse("alliances:member_end", args=[member.pk])).status_code == 403
    assert client_of("stranger_officer").get(reverse("alliances:member_end", args=[member.pk])).status_code == 404


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_five_rows_and_fifty(world, client_of, name):
    client, url = client_of("county_officer"), reverse(f"alliances:{name}")
    factory = {
        "department_list": make.DepartmentFactory,
        "alliance_list": make.AllianceFactory,
        "team_list": make.HelpTeamFactory,
    }[name]
    factory.create_batch(3, region=world.own.region)
    few = queries(client, url)
    factory.create_batch(45, region=world.own.region)
    assert queries(client, url) == few


def test_search_by_word_and_by_pinyin_initials(world, client_of):
    client, url = client_of("county_officer"), reverse("alliances:department_list")
    for text in ("农业", "ylxnyj"):
        page = client.get(url, {"q": text})
        assert [line["cells"][0]["value"] for line in page.context["page"].lines] == ["云岭县农业局"]
    part = client.get(url, {"q": "农业"}, headers={"HX-Request": "true"}).content.decode()
    assert '<div id="results"' in part and "<html" not in part


def test_an_empty_list_offers_the_next_step(world, client_of):
    Department.objects.filter(pk__in=[one.pk for one in world.own.departments]).update(region=world.other.region)
    page = client_of("county_officer").get(reverse("alliances:department_list")).content.decode()
    assert reverse("alliances:department_create") in page and "还没有责任单位" in page
