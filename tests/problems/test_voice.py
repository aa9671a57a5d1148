"""The enterprise's word without an account: the way it should go."""

import re

import pytest

from audit.models import Event
from core import clock
from core.transitions import Refused
from problems import lifecycle
from problems.models import CallBack, Problem
from problems.voice import keys, links
from tests.cast import CheckedClient
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db


def opened(problem, world, *, client=None):
    """(client, link) of somebody without an account who has scanned a fresh card of the entry."""
    link, token = links.make(problem, by=world.actor("chain_secretary"))
    client = client or CheckedClient()
    response = client.get(f"/v/{problem.pk}/o/{token}/")
    assert response.status_code == 302 and response["Location"] == f"/v/{problem.pk}/"
    return client, link


def rate(client, problem, **more):
    version = Problem.objects.get(pk=problem.pk).version
    return client.post(f"/v/{problem.pk}/rate/", {"rating": "satisfied", "text": "", "version": version, **more})


def test_scan_see_and_rate(world):
    problem = in_state(world, "resolved")
    client, link = opened(problem, world)
    page = client.get(f"/v/{problem.pk}/")
    html = page.content.decode()
    assert page.status_code == 200 and "已协调车辆" in html and world.own.team.name in html
    assert "请您评价" in html and "no-store" in page["Cache-Control"] and "noindex" in page["X-Robots-Tag"]
    assert rate(client, problem, text="很快").status_code == 302
    problem.refresh_from_db()
    assert (problem.rating, problem.rated_by, problem.rating_text) == ("satisfied", "link", "很快")
    assert problem.confirmed_on == clock.today()
    link.refresh_from_db()
    assert link.rated_at is not None
    assert "谢谢" in client.get(f"/v/{problem.pk}/").content.decode()


def test_the_timeline_says_who_spoke(world, client_of):
    problem = in_state(world, "resolved")
    client, _link = opened(problem, world)
    rate(client, problem)
    event = Event.objects.of(problem).get(verb="problem.rate")
    assert event.actor_name == "企业（链接）" and event.actor_title == world.own.enterprises[0].name
    assert event.actor_id is None and event.ip == "127.0.0.1" and event.data["channel"] == "link"
    html = client_of("county_officer").get(problem.get_absolute_url()).content.decode()
    assert "企业（链接）" in html and "评价途径：链接或二维码" in html and "已评价" in html


def test_not_solved_begins_again(world):
    problem = in_state(world, "resolved")
    client, _link = opened(problem, world)
    assert "请写明还差什么" in rate(client, problem, rating="not_satisfied").content.decode()
    assert rate(client, problem, rating="not_satisfied", text="车还是没来").status_code == 302
    problem.refresh_from_db()
    assert (problem.state, problem.rating, problem.rated_by) == ("in_progress", "not_satisfied", "link")
    assert problem.reopened_times == 1 and problem.active_legs[0].team == world.own.team
    # The link shows how it goes on, and rates nothing more.
    assert client.get(f"/v/{problem.pk}/").status_code == 200
    assert rate(client, problem).status_code == 409


def test_a_fact_goes_on_the_timeline(world):
    problem = in_state(world, "in_progress")
    client, _link = opened(problem, world)
    assert client.post(f"/v/{problem.pk}/fact/", {"text": "另有两车待运"}).status_code == 302
    event = Event.objects.of(problem).get(verb="problem.add_note")
    assert event.actor_name == "企业（链接）" and event.data["text"] == "另有两车待运"
    assert "另有两车待运" in client.get(f"/v/{problem.pk}/").content.decode()
    problem.refresh_from_db()
    assert problem.first_reply_on is None, "the enterprise's own word is no reply of the unit"


def test_facts_of_one_day_are_limited(world):
    problem = in_state(world, "in_progress")
    client, _link = opened(problem, world)
    answers = [client.post(f"/v/{problem.pk}/fact/", {"text": f"第{n}条"}).status_code for n in range(11)]
    assert answers == [302] * 10 + [409]


def test_asking_for_a_call(world):
    problem = in_state(world, "in_progress")
    client, _link = opened(problem, world)
    assert "此项必填" in client.post(f"/v/{problem.pk}/call/", {}).content.decode()
    bad = client.post(f"/v/{problem.pk}/call/", {"phone": "<b>"})
    assert bad.status_code == 200 and "请填写电话号码" in bad.content.decode()
    assert client.post(f"/v/{problem.pk}/call/", {"phone": "0900-000123", "wish": "问进度"}).status_code == 302
    call = CallBack.objects.get(problem=problem)
    assert (call.kind, call.state, call.phone, call.wish) == ("requested", "open", "0900-000123", "问进度")
    assert call.due_on > call.asked_on == clock.today()
    again = client.post(f"/v/{problem.pk}/call/", {"phone": "0900-000123"})
    assert again.status_code == 409 and "已经登记" in again.content.decode()


def test_the_page_tells_nothing_of_officials_or_others(world):
    problem = in_state(world, "resolved", contact_name="苗支书", contact_phone="0900-111222")
    client, _link = opened(problem, world)
    html = client.get(f"/v/{problem.pk}/").content.decode()
    for person in world.people.values():
        assert person.name not in html
    assert "0900-111222" not in html and world.own.enterprises[1].name not in html


def test_english_and_back(world):
    problem = in_state(world, "resolved")
    client, _link = opened(problem, world)
    client.post("/language/setlang/", {"language": "en", "next": f"/v/{problem.pk}/"})
    html = client.get(f"/v/{problem.pk}/").content.decode()
    assert 'lang="en"' in html and "请您评价" not in html and "中文" in html


# --- making the card --------------------------------------------------------------------------------------------
def test_the_card_shows_the_secret_once_and_keeps_only_a_digest(world, client_of):
    problem, secretary = in_state(world, "resolved"), client_of("chain_secretary")
    page = f"/problems/{problem.pk}/links/new/"
    assert secretary.get(page).status_code == 200 and not problem.voice_links.exists()
    html = secretary.post(page).content.decode()
    token = re.search(rf"/v/{problem.pk}/o/([\w-]{{43}})/", html)[1]
    link = problem.voice_links.get()
    assert keys.digest_of(token) == link.digest and token not in link.digest
    assert (
        "data:image/svg+xml" in html and keys.code_of(link) in html and link.made_by == world.people["chain_secretary"]
    )
    entry = secretary.get(problem.get_absolute_url()).content.decode()
    assert token not in entry and keys.code_of(link) in entry and "有效" in entry
    assert token not in str(list(Event.objects.values()))


def test_the_link_outlives_the_rating_window_by_some_days(world):
    problem = in_state(world, "resolved")
    link, _token = links.make(problem, by=world.actor("branch_secretary"))
    calendar_days = (links.last_day(link) - clock.today()).days
    assert 12 <= calendar_days <= 30


@pytest.mark.parametrize("person", ["team_member", "department_officer", "leader"])
def test_who_may_not_make_one(world, client_of, person):
    problem = in_state(world, "resolved")
    with pytest.raises(Refused):
        links.make(problem, by=world.actor(person))
    assert client_of(person).get(f"/problems/{problem.pk}/links/new/").status_code == 403
    assert client_of(person).post(f"/problems/{problem.pk}/links/new/").status_code == 403
    assert not problem.voice_links.exists()


def test_at_most_five_at_a_time_and_none_for_what_ended(world):
    by, problem = world.actor("branch_secretary"), in_state(world, "resolved")
    for _number in range(5):
        links.make(problem, by=by)
    with pytest.raises(Refused) as stopped:
        links.make(problem, by=by)
    assert stopped.value.refusal.code == "too_many"
    with pytest.raises(Refused) as stopped:
        links.make(in_state(world, "closed"), by=by)
    assert stopped.value.refusal.code == "state"


# --- the short code ---------------------------------------------------------------------------------------------
def test_the_short_code_opens_the_same_page(world, stranger):
    problem = in_state(world, "resolved")
    link, _token = links.make(problem, by=world.actor("branch_secretary"))
    code = keys.code_of(link)
    for typed in (code, code.lower(), code.replace("-", " "), f" {code} ", code.replace("0", "O").replace("1", "l")):
        response = stranger.post("/v/", {"code": typed})
        assert response.status_code == 302 and response["Location"] == f"/v/{problem.pk}/", typed
    assert rate(stranger, problem).status_code == 302


# --- nobody answered ----------------------------------------------------------------------------------------------
def test_a_passed_window_is_shown_and_never_closes_by_itself(world, client_of):
    problem = in_state(world, "resolved")
    html = client_of("chain_secretary").get(problem.get_absolute_url()).content.decode()
    assert "评价期满，企业没有评价" in html
    problem.refresh_from_db()
    assert (problem.state, problem.rating) == ("resolved", "")
    rated = in_state(world, "resolved", title="评价过的")
    lifecycle.rate(rated, by=world.actor("branch_secretary"), rating="satisfied")
    assert "评价期满" not in client_of("chain_secretary").get(rated.get_absolute_url()).content.decode()
