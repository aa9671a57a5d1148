"""The dictionary of figures holds the common vocabulary of the alliances: what is counted under its code, what is
entered, and what the product has nothing to count from."""

import pytest
from django.urls import reverse

from closing.models import EnteredKind
from indicators import declarations

# The 43 metrics of the merged vocabulary with how each adds up over time: as a sum, as different things, as the last
# value or as a share.
VOCABULARY = {
    "sum": (
        "meetings inspections problems_helped_times theory_study lectures theme_party_days party_lessons credit_issued "
        "social_capital agreements_amount attraction_trips funds_in_place loss_recovered"
    ),
    "distinct": (
        "key_chains chain_committees party_orgs party_members new_party_members member_enterprises matters_decided "
        "enterprises_visited problems_raised problems_solved finance_problems_solved help_teams plans_provided "
        "officers liaison_leaders trainings_people venues pioneer_units commendations finance_pairs agreements "
        "attraction_projects reserve_projects talent_recruited rights_cases returned_enterprises"
    ),
    "last": "employees macro_growth",
    "ratio": "rating_coverage project_start_rate",
}
KINDS = {"sum": {"flow"}, "distinct": {"flow", "stock", "distinct"}, "last": {"stock"}, "ratio": {"ratio"}}
# Why there is no figure under this code.
MISSING = {
    "new_party_members": "organisations record how many members they have, not who was admitted when",
    "problems_helped_times": "the ledger has problems and their assignments, not single acts of help",
    "plans_provided": "a plan is a text of an entry's handling, not a thing of its own with a date",
    "rights_cases": "cases of protecting rights are the work of another body, kept in its own register",
    "loss_recovered": "as rights_cases",
    "returned_enterprises": "of an enterprise no founder is recorded; projects of returned people have a kind",
    "macro_growth": "the statistics office's: entered, by the kinds below",
}
ENTERED = ["gdp_growth", "industry_growth", "investment_growth", "revenue_growth", "urban_income_growth"]
ENTERED += ["rural_income_growth"]


@pytest.mark.django_db
def test_the_dictionary_holds_every_metric_that_is_counted_and_the_rest_has_a_reason(world, client_of):
    wanted = {code: way for way, codes in VOCABULARY.items() for code in codes.split()}
    declared = {one.code: one for one in declarations.indicators()}
    assert len(wanted) == 43 and set(wanted) - set(declared) == set(MISSING)
    wrong = {code: declared[code].kind for code in wanted if code in declared}
    assert {code: kind for code, kind in wrong.items() if kind not in KINDS[wanted[code]]} == {}
    assert set(ENTERED) <= set(EnteredKind.objects.filter(region=None, is_active=True).values_list("code", flat=True))
    page = client_of("county_officer").get(reverse("indicators:dictionary"))
    lines = {
        line["one"]["code"] if isinstance(line["one"], dict) else line["one"].code
        for line in page.context["indicators"]
    }
    assert set(wanted) - set(MISSING) | set(ENTERED) <= lines
