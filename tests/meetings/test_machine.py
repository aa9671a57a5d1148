"""The agenda that writes itself: what is on it, that it comes back until it ends, and what people may do to it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from core.clock import at_local, now, today
from core.transitions import Refused
from meetings import lifecycle, tasks
from meetings.agenda import proposals
from meetings.models import Matter, Meeting
from problems import lifecycle as ledger
from problems.models import Problem
from tests import factories as make
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def meet(world, *, days=7, committee=None, by="chain_secretary", **changes):
    """A meeting of the beef committee in some days."""
    values = {
        "committee": committee or world.own.committees[0], "kind": make.meeting_kind("progress"), "title": "党委会",
        "starts_at": now() + days * DAY, "place": "", "chair": "", "minutes": "",
        "attendance": [{"seat": None, "name": "刘来宾", "unit": "", "presence": "invited"}],
    }  # fmt: skip
    return lifecycle.save_meeting(None, by=world.actor(by), **values | changes)


def take_place(meeting, world, end="noted", **ends):
    """Time goes by, every item ends, and the meeting is registered as held."""
    actor = world.actor("chain_secretary")
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=now() - DAY, held_on=today() - DAY)
    meeting.attendances.exists() or make.AttendanceFactory(meeting=meeting)
    for item in meeting.agenda.all():
        lifecycle.settle_item(item, by=actor, end=ends.get(item.key.replace(":", "_"), end), note="")
    return lifecycle.hold(Meeting.objects.get(pk=meeting.pk), by=actor)


def keys(meeting):
    return list(meeting.agenda.values_list("key", flat=True))


@pytest.fixture
def old(world):
    """A decision of a meeting three weeks ago, not carried out."""
    meeting = make.MeetingFactory(committee=world.own.committees[0], held_on=today() - 21 * DAY)
    return make.DecisionFactory(meeting=meeting, text="落实饲草", due_on=today() - 7 * DAY)


def test_a_decision_left_open_appears_on_the_next_agenda_with_nobody_doing_anything(world, old):
    """A draft that was there before: beat's own task writes it down, and again for every meeting until it is done."""
    first = make.MeetingFactory(committee=old.committee, state="draft", held_on=today() + 3 * DAY, code="progress")
    assert tasks.top_up() == 1 and tasks.top_up() == 0
    item = first.agenda.get()
    assert (item.key, item.source, item.title) == (f"decision:{old.pk}", "unfinished", "落实饲草")
    second = meet(world, days=30)
    assert keys(second) == []  # it stands on the nearer one
    take_place(first, world)
    assert keys(second) == [f"decision:{old.pk}"]
    lifecycle.finish_decision(old, by=world.actor("chain_secretary"), done_on=today(), done_text="已落实")
    tasks.top_up()
    assert keys(second) == []


def test_what_ends_with_a_decision_leaves_the_agendas_at_once_unless_somebody_wrote_on_it(world, old):
    """No beat in between: the agenda follows in the change's own transaction."""
    secretary, day = world.actor("chain_secretary"), today()
    spoken, silly = (make.DecisionFactory(meeting=old.meeting, text=text) for text in ("修路", "误录"))
    coming = meet(world)
    assert set(keys(coming)) == {f"decision:{one.pk}" for one in (old, spoken, silly)}
    item = coming.agenda.get(key=f"decision:{spoken.pk}")
    lifecycle.settle_item(item, by=secretary, end="", note="责任单位已书面报告。")
    for one in (old, spoken):
        lifecycle.finish_decision(one, by=secretary, done_on=day, done_text="已落实")
    assert set(keys(coming)) == {f"decision:{one.pk}" for one in (spoken, silly)}
    lifecycle.cancel_decision(silly, by=secretary, reason="误录")
    assert keys(coming) == [f"decision:{spoken.pk}"]
    lifecycle.decide(old.meeting, by=secretary, text="补充议定", owner_name="牛立群", due_on=day + DAY, problem=None)
    new = old.meeting.decisions.get(text="补充议定")
    assert set(keys(coming)) == {f"decision:{one.pk}" for one in (spoken, new)}
    put_off = make.AgendaItemFactory(meeting=old.meeting, title="品牌标识", end="noted")
    lifecycle.settle_item(put_off, by=secretary, end="postponed", note="")
    assert f"item:{put_off.pk}" in keys(coming)


def test_what_an_agenda_is_made_of(world, old):
    """Every source once, an entry with two reasons once with both, in order."""
    officer, secretary = world.actor("county_officer"), world.actor("chain_secretary")
    chain, before = world.own.chains[0], at_local(today() - 3 * DAY)
    late = in_state(world, "in_progress", chain=chain, title="冷库电价")
    Problem.objects.filter(pk=late.pk).update(due_on=today() - 9 * DAY)
    ledger.escalate(late, by=officer, reason="久拖不决", at=before)
    for firm in world.own.enterprises:
        raised(world, by="county_officer", enterprise=firm, chain=chain, title="屠宰检疫人员不够排队太久", at=before)
    asked = raised(world, by="county_officer", chain=chain, title="用地指标", at=before)
    lifecycle.convene(asked, old.committee, by=officer, reason="涉及三个部门")
    lifecycle.put_matter(old.committee, by=secretary, title="品牌标识")
    meeting = meet(world)
    first = Problem.objects.get(title="屠宰检疫人员不够排队太久", enterprise=world.own.enterprises[0])
    matter = Matter.objects.get(title="品牌标识")
    assert keys(meeting) == [
        f"decision:{old.pk}", f"problem:{asked.pk}", f"matter:{matter.pk}", f"problem:{late.pk}", f"root:{first.pk}",
    ]  # fmt: skip
    told = proposals(old.committee, today()).by_key
    assert [len(told[key].reasons) for key in keys(meeting)] == [1, 1, 1, 2, 1]
    assert "3 家企业反映" in told[f"root:{first.pk}"].reasons[0]
    assert {row.state for row in Matter.objects.all()} == {"placed"}
    take_place(meeting, world, **{f"matter_{matter.pk}": "postponed"})
    matter.refresh_from_db()
    following = meet(world)
    # Decided or noted is settled; what is still open or was put off is back, and so is the entry that is still late.
    assert keys(following) == [f"matter:{matter.pk}", f"decision:{old.pk}", f"problem:{late.pk}"]
    matter.refresh_from_db()
    assert (matter.state, following.agenda.get(matter=matter).source) == ("placed", "postponed")
    assert Matter.objects.get(problem=asked).state == "ended"


def test_an_escalated_entry_goes_to_the_committee_above(world):
    """To the county's industry committee where there is one; to the city's committee of the chain; else its own."""
    from meetings.agenda.levels import committees_for, escalated_to

    own, chain = world.own.committees[0], world.own.chains[0]
    problem = in_state(world, "in_progress", chain=chain)
    officer = world.actor("county_officer")
    problem = ledger.escalate(problem, by=officer, reason="县内难以解决", level="county")
    assert [list(escalated_to(one)) for one in world.own.committees] == [[problem], []]
    industry = make.CommitteeFactory(chain=None, kind="industry", region=world.own.region, name="县产业党委")
    assert not escalated_to(own) and list(escalated_to(industry)) == [problem]
    problem = ledger.escalate(problem, by=officer, reason="须市里协调", level="city")
    assert list(escalated_to(industry)) == [problem]  # the city has none
    city = make.CommitteeFactory(chain=chain, region=world.city, name="市链党委")
    assert list(escalated_to(city)) == [problem] and not escalated_to(industry)
    assert not escalated_to(world.other.committees[0])
    assert committees_for(problem) == [own, industry, city]


def test_what_was_taken_off_stays_off_and_comes_back_at_the_next_meeting(world, old):
    secretary = world.actor("chain_secretary")
    meeting = meet(world)
    lifecycle.leave_out(meeting.agenda.get(), by=secretary)
    tasks.top_up()
    assert keys(meeting) == []
    take_place(meeting, world)
    following = meet(world)
    assert keys(following) == [f"decision:{old.pk}"]
    lifecycle.leave_out(following.agenda.get(), by=secretary)
    lifecycle.put_on(following, f"decision:{old.pk}", by=secretary)
    tasks.top_up()
    assert keys(following) == [f"decision:{old.pk}"]
    with pytest.raises(Refused):
        lifecycle.put_on(following, "decision:999999", by=secretary)


def test_an_earlier_meeting_takes_what_stands_on_a_later_draft(world, old):
    late = meet(world, days=20)
    soon = meet(world, days=2)
    assert (keys(soon), keys(late)) == ([f"decision:{old.pk}"], [])
    lifecycle.cancel(soon, by=world.actor("chain_secretary"), reason="改期")
    assert keys(late) == [f"decision:{old.pk}"]
    Meeting.objects.filter(pk=late.pk).update(state="notified", notified_on=today())
    assert keys(meet(world, days=2)) == [] and keys(late) == [f"decision:{old.pk}"]  # people were told of that one


def test_more_than_an_agenda_takes_is_told_not_lost(world, monkeypatch):
    """The ledger's own share is bounded; the rest stays listed and can be put on by hand."""
    from meetings.lifecycle import agenda

    monkeypatch.setattr(agenda, "MOST_LEDGER", 2)
    chain = world.own.chains[0]
    for number in range(4):
        late = in_state(world, "in_progress", chain=chain, title=f"第{number}件")
        Problem.objects.filter(pk=late.pk).update(due_on=today() - (9 - number) * DAY)
    meeting = meet(world)
    listed = [one.key for one in proposals(meeting.committee, today()).items]
    assert keys(meeting) == listed[:2] and len(listed) == 4
    lifecycle.put_on(meeting, listed[3], by=world.actor("chain_secretary"))
    assert keys(meeting) == [*listed[:2], listed[3]]


def test_items_move_and_others_may_not_touch_them(world, old):
    secretary = world.actor("chain_secretary")
    meeting = meet(world, agenda=[{"title": "传达文件"}, {"title": "品牌设计"}])
    items = list(meeting.agenda.all())
    lifecycle.move_item(items[2], -1, by=secretary)
    lifecycle.move_item(items[0], -1, by=secretary)
    assert [item.title for item in meeting.agenda.all()] == ["传达文件", "落实饲草", "品牌设计"]
    for person in ("leader", "department_officer", "stranger_officer", "auditor"):
        actor = world.actor(person)
        for act in (
            lambda actor=actor: lifecycle.move_item(items[0], 1, by=actor),
            lambda actor=actor: lifecycle.leave_out(items[0], by=actor),
            lambda actor=actor: lifecycle.put_on(meeting, "decision:1", by=actor),
            lambda actor=actor: lifecycle.settle_item(items[0], by=actor, end="noted", note="x"),
        ):
            with pytest.raises(Refused):
                act()
    with pytest.raises(ValidationError):
        lifecycle.settle_item(items[0], by=secretary, end="dropped", note="")


def test_an_entry_is_convened_once_by_those_who_may_and_withdrawn(world):
    committee = world.own.committees[0]
    problem = in_state(world, "in_progress", chain=world.own.chains[0])
    Problem.objects.filter(pk=problem.pk).update(due_on=today() + 30 * DAY)
    for person in ("branch_secretary", "stranger_officer", "auditor"):
        with pytest.raises(Refused):
            lifecycle.convene(problem, committee, by=world.actor(person), reason="急")
    leader, member = world.actor("leader"), world.actor("team_member")
    for person in ("branch_secretary", "team_member", "department_officer", "stranger_officer"):
        with pytest.raises(Refused):
            lifecycle.put_matter(committee, by=world.actor(person), title="品牌标识")
    with pytest.raises(ValidationError):
        lifecycle.convene(problem, world.own.committees[1], by=leader, reason="急")
    meeting = meet(world)
    matter = lifecycle.convene(problem, committee, by=member, reason="需要链上协调")
    assert keys(meeting) == [f"problem:{problem.pk}"] and meeting.agenda.get().source == "convened"
    with pytest.raises(ValidationError):
        lifecycle.convene(problem, committee, by=leader, reason="再提")
    with pytest.raises(Refused):
        lifecycle.withdraw_matter(matter, by=leader, reason="不用了")
    lifecycle.withdraw_matter(matter, by=member, reason="已自行协调")
    assert keys(meeting) == []
    closed = in_state(world, "closed", chain=world.own.chains[0], title="已办")
    assert lifecycle.may_convene(closed, leader).code == "state"


def test_a_form_opened_before_keeps_what_the_agenda_wrote_meanwhile(world, client_of, old):
    """The row that was not on the page is not taken for one that somebody took off; the one that was emptied is."""
    from tests.meetings.test_pages import NEW, typed

    client = client_of("chain_secretary")
    later = (today() + 5 * DAY).isoformat()
    base = {"starts_at": f"{later}T09:30", "then": "draft", "decisions-0-text": "", "decisions-0-item_no": ""}
    base |= {"decisions-0-owner_department": "", "decisions-0-due_on": ""}
    client.post(NEW, typed(world, **base))
    meeting = Meeting.objects.get(state="draft")
    assert keys(meeting) == ["", f"decision:{old.pk}"]
    hand, machine = meeting.agenda.all()
    edit = f"/meetings/{meeting.pk}/edit/"
    base |= {"version": meeting.version, "agenda-0-item": hand.pk, "agenda-0-title": "饲草和青贮"}
    client.post(edit, typed(world, **base))
    assert list(meeting.agenda.values_list("title", flat=True)) == ["饲草和青贮", "落实饲草"]
    both = {
        "agenda-TOTAL_FORMS": "2",
        "agenda-1-item": machine.pk,
        "agenda-1-title": "",
        "version": meeting.version + 1,
    }
    client.post(edit, typed(world, **base | both))
    meeting.refresh_from_db()
    assert keys(meeting) == [""] and meeting.left_out == [f"decision:{old.pk}"]
    assert at_local(meeting.held_on).date() >= today()
