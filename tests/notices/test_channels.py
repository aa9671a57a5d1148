"""Messages to chat robots against a real server that fails, hangs, redirects; and the pages of channels."""

import base64
import datetime as dt
import hashlib
import hmac
import logging
import socket
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from audit.models import Event
from core import clock
from core.clock import at_local
from notices import deliveries, robots, webhooks
from notices.models import Channel, Delivery
from problems import lifecycle
from tests.notices.test_pages import assigned
from tests.problems.steps import MONDAY, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(world, at, channel, told):
    """One message that waits for the channel, on the Monday at ten."""
    at(day(0, 10))
    lifecycle.raise_problem(
        by=world.actor("branch_secretary"), enterprise=world.own.enterprises[0], category=world.category,
        title="冷链运输车辆不足", text="旺季冷藏车紧缺。",
    )  # fmt: skip
    told()
    return Delivery.objects.get()


def later(at, minutes: int):
    at(clock.now() + dt.timedelta(minutes=minutes))
    return deliveries.run()


# --- how it goes --------------------------------------------------------------------------------------------------
def test_it_arrives_once_in_the_robots_own_form(waiting, robot, at):
    assert deliveries.run() == 1
    assert robot.got[0]["path"] == "/send?key=SECRET-KEY"
    sent = robot.got[0]["json"]
    assert sent["msgtype"] == "text"
    record = "WT-990100-2026-0001 冷链运输车辆不足"
    assert sent["text"]["content"] == f"【待受理和待交办】{record}：企业提出了新的问题，等待受理"
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, waiting.answer) == ("sent", 1, "errcode 0")
    assert later(at, 600) == 0 and len(robot.got) == 1


def test_what_waits_for_the_opening_is_not_sent_once_the_step_is_undone(waiting, world, robot, at, told):
    at(day(0, 22))
    secretary = world.actor("chain_secretary")
    problem = lifecycle.accept(waiting.problem_id, by=secretary)
    told()
    lifecycle.undo(problem, by=secretary)
    told()
    row = Delivery.objects.get(code="accept")
    assert (row.state, row.answer) == ("failed", "这一步已经撤销，没有发送。")
    at(day(1, 10))
    deliveries.run()
    assert [one["json"]["text"]["content"].partition("：")[2] for one in robot.got] == ["企业提出了新的问题，等待受理"]


def test_a_robot_that_fails_first_gets_it_on_the_second_try(waiting, robot, at):
    robot.script = [503, 200]
    deliveries.run()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.answer) == ("queued", "对方答复 503。")
    assert deliveries.run() == 0, "not before its time"
    later(at, 1)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("sent", 2)


def test_a_robot_that_hangs_is_left_after_seconds(waiting, robot, at):
    robot.script = ["hang", 200]
    began = time.monotonic()
    deliveries.run()
    assert time.monotonic() - began < 5.5
    waiting.refresh_from_db()
    assert (waiting.state, waiting.answer) == ("queued", "对方没有在规定时间内答复。")
    later(at, 1)
    waiting.refresh_from_db()
    assert waiting.state == "sent"


def test_a_redirect_is_not_followed(waiting, robot):
    robot.script = ["redirect"]
    deliveries.run()
    waiting.refresh_from_db()
    assert waiting.state == "failed" and "不予跟随" in waiting.answer
    assert [one["path"] for one in robot.got] == ["/send?key=SECRET-KEY"]


def test_an_endless_answer_is_cut(waiting, robot):
    robot.script = ["endless"]
    began = time.monotonic()
    deliveries.run()
    assert time.monotonic() - began < 5
    waiting.refresh_from_db()
    assert waiting.state == "failed", "4 KB of it were read, and they make no sense"


def test_a_lost_connection_is_tried_again_and_given_up_after_six(waiting, robot, at):
    robot.script = ["drop"]
    for minutes in (0, 1, 5, 15, 60, 180, 600):
        later(at, minutes)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, len(robot.got)) == ("failed", 6, 6)


@pytest.mark.parametrize(("body", "state"), [(b'{"errcode":93000}', "failed"), (b'{"errcode":45009}', "queued")])
def test_the_robots_own_error_codes(waiting, robot, body, state):
    robot.body = body
    deliveries.run()
    waiting.refresh_from_db()
    assert waiting.state == state and "错误码" in waiting.answer


def test_a_worker_that_died_while_sending_is_made_up_for(waiting, robot, at):
    """The attempt was noted, the answer was not: after its lease the message is tried again."""
    assert deliveries._take(waiting.pk, clock.now()).attempts == 1
    assert deliveries.run() == 0 and robot.got == []
    later(at, 3)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, len(robot.got)) == ("sent", 2, 1)


def test_outside_office_hours_it_waits_for_the_opening(world, at, channel, robot, told):
    friday_evening = at_local(MONDAY + dt.timedelta(days=4), 18)
    at(friday_evening)
    assigned(world)
    told()
    for moment in (friday_evening, at_local(MONDAY + dt.timedelta(days=5), 10), at_local(MONDAY + dt.timedelta(7), 8)):
        at(moment)
        assert deliveries.run() == 0
    assert robot.got == []
    at(at_local(MONDAY + dt.timedelta(days=7), 8, 30))
    assert deliveries.run() == 3 == len(robot.got), "raised, accepted, assigned"


def test_no_more_than_a_robot_takes_in_a_minute(world, at, channel, robot, told):
    at(day(0, 10))
    for number in range(8):
        assigned(world, f"事项{number}")
    told()
    assert Delivery.objects.count() == 24
    assert deliveries.run() == deliveries.A_MINUTE
    assert deliveries.run() == 0
    later(at, 2)
    assert len(robot.got) == 24 == len({str(one["json"]) for one in robot.got})


def test_a_channel_that_hangs_or_is_closed_holds_up_no_other(world, at, channel, robot, told):
    at(day(0, 10))
    away = Channel.objects.create(region=world.own.region, name="不通", robot="json", url="http://127.0.0.1:9/",
                                  kinds=list(channel.kinds), made_at=clock.now())  # fmt: skip
    webhooks.settings.WEBHOOK_HOSTS.append("127.0.0.1:9")
    for number in range(3):
        assigned(world, f"事项{number}")
    told()
    assert deliveries.run() == 9 + 1, "one attempt tells that nobody is there"
    assert away.deliveries.filter(attempts=1).count() == 1 and len(robot.got) == 9


def test_channels_hear_their_region_and_what_they_chose(world, at, channel, robot, told):
    at(day(0, 10))
    Channel.objects.create(region=world.other.region, name="外县", robot="json", url=robot.url, kinds=["intake"],
                           made_at=clock.now())  # fmt: skip
    Channel.objects.create(region=world.city, name="市里", robot="json", url=robot.url, kinds=["assigned"],
                           made_at=clock.now())  # fmt: skip
    assigned(world)
    told()
    assert sorted(Delivery.objects.values_list("channel__name", "code")) == [
        ("市里", "assign"), ("督办工作群", "accept"), ("督办工作群", "assign"), ("督办工作群", "raised"),
    ]  # fmt: skip


def test_dingtalk_signs_and_json_names_its_message(waiting, channel, settings):
    settings.SITE_URL = "https://alliance.example.org"
    channel.robot, channel.secret = "dingtalk", "SEC-something"
    url, _body = robots.request_of(channel, waiting, deliveries.link_of(waiting), now=1_772_416_800.0)
    query = parse_qs(urlsplit(url).query)
    said = f"{query['timestamp'][0]}\nSEC-something".encode()
    wanted = base64.b64encode(hmac.new(b"SEC-something", said, hashlib.sha256).digest()).decode()
    assert query["sign"] == [wanted] and query["timestamp"] == ["1772416800000"] and query["key"] == ["SECRET-KEY"]
    channel.robot = "json"
    assert f'"id": "{channel.pk}:{waiting.key}"'.encode() in robots.request_of(channel, waiting, "")[1]
    assert deliveries.link_of(waiting) == f"https://alliance.example.org/problems/{waiting.problem_id}/"


# --- where it may lead --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "url",
    ["http://elsewhere.example/x", "http://robot.example:81/x", "https://robot.example.evil.example/", "ftp://robot.example/",
     "http://user:word@robot.example/", "http://robot.example@elsewhere.example/", "http://127.0.0.1/", "http://[::1]/",
     "http://169.254.169.254/", "//robot.example/", "http://robot.example/a b", "http://robot.example\\@x/", "http://:80/",
     "http://robot.example:99999/", "http://机器人.example/", "x" * 600, ""],
)  # fmt: skip
def test_only_hosts_of_the_list(url, settings):
    settings.WEBHOOK_HOSTS = ["robot.example", "10.0.0.5:8080"]
    webhooks.check_url("https://robot.example/hook?key=1")
    webhooks.check_url("http://10.0.0.5:8080/hook")
    with pytest.raises(webhooks.Unsafe):
        webhooks.check_url(url)


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "0.0.0.0", "224.0.0.1"])
def test_a_name_that_leads_home_is_refused(address, monkeypatch, settings, robot):
    settings.WEBHOOK_HOSTS = [f"robot.example:{robot.server_port}"]
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(family, 1, 6, "", (address, robot.server_port))])
    with pytest.raises(webhooks.Unsafe):
        webhooks.post(f"http://robot.example:{robot.server_port}/", b"{}")
    assert robot.got == []


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch, settings, robot):
    """A name server that answers differently the second time changes nothing, and the host's name is still told."""
    settings.WEBHOOK_HOSTS = [f"robot.example:{robot.server_port}"]
    monkeypatch.setattr(webhooks, "addresses_of", lambda _host, _port: ["127.0.0.1"])
    assert webhooks.post(f"http://robot.example:{robot.server_port}/hook", b"{}").status == 200
    assert robot.got[0]["headers"]["Host"] == f"robot.example:{robot.server_port}"


def test_a_host_struck_off_the_list_hears_nothing_more(waiting, robot, settings):
    settings.WEBHOOK_HOSTS = []
    deliveries.run()
    waiting.refresh_from_db()
    assert (waiting.state, robot.got) == ("failed", [])


# --- the pages ----------------------------------------------------------------------------------------------------
def form(world, server, **values):
    return {"region": world.own.region.pk, "name": "企业微信群", "robot": "wecom",
            "url": f"{server.url}/x?key=SECRET-KEY", "kinds": ["slip", "reminder"],
            "is_active": "on", **values}  # fmt: skip


def test_an_officer_makes_tests_and_changes_a_channel_and_no_secret_comes_back(
    world, robot, client_of, at, caplog, told
):
    at(day(0, 10))
    caplog.set_level(logging.DEBUG)
    client = client_of("county_officer")
    secret = {"robot": "dingtalk", "secret": "SEC-hidden"}
    made = client.post("/inbox/channels/new/", form(world, robot, **secret))
    channel = Channel.objects.get()
    assert made["Location"] == f"/inbox/channels/{channel.pk}/"
    client.post(f"/inbox/channels/{channel.pk}/test/")
    robot.script = [500, 200]
    deliveries.run()
    later(at, 1)
    pages = [client.get(f"/inbox/channels/{channel.pk}/{part}").content.decode() for part in ("", "edit/")]
    assert "这是一条测试消息" in pages[0] and "林知远" in pages[0] and "已送达" in pages[0]
    keep = form(world, robot, url="", name="钉钉群", robot="dingtalk", version=1)
    assert client.post(f"/inbox/channels/{channel.pk}/edit/", keep).status_code == 302
    channel.refresh_from_db()
    assert (channel.name, channel.secret, channel.version) == ("钉钉群", "SEC-hidden", 2)
    assert channel.url.endswith("SECRET-KEY")
    stale = client.post(f"/inbox/channels/{channel.pk}/edit/", keep).content.decode()
    assert "已被他人修改" in stale
    trail = " ".join(str(event.data) for event in Event.objects.filter(verb__startswith="channel."))
    assert Event.objects.filter(verb__startswith="channel.").count() == 3
    for text in (*pages, stale, trail, caplog.text, *(row.answer for row in Delivery.objects.all())):
        assert "SECRET-KEY" not in text and "SEC-hidden" not in text


def test_a_wrong_address_is_said_beside_the_field(world, robot, client_of):
    page = client_of("county_officer").post("/inbox/channels/new/", form(world, robot, url="http://elsewhere.example/"))
    assert "不在允许的名单里" in page.content.decode() and not Channel.objects.exists()
    other = form(world, robot, region=world.other.region.pk)
    assert client_of("county_officer").post("/inbox/channels/new/", other).status_code == 200
    assert not Channel.objects.exists()


def test_tests_are_limited_and_a_stopped_channel_is_not_tested(channel, client_of, at):
    at(day(0, 10))
    client = client_of("county_officer")
    for _n in range(5):
        client.post(f"/inbox/channels/{channel.pk}/test/")
    assert Delivery.objects.count() == 3
    Channel.objects.update(is_active=False)
    at(day(0, 11))
    client.post(f"/inbox/channels/{channel.pk}/test/")
    assert Delivery.objects.count() == 3
