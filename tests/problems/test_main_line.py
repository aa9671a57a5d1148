"""The main job of the product, end to end, without pages."""

import datetime as dt

import pytest

from audit.models import Event
from core.transitions import Conflict, Refused
from problems import lifecycle
from problems.enums import State
from problems.models import Problem
from tests.problems.steps import MONDAY, day, in_state, raised

pytestmark = pytest.mark.django_db


def test_from_raising_to_closing(world):
    problem = in_state(world, State.CLOSED)
    problem.refresh_from_db()
    assert problem.number == "WT-990100-2026-0001"
    assert problem.closing_number == "XH-990100-2026-0001"
    assert problem.chain == world.own.chains[0] and problem.committee == world.own.committees[0]
    steps = [problem.submitted_on, problem.accepted_on, problem.assigned_on, problem.resolved_on, problem.rated_on]
    assert steps == [MONDAY + dt.timedelta(days=n) for n in (0, 1, 2, 4, 5)]
    assert problem.confirmed_on == problem.rated_on and problem.closed_on == MONDAY + dt.timedelta(days=6)
    assert problem.on_time is True and problem.handling_days == 2
    assert problem.outcome == "solved" and problem.ended_on == problem.closed_on
    verbs = list(Event.objects.of(problem).values_list("verb", flat=True))
    assert verbs == [f"problem.{v}" for v in ("raised", "accept", "assign", "sign", "resolve", "rate", "close")]
    assert problem.version == 7


def test_the_second_reader_is_told_what_changed(world):
    problem = raised(world)
    lifecycle.accept(problem, by=world.actor("chain_secretary"), version=1)
    with pytest.raises(Conflict) as caught:
        lifecycle.decline(problem, by=world.actor("county_officer"), version=1, reason="重复")
    assert [event.verb for event in caught.value.events] == ["problem.accept"]
    assert Problem.objects.get().state == State.ACCEPTED


def test_a_refusal_writes_nothing(world):
    problem = raised(world)
    with pytest.raises(Refused) as caught:
        lifecycle.accept(problem, by=world.actor("branch_secretary"))
    assert caught.value.refusal.code == "role" and str(caught.value.refusal.who_can)
    problem.refresh_from_db()
    assert (problem.state, problem.version, Event.objects.of(problem).count()) == (State.SUBMITTED, 1, 1)


def test_not_satisfied_goes_back_to_the_same_lead(world):
    problem = in_state(world, State.RESOLVED)
    again = lifecycle.rate(
        problem, by=world.actor("branch_secretary"), rating="not_satisfied", text="车还是不够", at=day(7)
    )
    assert (again.state, again.lead, again.reopened_times) == (State.IN_PROGRESS, world.own.team, 1)
    assert again.due_on == dt.date(2026, 3, 18) and again.confirmed_on is None
    done = lifecycle.resolve(again, by=world.actor("team_member"), outcome="solved", text="增派", at=day(8))
    assert done.resolved_on == MONDAY + dt.timedelta(days=4) and done.handling_days == 3
    rated = lifecycle.rate(done, by=world.actor("branch_secretary"), rating="basically", at=day(9))
    assert rated.confirmed_on == MONDAY + dt.timedelta(days=9)


@pytest.mark.parametrize("state", [s for s in State.values if s not in ("draft",)])
def test_every_state_can_be_reached(world, state):
    assert in_state(world, state).state == state
