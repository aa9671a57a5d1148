"""The calendar's pages: who reads, who changes, and what a change does to open deadlines."""

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import Event
from core.models import CalendarDay
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db
DAY = "2026-03-09"


def url(day=DAY):
    return reverse("core:calendar_day", args=[day])


@pytest.mark.parametrize("year", ["2026", "2027", "2021", "", "x", "99999", "²⁰²⁶"])
def test_a_year_opens_and_says_when_its_notice_is_missing(client_of, year):
    page = client_of("branch_secretary").get(reverse("core:calendar"), {"year": year})
    assert page.status_code == 200
    if year == "2027":
        assert "2027年节假日安排尚未导入" in page.content.decode()


@pytest.mark.parametrize(
    ("person", "status"), [("county_officer", 200), ("system_admin", 403), ("branch_secretary", 403), ("auditor", 403)]
)
def test_only_officers_change_days(client_of, person, status):
    assert client_of(person).get(url()).status_code == status


@pytest.mark.parametrize("day", ["2026-02-30", "x", "1900-01-01", "20260309", "2026-3-9"])
def test_a_day_that_is_none_is_not_found(client_of, day):
    assert client_of("county_officer").get(url(day)).status_code == 404


def test_a_change_is_previewed_then_moves_the_deadlines_with_a_trace(world, client_of):
    problem = in_state(world, "assigned")
    # Assigned on Wednesday 4 March with 7 working days: until Friday 13 March.
    assert problem.due_on == dt.date(2026, 3, 13)
    client, fields = client_of("county_officer"), {"kind": "local_off", "name": "防汛", "reason": "县政府通知"}
    preview = client.post(url(), fields)
    assert "1 个在办期限变动" in preview.content.decode() and not CalendarDay.objects.filter(day=DAY).exists()
    assert client.post(url(), {**fields, "confirm": "1"}).status_code == 302
    problem.refresh_from_db()
    span = problem.spans.get(ended_at=None)
    assert problem.due_on == dt.date(2026, 3, 16) and problem.yellow_on == dt.date(2026, 3, 12)
    assert span.due_on == problem.due_on and span.red_from == dt.date(2026, 3, 17)
    assert problem.active_legs[0].due_on == problem.due_on
    events = Event.objects.filter(verb__in=["problem.recalculated", "calendar.changed"])
    assert {event.actor_id for event in events} == {world.people["county_officer"].pk} and len(events) == 2


def test_a_change_without_a_reason_is_not_made(client_of):
    page = client_of("county_officer").post(url(), {"kind": "holiday", "reason": "\x00", "confirm": "1"})
    assert page.status_code == 200 and not CalendarDay.objects.filter(day=DAY).exists()
