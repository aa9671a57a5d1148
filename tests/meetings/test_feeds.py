"""Calendars that phones read: what they contain, who opens them, and when they say nothing new."""

import datetime as dt

import pytest
from icalendar import Calendar

from core.clock import SHANGHAI, at_local, today
from core.logs import hide
from meetings.models import CalendarFeed, Meeting
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def made(client, committee=""):
    """The address as shown, once."""
    page = client.post("/meetings/calendars/new/", {"committee": committee}).content.decode()
    return page.split('id="feed-address"')[1].split('value="')[1].split('"')[0].removeprefix("http://testserver")


def read(client, address, **headers):
    answer = client.get(address, headers=headers)
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}, answer


def test_a_committees_calendar_says_when_where_and_in_which_state_and_nothing_else(world, client_of, stranger):
    first, second = world.own.committees
    day = today() + 9 * DAY
    title = "关于肉牛产业链饲草短缺问题与冷链运输能力建设的专题研究会议（第二次）"
    held = make.MeetingFactory(
        committee=first, state="draft", title=title, place="县政府三楼", held_on=day, starts_at=at_local(day, 9, 30)
    )
    off = make.MeetingFactory(committee=first, state="cancelled", held_on=day, starts_at=at_local(day))
    other = make.MeetingFactory(committee=second, held_on=day, starts_at=at_local(day))
    make.MeetingFactory(committee=first, held_on=day - 200 * DAY, starts_at=at_local(day - 200 * DAY))
    make.AttendanceFactory(meeting=held, name="云岭县书记")
    officer = client_of("county_officer")
    address = made(officer, first.pk)
    events, answer = read(stranger, address)
    assert set(events) == {f"meeting-{held.pk}@chain-alliance", f"meeting-{off.pk}@chain-alliance"}
    event = events[f"meeting-{held.pk}@chain-alliance"]
    assert (event["summary"], event["location"], event["status"]) == (title, "县政府三楼", "TENTATIVE")
    assert event["dtstart"].dt == dt.datetime.combine(day, dt.time(9, 30), SHANGHAI)
    assert events[f"meeting-{off.pk}@chain-alliance"]["status"] == "CANCELLED"
    text = answer.content
    assert b"DTSTART;TZID=Asia/Shanghai:" in text and "云岭县书记".encode() not in text
    assert max(map(len, text.split(b"\r\n"))) <= 75 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"meeting-{other.pk}@chain-alliance" in read(stranger, made(officer))[0]
    again = stranger.get(address, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Meeting.objects.filter(pk=held.pk).update(starts_at=at_local(day, 15), version=2)
    events, fresh = read(stranger, address, **{"if-none-match": answer["ETag"]})
    moved = events[f"meeting-{held.pk}@chain-alliance"]
    assert (fresh.status_code, moved["dtstart"].dt.hour, moved["sequence"]) == (200, 15, 1)


def test_only_a_hash_is_kept_and_what_is_revoked_or_out_of_office_opens_nothing(world, client_of, stranger):
    client = client_of("chain_secretary")
    make.MeetingFactory(committee=world.own.committees[0], held_on=today(), starts_at=at_local(today()))
    address = made(client)
    secret = address.removeprefix("/calendars/").removesuffix(".ics")
    feed = CalendarFeed.objects.get()
    assert secret not in str(vars(feed)) and secret not in hide(f"GET {address} HTTP/1.1")
    assert secret not in client.get("/meetings/calendars/").content.decode()
    assert "已有在用的订阅地址" in client.post("/meetings/calendars/new/", {}).content.decode()
    assert len(read(stranger, address)[0]) == 1
    feed.refresh_from_db()
    assert feed.read_on == today()
    world.people["chain_secretary"].posts.update(ended_on=today() - DAY)
    assert read(stranger, address)[0] == {}
    world.people["chain_secretary"].posts.update(ended_on=None)
    assert client_of("county_officer").post(f"/meetings/calendars/{feed.pk}/revoke/").status_code == 404
    client.post(f"/meetings/calendars/{feed.pk}/revoke/")
    for gone in (address, "/calendars/x.ics", f"/calendars/{'x' * 43}.ics"):
        assert stranger.get(gone).status_code == 404
    assert made(client) != address
