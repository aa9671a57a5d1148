"""Products find each other on a chain; talent counts by numbers; figures equal a plain count."""

import pytest
from django.db import IntegrityError, transaction

from alliances.figure_scopes import scope_of
from core.clock import today
from core.periods import Month, Period
from core.transitions import Refused
from indicators import check, figures, scopes
from indicators.drain import drain
from services import matching
from services.lifecycle import catalogue, lists, offers
from services.models import Product, TalentHire
from tests.lists import makers as make

pytestmark = pytest.mark.django_db


def test_firms_of_a_chain_find_each_other(world):
    first, second, third = world.own.enterprises
    bought = make.product(first, "真空包装袋", "buys", quantity="每月二十万只")
    same = make.product(second, "真空 包装袋".replace(" ", ""), "makes")
    like = make.product(third, "食品真空包装袋", "makes")
    make.product(second, "冷冻牛肉", "makes")
    make.product(world.other.enterprises[0], "真空包装袋", "makes")
    officer = world.actor("county_officer")
    found = matching.counterparts(bought, officer)
    assert [(one.product, one.same_chain) for one in found] == [(same, True), (like, False)]
    assert found[0].share == 1.0 > found[1].share
    secretary = world.actor("branch_secretary")
    assert [one.product for one in matching.counterparts(bought, secretary)] == [same], "the own chain, and no more"
    assert [(product, len(makers)) for product, makers in matching.supply_of(first, officer)] == [(bought, 2)]
    assert matching.counterparts(like, officer)[0].product == bought
    assert not Product.objects.visible_to(world.actor("stranger_secretary")).filter(pk=same.pk).exists()
    catalogue.save_product(same, {"ends_on": today()}, by=world.actor("chain_secretary"))
    assert [one.product for one in matching.counterparts(bought, officer)] == [like]
    with pytest.raises(IntegrityError), transaction.atomic():
        make.product(first, "真空包装袋", "buys")
    with pytest.raises(Refused):
        make.product(second, by=secretary)


def test_talent_is_counted_by_numbers_and_belongs_to_its_post(world):
    first, second, _third = world.own.enterprises
    secretary = world.actor("branch_secretary")
    post = make.need(first, secretary, number=3)
    hired = make.hire(first, secretary, number=2, need=post)
    assert (hired.counts_as, hired.committee) == ("technician", world.own.committees[0])
    with pytest.raises(Refused, match="不是这家企业"):
        make.hire(second, need=post)
    with pytest.raises(Refused):
        make.hire(second, secretary)
    assert list(TalentHire.objects.visible_to(world.actor("chain_secretary"))) == [hired]
    assert not TalentHire.objects.visible_to(world.actor("stranger_officer")).exists()


def test_the_figures_are_their_rows(world):
    own, officer = world.own, world.actor("county_officer")
    first, second, third = own.enterprises
    met, open_one = make.demand(first), make.demand(second, code="labour", title="夏季用工三十人")
    make.demand(third, valid_until=make.ago(1))
    offer = make.resource(own.region)
    lists.confirm(met, offer, by=officer)
    lists.confirm(open_one, offer, by=officer)
    lists.set_aside(open_one, offer, reason="不是资金", by=officer)
    lists.meet(met, on=today(), outcome="放款", by=officer)
    policy = make.policy(own.region)
    make.measure(policy, number=1), make.measure(policy, number=2)
    offers.close_offer(make.policy(own.region, document_number="旧"), on=today(), by=officer)
    make.product(first), make.product(first, role="buys")
    make.need(first, number=3), make.need(second, number=4)
    make.hire(first, number=2), make.hire(first, number=1, code="doctor"), make.hire(second, number=5)
    drain()
    scope, period = scope_of(own.region), Period(Month.of(make.ago(60)), Month.of(today()))
    wanted = {
        "demands_raised": 3, "demands_open": 1, "demands_met": 1, "matches_confirmed": 1, "resources_in_force": 1,
        "policies_in_force": 1, "policy_measures": 2, "products_made": 1, "talent_shortages": 7, "talent_recruited": 8,
        "doctors_recruited": 1, "enterprises_given_talent": 2,
    }  # fmt: skip
    read = figures.read(list(wanted), scope, period)
    assert {code: read[code].value for code in wanted} == wanted
    for code in wanted:
        rows = figures.rows(code, scope, period, officer)
        assert sum(row.figure_amount for row in rows) == wanted[code], code
    committee = scopes.parse(f"committee:{own.committees[0].pk}")
    assert figures.read(["talent_recruited"], committee, period)["talent_recruited"].value == 8
    firm = scopes.parse(f"enterprise:{first.pk}")
    assert figures.read(["demands_met"], firm, period)["demands_met"].value == 1
    assert check.compare().differences == []
