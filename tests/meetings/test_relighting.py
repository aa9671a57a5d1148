"""Lights of open decisions follow a later change of the calendar; their deadlines do not."""

import datetime as dt

import pytest

from audit.models import Event
from audit.sentences import sentence
from core import editions, workdays
from core.actor import SYSTEM
from core.clock import at_local
from meetings.models import Decision
from problems import tasks
from problems.lifecycle import recalculation
from tests import factories as make
from tests.problems.steps import MONDAY

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
FRIDAY, THURSDAY, WEDNESDAY, TUESDAY = (MONDAY + n * DAY for n in (11, 10, 9, 8))


def declare(days, kind="local_off", **fields):
    return editions.change(
        dict.fromkeys(days, kind), by=SYSTEM, reason="防汛放假", at=at_local(MONDAY + DAY), **fields
    )  # fmt: skip


@pytest.fixture
def decisions(world):
    """{what it is: a decision of Monday due on Friday of next week} in the own county, and one in the stranger's."""
    own, other = (
        make.MeetingFactory(committee=place.committees[0], held_on=MONDAY) for place in (world.own, world.other)
    )
    made = {
        "open": {},
        "late": {"decided_on": MONDAY - 14 * DAY, "due_on": MONDAY},
        "done": {"state": "done", "done_on": MONDAY, "ended_on": MONDAY},
    }
    found = {name: make.DecisionFactory(meeting=own, **{"due_on": FRIDAY} | more) for name, more in made.items()}
    return found | {"stranger": make.DecisionFactory(meeting=other, due_on=FRIDAY)}


def yellow(decisions):
    days = dict(Decision.objects.values_list("pk", "yellow_on"))
    return {name: days[row.pk] for name, row in decisions.items()}


def test_a_holiday_declared_later_moves_the_yellow_day_of_an_open_decision(world, decisions):
    before = yellow(decisions)
    assert before == dict.fromkeys(["open", "done", "stranger"], WEDNESDAY) | {"late": MONDAY - 3 * DAY}
    path, row = world.own.region.path, decisions["open"]
    line = next(
        one for one in editions.preview({THURSDAY: "local_off"}, path, TUESDAY) if one.url.endswith(f"/{row.pk}/")
    )
    assert (line.old, line.new, line.light_before[0], line.light_after[0]) == (FRIDAY, FRIDAY, "green", "yellow")
    edition = declare([THURSDAY], region_path=path)
    assert yellow(decisions) == before | {"open": TUESDAY}
    row.refresh_from_db()
    assert (row.due_on, row.light(TUESDAY)) == (FRIDAY, "yellow"), "the deadline is what the meeting said"
    event = Event.objects.get(verb="decision.recalculated")
    assert event.object_id == row.pk and event.data["changes"]["yellow_on"] == ["2026-03-11", "2026-03-10"]
    assert sentence(event) == f"因日历调整（第 {edition.number} 版），转黄灯日期改为 2026-03-10，期限不变"
    declare([MONDAY - 2 * DAY, WEDNESDAY - 7 * DAY], region_path=path)
    assert yellow(decisions)["late"] == before["late"], "missed stays missed"
    assert Event.objects.filter(verb="decision.recalculated").count() == 1, (
        "a day before it turns yellow counts nothing"
    )


def test_many_are_left_to_a_worker_who_may_be_killed_and_run_twice(world, decisions, monkeypatch):
    monkeypatch.setattr(recalculation, "DIRECTLY", 0)
    before = yellow(decisions)
    edition = declare([THURSDAY])
    assert yellow(decisions) == before, "a worker will"

    def dies(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(editions, "follow", dies)
        with pytest.raises(KeyboardInterrupt):
            tasks.recalculate()
    edition.refresh_from_db()
    assert edition.finished_at is None and yellow(decisions) == before
    tasks.recalculate()
    tasks.recalculate()
    assert yellow(decisions) == before | {"open": TUESDAY, "stranger": TUESDAY}
    assert Event.objects.filter(verb="decision.recalculated").count() == 2
    assert workdays.current().is_workday(THURSDAY) is False
