"""A decision about an entry acts on it through the ledger: once, by whom the rules name, or it says why not."""

import datetime as dt
import threading

import pytest
from django.db import connections

from core.clock import now, today
from core.transitions import Refused
from meetings import lifecycle
from meetings.lifecycle import acting
from meetings.models import Decision, Meeting
from notices.drain import drain
from notices.models import Notice
from problems import lifecycle as ledger
from problems import rules
from problems.models import Problem
from tests import factories as make
from tests.problems.steps import in_state
from tests.problems.steps import raised as raise_entry

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def meeting(world):
    """Of yesterday, not registered yet."""
    row = make.MeetingFactory(
        committee=world.own.committees[0], state="draft", held_on=today() - DAY, starts_at=now() - DAY, code="progress"
    )
    make.AttendanceFactory(meeting=row)
    return row


def about(meeting, problem, act, **values):
    given = {"text": "限期办理", "owner_name": "牛立群", "due_on": today() + 20 * DAY, "state": "draft", **values}
    return make.DecisionFactory(meeting=meeting, problem=problem, act=act, act_state="waiting", **given)


def workday(days):
    from core import workdays

    return workdays.current().add(today(), days)


@pytest.fixture
def accepted(world):
    problem = raise_entry(world, by="county_officer", chain=world.own.chains[0], at=now())
    return ledger.accept(problem, by=world.actor("county_officer"))


@pytest.fixture
def running(world, accepted):
    problem = ledger.assign(accepted, by=world.actor("county_officer"), team=world.own.team)
    return ledger.sign(problem, by=world.actor("team_member"))


def test_holding_the_meeting_assigns_extends_and_lets_wait(world, meeting, accepted):
    officer = world.actor("county_officer")
    assign = about(meeting, accepted, "assign", act_department=world.own.departments[0])
    lifecycle.hold(meeting, by=officer)
    accepted.refresh_from_db()
    assign.refresh_from_db()
    assert (accepted.state, accepted.lead_department) == ("assigned", world.own.departments[0])
    assert (assign.act_state, assign.acted_on, assign.state) == ("done", today(), "open")
    meeting.refresh_from_db()
    new_due = rules.deadline(rules.rulebook_of(accepted, today()), "complex", today(), _calendar())
    lifecycle.decide(
        meeting, by=officer, text="延期", owner_name="牛立群", days=5, problem=accepted, act="extend", act_on=new_due
    )
    accepted.refresh_from_db()
    assert accepted.due_on == new_due and Decision.objects.get(text="延期").act_state == "done"
    lifecycle.decide(
        meeting,
        by=officer,
        text="等政策",
        owner_name="牛立群",
        days=5,
        problem=accepted,
        act="wait",
        act_on=workday(10),
    )
    accepted.refresh_from_db()
    assert (accepted.state, accepted.outcome, accepted.next_on) == ("resolved", "waiting", workday(10))
    drain()
    codes = set(Notice.objects.filter(user=world.people["department_officer"]).values_list("code", flat=True))
    assert {"assign", "extend_by_meeting"} <= codes


def _calendar():
    from core import workdays

    return workdays.current()


def test_what_the_rules_leave_to_the_officer_waits_for_the_officer(world, meeting, running, client_of):
    """The secretary holds the meeting; ruling on a deadline is the officer's. The decision stands, the officer is told
    and carries it out by one button, once."""
    due = workday(25)
    decision = about(meeting, running, "extend", act_on=due, owner_department=world.own.departments[0])
    lifecycle.hold(meeting, by=world.actor("chain_secretary"))
    decision.refresh_from_db()
    assert (decision.state, decision.act_state) == ("open", "refused") and "组织部" in decision.act_sentence
    drain()
    told = set(Notice.objects.filter(decision=decision).values_list("user__username", "code"))
    assert told == {
        (world.people["county_officer"].username, "decision_refused"),
        (world.people["department_officer"].username, "decision_made"),
    }
    address = f"/meetings/decisions/{decision.pk}/"
    page = client_of("chain_secretary").get(address).content.decode()
    assert "未能执行" in page and "云岭县组织部工作人员办理" in page
    assert client_of("chain_secretary").post(f"{address}carry-out/").status_code == 403
    officer = client_of("county_officer")
    assert 'carry-out/"' in officer.get(address).content.decode()
    for _twice in range(2):
        officer.post(f"{address}carry-out/")
    running.refresh_from_db()
    decision.refresh_from_db()
    assert running.due_on == due and decision.act_state == "done"
    assert [event.verb for event in _events(decision)].count("decision.acted") == 1


def _events(decision):
    from audit.models import Event

    return Event.objects.of(decision)


def test_a_state_that_has_moved_on_is_told_in_the_ledgers_words(world, meeting):
    closed = in_state(world, "closed", chain=world.own.chains[0])
    decision = about(meeting, closed, "assign", act_team=world.own.team)
    lifecycle.hold(meeting, by=world.actor("county_officer"))
    decision.refresh_from_db()
    assert (decision.state, decision.act_state) == ("open", "refused") and "已销号" in decision.act_sentence
    assert Meeting.objects.get(pk=meeting.pk).state == "held"
    with pytest.raises(Refused):
        lifecycle.carry_out(decision, by=world.actor("county_officer"))


def test_the_form_says_it_beside_the_field_before_anything_is_saved(world, client_of, meeting, running):
    from tests.meetings.test_pages import NEW, typed

    client = client_of("county_officer")
    base = {"decisions-0-problem": running.number, "decisions-0-act": "extend"}
    late = (today() + 3000 * DAY).isoformat()
    before = Problem.objects.get(pk=running.pk).version
    for changes, field, words in (
        ({"decisions-0-act_on": late}, "act_on", "新的期限应在"),
        ({}, "act_on", "请填写新的日期"),
        ({"decisions-0-act": "assign"}, "act_unit", "请选择交办给哪个单位"),
        ({"decisions-0-problem": "", "decisions-0-act_on": late}, "problem", "请先填写关联问题编号"),
        (
            {"decisions-0-act": "assign", "decisions-0-act_unit": f"team:{world.own.team.pk}"},
            "act_unit",
            "请选择另一个单位",
        ),
        ({"decisions-0-act_unit": "team:99999999", "decisions-0-act_on": late}, "act_unit", "有效"),
        ({"decisions-0-days": "0", "decisions-0-act": ""}, "days", "1"),
    ):
        page = client.post(NEW, typed(world, **base | changes)).content.decode()
        assert f'id="id_decisions-0-{field}_error"' in page and words in page, changes
    assert not Meeting.objects.exclude(pk=meeting.pk).exists()
    assert Problem.objects.get(pk=running.pk).version == before  # tried and taken back
    answer = client.post(NEW, typed(world, **base | {"decisions-0-act_on": workday(25).isoformat()}))
    assert answer.status_code == 302 and Decision.objects.get().act_state == "done"


def test_undoing_the_step_in_the_ledger_lets_the_decision_wait_again(
    world, meeting, running, django_capture_on_commit_callbacks
):
    officer = world.actor("county_officer")
    decision = about(meeting, running, "extend", act_on=workday(25))
    lifecycle.hold(meeting, by=officer)
    with django_capture_on_commit_callbacks(execute=True):
        ledger.undo(running.pk, by=officer)
    decision.refresh_from_db()
    assert (decision.act_state, decision.acted_on) == ("waiting", None)
    lifecycle.carry_out(decision, by=officer)
    decision.refresh_from_db()
    assert decision.act_state == "done"


def test_progress_and_working_days(world, meeting, client_of):
    from core import workdays

    officer = world.actor("county_officer")
    lifecycle.hold(meeting, by=officer)
    meeting.refresh_from_db()
    decision = lifecycle.decide(
        meeting, by=officer, text="补链", owner_department=world.own.departments[0], days=3, problem=None
    )
    calendar = workdays.current(world.own.region.path)
    assert decision.due_on == calendar.add(meeting.held_on, 3)
    assert decision.yellow_on == max(calendar.add(decision.due_on, -2), meeting.held_on)
    client = client_of("department_officer")
    client.post(f"/meetings/decisions/{decision.pk}/notes/", {"text": "已联系三家企业"})
    page = client.get(f"/meetings/decisions/{decision.pk}/").content.decode()
    assert "已联系三家企业" in page
    for bad in ("", "\x00", "长" * 1001):
        assert client.post(f"/meetings/decisions/{decision.pk}/notes/", {"text": bad}).status_code == 302
    assert decision.notes.count() == 1
    assert client_of("leader").post(f"/meetings/decisions/{decision.pk}/notes/", {"text": "x"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_who_carry_it_out_at_once_do_it_once(transactional_db):
    from tests.cast import build_world

    world = build_world()
    officer = world.actor("county_officer")
    problem = ledger.accept(raise_entry(world, by="county_officer", chain=world.own.chains[0], at=now()), by=officer)
    row = make.MeetingFactory(committee=world.own.committees[0])
    decision = about(row, problem, "assign", act_team=world.own.team, state="open")
    gate, results = threading.Barrier(2), []

    def act():
        try:
            gate.wait(timeout=10)
            lifecycle.carry_out(Decision.objects.get(pk=decision.pk), by=officer)
            results.append("done")
        except Refused as refused:
            results.append(refused.refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(results) == ["acted", "done"]
    assert problem.assignments.count() == 1 and acting.step_of(Decision.objects.get(pk=decision.pk)) == "transfer"
