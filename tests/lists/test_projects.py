"""Projects from a lead to full capacity and back, their money and services; finance; the figures of both."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from alliances.figure_scopes import scope_of
from audit.models import Event
from audit.records import version
from core.actor import SYSTEM
from core.clock import today
from core.periods import Month, Period
from core.transitions import Conflict, Refused
from enterprises import lifecycle as firms
from indicators import check, figures, scopes
from indicators.drain import drain
from meetings.models import Matter
from services.lifecycle import projects
from services.models import FinanceProduct, FundArrival, Loan, Project, ProjectService
from tests import factories
from tests.lists import project_makers as make
from tests.lists.makers import ago

pytestmark = pytest.mark.django_db


def test_a_project_goes_its_way_and_back(world):
    firm, secretary = world.own.enterprises[0], world.actor("chain_secretary")
    row = make.project(firm, secretary, steps=6)
    assert (row.state, row.agreement_amount, row.committee) == ("capacity", Decimal("1500.5"), world.own.committees[0])
    assert [getattr(row, name) for name in ("negotiated_on", "signed_on", "capacity_on")] == [ago(90), ago(80), ago(40)]
    back = projects.step_back(row, reason="填错了", by=secretary)
    assert (back.state, back.capacity_on) == ("producing", None)
    stopped = projects.stop(back, on=today(), reason="资金未到位", by=secretary)
    assert (stopped.state, stopped.out_of_reserve_on) == ("stopped", ago(60)), "it had started before it stopped"
    assert projects.step_back(stopped, reason="误操作", by=secretary).state == "producing"
    verbs = Event.objects.of(row).order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["project.stepped_back", "project.stopped", "project.stepped_back"]


def test_steps_are_refused_out_of_order_without_amount_or_right_day(world):
    firm, officer = world.own.enterprises[0], world.actor("county_officer")
    row = make.project(firm, officer)
    seen = version(row)
    with pytest.raises(Refused, match="线索"):
        projects.step(row, "start", on=today(), by=officer)
    with pytest.raises(Refused, match="不能早于"):
        projects.step(row, "negotiate", on=ago(200), by=officer)
    with pytest.raises(Refused, match="不能晚于今天"):
        projects.step(row, "negotiate", on=ago(-1), by=officer)
    projects.step(row, "negotiate", on=ago(50), by=officer)
    with pytest.raises(Conflict):
        projects.step(row, "sign", on=today(), amount=Decimal(1), by=officer, seen=seen)
    with pytest.raises(Refused, match="协议金额"):
        projects.step(row, "sign", on=today(), by=officer)
    with pytest.raises(Refused, match="原因"):
        projects.stop(row, on=today(), reason=" ", by=officer)
    for stranger in ("branch_secretary", "stranger_officer", "stranger_secretary", "leader"):
        with pytest.raises(Refused, match="维护"):
            projects.step(row, "sign", on=today(), amount=Decimal(1), by=world.actor(stranger))
    assert not Project.objects.visible_to(world.actor("stranger_officer")).exists()
    for wrong in ({"state": "signed"}, {"stopped_on": today()}, {"negotiated_on": None}, {"agreement_amount": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Project.objects.filter(pk=row.pk).update(**wrong)


def test_money_services_notes_and_the_committee(world):
    own, secretary = world.own, world.actor("chain_secretary")
    row = make.project(own.enterprises[0], secretary, steps=2)
    money = {"amount": Decimal("100.25"), "arrived_on": ago(5), "origin": "企业自筹"}
    projects.add_arrival(row, money, by=secretary)
    with pytest.raises(Refused, match="写明原因"):
        projects.add_arrival(row, {**money, "amount": Decimal(-1)}, by=secretary)
    projects.add_arrival(row, {**money, "amount": Decimal("-0.25"), "note": "多记"}, by=secretary)
    first, second = (
        factories.PartyOrganisationFactory(region=own.region, name=name) for name in ("招商支部", "落地支部")
    )
    one = projects.attach(row, {"organisation": first, "part": "attraction", "from_on": ago(9)}, by=secretary)
    with pytest.raises(Refused, match="已在这一阶段"):
        projects.attach(row, {"organisation": first, "part": "attraction", "from_on": ago(9)}, by=secretary)
    hand = {"organisation": second, "part": "landing", "from_on": ago(2), "hands_over": one}
    projects.attach(row, hand, by=secretary)
    assert list(ProjectService.objects.values_list("organisation__name", "until_on")) == [
        ("招商支部", ago(2)), ("落地支部", None)
    ]  # fmt: skip
    projects.add_note(row, held_on=today(), text="用地手续本周办结。", by=secretary)
    projects.convene(row, reason="研究用地", by=secretary)
    matter = Matter.objects.get()
    assert (matter.committee, row.name in matter.title, matter.text) == (own.committees[0], True, "研究用地")
    firms.change_region(own.enterprises[0], own.towns[1], by=SYSTEM)
    assert {one.region for one in FundArrival.objects.all()} == {Project.objects.get().region} == {own.towns[1]}


def test_loans_ratings_and_capital(world):
    firm, secretary = world.own.enterprises[0], world.actor("chain_secretary")
    old = make.rating(firm, secretary)
    make.rating(firm, secretary, rated_on=ago(10))
    old.refresh_from_db()
    assert old.until_on == ago(10), "the next one ends it"
    with pytest.raises(Refused, match="更新的评级"):
        make.rating(firm, secretary, rated_on=ago(20))
    assert make.loan(firm, secretary, "loan-gov-bank").counts_as == "gov_bank"
    with pytest.raises(Refused, match="类别"):
        make.loan(firm, secretary, "borrower-operator")
    with pytest.raises(Refused):
        make.loan(firm, world.actor("branch_secretary"))
    with pytest.raises(IntegrityError), transaction.atomic():
        make.loan(firm, borrower="某合作社", borrower_kind=make.kind("borrower-collective"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.update(amount=0)
    with pytest.raises(Refused, match="不能晚于今天"):
        make.capital(firm, attracted_on=ago(-2))
    firms.save_enterprise(firm, {"left_on": today()}, by=SYSTEM)
    assert firm.credit_ratings.filter(until_on=None).count() == 0
    with pytest.raises(Refused, match="退出"):  # the row is read afresh under its lock
        make.loan(firm)


def test_a_branch_secretary_sees_the_credit_products_of_the_own_line_that_are_on_offer(world):
    secretary, own = world.actor("branch_secretary"), world.own
    shown = make.product(own.region, name="牧兴贷")
    make.product(own.region, name="已停", closed_on=ago(3))
    make.product(world.other.region, name="外县")
    make.product(own.towns[1], name="外乡镇")
    assert [one.name for one in FinanceProduct.objects.visible_to(secretary)] == [shown.name]
    assert FinanceProduct.objects.visible_to(world.actor("county_officer")).count() == 3
    for person in ("team_member", "department_officer"):
        assert not FinanceProduct.objects.visible_to(world.actor(person)).exists()


def test_figures_are_exact_and_those_of_a_plain_count(world):
    own, officer = world.own, world.actor("county_officer")
    first, second, third = own.enterprises
    row = make.project(first, steps=4, listed_on=ago(95))
    make.project(second, steps=2, amount="0.0001", listed_on=ago(95))
    make.project(third, code="project-reserve-city")
    make.project(None, code="project-reserve-county", region=own.region, steps=4)
    for amount in ("0.1", "0.2", "99999.7"):
        projects.add_arrival(row, {"amount": Decimal(amount), "arrived_on": ago(3), "origin": "自筹"}, by=SYSTEM)
    make.loan(first, amount="1000.0001")
    make.loan(code="loan-guaranteed", region=own.region, borrower="红石村合作社", amount="0.0002",
              borrower_kind=make.kind("borrower-collective"))  # fmt: skip
    make.capital(first)
    make.rating(first)
    make.product(own.region)
    drain()
    assert not check.compare().differences
    period, scope = Period(Month.of(ago(110)), Month.of(today())), scope_of(own.region)
    expected = {
        "agreements": 3, "agreements_amount": Decimal("3001.0001"), "attraction_projects": 1, "attraction_followed": 2,
        "funds_in_place": 100000, "projects_listed": 2, "projects_started": 1, "project_start_rate": 50,
        "reserve_projects": 1, "credit_issued": Decimal("1000.0003"), "guaranteed_loans": Decimal("0.0002"),
        "social_capital": Decimal("800.0001"), "finance_products": 1, "rated_enterprises": 1,
    }  # fmt: skip
    read = figures.read([*expected, "rating_coverage"], scope, period)
    assert {code: read[code].value for code in expected} == expected
    assert read["rating_coverage"].numerator == 1 and read["rating_coverage"].denominator == 3
    units = {code: str(read[code].unit) for code in ("agreements_amount", "funds_in_place", "credit_issued")}
    assert set(units.values()) == {"万元"}, "amounts are told in the unit in which they are kept"
    rows = figures.rows("credit_issued", scope, period, officer)
    assert sum(one.figure_amount for one in rows) == expected["credit_issued"]
    other = figures.read(list(expected), scopes.committee_scope(own.committees[0].pk, ""), period)
    assert other["funds_in_place"].value == 100000 and other["credit_issued"].value == Decimal("1000.0001")
    projects.step_back(projects.step_back(projects.step_back(row, reason="误", by=SYSTEM), reason="误", by=SYSTEM),
                       reason="误", by=SYSTEM)  # fmt: skip
    drain()
    assert not check.compare().differences
    assert figures.read(["agreements_amount"], scope, period)["agreements_amount"].value == Decimal("1500.5001")
