"""Two people on one entry at once, on two real connections: one wins, the other is told, nothing is lost."""

import contextlib
import http.client
import re
import threading
import urllib.parse

import pytest
from django.db import connection, transaction

from audit.models import Event
from core.transitions import Conflict, Refused
from problems import lifecycle
from problems.lifecycle import machine
from problems.models import Problem, StateSpan
from tests.cast import CheckedClient, build_world
from tests.problems.steps import raised

pytestmark = pytest.mark.django_db(transaction=True)


def race(*calls):
    """Run the calls at once, each on a connection of its own; answers what each gave or raised, in order."""
    results, gate = [None] * len(calls), threading.Barrier(len(calls))

    def run(place, call):
        try:
            gate.wait(timeout=60)
            results[place] = call()
        except Exception as error:  # told to the test
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
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


CLIENTS = 40


def forty(world, problem) -> list:
    """As many sessions as clients, each of an officer or a secretary who has read the page at the same version."""
    people = [world.people[person] for person in ("county_officer", "chain_secretary")]
    sessions = []
    for number in range(CLIENTS):
        client = CheckedClient()
        client.force_login(people[number % 2], backend="accounts.backends.AccountBackend")
        page = client.get(f"{problem.get_absolute_url()}do/accept/").content.decode()
        form = {
            "csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1],
            "version": re.search(r'name="version" value="(\d+)"', page)[1],
            "note": f"第{number}人受理", "reason": f"第{number}人不予受理",
        }  # fmt: skip
        cookies = "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())
        sessions.append((("accept", "decline")[number % 3 == 0], form, cookies))
    return sessions


def post(url: str, form: dict, cookies: str) -> tuple[int, str]:
    """One real request on a connection of its own; redirects are not followed."""
    address = urllib.parse.urlsplit(url)
    talk = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies, "Referer": url}
    try:
        talk.request("POST", address.path, urllib.parse.urlencode(form), headers)
        answer = talk.getresponse()
        return answer.status, answer.read().decode()
    finally:
        talk.close()


def test_of_forty_clients_exactly_one_wins_and_each_other_is_shown_what_changed(server):
    """Over real HTTP against the real web server: forty sessions send their step on the version they have all read."""
    world = build_world()
    problem = raised(world)
    page = f"{server.url}{problem.get_absolute_url()}do"
    sent = [
        lambda name=name, form=form, cookies=cookies: post(f"{page}/{name}/", form, cookies)
        for name, form, cookies in forty(world, problem)
    ]
    answers = race(*sent)
    problem.refresh_from_db()
    won = [body for status, body in answers if status == 302]
    lost = [body for status, body in answers if status == 409]
    assert (len(won), len(lost)) == (1, CLIENTS - 1), [
        answer if isinstance(answer, Exception) else answer[0] for answer in answers
    ]
    assert problem.version == 2 and problem.state in ("accepted", "declined")
    assert Event.objects.of(problem).count() == 2 and problem.spans.count() == 2
    changed = "受理" if problem.state == "accepted" else "不予受理"
    by = Event.objects.of(problem).order_by("-id")[0].actor_name
    for body in lost:
        assert "本事项已被他人更新" in body and changed in body and by in body and "您填写的内容还在下面" in body


def test_of_forty_threads_without_the_lock_more_than_one_wins(monkeypatch):
    """The proof that the lock is what makes one win: all read before anybody writes, and none is told."""
    world = build_world()
    problem = raised(world)
    meet = threading.Barrier(CLIENTS)

    @contextlib.contextmanager
    def unlocked(name, target, *, by, version, at=None):
        with transaction.atomic():
            seen = Problem.objects.select_related("region", "enterprise").get(pk=target)
            machine.check_version(seen, version)
            meet.wait(timeout=60)
            yield machine.Step(name, seen, by, machine.clock.now())

    monkeypatch.setattr("problems.lifecycle.intake.step", unlocked)
    monkeypatch.setattr(machine, "begin_span", lambda problem, at: None)
    by = world.actor("chain_secretary")
    results = race(*[lambda: lifecycle.accept(problem.pk, by=by, version=1) for _client in range(CLIENTS)])
    winners = [one for one in results if isinstance(one, Problem)]
    problem.refresh_from_db()
    assert len(winners) > 1, results
    assert problem.version == 2, "all but one of them are lost"


def test_of_forty_threads_with_the_lock_exactly_one_wins():
    world = build_world()
    problem = raised(world)
    by = world.actor("chain_secretary")
    results = race(*[lambda: lifecycle.accept(problem.pk, by=by, version=1) for _client in range(CLIENTS)])
    assert [type(one).__name__ for one in results].count("Conflict") == CLIENTS - 1
    assert all([event.data["version"] for event in one.events] == [2] for one in results if isinstance(one, Conflict))


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
