"""Two workers at the same work: everything once."""

import threading

import pytest
from django.db import connections

from core.clock import at_local
from notices import deliveries, digests
from notices import drain as marks
from notices.models import Delivery, Digest, Notice, Pending
from tests.notices.test_digests import TUESDAY
from tests.notices.test_pages import assigned
from tests.problems.steps import day

pytestmark = pytest.mark.django_db(transaction=True)


def both(work) -> list:
    answers, gate = [], threading.Barrier(2)

    def one():
        try:
            gate.wait()
            answers.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 2, "a worker failed"
    return answers


def test_marks_messages_and_mails_once(world, at, channel, robot, post_office):
    world.people["team_member"].email = "tang@county.example"
    world.people["team_member"].save()
    at(day(0, 10))
    for number in range(5):
        assigned(world, f"事项{number}")
    assert sum(both(marks.drain)) == 15 and not Pending.objects.exists()
    assert Notice.objects.count() == 15 == Delivery.objects.count()
    both(deliveries.run)
    assert len(robot.got) == 15 == len({one["json"]["text"]["content"] for one in robot.got})
    at(at_local(TUESDAY, 9))
    both(digests.run)
    assert len(post_office.mails) == 1 == Digest.objects.filter(state="sent").count()
