"""Activities and visits by their rules: copies, what was collected, the guard between visits, one record a form."""

import datetime as dt
import uuid

import pytest

from core.clock import now, today
from core.transitions import Conflict, Refused
from meetings import lifecycle
from meetings.lifecycle import NearVisit
from meetings.models import Activity, ActivityKind
from problems.models import Problem

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def kind(code="visit"):
    return ActivityKind.objects.get(region=None, code=code)


def log(world, person="chain_secretary", **changes):
    values = {
        "region": world.own.region,
        "committee": world.own.committees[0],
        "kind": kind(),
        "title": "走访金牛牧业",
        "starts_at": now() - DAY,
        "enterprises": [world.own.enterprises[0]],
    } | changes
    return lifecycle.save_activity(None, by=world.actor(person), **values)


def test_a_visit_keeps_the_places_of_its_enterprises_and_what_was_collected(world):
    firm = world.own.enterprises[0]
    collected = {"enterprise": firm, "category": world.category, "title": "饲草短缺", "text": "冬季不够"}
    visit = log(world, problems=[collected], people=[{"category": "manager", "number": 2}])
    reached = visit.reached.get()
    assert (reached.region, reached.committee, reached.held_on, reached.state, reached.disturbs) == (
        firm.region, world.own.committees[0], today() - DAY, "done", True,
    )  # fmt: skip
    problem = visit.collected.get().problem
    assert (problem.source, problem.state, problem.submitted_on) == ("visit", "submitted", today() - DAY)
    moved = lifecycle.save_activity(
        visit, by=world.actor("county_officer"), region=world.own.region, committee=world.own.committees[0],
        starts_at=now() - 3 * DAY, enterprises=[firm], version=1,
    )  # fmt: skip
    assert moved.reached.get().held_on == today() - 3 * DAY and not moved.people.exists()
    with pytest.raises(Conflict):
        lifecycle.cancel_activity(visit, by=world.actor("chain_secretary"), reason="误登", version=1)
    lifecycle.cancel_activity(visit, by=world.actor("chain_secretary"), reason="误登", version=2)
    assert moved.reached.get().state == "cancelled" and Problem.objects.filter(pk=problem.pk).exists()


def test_nothing_is_kept_where_a_collected_problem_is_refused(world):
    foreign = {"enterprise": world.other.enterprises[0], "category": world.category, "title": "外县", "text": "外县"}
    with pytest.raises(Refused):
        log(world, problems=[foreign])
    assert not Activity.objects.exists() and not Problem.objects.exists()


def test_a_second_visit_within_the_guard_is_named_and_joined_or_explained(world):
    planned = log(world, starts_at=now() + 3 * DAY, done=False)
    for away, near in ((6, True), (7, False)):
        held = now() + (3 + away) * DAY
        if near:
            with pytest.raises(NearVisit, match="走访金牛牧业"):
                log(world, "county_officer", starts_at=held, done=False)
        else:
            log(world, "county_officer", starts_at=held, done=False)
    assert log(world, "county_officer", starts_at=now() + 2 * DAY, done=False, near_reason="安全生产急查").pk
    phone = log(world, starts_at=now() + 4 * DAY, done=False, mode="phone")
    assert phone.reached.get().mode == "phone"
    own = world.own.departments[0]
    joined = lifecycle.join_activity(planned, by=world.actor("department_officer"), unit={"department": own})
    assert joined.units.get().department == own
    with pytest.raises(Refused, match="已在参加单位中"):
        lifecycle.join_activity(planned, by=world.actor("department_officer"), unit={"department": own})
    with pytest.raises(Refused, match="任职的单位"):
        other = {"department": world.own.departments[1]}
        lifecycle.join_activity(planned, by=world.actor("department_officer"), unit=other)


def test_a_form_sent_twice_makes_one_record(world):
    key = uuid.uuid4()
    assert log(world, once_key=key).pk == log(world, once_key=key).pk
    with pytest.raises(Refused, match="刚刚已经保存"):
        log(world, "county_officer", once_key=key, near_reason="另有任务")


@pytest.mark.parametrize(
    ("person", "allowed"),
    [("county_officer", True), ("chain_secretary", True), ("department_officer", False), ("leader", False),
     ("branch_secretary", False), ("auditor", False), ("stranger_officer", False)],
)  # fmt: skip
def test_who_logs_for_a_committee(world, person, allowed):
    if allowed:
        assert log(world, person).state == "done"
    else:
        with pytest.raises(Refused):
            log(world, person)


def test_a_department_logs_its_own_visit_and_a_branch_its_own_party_day(world):
    visit = log(world, "department_officer", committee=None, units=[{"department": world.own.departments[0]}])
    assert visit in Activity.objects.visible_to(world.actor("department_officer"))
    assert visit in Activity.objects.visible_to(world.actor("branch_secretary"))
    assert visit not in Activity.objects.visible_to(world.actor("stranger_officer"))
    party_day = log(
        world, "branch_secretary", committee=None, kind=kind("theme_party_day"), organisation=world.own.organisation,
    )  # fmt: skip
    assert party_day.reached.get().enterprise == world.own.enterprises[0]
