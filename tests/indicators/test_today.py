"""A figure told today does not count what is dated later in the running month."""

import datetime as dt

import pytest

from core.actor import SYSTEM
from core.periods import Period
from enterprises import lifecycle
from enterprises.models import ChainMembership, MemberCount
from indicators import declarations, figures, scopes
from indicators.drain import drain
from tests import factories as make
from tests.indicators.opened import wrong_rows

BEFORE, DAY, EVE = dt.date(2026, 6, 10), dt.date(2026, 6, 20), dt.date(2026, 6, 19)
JUNE = Period.parse("2026-06")
MOVED = {
    "member_enterprises", "above_scale_enterprises", "chain_masters", "employees", "party_orgs", "party_branches",
    "party_members", "covered_enterprises", "key_chains", "chain_committees", "chain_committees_county",
    "alliances", "help_teams", "team_members_count", "enterprises_never_visited", "work_covered_enterprises",
}  # fmt: skip


def told(today):
    """{code: value} of every stock of the county on that day; the rows and the sparkline must say the same."""
    codes = [one.code for one in declarations.indicators() if one.kind == "stock"]
    scope = scopes.parse("region:990100")
    found = figures.read(codes, scope, JUNE, today=today)
    assert wrong_rows(list(found.values()), today=today) == []
    values = {code: figure.value for code, figure in found.items()}
    assert {code: one[0] for code, one in figures.series(codes, scope, JUNE.months(), today=today).items()} == values
    return values


def test_only_the_spans_of_problems_are_kept_by_month():
    """Their two dates are days on which somebody acted, never ahead of today: no page passes another day."""
    monthly = {one.code for one in declarations.indicators() if one.kind == "stock" and not one.daily}
    assert monthly == {"problems_open", "problems_paused", "problems_suspended", "problems_returned"}
    for code in monthly:
        one = declarations.get(code)
        assert (one.source.code, one.enters, one.leaves) == ("problem_spans", "started_on", "ended_on")


@pytest.mark.django_db
def test_what_begins_later_this_month_does_not_count_yet(world):
    town, county = world.own.towns[0], world.own.region
    while drain():
        pass
    before = told(BEFORE)
    firm = make.EnterpriseFactory(region=town, joined_on=DAY, is_above_scale=True)
    alliance = make.AllianceFactory(region=county, founded_on=DAY)
    chain = make.ChainFactory(region=county, alliance=alliance, founded_on=DAY)
    make.CommitteeFactory(chain=chain, founded_on=DAY)
    lifecycle.join_chain(firm, chain, by=SYSTEM, on=DAY, is_master=True)
    firm.employee_counts.create(region=town, employees=30, from_on=DAY)
    branch = {"name": "新支部", "kind": "branch", "formation": "alone", "enterprise": firm, "founded_on": DAY}
    branch = lifecycle.save_organisation(lifecycle.organisations.PartyOrganisation(), branch, by=SYSTEM)
    MemberCount.objects.create(organisation=branch, region=town, members=5, from_on=DAY)
    team = make.HelpTeamFactory(region=county, founded_on=DAY)
    make.TeamMemberFactory(team=team, region=county, joined_on=DAY)
    while drain():
        pass
    assert told(BEFORE) == before and told(EVE) == before
    after = told(DAY)
    assert {code for code, value in after.items() if value != before[code]} == MOVED
    assert after["party_members"] == before["party_members"] + 5


@pytest.mark.django_db
def test_what_ends_later_this_month_still_counts(world):
    firm = world.own.enterprises[0]
    lifecycle.refresh_coverage(firm)
    lifecycle.record_employees(firm, 40, on=dt.date(2026, 1, 5), by=SYSTEM)
    while drain():
        pass
    before = told(BEFORE)
    lifecycle.save_enterprise(firm, {"left_on": DAY}, by=SYSTEM)
    while drain():
        pass
    assert ChainMembership.objects.filter(enterprise=firm, left_on=DAY).exists()
    assert told(BEFORE) == before and told(EVE) == before
    after = told(DAY)
    for code, less in (("member_enterprises", 1), ("employees", 40), ("covered_enterprises", 1)):
        assert after[code] == before[code] - less, code
