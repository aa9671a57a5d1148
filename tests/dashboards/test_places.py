"""What dashboards and lists add to the pages of a chain and a help team: every number opens exactly its rows."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from core.periods import Month, Period
from dashboards import teams
from indicators.drain import drain
from services.forms.list_filters import DemandFilter, TalentNeedFilter
from services.models import Demand, TalentNeed
from tests import factories as make
from tests.lists import makers as lists
from tests.lists import project_makers as projects
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db


def test_each_link_of_a_chain_has_its_firms_demands_and_posts(world, client_of, django_assert_max_num_queries):
    chain, firms = world.own.chains[0], world.own.enterprises
    gap = make.LinkFactory(segment=world.own.segment, name="皮革加工")
    other = make.LinkFactory(segment=make.SegmentFactory(chain=world.own.chains[1]), name="仓储")
    make.ChainMembershipFactory(enterprise=firms[0], chain=world.own.chains[1], link=other, is_primary=False)
    for number in range(3):
        lists.demand(firms[0], title=f"需求{number}")
    lists.demand(firms[1], title="没有环节的企业提的")
    lists.need(firms[0])
    bare = make.LinkFactory(segment=world.own.segment, name="冷库")
    place = {"region": world.own.region, "chain": chain}
    projects.project(None, name="皮革加工项目", link=gap, work="supplement", **place)
    client = client_of("county_officer")
    with django_assert_max_num_queries(60) as few:
        page = client.get(f"/chains/{chain.pk}/").content.decode()
    before = len(few)
    rows = re.findall(r"<tr><td class=\"c-t\"><span class=\"t\">(.*?)</span>(.*?)</tr>", page, re.S)
    number = r"class=\"num\"[^>]*>(?:<a href=\"([^\"]*)\">)?(\d+)"
    found = {name: (re.findall(number, rest.replace("&amp;", "&")), "断点" in rest) for name, rest in rows}
    numbers = {name: ([int(number) for _url, number in cells], is_gap) for name, (cells, is_gap) in found.items()}
    assert numbers[world.own.link.name] == ([1, 3, 1, 0], False)
    assert (numbers[gap.name], numbers[bare.name]) == (([0, 0, 0, 1], True), ([0, 0, 0, 0], True))
    assert "断点 2 个，其中还没有项目的 1 个：冷库" in page
    assert "皮革加工项目" in client.get(found[gap.name][0][3][0]).content.decode()
    cells, actor = found[world.own.link.name][0], world.actor("county_officer")
    forms = (DemandFilter, Demand), (TalentNeedFilter, TalentNeed)
    for (url, number), (form, model) in zip(cells[1:3], forms, strict=True):
        asked = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        narrowed = form(asked, actor=actor)
        assert narrowed.is_valid() and narrowed.narrow(model.objects.visible_to(actor)).count() == int(number)
        listed = client.get(url).content.decode()
        assert world.own.link.name in listed and "没有环节的企业提的" not in listed
    assert firms[0].name in client.get(cells[0][0]).content.decode()
    assert client.get("/services/demands/?link=x").status_code == 200
    for number in range(4):
        make.LinkFactory(segment=world.own.segment, name=f"新环节{number}")
    with django_assert_max_num_queries(before):
        client.get(f"/chains/{chain.pk}/")
    page = client.get(f"/chains/{chain.pk}/").content.decode()
    assert f"/cockpit/?scope=chain%3A{chain.pk}" in page
    assert (
        f"/cockpit/?scope=chain%3A{chain.pk}"
        not in client_of("chain_secretary").get(f"/chains/{chain.pk}/").content.decode()
    )


def test_a_help_team_month_by_month(world, client_of, time_machine):
    time_machine.move_to("2026-05-06 10:00:00+08:00")
    for state in ("closed", "resolved", "in_progress", "assigned", "submitted"):
        in_state(world, state)
    while drain():
        pass
    actor, team = world.actor("county_officer"), world.own.team
    months = [Month(2026, number) for number in range(1, 6)]
    found = {part: teams.by_month(team, part, months, actor) for part in teams.DRAWN}
    assert found["assigned"] == [0, 0, 4, 0, 0] and found["resolved"] == [0, 0, 2, 0, 0]
    assert found["open"][2:] == [3, 3, 3], "resolved, in progress and assigned are with the team"
    client = client_of("team_member")
    for part in teams.DRAWN:
        for number, month in zip(found[part], months, strict=True):
            page = client.get(teams.address(team, part, Period(month, month))).content.decode()
            assert f"共 {number} 条" in page, (part, month)
    time = teams.time_of(team, Period.parse("2026-01..2026-05"), actor)
    assert time.cases == 2 and time.median is not None
    page = client.get(f"/teams/{team.pk}/").content.decode()
    assert 'id="chart-team"' in page and "接办 4 个、办结 2 个，现在在办 3 个" in page
    assert "中位数" not in page.split("chart-team")[1].split("</p>")[0], "two cases are too few"
    assert client.get(f"/teams/{team.pk}/rows/?part=x&from=2026-01&to=2026-02").status_code == 404
    assert client.get(f"/teams/{team.pk}/rows/?part=open&from=x&to=y").status_code == 404
    assert client_of("stranger_officer").get(teams.address(team, "open", Period.year(2026))).status_code == 404
