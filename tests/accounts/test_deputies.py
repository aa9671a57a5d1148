"""Deputies for a time (代理): who sets them, what they may do and until when, and what the trail says."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts import lifecycle
from accounts.actors import build_actor
from accounts.models import Post
from audit.models import Event
from core.clock import today
from core.transitions import Refused
from problems import lifecycle as ledger
from problems.models import Problem
from tests import factories as make
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


@pytest.fixture
def post(world):
    return world.people["team_member"].posts.get()


@pytest.fixture
def colleague(world):
    user = make.UserFactory(username="zhou.daili", name="周代理")
    make.PostFactory(user=user, role="department_officer", department=world.own.departments[1])
    return user


def deputise(world, post, user, by="county_officer", start=None, until=None):
    start = start or today()
    return lifecycle.set_deputy(
        post, by=world.actor(by), user=user, started_on=start, until=until or start + WEEK, reason="外出培训"
    )


def test_a_deputy_acts_with_the_duty_and_it_ends_by_itself(world, post, colleague):
    entry = in_state(world, "assigned")
    deputy = deputise(world, post, colleague)
    assert (deputy.role, deputy.team, deputy.deputy_for) == (post.role, post.team, post)
    actor = build_actor(colleague, today())
    acting = [duty for duty in actor.duties if duty.acting_for]
    assert [(duty.title, duty.acting_for) for duty in acting] == [("代理帮办团成员", "唐助企")]
    assert ledger.sign(entry, by=actor).state == "in_progress"
    event = Event.objects.filter(verb="problem.sign").get()
    assert (event.actor_title, event.data["acting_for"]) == ("代理帮办团成员", "唐助企")
    last, after = build_actor(colleague, today() + WEEK), build_actor(colleague, today() + WEEK + dt.timedelta(days=1))
    assert last.has("team_member") and not after.has("team_member")
    assert not Problem.objects.visible_to(after).filter(pk=entry.pk).exclude(assignments__handler=colleague).exists()


def test_what_one_does_in_an_own_post_is_not_said_to_be_for_somebody(world, post, colleague):
    deputise(world, post, colleague)
    entry = ledger.accept(in_state(world, "submitted"), by=world.actor("chain_secretary"))
    entry = ledger.assign(entry, by=world.actor("county_officer"), department=world.own.departments[1])
    ledger.sign(entry, by=build_actor(colleague, today()))
    event = Event.objects.get(verb="problem.sign")
    assert event.actor_title == "责任单位承办人"
    assert "acting_for" not in event.data


@pytest.mark.parametrize(
    ("by", "code"),
    [
        ("team_member", "own_post"), ("chain_secretary", "not_arranger"), ("leader", "not_arranger"),
        ("auditor", "not_arranger"), ("stranger_officer", "rank"), ("county_officer", None), ("system_admin", None),
    ],
)  # fmt: skip
def test_who_sets_a_deputy(world, post, colleague, by, code):
    if code is None:
        assert deputise(world, post, colleague, by=by).pk
        return
    with pytest.raises(Refused) as refused:
        deputise(world, post, colleague, by=by)
    assert refused.value.refusal.code == code
    assert not Post.objects.exclude(deputy_for=None).exists()


def test_an_officer_hands_out_no_power_of_the_own_rank(world, colleague):
    for person in ("leader", "county_officer"):
        with pytest.raises(Refused) as refused:
            deputise(world, world.people[person].posts.get(), colleague)
        assert refused.value.refusal.code in ("rank", "own_post")
        assert deputise(world, world.people[person].posts.get(), colleague, by="system_admin").role == person


def test_what_is_never_a_deputy(world, post, colleague):
    def refusal(**options):
        with pytest.raises(Refused) as refused:
            deputise(world, **{"post": post, "user": colleague, **options})
        return refused.value.refusal.code

    day = dt.timedelta(days=1)
    assert refusal(user=world.people["branch_secretary"]) == "side"
    assert refusal(post=world.people["branch_secretary"].posts.get()) == "side"
    assert refusal(user=world.people["team_member"]) == "self"
    assert refusal(user=world.people["county_officer"]) == "self"
    assert refusal(user=world.people["auditor"]) == "two_powers"
    assert refusal(start=today() - day) == "dates"
    assert refusal(until=today() - day) == "dates"
    assert refusal(until=today() + 200 * day) == "too_long"
    assert refusal(user=make.UserFactory(is_active=False)) == "disabled"
    deputy = deputise(world, post, colleague)
    other = make.UserFactory(username="another")
    assert refusal(post=deputy, user=other) == "deputy_of_deputy"
    assert refusal(user=other) == "deputised_already"
    assert deputise(world, post, other, start=today() + WEEK + day).pk


def test_a_deputy_ends_with_the_post_and_can_be_ended_before(world, post, colleague):
    deputy = deputise(world, post, colleague)
    lifecycle.end_deputy(deputy, by=world.actor("county_officer"))
    assert not build_actor(colleague, today()).has("team_member")
    with pytest.raises(Refused):
        lifecycle.end_deputy(deputy, by=world.actor("county_officer"))
    later = deputise(world, post, colleague, start=today() + dt.timedelta(days=1))
    lifecycle.end_post(post, by=world.actor("system_admin"))
    later.refresh_from_db()
    assert later.ended_on == later.started_on
    assert (
        list(Event.objects.filter(verb="post.deputy_ended").values_list("object_id", flat=True)) == [colleague.pk] * 2
    )


def test_the_pages(world, client_of, post, colleague):
    client = client_of("county_officer")
    entry = in_state(world, "assigned")
    page = client.get(reverse("accounts:deputy_list")).content.decode()
    assert "唐助企" in page and "高远山" not in page
    address = reverse("accounts:deputy_create", args=[post.pk])
    assert "周代理（云岭县工信局）" in client.get(address).content.decode()
    bad = client.post(address, {"user": colleague.pk, "started_on": today(), "until": "", "reason": ""})
    assert bad.status_code == 200 and 'id="id_until_error"' in bad.content.decode()
    data = {"user": colleague.pk, "started_on": today(), "until": today() + WEEK, "reason": "外出培训"}
    assert client.post(address, data).status_code == 302
    assert "周代理" in client.get(reverse("accounts:deputy_list")).content.decode()
    ledger.sign(entry, by=build_actor(colleague, today()))
    assert "（代唐助企履职）" in client.get(reverse("problems:detail", args=[entry.pk])).content.decode()
    deputy = Post.objects.exclude(deputy_for=None).get()
    ending = reverse("accounts:deputy_end", args=[deputy.pk])
    assert client.get(ending).status_code == 200
    assert client.post(ending).status_code == 302
    assert client_of("system_admin").get(reverse("accounts:user_detail", args=[colleague.pk])).status_code == 200
