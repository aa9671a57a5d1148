"""The clock moved through sixty days: each threshold once for each leg in the inbox and in the channel, none outside
office hours, none lost when the worker was down for a day or was killed."""

import datetime as dt
from collections import Counter

import pytest

from core import clock, workdays
from core.clock import SHANGHAI, at_local
from notices import deliveries, digests
from notices import drain as marks
from notices.models import Delivery, Digest, Notice, Pending
from problems import lifecycle
from problems.models import Reminder
from problems.supervision import ladder
from tests import factories as make
from tests.problems.steps import raised

pytestmark = pytest.mark.django_db

# Ten days before the October holiday of 2026, which begins on Thursday 1 October.
BEGIN = dt.date(2026, 9, 21)
DOWN = dt.date(2026, 9, 29)
FIRED = ("slip", "reminder")


def in_office(moment) -> bool:
    local = moment.astimezone(SHANGHAI)
    return workdays.current().is_workday(local.date()) and dt.time(8, 30) <= local.time() < dt.time(17, 30)


def act(world, problems, local):
    """What people do on these days: assign both, hand one on to a second unit."""
    officer = world.actor("county_officer")
    if (local.date(), local.hour) == (BEGIN + dt.timedelta(days=1), 10):
        for one in problems:
            lifecycle.accept(one, by=world.actor("chain_secretary"))
            lifecycle.assign(one, by=officer, team=world.own.team, codepartments=[world.own.departments[0]])
    if (local.date(), local.hour) == (dt.date(2026, 10, 14), 10):
        lifecycle.transfer(problems[1], by=officer, department=world.own.departments[1], reason="职责调整")


def test_sixty_days(world, at, channel, robot, post_office):
    second = make.UserFactory(name="工信承办", username="second.yunling", email="second@county.example")
    make.PostFactory(user=second, role="department_officer", department=world.own.departments[1])
    at(at_local(BEGIN))
    problems = [raised(world, at=at_local(BEGIN)), raised(world, at=at_local(BEGIN), title="用电增容")]
    arrived, mailed = [], []
    for hour in range(0, 60 * 24, 2):
        moment = at_local(BEGIN) + dt.timedelta(hours=hour, minutes=40) - dt.timedelta(hours=1)
        at(moment)
        local = moment.astimezone(SHANGHAI)
        act(world, problems, local)
        if local.date() == DOWN:
            continue
        ladder.run()
        marks.drain()
        before, mails = len(robot.got), len(post_office.mails)
        deliveries.run()
        deliveries.run()
        digests.run()
        arrived += [moment] * (len(robot.got) - before)
        mailed += [moment] * (len(post_office.mails) - mails)
    told = check_inbox(world)
    check_channel(told, robot, arrived)
    check_mail(second, mailed)
    days = {
        notice.created_at.astimezone(SHANGHAI).date() for notice in Notice.objects.filter(key__startswith="reminder")
    }
    assert DOWN not in days and dt.date(2026, 9, 30) in days, "what was due while the worker was down came next morning"
    assert not Pending.objects.exists()


def check_inbox(world) -> set:
    """Every moment of every limit is told once to each who owes the step, by its strongest threshold."""
    strongest = {}
    for row in Reminder.objects.select_related("limit__assignment").order_by("pk"):
        best = strongest.get((row.limit_id, row.fired_at))
        key = (ladder.STRENGTH[row.act], row.threshold, row.pk)
        if best is None or key > best[0]:
            strongest[row.limit_id, row.fired_at] = (key, row)
    told = {f"reminder:{row.pk}" for _key, row in strongest.values()}
    found = Counter(Notice.objects.filter(key__startswith="reminder").values_list("key", "user__username"))
    assert set(found.values()) == {1}
    assert {key for key, _user in found} == told and len(told) > 15
    assert all(in_office(notice.created_at) for notice in Notice.objects.filter(key__startswith="reminder"))
    legs = {}
    for _key, row in strongest.values():
        if row.limit.step == "resolve" and row.problem.title == "用电增容":
            legs.setdefault(row.limit.assignment.unit.name, set()).add(f"reminder:{row.pk}")
    team = {key for key, user in found if user == "team_member.yunling"}
    assert legs["云岭县营商帮办团"] <= team and legs["云岭县工信局"] <= {
        k for k, user in found if user == "second.yunling"
    }
    assert not legs["云岭县工信局"] & team, "the second unit's own time is the second unit's"
    return told


def check_channel(told, robot, arrived):
    """Each message arrived once, in office hours, and nothing waits."""
    sent = set(Delivery.objects.filter(state="sent").values_list("key", flat=True))
    assert told <= sent and not Delivery.objects.exclude(state="sent").exists()
    assert len(robot.got) == Delivery.objects.count() == len(arrived)
    assert all(in_office(moment) for moment in arrived)
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def check_mail(second, mailed):
    """At most one mail a day, on the first look after the opening, never empty."""
    assert mailed and len({moment.date() for moment in mailed}) == len(mailed) == Digest.objects.count()
    assert all(in_office(moment) and moment.astimezone(SHANGHAI).hour == 8 for moment in mailed)
    counts = list(Digest.objects.values_list("user_id", "count"))
    assert all(user == second.pk and count > 0 for user, count in counts)
    assert sum(count for _user, count in counts) == Notice.objects.filter(user=second).exclude(digest=None).count()


def test_the_ladder_and_the_worker_speak_of_the_same_day(world, at, told):
    """Down for three days, everything of the meantime is told once, by the strongest threshold of each limit."""
    at(at_local(BEGIN))
    problem = raised(world, at=at_local(BEGIN))
    at(at_local(BEGIN + dt.timedelta(days=7), 10))
    ladder.run()
    ladder.run(clock.now() + dt.timedelta(minutes=3))
    marks.drain()
    assert Notice.objects.filter(problem=problem).count() == 1
    assert Notice.objects.get().code == "slip_issued"
