"""Kinds as a county keeps them, long lists that never count for long, a form that arrives twice, the API."""

import uuid

import pytest

from core import registers
from core.clock import today
from meetings.models import Meeting, MeetingKind
from tests import factories as make
from tests.meetings.test_pages import NEW, typed

pytestmark = pytest.mark.django_db


def kind_data(world, **changes):
    given = {"name": "县链长办公会", "region": world.own.region.pk, "counts_as": "joint", "quorum": "two_thirds",
             "notice_days": "1", "order": "100", "is_active": "on"}  # fmt: skip
    return given | changes


def version_of(client, address):
    return client.get(address).content.decode().split('name="version" value="')[1].split('"')[0]


def test_a_county_keeps_its_own_kinds_and_what_was_used_is_disabled(world, client_of):
    client = client_of("county_officer")
    address = client.post("/meetings/kinds/new/", kind_data(world))["Location"]
    kind = MeetingKind.objects.get(name="县链长办公会")
    assert (kind.code, kind.counts_as) == ("own_1", "joint")
    secretary = client_of("chain_secretary")
    secretary.post(NEW, typed(world, kind=kind.pk, then="draft"))
    meeting = Meeting.objects.get()
    assert (meeting.kind, meeting.counts_as) == (kind, "joint")
    edit = f"{address}edit/"
    seen = version_of(client, edit)
    page = client.post(edit, kind_data(world, counts_as="committee", version=seen)).content.decode()
    assert "已有会议使用这个类别" in page
    off = kind_data(world, version=version_of(client, edit))
    del off["is_active"]
    client.post(edit, off)
    kind.refresh_from_db()
    assert not kind.is_active
    answer = secretary.post(NEW, typed(world, kind=kind.pk, title="再开一次"))
    assert answer.status_code == 200 and 'id="id_kind_error"' in answer.content.decode()
    common = MeetingKind.objects.get(region=None, code="committee")
    assert "通用类别由系统提供" in client.get(f"/meetings/kinds/{common.pk}/edit/").content.decode()
    stranger = client_of("stranger_officer")
    assert (
        stranger.get(address).status_code == 404
        and "县链长办公会" not in stranger.get("/meetings/kinds/").content.decode()
    )
    assert stranger.post("/meetings/kinds/new/", kind_data(world)).status_code == 200
    assert MeetingKind.objects.filter(region__isnull=False).count() == 1


def test_a_form_that_arrives_twice_makes_one_meeting(world, client_of):
    client = client_of("chain_secretary")
    key = client.get(NEW).content.decode().split('name="once_key" value="')[1].split('"')[0]
    first = client.post(NEW, typed(world, once_key=key))
    again = client.post(NEW, typed(world, once_key=key, title="改了名称"), headers={"x-resend": "1"})
    assert again.json() == {"url": first["Location"]} and Meeting.objects.get().title == "二季度党委会"
    assert "没有重复登记" in client.get(first["Location"]).content.decode()
    client.post(NEW, typed(world, once_key=uuid.uuid4(), title="另一次"))
    assert Meeting.objects.count() == 2
    # Somebody else's key opens nobody's meeting.
    page = client_of("county_officer").post(NEW, typed(world, once_key=key)).content.decode()
    assert "重复" in page and Meeting.objects.count() == 2


def test_long_lists_go_by_the_last_row_and_count_afterwards(world, client_of, monkeypatch):
    monkeypatch.setattr(registers, "PAGE_SIZE", 2)
    monkeypatch.setattr(registers, "COUNTED_AT_ONCE", 3)
    monkeypatch.setattr(registers.counted, "__defaults__", (3,))
    made = [make.MeetingFactory(committee=world.own.committees[0], held_on=today()) for _number in range(5)]
    client, seen, address = client_of("county_officer"), [], "/meetings/"
    while address:
        page = client.get(address).content.decode()
        seen += [meeting.pk for meeting in made if f'href="/meetings/{meeting.pk}/"' in page]
        assert "3 条以上" in page
        address = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
        address = address and f"/meetings/{address}"
    assert sorted(seen) == sorted(meeting.pk for meeting in made)
    told = client.get("/meetings/?count=1", headers={"hx-request": "true"}).content.decode()
    assert "共 5 条" in told and "<table" not in told
    Meeting.objects.filter(pk=made[0].pk).update(state="cancelled")
    assert "共 1 条" in client.get("/meetings/?state=cancelled").content.decode()
    for sort in ("held_on", "-held_on", "title", "state"):
        assert client.get(f"/meetings/?sort={sort}").status_code == 200


def test_other_systems_read_meetings_in_sight(world, client_of):
    mine = make.MeetingFactory(committee=world.own.committees[0], state="minuted")
    make.DecisionFactory(meeting=mine, text="落实饲草")
    foreign = make.MeetingFactory(committee=world.other.committees[0])
    client = client_of("chain_secretary")
    answer = client.get("/api/v1/meetings/?state=minuted").json()
    assert [row["id"] for row in answer["results"]] == [mine.pk] and answer["next"] is None
    one = client.get(f"/api/v1/meetings/{mine.pk}/").json()
    assert (one["state"], one["decisions"][0]["text"]) == ("minuted", "落实饲草")
    assert client.get(f"/api/v1/meetings/{foreign.pk}/").status_code == 404
    assert client.get("/api/v1/meetings/?state=x").status_code == 400
