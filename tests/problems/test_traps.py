"""What other systems got wrong, by name: each of these was somebody's complaint."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from core.actor import SYSTEM
from core.clock import at_local
from core.transitions import Refused
from enterprises.lifecycle import merge
from problems import lifecycle, lights
from problems.enums import Light
from problems.lifecycle.handling import pauses_of
from problems.models import Problem, Rulebook
from problems.rules import rulebook_for
from tests.problems.steps import day, in_state, raised

pytestmark = pytest.mark.django_db


def test_a_reopened_entry_keeps_its_first_closing(world):
    officer = world.actor("county_officer")
    closed = in_state(world, "closed")
    first, number = closed.closed_on, closed.closing_number
    again = lifecycle.reopen(closed, by=officer, reason="回访发现未落实", at=day(30))
    assert again.state == "in_progress" and again.closed_on == first and again.ended_on is None
    done = lifecycle.resolve(again, by=world.actor("team_member"), outcome="solved", text="已落实", at=day(31))
    rated = lifecycle.rate(done, by=world.actor("branch_secretary"), rating="satisfied", at=day(31))
    final = lifecycle.close(rated, by=world.actor("chain_secretary"), at=day(32))
    assert (final.closed_on, final.last_closed_on, final.closing_number) == (first, dt.date(2026, 4, 3), number)
    assert final.handling_days == 2 + 1, "the weeks it was closed are not charged"


def test_after_a_return_the_entry_is_due_as_any_other(world):
    returned = in_state(world, "returned")
    again = lifecycle.resubmit(returned, by=world.actor("branch_secretary"), text="补充了用车时间", at=day(5))
    accepted = lifecycle.accept(again, by=world.actor("chain_secretary"), at=day(7))
    assigned = lifecycle.assign(accepted, by=world.actor("county_officer"), team=world.own.team, at=day(7))
    assert assigned.due_on == dt.date(2026, 3, 18)
    assert Problem.objects.with_light("yellow", dt.date(2026, 3, 16)).get() == assigned


def test_the_second_unit_gets_its_own_time(world):
    assigned = in_state(world, "assigned")
    moved = lifecycle.transfer(
        assigned, by=world.actor("county_officer"), department=world.own.departments[1], reason="职责调整", at=day(9)
    )
    assert moved.due_on == dt.date(2026, 3, 20) and moved.bounces == 1 and moved.state == "assigned"
    first, second = moved.assignments.filter(is_lead=True)
    assert first.end_kind == "transferred" and first.ended_at == second.assigned_at
    with pytest.raises(Refused):
        lifecycle.sign(moved, by=world.actor("team_member"))


def test_bounced_twice_it_rises_by_itself(world):
    officer, team = world.actor("county_officer"), world.actor("team_member")
    problem = in_state(world, "accepted")
    for turn in (1, 2):
        at = day(2 * turn)
        problem = lifecycle.assign(problem, by=officer, team=world.own.team, at=at)
        problem = lifecycle.object_to(problem, by=team, ground="不属本团职责", at=at)
        problem = lifecycle.rule_on_objection(problem, by=officer, granted=True, ruling="成立", at=at)
        assert (problem.state, problem.bounces, problem.is_escalated) == ("accepted", turn, turn == 2)


def test_an_objection_is_made_once_and_in_time(world):
    officer, team = world.actor("county_officer"), world.actor("team_member")
    late = in_state(world, "assigned")
    with pytest.raises(Refused) as caught:
        lifecycle.object_to(late, by=team, ground="不属本团职责", at=day(4))
    assert caught.value.refusal.code == "objection_window"
    objected = lifecycle.object_to(late, by=team, ground="不属本团职责", at=day(3))
    due_on = objected.due_on
    ruled = lifecycle.rule_on_objection(objected, by=officer, granted=False, ruling="属本团职责", at=day(3))
    assert ruled.state == "assigned" and ruled.due_on == due_on, "the clock ran on"
    with pytest.raises(Refused) as caught:
        lifecycle.object_to(ruled, by=team, ground="再议", at=day(3))
    assert caught.value.refusal.code == "objected"


def test_a_pause_over_a_holiday_counts_the_holiday_once(world):
    """Suspended from 29 September to 9 October: 30 September, 8 and 9 October are lost, not ten days."""
    officer, team = world.actor("county_officer"), world.actor("team_member")
    start = at_local(dt.date(2026, 9, 28))
    problem = raised(world, at=start)
    problem = lifecycle.accept(problem, by=officer, at=start)
    problem = lifecycle.assign(problem, by=officer, team=world.own.team, at=start)
    assert problem.due_on == dt.date(2026, 10, 13)
    problem = lifecycle.sign(problem, by=team, at=start)
    problem = lifecycle.suspend(problem, by=officer, reason="等待检测", at=at_local(dt.date(2026, 9, 29)))
    problem = lifecycle.resume(problem, by=officer, at=at_local(dt.date(2026, 10, 9)))
    assert pauses_of(problem, start) == [(dt.date(2026, 9, 29), dt.date(2026, 10, 9))]
    assert problem.due_on == dt.date(2026, 10, 16)
    done = lifecycle.resolve(problem, by=team, outcome="solved", text="已办", at=at_local(dt.date(2026, 10, 12)))
    assert done.handling_days == 3 and done.on_time


def test_extensions_are_asked_in_time_and_few(world):
    officer, team = world.actor("county_officer"), world.actor("team_member")
    problem = in_state(world, "in_progress")
    with pytest.raises(Refused) as caught:
        lifecycle.ask_extension(problem, by=team, new_due_on=dt.date(2026, 3, 20), reason="材料未齐", at=day(11))
    assert caught.value.refusal.code == "extension_late"
    with pytest.raises(ValidationError):
        lifecycle.ask_extension(problem, by=team, new_due_on=dt.date(2026, 6, 1), reason="材料未齐", at=day(8))
    asked = lifecycle.ask_extension(problem, by=team, new_due_on=dt.date(2026, 3, 20), reason="材料未齐", at=day(8))
    granted = lifecycle.decide_extension(asked, by=officer, granted=True, at=day(9))
    assert granted.due_on == dt.date(2026, 3, 20) == granted.active_legs[0].due_on
    with pytest.raises(Refused) as caught:
        lifecycle.ask_extension(granted, by=team, new_due_on=dt.date(2026, 3, 27), reason="再延", at=day(9))
    assert caught.value.refusal.code == "extensions_used"


def test_waiting_for_a_policy_needs_a_next_date_and_is_never_closed(world):
    team = world.actor("team_member")
    problem = in_state(world, "in_progress")
    with pytest.raises(ValidationError):
        lifecycle.resolve(problem, by=team, outcome="waiting", text="待上级政策", at=day(4))
    with pytest.raises(ValidationError):
        lifecycle.resolve(problem, by=team, outcome="waiting", text="x", next_on=dt.date(2026, 6, 30), at=day(4))
    waiting = lifecycle.resolve(
        problem, by=team, outcome="waiting", text="待上级政策", next_on=dt.date(2026, 4, 1), at=day(4)
    )
    assert Problem.objects.with_light("grey", dt.date(2026, 3, 10)).get() == waiting
    with pytest.raises(Refused) as caught:
        lifecycle.close(waiting, by=world.actor("county_officer"), at=day(60))
    assert caught.value.refusal.code == "waiting"
    again = lifecycle.resume(waiting, by=world.actor("county_officer"), at=day(30))
    assert again.state == "in_progress" and again.outcome == ""


def test_unrated_entries_close_only_after_the_window(world):
    secretary = world.actor("chain_secretary")
    problem = in_state(world, "resolved")
    with pytest.raises(Refused) as caught:
        lifecycle.close(problem, by=secretary, at=day(15))
    assert caught.value.refusal.code == "not_rated"
    closed = lifecycle.close(problem, by=secretary, at=day(16))
    assert closed.rating == "" and closed.confirmed_on is None


def test_rules_are_inherited_downward_and_dated(world):
    city, county, town = world.city, world.own.region, world.own.towns[0]
    Rulebook.objects.create(region=city, valid_from=dt.date(2026, 1, 1), ordinary_days=10)
    Rulebook.objects.create(region=county, valid_from=dt.date(2026, 6, 1), ordinary_days=5)
    assert rulebook_for(town, dt.date(2025, 6, 1)).ordinary_days == 7
    assert rulebook_for(town, dt.date(2026, 3, 1)).ordinary_days == 10
    assert rulebook_for(town, dt.date(2026, 6, 1)).ordinary_days == 5


def test_entries_follow_a_merged_enterprise(world):
    source, target = world.own.enterprises[0], world.own.enterprises[1]
    problem = raised(world)
    merge(source, target, by=world.actor("county_officer"), on=dt.date(2026, 3, 20))
    problem.refresh_from_db()
    span = problem.spans.get()
    assert problem.enterprise == target and problem.region == target.region
    assert (span.enterprise_id, span.region_id, span.chain_id) == (target.pk, target.region_id, problem.chain_id)


def test_late_records_are_dated_truly(world):
    officer = world.actor("county_officer")
    problem = in_state(world, "accepted")
    with pytest.raises(ValidationError):
        lifecycle.correct_dates(problem, by=officer, submitted_on=dt.date(2026, 3, 5), reason="补录")
    moved = lifecycle.correct_dates(problem, by=officer, submitted_on=dt.date(2026, 2, 24), reason="补录")
    assert moved.submitted_on == moved.spans.order_by("id")[0].started_on == dt.date(2026, 2, 24)


def test_merging_tells_both_entries(world):
    first, second = raised(world), raised(world)
    merged = lifecycle.merge_into(second, by=world.actor("chain_secretary"), target=first, reason="重复")
    assert (merged.state, merged.outcome, merged.merged_into) == ("declined", "merged", first)
    with pytest.raises(ValidationError):
        lifecycle.merge_into(first, by=SYSTEM, target=second)
    back = lifecycle.restore(merged, by=world.actor("county_officer"), reason="并错了")
    assert (back.state, back.outcome, back.merged_into) == ("submitted", "", None)


def assigned_on(world, on: dt.date, urgency: str = "ordinary"):
    """An entry raised, accepted and assigned to the help team on that day."""
    officer, at = world.actor("county_officer"), at_local(on)
    problem = lifecycle.accept(raised(world, at=at), by=officer, at=at)
    return lifecycle.assign(problem, by=officer, team=world.own.team, urgency=urgency, at=at)


def test_three_days_over_the_october_holiday(world):
    """From 30 September, three working days end after the holiday, not inside it: 8, 9 and the make-up Saturday."""
    problem = assigned_on(world, dt.date(2026, 9, 30), "urgent")
    assert problem.due_on == dt.date(2026, 10, 10)
    assert lights.light(problem, dt.date(2026, 10, 7)) != Light.RED
    assert lights.light(problem, dt.date(2026, 10, 11)) == Light.RED


def test_a_make_up_saturday_counts(world):
    problem = assigned_on(world, dt.date(2026, 10, 9), "urgent")
    assert problem.due_on == dt.date(2026, 10, 13), "Saturday the 10th is worked, Sunday is not"


def test_the_time_closed_is_not_charged(world):
    closed = in_state(world, "closed")
    before = closed.handling_days
    again = lifecycle.reopen(closed, by=world.actor("county_officer"), reason="未落实", at=day(60))
    assert (again.due_on - dt.date(2026, 5, 1)).days > 0, "a deadline of its own, from the day it was reopened"
    done = lifecycle.resolve(again, by=world.actor("team_member"), outcome="solved", text="已办", at=day(60))
    assert done.handling_days == before


def test_a_deadline_once_missed_stays_missed(world):
    late = in_state(world, "in_progress")
    done = lifecycle.resolve(late, by=world.actor("team_member"), outcome="partly", text="一半", at=day(40))
    branch = world.actor("branch_secretary")
    again = lifecycle.rate(done, by=branch, rating="not_satisfied", text="还差一半", at=day(41))
    final = lifecycle.resolve(again, by=world.actor("team_member"), outcome="solved", text="全部", at=day(42))
    assert done.on_time is False and final.on_time is False
    assert final.resolved_on == done.resolved_on


def test_what_is_returned_in_hand_stops_the_clock_and_goes_back_to_where_it_was(world):
    held = in_state(world, "in_progress")
    due_on, lead = held.due_on, held.lead
    returned = lifecycle.return_for_completion(held, by=world.actor("county_officer"), reason="缺用车计划", at=day(4))
    assert Problem.objects.with_light("grey", dt.date(2026, 3, 30)).get() == returned
    again = lifecycle.resubmit(returned, by=world.actor("branch_secretary"), text="附用车计划", at=day(11))
    assert (again.state, again.lead) == ("in_progress", lead)
    assert again.due_on == due_on + dt.timedelta(days=7), "five working days of pause, and nobody was charged for them"
    from_assigner = lifecycle.return_for_completion(in_state(world, "accepted"), by=SYSTEM, reason="缺", at=day(4))
    assert lifecycle.resubmit(from_assigner, by=SYSTEM, at=day(5)).state == "accepted", "back to the returner"


def test_the_units_first_word_is_the_first_reply_and_stays_so(world):
    problem = in_state(world, "in_progress")
    noted = lifecycle.add_note(problem, by=world.actor("branch_secretary"), text="盼复", at=day(4))
    assert noted.first_reply_on is None, "the enterprise's own word is no reply"
    noted = lifecycle.add_note(noted, by=world.actor("team_member"), text="正在协调", at=day(4))
    assert noted.first_reply_on == dt.date(2026, 3, 6)
    done = lifecycle.resolve(noted, by=world.actor("team_member"), outcome="solved", text="已办", at=day(7))
    assert done.first_reply_on == dt.date(2026, 3, 6)


def test_who_signs_is_the_handler_and_stays_so_after_not_satisfied(world):
    done = in_state(world, "resolved")
    branch = world.actor("branch_secretary")
    again = lifecycle.rate(done, by=branch, rating="not_satisfied", text="未到位", at=day(6))
    legs = list(again.assignments.filter(is_lead=True).order_by("id"))
    assert [leg.handler for leg in legs] == [world.people["team_member"]] * 2 and again.rated_by == "signed_in"


def test_urged_once_a_working_day_by_each(world):
    branch, leader = world.actor("branch_secretary"), world.actor("leader")
    problem = in_state(world, "in_progress")
    problem = lifecycle.urge(problem, by=branch, text="请抓紧", at=day(4))
    problem = lifecycle.urge(problem, by=leader, at=day(4))
    for later in (4, 5, 6):  # Friday, Saturday, Sunday
        with pytest.raises(Refused) as caught:
            lifecycle.urge(problem.pk, by=branch, at=day(later, 15))
        assert caught.value.refusal.code == "urged"
    assert lifecycle.urge(problem, by=branch, at=day(7)).state == "in_progress"
    with pytest.raises(Refused):
        lifecycle.urge(problem.pk, by=world.actor("team_member"), at=day(8))


def test_the_level_may_rise_once_more(world):
    officer = world.actor("county_officer")
    problem = lifecycle.escalate(in_state(world, "in_progress"), by=officer, reason="需统筹", at=day(4))
    assert (problem.escalated_to, problem.escalated_on) == ("county", dt.date(2026, 3, 6))
    with pytest.raises(ValidationError):
        lifecycle.escalate(problem.pk, by=officer, reason="再提", level="county", at=day(5))
    problem = lifecycle.escalate(problem, by=officer, reason="涉及两县", at=day(7))
    assert (problem.escalated_to, problem.escalated_on) == ("city", dt.date(2026, 3, 9))
    with pytest.raises(Refused) as caught:
        lifecycle.escalate(problem, by=officer, reason="再提", at=day(8))
    assert caught.value.refusal.code == "escalated"


def test_a_helper_added_later_has_a_limit_of_its_own(world):
    team = world.actor("team_member")
    problem = in_state(world, "in_progress")
    due_on = problem.due_on
    added = lifecycle.add_helpers(problem, by=team, codepartments=world.own.departments, at=day(4))
    legs = [leg for leg in added.active_legs if not leg.is_lead]
    assert [leg.department for leg in legs] == world.own.departments and added.due_on == due_on
    assert legs[1].due_on == dt.date(2026, 3, 11), "three working days from the day it was added"
    with pytest.raises(ValidationError):
        lifecycle.add_helpers(added, by=team, codepartments=world.own.departments, at=day(4))
    told = lifecycle.report_as_cohandler(added, by=world.actor("department_officer"), text="无异议", at=day(7))
    assert [leg.department for leg in told.active_legs if not leg.is_lead] == [world.own.departments[1]]


@pytest.mark.parametrize("step", ["withdraw", "transfer", "resolve"])
def test_what_has_ended_leaves_no_alarm_behind(world, step):
    """No limit of the unit that gave it up runs on; those of the next unit are new."""
    problem = in_state(world, "in_progress")
    first = problem.active_legs[0]
    calls = {
        "withdraw": lambda: lifecycle.withdraw(problem, by=SYSTEM, reason="已自行解决", at=day(4)),
        "transfer": lambda: lifecycle.transfer(
            problem, by=SYSTEM, department=world.own.departments[1], reason="职责", at=day(4)
        ),
        "resolve": lambda: lifecycle.resolve(problem, by=SYSTEM, outcome="solved", text="已办", at=day(4)),
    }
    calls[step]()
    running = problem.limits.filter(met_on=None, dropped_on=None)
    assert not running.filter(assignment=first).exists()
    assert all(limit.started_on >= dt.date(2026, 3, 6) for limit in running.filter(assignment__is_lead=True))
