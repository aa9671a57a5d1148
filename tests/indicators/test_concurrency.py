"""Several at once, and killed in the middle: real connections, real processes."""

import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from indicators import check, recount
from indicators.drain import Busy, counting_lock, drain, drain_unless_awaited
from indicators.models import Fact, Marker, Progress
from problems.models import Problem
from tests.indicators import world as make

DRAIN = """
import django; django.setup()
from tests.indicators import toys; toys.declare()
from indicators.drain import drain
print("started", flush=True)
drain()
print("finished", flush=True)
"""

# Locks of this test's own database: other workers' databases lie on the same server.
ADVISORY_HERE = "locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"


def facts():
    return sorted(Fact.objects.exclude(total=0).values_list("indicator", "region_id", "chain_id", "month", "total"))


def process():
    """A roll-up in a process of its own, on this test's database."""
    return subprocess.Popen(
        [sys.executable, "-c", DRAIN],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def someone_waits_for_progress():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
            "AND query LIKE '%%indicators_progress%%' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0] > 0


def test_killed_in_the_middle_leaves_right_figures(toy_committed, settle):
    for number in range(5):
        make.problem(toy_committed, toy_committed.firms[number], "2022-01-05")
    before, waiting = facts(), Marker.objects.count()
    assert waiting
    with transaction.atomic():
        # The roll-up's last act is to note its progress: by then all facts are written, none committed.
        Progress.objects.select_for_update().get(pk=1)
        victim = process()
        wait_for(someone_waits_for_progress)
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait(10)
    with victim.stdout as output:
        assert "finished" not in output.read()
    assert (facts(), Marker.objects.count()) == (before, waiting)
    settle()
    assert not Marker.objects.exists()
    assert facts() != before


def test_two_drains_and_three_writers_at_once(toy_committed, settle):
    rng = random.Random(7)
    for _ in range(30):
        make.problem(toy_committed, rng.choice(toy_committed.firms), f"2022-{rng.randint(1, 6):02d}-15")
    ids = list(Problem.objects.values_list("pk", flat=True))
    stop, errors = threading.Event(), []

    def guarded(work):
        def run():
            try:
                work()
            except Exception as error:
                errors.append(error)
            finally:
                connections.close_all()

        return threading.Thread(target=run)

    def write(seed):
        own = random.Random(seed)
        while not stop.is_set():
            with transaction.atomic():
                for pk in sorted(own.sample(ids, 2)):
                    place = own.choice(toy_committed.places)
                    Problem.objects.filter(pk=pk).update(
                        region=place, submitted_on=f"2022-{own.randint(1, 6):02d}-10", bounces=own.randint(0, 5),
                        chain=own.choice([toy_committed.beef, toy_committed.corn, None]),
                        enterprise=own.choice(toy_committed.firms),
                    )  # fmt: skip
                time.sleep(own.random() / 200)

    def roll_up():
        while not stop.is_set():
            drain()

    def recount_now_and_then():
        while not stop.is_set():
            recount.rebuild()
            time.sleep(0.3)

    threads = [guarded(lambda seed=seed: write(seed)) for seed in (1, 2, 3)]
    threads += [guarded(roll_up), guarded(roll_up), guarded(recount_now_and_then)]
    for thread in threads:
        thread.start()
    time.sleep(4)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert errors == []
    settle()


def test_writer_that_commits_after_a_recount_is_counted(toy_committed, settle):
    written, may_commit = threading.Event(), threading.Event()

    def write():
        try:
            with transaction.atomic():
                make.problem(toy_committed, toy_committed.firms[0], "2022-01-05")
                written.set()
                may_commit.wait(20)
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(20)
    recount.rebuild()
    may_commit.set()
    writer.join()
    assert Marker.objects.exists()
    assert check.compare().differences
    settle()


def test_only_one_waits_for_its_turn(toy_committed):
    make.problem(toy_committed, toy_committed.firms[0], "2022-01-05")
    done = []

    def wait_in_line():
        try:
            done.append(drain_unless_awaited(patience=20))
        finally:
            connections.close_all()

    def somebody_waits():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM pg_locks WHERE {ADVISORY_HERE} AND NOT granted")
            return cursor.fetchone()[0] > 0

    with counting_lock():
        first = threading.Thread(target=wait_in_line)
        first.start()
        wait_for(somebody_waits)
        second = threading.Thread(target=wait_in_line)
        second.start()
        second.join(10)
        assert done == [None]
    first.join(20)
    assert len(done) == 2 and done[1] > 0
    assert not Marker.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM pg_locks WHERE {ADVISORY_HERE}")
        assert cursor.fetchone()[0] == 0


def test_patience_has_an_end(toy_committed):
    make.problem(toy_committed, toy_committed.firms[0], "2022-01-05")
    outcome = []

    def try_it():
        try:
            drain(patience=0.2)
        except Busy:
            outcome.append("busy")
        finally:
            connections.close_all()

    with counting_lock():
        other = threading.Thread(target=try_it)
        other.start()
        other.join(10)
    assert outcome == ["busy"]
    assert Marker.objects.exists()


def test_old_worker_leaves_the_markers_to_the_new(toy_committed, settle):
    make.problem(toy_committed, toy_committed.firms[0], "2022-01-05")
    Progress.objects.update(declared="of a newer version")
    assert drain() == 0
    assert Marker.objects.exists()
    recount.rebuild()
    settle()


@pytest.mark.parametrize("rolled_back", [True, False])
def test_marker_lives_and_dies_with_the_change(toy_committed, rolled_back):
    with transaction.atomic():
        make.problem(toy_committed, toy_committed.firms[0], "2022-01-05")
        assert Marker.objects.exists()
        transaction.set_rollback(rolled_back)
    assert Marker.objects.exists() != rolled_back
