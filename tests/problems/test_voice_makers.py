"""Whoever makes a card has seen its secret: nobody of a unit that handled the entry makes one or rates by one."""

import datetime as dt

import pytest
from django.db import transaction

from audit.models import Event
from core import clock
from core.actor import Role
from core.transitions import Refused
from problems import lifecycle
from problems.enums import BulkStep
from problems.models import Problem
from problems.voice import call_backs, keys, links
from tests import factories as make
from tests.cast import CheckedClient
from tests.problems.steps import day, in_state
from tests.problems.test_voice import rate

pytestmark = pytest.mark.django_db
BEFORE = day(0).date()


def a_post(world, person: str, role: str, **scope):
    return make.PostFactory(user=world.people[person], role=role, **scope)


# Ways in which somebody who keeps the ledger, or speaks for the enterprise, is of a unit that handled the entry.
def is_a_member(world, person, problem):
    a_post(world, person, Role.TEAM_MEMBER, team=world.own.team)


def is_of_a_helping_department(world, person, problem):
    a_post(world, person, Role.DEPARTMENT_OFFICER, department=world.own.departments[0])


def is_a_members_deputy(world, person, problem):
    principal = world.people["team_member"].posts.get()
    a_post(world, person, Role.TEAM_MEMBER, team=world.own.team, deputy_for=principal,
           started_on=BEFORE, ended_on=clock.today() + dt.timedelta(days=9))  # fmt: skip


def was_a_members_deputy(world, person, problem):
    principal = world.people["team_member"].posts.get()
    a_post(world, person, Role.TEAM_MEMBER, team=world.own.team, deputy_for=principal,
           started_on=BEFORE, ended_on=day(5).date())  # fmt: skip


def has_left_the_team(world, person, problem):
    a_post(world, person, Role.TEAM_MEMBER, team=world.own.team, started_on=BEFORE, ended_on=day(3).date())


def stands_in_the_teams_register(world, person, problem):
    make.TeamMemberFactory(team=world.own.team, region=world.own.region, user=world.people[person])


def was_handed_the_leg_and_passed_it_on(world, person, problem):
    user, post = world.people[person], make.PostFactory
    held = post(user=user, role=Role.TEAM_MEMBER, team=world.own.team, started_on=BEFORE)
    leg, officer = problem.assignments.get(is_lead=True), world.actor("county_officer")
    type(leg).objects.filter(pk=leg.pk).update(handler=user)
    assert links.refusal_to_make(problem, world.actor(person))
    type(leg).objects.filter(pk=leg.pk).update(handler=world.people["team_member"])
    held.ended_on = clock.today()
    held.save()
    assert officer.user_id != user.pk


WAYS = [
    is_a_member, is_of_a_helping_department, is_a_members_deputy, was_a_members_deputy, has_left_the_team,
    stands_in_the_teams_register, was_handed_the_leg_and_passed_it_on,
]  # fmt: skip


def test_no_card_no_rating_no_call_by_whoever(world, client_of):
    """Keeper and handler in one person: no card, no code, no call back, and an old card of theirs rates nothing."""
    problem = in_state(world, "resolved")
    for way in WAYS:
        print(way.__name__)  # pytest shows it with a failure
        with transaction.atomic():
            _is_kept_out(world, client_of, way, Problem.objects.get(pk=problem.pk))
            transaction.set_rollback(True)


def _is_kept_out(world, client_of, way, problem):
    made_before, token = links.make(problem, by=world.actor("chain_secretary"))
    way(world, "chain_secretary", problem)
    keeper, page = client_of("chain_secretary"), f"/problems/{problem.pk}/links/new/"
    for answer in (keeper.get(page), keeper.post(page)):
        html = answer.content.decode()
        assert answer.status_code == 403 and "不能生成或作废企业的链接" in html and "或企业自己的联络员" in html
    assert keeper.post(f"/problems/{problem.pk}/links/{made_before.pk}/revoke/").status_code == 403
    entry = keeper.get(problem.get_absolute_url()).content.decode()
    assert "不能生成或作废企业的链接" in entry and keys.code_of(made_before) not in entry and "revoke" not in entry
    assert problem.voice_links.count() == 1
    # Signed out, by the card made before: it opens, and rates nothing.
    phone = CheckedClient()
    assert phone.get(f"/v/{problem.pk}/o/{token}/", follow=True).status_code == 200
    refused = rate(phone, problem)
    assert refused.status_code == 403 and "不能用它评价" in refused.content.decode()
    assert phone.post("/v/", {"code": keys.code_of(made_before)}).status_code == 302
    assert rate(phone, problem).status_code == 403 and phone.get(f"/v/{problem.pk}/rate/").status_code == 403
    assert Problem.objects.get(pk=problem.pk).rating == ""
    # An officer sees that the card only shows; asking to be called stays open, and another card rates.
    officer = client_of("county_officer").get(problem.get_absolute_url()).content.decode()
    assert "只能查看" in officer
    assert phone.post(f"/v/{problem.pk}/call/", {"phone": "0900-000123"}).status_code == 302
    call = problem.call_backs.get(kind="requested")
    assert call_backs.refusal(call, problem, world.actor("chain_secretary")).code == "handler_calls"
    _link, fresh = links.make(problem, by=world.actor("county_officer"))
    other = CheckedClient()
    other.get(f"/v/{problem.pk}/o/{fresh}/")
    assert rate(other, problem).status_code == 302


@pytest.mark.parametrize("way", WAYS[1:5:2], ids=lambda way: way.__name__)
def test_the_enterprises_own_person_of_a_handling_unit_does_not_rate(world, client_of, way):
    """Signed in, on the page and by the API: also a helper's person, a deputy, and who has left."""
    problem = in_state(world, "resolved")
    way(world, "branch_secretary", problem)
    with pytest.raises(Refused) as stopped:
        lifecycle.rate(problem, by=world.actor("branch_secretary"), rating="satisfied")
    assert stopped.value.refusal.code == "handler_rates"
    form = {"rating": "satisfied", "version": problem.version}
    client = client_of("branch_secretary")
    assert client.post(f"{problem.get_absolute_url()}do/rate/", form).status_code == 403
    answer = client.post(f"/api/v1/problems/{problem.pk}/rate/", form, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "handler_rates")
    assert client.get(f"/problems/{problem.pk}/links/new/").status_code == 403
    assert Problem.objects.get(pk=problem.pk).rating == ""


def test_a_unit_given_the_entry_after_the_card_was_made(world):
    """A card of the first days lives on: its maker's unit is given the entry by a transfer, also only for a while."""
    problem = in_state(world, "in_progress")
    link, _token = links.make(problem, by=world.actor("chain_secretary"))
    a_post(world, "chain_secretary", Role.DEPARTMENT_OFFICER, department=world.own.departments[1])
    assert not links.made_by_handler(link, problem)
    officer = world.actor("county_officer")
    problem = lifecycle.transfer(problem, by=officer, department=world.own.departments[1], reason="职责", at=day(4))
    problem = lifecycle.transfer(problem, by=officer, team=world.own.team, reason="再改", at=day(5))
    assert links.made_by_handler(link, Problem.objects.get(pk=problem.pk))


def test_who_left_the_unit_before_it_had_the_entry_is_free(world):
    """Not everybody who was ever in the team: only those of its time with the entry."""
    make.PostFactory(
        user=world.people["chain_secretary"], role=Role.TEAM_MEMBER, team=world.own.team,
        started_on=BEFORE - dt.timedelta(days=90), ended_on=BEFORE - dt.timedelta(days=1),
    )  # fmt: skip
    problem = in_state(world, "resolved")
    assert links.refusal_to_make(problem, world.actor("chain_secretary")) is None


def test_many_at_once_rates_nothing(world):
    """No step for many entries at once is a word of the enterprise."""
    assert set(BulkStep.values) & {"rate", "settle_by_root", "close"} == set()


def test_the_code_is_shown_again_to_its_maker_alone(world, client_of):
    """Whoever has seen a secret is on the trail: who made it, and nobody else."""
    problem = in_state(world, "resolved")
    link, _token = links.make(problem, by=world.actor("chain_secretary"))
    code, page = keys.code_of(link), problem.get_absolute_url()
    seen = {who: code in client_of(who).get(page).content.decode()
            for who in ("chain_secretary", "county_officer", "branch_secretary", "team_member", "leader")}  # fmt: skip
    assert [who for who, shows in seen.items() if shows] == ["chain_secretary"]
    made = Event.objects.of(problem).get(verb="problem.link_made")
    assert (made.actor_id, made.data["link"]) == (world.people["chain_secretary"].pk, link.pk)
    assert f"生成企业直达链接（第 {link.pk} 号）" in client_of("county_officer").get(page).content.decode()
