"""Logging a meeting on its one page, and following its decisions up."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.clock import today
from meetings.models import Decision, Meeting
from tests import factories as make

NEW = "/meetings/new/"


def typed(world, **changes):
    """What a chain secretary posts after a meeting of yesterday."""
    own = world.own
    day = today() - dt.timedelta(days=1)
    data = {
        "committee": own.committees[0].pk,
        "kind": make.meeting_kind().pk,
        "title": "二季度党委会",
        "starts_at": f"{day.isoformat()}T09:30",
        "place": "县政府三楼",
        "chair": "牛立群",
        "minutes": "会议听取了……",
        "version": "0",
        "seats-TOTAL_FORMS": "3",
        "guests-TOTAL_FORMS": "2",
        "guests-INITIAL_FORMS": "1",
        "guests-0-name": "刘来宾",
        "guests-0-unit": "县银行",
        "guests-1-name": "",
        "agenda-TOTAL_FORMS": "1",
        "agenda-INITIAL_FORMS": "1",
        "agenda-0-title": "饲草短缺",
        "decisions-TOTAL_FORMS": "2",
        "decisions-INITIAL_FORMS": "1",
        "decisions-0-text": "两周内落实饲草",
        "decisions-0-owner_department": own.departments[0].pk,
        "decisions-0-due_on": (today() + dt.timedelta(days=14)).isoformat(),
        "decisions-0-item_no": "1",
        "decisions-1-text": "",
        "decisions-1-due_on": today().isoformat(),
        "then": "hold",
    }
    for number, (seat, presence) in enumerate(zip(own.seats, ("present", "present", "excused"), strict=True)):
        data |= {f"seats-{number}-seat": seat.pk, f"seats-{number}-presence": presence}
    return data | changes


def test_a_meeting_is_logged_on_one_page(world, client_of):
    client = client_of("chain_secretary")
    page = client.get(NEW).content.decode()
    assert "云岭县书记" in page and "云岭县农业局" in page and "望川县" not in page
    answer = client.post(NEW, typed(world))
    meeting = Meeting.objects.get()
    assert answer["Location"] == f"/meetings/{meeting.pk}/"
    assert (meeting.state, meeting.held_on, meeting.chain) == (
        "held",
        today() - dt.timedelta(days=1),
        world.own.chains[0],
    )
    roll = {(line.name, line.presence) for line in meeting.attendances.all()}
    assert roll == {
        ("云岭县书记", "present"),
        ("云岭县链长", "present"),
        ("云岭县委员", "excused"),
        ("刘来宾", "invited"),
    }
    decision = Decision.objects.get()
    assert (decision.state, decision.item.title, decision.decided_on) == ("open", "饲草短缺", meeting.held_on)
    page = client.get(answer["Location"]).content.decode()
    assert (
        "两周内落实饲草" in page
        and "应到 3 席，实到 2 席；出席 2 人；请假 1 人；列席 1 人" in page
        and "登记为已召开，召开日期" in page
    )


def test_a_draft_counts_for_nothing_until_it_is_held(world, client_of):
    client = client_of("chain_secretary")
    client.post(NEW, typed(world, then="draft"))
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.decisions.get().state) == ("draft", "draft")
    assert client.get("/meetings/decisions/").content.decode().count("两周内落实饲草") == 0
    client.post(f"/meetings/{meeting.pk}/edit/", typed(world, version=meeting.version, title="改名", then="draft"))
    client.post(f"/meetings/{meeting.pk}/hold/", {"version": meeting.version + 1})
    meeting.refresh_from_db()
    assert (meeting.title, meeting.state, meeting.decisions.get().state) == ("改名", "held", "open")


def test_one_more_row_saves_nothing_and_complains_about_nothing(world, client_of):
    page = client_of("chain_secretary").post(NEW, typed(world, title="", more="decisions")).content.decode()
    assert 'name="decisions-2-text"' in page and "两周内落实饲草" in page
    assert "还有内容需要修改" not in page and not Meeting.objects.exists()


def test_an_officer_chooses_the_committee_and_loads_its_seats(world, client_of):
    client = client_of("county_officer")
    page = client.get(NEW).content.decode()
    assert "先选择产业链党委" in page
    page = client.get(f"{NEW}?committee={world.own.committees[0].pk}").content.decode()
    assert "云岭县书记" in page
    page = client.post(NEW, {"committee": world.own.committees[0].pk, "more": "seats"}).content.decode()
    assert "云岭县书记" in page


def test_what_is_posted_for_a_foreign_seat_is_dropped(world, client_of):
    foreign = world.other.seats[0]
    client_of("chain_secretary").post(NEW, typed(world, **{"seats-0-seat": foreign.pk}))
    assert not Meeting.objects.get().attendances.filter(name=foreign.person).exists()


BAD = {
    "no title": ({"title": ""}, "title"),
    "no time": ({"starts_at": ""}, "starts_at"),
    "silly time": ({"starts_at": "tomorrow"}, "starts_at"),
    "year 1": ({"starts_at": "0001-01-01T00:00"}, "starts_at"),
    "year 9999": ({"starts_at": "9999-12-31T23:59"}, "starts_at"),
    "wrong kind": ({"kind": "party"}, "kind"),
    "NUL": ({"title": "a\x00b"}, "title"),
    "huge title": ({"title": "长" * 121}, "title"),
    "huge minutes": ({"minutes": "长" * 20001}, "minutes"),
    "committee is text": ({"committee": "x"}, "committee"),
    "committee is huge": ({"committee": "9" * 30}, "committee"),
    "wrong presence": ({"seats-0-presence": "dancing"}, "seats-0-presence"),
    "guest twice": ({"guests-1-name": "刘来宾", "guests-1-unit": "县银行"}, "guests-1-name"),
    "guest NUL": ({"guests-0-name": "\x00"}, "guests-0-name"),
    "no such problem": ({"agenda-0-problem": "WT-0"}, "agenda-0-problem"),
    "decision without owner": ({"decisions-0-owner_department": ""}, "decisions-0-owner_name"),
    "decision without deadline": ({"decisions-0-due_on": ""}, "decisions-0-due_on"),
    "deadline before the meeting": ({"decisions-0-due_on": "2001-01-01"}, "decisions-0-due_on"),
    "deadline is text": ({"decisions-0-due_on": "soon"}, "decisions-0-due_on"),
    "department is text": ({"decisions-0-owner_department": "x"}, "decisions-0-owner_department"),
    "department is huge": ({"decisions-0-owner_department": "9" * 40}, "decisions-0-owner_department"),
    "decision too long": ({"decisions-0-text": "长" * 501}, "decisions-0-text"),
    "item is huge": ({"decisions-0-item_no": "9" * 30}, "decisions-0-item_no"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_a_sentence_beside_the_field_and_loses_nothing(world, client_of, case):
    changes, field = BAD[case]
    client = client_of("chain_secretary")
    answer = client.post(NEW, typed(world, **changes))
    page = answer.content.decode()
    assert answer.status_code == 200
    # Fields that are hidden or drawn by hand say it in the summary and beside their row.
    assert f'id="id_{field}_error"' in page or (field in ("committee", "seats-0-presence") and "选择" in page)
    assert ("县政府三楼" in page and "饲草短缺" in page and "刘来宾" in page) or "guest" in case
    assert not Meeting.objects.exists()
    assert client.post(NEW, typed(world, **changes), headers={"hx-request": "true"}).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"guests-TOTAL_FORMS": "x"},
        {"guests-TOTAL_FORMS": "999999999999"},
        {"decisions-TOTAL_FORMS": ""},
        {"seats-TOTAL_FORMS": "-1"},
        {"agenda-INITIAL_FORMS": "9" * 40},
        {"more": "nothing"},
        {"version": "9" * 40},
    ],
)
def test_a_tampered_form_is_never_a_server_error(world, client_of, changes):
    assert client_of("chain_secretary").post(NEW, typed(world, **changes)).status_code in (200, 302)


def test_a_foreign_department_and_committee_are_refused(world, client_of):
    client = client_of("chain_secretary")
    changes = {"decisions-0-owner_department": world.other.departments[0].pk}
    assert "id_decisions-0-owner_department_error" in client.post(NEW, typed(world, **changes)).content.decode()
    for committee in (world.own.committees[1], world.other.committees[0]):
        answer = client.post(NEW, typed(world, committee=committee.pk))
        assert "请选择您负责的产业链党委" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_the_second_to_save_is_told(world, client_of):
    client = client_of("chain_secretary")
    client.post(NEW, typed(world, then="draft"))
    meeting = Meeting.objects.get()
    client.post(f"/meetings/{meeting.pk}/edit/", typed(world, version="1", title="先保存", then="draft"))
    answer = client.post(f"/meetings/{meeting.pk}/edit/", typed(world, version="1", title="后保存", then="draft"))
    assert "已被他人修改" in answer.content.decode() and "后保存" in answer.content.decode()
    meeting.refresh_from_db()
    assert meeting.title == "先保存"


@pytest.fixture
def decision(world):
    meeting = make.MeetingFactory(committee=world.own.committees[0], held_on=today() - dt.timedelta(days=20))
    return make.DecisionFactory(meeting=meeting, owner_department=world.own.departments[0])


def test_the_department_that_owes_it_reports_it_done(world, client_of, decision):
    client = client_of("department_officer")
    page = client.get("/meetings/decisions/?light=red").content.decode()
    assert decision.text in page and "红灯" in page
    assert client.get(f"/meetings/{decision.meeting_id}/").status_code == 404
    address = f"/meetings/decisions/{decision.pk}/done/"
    data = {"done_on": today().isoformat(), "done_text": "饲草已到位", "version": decision.version}
    assert client.post(address, data).status_code == 302
    decision.refresh_from_db()
    assert (decision.state, decision.ended_on) == ("done", today())
    assert "饲草已到位" in client.get(f"/meetings/decisions/{decision.pk}/").content.decode()
    assert "只有落实中的议定事项" in client.post(address, data | {"version": decision.version}).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"done_on": ""}, "done_on"),
        ({"done_on": "2001-01-01"}, "done_on"),
        ({"done_on": "9999-12-31"}, "done_on"),
        ({"done_text": ""}, "done_text"),
        ({"done_text": "  "}, "done_text"),
        ({"done_text": "\x00"}, "done_text"),
        ({"done_text": "长" * 1001}, "done_text"),
    ],
)
def test_bad_reports_of_done_are_refused_beside_the_field(client_of, decision, changes, field):
    data = {"done_on": today().isoformat(), "done_text": "好", "version": decision.version} | changes
    answer = client_of("department_officer").post(f"/meetings/decisions/{decision.pk}/done/", data)
    assert answer.status_code == 200 and f'id="id_{field}_error"' in answer.content.decode()


def test_decisions_are_added_edited_and_cancelled(world, client_of, decision):
    client = client_of("chain_secretary")
    address = f"/meetings/{decision.meeting_id}/decisions/new/"
    data = {"text": "再议一项", "owner_name": "牛立群", "due_on": (today() + dt.timedelta(days=3)).isoformat()}
    assert client.post(address, data).status_code == 302
    added = Decision.objects.get(text="再议一项")
    client.post(f"/meetings/decisions/{added.pk}/edit/", data | {"text": "改一项", "version": added.version})
    added.refresh_from_db()
    assert added.text == "改一项"
    assert "有生效的议定事项" in client.get(f"/meetings/{decision.meeting_id}/").content.decode()
    for one in (added, decision):
        client.post(f"/meetings/decisions/{one.pk}/cancel/", {"reason": "登记错误", "version": one.version})
        one.refresh_from_db()
        assert (one.state, one.ended_on) == ("cancelled", today())
    answer = client.post(f"/meetings/{decision.meeting_id}/cancel/", {"reason": "未召开", "version": "1"})
    assert answer.status_code == 302 and Meeting.objects.get(pk=decision.meeting_id).state == "cancelled"


def test_files_go_in_and_out_and_only_to_those_who_see_the_meeting(world, client_of, decision, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = client_of("chain_secretary")
    address = f"/meetings/{decision.meeting_id}/files/"
    client.post(address, {"file": SimpleUploadedFile("纪要.pdf", b"%PDF-1.7 minutes")})
    kept = decision.meeting.files.get()
    answer = client.get(f"/meetings/files/{kept.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 minutes"
    assert "attachment" in answer["Content-Disposition"]
    assert client_of("stranger_officer").get(f"/meetings/files/{kept.pk}/").status_code == 404
    client.post(address, {"file": SimpleUploadedFile("纪要.pdf", b"<script>")})
    client.post(address)
    assert decision.meeting.files.count() == 1


def test_lists_filter_search_and_export_the_same_rows(world, client_of, decision):
    make.MeetingFactory(committee=world.other.committees[0], title="外县会议")
    other = make.MeetingFactory(committee=world.own.committees[1], title="果蔬联席会", code="joint")
    client, joint = client_of("county_officer"), other.kind_id
    page = client.get("/meetings/").content.decode()
    assert decision.meeting.title in page and other.title in page and "外县会议" not in page
    page = client.get(f"/meetings/?kind={joint}&q=果蔬").content.decode()
    assert other.title in page and decision.meeting.title not in page
    for address in (f"/meetings/export/?kind={joint}", "/meetings/decisions/export/?light=red"):
        assert client.get(address)["Content-Type"].endswith("sheet")
    for bad in (
        "kind=x",
        "start=soon",
        "committee=x",
        "committee=" + "9" * 30,
        "after=x",
        "sort=password",
        "light=blue",
    ):
        assert client.get(f"/meetings/?{bad}").status_code == 200
        assert client.get(f"/meetings/decisions/?{bad}").status_code == 200


def test_pages_cost_the_same_whatever_is_on_them(world, client_of, decision, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of("county_officer")
    addresses = ("/meetings/", "/meetings/decisions/", f"/meetings/{decision.meeting_id}/")

    def cost(address):
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(address)
        return len(found)

    before = [cost(address) for address in addresses]
    for _number in range(10):
        make.DecisionFactory(meeting=decision.meeting, owner_department=world.own.departments[1])
        make.AttendanceFactory(meeting=decision.meeting)
        make.MeetingFactory(committee=world.own.committees[0])
    assert [cost(address) for address in addresses] == before
    assert max(before) <= 20
