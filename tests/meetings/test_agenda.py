"""Each item of a meeting that took place ends in one of decision, noted, postponed."""

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event
from audit.sentences import sentence
from core.clock import today
from core.transitions import Refused
from meetings import lifecycle
from meetings.models import AgendaItem, Meeting
from tests.meetings.test_lifecycle import DAY, values
from tests.meetings.test_pages import NEW, typed

pytestmark = pytest.mark.django_db


def three(*ends):
    """What is posted for three items, with these ends."""
    rows = {"agenda-TOTAL_FORMS": "3", "decisions-0-item_no": "1"}
    for number, (title, end) in enumerate(zip(("饲草短缺", "传达文件", "品牌设计"), ends, strict=True)):
        rows |= {f"agenda-{number}-title": title, f"agenda-{number}-end": end}
    return rows


def ends_of(meeting):
    return list(meeting.agenda.values_list("end", flat=True))


def test_items_end_as_they_were_logged_and_the_page_and_the_list_say_so(world, client_of):
    client = client_of("chain_secretary")
    answer = client.post(NEW, typed(world, **three("", "noted", "postponed")))
    meeting = Meeting.objects.get()
    assert ends_of(meeting) == ["decision", "noted", "postponed"]
    page = client.get(answer["Location"]).content.decode()
    agenda = page[page.index('<caption class="visually-hidden">议题') :].split("</table>")[0]
    assert [word for word in ("议定", "知悉", "暂缓") if f">{word}</span>" in agenda] == ["议定", "知悉", "暂缓"]
    assert "议定 1，知悉 1，暂缓 1" in client.get("/meetings/").content.decode()


def test_an_item_without_an_end_is_asked_for_beside_its_field(world, client_of):
    client = client_of("chain_secretary")
    page = client.post(NEW, typed(world, **three("", "noted", ""))).content.decode()
    assert 'id="id_agenda-2-end_error"' in page and 'id="id_agenda-0-end_error"' not in page
    assert not Meeting.objects.exists()
    client.post(NEW, typed(world, **three("", "noted", ""), then="draft"))
    meeting = Meeting.objects.get()
    assert (meeting.state, ends_of(meeting)) == ("draft", ["", "noted", ""])
    client.post(f"/meetings/{meeting.pk}/hold/", {"version": meeting.version})
    meeting.refresh_from_db()
    assert meeting.state == "draft"
    assert "议题“品牌设计”还没有结果" in client.get(meeting.get_absolute_url()).content.decode()


def test_an_item_with_decisions_is_not_merely_noted(world, client_of):
    page = client_of("chain_secretary").post(NEW, typed(world, **three("noted", "noted", "noted"))).content.decode()
    assert 'id="id_agenda-0-end_error"' in page and "结果只能是“议定”" in page


@pytest.mark.parametrize("end", ["dropped", "\x00", "长" * 99])
def test_an_unknown_end_is_refused_beside_its_field(world, client_of, end):
    answer = client_of("chain_secretary").post(NEW, typed(world, **{"agenda-0-end": end}))
    assert not Meeting.objects.exists()
    assert answer.status_code in (200, 400)
    with pytest.raises(IntegrityError), transaction.atomic():
        meeting = lifecycle.save_meeting(None, by=world.actor("chain_secretary"), **values(world))
        AgendaItem.objects.create(meeting=meeting, title="议题", end="dropped")


def test_the_only_item_is_the_one_that_the_decisions_are_about(world, client_of):
    client_of("chain_secretary").post(NEW, typed(world, **{"decisions-0-item_no": ""}))
    meeting = Meeting.objects.get()
    assert ends_of(meeting) == ["decision"] and meeting.decisions.get().item == meeting.agenda.get()


def test_an_end_put_right_after_the_meeting_is_in_the_trail_in_words(world):
    secretary = world.actor("chain_secretary")
    agenda = [{"title": "传达文件", "end": "noted"}]
    meeting = lifecycle.save_meeting(None, by=secretary, **values(world, agenda=agenda, decisions=[]))
    meeting = lifecycle.hold(meeting, by=secretary)
    kept = values(world, agenda=[{"title": "传达文件", "end": "postponed"}], decisions=None)
    meeting = lifecycle.save_meeting(meeting, by=secretary, **kept)
    assert ends_of(meeting) == ["postponed"]
    event = Event.objects.get(verb="meeting.item_ended")
    assert sentence(event) == "议题“传达文件”的结果：暂缓"
    with pytest.raises(Refused):
        lifecycle.save_meeting(meeting, by=secretary, **kept | {"agenda": [{"title": "传达文件", "end": ""}]})


def test_a_decision_added_later_makes_its_item_decided(world):
    secretary = world.actor("chain_secretary")
    agenda = [{"title": "传达文件", "end": "noted"}]
    meeting = lifecycle.save_meeting(None, by=secretary, **values(world, agenda=agenda, decisions=[]))
    meeting = lifecycle.hold(meeting, by=secretary)
    lifecycle.decide(
        meeting, by=secretary, text="补充议定", owner_name="牛立群", due_on=today() + DAY, item_no=1, problem=None
    )
    assert ends_of(meeting) == ["decision"]
