"""A demand from the enterprise's word to its end, and what the lists offer it."""

import datetime as dt

import pytest

from audit.models import Event
from core.clock import today
from core.transitions import Conflict, Refused
from enterprises import lifecycle as firms
from enterprises.models import Enterprise
from services import matching
from services.lifecycle import lists, offers
from services.models import Demand, Match, Policy, PolicyMeasure, Resource, ServiceKind
from tests.lists import makers as make
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db


def codes(suggestion):
    return {ground.code: ground.points for ground in suggestion.grounds}


def test_a_demand_is_matched_by_a_persons_word_and_met(world):
    own, firm = world.own, world.own.enterprises[0]
    secretary, keeper = world.actor("branch_secretary"), world.actor("chain_secretary")
    demand = make.demand(firm, secretary)
    assert (demand.region, demand.chain, demand.committee) == (firm.region, own.chains[0], own.committees[0])
    for_chain = make.resource(own.region, keeper, chain=own.chains[0], chains=[own.chains[0]])
    for_all = make.policy(own.region, audience="small")
    other_kind = make.resource(own.region, code="land", title="厂房租赁", text="")
    found = matching.suggest(demand, keeper)
    assert [one.target for one in found] == [for_chain, for_all], "another kind that shares no words is no suggestion"
    assert codes(found[0]) == {"kind": 40, "chain": 20, "region": 7, "words": codes(found[0])["words"]}
    assert found[0].points == sum(codes(found[0]).values()) > found[1].points
    assert codes(found[1])["every_chain"] == 5 and codes(found[1])["audience"] == 5
    assert "流动资金贷款" not in found[0].grounds[-1].about and "贷款" in found[0].grounds[-1].about

    lists.set_aside(demand, for_all, reason="已经享受过", by=secretary, grounds=found[1].kept)
    lists.confirm(demand, for_chain, by=keeper, grounds=found[0].kept)
    demand.refresh_from_db()
    assert demand.state == "matched" and matching.suggest(demand, keeper) == []
    lists.set_aside(demand, for_chain, reason="额度用完", by=keeper)
    demand.refresh_from_db()
    assert demand.state == "open" and Match.objects.get(resource=for_chain).confirmed_on is None
    lists.confirm(demand, other_kind, by=keeper)
    lists.meet(demand, on=today(), outcome="放款三百万元", by=secretary)
    demand.refresh_from_db()
    assert (demand.state, demand.ends_on) == ("met", today())
    with pytest.raises(Refused, match="已经办结"):
        lists.confirm(demand, for_chain, by=keeper)
    lists.reopen(demand, reason="放款又收回", by=keeper)
    demand.refresh_from_db()
    assert (demand.state, demand.ends_on, demand.outcome) == ("matched", None, "")
    verbs = list(Event.objects.filter(object_id=demand.pk, verb__startswith="demand.").values_list("verb", flat=True))
    assert {"demand.match_confirmed", "demand.match_set_aside", "demand.met", "demand.reopened"} <= set(verbs)


def test_a_suggestion_is_for_those_it_is_meant_for_and_in_force(world):
    own, firm = world.own, world.own.enterprises[0]
    demand, officer = make.demand(firm), world.actor("county_officer")
    make.resource(own.region, chains=[own.chains[1]])
    make.resource(own.region, audience="above_scale")
    make.resource(own.region, valid_until=make.ago(1))
    make.resource(own.region, from_on=today() + dt.timedelta(days=1))
    make.resource(world.other.region)
    organised = make.resource(own.towns[0], audience="organised")
    county_wide = make.resource(own.region, audience="organised")
    found = matching.suggest(demand, officer)
    assert [(one.target, codes(one)["region"]) for one in found] == [(organised, 10), (county_wide, 7)]
    own.organisation.dissolved_on = today()
    own.organisation.save()
    assert matching.suggest(demand, officer) == []


def test_what_was_solved_before_is_suggested_to_those_who_may_see_it(world):
    demand_category = world.category
    kind = make.kind("logistics")
    kind.category = demand_category
    kind.save()
    problem = in_state(world, "closed", title="冷链运输车辆不足")
    demand = make.demand(world.own.enterprises[1], code="logistics", title="需要冷链运输车辆")
    [found] = matching.suggest(demand, world.actor("chain_secretary"))
    assert (found.field, found.target) == ("solved", problem) and {"words", "category"} <= codes(found).keys()
    assert matching.find(demand, "solved", problem.pk, world.actor("stranger_officer")) is None
    lists.confirm(demand, problem, by=world.actor("chain_secretary"), grounds=found.kept)
    with pytest.raises(Refused, match="没有找到"):
        lists.confirm(make.demand(world.other.enterprises[0]), problem, by=world.actor("stranger_officer"))


def test_a_demand_becomes_an_entry_of_the_ledger_once(world):
    secretary = world.actor("branch_secretary")
    demand = make.demand(world.own.enterprises[0], secretary)
    problem = lists.hand_over(demand, by=secretary, category=demand.kind.category, title=demand.title, text=demand.text)
    demand.refresh_from_db()
    assert demand.problem == problem and problem.state == "submitted" and problem.chain == demand.chain
    with pytest.raises(Refused, match="已经转为问题"):
        lists.hand_over(demand, by=secretary, category=demand.kind.category, title="再提", text="再提")


def test_who_keeps_the_lists(world):
    own, firm = world.own, world.own.enterprises[0]
    officer, keeper, secretary = (world.actor(one) for one in ("county_officer", "chain_secretary", "branch_secretary"))
    demand = make.demand(firm, secretary)
    for refused in ("leader", "team_member", "stranger_officer", "stranger_secretary"):
        with pytest.raises(Refused):
            lists.withdraw(demand, on=today(), outcome="不要了", by=world.actor(refused))
    with pytest.raises(Refused):
        make.demand(own.enterprises[1], secretary)
    with pytest.raises(Refused):
        make.resource(own.region, keeper)
    with pytest.raises(Refused):
        make.resource(own.region, keeper, chain=own.chains[1])
    with pytest.raises(Refused):
        make.policy(own.region, secretary)
    mine = make.policy(own.region, keeper, chain=own.chains[0])
    coming = make.resource(own.region, officer, from_on=today() + dt.timedelta(days=1))
    assert mine.committee == own.committees[0]
    for person, policies, resources in [
        ("county_officer", {mine}, {coming}), ("chain_secretary", {mine}, set()), ("branch_secretary", {mine}, set()),
        ("team_member", set(), set()), ("stranger_officer", set(), set()), ("stranger_secretary", set(), set()),
        ("auditor", set(), set()),
    ]:  # fmt: skip
        actor = world.actor(person)
        assert set(Policy.objects.visible_to(actor)) == policies, person
        assert set(Resource.objects.visible_to(actor)) == resources, person
    offers.close_offer(mine, on=today(), by=keeper)
    assert not Policy.objects.visible_to(secretary).exists() and Policy.objects.visible_to(keeper).exists()
    assert set(Demand.objects.visible_to(keeper)) == {demand}
    assert not Demand.objects.visible_to(world.actor("stranger_officer")).exists()


def test_a_policy_fits_enterprises_and_its_measures_follow_it(world):
    own = world.own
    big = own.enterprises[1]
    big.is_above_scale = True
    big.save()
    officer, keeper = world.actor("county_officer"), world.actor("chain_secretary")
    policy = make.policy(own.region, officer, chains=[own.chains[0]], audience="above_scale")
    assert list(matching.fitting(policy, officer)) == [big] == list(matching.fitting(policy, keeper))
    assert not matching.fitting(policy, world.actor("stranger_officer")).exists()
    assert matching.policies_for(big, officer) == [policy] and matching.policies_for(own.enterprises[0], officer) == []
    measure = make.measure(policy, officer, department=own.departments[0])
    assert (measure.region, measure.from_on, measure.ends_on) == (own.region, policy.from_on, None)
    offers.save_policy(policy, {"valid_until": today(), "chain": own.chains[0]}, by=officer)
    measure.refresh_from_db()
    assert measure.ends_on == today() + dt.timedelta(days=1) and measure.committee == own.committees[0]
    with pytest.raises(Refused):
        offers.save_measure(policy, PolicyMeasure(), {"number": 2, "kind": policy.kind, "text": "x"},
                            by=world.actor("branch_secretary"))  # fmt: skip


def test_the_second_saver_is_told_and_a_kind_of_another_county_is_refused(world):
    from audit.records import version

    firm = world.own.enterprises[0]
    demand = make.demand(firm)
    seen = version(demand)
    lists.save_demand(demand, {"title": "改过的需求"}, by=world.actor("chain_secretary"), seen=seen)
    with pytest.raises(Conflict):
        lists.withdraw(demand, on=today(), outcome="不要了", by=world.actor("branch_secretary"), seen=seen)
    theirs = ServiceKind.objects.create(region=world.other.region, name="外县类别", code="other-own")
    with pytest.raises(Refused, match="不能使用"):
        lists.save_demand(demand, {"kind": theirs}, by=world.actor("chain_secretary"))
    with pytest.raises(Refused, match="日期"):
        lists.meet(demand, on=make.ago(400), outcome="早已满足", by=world.actor("chain_secretary"))


def test_rows_follow_their_enterprise_and_end_with_it(world):
    own, firm = world.own, world.own.enterprises[2]
    demand, product, need = make.demand(firm), make.product(firm), make.need(firm)
    lists.confirm(demand, make.resource(own.region), by=world.actor("county_officer"))
    hire = make.hire(firm)
    firms.change_region(Enterprise.objects.get(pk=firm.pk), own.towns[1], by=world.actor("county_officer"))
    for row in (demand, product, need, hire, Match.objects.get()):
        row.refresh_from_db()
        assert row.region == own.towns[1] and row.committee == own.committees[1]
    firm.refresh_from_db()
    firms.save_enterprise(firm, {"left_on": today()}, by=world.actor("county_officer"))
    for row in (demand, product, need):
        row.refresh_from_db()
        assert row.ends_on == today()
    assert demand.state == "withdrawn"
