"""Who is told of visits: the enterprise that one is planned, moved, called off; the arranger that a unit joins."""

import datetime as dt

import pytest

from core.clock import now
from meetings import lifecycle
from meetings.models import ActivityKind
from notices.models import Notice

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_an_enterprise_knows_who_comes_and_the_arranger_who_joins(world, told, client_of):
    actor, committee = world.actor("chain_secretary"), world.own.committees[0]
    place = {"region": world.own.region, "committee": committee, "enterprises": [world.own.enterprises[0]]}
    values = place | {
        "kind": ActivityKind.objects.get(region=None, code="visit"), "title": "走访金牛牧业",
        "starts_at": now() + 9 * DAY, "done": False, "units": [{"department": world.own.departments[0]}],
    }  # fmt: skip
    done = values | {"starts_at": now() - DAY, "done": True}
    lifecycle.save_activity(None, by=actor, **done)
    assert told() == {}, "what is over is no news"
    visit = lifecycle.save_activity(None, by=actor, **values)
    assert told() == {"branch_secretary": ["visit_planned"]}
    lifecycle.save_activity(visit, by=actor, **(values | {"title": "走访金牛"}), version=1)
    assert told() == {}, "the day is the same"
    lifecycle.save_activity(visit, by=actor, **(values | {"starts_at": now() + 12 * DAY}), version=2)
    assert told() == {"branch_secretary": ["visit_moved"], "department_officer": ["visit_moved"]}
    lifecycle.join_activity(visit, by=world.actor("team_member"), unit={"team": world.own.team}, purpose="了解用电")
    assert told() == {"chain_secretary": ["visit_joined_for"]}
    notice = Notice.objects.filter(user=world.people["chain_secretary"]).get()
    client = client_of("chain_secretary")
    page = client.get("/inbox/").content.decode()
    assert "将合并参加，一并了解：了解用电" in page and "因为这次走访是您安排的" in page and visit.title in page
    assert client.post(f"/inbox/{notice.pk}/open/")["Location"] == f"/meetings/activities/{visit.pk}/"
    lifecycle.cancel_activity(visit, by=actor, reason="改期")
    assert {"branch_secretary", "department_officer", "team_member"} == set(told())
    assert not Notice.objects.filter(user=world.people["stranger_officer"]).exists()
