"""Two workers on one bulk run, on real connections: each entry once."""

import threading

import pytest
from django.db import connection

from audit.models import Event
from problems import bulk
from problems.enums import BulkState
from problems.filters import ProblemFilter
from problems.models import BulkRun
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
