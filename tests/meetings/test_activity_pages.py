"""Logging a visit on its page: few fields, problems in the same form, another visit near by named and joined."""

import datetime as dt
import uuid

import pytest

from core.clock import today
from meetings.models import Activity, ActivityKind
from problems.models import Problem

pytestmark = pytest.mark.django_db
NEW = "/meetings/activities/new/"


def typed(world, **changes):
    day = today() - dt.timedelta(days=1)
    return {
        "kind": ActivityKind.objects.get(region=None, code="visit").pk,
        "starts_at": f"{day.isoformat()}T09:30",
        "enterprises": [world.own.enterprises[0].pk],
        "mode": "on_site",
        "text": "企业反映饲草不足。",
        "committee": world.own.committees[0].pk,
        "once_key": str(uuid.uuid4()),
        "version": "0",
        "people-manager": "2",
        "collected-TOTAL_FORMS": "1",
        "collected-INITIAL_FORMS": "1",
        "collected-0-title": "饲草短缺",
        "collected-0-category": world.category.pk,
        "then": "done",
    } | changes


def test_a_visit_is_logged_with_what_the_firm_said(world, client_of):
    client = client_of("chain_secretary")
    page = client.get(NEW).content.decode()
    assert "云岭县金牛牧业" in page and "望川县" not in page
    assert f'value="{today().isoformat()}T' in page  # now is filled in
    posted = typed(world)
    answer = client.post(NEW, posted)
    visit = Activity.objects.get()
    assert answer["Location"] == f"/meetings/activities/{visit.pk}/"
    assert visit.title == "走访企业：云岭县金牛牧业" and visit.collected.get().problem.title == "饲草短缺"
    assert client.post(NEW, posted)["Location"] == answer["Location"] and Problem.objects.count() == 1
    page = client.get(answer["Location"]).content.decode()
    assert "饲草短缺" in page and "企业管理人员 2" in page
    page = client.get("/meetings/activities/?q=金牛").content.decode()
    assert visit.title in page
    assert client.get("/meetings/activities/export/")["Content-Type"].endswith("sheet")
    assert visit.title in client_of("branch_secretary").get(answer["Location"]).content.decode()
    assert client_of("stranger_officer").get(answer["Location"]).status_code == 404


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(world, client_of):
    client = client_of("chain_secretary")
    for changes, field in (
        ({"enterprises": []}, "enterprises"),
        ({"enterprises": [world.other.enterprises[0].pk]}, "enterprises"),
        ({"starts_at": "9999-12-31T09:00"}, "starts_at"),
        ({"kind": "x"}, "kind"),
        ({"people-manager": "-1"}, "people-manager"),
        ({"people-manager": "9" * 30}, "people-manager"),
        ({"collected-0-category": ""}, "collected-0-category"),
        ({"collected-0-title": "a\x00b"}, "collected-0-title"),
        ({"once_key": "x"}, ""),
        ({"title": "长" * 121}, "title"),
    ):
        page = client.post(NEW, typed(world, **changes)).content.decode()
        assert "企业反映饲草不足。" in page, changes
        assert not field or f'id="id_{field}_error"' in page, changes
    assert not Activity.objects.exists() and not Problem.objects.exists()


def test_a_visit_near_another_is_named_with_a_way_to_join(world, client_of):
    client = client_of("chain_secretary")
    soon = today() + dt.timedelta(days=3)
    plan = {"starts_at": f"{soon.isoformat()}T09:30", "then": "plan", "collected-0-title": "",
            "collected-0-category": ""}  # fmt: skip
    client.post(NEW, typed(world, **plan))
    visit = Activity.objects.get()
    other = client_of("department_officer")
    page = other.post(NEW, typed(world, **plan, committee="")).content.decode()
    assert "近期已有走访" in page and f"/meetings/activities/{visit.pk}/join/" in page
    assert Activity.objects.count() == 1
    answer = other.post(f"/meetings/activities/{visit.pk}/join/", {"unit": "0", "purpose": "了解用电"})
    assert answer["Location"] == f"/meetings/activities/{visit.pk}/"
    assert str(world.own.departments[0]) in other.get(answer["Location"]).content.decode()
    page = other.post(NEW, typed(world, **plan, committee="", near_reason="安全急查")).status_code
    assert page == 302 and Activity.objects.count() == 2
    assert (
        client.post(f"/meetings/activities/{visit.pk}/cancel/", {"reason": "改期", "version": "2"}).status_code == 302
    )


def test_before_a_visit_one_reads_what_the_firm_has_said_and_who_else_comes(world, client_of):
    client = client_of("chain_secretary")
    client.post(NEW, typed(world))
    soon = today() + dt.timedelta(days=20)
    later = {"starts_at": f"{soon.isoformat()}T09:30", "then": "plan", "collected-0-title": "",
             "collected-0-category": ""}  # fmt: skip
    client.post(NEW, typed(world, **later))
    firm = world.own.enterprises[0]
    for person in ("county_officer", "chain_secretary", "department_officer", "branch_secretary"):
        page = client_of(person).get(f"/meetings/firms/{firm.pk}/?month={soon:%Y-%m}").content.decode()
        assert "饲草短缺" in page and "企业反映饲草不足。" in page and "已安排" in page, person
        assert "合并参加" in page
    assert client_of("stranger_officer").get(f"/meetings/firms/{firm.pk}/").status_code == 404
    assert client_of("auditor").get(f"/meetings/firms/{firm.pk}/").status_code == 403
    page = client.get("/meetings/firms/?visited=never").content.decode()
    assert firm.name not in page and world.own.enterprises[1].name in page
    page = client.get("/meetings/firms/").content.decode()
    assert firm.name in page and (today() - dt.timedelta(days=1)).isoformat() in page
    for bad in ("month=x", "month=0001-01", "month=9999-12", "visited=x", "after=x", "sort=text"):
        assert client.get(f"/meetings/firms/?{bad}").status_code == 200
        assert client.get(f"/meetings/firms/{firm.pk}/?{bad}").status_code == 200
