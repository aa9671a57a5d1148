"""Rating rate and satisfaction rate are two figures; calls are counted; every figure opens its rows."""

import pytest

from core import clock
from core.actor import SYSTEM
from core.periods import Period
from indicators import check, figures, scopes
from indicators.drain import drain
from indicators.rows import rows
from problems import lifecycle
from problems.models import CallBack, Rulebook
from problems.voice import acting, call_backs, links
from tests.problems.steps import in_state

CODES = [
    "problems_resolved", "problems_rated", "problems_unrated", "problems_satisfied", "rating_rate",
    "satisfaction_rate", "problems_rated_signed_in", "problems_rated_link", "problems_rated_call_back", "call_backs",
    "call_backs_reached", "call_backs_solved", "call_back_rate", "call_back_solved_rate",
]  # fmt: skip


def resolved_now(world, number):
    problem = in_state(world, "in_progress", title=f"第{number}件")
    return lifecycle.resolve(problem, by=world.actor("team_member"), outcome="solved", text="已办")


@pytest.mark.django_db
def test_two_rates_and_the_calls(world):
    Rulebook.objects.update(call_back_share=100)
    enterprise, secretary = world.actor("branch_secretary"), world.actor("chain_secretary")
    entries = [resolved_now(world, number) for number in range(5)]
    # Signed in, by link, on the phone, and two that say nothing; one of these cannot be reached.
    lifecycle.rate(entries[0], by=enterprise, rating="satisfied")
    link, _token = links.make(entries[1], by=secretary)
    acting.rate(link, signed_in=acting.actor_for(entries[1], None, ""), rating="basically")
    calls = {call.problem_id: call for call in CallBack.objects.all()}
    call_backs.reached(calls[entries[2].pk], by=secretary, is_solved=True, rating="satisfied", text="好")
    call_backs.reached(calls[entries[3].pk], by=secretary, is_solved=True, text="没有表态")
    CallBack.objects.filter(pk=calls[entries[4].pk].pk).update(state="unreachable", done_on=clock.today())
    drain()
    period = Period.parse(clock.today().strftime("%Y-%m"))
    scope = scopes.region_scope(world.own.region.pk, world.own.region.code, "")
    found = figures.read(CODES, scope, period)
    told = {code: found[code].value for code in CODES}
    assert {code: told[code] for code in CODES if not code.endswith("rate")} == {
        "problems_resolved": 5, "problems_rated": 3, "problems_unrated": 2, "problems_satisfied": 3,
        "problems_rated_signed_in": 1, "problems_rated_link": 1, "problems_rated_call_back": 1,
        "call_backs": 5, "call_backs_reached": 2, "call_backs_solved": 2,
    }  # fmt: skip
    assert (told["rating_rate"], told["satisfaction_rate"]) == (60, 100)
    assert (told["call_back_rate"], told["call_back_solved_rate"]) == (40, 100)
    for code in CODES:
        if not code.endswith("rate"):
            assert len(rows(code, scope, period, SYSTEM)) == told[code], code
    assert check.compare().differences == []


@pytest.mark.django_db
def test_a_call_that_fell_away_is_not_due(world):
    Rulebook.objects.update(call_back_share=100)
    problem = resolved_now(world, 1)
    lifecycle.rate(problem, by=world.actor("branch_secretary"), rating="not_satisfied", text="没解决")
    drain()
    period = Period.parse(clock.today().strftime("%Y-%m"))
    scope = scopes.region_scope(world.own.region.pk, world.own.region.code, "")
    found = figures.read(["call_backs", "call_back_rate"], scope, period)
    assert (found["call_backs"].value, found["call_back_rate"].value) == (0, None)
