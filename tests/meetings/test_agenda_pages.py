"""The pages of agendas and matters, as people use them, and what they count."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.clock import today
from core.periods import Period
from indicators import drain, figures, scopes
from meetings import lifecycle
from meetings.models import Matter, Meeting
from problems.models import Problem
from tests import factories as make
from tests.meetings.test_machine import meet, take_place
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def old(world):
    meeting = make.MeetingFactory(committee=world.own.committees[0], held_on=today() - 21 * DAY)
    owner = world.own.departments[0]
    return make.DecisionFactory(
        meeting=meeting, text="落实饲草", due_on=today() - 7 * DAY, owner_department=owner, owner_name=""
    )


def test_the_agenda_says_why_and_is_arranged_with_buttons(world, client_of, old):
    late = in_state(world, "in_progress", chain=world.own.chains[0], title="冷库电价")
    meeting = meet(world, agenda=[{"title": "传达文件"}])
    client, address = client_of("chain_secretary"), f"/meetings/{meeting.pk}/agenda/"
    page = client.get(address).content.decode()
    for words in (
        "传达文件",
        "落实饲草",
        "冷库电价",
        late.number,
        "上次议定未落实",
        "超期问题",
        "办理超期",
        "云岭县农业局，期限",
    ):
        assert words in page, words
    _hand, first, second = meeting.agenda.all()
    client.post(f"/meetings/items/{second.pk}/move/", {"to": "up"})
    client.post(f"/meetings/items/{first.pk}/leave/")
    assert [item.title for item in meeting.agenda.all()] == ["传达文件", "冷库电价"]
    page = client.get(address).content.decode()
    assert "另有 1 项没有列入本次议程" in page and "已从本次议程撤下" in page
    client.post(f"/meetings/{meeting.pk}/agenda/add/", {"key": first.key})
    assert meeting.agenda.last().key == first.key
    assert "已了结" in client.post(f"/meetings/{meeting.pk}/agenda/add/", {"key": "x"}, follow=True).content.decode()
    reader = client_of("leader").get(address).content.decode()
    assert "落实饲草" in reader and "item_move" not in reader and "/move/" not in reader


def test_an_unfinished_decision_is_settled_on_its_items_page(world, client_of, old):
    meeting = meet(world)
    item, client = meeting.agenda.get(), client_of("chain_secretary")
    address = f"/meetings/items/{item.pk}/"
    assert "仍未落实，下次会议再议" in client.get(address).content.decode()
    for bad, field in (
        ({"fate": "done", "done_text": ""}, "done_text"),
        ({"fate": "later"}, "due_on"),
        ({"fate": "later", "due_on": "2001-01-01"}, "due_on"),
        ({"fate": "never"}, "fate"),
        ({"fate": "open", "note": "长" * 501}, "note"),
        ({"fate": "open", "end": "x"}, "end"),
    ):
        page = client.post(address, bad).content.decode()
        assert f'id="id_{field}_error"' in page, bad
    client.post(address, {"fate": "later", "days": "5", "note": "企业要求延后", "end": ""})
    item.refresh_from_db()
    old.refresh_from_db()
    assert (item.end, item.note) == ("noted", "企业要求延后") and old.due_on > today()
    client.post(address, {"fate": "done", "done_on": today().isoformat(), "done_text": "饲草已到位", "note": "已办"})
    old.refresh_from_db()
    assert old.state == "done"
    assert "已办" in client.get(f"/meetings/{meeting.pk}/agenda/").content.decode()


def test_matters_are_put_forward_convened_and_withdrawn_on_pages(world, client_of):
    committee, problem = world.own.committees[0], in_state(world, "in_progress", chain=world.own.chains[0])
    Problem.objects.filter(pk=problem.pk).update(due_on=today() + 30 * DAY)
    leader, secretary = client_of("leader"), client_of("chain_secretary")
    answer = leader.post("/meetings/matters/new/", {"committee": committee.pk, "title": "品牌标识", "text": "统一设计"})
    assert answer.status_code == 302 and Matter.objects.get().put_by == world.people["leader"]
    assert 'id="id_title_error"' in leader.post("/meetings/matters/new/", {"committee": committee.pk}).content.decode()
    foreign = {"committee": world.other.committees[0].pk, "title": "x"}
    assert 'id="id_committee_error"' in leader.post("/meetings/matters/new/", foreign).content.decode()
    page = client_of("team_member").get(problem.get_absolute_url()).content.decode()
    assert f'href="/meetings/convene/{problem.pk}/"' in page
    client_of("team_member").post(f"/meetings/convene/{problem.pk}/", {"committee": committee.pk, "reason": "难"})
    again = leader.post(f"/meetings/convene/{problem.pk}/", {"committee": committee.pk, "reason": "难"})
    assert "已在该党委的待议事项中" in again.content.decode()
    firm = client_of("branch_secretary").get(problem.get_absolute_url()).content.decode()
    assert "一事一商由领导、管理台账的人员或牵头办理单位提请" in firm and "可由云岭县肉牛产业链党委" in firm
    page = secretary.get(f"/meetings/matters/?committee={committee.pk}").content.decode()
    assert "品牌标识" in page and problem.number in page and page.count("/withdraw/") == 2
    panel = secretary.get(reverse("chains:committee_detail", args=[committee.pk])).content.decode()
    assert "待议 2 项" in panel
    matter = Matter.objects.get(title="品牌标识")
    secretary.post(f"/meetings/matters/{matter.pk}/withdraw/", {"reason": "并入其他议题"})
    matter.refresh_from_db()
    assert matter.state == "withdrawn"
    assert client_of("stranger_officer").get(f"/meetings/matters/{matter.pk}/withdraw/").status_code == 404


def test_evidence_goes_to_those_who_see_the_decision(world, client_of, old, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = client_of("department_officer")
    upload = {"file": SimpleUploadedFile("佐证.pdf", b"%PDF-1.7 x")}
    client.post(f"/meetings/decisions/{old.pk}/files/", upload)
    kept = old.files.get()
    assert b"".join(client.get(f"/meetings/decisions/files/{kept.pk}/").streaming_content) == b"%PDF-1.7 x"
    assert client_of("team_member").get(f"/meetings/decisions/files/{kept.pk}/").status_code == 404


def test_agendas_count(world, old):
    """By end, what came back, on time, as by hand; a meeting called off takes its items out again."""
    meeting = meet(world, agenda=[{"title": "传达文件"}, {"title": "品牌设计"}])
    brand = meeting.agenda.get(title="品牌设计")
    held = take_place(meeting, world)
    lifecycle.settle_item(brand, by=world.actor("chain_secretary"), end="postponed", note="")
    take_place(meet(world), world)
    lifecycle.finish_decision(old, by=world.actor("county_officer"), done_on=today(), done_text="迟了")
    quick = make.DecisionFactory(meeting=held, due_on=today() + DAY)
    lifecycle.finish_decision(quick, by=world.actor("county_officer"), done_on=today(), done_text="按期")
    make.DecisionFactory(
        meeting=held, problem=in_state(world, "accepted"), act="assign", act_state="done", acted_on=today()
    )
    codes = {
        "items_discussed": 5, "items_noted": 4, "items_postponed": 1, "items_decided": 0, "items_returned": 3,
        "decisions_on_time_rate": 50, "acts_executed": 1,
    }  # fmt: skip

    def read():
        drain.drain()
        period = Period.parse(f"{today() - DAY:%Y-%m}..{today():%Y-%m}")
        found = figures.read(list(codes), scopes.parse(f"region:{world.own.region.code}"), period)
        return {code: found[code].value for code in codes}

    assert read() == codes
    Meeting.objects.filter(pk=held.pk).update(state="cancelled")
    assert read()["items_discussed"] == 2
