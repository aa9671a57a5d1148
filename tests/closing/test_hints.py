"""A date put into a closed month says so beside its field: before it is saved, and on the form of what was saved."""

import re

import pytest
from django.urls import reverse

from closing import places
from core.clock import at_local
from core.periods import Month
from meetings.models import Activity, ActivityKind, Decision
from tests import factories as make
from tests.closing.test_months import MARCH, closed, counted
from tests.problems.steps import raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def shut(world, time_machine):
    """March is closed for both committees and the county; it is the middle of May."""
    time_machine.move_to("2026-05-13 10:00:00+08:00")
    counted()
    for one in world.own.committees:
        closed(world, places.Place(one.region, one))
    closed(world, places.Place(world.own.region))
    return world


def beside(html, name):
    """(what stands beside the field, what it asks again when the day is changed)."""
    found = re.search(f'<div class="form-hint dated" id="id_{name}_dated"([^>]*)>(.*?)</div>', html)
    return found[2], re.search('hx-get="([^"]*)"', found[1])[1].replace("&amp;", "&")


def test_a_meeting_put_into_a_closed_month_is_told_and_saved(shut, client_of):
    client, committee = client_of("chain_secretary"), shut.own.committees[0]
    said, asks = beside(client.get(reverse("meetings:create")).content.decode(), "starts_at")
    assert said == ""
    again = client.get(f"{asks}&starts_at=2026-03-17T09:30&committee={committee.pk}").content.decode()
    sentence = "在此登记、改动仍会保存，但不改变封账数，列入更正，在下一期月报中说明。"
    assert again == f"<p>2026年3月的数据已封账（{committee}、云岭县）。{sentence}</p>"
    assert client.get(f"{asks}&starts_at=2026-04-17T09:30&committee={committee.pk}").content == b""
    other = shut.own.committees[1]
    assert str(other) not in client.get(f"{asks}&starts_at=2026-03-17&committee={other.pk}").content.decode()
    for wrong in ("2026-13-40", "x" * 500, ""):
        assert client.get(f"{asks}&starts_at={wrong}&committee=x&committee={'9' * 40}").content == b""

    meeting = make.MeetingFactory(committee=committee, starts_at=at_local(MARCH.first_day), state="draft")
    page = client.get(reverse("meetings:edit", args=[meeting.pk])).content.decode()
    assert "2026年3月的数据已封账" in beside(page, "starts_at")[0], "also of what is saved already"


def test_the_words_stay_where_a_form_comes_back_and_follow_the_enterprise(shut, client_of):
    """A visit without a committee: the enterprise says whose month it is. Nothing of it is refused."""
    client, firm = client_of("county_officer"), shut.own.enterprises[0]
    kind = ActivityKind.objects.get(region=None, code="visit")
    given = {"kind": kind.pk, "starts_at": "2026-03-17T09:30", "enterprises": [firm.pk], "mode": "on_site",
             "text": "走访", "title": "甲" * 400, "version": "0", "collected-TOTAL_FORMS": "0",
             "collected-INITIAL_FORMS": "0", "then": "done"}  # fmt: skip
    back = client.post(reverse("meetings:activity_create"), given).content.decode()
    assert f"已封账（{shut.own.committees[0]}、云岭县）" in beside(back, "starts_at")[0]
    again = beside(back, "starts_at")[1]
    assert "已封账" in client.get(again + f"&starts_at=2026-03-17T09:30&enterprises={firm.pk}").content.decode()
    stranger = client_of("stranger_officer")
    assert stranger.get(again + f"&starts_at=2026-03-17T09:30&enterprises={firm.pk}").content == b""
    client.post(reverse("meetings:activity_create"), given | {"title": "三月的走访"})
    visit = Activity.objects.get()
    assert Month.of(visit.held_on) == MARCH
    page = client.get(reverse("meetings:activity_edit", args=[visit.pk])).content.decode()
    assert "已封账" in beside(page, "starts_at")[0]


def test_forms_of_a_record_know_its_units_and_deadlines_are_left_alone(shut, client_of):
    officer, committee = client_of("county_officer"), shut.own.committees[0]
    meeting = make.MeetingFactory(committee=committee, starts_at=at_local(MARCH.first_day))
    decision = make.DecisionFactory(meeting=meeting)
    assert Decision.objects.get().committee_id == committee.pk
    said, asks = beside(officer.get(reverse("meetings:decision_done", args=[decision.pk])).content.decode(), "done_on")
    assert said == "" and "已封账" in officer.get(asks + "&done_on=2026-03-30").content.decode()
    assert "id_due_on_dated" not in officer.get(reverse("meetings:decision_edit", args=[decision.pk])).content.decode()
    problem = raised(shut)
    page = officer.get(reverse("problems:act", args=[problem.pk, "correct_dates"])).content.decode()
    said, asks = beside(page, "submitted_on")
    assert "已封账" in officer.get(asks + "&submitted_on=2026-03-30").content.decode()
