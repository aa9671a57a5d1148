"""The real worker: a report is made by it, and one whose worker was killed is made by the next."""

import os
import signal
import time

import psutil
import psycopg2
import pytest
from django.db import connection

from core import clock
from core.periods import Month
from indicators import drain, scopes
from reports import lifecycle, store, tasks
from reports.enums import ReportState
from reports.models import Report
from tests.cast import build_world

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 30


def asked(world):
    scope = scopes.parse("region:990100")
    return lifecycle.request_report(scope, Month(2026, 3), by=world.actor("county_officer"))[0]


def awaited(report, *states, seconds=WAIT):
    """The report once it is in one of `states`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        report.refresh_from_db()
        if report.state in states:
            return report
        time.sleep(0.02)
    raise AssertionError(f"{report.state} after {seconds} s: {report.error}")


def test_asking_is_enough(transactional_db, celery_worker_process):
    report = awaited(asked(build_world()), ReportState.DONE, ReportState.FAILED)
    assert report.state == ReportState.DONE, report.error
    for file in report.files.all():
        path = store.path_of(file.storage_name)
        assert path.stat().st_size == file.size
        path.unlink()


def test_a_worker_killed_in_the_middle_of_a_report(transactional_db, celery_worker_process):
    """The pool process that holds the report is killed while it waits for a lock; the report is made later, once."""
    report = asked_without_message(build_world())
    let_go = _hold_up()
    try:
        tasks.wake(report.pk)
        awaited(report, ReportState.RUNNING)
        for child in psutil.Process(celery_worker_process.pid).children(recursive=True):
            os.kill(child.pid, signal.SIGKILL)
    finally:
        let_go()
    report.refresh_from_db()
    assert report.state == ReportState.RUNNING and not report.files.exists()
    Report.objects.filter(pk=report.pk).update(lease_until=clock.now())
    time.sleep(0.05)
    assert lifecycle.sweep() == 1
    report = awaited(report, ReportState.DONE, ReportState.FAILED)
    assert report.state == ReportState.DONE, report.error
    assert report.attempts >= 2
    assert report.files.count() == 2


def asked_without_message(world):
    """A queued report whose message was lost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "wake", lambda report_id: None)
        return asked(world)


def _hold_up():
    """Keep the engine's counting lock on a connection of its own, so that a report stops before its figures. Returns
    the function that lets go."""
    settings = connection.get_connection_params()
    settings.pop("cursor_factory", None)
    settings.pop("context", None)
    other = psycopg2.connect(**settings)
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [drain.COUNT])

    return other.close
