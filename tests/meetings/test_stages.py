"""From draft to filed: notice, quorum, minutes, filing, and the way back where nothing followed."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from audit.models import Event
from audit.sentences import sentence
from core import workdays
from core.clock import at_local, now, today
from core.transitions import Refused
from meetings import lifecycle
from meetings.lifecycle import quorum
from meetings.models import Attendance, Meeting
from tests import factories as make
from tests.meetings.test_lifecycle import DAY, values
from tests.meetings.test_pages import NEW, typed

pytestmark = pytest.mark.django_db


def drafted(world, days_ahead, **changes):
    """A draft of a meeting so many working days from today, with a place."""
    day = workdays.current(world.own.region.path).add(today(), days_ahead)
    given = {"starts_at": at_local(day), "place": "县政府三楼", "decisions": []} | changes
    return lifecycle.save_meeting(None, by=world.actor("chain_secretary"), **values(world, **given))


def test_a_meeting_goes_from_notice_to_the_archive_by_its_buttons(world, client_of):
    client = client_of("chain_secretary")
    meeting = drafted(world, 3)
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "发出通知" in page and "会议时间还没有到" in page
    page = client.get(f"/meetings/{meeting.pk}/notify/").content.decode()
    assert "通知席位 3 个：云岭县书记、云岭县链长、云岭县委员" in page
    client.post(f"/meetings/{meeting.pk}/notify/", {"version": meeting.version})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.notified_on) == ("notified", today())
    # The day has come.
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=now(), held_on=today())
    client.post(f"/meetings/{meeting.pk}/hold/", {"version": meeting.version})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.seats_due, meeting.seats_present) == ("held", 3, 2)
    answer = client.post(f"/meetings/{meeting.pk}/minutes/", {"minutes": " ", "version": meeting.version})
    assert 'id="id_minutes_error"' in answer.content.decode()
    client.post(f"/meetings/{meeting.pk}/minutes/", {"minutes": "会议听取了汇报。", "version": meeting.version})
    client.post(f"/meetings/{meeting.pk}/archive/", {"version": meeting.version + 1})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.minuted_on, meeting.filed_on) == ("filed", today(), today())
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "重新打开" in page and "由组织部工作人员重新打开" in page and f"/meetings/{meeting.pk}/edit/" not in page
    told = [sentence(event) for event in Event.objects.of(meeting).order_by("id")][1:]
    assert told == [
        "发出会议通知：席位 3 个，列席 0 个",
        f"登记为已召开，召开日期 {meeting.held_on}",
        "印发会议纪要",
        "会议材料归档",
    ]


def test_a_notice_too_late_needs_a_reason_and_one_without_a_place_is_refused(world, client_of):
    secretary, client = world.actor("chain_secretary"), client_of("chain_secretary")
    late = drafted(world, 1)
    answer = client.post(f"/meetings/{late.pk}/notify/", {"version": late.version}).content.decode()
    assert 'id="id_reason_error"' in answer and "党委会应提前 2 个工作日通知，现在只剩 1 个工作日" in answer
    late = lifecycle.notify(late, by=secretary, reason="防汛紧急会商")
    event = Event.objects.get(verb="meeting.notified_late")
    assert late.state == "notified" and sentence(event).endswith("未能提前的原因：防汛紧急会商")
    assert lifecycle.may_notify(drafted(world, 3, place=" "), secretary).code == "place"
    past = lifecycle.save_meeting(None, by=secretary, **values(world, place="县政府三楼"))
    assert lifecycle.may_notify(past, secretary).code == "past"
    empty = make.MeetingFactory(committee=world.own.committees[1], state="draft", place="x", starts_at=now() + DAY)
    assert lifecycle.may_notify(empty, world.actor("county_officer")).code == "nobody"


@pytest.mark.parametrize(
    ("due", "present", "half", "two_thirds"),
    [(0, 0, True, True), (3, 1, False, False), (3, 2, True, True), (4, 2, False, False), (9, 5, True, False),
     (9, 6, True, True)],
)  # fmt: skip
def test_quorums_by_their_rules(due, present, half, two_thirds):
    counted = quorum.Count(due, present)
    assert (counted.reaches("half"), counted.reaches("two_thirds"), counted.reaches("none")) == (half, two_thirds, True)


def test_too_few_seats_hold_no_meeting_and_the_sentence_says_the_figures(world, client_of):
    committee = world.own.committees[0]
    seats = [*world.own.seats, *(make.SeatFactory(committee=committee, person=f"委员{n}") for n in range(6))]
    make.SeatFactory(committee=committee, person="已离任", ended_on=today() - 9 * DAY)
    present = {f"seats-{n}-presence": "present" if n < 4 else "absent" for n in range(9)}
    ids = {f"seats-{n}-seat": seat.pk for n, seat in enumerate(seats)}
    client = client_of("chain_secretary")
    data = typed(world) | {"seats-TOTAL_FORMS": "9"} | present | ids
    page = client.post(NEW, data).content.decode()
    assert "应到 9 席，实到 4 席，未达到超过半数" in page and not Meeting.objects.exists()
    client.post(NEW, data | {"seats-4-presence": "present"})
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.seats_due, meeting.seats_present) == ("held", 9, 5)
    # Putting the roll right afterwards is judged alike.
    client.post(f"/meetings/{meeting.pk}/edit/", data | {"version": meeting.version})
    meeting.refresh_from_db()
    assert meeting.seats_present == 5
    joint = make.meeting_kind("joint")
    client.post(NEW, data | {"kind": joint.pk, "title": "联席会"})
    assert Meeting.objects.get(title="联席会").seats_present == 4


def test_a_unit_is_invited_without_a_name_and_its_absence_is_told(world, client_of):
    client = client_of("chain_secretary")
    page = client.get(NEW).content.decode()
    assert '<option value="云岭县农业局"></option>' in page
    units = {"guests-0-name": "", "guests-1-unit": "云岭县工信局", "guests-1-presence": "absent"}
    client.post(NEW, typed(world, **units))
    meeting = Meeting.objects.get()
    roll = {(one.unit, one.name, one.presence) for one in meeting.attendances.filter(seat=None)}
    assert roll == {("县银行", "", "invited"), ("云岭县工信局", "", "absent")}
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "列席 1 个单位" in page and "缺席 1 个单位" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(meeting=meeting)


def test_what_was_filed_stays_but_its_decisions_are_still_carried_out(world, client_of, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    secretary, officer = world.actor("chain_secretary"), world.actor("county_officer")
    meeting = make.MeetingFactory(committee=world.own.committees[0], state="filed")
    decision = make.DecisionFactory(meeting=meeting)
    for act in (
        lambda: lifecycle.save_meeting(meeting, by=officer, **values(world, decisions=None)),
        lambda: lifecycle.decide(meeting, by=officer, text="x", due_on=today(), owner_name="y"),
        lambda: lifecycle.edit_decision(decision, by=officer, text="x", due_on=today(), owner_name="y"),
        lambda: lifecycle.cancel_decision(decision, by=officer, reason="x"),
        lambda: lifecycle.cancel(meeting, by=officer, reason="x"),
    ):
        with pytest.raises(Refused, match="归档"):
            act()
    client = client_of("county_officer")
    client.post(f"/meetings/{meeting.pk}/files/", {"file": __file__})
    assert not meeting.files.exists()
    lifecycle.finish_decision(decision, by=secretary, done_on=today(), done_text="已落实")
    with pytest.raises(Refused):
        lifecycle.take_back(meeting, by=secretary, reason="补充附件")
    client.post(f"/meetings/{meeting.pk}/take-back/", {"reason": "补充附件", "version": meeting.version})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.filed_on) == ("minuted", None)
    assert sentence(Event.objects.of(meeting).latest("id")) == "重新打开归档材料：补充附件"


def test_a_stage_is_taken_back_where_nothing_followed(world):
    secretary = world.actor("chain_secretary")
    meeting = lifecycle.hold(
        lifecycle.save_meeting(None, by=secretary, **values(world)), by=secretary
    )  # fmt: skip
    assert lifecycle.may_take_back(meeting, secretary).code == "decisions"
    lifecycle.cancel_decision(meeting.decisions.get(), by=secretary, reason="登记错误")
    meeting = lifecycle.take_back(meeting, by=secretary, reason="登记错误")
    assert (meeting.state, meeting.seats_due) == ("draft", None)
    assert lifecycle.may_take_back(meeting, secretary).code == "state"
    with pytest.raises(ValidationError):
        lifecycle.take_back(lifecycle.notify(drafted(world, 3), by=secretary), by=secretary, reason=" ")


def test_the_database_repeats_the_stages(world):
    meeting = make.MeetingFactory(committee=world.own.committees[0])
    for bad in (
        {"state": "notified"},
        {"state": "minuted"},
        {"state": "minuted", "minuted_on": today()},
        {"state": "filed", "minutes": "x", "minuted_on": today()},
        {"seats_due": 3, "seats_present": 4},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(**bad)
