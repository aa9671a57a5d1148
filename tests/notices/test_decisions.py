"""Decisions of meetings near their date: the owner is told once for each date, in office hours."""

import datetime as dt

import pytest

from core.clock import at_local
from meetings.enums import DecisionState
from notices import decisions
from notices.models import Notice
from tests import factories as make
from tests.problems.steps import MONDAY

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + dt.timedelta(days=4)


@pytest.fixture
def decision(world):
    meeting = make.MeetingFactory(committee=world.own.committees[0], held_on=MONDAY - dt.timedelta(days=7))
    return make.DecisionFactory(meeting=meeting, owner_department=world.own.departments[0], due_on=FRIDAY)


def test_told_two_working_days_before_once_for_each_date(world, decision, at, client_of):
    for offset, hour, expected in ((0, 10, 0), (1, 10, 0), (2, 8, 0), (2, 9, 1), (2, 15, 0), (3, 9, 0), (4, 9, 0)):
        at(at_local(MONDAY + dt.timedelta(days=offset), hour))
        assert decisions.tell() == expected, (offset, hour)
    notice = Notice.objects.get()
    assert (notice.user, notice.decision) == (world.people["department_officer"], decision)
    client = client_of("department_officer")
    page = client.get("/inbox/").content.decode()
    assert decision.text in page and "议定事项将于 2026-03-06 到期" in page
    assert client.post(f"/inbox/{notice.pk}/open/")["Location"] == f"/meetings/decisions/{decision.pk}/"
    decision.due_on = MONDAY + dt.timedelta(days=8)
    decision.save()
    at(at_local(MONDAY + dt.timedelta(days=7), 9))
    assert decisions.tell() == 1, "a new date is told again"


def test_nothing_of_what_is_done_or_has_no_department(world, decision, at):
    make.DecisionFactory(meeting=decision.meeting, due_on=FRIDAY)
    decision.state, decision.done_on, decision.ended_on = DecisionState.DONE, MONDAY, MONDAY
    decision.save()
    at(at_local(MONDAY + dt.timedelta(days=3), 9))
    assert decisions.tell() == 0 and not Notice.objects.exists()
