"""Deadlines follow the calendar: leg by leg, with a trace, inside the region of the change."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Event
from core import editions, workdays
from core.actor import SYSTEM
from core.clock import at_local
from core.models import CalendarEdition
from problems import lifecycle, lights, sentences, tasks
from problems.lifecycle import recalculation
from problems.models import Problem
from tests.problems.steps import day, in_state, raised

pytestmark = pytest.mark.django_db
D = dt.date
THURSDAY, MONDAY = D(2026, 3, 5), D(2026, 3, 9)


def change(days, *, on=THURSDAY, by=SYSTEM, **fields):
    kinds = days if isinstance(days, dict) else dict.fromkeys(days, "local_off")
    return editions.change(kinds, by=by, reason="防汛放假", at=at_local(on), **fields)


def read(problem):
    return Problem.objects.get(pk=problem.pk)


def test_each_entry_says_old_and_new_date_edition_and_reason(world):
    problem = in_state(world, "in_progress")
    assert problem.due_on == D(2026, 3, 13)
    edition = change([MONDAY], by=world.actor("system_admin"))
    moved = read(problem)
    assert moved.due_on == D(2026, 3, 16) and moved.version == problem.version + 1
    event = Event.objects.of(moved).get(verb="problem.recalculated")
    assert event.data["changes"]["due_on"] == ["2026-03-13", "2026-03-16"]
    told = sentences.describe(event)
    assert "第 1 版" in told["title"] and any("2026-03-16" in line for line in told["changes"])
    assert any("云岭县农业局" in line or "首次" in line for line in told["changes"])
    assert (event.data["edition"], event.data["reason"], event.actor_name) == (edition.number, "防汛放假", "管系统")
    edition.refresh_from_db()
    assert edition.finished_at and (edition.checked, edition.moved) == (1, 1)


def test_a_helper_keeps_days_of_its_own(world):
    """The lead's leg began later (transfer): each gets back exactly the working days it had."""
    problem = in_state(world, "in_progress")
    officer = world.actor("county_officer")
    problem = lifecycle.transfer(problem, by=officer, department=world.own.departments[1], reason="职责", at=day(4, 10))
    helper = next(leg for leg in problem.active_legs if not leg.is_lead)
    # The helper since Wednesday 4 March with 3 days, the lead since Friday 6 March with 7.
    assert (helper.due_on, problem.due_on) == (MONDAY, D(2026, 3, 17))
    change([D(2026, 3, 6)], on=D(2026, 3, 6))
    moved = read(problem)
    helper.refresh_from_db()
    assert helper.due_on == D(2026, 3, 10), "its Friday was taken"
    assert moved.due_on == D(2026, 3, 17), "the lead lost nothing: Friday is not after Friday"
    event = Event.objects.of(moved).get(verb="problem.recalculated")
    assert event.data["changes"] == {} and event.data["moved"][0]["due_on"] == ["2026-03-09", "2026-03-10"]


def test_a_missed_deadline_stays_missed(world):
    problem = in_state(world, "in_progress")
    late = D(2026, 3, 16)
    lines = editions.preview({MONDAY: "local_off"}, day=late)
    lead = next(line for line in lines if line.label == problem.number and line.note == "已经超期，期限不变。")
    assert lead.old == lead.new == D(2026, 3, 13) and lead.light_after[0] == "red"
    change([MONDAY], on=late)
    assert read(problem).due_on == D(2026, 3, 13)
    done = lifecycle.resolve(read(problem), by=world.actor("team_member"), outcome="solved", text="已办", at=day(14))
    assert done.on_time is False
    change({MONDAY: None}, on=D(2026, 3, 17))
    change([D(2026, 3, 10), D(2026, 3, 11)], on=D(2026, 3, 18))
    assert read(problem).on_time is False, "what was judged is judged"


def test_a_makeup_day_does_not_put_a_deadline_into_the_past(world):
    problem = in_state(world, "in_progress")
    friday = D(2026, 3, 13)
    change({D(2026, 3, 7): "makeup", D(2026, 3, 8): "makeup"}, on=friday)
    assert read(problem).due_on == friday, "two days fewer would have been Wednesday"


def test_a_pause_over_a_changed_day_is_not_counted_twice(world):
    """Suspended over the Monday that is then taken off: the unit was not charged for it and gets nothing back."""
    officer = world.actor("county_officer")
    problem = lifecycle.suspend(in_state(world, "in_progress"), by=officer, reason="等待批复", at=day(4))
    problem = lifecycle.resume(problem, by=officer, at=day(8))
    assert problem.due_on == D(2026, 3, 17), "Monday and Tuesday stood still"
    change([MONDAY], on=D(2026, 3, 11))
    assert read(problem).due_on == D(2026, 3, 17)
    start, pauses = D(2026, 3, 4), [(D(2026, 3, 6), D(2026, 3, 10))]
    assert workdays.current().used(start, read(problem).due_on, pauses) == 7


def test_a_suspended_entry_has_the_same_time_left_when_it_goes_on(world):
    officer = world.actor("county_officer")
    problem = lifecycle.suspend(in_state(world, "in_progress"), by=officer, reason="等待批复", at=day(4))
    left = workdays.current().remaining(problem.due_on, D(2026, 3, 6))
    change([MONDAY, D(2026, 3, 12)], on=D(2026, 3, 20))
    again = lifecycle.resume(read(problem), by=officer, at=day(22))
    assert workdays.current().remaining(again.due_on, D(2026, 3, 24)) == left == 5


def test_a_local_day_touches_its_own_subtree(world):
    own = in_state(world, "in_progress")
    enterprise = world.other.enterprises[0]
    other = raised(world, enterprise=enterprise, by="stranger_secretary")
    other = lifecycle.accept(other, by=SYSTEM, at=day(1))
    other = lifecycle.assign(other, by=SYSTEM, team=world.other.team, at=day(2))
    town = world.own.towns[1]
    change([MONDAY], region_path=town.path)
    assert (read(own).due_on, read(other).due_on) == (D(2026, 3, 13), D(2026, 3, 13))
    change([MONDAY], region_path=world.own.region.path)
    assert (read(own).due_on, read(other).due_on) == (D(2026, 3, 16), D(2026, 3, 13))
    assert not Event.objects.of(other).filter(verb="problem.recalculated").exists()
    assert lights.days_left(read(own), MONDAY, workdays.current(own.region.path)) == 5
    assert lights.days_left(read(other), MONDAY, workdays.current(other.region.path)) == 4


def test_a_deadline_of_today_goes_by_the_calendar_of_its_place(world):
    change([MONDAY], region_path=world.own.region.path, on=D(2026, 3, 1))
    assert in_state(world, "assigned").due_on == D(2026, 3, 16)


def test_limits_of_steps_follow_too(world):
    """To accept by Tuesday; Tuesday is taken off on Monday."""
    problem = raised(world)
    limit = problem.limits.get(step="accept")
    assert limit.due_on == D(2026, 3, 3)
    lines = editions.preview({D(2026, 3, 3): "local_off"}, day=D(2026, 3, 2))
    assert [(line.old, line.new) for line in lines] == [(D(2026, 3, 3), D(2026, 3, 4))]
    change([D(2026, 3, 3)], on=D(2026, 3, 2))
    limit.refresh_from_db()
    assert limit.due_on == D(2026, 3, 4)
    event = Event.objects.of(problem).get(verb="problem.recalculated")
    assert event.data["moved"][0]["due_on"] == ["2026-03-03", "2026-03-04"]


def test_a_missed_limit_of_a_step_stays_missed(world):
    problem = raised(world)
    change([D(2026, 3, 3)], on=D(2026, 3, 6))
    assert problem.limits.get(step="accept").due_on == D(2026, 3, 3)
    accepted = lifecycle.accept(problem, by=world.actor("chain_secretary"), at=day(4))
    limit = accepted.limits.get(step="accept")
    assert limit.met_on > limit.due_on


def test_many_entries_are_left_to_a_worker_and_can_be_run_twice(world, monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(tasks, "wake_recalculation", lambda: woken.append(1))
    monkeypatch.setattr(recalculation, "DIRECTLY", 2)
    monkeypatch.setattr(recalculation, "BATCH", 2)
    problems = [in_state(world, "in_progress") for _ in range(5)]
    with django_capture_on_commit_callbacks(execute=True):
        edition = change([MONDAY])
    edition.refresh_from_db()
    assert woken and (edition.to_check, edition.checked, edition.finished_at) == (5, 0, None)
    first = change([D(2026, 3, 10)])
    assert CalendarEdition.objects.get(pk=first.pk).finished_at is None, "the second waits for the first"
    later = raised(world, at=day(4), title="新登记")
    later = lifecycle.accept(later, by=SYSTEM, at=day(4))
    later = lifecycle.assign(later, by=SYSTEM, team=world.own.team, at=day(4))
    assert recalculation.work_off() == 10 and recalculation.work_off() == 0
    assert {read(problem).due_on for problem in problems} == {D(2026, 3, 17)}
    assert Event.objects.filter(verb="problem.recalculated").count() == 10
    assert read(later).due_on == later.due_on == D(2026, 3, 19), "reckoned by the new calendar from the start"


def test_a_worker_that_died_goes_on_where_it_was(world, monkeypatch):
    monkeypatch.setattr(recalculation, "DIRECTLY", 0)
    monkeypatch.setattr(recalculation, "BATCH", 2)
    for _ in range(5):
        in_state(world, "in_progress")
    edition = change([MONDAY])
    whole, seen = recalculation.many.write, []

    def dies(found):
        whole(found)
        seen.append(1)
        if len(seen) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(recalculation.many, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        recalculation.work_off()
    edition.refresh_from_db()
    assert edition.checked == 2, "the batch that was cut is undone whole"
    assert recalculation.work_off() == 3
    assert set(Problem.objects.values_list("due_on", flat=True)) == {D(2026, 3, 16)}


def test_the_preview_says_what_then_happens(world, client_of):
    problems = [in_state(world, "in_progress"), in_state(world, "suspended"), raised(world)]
    kinds = {MONDAY: "local_off", D(2026, 3, 3): "local_off"}
    lines = editions.preview(kinds, day=THURSDAY)
    told = {(line.label, line.unit, line.old, line.new) for line in lines if line.unit}
    before = {leg.pk: leg.due_on for p in problems for leg in p.active_legs}
    change(kinds)
    happened = {
        (p.number, str(leg.unit), before[leg.pk], leg.due_on)
        for p in map(read, problems) for leg in p.active_legs if leg.due_on != before[leg.pk]
    }  # fmt: skip
    assert told == happened and len(told) == 4
    steps = {(line.label, line.note, line.new) for line in lines if not line.unit}
    written = Event.objects.filter(verb="problem.recalculated")
    moved = {(one["what"], one["due_on"][1]) for event in written for one in event.data["moved"]}
    assert {(note.removeprefix("环节："), new.isoformat()) for _label, note, new in steps} <= moved


def test_the_officer_opens_the_affected_entries_from_the_preview(world, client_of):
    with time_machine.travel(at_local(THURSDAY), tick=False):
        problem = in_state(world, "in_progress")
        fields = {"place": world.own.region.path, "day": "2026-03-09", "kind": "local_off", "reason": "防汛"}
        page = client_of("county_officer").post(reverse("core:calendar_day"), fields)
        text = page.content.decode()
        assert problem.get_absolute_url() in text and "2026-03-13" in text and "2026-03-16" in text
        again = client_of("county_officer").post(reverse("core:calendar_day"), {**fields, "page": "99"})
        assert again.context["page"] == 1


SPRING = st.dates(D(2026, 3, 1), D(2026, 4, 15))
KINDS = st.sampled_from(["local_off", "makeup", None])
CHANGES = st.lists(st.dictionaries(SPRING, KINDS, min_size=1), min_size=1, max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(CHANGES)
def test_whatever_changes_the_unit_has_its_working_days(world, changes):
    """Any changes made before the time they concern: seven working days stay seven working days."""
    from django.db import transaction

    with transaction.atomic():
        problem = in_state(world, "in_progress")
        for kinds in changes:
            change({on: kind for on, kind in kinds.items() if on > THURSDAY}, on=THURSDAY)
        moved = read(problem)
        assert workdays.current().between(D(2026, 3, 4), moved.due_on) == 7
        assert moved.due_on == moved.spans.get(ended_at=None).due_on
        transaction.set_rollback(True)
