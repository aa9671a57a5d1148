"""The calendar's pages: who reads, who changes, and what a change does to open deadlines."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from audit.models import Event
from core import workdays
from core.clock import at_local
from core.models import CalendarDay, CalendarEdition
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
    ("person", "status"),
    [("county_officer", 200), ("system_admin", 200), ("leader", 403), ("branch_secretary", 403), ("auditor", 403)],
)
def test_only_the_administrator_and_officers_change_days(client_of, person, status):
    assert client_of(person).get(reverse("core:calendar_day"), {"day": DAY}).status_code == status


def set_day(client, **fields):
    fields = {"day": DAY, "kind": "local_off", "reason": "县政府通知", "confirmed": "1", **fields}
    return client.post(reverse("core:calendar_day"), fields)


def in_force(**where):
    return set(CalendarDay.objects.in_force().filter(**where).values_list("region_path", "kind"))


def test_an_officer_sets_days_of_the_own_county_and_below_only(world, client_of):
    officer, county = client_of("county_officer"), world.own.region
    paths = {
        "": 200,
        county.path: 302,
        world.own.towns[0].path: 302,
        world.other.region.path: 200,
        world.city.path: 200,
    }
    for path, status in paths.items():
        assert set_day(officer, place=path).status_code == status, path
    assert in_force(day=DAY) == {(county.path, "local_off"), (world.own.towns[0].path, "local_off")}
    assert workdays.current().is_workday(dt.date(2026, 3, 9)), "the statutory calendar is as it was"
    assert not workdays.current(world.own.towns[1].path).is_workday(dt.date(2026, 3, 9))
    assert workdays.current(world.other.towns[0].path).is_workday(dt.date(2026, 3, 9))


def test_a_county_makes_no_statutory_holidays_and_an_administrator_no_local_days(world, client_of):
    page = set_day(client_of("county_officer"), place=world.own.region.path, kind="holiday")
    assert page.status_code == 200 and page.context["form"].errors["kind"]
    page = set_day(client_of("system_admin"), place=world.own.region.path)
    assert page.status_code == 200 and page.context["form"].errors["place"]
    assert in_force(day=DAY) == set()


def test_the_calendar_is_read_as_it_stood(world, client_of):
    """Every change is an edition: who, when, why; what held before it can be read again."""
    officer, path = client_of("county_officer"), world.own.region.path
    with time_machine.travel(at_local(dt.date(2026, 3, 2)), tick=False):
        set_day(officer, place=path, source="云政办〔2026〕3号", name="防汛")
    with time_machine.travel(at_local(dt.date(2026, 3, 6)), tick=False):
        set_day(officer, place=path, kind="", reason="更正")
    first, second = CalendarEdition.objects.order_by("number")
    assert (first.made_by_name, first.place, first.source) == ("林知远", "云岭县", "云政办〔2026〕3号")
    day = dt.date(2026, 3, 9)
    assert [workdays.as_of(n).at(path).is_workday(day) for n in (0, first.number, second.number)] == [True, False, True]
    assert workdays.edition_on(dt.date(2026, 3, 1)) == 0 and workdays.edition_on(dt.date(2026, 3, 5)) == first.number
    url = reverse("core:calendar")
    text = officer.get(url, {"year": 2026}).content.decode()
    assert "云政办〔2026〕3号" in text and "林知远" in text and "防汛" in text
    for query, worked in (({}, True), ({"as_of": "2026-03-05"}, False), ({"edition": first.number}, False)):
        page = officer.get(url, {"year": 2026, "place": path, **query})
        cells = [cell for week in page.context["months"][2]["weeks"] for cell in week if cell["day"] == day]
        assert cells[0]["works"] is worked
    assert Event.objects.get(verb="calendar.changed", data__edition=first.number).data["place"] == "云岭县"


@pytest.mark.parametrize("query", [{"place": "zzzz"}, {"as_of": "x"}, {"edition": "-1"}, {"edition": "9" * 30}])
def test_what_cannot_be_shown_is_not_found(client_of, query):
    assert client_of("county_officer").get(reverse("core:calendar"), query).status_code == 404


def test_the_calendar_of_another_county_is_not_shown(world, client_of):
    page = client_of("county_officer").get(reverse("core:calendar"), {"place": world.other.region.path})
    assert page.status_code == 404


def test_setting_what_is_set_makes_no_edition(world, client_of):
    officer = client_of("county_officer")
    for _ in range(2):
        set_day(officer, place=world.own.region.path)
    assert CalendarEdition.objects.count() == 1


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
    fields = {"place": "", "day": DAY, "kind": "holiday", "reason": "通知", "confirmed": "1", **fields}
    page = client_of("system_admin").post(reverse("core:calendar_day"), fields)
    assert page.status_code == 200 and page.context["form"].errors
    assert set(CalendarDay.objects.values_list("day", "kind")) == before
