"""Calling the enterprise back: who is drawn, who calls, and that its word is never dropped."""

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import Event
from core import clock
from core.actor import Role
from core.transitions import Refused
from problems import lifecycle
from problems.enums import CallBackState
from problems.models import CallBack, Problem, Rulebook
from problems.voice import acting, call_backs, drawing, links
from tests import factories as make
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def share(world):
    """Set the share of results that are called back about."""

    def set_to(percent):
        Rulebook.objects.filter(region=None).update(call_back_share=percent)
        if not Rulebook.objects.exists():
            Rulebook.objects.create(region=None, valid_from=dt.date(2020, 1, 1), call_back_share=percent)

    return set_to


def resolved_now(world, **values):
    problem = in_state(world, "in_progress", **values)
    return lifecycle.resolve(problem, by=world.actor("team_member"), outcome="solved", text="已协调车辆")


def sampled(world, share):
    share(100)
    problem = resolved_now(world)
    return problem, problem.call_backs.get()


def requested(world, problem):
    link, _token = links.make(problem, by=world.actor("branch_secretary"))
    return acting.ask_call(link, signed_in=world.actor("branch_secretary"), phone="0900-000123", wish="问进度")


# --- the draw ---------------------------------------------------------------------------------------------------
def test_all_or_none_by_the_rulebook(world, share):
    share(0)
    assert not resolved_now(world).call_backs.exists()
    _problem, call = sampled(world, share)
    assert (call.kind, call.state, call.asked_on) == ("sampled", "open", clock.today())
    assert call.due_on > clock.today() and call.region_id == world.own.towns[0].pk


def test_the_draw_is_even_and_always_the_same():
    class Entry:
        def __init__(self, pk, times=0):
            self.pk, self.reopened_times = pk, times

    lots = [drawing.lot(Entry(pk)) for pk in range(1, 4001)]
    assert lots == [drawing.lot(Entry(pk)) for pk in range(1, 4001)]
    assert min(lots) == 0 and max(lots) == 99
    assert 330 < sum(lot < 10 for lot in lots) < 470
    assert sum(drawing.lot(Entry(pk)) != drawing.lot(Entry(pk, 1)) for pk in range(1, 101)) > 80


def test_nobody_knows_the_draw_without_the_key_of_the_installation(settings):
    class Entry:
        pk, reopened_times = 7, 0

    here = [drawing.lot(Entry)]
    settings.SECRET_KEY = "another"
    elsewhere = [drawing.lot(Entry)]
    Entry.pk = 8
    assert (here, drawing.lot(Entry)) != (elsewhere, here[0])


def test_drawn_once_and_not_on_the_timeline(world, share):
    problem, call = sampled(world, share)
    drawn = Event.objects.filter(verb="problem.call_back_drawn")
    assert drawn.count() == 1 and drawn.get().object_id == call.pk
    assert not Event.objects.of(problem).filter(verb__startswith="problem.call_back").exists()
    # Undone and resolved again: still one call.
    problem = lifecycle.undo(problem, by=world.actor("team_member"))
    assert not problem.call_backs.exists()
    problem = lifecycle.resolve(problem, by=world.actor("team_member"), outcome="solved", text="再报一次")
    assert problem.call_backs.count() == 1


def test_what_is_entered_afterwards_or_waits_is_not_drawn(world, share):
    share(100)
    assert not in_state(world, "resolved").call_backs.exists()
    problem = in_state(world, "in_progress")
    lifecycle.resolve(
        problem, by=world.actor("team_member"), outcome="waiting", text="等政策",
        next_on=clock.today() + dt.timedelta(days=5),
    )  # fmt: skip
    assert not problem.call_backs.exists()


def test_a_result_that_is_no_longer_one_is_not_called_about(world, share):
    problem, call = sampled(world, share)
    lifecycle.rate(problem, by=world.actor("branch_secretary"), rating="not_satisfied", text="没解决")
    call.refresh_from_db()
    assert (call.state, call.done_on) == ("cancelled", clock.today())


# --- who calls --------------------------------------------------------------------------------------------------
def test_a_third_person_calls(world, share, client_of):
    problem, call = sampled(world, share)
    answers = {person: call_backs.refusal(call, problem, world.actor(person)) for person in world.people}
    assert answers["chain_secretary"] is None
    assert answers["county_officer"].code == "third_person", "assigned it"
    assert answers["team_member"].code == answers["department_officer"].code == "handler_calls"
    assert answers["leader"].code == answers["branch_secretary"].code == answers["stranger_officer"].code == "role"
    page = f"/problems/calls/{call.pk}/"
    codes = {person: client_of(person).get(page).status_code for person in world.people}
    assert codes == {
        "chain_secretary": 200, "county_officer": 403, "leader": 403, "team_member": 404, "department_officer": 404,
        "branch_secretary": 404, "stranger_officer": 404, "stranger_secretary": 404, "auditor": 403,
        "system_admin": 403,
    }  # fmt: skip


def test_a_keeper_who_is_also_of_the_unit_does_not_call(world, share):
    problem, call = sampled(world, share)
    make.PostFactory(user=world.people["chain_secretary"], role=Role.TEAM_MEMBER, team=world.own.team)
    assert call_backs.refusal(call, problem, world.actor("chain_secretary")).code == "handler_calls"


def test_a_call_asked_for_is_made_by_any_keeper_who_did_not_handle_it(world):
    problem = in_state(world, "in_progress")
    call = requested(world, problem)
    assert call_backs.refusal(call, problem, world.actor("county_officer")) is None
    assert call_backs.refusal(call, problem, world.actor("team_member")).code == "handler_calls"


# --- what was said ----------------------------------------------------------------------------------------------
def test_solved_and_satisfied_counts_as_the_rating(world, share):
    problem, call = sampled(world, share)
    by = world.actor("chain_secretary")
    call_backs.reached(call, by=by, is_solved=True, rating="satisfied", text="车到了")
    problem.refresh_from_db()
    call.refresh_from_db()
    assert (problem.state, problem.rating, problem.rated_by) == ("resolved", "satisfied", "call_back")
    assert (call.state, call.is_solved, call.done_by_id) == ("reached", True, by.user_id)
    event = Event.objects.of(problem).get(verb="problem.rate")
    assert event.actor_id == by.user_id and event.actor_name.startswith("牛立群") and "电话" in event.actor_name


def test_a_rating_given_before_stays(world, share):
    problem, call = sampled(world, share)
    lifecycle.rate(problem, by=world.actor("branch_secretary"), rating="basically")
    call_backs.reached(call, by=world.actor("chain_secretary"), is_solved=True, rating="satisfied", text="好")
    problem.refresh_from_db()
    assert (problem.rating, problem.rated_by) == ("basically", "signed_in")


@pytest.mark.parametrize("before", ["unrated", "rated", "closed"])
def test_not_solved_reopens_whatever_was_said_before(world, share, before):
    problem, call = sampled(world, share)
    if before != "unrated":
        problem = lifecycle.rate(problem, by=world.actor("branch_secretary"), rating="satisfied")
    if before == "closed":
        problem = lifecycle.close(problem, by=world.actor("chain_secretary"))
    first = problem.closed_on
    call_backs.reached(call, by=world.actor("chain_secretary"), is_solved=False, text="车一辆也没来")
    problem = Problem.objects.get(pk=problem.pk)
    call.refresh_from_db()
    assert (problem.state, problem.rating, problem.rated_by) == ("in_progress", "not_satisfied", "call_back")
    assert problem.reopened_times == 1 and problem.closed_on == first and problem.ended_on is None
    assert problem.active_legs[0].team == world.own.team and problem.due_on > clock.today()
    assert (call.state, call.is_solved, call.text) == ("reached", False, "车一辆也没来")
    verbs = set(Event.objects.of(problem).values_list("verb", flat=True))
    assert {"problem.call_back", "problem.say_not_solved"} <= verbs


@pytest.mark.parametrize("state", ["in_progress", "waiting"])
def test_not_solved_stands_where_nothing_can_be_reopened(world, state):
    problem = in_state(world, "in_progress")
    call = requested(world, problem)
    if state == "waiting":
        problem = lifecycle.resolve(
            problem, by=world.actor("team_member"), outcome="waiting", text="等政策",
            next_on=clock.today() + dt.timedelta(days=5),
        )  # fmt: skip
    call_backs.reached(call, by=world.actor("chain_secretary"), is_solved=False, text="还没解决")
    call.refresh_from_db()
    after = Problem.objects.get(pk=problem.pk)
    assert (after.state, call.is_solved) == (problem.state, False)
    assert Event.objects.of(problem).filter(verb="problem.call_back", data__text="还没解决").exists()


def test_three_times_nobody_answers(world, share, time_machine):
    problem, call = sampled(world, share)
    by, start = world.actor("chain_secretary"), clock.now()
    call_backs.missed(call, by=by)
    with pytest.raises(Refused) as stopped:
        call_backs.missed(call, by=by)
    assert stopped.value.refusal.code == "too_soon"
    for hours in (2, 4):
        assert CallBack.objects.get(pk=call.pk).state == CallBackState.OPEN
        time_machine.move_to(start + dt.timedelta(hours=hours))
        call_backs.missed(call, by=by, text="无人接听")
    call.refresh_from_db()
    assert (call.state, call.is_solved, call.text) == ("unreachable", None, "无人接听")
    with pytest.raises(Refused) as stopped:
        call_backs.reached(call, by=by, is_solved=True, text="x")
    assert stopped.value.refusal.code == "done"
    problem.refresh_from_db()
    assert problem.rating == "", "no answer is no rating"


# --- pages ------------------------------------------------------------------------------------------------------
def test_the_list_shows_lights_and_what_was_said(world, share, client_of):
    problem, call = sampled(world, share)
    CallBack.objects.filter(pk=call.pk).update(due_on=clock.today() - dt.timedelta(days=3))
    secretary = client_of("chain_secretary")
    html = secretary.get("/problems/calls/").content.decode()
    assert problem.title in html and "红灯" in html and "抽查回访" in html
    form = {"reached": "yes", "solved": "no", "rating": "", "text": "没有解决", "version": problem.version}
    assert secretary.post(f"/problems/calls/{call.pk}/", form).status_code == 302
    assert problem.title not in secretary.get("/problems/calls/").content.decode()
    assert "企业说未解决" in secretary.get("/problems/calls/?state=not_solved").content.decode()
    assert secretary.get(f"/problems/calls/{call.pk}/").status_code == 200
    assert secretary.post(f"/problems/calls/{call.pk}/", form).status_code == 403
    assert client_of("team_member").get("/problems/calls/").status_code == 403
    assert "没有解决" in secretary.get(problem.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "has-error"),
        ({"reached": "yes"}, "请选择企业怎么说"),
        ({"reached": "yes", "solved": "yes"}, "请记下企业的原话"),
        ({"reached": "yes", "solved": "no", "rating": "satisfied", "text": "x"}, "不能记为满意"),
    ],
)
def test_incomplete_forms_come_back(world, share, client_of, form, words):
    problem, call = sampled(world, share)
    response = client_of("chain_secretary").post(
        f"/problems/calls/{call.pk}/", {"version": problem.version, **form}
    )  # fmt: skip
    assert response.status_code == 200 and words in response.content.decode()


def test_somebody_was_faster(world, share, client_of):
    problem, call = sampled(world, share)
    lifecycle.add_note(problem, by=world.actor("team_member"), text="新进展")
    form = {"reached": "yes", "solved": "yes", "text": "好", "version": problem.version}
    assert client_of("chain_secretary").post(f"/problems/calls/{call.pk}/", form).status_code == 409
    call.refresh_from_db()
    assert call.state == "open"


def test_the_handling_unit_sees_neither_links_nor_calls(world, share, client_of):
    problem, _call = sampled(world, share)
    links.make(problem, by=world.actor("branch_secretary"))
    page = client_of("team_member").get(problem.get_absolute_url()).content.decode()
    assert reverse("problems:link_make", args=[problem.pk]) not in page and "抽查回访" not in page
    card = page[page.index('id="voice"') :].split("</section>")[0]
    assert "disabled" in card and "<a " not in card
    own = client_of("branch_secretary").get(problem.get_absolute_url()).content.decode()
    assert 'id="voice"' in own and "抽查回访" not in own


# --- never dropped ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("solved", "rating"), [(False, ""), (True, "satisfied"), (True, "")])
def test_what_was_told_on_the_phone_cannot_be_undone(world, share, solved, rating):
    """Neither by the caller nor by the unit whose result was called about."""
    problem, call = sampled(world, share)
    call_backs.reached(call, by=world.actor("chain_secretary"), is_solved=solved, rating=rating, text="原话")
    for person in ("chain_secretary", "team_member"):
        with pytest.raises(Refused):
            lifecycle.undo(problem.pk, by=world.actor(person))
    call.refresh_from_db()
    assert (call.state, call.text) == ("reached", "原话")
