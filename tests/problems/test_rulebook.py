"""The rulebook read and lived by: which rules hold, two published rule sets, limits by category, who does a step."""

import datetime as dt

import pytest

from core.clock import at_local
from core.transitions import Refused
from problems import lifecycle, rules
from problems.enums import Doer, LimitStep, Trigger
from problems.models import Category, Problem, Rulebook, RulebookLimit
from problems.rulebook import presets
from tests import factories as make
from tests.problems.rulebooks import past_book
from tests.problems.steps import MONDAY, day, in_state, raised

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2025, 1, 1)


# --- which rules hold ---------------------------------------------------------------------------------------------
def test_the_county_s_own_the_city_s_and_the_common_rules(world):
    town = world.own.towns[0]
    assert rules.rulebook_for(town, MONDAY).region is None
    city = past_book(world.city, dt.date(2026, 1, 1), ordinary_days=10)
    assert rules.rulebook_for(town, MONDAY) == city
    county = past_book(world.own.region, dt.date(2026, 2, 1), ordinary_days=5)
    assert rules.rulebook_for(town, MONDAY) == county
    assert rules.rulebook_for(world.other.region, MONDAY) == city, "the other county goes on with the city's"
    assert rules.rulebook_for(town, dt.date(2026, 1, 15)) == city, "the day before still has its own rules"
    assert rules.rulebook_for(town, dt.date(2025, 12, 31)).region is None


def test_the_shipped_rules_have_their_ladder():
    book = Rulebook.objects.get(region=None)
    assert book.preset == "shipped" and rules.ladder_of(book) == presets.LADDER
    assert rules.escalates_at(book, Trigger.OVERDUE) == 5 and rules.escalates_at(book, Trigger.BOUNCED) == 2
    assert rules.escalates_at(book, Trigger.WAITED) is None


def test_every_preset_is_valid_and_recognised(world):
    for preset in presets.VALUES:
        values = presets.values_of(preset)
        Rulebook(region=world.city, valid_from=MONDAY, **values).full_clean(
            exclude=["made_by", "made_at", "finished_at"]
        )
        assert presets.matching(values, [], presets.ladder_of(preset)) == preset
    assert presets.matching({**values, "sign_days": 9}, [], presets.LADDER) == ""


# --- the most exact limit -----------------------------------------------------------------------------------------
def test_the_most_exact_limit_wins(world):
    top = world.category
    middle = make.CategoryFactory(name="担保", code="t-middle", parent=top)
    deep = make.CategoryFactory(name="反担保", code="t-deep", parent=middle)
    other = make.CategoryFactory(name="用地", code="t-other")
    book = past_book(world.own.region, LONG_AGO, ordinary_days=7, complex_days=15)

    def limit(category, urgency, days):
        RulebookLimit.objects.create(rulebook=book, step="resolve", category=category, urgency=urgency, days=days)

    limit(top, "", 12)
    limit(middle, "complex", 20)
    limit(None, "urgent", 2)
    book = Rulebook.objects.get(pk=book.pk)
    asked = [(deep, "complex"), (deep, "ordinary"), (deep, "urgent"), (top, "complex"), (other, "urgent"),
             (other, "complex"), (None, "ordinary")]  # fmt: skip
    found = [rules.limit_days(book, LimitStep.RESOLVE, category, urgency) for category, urgency in asked]
    assert found == [20, 12, 12, 12, 2, 15, 7]
    assert rules.limit_days(book, LimitStep.SIGN, deep, "complex") == book.sign_days


def test_reading_limits_costs_one_query_a_book(world, django_assert_num_queries):
    book = past_book(world.own.region, LONG_AGO)
    with django_assert_num_queries(1):
        for step in LimitStep:
            rules.limit_days(book, step, world.category, "urgent")


def test_an_assignment_gets_the_limit_of_its_category(world):
    own = make.CategoryFactory(name="担保", code="t-own", parent=world.category)
    book = past_book(world.own.region, LONG_AGO, cohandler_days=3)
    RulebookLimit.objects.create(rulebook=book, step="resolve", category=world.category, days=12)
    RulebookLimit.objects.create(rulebook=book, step="cohandle", category=own, days=5)
    problem = in_state(world, "assigned", category=own)
    assert problem.due_on == dt.date(2026, 3, 20), "twelve working days from Wednesday the 4th"
    helper = next(leg for leg in problem.active_legs if not leg.is_lead)
    assert helper.due_on == dt.date(2026, 3, 11), "five"


# --- the two published rule sets, lived ---------------------------------------------------------------------------
def test_seven_days_for_the_lead_three_for_helpers_one_for_an_objection(world):
    past_book(world.own.region, LONG_AGO, "seven")
    officer, team = world.actor("county_officer"), world.actor("team_member")
    problem = in_state(world, "assigned")  # assigned on Wednesday 4 March
    assert problem.due_on == dt.date(2026, 3, 13)
    assert [leg.due_on for leg in problem.active_legs if not leg.is_lead] == [dt.date(2026, 3, 9)]
    with pytest.raises(Refused) as late:
        lifecycle.object_to(problem, by=team, ground="不属本单位", at=at_local(dt.date(2026, 3, 6)))
    assert late.value.refusal.code == "objection_window"
    problem = lifecycle.object_to(problem, by=team, ground="不属本单位", at=at_local(dt.date(2026, 3, 5)))
    problem = lifecycle.rule_on_objection(problem, by=officer, granted=False, ruling="继续办理", at=day(3, 15))
    problem = lifecycle.sign(problem, by=team, at=day(3, 16))
    last = dt.date(2026, 3, 12)
    with pytest.raises(Refused) as too_late:
        lifecycle.ask_extension(
            problem, by=team, new_due_on=dt.date(2026, 3, 20), reason="等检测", at=at_local(dt.date(2026, 3, 13))
        )
    assert too_late.value.refusal.code == "extension_late"
    problem = lifecycle.ask_extension(
        problem, by=team, new_due_on=dt.date(2026, 3, 20), reason="等检测", at=at_local(last)
    )
    problem = lifecycle.decide_extension(problem, by=officer, granted=True, at=at_local(last, 15))
    assert problem.due_on == dt.date(2026, 3, 20)


def test_assigned_within_three_answered_within_fifteen_complex_within_thirty(world):
    past_book(world.own.region, LONG_AGO, "fifteen")
    officer = world.actor("county_officer")
    accepted = in_state(world, "accepted")  # on Tuesday 3 March
    book = rules.rulebook_for(world.own.region, MONDAY)
    assert rules.limit_days(book, LimitStep.ASSIGN) == 3
    row = accepted.limits.get(step="assign", met_on=None, dropped_on=None)
    assert row.due_on == dt.date(2026, 3, 6)
    plain = lifecycle.assign(accepted, by=officer, team=world.own.team, at=day(2))
    assert plain.due_on == dt.date(2026, 3, 25), "fifteen working days from 4 March"
    hard = lifecycle.assign(in_state(world, "accepted"), by=officer, team=world.own.team, urgency="complex", at=day(2))
    assert hard.due_on == dt.date(2026, 4, 16), "thirty working days from 4 March, over Qingming"


# --- who does each step -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("column", "step", "state"),
    [
        ("accepted_by", "accept", "submitted"),
        ("accepted_by", "decline", "submitted"),
        ("assigned_by", "assign", "accepted"),
        ("assigned_by", "transfer", "in_progress"),
        ("decided_by", "suspend", "in_progress"),
        ("closed_by", "close", "resolved"),
    ],
)
def test_the_rulebook_says_who_does_a_step(world, column, step, state):
    problem = in_state(world, state)
    officer, secretary = world.actor("county_officer"), world.actor("chain_secretary")
    book = past_book(world.own.region, LONG_AGO)
    may = {Doer.KEEPER: (True, True), Doer.SECRETARY: (False, True), Doer.OFFICER: (True, False)}
    for doer, (by_officer, by_secretary) in may.items():
        Rulebook.objects.filter(pk=book.pk).update(**{column: doer})
        fresh = Problem.objects.get(pk=problem.pk)
        for actor, allowed in ((officer, by_officer), (secretary, by_secretary)):
            refusal = lifecycle.refusal_for(step, fresh, actor)
            if allowed:
                assert refusal is None or refusal.code not in ("role",), (doer, actor.name)
            else:
                assert refusal.code == "role" and str(refusal.who_can), (doer, actor.name)
                named = "链办" in str(refusal.who_can)
                assert named == (doer == Doer.SECRETARY), "the sentence names who can"


def test_what_waits_for_whom_follows_the_rulebook(world):
    from core.clock import today
    from problems import inbox

    problem = in_state(world, "accepted")
    book = past_book(world.own.region, LONG_AGO)
    for doer, people in (
        (Doer.OFFICER, {"county_officer"}),
        (Doer.KEEPER, {"county_officer", "chain_secretary"}),
        (Doer.SECRETARY, {"chain_secretary"}),
    ):
        Rulebook.objects.filter(pk=book.pk).update(assigned_by=doer)
        found = {
            person
            for person in ("county_officer", "chain_secretary")
            if problem in inbox.waiting(world.actor(person), "assign", Problem.objects.all(), today())
        }
        assert found == people


def test_without_a_committee_the_officer_does_what_the_secretary_would(world):
    past_book(world.own.region, LONG_AGO, accepted_by=Doer.SECRETARY)
    lone = make.EnterpriseFactory(region=world.own.towns[0], name="无链企业有限公司")
    problem = raised(world, by="county_officer", enterprise=lone)
    assert problem.committee_id is None
    assert lifecycle.refusal_for("accept", problem, world.actor("county_officer")) is None
    assert lifecycle.refusal_for("accept", problem, world.actor("stranger_officer")).code == "role"


def test_top_category_follows_the_whole_line(world):
    code, parent = world.category.code, world.category
    for depth in range(4):
        parent = make.CategoryFactory(name=f"第{depth}层", code=f"t-line-{depth}", parent=parent)
    problem = raised(world, category=parent)
    problem.refresh_from_db()
    assert problem.top_category == code
    assert Category.objects.get(pk=parent.pk).parent.parent is not None
