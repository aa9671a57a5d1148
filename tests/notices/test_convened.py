"""Who is told of meetings: everybody whom the notice is for, once for each thing, and the day before."""

import datetime as dt
from contextlib import ExitStack

import pytest
import time_machine

from alliances.models import HelpTeam
from core.clock import at_local
from meetings import lifecycle
from meetings.models import MeetingKind
from notices import coming
from notices.models import Delivery, Notice
from tests import factories as make
from tests.problems.steps import MONDAY

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
EVERYBODY = {"chain_secretary", "leader", "team_member", "department_officer", "branch_secretary"}


@pytest.fixture
def at():
    """Sets the clock, of the database's rows too."""
    with ExitStack() as clocks:

        def travel(moment):
            clocks.pop_all().close()
            clocks.enter_context(time_machine.travel(moment, tick=False))

        yield travel


@pytest.fixture
def values(world):
    """A meeting on Tuesday of next week: the leader holds a seat, a unit of each kind is invited, one that is in no
    register, and one of the same name as a unit of the stranger county."""
    seat = world.own.seats[1]
    seat.user, seat.started_on = world.people["leader"], MONDAY
    seat.save()
    units = [str(world.own.team), world.own.departments[0].name, world.own.enterprises[0].name, "供电服务中心"]
    return {
        "committee": world.own.committees[0], "kind": MeetingKind.objects.get(region=None, code="committee"),
        "title": "第一季度党委会", "starts_at": at_local(MONDAY + 8 * DAY, 9), "place": "二楼会议室",
        "attendance": [{"unit": unit, "presence": "invited"} for unit in [*units, world.other.enterprises[0].name]],
    }  # fmt: skip


def test_everybody_expected_is_told_each_once(world, values, told, at, client_of, channel):
    at(at_local(MONDAY, 9))
    officer = world.actor("county_officer")
    meeting = lifecycle.save_meeting(None, by=officer, **values)
    assert told() == {}, "a draft is nobody's business"
    meeting = lifecycle.notify(meeting, by=officer)
    assert told() == {key: ["meeting_called"] for key in EVERYBODY}, "but who sent it, strangers and the unknown"
    assert Delivery.objects.filter(channel=channel, code="meeting_called").count() == 1
    meeting = lifecycle.save_meeting(meeting, by=officer, **values | {"title": "党委会议"})
    assert told() == {}, "time and place are the same"
    added = [*values["attendance"], {"unit": world.own.departments[1].name, "presence": "invited"}]
    late = make.UserFactory(username="late.yunling", name="后请")
    make.PostFactory(user=late, role="department_officer", department=world.own.departments[1])
    values |= {"attendance": added}
    meeting = lifecycle.save_meeting(meeting, by=officer, **values)
    assert told() == {late.pk: ["meeting_called"]}, "invited afterwards"
    meeting = lifecycle.save_meeting(meeting, by=officer, **values | {"place": "联盟议事厅"})
    assert told() == {key: ["meeting_moved"] for key in [*EVERYBODY, late.pk]}
    client = client_of("branch_secretary")
    page = client.get("/inbox/").content.decode()
    assert "改为 2026-03-10 09:00，在联盟议事厅" in page and f"因为{world.own.enterprises[0]}列席这次会议" in page
    notice = Notice.objects.filter(user=world.people["branch_secretary"]).latest("pk")
    address = client.post(f"/inbox/{notice.pk}/open/")["Location"]
    assert address == f"/meetings/{meeting.pk}/notice/"
    page = client.get(address).content.decode()
    assert "联盟议事厅" in page and "2026-03-10 09:00" in page
    assert client.get(meeting.get_absolute_url()).status_code == 404, "what the notice says, and no more"
    assert client_of("stranger_officer").get(address).status_code == 404
    assert client_of("leader").get(address)["Location"] == meeting.get_absolute_url()
    lifecycle.cancel(meeting, by=officer, reason="改期")
    assert told() == {key: ["meeting_cancelled"] for key in [*EVERYBODY, late.pk]}
    assert "现已取消" in client.get("/inbox/").content.decode()


def test_reminded_on_the_working_day_before_once(world, values, at, told):
    at(at_local(MONDAY, 9))
    officer = world.actor("county_officer")
    monday = lifecycle.save_meeting(None, by=officer, **values | {"starts_at": at_local(MONDAY + 7 * DAY, 9)})
    draft = lifecycle.save_meeting(None, by=officer, **values | {"starts_at": at_local(MONDAY + 7 * DAY, 15)})
    lifecycle.notify(monday, by=officer)
    told()
    rounds = [(3, 10, 0), (4, 7, 0), (4, 9, 1), (4, 15, 0), (5, 10, 0), (6, 10, 0), (7, 8, 0)]
    for offset, hour, expected in rounds:
        at(at_local(MONDAY + offset * DAY, hour))
        assert coming.remind() == expected, (offset, hour)
    assert set(told()) == EVERYBODY
    assert not Notice.objects.filter(meeting=draft).exists()
    at(at_local(MONDAY + 7 * DAY, 9, 30))
    lifecycle.cancel(monday, by=officer, reason="时间已过才登记")
    assert told() == {}, "its time had come"


def test_called_the_day_before_needs_no_reminder_and_a_notice_taken_back_is_told(world, values, at, told, client_of):
    at(at_local(MONDAY + 4 * DAY, 9))
    secretary = world.actor("chain_secretary")
    meeting = lifecycle.save_meeting(None, by=secretary, **values | {"starts_at": at_local(MONDAY + 7 * DAY, 9)})
    meeting = lifecycle.notify(meeting, by=secretary, reason="急事")
    others = EVERYBODY - {"chain_secretary"}
    assert set(told()) == others, "the secretary did it"
    assert coming.remind() == 1 and set(told()) == {"chain_secretary"}, "who was told today knows"
    HelpTeam.objects.filter(pk=world.own.team.pk).update(dissolved_on=MONDAY)
    meeting = lifecycle.take_back(meeting, by=secretary, reason="地点有误")
    assert told() == {key: ["meeting_withdrawn"] for key in others}
    page = client_of("department_officer").get(f"/meetings/{meeting.pk}/notice/").content.decode()
    assert "时间地点另行通知" in page and "二楼会议室" not in page
