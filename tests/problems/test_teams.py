"""Help teams and departments at work: their numbers open their rows, small ones are not put in order."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import today
from problems import teams
from problems.filters import ProblemFilter
from problems.models import Problem
from problems.teams import Work, in_order
from tests.factories import PostFactory, UserFactory
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db


def work(world, who="county_officer", unit=None):
    return teams.work_of([unit or world.own.team], world.actor(who), today())[0]


def test_every_number_opens_exactly_its_rows(world):
    for state in ("assigned", "in_progress", "suspended", "resolved", "closed"):
        in_state(world, state)
    fresh = in_state(world, "assigned")
    Problem.objects.filter(pk=fresh.pk).update(
        due_on=today() + dt.timedelta(days=30), yellow_on=today() + dt.timedelta(9)
    )
    found, actor = work(world), world.actor("county_officer")
    key = f"team:{world.own.team.pk}"
    for light, number in found.lights.items():
        assert number == ProblemFilter({"unit": key, "light": light}, actor).queryset().count(), light
    assert found.open == ProblemFilter({"unit": key, "state": "open"}, actor).queryset().count() == 5
    assert found.lights == {"red": 2, "yellow": 0, "green": 1, "grey": 1}
    assert found.running == 3


def test_time_and_punctuality_need_enough_cases(world, monkeypatch):
    for _number in range(4):
        in_state(world, "closed")
    monkeypatch.setattr(teams, "LOOKBACK", 10_000)
    few = work(world)
    assert (few.resolved, few.median, few.on_time, few.few) == (4, None, None, True)
    in_state(world, "resolved")
    enough = work(world)
    days = sorted(Problem.objects.values_list("handling_days", flat=True))
    assert enough.resolved == 5
    assert enough.median == days[2]
    assert enough.on_time == 100.0


def test_a_stranger_sees_no_number(world):
    in_state(world, "in_progress")
    assert work(world, "stranger_officer").open == 0


def named(name, *, resolved=0, running=0, members=1, late=0):
    class Unit:
        pk = 1

    unit = Unit()
    unit.name = name
    made = Work(unit, "team:1", members=members, open=running, resolved=resolved)
    made.lights |= {"red": late, "green": running - late}
    return made


def test_units_with_few_cases_stand_last_by_name_and_are_not_put_in_order():
    works = [
        named("丙", running=4),
        named("甲", running=9),
        named("乙", running=30, members=10),
        named("丁", running=1),
    ]
    assert [one.unit.name for one in in_order(works, "load")] == ["甲", "乙", "丁", "丙"]
    assert in_order(works, "nonsense") == in_order(works, "load")


def test_what_each_person_holds_and_what_nobody_signed(world):
    held, waiting = in_state(world, "in_progress"), in_state(world, "assigned")
    people, unsigned = teams.people_of(world.own.team, world.actor("county_officer"), today())
    assert [(one.name, [entry.pk for entry in one.entries]) for one in people] == [("唐助企", [held.pk])]
    assert [entry.pk for entry in unsigned] == [waiting.pk]
    post = world.people["team_member"].posts.get()
    post.ended_on = today()
    post.save()
    people, _unsigned = teams.people_of(world.own.team, world.actor("county_officer"), today())
    assert [(one.name, one.gone) for one in people] == [("唐助企", True)]
    assert people[0].handover_url == reverse("accounts:handover", args=[post.pk])
    assert teams.people_of(world.own.team, world.actor("leader"), today())[0][0].handover_url == ""


def test_pages_show_it_in_a_fixed_number_of_statements(world, client_of):
    client = client_of("county_officer")
    addresses = [
        reverse("problems:team_list"), reverse("alliances:team_detail", args=[world.own.team.pk]),
        reverse("alliances:department_detail", args=[world.own.departments[0].pk]),
    ]  # fmt: skip
    in_state(world, "in_progress")
    counts = [count_of(client, address) for address in addresses]
    for number in range(4):
        in_state(world, "assigned")
        PostFactory(user=UserFactory(username=f"more{number}"), role="team_member", team=world.own.team)
    assert [count_of(client, address) for address in addresses] == counts
    page = client.get(addresses[1]).content.decode()
    assert "唐助企" in page
    assert "还没有人签收：4 件" in page
    assert "数量过少，不计算" in page
    assert f"unit=team%3A{world.own.team.pk}" in client.get(addresses[0]).content.decode()


def count_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_administrator_reads_the_department_and_nothing_of_the_ledger(world, client_of):
    entry = in_state(world, "in_progress")
    page = client_of("system_admin").get(reverse("alliances:department_detail", args=[world.own.departments[0].pk]))
    assert page.status_code == 200
    assert "各人承办" not in page.content.decode()
    assert entry.number not in page.content.decode()
