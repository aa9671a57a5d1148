"""Hand-over of what a person holds when a post changes (交接)."""

import datetime as dt
import io
import re

import pytest
from django.urls import reverse
from docx import Document

from accounts import holdings, lifecycle
from audit.models import Event
from core.clock import today
from core.transitions import Conflict, Refused
from problems import lifecycle as ledger
from problems.models import Assignment, Problem
from problems.supervision import slips
from tests import factories as make
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(world):
    return world.people["team_member"].posts.get()


@pytest.fixture
def colleague(world):
    user = make.UserFactory(username="jie.shou", name="接手人")
    make.PostFactory(user=user, role="team_member", team=world.own.team)
    return user


def held_by(world, post, who="county_officer"):
    return holdings.of_post(post, world.actor(who), today())


def hand(world, post, to, keys=None, by="county_officer", **options):
    keys = keys or [one.key for one in held_by(world, post) if one.movable]
    return lifecycle.hand_over(
        post, by=world.actor(by), choices=dict.fromkeys(keys, to.pk), reason="岗位调整", **options
    )


def test_what_a_team_member_holds(world, post):
    signed, waiting = in_state(world, "in_progress", contact_name="苗经理"), in_state(world, "assigned")
    in_state(world, "resolved")
    in_state(world, "closed")
    ledger.add_note(signed, by=world.actor("team_member"), text="答应下周三前协调两台冷藏车")
    slips.issue(signed, by=world.actor("county_officer"), kind="reminder", text="请抓紧。",
                leg=signed.assignments.get(is_lead=True), answer_due_on=today() + dt.timedelta(days=2))  # fmt: skip
    found = held_by(world, post)
    legs = {one.number: one for one in found if one.key.startswith("leg:")}
    assert set(legs) == {signed.number, waiting.number}  # the last one of the team: also what nobody signed for
    assert legs[signed.number].promise == "答应下周三前协调两台冷藏车"
    assert "苗经理" in legs[signed.number].contact
    assert legs[waiting.number].promise == "未签收"
    assert [one.kind for one in found if one.key.startswith("slip:")] == ["未反馈的督办文书"]
    make.PostFactory(user=make.UserFactory(username="second"), role="team_member", team=world.own.team)
    assert [one.number for one in held_by(world, post) if one.movable] == [signed.number]


def test_what_secretaries_departments_and_enterprises_hold(world):
    accepted, asked = in_state(world, "accepted"), in_state(world, "assigned")
    ledger.object_to(
        asked, by=world.actor("team_member"), ground="不属本团职责", at=asked.assignments.first().assigned_at
    )
    resolved = in_state(world, "resolved")
    decision = make.DecisionFactory(
        meeting=make.MeetingFactory(committee=world.own.committees[0]), owner_department=world.own.departments[0]
    )
    of = {}
    for person in ("chain_secretary", "department_officer", "branch_secretary"):
        of[person] = {(str(one.kind), one.number) for one in held_by(world, world.people[person].posts.get(), person)}
    assert ("待交办", accepted.number) in of["chain_secretary"]
    assert ("待裁定的异议", asked.number) in of["chain_secretary"]
    assert ("未落实的议定事项", "") in of["chain_secretary"] & of["department_officer"], decision
    assert ("协办", asked.number) in of["department_officer"]
    assert ("待评价", resolved.number) in of["branch_secretary"]


def test_everything_goes_through_the_ledger_and_is_told_there(world, post, colleague):
    first, second = in_state(world, "in_progress"), in_state(world, "in_progress")
    before = Problem.objects.get(pk=first.pk)
    event = hand(world, post, colleague)
    assert set(Assignment.objects.filter(is_lead=True).values_list("handler__name", flat=True)) == {"接手人"}
    after = Problem.objects.get(pk=first.pk)
    assert (after.state, after.due_on, after.version) == (before.state, before.due_on, before.version + 1)
    told = Event.objects.filter(verb="problem.hand_over_leg").order_by("object_id")
    assert [one.object_id for one in told] == [first.pk, second.pk]
    assert (told[0].data["before"], told[0].data["handler"]["name"]) == ("唐助企", "接手人")
    assert (event.verb, event.data["count"], {row["to"] for row in event.data["rows"]}) == (
        "post.handed_over", 2, {"接手人"},
    )  # fmt: skip
    assert held_by(world, post) == []
    assert "0900" not in str(event.data)


def test_all_or_nothing_when_somebody_was_faster(world, post, colleague):
    first, second = in_state(world, "in_progress"), in_state(world, "in_progress")
    versions = {one.key: one.version for one in held_by(world, post)}
    ledger.add_note(second, by=world.actor("team_member"), text="新进展")
    with pytest.raises(Conflict):
        hand(world, post, colleague, versions=versions)
    assert not Assignment.objects.filter(handler=colleague).exists()
    assert Problem.objects.get(pk=first.pk).version == first.version
    assert not Event.objects.filter(verb="post.handed_over").exists()


def test_who_hands_over_and_to_whom(world, post, colleague):
    in_state(world, "in_progress")
    keys = [one.key for one in held_by(world, post)]
    for person in ("system_admin", "auditor", "leader", "chain_secretary", "stranger_officer", "department_officer"):
        with pytest.raises(Refused):
            hand(world, post, colleague, keys=keys, by=person)
    with pytest.raises(Refused) as refused:
        hand(world, post, world.people["department_officer"], keys=keys)
    assert refused.value.refusal.code == "successor"
    with pytest.raises(Refused) as refused:
        hand(world, post, colleague, keys=["leg:987654"])
    assert refused.value.refusal.code == "gone"
    assert hand(world, post, colleague, keys=keys, by="team_member").data["count"] == 1


def test_a_deputy_can_take_over_and_an_ended_post_can_still_be_emptied(world, post):
    in_state(world, "in_progress")
    stand_in = world.people["department_officer"]
    lifecycle.set_deputy(
        post, by=world.actor("county_officer"), user=stand_in, started_on=today(), until=today() + dt.timedelta(days=9)
    )
    assert hand(world, post, stand_in).data["count"] == 1
    new = make.UserFactory(username="xin.ren", name="新任")
    entry = in_state(world, "in_progress")
    lifecycle.end_post(post, by=world.actor("system_admin"))
    make.PostFactory(user=new, role="team_member", team=world.own.team, started_on=today())
    post.refresh_from_db()
    assert hand(world, post, new).data["count"] == 1
    assert entry.assignments.get(is_lead=True).handler == new


def test_a_draft_is_handed_over_by_its_writer_alone(world):
    draft = in_state(world, "draft")
    post = world.people["branch_secretary"].posts.get()
    heir = make.UserFactory(username="xin.shuji", name="新书记")
    make.PostFactory(user=heir, role="branch_secretary", enterprise=world.own.enterprises[0])
    assert not [one for one in held_by(world, post) if one.movable]
    key = [one.key for one in held_by(world, post, "branch_secretary") if one.movable]
    assert key == [f"draft:{draft.pk}"]
    hand(world, post, heir, keys=key, by="branch_secretary")
    draft.refresh_from_db()
    assert draft.created_by == heir
    assert not Problem.objects.visible_to(world.actor("branch_secretary")).filter(pk=draft.pk).exists()


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_pages_choose_preview_do_and_print(world, client_of, post, colleague):
    entry, kept = (
        in_state(world, "in_progress", title="冷链车辆不足"),
        in_state(world, "in_progress", title="留下的事项"),
    )
    slips.issue(kept, by=world.actor("county_officer"), kind="reminder", text="请抓紧。",
                leg=kept.assignments.get(is_lead=True), answer_due_on=today() + dt.timedelta(days=2))  # fmt: skip
    client, address = client_of("county_officer"), reverse("accounts:handover", args=[post.pk])
    assert address in client.get(reverse("accounts:deputy_list")).content.decode()
    page = client.get(address).content.decode()
    assert "冷链车辆不足" in page and "接手人" in page
    assert client.post(address, {"reason": "调整"}).status_code == 200
    names = re.findall(r'name="(to_leg_\d+)"', page)
    legs = {leg.problem_id: f"to_leg_{leg.pk}" for leg in Assignment.objects.filter(is_lead=True)}
    assert set(names) == set(legs.values())
    data = {"everything": colleague.pk, "reason": "岗位调整", legs[kept.pk]: "keep"}
    data |= {f"v_{legs[entry.pk]}": entry.version}
    preview = client.post(address, data).content.decode()
    assert "将要交接 1 项" in preview and "另有 1 项暂不交接" in preview
    assert not Event.objects.filter(verb="post.handed_over").exists()
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', preview))
    sent.pop("csrfmiddlewaretoken", None)
    assert client.post(address, sent).status_code == 302
    assert entry.assignments.get(is_lead=True).handler == colleague
    assert kept.assignments.get(is_lead=True).handler != colleague
    sheet = reverse("accounts:handover_file_download", args=[post.pk])
    event = Event.objects.get(verb="post.handed_over")
    done = text_of(client.get(f"{sheet}?event={event.pk}").content)
    for word in ("岗位工作交接单", "唐助企", "接手人", entry.number, "冷链车辆不足", "岗位调整"):
        assert word in done, word
    assert "随岗位" in done and "云岭县提醒" in done
    assert "留下的事项" in text_of(client.get(sheet).content)
    for wrong in ("abc", "999999999", "9" * 40):
        assert client.get(f"{sheet}?event={wrong}").status_code == 404
    stale = data | {legs[kept.pk]: colleague.pk, f"v_{legs[kept.pk]}": 1, "confirmed": "1"}
    assert "一项也没有交接" in client.post(address, stale).content.decode()


def test_ending_a_post_says_by_number_what_would_be_left(world, client_of, post):
    entry = in_state(world, "in_progress")
    page = client_of("system_admin").get(reverse("accounts:post_end", args=[post.pk])).content.decode()
    assert "牵头办理 1 项" in page
    assert entry.number not in page and entry.title not in page
    raised(world)
    empty = world.people["leader"].posts.get()
    page = client_of("system_admin").get(reverse("accounts:post_end", args=[empty.pk])).content.decode()
    assert "没有未了的事项" in page
