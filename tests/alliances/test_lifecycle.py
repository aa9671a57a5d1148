"""Regions move with everything below them; registers are kept by the officers of their region."""

import datetime as dt

import pytest

from alliances import lifecycle
from alliances.models import Department, HelpTeam, Region, TeamMember
from audit import records
from audit.models import Event
from chains.models import Committee
from core.actor import SYSTEM
from core.transitions import Conflict, Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


def paths():
    return dict(Region.objects.values_list("pk", "path"))


def test_a_new_region_stands_below_its_parent(world):
    officer = world.actor("county_officer")
    town = lifecycle.save_region(
        Region(), {"parent": world.own.region, "name": "南乡", "level": "township", "code": None}, by=officer
    )
    assert town.path.startswith(world.own.region.path)
    assert len(town.path) == len(world.own.region.path) + 4
    assert Event.objects.filter(verb="region.created", object_id=town.pk).exists()


def test_moving_a_region_moves_its_whole_subtree_and_nothing_else(world):
    village = make.RegionFactory(name="一村", level="village", parent=world.own.towns[0])
    before = paths()
    moved = lifecycle.save_region(world.own.region, {"parent": world.other.region}, by=SYSTEM)
    after = paths()
    assert moved.path.startswith(world.other.region.path)
    assert after[village.pk] == moved.path + before[village.pk][len(before[world.own.region.pk]) :]
    inside = {world.own.region.pk, village.pk, *(town.pk for town in world.own.towns)}
    assert {pk for pk in before if before[pk] != after[pk]} == inside
    assert len(set(after.values())) == len(after)


def test_moving_away_and_back_never_collides(world):
    home = world.own.region.parent
    for target in (world.other.region, home, world.other.region, home):
        world.own.region.refresh_from_db()
        lifecycle.save_region(world.own.region, {"parent": target}, by=SYSTEM)
    assert Region.objects.below(Region.objects.get(pk=world.own.region.pk)).count() == 3


def test_a_region_cannot_go_below_itself(world):
    with pytest.raises(Refused) as refused:
        lifecycle.save_region(world.own.region, {"parent": world.own.towns[0]}, by=SYSTEM)
    assert refused.value.refusal.code == "cycle"


def test_a_tree_can_be_only_so_deep(world):
    region = world.own.region
    for number in range(9):
        region = make.RegionFactory(name=f"第{number}层", level="group", parent=region)
    with pytest.raises(Refused) as refused:
        lifecycle.save_region(Region(), {"parent": region, "name": "太深", "level": "group"}, by=SYSTEM)
    assert refused.value.refusal.code == "too_deep"


@pytest.mark.parametrize("person", ["leader", "chain_secretary", "team_member", "branch_secretary", "stranger_officer"])
def test_others_do_not_keep_regions(world, person):
    with pytest.raises(Refused) as refused:
        lifecycle.save_region(world.own.towns[0], {"name": "改名"}, by=world.actor(person))
    assert refused.value.refusal.code == "not_officer"


def test_an_officer_cannot_move_a_region_out_of_reach(world):
    with pytest.raises(Refused):
        lifecycle.save_region(world.own.towns[0], {"parent": world.other.region}, by=world.actor("county_officer"))


def test_committees_keep_the_level_of_their_region(world):
    committee = world.own.committees[0]
    lifecycle.save_region(world.own.region, {"level": "city"}, by=SYSTEM)
    assert Committee.objects.get(pk=committee.pk).level == "city"


def test_the_second_to_save_is_told_what_changed(world):
    officer = world.actor("county_officer")
    department = world.own.departments[0]
    seen = records.version(department)
    lifecycle.save_department(department, {"short_name": "农局"}, by=officer, seen=seen)
    with pytest.raises(Conflict) as conflict:
        lifecycle.save_department(department, {"short_name": "农业"}, by=officer, seen=seen)
    assert records.sentences(conflict.value.events[0], Department) == ["简称：（空） → 农局"]
    assert Department.objects.get(pk=department.pk).short_name == "农局"


def test_people_join_and_leave_a_team(world):
    officer, team = world.actor("county_officer"), world.own.team
    data = {"name": "甲", "department": world.own.departments[0], "is_lead": True, "joined_on": dt.date(2025, 1, 1)}
    member = lifecycle.add_member(team, data, by=officer)
    assert member.region_id == team.region_id
    with pytest.raises(Refused) as refused:
        lifecycle.add_member(team, {**data, "name": "乙"}, by=officer)
    assert refused.value.refusal.code == "lead_taken"
    lifecycle.remove_member(member, on=dt.date(2025, 6, 1), by=officer)
    lifecycle.add_member(team, {**data, "name": "乙"}, by=officer)
    with pytest.raises(Refused):
        lifecycle.remove_member(member, on=dt.date(2025, 7, 1), by=officer)


def test_members_follow_their_team_to_another_region_and_end_with_it(world):
    officer, team = world.actor("county_officer"), world.own.team
    member = make.TeamMemberFactory(team=team, joined_on=dt.date(2025, 1, 1))
    lifecycle.save_team(team, {"region": world.own.towns[0]}, by=officer)
    assert TeamMember.objects.get(pk=member.pk).region_id == world.own.towns[0].pk
    lifecycle.save_team(HelpTeam.objects.get(pk=team.pk), {"dissolved_on": dt.date(2025, 5, 1)}, by=officer)
    assert TeamMember.objects.get(pk=member.pk).left_on == dt.date(2025, 5, 1)
