"""Meetings and decisions by their rules, told to the ledger, counted, and safe against two at once."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction

from core.clock import at_local, now, today
from core.transitions import Conflict, Refused
from meetings import lifecycle
from meetings.models import Decision, Meeting
from problems import lifecycle as ledger
from tests import factories as make

DAY = dt.timedelta(days=1)


@pytest.fixture
def secretary(world):
    return world.actor("chain_secretary")


def values(world, **changes):
    return {
        "committee": world.own.committees[0],
        "kind": make.meeting_kind(),
        "title": "党委会",
        "starts_at": now() - DAY,
        "place": "",
        "chair": "",
        "minutes": "",
        "attendance": [
            {"seat": seat, "name": seat.person, "unit": "", "presence": "present"} for seat in world.own.seats[:2]
        ],
        "decisions": [{"text": "落实饲草", "owner_name": "牛立群", "due_on": today() + DAY}],
    } | changes


@pytest.fixture
def problem(world):
    officer = world.actor("county_officer")
    raised = ledger.raise_problem(
        by=officer,
        enterprise=world.own.enterprises[0],
        category=world.category,
        title="饲草短缺",
        text="不足",
        chain=world.own.chains[0],
        at=at_local(today() - 20 * DAY),
    )
    return raised


def test_what_a_meeting_has_in_mind_goes_with_it_to_another_committee(world, secretary):
    officer, (_committee, other) = world.actor("county_officer"), world.own.committees
    decided = [{"text": "落实饲草", "owner_name": "牛立群", "due_on": today() + 9 * DAY}]
    coming = values(world, starts_at=now() + 3 * DAY, attendance=[], decisions=decided)
    meeting = lifecycle.save_meeting(None, by=officer, **coming)
    draft = meeting.decisions.get()
    assert draft.state == "draft" and Decision.objects.visible_to(secretary).filter(pk=draft.pk).exists()
    lifecycle.save_meeting(meeting, by=officer, **coming | {"committee": other, "decisions": None})
    draft.refresh_from_db()
    assert (draft.committee, draft.region_id, draft.chain_id) == (other, other.region_id, other.chain_id)
    assert not Decision.objects.visible_to(secretary).filter(pk=draft.pk).exists()


def with_problem(problem, **changes):
    return [{"text": "落实饲草", "owner_name": "牛立群", "due_on": today() + DAY, "problem": problem} | changes]


def test_the_ledger_knows_the_first_day_on_which_a_meeting_decided(world, secretary, problem):
    later = lifecycle.save_meeting(
        None, by=secretary, **values(world, starts_at=now() - DAY, decisions=with_problem(problem))
    )
    problem.refresh_from_db()
    assert problem.decided_on is None
    lifecycle.hold(later, by=secretary)
    problem.refresh_from_db()
    assert problem.decided_on == today() - DAY
    earlier = lifecycle.save_meeting(
        None, by=secretary, **values(world, starts_at=now() - 5 * DAY, decisions=with_problem(problem))
    )
    lifecycle.hold(earlier, by=secretary)
    problem.refresh_from_db()
    assert problem.decided_on == today() - 5 * DAY
    lifecycle.cancel_decision(earlier.decisions.get(), by=secretary, reason="登记错误")
    problem.refresh_from_db()
    assert problem.decided_on == today() - DAY
    lifecycle.cancel_decision(later.decisions.get(), by=secretary, reason="登记错误")
    problem.refresh_from_db()
    assert problem.decided_on is None


def test_moving_a_held_meeting_moves_its_decisions(world, secretary, problem):
    meeting = lifecycle.save_meeting(None, by=secretary, **values(world, decisions=with_problem(problem)))
    lifecycle.hold(meeting, by=secretary)
    moved = values(world, starts_at=now() - 9 * DAY)
    del moved["decisions"]
    lifecycle.save_meeting(meeting, by=secretary, **moved)
    problem.refresh_from_db()
    assert Decision.objects.get().decided_on == problem.decided_on == today() - 9 * DAY


def test_what_may_not_be_held(world, secretary):
    future = lifecycle.save_meeting(None, by=secretary, **values(world, starts_at=now() + 3 * DAY, decisions=[]))
    assert lifecycle.may_hold(future, secretary).code == "future"
    empty = lifecycle.save_meeting(None, by=secretary, **values(world, attendance=[]))
    assert lifecycle.may_hold(empty, secretary).code == "nobody"
    held = make.MeetingFactory(committee=world.own.committees[0])
    assert lifecycle.may_hold(held, secretary).code == "state"


def test_others_may_not_keep_the_meeting(world, secretary):
    meeting = make.MeetingFactory(committee=world.own.committees[0], state="draft")
    for person in ("leader", "department_officer", "branch_secretary", "stranger_officer", "auditor", "system_admin"):
        actor = world.actor(person)
        for act in (
            lambda actor=actor: lifecycle.save_meeting(None, by=actor, **values(world)),
            lambda actor=actor: lifecycle.hold(meeting, by=actor),
            lambda actor=actor: lifecycle.cancel(meeting, by=actor, reason="x"),
        ):
            with pytest.raises(Refused):
                act()


def test_deadlines_and_times_out_of_range_are_refused(world, secretary):
    for changes in (
        {"starts_at": now() + 400 * DAY},
        {"starts_at": at_local(dt.date(1999, 12, 31))},
        {"decisions": [{"text": "x", "owner_name": "y", "due_on": today() - 30 * DAY}]},
        {"decisions": [{"text": "x", "owner_name": "y", "due_on": today() + 5000 * DAY}]},
    ):
        with pytest.raises(ValidationError):
            lifecycle.save_meeting(None, by=secretary, **values(world, **changes))
    assert not Meeting.objects.exists()


def test_the_database_repeats_the_rules(world):
    decision = make.DecisionFactory(meeting__committee=world.own.committees[0])
    for bad in (
        {"state": "done"},
        {"state": "cancelled"},
        {"state": "nothing"},
        {"owner_name": ""},
        {"due_on": dt.date(2001, 1, 1)},
        {"ended_on": today()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(**bad)


@pytest.mark.parametrize("days", [-30, -1, 0, 1, 3, 4, 30])
def test_the_light_of_a_row_and_of_the_filter_agree(world, days):
    decision = make.DecisionFactory(meeting__committee=world.own.committees[0], due_on=today())
    day = today() - days * DAY
    light = decision.light(day)
    found = {
        one: Decision.objects.filter(pk=decision.pk).with_light(one, day).exists()
        for one in ("green", "yellow", "red", "none")
    }
    assert found == {one: one == light for one in found}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_one_wins_and_the_other_is_told(transactional_db):
    from tests.cast import build_world

    world = build_world()
    decision = make.DecisionFactory(meeting__committee=world.own.committees[0])
    officers = [world.actor("county_officer"), world.actor("chain_secretary")]
    gate, results = threading.Barrier(2), []

    def finish(actor):
        try:
            gate.wait(timeout=10)
            lifecycle.finish_decision(
                Decision.objects.get(pk=decision.pk), by=actor, done_on=today(), done_text=actor.name, version=1
            )
            results.append("done")
        except Conflict as conflict:
            results.append(conflict.events[0].verb)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=finish, args=(actor,)) for actor in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(results) == ["decision.done", "done"]


class TestFigures:
    """Counted by the engine as by hand."""

    def read(self, codes, county, period):
        from indicators import drain, figures, scopes

        drain.drain()
        found = figures.read(codes, scopes.parse(f"region:{county.region.code}"), period)
        return {code: found[code].value for code in codes}

    def test_meetings_and_decisions(self, world):
        from core.periods import Period

        committee, other = world.own.committees
        meeting = make.MeetingFactory(committee=committee, held_on=dt.date(2026, 3, 10))
        make.MeetingFactory(committee=committee, held_on=dt.date(2026, 2, 10), code="joint")
        make.MeetingFactory(committee=other, held_on=dt.date(2026, 3, 12), state="draft")
        make.MeetingFactory(committee=world.other.committees[0], held_on=dt.date(2026, 3, 12))
        make.DecisionFactory(meeting=meeting, due_on=dt.date(2026, 3, 20))
        make.DecisionFactory(
            meeting=meeting, due_on=dt.date(2026, 3, 20), state="done", done_on=dt.date(2026, 4, 2),
            ended_on=dt.date(2026, 4, 2),
        )  # fmt: skip
        make.DecisionFactory(meeting=meeting, state="cancelled", ended_on=dt.date(2026, 3, 11))
        make.DecisionFactory(meeting=meeting, state="draft")
        codes = [
            "meetings", "joint_conferences", "matters_decided", "decisions_open", "decisions_overdue", "decisions_done",
            "committees_met", "committees_met_rate",
        ]  # fmt: skip
        march = self.read(codes, world.own, Period.parse("2026-03"))
        assert march | {"committees_met_rate": 0} == {
            "meetings": 1,
            "joint_conferences": 0,
            "matters_decided": 2,
            "decisions_open": 2,
            "decisions_overdue": 2,
            "decisions_done": 0,
            "committees_met": 1,
            "committees_met_rate": 0,
        }
        assert march["committees_met_rate"] == 50
        quarter = self.read(codes, world.own, Period.parse("2026-Q1"))
        assert (quarter["meetings"], quarter["joint_conferences"], quarter["committees_met"]) == (2, 1, 1)
        april = self.read(codes, world.own, Period.parse("2026-04"))
        assert (april["decisions_open"], april["decisions_overdue"], april["decisions_done"]) == (1, 1, 1)
