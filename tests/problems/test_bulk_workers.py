"""Two workers on one bulk run, on real connections: each entry once."""

import threading

import pytest
from django.db import connection, transaction

from audit.models import Event
from problems import bulk, tasks
from problems.enums import BulkState
from problems.filters import ProblemFilter
from problems.models import BulkRun, Problem
from tests.notices.test_worker import somebody_waits_for_a_lock, until
from tests.problems.steps import in_state

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_two_workers_share_a_run_and_do_each_entry_once(world):
    entries = [in_state(world, "accepted", title=f"待交办{number}") for number in range(12)]
    officer = world.actor("county_officer")
    chosen = ProblemFilter({"state": "accepted"}, officer)
    run = bulk.prepare("assign", chosen, [], by=officer)
    bulk.begin(run, {"team": world.own.team}, by=officer)
    start, faults = threading.Barrier(3), []

    def work():
        try:
            start.wait(20)
            bulk.work(run.pk)
        except Exception as error:  # told to the test
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    bulk.work_off()
    assert not faults
    assert set(run.items.values_list("result", flat=True)) == {"done"}
    told = Event.objects.filter(verb="problem.assign").values_list("object_id", flat=True)
    assert sorted(told) == sorted(one.pk for one in entries)
    assert BulkRun.objects.get().state == BulkState.DONE and Event.objects.filter(verb="ledger.bulk").count() == 1


def test_a_killed_worker_leaves_a_run_that_the_next_one_ends(world, celery_worker_process):
    """The worker has done three entries and waits for the row of the fourth, which somebody else holds, when it is
    killed like by a power cut; the task is delivered again."""
    celery_worker_process.stop()
    entries = [in_state(world, "accepted", title=f"待交办{number}") for number in range(8)]
    officer = world.actor("county_officer")
    order = ProblemFilter({"state": "accepted", "sort": "number"}, officer)
    run = bulk.prepare("assign", order, [], by=officer)
    bulk.begin(run, {"team": world.own.team}, by=officer)
    held = run.items.order_by("id")[3].problem_id
    with transaction.atomic():
        Problem.objects.select_for_update(no_key=True).get(pk=held)
        celery_worker_process.start()
        tasks.wake_bulk()
        until(lambda: run.items.filter(result="done").count() == 3 and somebody_waits_for_a_lock())
        celery_worker_process.kill()
    until(lambda: not somebody_waits_for_a_lock())
    assert run.items.filter(result="waiting").count() == 5
    celery_worker_process.start()
    tasks.wake_bulk()
    until(lambda: BulkRun.objects.get().state == BulkState.DONE)
    assert set(run.items.values_list("result", flat=True)) == {"done"}
    told = Event.objects.filter(verb="problem.assign").values_list("object_id", flat=True)
    assert sorted(told) == sorted(one.pk for one in entries)
