"""A real worker, Redis and database: the verdict follows the change, with no beat."""

import time

import pytest

from core.clock import now, today
from indicators import wake
from mechanisms import drain
from mechanisms.models import Mark, Obligation
from meetings import lifecycle
from tests import factories as make
from tests.mechanisms import rules

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_meeting_turns_its_mechanism_green_within_moments(world, celery_worker_process):
    rules.made(world.own.region, starts_on=today().replace(month=1, day=1))
    committee, secretary = world.own.committees[0], world.actor("chain_secretary")
    meeting = make.MeetingFactory(committee=committee, state="draft", held_on=today(), starts_at=now())
    for seat in world.own.seats:
        make.AttendanceFactory(meeting=meeting, seat=seat, name=seat.person)
    drain.drain()
    due = Obligation.objects.get(actor_id=committee.pk, first_on__lte=today(), last_on__gte=today())
    assert due.complied_on is None and not Mark.objects.exists()
    wake.reset()
    lifecycle.hold(meeting, by=secretary)
    deadline = time.monotonic() + 10
    while not Obligation.objects.filter(pk=due.pk, complied_on=today()).exists():
        assert time.monotonic() < deadline, "only beat would find it"
        time.sleep(0.05)
