"""Two people on one entry at once, on two real connections: one wins, the other is told, nothing is lost."""

import contextlib
import threading

import pytest
from django.db import connection, transaction

from audit.models import Event
from core.transitions import Conflict, Refused
from problems import lifecycle
from problems.lifecycle import machine
from problems.models import Problem, StateSpan
from tests.cast import build_world
from tests.problems.steps import raised

pytestmark = pytest.mark.django_db(transaction=True)


def race(*calls):
    """Run the calls at once, each on a connection of its own; answers what each gave or raised, in order."""
    results, gate = [None] * len(calls), threading.Barrier(len(calls))

    def run(place, call):
        try:
            gate.wait(timeout=10)
            results[place] = call()
        except Exception as error:  # told to the test
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def both(world, problem):
    return race(
        lambda: lifecycle.accept(problem.pk, by=world.actor("chain_secretary"), version=1),
        lambda: lifecycle.decline(problem.pk, by=world.actor("county_officer"), version=1, reason="重复"),
    )


def test_one_wins_and_the_other_is_told():
    world = build_world()
    for number in range(5):
        problem = raised(world, title=f"事项{number}")
        results = both(world, problem)
        problem.refresh_from_db()
        losers = [one for one in results if isinstance(one, Conflict)]
        assert len(losers) == 1, results
        assert problem.version == 2 and problem.state in ("accepted", "declined")
        assert [event.data["version"] for event in losers[0].events] == [2]
        assert Event.objects.of(problem).count() == 2
        assert StateSpan.objects.filter(problem=problem, ended_at=None).get().state == problem.state


def test_without_the_lock_a_change_would_be_lost(monkeypatch):
    """The proof that the test above can fail: with the lock off, both pass the version check and one is overwritten."""
    world = build_world()
    problem = raised(world)
    meet = threading.Barrier(2)

    @contextlib.contextmanager
    def unlocked(name, target, *, by, version, at=None):
        with transaction.atomic():
            seen = Problem.objects.select_related("region", "enterprise").get(pk=target)
            machine.check_version(seen, version)
            meet.wait(timeout=10)
            yield machine.Step(name, seen, by, machine.clock.now())

    monkeypatch.setattr("problems.lifecycle.intake.step", unlocked)
    monkeypatch.setattr(machine, "begin_span", lambda problem, at: None)
    results = both(world, problem)
    assert not any(isinstance(one, Refused) for one in results), results
    problem.refresh_from_db()
    assert problem.version == 2 and Event.objects.of(problem).count() == 3


def test_numbers_stay_unique_and_without_gaps():
    world = build_world()
    results = race(*[lambda n=n: raised(world, title=f"事项{n}") for n in range(6)])
    assert sorted(one.number for one in results) == [f"WT-990100-2026-{n:04d}" for n in range(1, 7)]


def test_a_failure_in_the_middle_leaves_nothing(monkeypatch):
    world = build_world()
    problem = raised(world)

    def broken(*args, **kwargs):
        raise RuntimeError("the trail is full")

    monkeypatch.setattr("problems.lifecycle.machine.trail.record", broken)
    with pytest.raises(RuntimeError):
        lifecycle.accept(problem, by=world.actor("chain_secretary"), version=1)
    problem.refresh_from_db()
    assert (problem.state, problem.version, problem.accepted_on) == ("submitted", 1, None)
    assert problem.spans.get().ended_at is None
