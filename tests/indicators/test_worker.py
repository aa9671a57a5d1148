"""The roll-up by a real worker on a real Redis: woken, killed, told twice, not told at all."""

import os
import signal
import time

import pytest
from django.db import transaction
from kombu import Consumer, Producer, Queue
from redis import Redis

from config.celery import app
from config.local import addresses
from core.clock import today
from core.periods import Period
from indicators import check, figures, recount, scopes, wake
from indicators.models import Marker, Progress
from indicators.tasks import roll_up, sweep
from tests import factories as make
from tests.indicators.test_concurrency import someone_waits_for_progress

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(celery_worker_process):
    """A county of its own; the worker that listens is a real process."""
    region = make.RegionFactory(code="990777")
    recount.rebuild()
    wake.reset()
    return region


def told(region):
    month = Period.current_month()
    return figures.read(["member_enterprises"], scopes.region_scope(region.pk, "990777"), month)[
        "member_enterprises"
    ].value


def add(region):
    return make.EnterpriseFactory(region=region, joined_on=today().replace(day=1))


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def right(region, expected):
    until(lambda: told(region) == expected and not Marker.objects.exists())
    assert check.compare().differences == []


def redis():
    return Redis.from_url(addresses.client_url(os.environ["REDIS_URL"]))


def test_figures_are_served_before_whatever_else_waits():
    """Of what waits in two queues the first is emptied first; the figures' tasks go into the first of ours."""
    assert [*app.amqp.queues] == ["figures", "celery"]
    assert {app.amqp.router.route({}, task.name)["queue"].name for task in (roll_up, sweep)} == {"figures"}
    first, second, taken = Queue("order-first"), Queue("order-second"), []

    def take(body, message):
        taken.append(body)
        message.ack()

    with app.connection_for_write() as connection, connection.channel() as channel:
        for queue in (second, second, first, first):
            Producer(channel).publish(queue.name, routing_key=queue.name, declare=[queue])
        with Consumer(channel, [first, second], callbacks=[take]):
            while len(taken) < 4:
                connection.drain_events(timeout=10)
        for queue in (first, second):
            queue(channel).delete()
    assert taken == ["order-first"] * 2 + ["order-second"] * 2


def test_a_change_shows_within_seconds(county):
    add(county)
    started = time.monotonic()
    assert wake.wake()
    right(county, 1)
    assert time.monotonic() - started < 10


def test_a_message_delivered_twice_changes_nothing(county):
    add(county)
    for _ in range(5):
        roll_up.delay()
    right(county, 1)
    roll_up.delay()
    time.sleep(0.5)
    right(county, 1)


def test_a_lost_message_is_made_up_by_the_sweep(county):
    add(county)
    with redis() as client:
        client.flushdb()
    time.sleep(0.5)
    assert told(county) == 0 and Marker.objects.exists()
    sweep.delay()
    right(county, 1)


def test_a_worker_killed_in_the_middle_of_a_roll_up(county, celery_worker_process):
    add(county)
    with transaction.atomic():
        # Its last act is to note its progress: everything is written by then, nothing committed.
        Progress.objects.select_for_update().get(pk=1)
        roll_up.delay()
        until(someone_waits_for_progress)
        celery_worker_process.kill()
    assert told(county) == 0
    assert Marker.objects.exists()
    celery_worker_process.start()
    sweep.delay()
    right(county, 1)


def test_a_child_killed_in_the_middle_of_a_roll_up(county, celery_worker_process):
    add(county)
    with transaction.atomic():
        Progress.objects.select_for_update().get(pk=1)
        roll_up.delay()
        until(someone_waits_for_progress)
        for child in celery_worker_process.children():
            os.kill(child.pid, signal.SIGKILL)
    if celery_worker_process.child.poll() is not None:
        celery_worker_process.start()
    sweep.delay()
    right(county, 1)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "10.255.255.1:6379"])
def test_a_broker_that_is_away_holds_nobody_up(monkeypatch, host):
    from config.celery import app

    monkeypatch.setattr(wake, "_closed_until", 0.0)
    with app.connection_for_write(f"redis://{host}/0") as connection:
        monkeypatch.setattr(
            roll_up,
            "apply_async",
            lambda **options: type(roll_up).apply_async(roll_up, connection=connection, **options),
        )
        started = time.monotonic()
        assert wake.wake() is False
        assert time.monotonic() - started < 4
        started = time.monotonic()
        assert wake.wake() is False  # the breaker: not even tried
        assert time.monotonic() - started < 0.05
