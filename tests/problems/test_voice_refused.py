"""What a link must not do: used twice, expired, altered, another entry's, revoked, rated already, of an old round."""

import datetime as dt
import logging
import re
import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from audit.models import Event
from core import clock
from notices import drain as marks
from notices.enums import Kind
from notices.models import Channel
from problems import lifecycle
from problems.models import Problem, VoiceLink
from problems.voice import keys, links, throttle
from tests.cast import CheckedClient
from tests.problems.steps import in_state, raised
from tests.problems.test_voice import opened, rate

pytestmark = pytest.mark.django_db
# Nobody learns from a refusal whether a link exists: one sentence for what is altered, unknown or of another entry.
UNKNOWN = "链接无效或已失效"


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


def said(response) -> str:
    html = response.content.decode()
    assert "{{" not in html
    return html


def refused(response, status, words):
    assert response.status_code == status and words in said(response), (response.status_code, said(response)[-900:])


def test_used_twice(world):
    problem = in_state(world, "resolved")
    client, _link = opened(problem, world)
    assert rate(client, problem).status_code == 302
    refused(rate(client, problem, rating="not_satisfied", text="反悔"), 409, "每个链接只能评价一次")
    problem.refresh_from_db()
    assert (problem.rating, problem.state) == ("satisfied", "resolved")
    refused(client.get(f"/v/{problem.pk}/rate/"), 409, "每个链接只能评价一次")


def test_expired(world):
    problem = in_state(world, "resolved")
    client, link = opened(problem, world)
    past = clock.now() - dt.timedelta(minutes=1)
    VoiceLink.objects.filter(pk=link.pk).update(expires_at=past, made_at=past - dt.timedelta(days=1))
    refused(client.get(f"/v/{problem.pk}/"), 410, "已经过期")
    refused(rate(client, problem), 410, "已经过期")
    refused(client.post(f"/v/{problem.pk}/fact/", {"text": "x"}), 410, "已经过期")
    refused(client.post(f"/v/{problem.pk}/call/", {"phone": "12345"}), 410, "已经过期")
    assert Problem.objects.get(pk=problem.pk).rating == ""


def test_revoked(world, client_of):
    problem = in_state(world, "resolved")
    client, link = opened(problem, world)
    page = f"/problems/{problem.pk}/links/{link.pk}/revoke/"
    assert client_of("team_member").post(page).status_code == 403
    assert client_of("branch_secretary").get(page).status_code == 200
    assert client_of("branch_secretary").post(page).status_code == 302
    assert client_of("branch_secretary").post(page).status_code == 403
    refused(client.get(f"/v/{problem.pk}/"), 410, "已经作废")
    refused(rate(client, problem), 410, "已经作废")
    code = keys.code_of(link)
    assert "短码不对，或已经失效" in said(CheckedClient().post("/v/", {"code": code}))


@pytest.mark.parametrize("change", ["last", "first", "case", "longer", "shorter", "empty-ish", "sql", "chinese"])
def test_altered(world, stranger, change):
    problem = in_state(world, "resolved")
    _link, token = links.make(problem, by=world.actor("branch_secretary"))
    other = "A" if token[0] != "A" else "B"
    altered = {
        "last": token[:-1] + ("A" if token[-1] != "A" else "Q"), "first": other + token[1:],
        "case": token.swapcase(), "longer": token + "A", "shorter": token[:-1], "empty-ish": "-",
        "sql": "' OR 1=1 --", "chinese": "链" * 43,
    }[change]  # fmt: skip
    response = stranger.get(f"/v/{problem.pk}/o/{altered}/", follow=True)
    refused(response, 403, UNKNOWN)
    refused(rate(stranger, problem), 403, UNKNOWN)
    assert Problem.objects.get(pk=problem.pk).rating == ""


def test_the_last_character_cannot_be_played_with(world):
    """43 characters carry 258 bits: those that spell the same secret otherwise are refused, too."""
    token = keys.new_token()
    same = [token[:-1] + sign for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]
    assert [one for one in same if keys.digest_of(one) == keys.digest_of(token)] == [token]


def test_anothers_token_on_this_path(world):
    mine, theirs = in_state(world, "resolved"), in_state(world, "resolved", title="另一件")
    _link, token = links.make(theirs, by=world.actor("branch_secretary"))
    client = CheckedClient()
    refused(client.get(f"/v/{mine.pk}/o/{token}/", follow=True), 403, UNKNOWN)
    # Nor with the pass of the other entry, put there by hand.
    other, _link = opened(theirs, world)
    client.cookies["voice"] = other.cookies["voice"].value
    refused(client.get(f"/v/{mine.pk}/"), 403, UNKNOWN)
    refused(rate(client, mine), 403, UNKNOWN)
    assert Problem.objects.get(pk=mine.pk).rating == ""


def test_a_forged_pass(world, stranger):
    problem = in_state(world, "resolved")
    link, _token = links.make(problem, by=world.actor("branch_secretary"))
    for value in ("", "1", f'[{link.pk},"{link.digest[:16]}"]', "x:y:z", "\x01", keys.pass_for(link)[:-1]):
        stranger.cookies["voice"] = value
        refused(stranger.get(f"/v/{problem.pk}/"), 403, UNKNOWN)


def test_an_entry_that_does_not_exist_answers_the_same(world, stranger):
    problem = in_state(world, "resolved")
    bodies = []
    for pk in (problem.pk, 999_999_999, 10**30):
        response = stranger.get(f"/v/{pk}/o/{keys.new_token()}/", follow=True)
        assert response.status_code == 403
        html = said(response).replace(str(pk), "")
        bodies.append(html[html.index("<main") : html.index("</main>")])
    assert bodies[0] == bodies[1] == bodies[2]


def test_rated_already_signed_in(world):
    problem = in_state(world, "resolved")
    client, _link = opened(problem, world)
    lifecycle.rate(problem, by=world.actor("branch_secretary"), rating="basically")
    refused(rate(client, problem), 409, "已经评价过")
    assert Problem.objects.get(pk=problem.pk).rated_by == "signed_in"


def test_reopened_since(world):
    problem = in_state(world, "resolved")
    client, _link = opened(problem, world)
    lifecycle.rate(problem, by=world.actor("branch_secretary"), rating="not_satisfied", text="没解决")
    refused(rate(client, problem), 409, "重新办理")
    problem = lifecycle.sign(problem, by=world.actor("team_member")) if problem.state == "assigned" else problem
    lifecycle.resolve(problem, by=world.actor("team_member"), outcome="solved", text="又办了一次")
    refused(rate(client, problem), 409, "重新办理")
    fresh, _link = opened(problem, world)
    assert rate(fresh, problem).status_code == 302


def test_not_resolved_yet(world):
    problem = in_state(world, "in_progress")
    client, _link = opened(problem, world)
    refused(rate(client, problem), 409, "还没有办结")


def test_waiting_for_a_policy_is_not_rated(world):
    problem = in_state(world, "in_progress")
    lifecycle.resolve(
        problem, by=world.actor("team_member"), outcome="waiting", text="等政策",
        next_on=clock.today() + dt.timedelta(days=5),
    )  # fmt: skip
    client, _link = opened(problem, world)
    assert rate(client, problem).status_code == 409


@pytest.mark.parametrize("person", ["team_member", "department_officer"])
def test_the_handling_unit_gets_403(world, client_of, person):
    problem = in_state(world, "resolved")
    client, _link = opened(problem, world, client=client_of(person))
    assert client.get(f"/v/{problem.pk}/").status_code == 200
    refused(rate(client, problem), 403, "办理单位不能")
    refused(client.get(f"/v/{problem.pk}/rate/"), 403, "办理单位不能")
    refused(client.post(f"/v/{problem.pk}/fact/", {"text": "冒充"}), 403, "办理单位不能")
    refused(client.post(f"/v/{problem.pk}/call/", {"phone": "12345"}), 403, "办理单位不能")
    assert Problem.objects.get(pk=problem.pk).rating == ""


def test_nobody_else_signed_in_speaks_for_the_enterprise(world, client_of):
    problem = in_state(world, "resolved")
    for person in ("county_officer", "chain_secretary", "stranger_secretary"):
        client, _link = opened(problem, world, client=client_of(person))
        refused(rate(client, problem), 403, "不是这家企业的账号")
        VoiceLink.objects.all().delete()
    client, _link = opened(problem, world, client=client_of("branch_secretary"))
    assert rate(client, problem).status_code == 302
    assert Event.objects.of(problem).get(verb="problem.rate").actor_id == world.people["branch_secretary"].pk


def test_changed_since_the_page_was_read(world):
    problem = in_state(world, "resolved")
    client, _link = opened(problem, world)
    lifecycle.add_note(problem, by=world.actor("team_member"), text="补充说明")
    refused(rate(client, problem, version=problem.version), 409, "有了新的变化")
    assert Problem.objects.get(pk=problem.pk).rating == ""


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"rating": "great"},
        {"rating": "satisfied", "version": "x"},
        {"rating": "satisfied", "version": 2**40},
        {"rating": "satisfied", "text": "长" * 501},
        {"rating": "not_satisfied", "text": "\x00"},
    ],
)
def test_bad_input_is_a_form_again(world, form):
    problem = in_state(world, "resolved")
    client, _link = opened(problem, world)
    response = client.post(f"/v/{problem.pk}/rate/", form)
    assert response.status_code == 200 and "还有内容需要修改" in said(response)


def test_posts_need_the_token_of_the_page(world):
    problem = in_state(world, "resolved")
    client, _link = opened(problem, world, client=CheckedClient(enforce_csrf_checks=True))
    assert rate(client, problem).status_code == 403
    assert Problem.objects.get(pk=problem.pk).rating == ""


# --- guessing ---------------------------------------------------------------------------------------------------
def test_codes_of_one_address_rest_after_ten_wrong(world, stranger):
    link, _token = links.make(in_state(world, "resolved"), by=world.actor("branch_secretary"))
    for number in range(throttle.WRONG_BY_ADDRESS):
        assert stranger.post("/v/", {"code": f"{number + 2}-AAAA-AAAA"}).status_code == 200
    stopped = stranger.post("/v/", {"code": keys.code_of(link)})
    refused(stopped, 429, "十五分钟后再试")
    assert stopped["Retry-After"] == "900"
    elsewhere = CheckedClient(REMOTE_ADDR="10.0.0.9")
    assert elsewhere.post("/v/", {"code": keys.code_of(link)}).status_code == 302


def test_one_links_code_rests_after_five_wrong_from_anywhere(world):
    link, token = links.make(in_state(world, "resolved"), by=world.actor("branch_secretary"))
    head = keys.code_of(link).partition("-")[0]
    for number in range(throttle.WRONG_BY_LINK):
        client = CheckedClient(REMOTE_ADDR=f"10.0.0.{number}")
        assert client.post("/v/", {"code": f"{head}-0000-000{number}"}).status_code == 200
    client = CheckedClient(REMOTE_ADDR="10.0.1.1")
    refused(client.post("/v/", {"code": keys.code_of(link)}), 429, "二维码不受影响")
    assert client.get(f"/v/{link.problem_id}/o/{token}/", follow=True).status_code == 200


def test_it_opens_again_after_a_quarter_of_an_hour(world, stranger, time_machine):
    start = clock.now()
    link, _token = links.make(in_state(world, "resolved"), by=world.actor("branch_secretary"))
    for number in range(throttle.WRONG_BY_ADDRESS):
        stranger.post("/v/", {"code": f"{number}-AAAA-AAAA"})
    assert stranger.post("/v/", {"code": keys.code_of(link)}).status_code == 429
    time_machine.move_to(start + throttle.PAUSE + dt.timedelta(minutes=1))
    assert stranger.post("/v/", {"code": keys.code_of(link)}).status_code == 302


def test_counting_holds_without_redis(world, stranger):
    dead = {"default": {"BACKEND": "core.cache.PatientRedisCache", "LOCATION": "redis://127.0.0.1:1/0",
                        "OPTIONS": {"socket_connect_timeout": 0.1}}}  # fmt: skip
    problem = in_state(world, "resolved")
    with override_settings(CACHES=dead):
        for _number in range(throttle.WRONG_BY_ADDRESS):
            stranger.post("/v/", {"code": "1-AAAA-AAAA"})
        assert stranger.post("/v/", {"code": "1-AAAA-AAAA"}).status_code == 429
        assert stranger.get(f"/v/{problem.pk}/o/{keys.new_token()}/").status_code == 302


def test_wrong_links_rest_too(world, stranger):
    problem = in_state(world, "resolved")
    for _number in range(throttle.WRONG_LINKS):
        stranger.get(f"/v/{problem.pk}/o/{keys.new_token()}/")
    assert stranger.get(f"/v/{problem.pk}/o/{keys.new_token()}/").status_code == 429


def test_a_code_is_no_secret_of_the_database_alone(world, settings):
    link, _token = links.make(in_state(world, "resolved"), by=world.actor("branch_secretary"))
    code = keys.code_of(link)
    settings.SECRET_KEY = "another installation"
    assert keys.code_of(link) != code


@pytest.mark.parametrize("text", ["", "1", "-", "ABCDEFGH", "U" * 12, "9" * 40, "短码短码短码", "\x00123456789"])
def test_what_is_no_code(stranger, text):
    response = stranger.post("/v/", {"code": text})
    assert response.status_code == 200 and "has-error" in said(response)


# --- leaks ------------------------------------------------------------------------------------------------------
def test_reading_writes_nothing(world):
    problem = raised(world)
    client, _link = opened(problem, world)
    counts = lambda: (Event.objects.count(), Problem.objects.get(pk=problem.pk).version)  # noqa: E731
    before = counts()
    for page in ("", "rate/", "fact/", "call/"):
        client.get(f"/v/{problem.pk}/{page}")
    assert counts() == before


def test_no_page_and_no_log_carries_the_secret(world, caplog):
    problem = in_state(world, "resolved")
    link, token = links.make(problem, by=world.actor("branch_secretary"))
    client = CheckedClient()
    with caplog.at_level(logging.DEBUG):
        response = client.get(f"/v/{problem.pk}/o/{token}/")
        assert response["Referrer-Policy"] == "no-referrer" and token not in response["Location"]
        cookie = client.cookies["voice"]
        assert token not in cookie.value and cookie["path"] == f"/v/{problem.pk}/" and cookie["httponly"]
        for page in ("", "rate/", "fact/", "call/"):
            assert token not in said(client.get(f"/v/{problem.pk}/{page}"))
        client.get(f"/v/{problem.pk + 1}/o/{token}/", follow=True)
    assert token not in caplog.text
    assert link.digest != token


def test_neither_secret_nor_code_is_kept_anywhere(world, client_of):
    """After a whole life of a card: in no table (trail, notices, messages, sessions, history), no page, no answer."""
    problem, secretary = in_state(world, "resolved"), client_of("chain_secretary")
    Channel.objects.create(
        region=world.own.region, name="督办工作群", robot="json", url="https://robot.example.org/",
        kinds=list(Kind.values), made_at=clock.now(),
    )  # fmt: skip
    html = secretary.post(f"/problems/{problem.pk}/links/new/").content.decode()
    link = problem.voice_links.get()
    token, code = re.search(rf"/v/{problem.pk}/o/([\w-]{{43}})/", html)[1], keys.code_of(link)
    client = CheckedClient()
    client.post("/v/", {"code": code[:-1] + ("A" if code[-1] != "A" else "B")})
    client.post("/v/", {"code": code})
    client.get(f"/v/{problem.pk}/o/{token}/", follow=True)
    client.post(f"/v/{problem.pk}/fact/", {"text": "另有两车待运"})
    client.post(f"/v/{problem.pk}/call/", {"phone": "0900-000123"})
    assert rate(client, problem, rating="not_satisfied", text="还差一半").status_code == 302
    secretary.post(f"/problems/{problem.pk}/links/{link.pk}/revoke/")
    marks.drain()
    wanted = (token, code, code.replace("-", ""), code.partition("-")[2])
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows = "\n".join(row[0] for row in cursor.fetchall())
            assert not [one for one in wanted if one in rows], table
    officer = client_of("county_officer")
    for address in (problem.get_absolute_url(), f"/api/v1/problems/{problem.pk}/", "/problems/", "/inbox/"):
        page = officer.get(address).content.decode()
        assert not [one for one in wanted if one in page], address


@pytest.mark.django_db(transaction=True)
def test_twelve_phones_at_once_rate_once(world):
    problem = in_state(world, "resolved")
    link, _token = links.make(problem, by=world.actor("branch_secretary"))
    codes = []

    def tap():
        try:
            client = CheckedClient()
            client.cookies["voice"] = keys.pass_for(link)
            form = {"rating": "satisfied", "text": "", "version": problem.version}
            codes.append(client.post(f"/v/{problem.pk}/rate/", form).status_code)
        finally:
            connection.close()

    phones = [threading.Thread(target=tap) for _number in range(12)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert sorted(codes) == [302] + [409] * 11
    assert Event.objects.of(problem).filter(verb="problem.rate").count() == 1
