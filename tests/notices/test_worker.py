"""A real worker, Redis and database: notices are written behind the request, and killing the worker loses nothing."""

import time

import pytest
from django.db import connection, transaction

from audit.models import Event
from core import clock
from notices import wake
from notices.models import Notice, Pending
from problems import lifecycle

pytestmark = pytest.mark.django_db(transaction=True)


def raise_one(world, number: int):
    return lifecycle.raise_problem(
        by=world.actor("branch_secretary"), enterprise=world.own.enterprises[0], category=world.category,
        title=f"事项{number}", text="具体情况。",
    )  # fmt: skip


def until(found, seconds: float = 60):
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE NOT l.granted AND a.datname = current_database()"
        )
        return cursor.fetchone()[0] > 0


def test_written_behind_the_request_within_moments(world, celery_worker_process):
    raise_one(world, 1)
    until(lambda: Notice.objects.filter(user=world.people["chain_secretary"]).count() == 1)
    until(lambda: not Pending.objects.exists())


def test_a_worker_killed_half_way_loses_nothing_and_repeats_nothing(world, celery_worker_process):
    """The worker has written some notices of its batch and waits for a row that somebody else is writing, when it is
    killed like by a power cut."""
    celery_worker_process.stop()
    for number in range(10):
        raise_one(world, number)
    middle = Event.objects.filter(verb="problem.raised").order_by("pk")[5]
    with transaction.atomic():
        Notice.objects.create(
            user=world.people["chain_secretary"], kind="intake", code="raised", reason="secretary",
            problem_id=middle.object_id, key=f"event:{middle.pk}:raised", created_at=clock.now(),
        )  # fmt: skip
        celery_worker_process.start()
        wake.wake()
        until(somebody_waits_for_a_lock)
        celery_worker_process.kill()
        transaction.set_rollback(True)
    until(lambda: not somebody_waits_for_a_lock())
    assert (Notice.objects.count(), Pending.objects.count()) == (0, 10), "all of it, or nothing"
    celery_worker_process.start()
    wake.wake()
    until(lambda: not Pending.objects.exists())
    assert Notice.objects.count() == 10 == Notice.objects.values("key").distinct().count()
