"""Pages of enterprises and Party organisations."""

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse

from core.actor import SYSTEM
from enterprises import lifecycle
from enterprises.models import Enterprise, PartyOrganisation
from tests import factories as make
from tests.alliances.pages import BAD, form_data, queries

pytestmark = pytest.mark.django_db


def url_of(name, *args):
    return reverse(f"enterprises:{name}", args=args)


def new_enterprise(world, **changes):
    return {
        "name": "新来有限公司",
        "credit_code": make.credit_code(900),
        "region": world.own.towns[0].pk,
        "scale": "small",
        "joined_on": "2025-01-01",
        **changes,
    }


def test_the_file_of_an_enterprise_shows_everything(world, client_of):
    enterprise = world.own.enterprises[0]
    lifecycle.record_employees(enterprise, 321, on=dt.date(2025, 1, 1), by=SYSTEM)
    lifecycle.save_organisation(world.own.organisation, {"secretary_name": "某支书"}, by=SYSTEM)
    for person in ("county_officer", "leader", "chain_secretary", "branch_secretary"):
        page = client_of(person).get(url_of("enterprise_detail", enterprise.pk))
        text = page.content.decode()
        assert page.status_code == 200
        for word in (enterprise.credit_code, "云岭县肉牛产业链", "321", "某支书", "已覆盖"):
            assert word in text, (person, word)


@pytest.mark.parametrize("person", ["stranger_officer", "stranger_secretary", "team_member", "department_officer"])
def test_it_is_out_of_sight_for_others(world, client_of, person):
    client = client_of(person)
    assert client.get(url_of("enterprise_detail", world.own.enterprises[0].pk)).status_code == 404
    assert client.get(url_of("organisation_detail", world.own.organisation.pk)).status_code == 404


def test_each_list_shows_what_is_in_sight(world, client_of):
    seen = {
        "county_officer": 3,
        "leader": 3,
        "chain_secretary": 2,
        "branch_secretary": 1,
        "team_member": 0,
        "auditor": 0,
    }
    for person, number in seen.items():
        page = client_of(person).get(url_of("enterprise_list"))
        if page.status_code == 200:
            assert page.context["page"].total == number, person


def test_seeing_is_not_keeping(world, client_of):
    enterprise, organisation = world.own.enterprises[0], world.own.organisation
    for person, employees in (("branch_secretary", 200), ("leader", 403)):
        client = client_of(person)
        for name, record in (("enterprise_edit", enterprise), ("organisation_edit", organisation)):
            page = client.get(url_of(name, record.pk))
            assert page.status_code == 403 and "组织部工作人员" in page.content.decode()
        for name in ("enterprise_create", "organisation_create"):
            assert client.get(url_of(name)).status_code == 403
        for name in ("chain_join", "enterprise_merge"):
            assert client.get(url_of(name, enterprise.pk)).status_code == 403
        place = world.own.memberships[0].pk
        assert client.get(url_of("membership_edit", place)).status_code == 403
        assert client.get(url_of("chain_leave", place)).status_code == 403
        assert client.get(url_of("employees_record", enterprise.pk)).status_code == employees
        assert client.get(url_of("members_record", organisation.pk)).status_code == employees


def test_a_wrong_credit_code_is_said_beside_the_field_and_nothing_is_lost(world, client_of):
    data = new_enterprise(world, credit_code="91990100000000900X", address="某路一号")
    page = client_of("county_officer").post(url_of("enterprise_create"), data)
    assert "校验位" in str(page.context["form"].errors["credit_code"])
    assert "某路一号" in page.content.decode()


def test_a_secretary_registers_on_the_own_chain(world, client_of):
    client = client_of("chain_secretary")
    assert client.post(url_of("enterprise_create"), new_enterprise(world)).context["form"].errors["chain"]
    data = new_enterprise(world, chain=world.own.chains[0].pk, link=world.own.link.pk)
    page = client.post(url_of("enterprise_create"), data, follow=True)
    assert "已保存" in page.content.decode()
    assert Enterprise.objects.get(name="新来有限公司").memberships.get().committee == world.own.committees[0]
    foreign = {**data, "credit_code": make.credit_code(901), "chain": world.own.chains[1].pk, "link": ""}
    assert client.post(url_of("enterprise_create"), foreign).context["form"].errors["chain"]


def test_the_second_saver_is_told(world, client_of):
    client, enterprise = client_of("county_officer"), world.own.enterprises[0]
    url = url_of("enterprise_edit", enterprise.pk)
    data = form_data(client.get(url))
    client.post(url, {**data, "address": "甲路"})
    page = client.post(url, {**data, "address": "乙路"})
    assert "地址：（空） → 甲路" in page.content.decode() and "乙路" in page.content.decode()
    assert Enterprise.objects.get(pk=enterprise.pk).address == "甲路"


def test_chains_are_joined_changed_and_left_through_pages(world, client_of):
    client, enterprise = client_of("county_officer"), world.own.enterprises[0]
    page = client.post(
        url_of("chain_join", enterprise.pk), {"chain": world.own.chains[1].pk, "on": "2025-01-01"}, follow=True
    )
    assert "已加入" in page.content.decode()
    place = enterprise.memberships.get(chain=world.own.chains[1])
    url = url_of("membership_edit", place.pk)
    client.post(url, form_data(client.get(url), is_master="on", is_primary="on"))
    place.refresh_from_db()
    assert place.is_master and place.is_primary
    early = client.post(url_of("chain_leave", place.pk), {"on": "2024-12-31"})
    assert "不能早于" in early.content.decode()
    client.post(url_of("chain_leave", place.pk), {"on": "2025-02-01"})
    place.refresh_from_db()
    assert place.left_on == dt.date(2025, 2, 1)
    assert client.get(url_of("chain_leave", place.pk)).status_code == 404


def test_numbers_are_filed_by_the_branch_secretary(world, client_of):
    client = client_of("branch_secretary")
    client.post(url_of("employees_record", world.own.enterprises[0].pk), {"number": "77", "on": "2025-01-01"})
    client.post(url_of("members_record", world.own.organisation.pk), {"number": "7", "on": "2025-01-01"})
    assert world.own.enterprises[0].employee_counts.get().employees == 77
    assert world.own.organisation.member_counts.get().members == 7
    late = client.post(url_of("employees_record", world.own.enterprises[0].pk), {"number": "77", "on": "2099-01-01"})
    assert "不能晚于今天" in late.content.decode()


def test_an_organisation_of_an_enterprise_and_one_of_none(world, client_of):
    client, own = client_of("county_officer"), world.own
    data = {"name": "新支部", "kind": "branch", "formation": "joint", "founded_on": "2025-01-01"}
    page = client.post(url_of("organisation_create"), data)
    assert page.context["form"].errors["region"]
    url = url_of("organisation_create")
    client.post(url, {**data, "enterprise": own.enterprises[1].pk, "joint_enterprises": [own.enterprises[2].pk]})
    made = PartyOrganisation.objects.get(name="新支部")
    assert (made.region, made.chain) == (own.towns[1], own.chains[0])
    assert own.enterprises[2].coverage_spells.filter(membership=None).exists()
    client.post(url, {**data, "name": "项目支部", "region": own.region.pk})
    assert PartyOrganisation.objects.get(name="项目支部").enterprise is None
    edit = url_of("organisation_edit", made.pk)
    page = client.post(edit, form_data(client.get(edit), secretary_name="李支书"), follow=True)
    assert "李支书" in page.content.decode()


def test_merging_asks_shows_and_then_does(world, client_of):
    client, own = client_of("county_officer"), world.own
    url, data = url_of("enterprise_merge", own.enterprises[0].pk), {"into": own.enterprises[2].pk, "on": "2025-09-01"}
    assert "党组织：1 条" in client.get(url).content.decode()
    page = client.post(url, data)
    assert "不能撤回" in page.content.decode()
    assert not Enterprise.objects.get(pk=own.enterprises[0].pk).left_on
    page = client.post(url, {**data, "confirm": "1"}, follow=True)
    assert "已并入" in page.content.decode()
    assert Enterprise.objects.get(pk=own.enterprises[0].pk).merged_into_id == own.enterprises[2].pk
    again = client.get(url_of("enterprise_edit", own.enterprises[0].pk))
    data = form_data(again, address="x")
    assert "不能再修改" in client.post(url_of("enterprise_edit", own.enterprises[0].pk), data).content.decode()


def test_ids_from_outside_are_refused(world, client_of):
    client, own, other = client_of("county_officer"), world.own, world.other
    page = client.post(
        url_of("enterprise_create"),
        new_enterprise(world, region=other.region.pk, chain=other.chains[0].pk, link=other.link.pk),
    )
    assert set(page.context["form"].errors) >= {"region", "chain", "link"}
    data = {
        "name": "x",
        "kind": "branch",
        "formation": "alone",
        "founded_on": "2025-01-01",
        "enterprise": other.enterprises[0].pk,
        "joint_enterprises": [other.enterprises[0].pk],
        "parent": other.organisation.pk,
        "chain": other.chains[0].pk,
    }
    page = client.post(url_of("organisation_create"), data)
    assert set(page.context["form"].errors) >= {"enterprise", "joint_enterprises", "parent", "chain"}
    page = client.post(url_of("chain_join", own.enterprises[0].pk), {"chain": other.chains[0].pk, "on": "2025-01-01"})
    assert page.context["form"].errors["chain"]
    page = client.post(
        url_of("enterprise_merge", own.enterprises[0].pk), {"into": other.enterprises[0].pk, "on": "2025-01-01"}
    )
    assert page.context["form"].errors["into"]


@pytest.mark.parametrize("value", BAD)
def test_bad_input_is_answered_beside_the_field(world, client_of, value):
    client, own = client_of("county_officer"), world.own
    urls = [
        url_of("enterprise_create"),
        url_of("organisation_create"),
        url_of("chain_join", own.enterprises[0].pk),
        url_of("employees_record", own.enterprises[0].pk),
        url_of("members_record", own.organisation.pk),
        url_of("enterprise_merge", own.enterprises[0].pk),
        url_of("chain_leave", own.memberships[0].pk),
    ]
    for url in urls:
        page = client.post(url, dict.fromkeys(client.get(url).context["form"].fields, value))
        assert page.status_code == 200 and page.context["form"].errors
    keys = (
        "q",
        "region",
        "chain",
        "committee",
        "kind",
        "scale",
        "above_scale",
        "master",
        "present",
        "standing",
        "sort",
    )
    for listing in ("enterprise_list", "enterprise_export", "organisation_list", "organisation_export"):
        assert client.get(url_of(listing), dict.fromkeys((*keys, "after"), value)).status_code in (200, 400)


@pytest.mark.parametrize("query", [{}, {"q": "金牛"}, {"scale": "large"}, {"sort": "-name"}, {"chain": "own"}])
def test_the_export_has_the_rows_of_the_list(world, client_of, query):
    client = client_of("county_officer")
    if "chain" in query:
        query = {"chain": world.own.chains[0].pk}
    page = client.get(url_of("enterprise_list"), query)
    file = client.get(url_of("enterprise_export"), query)
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    cells = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert cells[cells.index("企业名称") + 1 :] == [row.name for row in page.context["page"].rows]


def test_lists_and_files_cost_the_same_at_any_length(world, client_of):
    client, own = client_of("county_officer"), world.own
    urls = [url_of("enterprise_list"), url_of("organisation_list"), url_of("enterprise_detail", own.enterprises[0].pk)]

    def grow(number):
        for _ in range(number):
            enterprise = make.EnterpriseFactory(region=own.towns[0])
            make.ChainMembershipFactory(enterprise=enterprise, chain=own.chains[0], committee=own.committees[0])
            organisation = make.PartyOrganisationFactory(region=own.towns[0], enterprise=own.enterprises[0])
            organisation.joint_enterprises.add(enterprise)

    grow(4)
    few = [queries(client, url) for url in urls]
    grow(44)
    assert [queries(client, url) for url in urls] == few


def test_pages_follow_each_other(world, client_of):
    make.EnterpriseFactory.create_batch(60, region=world.own.towns[0])
    client = client_of("county_officer")
    first = client.get(url_of("enterprise_list")).context["page"]
    second = client.get(url_of("enterprise_list") + first.next_url).context["page"]
    assert (len(first.rows), len(second.rows), second.next_url) == (50, 13, None)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
