"""What officers keep for visits, what visits leave on pages and in figures."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse

from core.clock import now, today
from core.periods import Period
from core.transitions import Refused
from indicators import declarations, drain, figures, scopes
from meetings import visits
from meetings.enums import ActivityClass, PersonCategory
from meetings.lifecycle import cancel_activity, keeping, save_activity
from meetings.models import Activity, ActivityKind, VisitGuard

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def visit(world, person="chain_secretary", code="visit", **changes):
    values = {
        "region": world.own.region, "committee": world.own.committees[0], "title": "走访金牛牧业",
        "kind": ActivityKind.objects.get(region=None, code=code), "starts_at": now() - DAY,
        "enterprises": [world.own.enterprises[0]],
    } | changes  # fmt: skip
    return save_activity(None, by=world.actor(person), **values)


def test_an_officer_keeps_own_kinds_and_a_used_one_stays_what_it_is(world, client_of):
    client, own = client_of("county_officer"), world.own.region
    page = client.get("/meetings/activities/kinds/").content.decode()
    assert "走访企业" in page and "走访间隔" in page
    data = {
        "region": own.pk,
        "name": "县领导大走访",
        "counts_as": "visit",
        "disturbs": "on",
        "order": "5",
        "is_active": "on",
    }
    assert client.post("/meetings/activities/kinds/new/", data).status_code == 302
    kind = ActivityKind.objects.get(region=own)
    assert (kind.name, kind.code) == ("县领导大走访", "own_1")
    visit(world, kind=kind)
    page = client.post(f"/meetings/activities/kinds/{kind.pk}/edit/", data | {"counts_as": "other"}).content.decode()
    assert "已有活动使用这个类别" in page
    edited = client.post(f"/meetings/activities/kinds/{kind.pk}/edit/", data | {"name": "大走访", "is_active": ""})
    assert edited["Location"] == f"/meetings/activities/kinds/{kind.pk}/"
    assert "已停用" in client.get(edited["Location"]).content.decode()
    offered = client.get("/meetings/activities/new/").content.decode()
    assert "大走访" not in offered and client.get(f"/meetings/activities/?kind={kind.pk}").status_code == 200
    common = ActivityKind.objects.get(region=None, code="visit")
    assert client.get(f"/meetings/activities/kinds/{common.pk}/edit/").status_code == 403
    with pytest.raises(Refused, match="组织部"):
        keeping.save_activity_kind(ActivityKind(), {"region": own}, by=world.actor("chain_secretary"))
    foreign = ActivityKind.objects.create(region=world.other.region, code="own_1", name="望川走访", counts_as="visit")
    assert client.get(f"/meetings/activities/kinds/{foreign.pk}/").status_code == 404


def test_the_days_between_two_visits_are_set_ahead_and_hold_from_their_day(world, client_of):
    client, region = client_of("county_officer"), world.own.region
    assert visits.guard_days(region, today()) == 7
    data = {"region": region.pk, "days": "3", "begins_on": today().isoformat()}
    made = client.post("/meetings/guards/new/", data)
    guard = VisitGuard.objects.get()
    assert made["Location"] == f"/meetings/guards/{guard.pk}/"
    assert visits.guard_days(region, today()) == 3 and visits.guard_days(region, today() - DAY) == 7
    assert visits.guard_days(world.other.region, today()) == 7
    assert "另设间隔" in client.get(made["Location"]).content.decode()
    assert client.get(f"/meetings/guards/{guard.pk}/edit/").status_code == 403
    again = client.post("/meetings/guards/new/", data | {"days": "4"}).content.decode()
    assert "这一天已有起用的间隔" in again
    late = client.post("/meetings/guards/new/", data | {"begins_on": (today() - DAY).isoformat()}).content.decode()
    assert "起用日期不能早于今天" in late
    later = today() + 9 * DAY
    soon = keeping.save_guard(
        VisitGuard(), {"region": region, "days": 10, "begins_on": later}, by=world.actor("county_officer")
    )
    assert client.post(
        f"/meetings/guards/{soon.pk}/edit/", data | {"days": "12", "begins_on": later.isoformat()}
    ).status_code == 302  # fmt: skip
    assert visits.guard_days(region, later) == 12
    with pytest.raises(ValidationError):
        keeping.save_guard(soon, {"begins_on": today() - DAY}, by=world.actor("county_officer"))


def test_who_was_never_visited_is_counted_until_the_first_visit(world):
    firm = world.own.enterprises[0]
    scope, month = scopes.parse(f"region:{world.own.region.code}"), Period.parse(f"{today():%Y-%m}")

    def never():
        drain.drain()
        return figures.read(["enterprises_never_visited"], scope, month)["enterprises_never_visited"].value

    before = never()
    planned = visit(world, starts_at=now() + 3 * DAY, done=False)
    assert never() == before
    call = visit(world, mode="phone")
    assert never() == before - 1
    firm.refresh_from_db()
    assert firm.first_visited_on == max(today() - DAY, firm.joined_on)
    cancel_activity(call, by=world.actor("chain_secretary"), reason="误登")
    assert never() == before and planned.state == "planned"
    firm.refresh_from_db()
    assert firm.first_visited_on is None


def test_every_class_and_category_has_its_figure_and_collected_problems_theirs(world):
    declared = [one for one in declarations.indicators() if getattr(one, "source", None)]
    counted = {str(one.where) for one in declared}
    for one in ActivityClass:
        assert str(Q(counts_as=one)) in counted, one
    for one in PersonCategory:
        assert str(Q(category=one)) in counted, one
    collected = {"enterprise": world.own.enterprises[0], "category": world.category, "title": "缺饲草", "text": "缺"}
    visit(world, problems=[collected], people=[{"category": "manager", "number": 3}])
    drain.drain()
    scope = scopes.parse(f"region:{world.own.region.code}")
    period = Period.parse(f"{today() - DAY:%Y-%m}")
    found = figures.read(["problems_collected_on_visits", "people_manager", "times_disturbed"], scope, period)
    assert [one.value for one in found.values()] == [1, 3, 1]


def test_pages_of_firm_and_committee_tell_of_visits_duty_and_reports(world, client_of):
    activity, firm, committee = visit(world), world.own.enterprises[0], world.own.committees[0]
    for person in ("county_officer", "chain_secretary", "branch_secretary"):
        page = client_of(person).get(f"/enterprises/{firm.pk}/").content.decode()
        assert "本季度打扰" in page and activity.title in page and f"/meetings/firms/{firm.pk}/" in page, person
    address = reverse("chains:committee_detail", args=[committee.pk])
    page = client_of("chain_secretary").get(address).content.decode()
    assert "季度轮值与述职" in page and "未排班" in page and activity.title in page
    assert f"{today().year - 1} 年度尚未提交述职报告" in page
    assert "尚未提交述职报告" not in client_of("leader").get(address).content.decode()
    assert Activity.objects.count() == 1
