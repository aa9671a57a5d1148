"""The calendar's pages: who reads, who changes, and what a change does to open deadlines."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from audit.models import Event
from core.clock import at_local
from core.models import CalendarDay
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db
DAY = "2026-03-09"


@pytest.mark.parametrize(("year", "status"), [("2026", 200), ("2027", 200), ("x", 404), ("99999", 404), ("²⁰²⁶", 404)])
def test_a_year_opens_and_says_when_its_notice_is_missing(client_of, year, status):
    page = client_of("county_officer").get(reverse("core:calendar"), {"year": year})
    assert page.status_code == status
    if year == "2027":
        assert "2027" in page.content.decode() and "尚未导入" in page.content.decode()


@pytest.mark.parametrize(
    ("person", "status"), [("county_officer", 403), ("system_admin", 200), ("branch_secretary", 403), ("auditor", 403)]
)
def test_only_the_administrator_changes_days(client_of, person, status):
    assert client_of(person).get(reverse("core:calendar_day"), {"day": DAY}).status_code == status


@time_machine.travel(at_local(dt.date(2026, 3, 5)), tick=False)
def test_a_change_is_previewed_then_moves_the_deadlines_with_a_trace(world, client_of):
    problem = in_state(world, "assigned")
    # Assigned on Wednesday 4 March with 7 working days: until Friday 13 March.
    assert problem.due_on == dt.date(2026, 3, 13)
    client, url = client_of("system_admin"), reverse("core:calendar_day")
    fields = {"day": DAY, "kind": "local_off", "name": "防汛", "reason": "县政府通知"}
    preview = client.post(url, fields)
    assert preview.context["moved"] == 1 and not CalendarDay.objects.filter(day=DAY).exists()
    assert client.post(url, {**fields, "confirmed": "1"}).status_code == 302
    problem.refresh_from_db()
    span = problem.spans.get(ended_at=None)
    assert problem.due_on == dt.date(2026, 3, 16) and problem.yellow_on == dt.date(2026, 3, 12)
    assert span.due_on == problem.due_on and span.red_from == dt.date(2026, 3, 17)
    assert problem.active_legs[0].due_on == problem.due_on
    events = Event.objects.filter(verb__in=["problem.recalculated", "calendar.changed"])
    assert {event.actor_id for event in events} == {world.people["system_admin"].pk} and len(events) == 2


@pytest.mark.parametrize("fields", [{"day": "2026-02-30"}, {"day": "1900-01-01"}, {"kind": "x"}, {"reason": "\x00"}])
def test_a_change_that_makes_no_sense_is_not_made(client_of, fields):
    before = set(CalendarDay.objects.values_list("day", "kind"))
    fields = {"day": DAY, "kind": "holiday", "reason": "通知", "confirmed": "1", **fields}
    page = client_of("system_admin").post(reverse("core:calendar_day"), fields)
    assert page.status_code == 200 and page.context["form"].errors
    assert set(CalendarDay.objects.values_list("day", "kind")) == before
