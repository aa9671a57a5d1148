"""Several limits at once: when each begins, moves, ends; the second unit gets its own time."""

import datetime as dt

import pytest

from core import clock, workdays
from core.clock import at_local
from problems import lifecycle
from problems.enums import CLOCK_STATES, LimitStep
from problems.lifecycle import limits
from problems.models import CallBack, Problem, Rulebook, StepLimit
from tests.problems.steps import MONDAY, PATHS, day, in_state, raised

pytestmark = pytest.mark.django_db


def running(problem) -> dict[str, StepLimit]:
    """{step: row} of the limits that run; a helper's is told apart by its step."""
    return {row.step: row for row in problem.limits.filter(met_on=None, dropped_on=None)}


def rows(problem, step):
    return list(problem.limits.filter(step=step).order_by("id"))


def date(offset: int) -> dt.date:
    return MONDAY + dt.timedelta(days=offset)


# What runs in each state, beside a call that may have been drawn.
RUNNING = {
    "submitted": {"accept"},
    "returned": set(),
    "declined": set(),
    "withdrawn": set(),
    "accepted": {"assign"},
    "assigned": {"sign", "first_reply", "resolve", "cohandle"},
    "in_progress": {"first_reply", "resolve", "cohandle"},
    "suspended": {"first_reply", "resolve", "cohandle"},
    "resolved": {"rate"},
    "closed": set(),
}


@pytest.mark.parametrize("state", sorted(RUNNING))
def test_each_state_has_its_limits(world, state):
    assert set(PATHS) - {"draft"} == set(RUNNING)
    problem = in_state(world, state)
    assert set(running(problem)) - {LimitStep.CALL_BACK} == RUNNING[state]


def test_each_limit_has_its_own_days(world):
    problem = in_state(world, "assigned")  # on Wednesday 4 March
    found = {step: (row.days, row.due_on) for step, row in running(problem).items()}
    assert found == {
        "sign": (1, date(3)),
        "first_reply": (3, date(7)),
        "cohandle": (3, date(7)),
        "resolve": (7, date(11)),
    }
    accept, assign = rows(problem, "accept")[0], rows(problem, "assign")[0]
    assert (accept.due_on, accept.met_on, accept.in_time) == (date(1), date(1), True)
    assert (assign.started_on, assign.met_on, assign.in_time) == (date(1), date(2), True)


def test_the_lead_s_limit_is_the_entry_s_deadline(world):
    """One deadline, one light: after every step the running limit to resolve says what the entry says."""
    officer, team = world.actor("county_officer"), world.actor("team_member")
    problem = in_state(world, "in_progress")

    def same():
        row = running(problem)["resolve"]
        assert (row.due_on, row.near_on) == (problem.due_on, problem.yellow_on)
        assert problem.state not in CLOCK_STATES or row.paused_on is None
        return row

    assert same().days == 7
    later = workdays.current().add(problem.due_on, 4)
    problem = lifecycle.ask_extension(problem, by=team, new_due_on=later, reason="材料未齐", at=day(4))
    problem = lifecycle.decide_extension(problem, by=officer, granted=True, at=day(4))
    assert same().days == 11
    problem = lifecycle.suspend(problem, by=officer, reason="等待批复", at=day(7))
    assert same().paused_on == date(7)
    problem = lifecycle.resume(problem, by=officer, at=day(9))
    assert same().days == 11, "the pause took nothing and gave nothing"
    problem = lifecycle.transfer(problem, by=officer, department=world.own.departments[1], reason="职责", at=day(10))
    assert same().started_on == date(10)


def test_the_second_unit_gets_its_own_time(world):
    officer = world.actor("county_officer")
    problem = in_state(world, "assigned")
    moved = lifecycle.transfer(problem, by=officer, department=world.own.departments[1], reason="职责调整", at=day(9))
    for step, days in (("sign", 1), ("first_reply", 3), ("resolve", 7)):
        first, second = rows(moved, step)
        assert (first.dropped_on, first.met_on, first.in_time) == (date(9), None, None)
        assert (second.started_on, second.days) == (date(9), days)
        assert first.assignment_id != second.assignment_id
    assert len(rows(moved, "cohandle")) == 1, "the helper stays with its own time"


def test_a_return_begins_anew(world):
    problem = in_state(world, "returned")
    again = lifecycle.resubmit(problem, by=world.actor("branch_secretary"), text="补充了用车时间", at=day(7))
    first, second = rows(again, "accept")
    assert first.met_on == date(1), "who keeps the ledger had done the step"
    assert (second.started_on, second.due_on, second.met_on) == (date(7), date(8), None)


def test_a_pause_moves_every_limit_of_the_legs(world):
    officer = world.actor("county_officer")
    problem = in_state(world, "in_progress")  # assigned Wednesday 4, signed Thursday 5
    before = {step: row.due_on for step, row in running(problem).items()}
    problem = lifecycle.suspend(problem, by=officer, reason="等待批复", at=day(4))
    assert {row.paused_on for row in running(problem).values()} == {date(4)}
    problem = lifecycle.resume(problem, by=officer, at=day(8))
    calendar = workdays.current()
    for step, row in running(problem).items():
        assert row.paused_on is None
        assert row.due_on == calendar.add(before[step], 2), f"{step}: Monday and Tuesday were lost, the weekend was not"


def test_a_first_reply_is_the_unit_s_word(world):
    problem = in_state(world, "in_progress")
    lifecycle.add_note(problem, by=world.actor("branch_secretary"), text="已备材料", at=day(4))
    assert "first_reply" in running(problem), "the enterprise's own note is no reply to it"
    lifecycle.add_note(problem, by=world.actor("team_member"), text="已联系企业，周五上门", at=day(4))
    assert rows(problem, "first_reply")[0].met_on == date(4)
    lifecycle.add_note(problem, by=world.actor("team_member"), text="再报进展", at=day(5))
    assert len(rows(problem, "first_reply")) == 1 and "first_reply" not in running(problem)


def test_an_objection_waits_for_its_ruling(world):
    officer, team = world.actor("county_officer"), world.actor("team_member")
    problem = in_state(world, "assigned")
    problem = lifecycle.object_to(problem, by=team, ground="不属本团职责", at=day(3))
    assert running(problem)["rule"].due_on == date(4)
    problem = lifecycle.rule_on_objection(problem, by=officer, granted=False, ruling="属本团", at=day(4))
    assert (rows(problem, "rule")[0].met_on, rows(problem, "rule")[0].in_time) == (date(4), True)
    assert {"sign", "resolve"} <= set(running(problem)), "the clock ran on"


def test_a_granted_objection_drops_the_unit_s_limits(world):
    officer, team = world.actor("county_officer"), world.actor("team_member")
    problem = in_state(world, "assigned")
    problem = lifecycle.object_to(problem, by=team, ground="不属本团职责", at=day(3))
    problem = lifecycle.rule_on_objection(problem, by=officer, granted=True, ruling="成立", at=day(4))
    assert set(running(problem)) == {"assign"}
    assert rows(problem, "rule")[0].met_on == date(4) and rows(problem, "resolve")[0].dropped_on == date(4)
    assert running(problem)["assign"].started_on == date(4)


def test_the_helper_s_answer_ends_the_helper_s_limit(world):
    problem = in_state(world, "in_progress")
    lifecycle.report_as_cohandler(problem, by=world.actor("department_officer"), text="可协调五台", at=day(8))
    row = rows(problem, "cohandle")[0]
    assert (row.met_on, row.due_on, row.in_time) == (date(8), date(7), False)


def test_not_satisfied_begins_again(world):
    problem = in_state(world, "resolved")
    problem = lifecycle.rate(
        problem, by=world.actor("branch_secretary"), rating="not_satisfied", text="没解决", at=day(5)
    )
    assert rows(problem, "rate")[0].met_on == date(5)
    assert set(running(problem)) == {"first_reply", "resolve"}
    assert [row.met_on for row in rows(problem, "resolve")] == [date(4), None]


def test_waiting_has_a_day_to_look_again(world):
    team = world.actor("team_member")
    problem = in_state(world, "in_progress")
    problem = lifecycle.resolve(problem, by=team, outcome="waiting", text="等省级细则", next_on=date(18), at=day(4))
    assert running(problem)["wait"].due_on == date(18) and "rate" not in running(problem)
    problem = lifecycle.set_waiting_date(problem, by=team, next_on=date(30), at=day(18))
    first, second = rows(problem, "wait")
    assert first.met_on == date(18) and (second.started_on, second.due_on) == (date(18), date(30))
    problem = lifecycle.add_note(problem, by=team, text="仍在等", at=day(19))
    assert running(problem)["wait"].started_on == date(18)


def test_unrated_is_dropped_not_met(world):
    problem = in_state(world, "resolved")
    late = workdays.current().add(problem.since_on, 8)
    problem = lifecycle.close(problem, by=world.actor("chain_secretary"), at=at_local(late))
    row = rows(problem, "rate")[0]
    assert (row.met_on, row.dropped_on) == (None, late)


def test_an_open_call_has_its_limit(world):
    problem = in_state(world, "resolved")
    CallBack.objects.filter(problem=problem).delete()
    limits.rebuild(problem)
    call = CallBack.objects.create(
        problem=problem, region=problem.region, kind="requested", asked_at=day(5), asked_on=date(5), due_on=date(7)
    )
    limits.rebuild(problem)
    assert running(problem)["call_back"].due_on == date(7)
    call.state, call.done_on = "reached", date(7)
    call.save()
    limits.rebuild(problem)
    assert "call_back" not in running(problem)


def test_undo_puts_the_limits_back(world):
    problem = raised(world)
    before = list(problem.limits.values())
    accepted = lifecycle.accept(problem, by=world.actor("chain_secretary"))
    lifecycle.undo(accepted, by=world.actor("chain_secretary"))
    assert list(problem.limits.values()) == before


def test_rebuild_is_idempotent_and_fills_what_is_missing(world):
    problem = in_state(world, "in_progress")
    assert limits.rebuild(problem) == 0
    StepLimit.objects.filter(problem=problem).delete()
    assert limits.rebuild(problem, past=True) == 2
    assert set(running(problem)) == {"resolve", "cohandle"}, "nobody noted the first reply then: it is not asked for"


def test_the_days_of_a_running_limit_stay_until_asked_afresh(world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: day(3))
    problem = in_state(world, "assigned")
    Rulebook.objects.filter(region=None).update(first_reply_days=6)
    problem = Problem.objects.get(pk=problem.pk)
    limits.rebuild(problem)
    assert running(problem)["first_reply"].days == 3
    limits.rebuild(problem, afresh=True)
    assert (running(problem)["first_reply"].days, running(problem)["first_reply"].due_on) == (6, date(10))


def test_limits_follow_the_place_of_the_entry(world):
    problem = in_state(world, "assigned")
    chain = world.own.chains[1]
    lifecycle.move(problem, by=world.actor("county_officer"), chain=chain, at=day(4))
    assert set(problem.limits.values_list("chain_id", flat=True)) == {chain.pk}
