"""Pages of chains with their map, and of committees with their seats."""

import pytest
from django.urls import reverse

from chains.models import Chain, Committee, Link, Seat, Segment
from tests import factories as make
from tests.alliances.pages import BAD, form_data, queries
from tests.problems.steps import raised

pytestmark = pytest.mark.django_db


def text_of(client, name, *args):
    page = client.get(reverse(f"chains:{name}", args=args))
    assert page.status_code == 200
    return page.content.decode()


def test_the_chain_shows_links_enterprises_and_gaps(world, client_of):
    make.LinkFactory(segment=world.own.segment, name="冷链仓储")
    text = text_of(client_of("county_officer"), "chain_detail", world.own.chains[0].pk)
    assert "冷链仓储" in text and "断点" in text and "没有企业，需建链、补链。" in text
    assert "云岭县金牛牧业" in text and "云岭县青禾食品" in text  # one in its link, one not yet in any
    assert "2 个环节，其中断点 1 个" in text


def test_the_committee_gathers_seats_units_enterprises_and_organisations(world, client_of):
    for person in ("county_officer", "leader", "chain_secretary"):
        text = text_of(client_of(person), "committee_detail", world.own.committees[0].pk)
        for word in ("云岭县书记", "链长", "云岭县农业局", "云岭县金牛牧业", "云岭县金牛牧业党支部"):
            assert word in text


@pytest.mark.parametrize("person", ["stranger_officer", "stranger_secretary", "branch_secretary", "team_member"])
def test_chains_and_committees_are_out_of_sight_for_others(world, client_of, person):
    client = client_of(person)
    for name, record in (("chain_detail", world.own.chains[0]), ("committee_detail", world.own.committees[1])):
        assert client.get(reverse(f"chains:{name}", args=[record.pk])).status_code == 404


def test_only_officers_change_them(world, client_of):
    own = world.own
    pages = [
        ("chain_edit", own.chains[0]),
        ("segment_create", own.chains[0]),
        ("segment_edit", own.segment),
        ("link_create", own.segment),
        ("link_edit", own.link),
        ("committee_edit", own.committees[0]),
        ("seat_create", own.committees[0]),
        ("seat_edit", own.seats[0]),
    ]
    officer, secretary, stranger = map(client_of, ("county_officer", "chain_secretary", "stranger_officer"))
    for name, record in pages:
        url = reverse(f"chains:{name}", args=[record.pk])
        assert (officer.get(url).status_code, secretary.get(url).status_code, stranger.get(url).status_code) == (
            200,
            403,
            404,
        ), name


def test_segments_and_links_through_their_pages(world, client_of):
    client, chain = client_of("county_officer"), world.own.chains[0]
    client.post(
        reverse("chains:segment_create", args=[chain.pk]), {"position": "downstream", "name": "销售", "order": "3"}
    )
    segment = Segment.objects.get(name="销售", chain=chain)
    client.post(reverse("chains:link_create", args=[segment.pk]), {"name": "直播电商", "order": "1"})
    link = Link.objects.get(name="直播电商")
    url = reverse("chains:link_edit", args=[link.pk])
    client.post(url, form_data(client.get(url), name="电商"))
    link.refresh_from_db()
    assert link.name == "电商"
    refused = client.post(reverse("chains:segment_delete", args=[segment.pk]), follow=True)
    assert "链段下还有环节" in refused.content.decode()
    client.post(reverse("chains:link_delete", args=[link.pk]))
    client.post(reverse("chains:segment_delete", args=[segment.pk]))
    assert not Segment.objects.filter(pk=segment.pk).exists()
    assert client.get(reverse("chains:segment_delete", args=[world.own.segment.pk])).status_code == 405


def test_a_committee_is_founded_and_seated_through_its_pages(world, client_of):
    client, own = client_of("county_officer"), world.own
    data = {"kind": "chain", "chain": own.chains[0].pk, "region": own.towns[0].pk, "name": "东乡肉牛党委"}
    page = client.post(reverse("chains:committee_create"), {**data, "founded_on": "2025-01-01"}, follow=True)
    assert "已保存" in page.content.decode()
    made = Committee.objects.get(name="东乡肉牛党委")
    seat = {"kind": "secretary", "person": "钱书记", "started_on": "2025-01-01"}
    client.post(reverse("chains:seat_create", args=[made.pk]), seat)
    again = client.post(reverse("chains:seat_create", args=[made.pk]), {**seat, "person": "孙书记"})
    assert "由钱书记在任" in again.content.decode() or "已有在任人员" in again.content.decode()
    url = reverse("chains:seat_edit", args=[Seat.objects.get(person="钱书记").pk])
    client.post(url, form_data(client.get(url), ended_on="2025-06-01"))
    client.post(reverse("chains:seat_create", args=[made.pk]), {**seat, "person": "孙书记"})
    assert list(made.seats.order_by("pk").values_list("person", flat=True)) == ["钱书记", "孙书记"]


def test_editing_a_chain_keeps_its_teams(world, client_of):
    client, chain = client_of("county_officer"), world.own.chains[0]
    chain.help_teams.add(world.own.team)
    url = reverse("chains:chain_edit", args=[chain.pk])
    page = client.post(url, form_data(client.get(url), description="概况"), follow=True)
    assert "已保存" in page.content.decode()
    assert Chain.objects.get(pk=chain.pk).help_teams.count() == 1


def test_ids_from_outside_are_refused(world, client_of):
    client, own, other = client_of("county_officer"), world.own, world.other
    data = {
        "kind": "chain",
        "chain": other.chains[0].pk,
        "region": other.region.pk,
        "leading_unit": other.departments[0].pk,
        "parent": other.committees[0].pk,
        "name": "x",
        "founded_on": "2025-01-01",
    }
    page = client.post(reverse("chains:committee_create"), data)
    assert set(page.context["form"].errors) >= {"chain", "region", "leading_unit", "parent"}
    url = reverse("chains:chain_edit", args=[own.chains[0].pk])
    page = client.post(
        url, form_data(client.get(url), help_teams=[other.team.pk], alliance=other.chains[0].alliance_id)
    )
    assert set(page.context["form"].errors) >= {"help_teams", "alliance"}


@pytest.mark.parametrize("value", BAD)
def test_bad_input_is_answered_beside_the_field(world, client_of, value):
    client, own = client_of("county_officer"), world.own
    urls = [
        reverse("chains:chain_create"),
        reverse("chains:committee_create"),
        reverse("chains:segment_create", args=[own.chains[0].pk]),
        reverse("chains:link_create", args=[own.segment.pk]),
        reverse("chains:seat_create", args=[own.committees[0].pk]),
    ]
    for url in urls:
        page = client.post(url, dict.fromkeys(client.get(url).context["form"].fields, value))
        assert page.status_code == 200 and page.context["form"].errors
    for listing in ("chain_list", "committee_list", "committee_export"):
        query = dict.fromkeys(("q", "region", "chain", "kind", "level", "standing", "sort", "after"), value)
        assert client.get(reverse(f"chains:{listing}"), query).status_code in (200, 400)


def test_lists_and_maps_cost_the_same_at_any_length(world, client_of):
    client, own = client_of("county_officer"), world.own
    urls = [
        reverse("chains:chain_list"),
        reverse("chains:committee_list"),
        reverse("chains:chain_detail", args=[own.chains[0].pk]),
        reverse("chains:committee_detail", args=[own.committees[0].pk]),
    ]

    def grow(number):
        for _ in range(number):
            chain = make.ChainFactory(region=own.region)
            make.CommitteeFactory(chain=chain)
            make.LinkFactory(segment=own.segment)
            enterprise = make.EnterpriseFactory(region=own.towns[0])
            make.ChainMembershipFactory(
                enterprise=enterprise, chain=own.chains[0], committee=own.committees[0], link=own.link
            )

    grow(4)
    few = [queries(client, url) for url in urls]
    grow(20)
    assert [queries(client, url) for url in urls] == few


def test_pages_show_the_problems_of_their_place(world, client_of):
    enterprise, own = world.own.enterprises[0], world.own
    raised(world, title="缺周转资金")
    client = client_of("county_officer")
    for url in (
        reverse("chains:chain_detail", args=[own.chains[0].pk]),
        reverse("chains:committee_detail", args=[own.committees[0].pk]),
        reverse("enterprises:enterprise_detail", args=[enterprise.pk]),
    ):
        text = client.get(url).content.decode()
        assert "在办问题（1 件）" in text and "缺周转资金" in text
    other = reverse("chains:chain_detail", args=[own.chains[1].pk])
    assert "在办问题（0 件）" in client.get(other).content.decode()
