"""The figures rolled up from the city's records equal those published, one by one."""

import sys
from decimal import Decimal

import pytest

from chains.models import Chain
from core.periods import Period
from demo.pingliang import published
from indicators import check, figures, scopes

PUBLISHED = published()
PERIOD = Period.parse(PUBLISHED["period"])
# Every figure of the published page, by its key there: each is compared or has a reason why it is not.
KEYS = [
    "key_chains",
    "chain_committees",
    "grassroots_orgs",
    "party_members",
    "employees",
    "enterprises",
    "meetings_per_chain_min",
    "inspections",
    "enterprises_visited",
    "problems_collected",
    "matters_decided",
    "theory_study",
    "policy_lectures",
    "theme_party_days",
    "party_lessons_by_secretary",
    "service_centres",
    "activity_rooms",
    "incubation_centres",
    "model_workshops",
    "member_led_innovation",
    "commendations",
    "demo_projects_per_year",
    "help_teams",
    "plans_provided",
    "enterprises_given_plans",
    "finance_paired_enterprises",
    "social_capital",
    "credit_issued",
    "case_central_funds",
    "case_road_hardened",
    "case_drain",
    "case_sand_road",
    "case_chilli_plant_invest",
    "case_chilli_plant_capacity",
    "case_pickled_line",
    "case_potato_plantlets",
    "case_potato_minitubers",
    "case_potato_output",
    "cloud_promo_enterprises",
    "cloud_promo_projects",
    "cloud_promo_amount",
    "fair_projects",
    "fair_amount",
    "attraction_projects",
    "funds_in_place",
    "investment_list_projects",
    "investment_list_started",
    "start_rate",
    "major_started",
    "major_start_rate",
    "stabilise_investment_measures",
    "gdp_growth_h1",
    "industry_growth_h1",
    "fai_growth_h1",
    "budget_revenue_growth_h1",
    "urban_income_growth_h1",
    "rural_income_growth_h1",
    "contribution_award_quarters",
    "wind_case",
    "polypropylene_case",
]


def value(code: str, scope: str = PUBLISHED["scope"]):
    return figures.read([code], scopes.parse(scope), PERIOD)[code].value


def rounded(number, divisor: int = 1, places: int = 0) -> Decimal:
    return (Decimal(number) / divisor).quantize(Decimal(1).scaleb(-places))


def test_every_published_key_is_compared_or_has_a_reason():
    compared = {one["key"] for one in PUBLISHED["compared"]}
    not_held = PUBLISHED["not_held"]["keys"]
    assert compared | set(not_held) == set(KEYS)
    assert not compared & set(not_held)
    assert all(len(reason) > 20 for reason in not_held.values())


@pytest.mark.parametrize("one", PUBLISHED["compared"], ids=lambda one: one["indicator"])
def test_published_figure(pingliang, one):
    if one.get("each") == "chain":
        values = [value(one["indicator"], f"chain:{pk}") for pk in Chain.objects.values_list("pk", flat=True)]
        assert len(values) == 9
        assert min(values) >= one["value"]
        return
    found = rounded(value(one["indicator"]), one.get("divisor", 1), one.get("places", 0))
    assert found == Decimal(str(one["value"]))


@pytest.mark.parametrize("one", PUBLISHED["derived"], ids=lambda one: one["numerator"])
def test_figure_that_follows(pingliang, one):
    ratio = Decimal(value(one["numerator"])) * one["factor"] / value(one["denominator"])
    assert rounded(ratio, 1, one["places"]) == Decimal(str(one["value"]))


def test_comparison_as_a_table(pingliang, capsys):
    """Prints what was compared and what is not held yet, with the reasons."""
    equal = 0

    def say(line=""):
        sys.stdout.write(line + "\n")

    with capsys.disabled():
        say()
        for one in PUBLISHED["compared"]:
            found = value(one["indicator"])
            fits = one.get("each") or rounded(found, one.get("divisor", 1), one.get("places", 0)) == Decimal(
                str(one["value"])
            )
            equal += bool(fits)
            sign = "≥" if one["comparison"] == "ge" else "="
            scope = "each chain" if one.get("each") else "city"
            say(f"  {one['indicator']:20} published {sign} {one['value']} {one['unit']}, rolled up {found} ({scope})")
        say(f"  compared {len(PUBLISHED['compared'])}, equal {equal}, not held {len(PUBLISHED['not_held']['keys'])}:")
        for key, reason in PUBLISHED["not_held"]["keys"].items():
            say(f"    {key:30} {reason}")
    assert equal == len(PUBLISHED["compared"])


def test_figures_are_those_of_a_straight_count(pingliang):
    assert not check.compare().differences


def test_records_below_add_up(pingliang):
    """The counties' problems add up to the city's, and so do the chains'."""
    whole = value("problems_raised")
    assert sum(value("problems_raised", f"region:{code}") for code in
               ("620802", "620821", "620822", "620823", "620825", "620826", "620881")) == whole  # fmt: skip
    chains = Chain.objects.values_list("pk", flat=True)
    assert sum(value("problems_raised", f"chain:{pk}") for pk in chains) == whole
