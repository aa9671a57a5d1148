"""Undoing the last step (撤销上一步): everything is as it was but the version and the trail."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Event
from core import clock, files
from core.actor import SYSTEM
from core.transitions import Conflict, Refused
from problems import lifecycle
from problems.actions import ACTIONS, Action
from problems.enums import Source, State, Urgency
from problems.lifecycle import refusal_for, snapshots
from problems.models import LastStep, Problem, Rulebook, Slip
from problems.supervision import instructions
from tests import factories as make
from tests.problems.steps import MONDAY, day, in_state, raised

pytestmark = pytest.mark.django_db


def _attach(problem, *, by, at):
    return lifecycle.attach(problem, SimpleUploadedFile("现场.txt", "照片说明".encode()), by=by, at=at)


# Every step of the pages, and the upload, which has a page of its own.
STEPS = {**ACTIONS, "attach": Action("attach", "attach", _attach)}
ENDED = (State.CLOSED, State.DECLINED, State.WITHDRAWN)


def fields_of(world, name: str, today: dt.date, other: Problem) -> dict:
    """Fields with which a step is taken from wherever the table allows it."""
    own, later = world.own, today + dt.timedelta(days=9)
    given = {
        "accept": {}, "sign": {}, "submit": {}, "attach": {}, "resume": {}, "close": {}, "settle_by_root": {},
        "resubmit": {"text": "补充了用车时间"},
        "assign": {"team": own.team, "codepartments": own.departments, "urgency": "urgent"},
        "transfer": {"department": own.departments[1], "reason": "职责不符"},
        "add_helpers": {"codepartments": [own.departments[1]]},
        "object_to": {"ground": "不属本单位职责"}, "rule_on_objection": {"granted": True, "ruling": "已核"},
        "ask_extension": {"new_due_on": dt.date(2026, 3, 25), "reason": "材料未齐"},
        "decide_extension": {"granted": True, "answer": ""},
        "suspend": {"reason": "等待批复", "next_on": later}, "ask_suspension": {"reason": "等待批复"},
        "resolve": {"outcome": "partly", "text": "已办"}, "set_waiting_date": {"next_on": later},
        "rate": {"rating": "not_satisfied", "text": "还差一半"}, "add_note": {"text": "进展"},
        "instruct": {"text": "抓紧"}, "urge": {"text": "请抓紧"},
        "report_as_cohandler": {"text": "意见"}, "edit": {"title": "改过的事项", "text": "改过的情况"},
        "move": {"chain": own.chains[1]},
        "correct_dates": {"submitted_on": MONDAY - dt.timedelta(days=9), "reason": "补录"},
        "merge_into": {"target": other}, "join_root": {"root": other},
    }  # fmt: skip
    return given.get(name, {"reason": "理由"})


def picture(pk: int) -> dict:
    return snapshots.picture(Problem.objects.get(pk=pk))


def prepared(world, state: str) -> Problem:
    """An entry with as many open questions as its state can have."""
    problem = in_state(world, state)
    if state in ("assigned", "in_progress"):
        problem = lifecycle.object_to(problem, by=SYSTEM, ground="不属本单位职责", at=day(3))
        problem = lifecycle.ask_extension(problem, by=SYSTEM, new_due_on=dt.date(2026, 3, 18), reason="料", at=day(3))
    return problem


@pytest.mark.parametrize("state", State.values)
def test_a_step_and_its_undoing_change_nothing(world, state):
    """From every state, every step of the table: columns, spans, legs, requests and limits are as before."""
    start, other, done = prepared(world, state), raised(world, title="同类事项"), []
    at = day(6)
    for name, action in STEPS.items():
        problem = Problem.objects.get(pk=start.pk)
        if name == "undo" or refusal_for(action.guard, problem, SYSTEM, clock.local_date(at)):
            continue
        before = picture(problem.pk)
        taken = action.run(problem, by=SYSTEM, at=at, **fields_of(world, name, clock.local_date(at), other))
        assert LastStep.objects.get(problem=problem).version == taken.version, name
        undone = lifecycle.undo(taken.pk, by=SYSTEM, version=taken.version)
        assert picture(problem.pk) == before, name
        assert undone.version == problem.version + 2
        told = Event.objects.of(problem).order_by("-id")[0]
        assert (told.verb, told.data["step"]) == ("problem.undo", LAST_NAMES.get(name, name))
        done.append(name)
    assert len(done) >= 3, done
    wanted = {"submit", "attach"} if state == State.DRAFT else {"attach", "urge", "instruct"}
    assert state in ENDED or wanted <= set(done), done


LAST_NAMES = {
    "rule_on_objection": "grant_objection", "decide_extension": "grant_extension", "rate": "rate_not_satisfied",
}  # fmt: skip


def test_only_who_did_it_and_only_once(world):
    officer, secretary = world.actor("county_officer"), world.actor("chain_secretary")
    problem = lifecycle.accept(raised(world), by=secretary)
    with pytest.raises(Refused) as caught:
        lifecycle.undo(problem, by=officer)
    assert caught.value.refusal.code == "doer"
    undone = lifecycle.undo(problem, by=secretary)
    assert (undone.state, undone.accepted_on) == ("submitted", None)
    with pytest.raises(Refused):
        lifecycle.undo(undone, by=secretary)


def test_not_after_the_minutes_of_the_rulebook(world):
    secretary = world.actor("chain_secretary")
    Rulebook.objects.create(region=world.own.region, valid_from=dt.date(2020, 1, 1), undo_minutes=3)
    problem = lifecycle.accept(raised(world), by=secretary)
    LastStep.objects.update(at=timezone.now() - dt.timedelta(minutes=3, seconds=1))
    with pytest.raises(Refused) as caught:
        lifecycle.undo(problem.pk, by=secretary)
    assert caught.value.refusal.code == "undo_late"
    LastStep.objects.update(at=timezone.now() - dt.timedelta(minutes=2))
    assert lifecycle.undo(problem.pk, by=secretary).state == "submitted"


def test_not_where_something_followed(world):
    secretary = world.actor("chain_secretary")
    problem = lifecycle.accept(raised(world), by=secretary)
    lifecycle.add_note(problem, by=world.actor("branch_secretary"), text="补充一点")
    with pytest.raises(Refused) as caught:
        lifecycle.undo(problem.pk, by=secretary)
    assert caught.value.refusal.code == "doer", "the last step is the enterprise's"
    with pytest.raises(Conflict):
        lifecycle.undo(problem.pk, by=world.actor("branch_secretary"), version=problem.version)


def test_not_where_a_slip_has_gone_out(world):
    team = world.actor("team_member")
    problem = lifecycle.sign(in_state(world, "assigned"), by=team)
    now = timezone.now()
    Slip.objects.create(
        problem=problem, kind="reminder", number="提醒〔2026〕1号", region=problem.region, team=world.own.team,
        issued_at=now, issued_on=clock.today(), text="请抓紧", answer_due_on=clock.today(),
        **({"enterprise": problem.enterprise} if hasattr(Slip, "enterprise") else {}),
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        lifecycle.undo(problem.pk, by=team)
    assert caught.value.refusal.code == "undo_told"


def test_a_closing_number_is_not_given_out_twice(world):
    secretary = world.actor("chain_secretary")
    ready = in_state(world, "resolved")
    ready = lifecycle.rate(ready, by=world.actor("branch_secretary"), rating="satisfied")
    closed = lifecycle.close(ready, by=secretary)
    undone = lifecycle.undo(closed, by=secretary)
    assert (undone.state, undone.closing_number, undone.closed_on, undone.ended_on) == ("resolved", None, None, None)
    again = lifecycle.close(undone, by=secretary)
    assert again.closing_number != closed.closing_number
    assert Event.objects.of(closed).filter(verb="problem.undo").get().data["void"] == closed.closing_number


def test_an_undone_merge_is_told_to_both(world):
    secretary = world.actor("chain_secretary")
    first, second = raised(world), raised(world, title="重复的事项")
    merged = lifecycle.merge_into(second, by=secretary, target=first, reason="重复")
    assert lifecycle.undo(merged, by=secretary).merged_into is None
    assert Event.objects.of(first).order_by("-id")[0].verb == "problem.lost_merge"


def test_the_button_is_on_the_page_right_after_the_step(world, client_of):
    client, problem = client_of("chain_secretary"), raised(world)
    page = problem.get_absolute_url()
    assert "撤销上一步" not in client.get(page).content.decode()
    answer = client.post(f"{page}do/accept/", {"version": 1, "note": ""}, follow=True)
    html = answer.content.decode()
    assert "撤销上一步" in html and "“受理”办错了？10 分钟内可以撤销。" in html
    assert "撤销上一步" not in client_of("county_officer").get(page).content.decode()
    told = client.get(f"{page}do/undo/").content.decode()
    assert "撤销“受理”" in told and "状态由“待交办”变为“待受理”" in told
    client.post(f"{page}do/undo/", {"version": 2})
    problem.refresh_from_db()
    assert (problem.state, problem.version) == ("submitted", 3)


# --- submit, attach, instruct, urge -----------------------------------------------------------------------------
def test_a_submission_goes_back_to_a_draft_and_its_number_is_void(world, client_of):
    problem = in_state(world, "draft")
    client, page = client_of("branch_secretary"), problem.get_absolute_url()
    client.post(f"{page}do/submit/", {"version": problem.version})
    number = Problem.objects.get(pk=problem.pk).number
    assert "回到草稿" in client.get(f"{page}do/undo/").content.decode()
    assert client.post(f"{page}do/undo/", {"version": problem.version + 1}).status_code == 302
    problem.refresh_from_db()
    assert (problem.state, problem.number, problem.submitted_on, problem.spans.count()) == ("draft", None, None, 0)
    assert Event.objects.of(problem).get(verb="problem.undo").data["void"] == number
    assert client_of("county_officer").get(page).status_code == 404, "a draft is its writer's alone"
    again = lifecycle.submit(problem, by=world.actor("branch_secretary"))
    assert again.number != number


@given(
    title=st.text("冷链车辆abc ", min_size=1, max_size=20).filter(str.strip),
    urgency=st.sampled_from(Urgency.values), source=st.sampled_from(Source.values), chain=st.booleans(),
    follows=st.sampled_from(["", "", "accept", "add_note", "edit", "urge"]),
)  # fmt: skip
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_entry_raised_at_once_goes_back_to_what_a_draft_of_it_would_be(
    world, title, urgency, source, chain, follows
):
    author, own = world.actor("branch_secretary"), world.own
    fields = {
        "by": author, "enterprise": own.enterprises[0], "category": world.category, "title": title, "text": "情况",
        "urgency": urgency, "source": source, "chain": own.chains[0] if chain else None,
    }  # fmt: skip
    entry, draft = lifecycle.raise_problem(**fields), lifecycle.save_draft(**fields)
    if follows:
        STEPS[follows].run(entry, by=SYSTEM, **fields_of(world, follows, clock.today(), entry))
        with pytest.raises(Refused):
            lifecycle.undo(entry.pk, by=author)
        return
    with pytest.raises(Refused) as caught:
        lifecycle.undo(entry.pk, by=world.actor("chain_secretary"))
    assert caught.value.refusal.code == "doer"
    undone = lifecycle.undo(entry.pk, by=author, version=entry.version)
    back, wanted = picture(undone.pk), picture(draft.pk)
    assert back["parts"] == wanted["parts"] and not any(back["parts"].values())
    assert {**back["own"], "created_at": 0} == {**wanted["own"], "created_at": 0}
    assert Event.objects.of(undone).get(verb="problem.undo").data["void"] == entry.number
    assert not Problem.objects.visible_to(world.actor("county_officer")).filter(pk=undone.pk).exists()
    assert lifecycle.submit(undone, by=author).number != entry.number


def test_an_entry_recorded_afterwards_stays(world):
    entry = raised(world, at=timezone.now())
    with pytest.raises(Refused) as caught:
        lifecycle.undo(entry, by=world.actor("branch_secretary"))
    assert caught.value.refusal.code in ("doer", "undo_followed")


def test_a_submission_that_others_were_put_under_stays(world):
    author = world.actor("branch_secretary")
    fresh = lifecycle.submit(in_state(world, "draft"), by=author)
    part = lifecycle.join_root(raised(world, title="同类"), by=world.actor("chain_secretary"), root=fresh)
    with pytest.raises(Refused) as caught:
        lifecycle.undo(fresh.pk, by=author)
    assert caught.value.refusal.code == "undo_followed"
    lifecycle.join_root(part, by=world.actor("chain_secretary"), root=None)
    make.AgendaItemFactory(problem=fresh)
    with pytest.raises(Refused) as caught:
        lifecycle.undo(fresh.pk, by=author)
    assert caught.value.refusal.code == "undo_followed"


def test_an_undone_upload_is_out_of_view_and_kept(world, client_of):
    problem, client = in_state(world, "in_progress"), client_of("team_member")
    page = problem.get_absolute_url()
    client.post(f"{page}files/new/", {"file": SimpleUploadedFile("传错的.txt", "别的企业的材料".encode())})
    row = problem.attachments.get()
    address = f"{page}files/{row.pk}/"
    assert b"".join(client.get(address).streaming_content).decode() == "别的企业的材料"
    undo = f"{page}do/undo/"
    assert client_of("county_officer").get(undo).status_code == 403, "only who uploaded it"
    assert "不再显示" in client.get(undo).content.decode()
    client.post(undo, {"version": Problem.objects.get(pk=problem.pk).version})
    assert address not in client.get(page).content.decode() and client.get(address).status_code == 404
    row.refresh_from_db()
    with files.open_stored(row.storage_name) as stored:
        assert row.withdrawn_at and stored.read().decode() == "别的企业的材料"
    assert "传错的.txt" in client.get(page).content.decode(), "the timeline keeps that it was uploaded"


def test_an_instruction_until_it_is_reported(world):
    leader = world.actor("leader")
    problem = lifecycle.instruct(in_state(world, "in_progress"), by=leader, text="请抓紧")
    undone = lifecycle.undo(problem.pk, by=leader)
    assert not undone.instructions.exists()
    problem = lifecycle.instruct(undone, by=leader, text="请再抓紧")
    instructions.report(problem.instructions.get(), by=world.actor("team_member"), text="已落实")
    with pytest.raises(Refused) as caught:
        lifecycle.undo(problem.pk, by=leader)
    assert caught.value.refusal.code == "undo_followed"


def test_an_undone_urging_leaves_the_day_free(world, client_of):
    enterprise = world.actor("branch_secretary")
    problem = lifecycle.urge(in_state(world, "in_progress"), by=enterprise, text="点错了")
    with pytest.raises(Refused):
        lifecycle.urge(problem.pk, by=enterprise)
    lifecycle.undo(problem.pk, by=enterprise)
    page = client_of("team_member").get(problem.get_absolute_url()).content.decode()
    assert "已被催办" not in page
    assert lifecycle.urge(problem.pk, by=enterprise).version == problem.version + 2
    assert "已被催办 1 次" in client_of("team_member").get(problem.get_absolute_url()).content.decode()
