"""Enterprises join, move, count, and merge; what is copied from them follows."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from audit.models import Event
from chains import lifecycle as chains
from chains.models import Committee
from core.actor import SYSTEM
from core.clock import today
from core.transitions import Refused
from enterprises import lifecycle
from enterprises.models import ChainMembership, CoverageSpell, Enterprise, MemberCount, PartyOrganisation
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 3, 1)


def refusal_of(function, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        function(*args, **kwargs)
    return refused.value.refusal.code


def facts(world, number=900, **changes):
    return {
        "name": "新来有限公司",
        "credit_code": make.credit_code(number),
        "region": world.own.towns[0],
        "joined_on": DAY,
        **changes,
    }


def spells(enterprise):
    return list(enterprise.employee_counts.order_by("from_on").values_list("from_on", "until_on", "employees"))


def test_an_officer_registers_an_enterprise_and_puts_it_on_a_chain(world):
    officer = world.actor("county_officer")
    made = lifecycle.save_enterprise(
        Enterprise(), facts(world), by=officer, chain=world.own.chains[0], link=world.own.link
    )
    place = made.memberships.get()
    assert (place.committee, place.region, place.is_primary) == (world.own.committees[0], world.own.towns[0], True)
    assert Event.objects.filter(verb="enterprise.created", object_id=made.pk).exists()


def test_a_secretary_registers_on_the_own_chain_only(world):
    secretary = world.actor("chain_secretary")
    lifecycle.save_enterprise(Enterprise(), facts(world), by=secretary, chain=world.own.chains[0])
    for chain in (world.own.chains[1], world.other.chains[0], None):
        assert (
            refusal_of(lifecycle.save_enterprise, Enterprise(), facts(world, 901), by=secretary, chain=chain)
            == "not_keeper"
        )


def test_a_wrong_credit_code_is_refused(world):
    with pytest.raises(ValidationError):
        lifecycle.save_enterprise(Enterprise(), facts(world, credit_code="91990100000000900X"), by=SYSTEM)


@pytest.mark.parametrize(
    "person", ["leader", "team_member", "department_officer", "branch_secretary", "stranger_officer"]
)
def test_others_do_not_keep_enterprises(world, person):
    enterprise = world.own.enterprises[0]
    assert refusal_of(lifecycle.save_enterprise, enterprise, {"address": "x"}, by=world.actor(person)) == "not_keeper"


def test_the_committee_is_the_nearest_standing_one(world):
    enterprise, chain = world.own.enterprises[0], world.own.chains[0]
    place = enterprise.memberships.get()
    town = chains.save_committee(
        Committee(),
        {"chain": chain, "region": world.own.towns[0], "name": "东乡党委", "founded_on": DAY},
        by=SYSTEM,
    )
    place.refresh_from_db()
    assert place.committee_id == town.pk
    chains.save_committee(town, {"dissolved_on": today()}, by=SYSTEM)
    place.refresh_from_db()
    assert place.committee_id == world.own.committees[0].pk


def test_everything_follows_a_change_of_region(world):
    enterprise, organisation = world.own.enterprises[0], world.own.organisation
    lifecycle.record_employees(enterprise, 80, on=DAY, by=SYSTEM)
    lifecycle.record_members(organisation, 9, on=DAY, by=SYSTEM)
    lifecycle.save_organisation(organisation, {"secretary_name": "某书记"}, by=SYSTEM)
    told = []
    lifecycle.followers.append(lambda one, *, by: told.append(one.pk))
    try:
        lifecycle.change_region(enterprise, world.own.towns[1], by=world.actor("county_officer"))
    finally:
        lifecycle.followers.pop()
    home = world.own.towns[1].pk
    assert told == [enterprise.pk]
    rows = [
        *enterprise.memberships.all(),
        *enterprise.employee_counts.all(),
        *enterprise.coverage_spells.all(),
        *enterprise.organisations.all(),
        *MemberCount.objects.filter(organisation=organisation),
    ]
    assert {type(row).__name__ for row in rows} == {
        "ChainMembership",
        "EmployeeCount",
        "CoverageSpell",
        "PartyOrganisation",
        "MemberCount",
    }
    assert {row.region_id for row in rows} == {home}


def test_a_second_chain_and_leaving_the_first_makes_it_primary(world):
    officer, enterprise = world.actor("county_officer"), world.own.enterprises[0]
    lifecycle.record_employees(enterprise, 10, on=DAY, by=officer)
    second = lifecycle.join_chain(enterprise, world.own.chains[1], by=officer, on=DAY)
    assert not second.is_primary
    first = enterprise.memberships.get(chain=world.own.chains[0])
    lifecycle.leave_chain(first, on=dt.date(2025, 6, 1), by=officer)
    second.refresh_from_db()
    assert second.is_primary
    assert enterprise.employee_counts.get().chain_id == world.own.chains[1].pk
    assert refusal_of(lifecycle.join_chain, enterprise, world.own.chains[1], by=officer, on=DAY) == "twice"
    assert refusal_of(lifecycle.save_membership, second, {"link": world.own.link}, by=officer) == "other_chain"


def test_counts_are_spells_that_close_each_other(world):
    enterprise, by = world.own.enterprises[0], SYSTEM
    day = {number: dt.date(2025, number, 1) for number in range(1, 7)}
    lifecycle.record_employees(enterprise, 10, on=day[1], by=by)
    lifecycle.record_employees(enterprise, 30, on=day[5], by=by)
    lifecycle.record_employees(enterprise, 20, on=day[3], by=by)
    lifecycle.record_employees(enterprise, 21, on=day[3], by=by)
    assert spells(enterprise) == [(day[1], day[3], 10), (day[3], day[5], 21), (day[5], None, 30)]


def test_a_branch_secretary_files_the_own_numbers_only(world):
    secretary = world.actor("branch_secretary")
    lifecycle.record_employees(world.own.enterprises[0], 5, on=DAY, by=secretary)
    lifecycle.record_members(world.own.organisation, 5, on=DAY, by=secretary)
    assert refusal_of(lifecycle.record_employees, world.own.enterprises[1], 5, on=DAY, by=secretary) == "not_keeper"
    tomorrow = today() + dt.timedelta(days=1)
    assert refusal_of(lifecycle.record_employees, world.own.enterprises[0], 5, on=tomorrow, by=secretary) == "future"


def test_coverage_is_the_union_of_own_and_joint_organisations(world):
    enterprise, other = world.own.enterprises[:2]
    world.own.organisation.delete()
    data = {"name": "第一支部", "enterprise": enterprise, "founded_on": DAY, "dissolved_on": dt.date(2025, 6, 1)}
    lifecycle.save_organisation(PartyOrganisation(), data, by=SYSTEM)
    joint = lifecycle.save_organisation(
        PartyOrganisation(),
        {"name": "联合支部", "enterprise": other, "founded_on": dt.date(2025, 5, 1), "joint_enterprises": [enterprise]},
        by=SYSTEM,
    )
    region_rows = enterprise.coverage_spells.filter(membership=None, coverage="organisation")
    assert list(region_rows.values_list("from_on", "until_on")) == [(DAY, None)]
    assert enterprise.coverage_spells.filter(chain=world.own.chains[0]).count() == 2
    assert other.coverage_spells.filter(membership=None, coverage="organisation").get().from_on == dt.date(2025, 5, 1)
    lifecycle.save_organisation(joint, {"joint_enterprises": []}, by=SYSTEM)
    assert list(region_rows.values_list("from_on", "until_on")) == [(DAY, dt.date(2025, 6, 1))]


def test_an_organisation_takes_its_place_from_the_primary_chain(world):
    enterprise = world.own.enterprises[0]
    made = lifecycle.save_organisation(
        PartyOrganisation(),
        {"name": "党总支", "enterprise": enterprise, "founded_on": DAY},
        by=world.actor("chain_secretary"),
    )
    assert (made.region, made.chain, made.committee) == (
        world.own.towns[0],
        world.own.chains[0],
        world.own.committees[0],
    )
    assert refusal_of(lifecycle.save_organisation, made, {"parent": made}, by=SYSTEM) == "cycle"


def test_a_merged_duplicate_ends_and_what_refers_to_it_moves(world):
    officer = world.actor("county_officer")
    duplicate, target = world.own.enterprises[0], world.own.enterprises[2]
    problem = make.ProblemFactory(enterprise=duplicate)
    lifecycle.record_employees(duplicate, 40, on=DAY, by=officer)
    moved = dict(lifecycle.what_moves(duplicate))
    assert moved["党组织"] == 1 and moved["所在产业链"] == 1
    on = dt.date(2025, 9, 1)
    lifecycle.merge(duplicate, target, by=officer, on=on)
    duplicate.refresh_from_db()
    problem.refresh_from_db()
    assert (duplicate.left_on, duplicate.merged_into) == (on, target)
    assert problem.enterprise_id == target.pk
    assert world.own.organisation.__class__.objects.get(pk=world.own.organisation.pk).enterprise_id == target.pk
    assert not ChainMembership.objects.filter(enterprise=duplicate, left_on=None).exists()
    assert set(target.memberships.filter(left_on=None).values_list("chain_id", flat=True)) == {
        chain.pk for chain in world.own.chains
    }
    assert spells(duplicate) == [(DAY, on, 40)]
    assert CoverageSpell.objects.filter(enterprise=target, membership=None).exists()
    event = Event.objects.get(verb="enterprise.merged")
    assert event.data["moved"]["problems.problem.enterprise"] == [problem.pk]
    assert refusal_of(lifecycle.merge, duplicate, target, by=officer, on=on) == "merged"


def test_merging_needs_an_officer_over_both(world):
    pair = world.own.enterprises[0], world.other.enterprises[0]
    assert refusal_of(lifecycle.merge, *pair, by=world.actor("county_officer"), on=DAY) == "not_keeper"
    assert refusal_of(lifecycle.merge, pair[0], pair[0], by=SYSTEM, on=DAY) == "itself"
