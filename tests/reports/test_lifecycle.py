"""A report's way through the queue: leases, lost workers, three attempts, rights checked when it is made."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from audit.models import Event
from core import clock
from core.periods import Month
from core.transitions import Refused
from exchange import official
from indicators import scopes
from reports import lifecycle, making, store, tasks, workbook
from reports.enums import FileKind, ReportState
from reports.models import Report, ReportFile

MONTH = Month(2026, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _place(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(tasks, "wake", lambda report_id: None)


@pytest.fixture
def scope(world):
    return scopes.parse("region:990100")


@pytest.fixture
def report(world, scope):
    return lifecycle.request_report(scope, MONTH, by=world.actor("county_officer"))[0]


def make_and_read(report):
    making.make(report.pk)
    report.refresh_from_db()
    return report


def test_a_report_is_made_with_both_files(report, quick_content):
    made = make_and_read(report)
    assert (made.state, made.progress, made.attempts) == (ReportState.DONE, 100, 1)
    assert made.title == "云岭县关于2026年10月工作情况的通报"
    assert made.lease is None and made.finished_at and made.as_of
    files = {file.kind: file for file in made.files.all()}
    assert set(files) == {FileKind.WORD, FileKind.EXCEL}
    for file in files.values():
        content = store.path_of(file.storage_name).read_bytes()
        assert len(content) == file.size
        assert "云岭" not in file.storage_name and file.name.startswith("云岭县关于2026年10月")
    assert [event.verb for event in Event.objects.of(made)] == ["report.requested", "report.made"]


def test_asking_twice_finds_the_one_in_the_making_and_later_makes_the_next_edition(report, world, scope, quick_content):
    officer = world.actor("county_officer")
    assert lifecycle.request_report(scope, MONTH, by=officer) == (report, False)
    make_and_read(report)
    again, new = lifecycle.request_report(scope, MONTH, by=officer)
    assert (again.edition, new) == (2, True)


def test_the_database_allows_one_in_the_making_and_one_of_each_edition(report):
    for edition in (report.edition, report.edition + 1):
        copy = Report.objects.get(pk=report.pk)
        copy.pk, copy.edition, copy.storage_token = None, edition, "00000000-0000-4000-8000-000000000001"
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save(force_insert=True)


@pytest.mark.parametrize(
    "person", ["leader", "chain_secretary", "team_member", "branch_secretary", "auditor", "stranger_officer"]
)
def test_others_may_not_make_the_countys_report(world, scope, person):
    with pytest.raises(Refused):
        lifecycle.request_report(scope, MONTH, by=world.actor(person))


def test_a_secretary_makes_the_own_committees_report_and_no_other(world):
    own, other = world.own.committees
    actor = world.actor("chain_secretary")
    made, _new = lifecycle.request_report(scopes.parse(f"committee:{own.pk}"), MONTH, by=actor)
    assert (made.committee, made.region, made.scope_name) == (own, world.own.region, own.name)
    with pytest.raises(Refused):
        lifecycle.request_report(scopes.parse(f"committee:{other.pk}"), MONTH, by=actor)


def test_a_month_to_come_is_refused(world, scope):
    with pytest.raises(Refused, match="尚未到来"):
        lifecycle.request_report(scope, Month.of(clock.today()) + 1, by=world.actor("county_officer"))


def test_a_right_withdrawn_while_it_waits_ends_it_with_the_reason(report, world, quick_content):
    world.people["county_officer"].posts.update(ended_on=dt.date(2024, 6, 1))
    made = make_and_read(report)
    assert (made.state, quick_content) == (ReportState.FAILED, [])
    assert "管辖" in made.error
    assert not made.files.exists()


def test_running_it_twice_makes_it_once(report, quick_content):
    make_and_read(report)
    before = list(ReportFile.objects.values())
    making.make(report.pk)
    assert list(ReportFile.objects.values()) == before
    assert len(quick_content) == 1


def test_a_second_worker_leaves_a_report_alone_while_the_lease_holds(report, quick_content):
    assert lifecycle.take(report.pk) is not None
    assert lifecycle.take(report.pk) is None
    making.make(report.pk)
    assert quick_content == []


STEPS = ["figures kept", "word written", "word entered", "excel written", "excel entered", "before the last commit"]


class Killed(BaseException):
    """As SIGKILL: nothing of the process runs after it."""


def _kill_at(monkeypatch, place):
    def die(*args, **kwargs):
        raise Killed

    def after(target, name, count=1):
        real, left = getattr(target, name), [count]

        def wrapped(*args, **kwargs):
            result = real(*args, **kwargs)
            left[0] -= 1
            if not left[0]:
                raise Killed
            return result

        monkeypatch.setattr(target, name, wrapped)

    {
        "figures kept": lambda: monkeypatch.setattr(official, "render", die),
        "word written": lambda: after(store, "put", 1),
        "word entered": lambda: monkeypatch.setattr(workbook, "render", die),
        "excel written": lambda: after(store, "put", 2),
        "excel entered": lambda: after(lifecycle, "add_file", 2),
        "before the last commit": lambda: monkeypatch.setattr(lifecycle, "finish", die),
    }[place]()


@pytest.mark.parametrize("place", STEPS)
def test_killed_at_any_step_it_is_made_whole_by_the_next_worker(report, quick_content, place, world):
    with pytest.MonkeyPatch.context() as patch:
        _kill_at(patch, place)
        with pytest.raises(Killed):
            making.make(report.pk)
    report.refresh_from_db()
    assert report.state == ReportState.RUNNING
    assert not ReportFile.objects.visible_to(world.actor("county_officer")).exists()  # no half report can be fetched
    assert lifecycle.take(report.pk) is None  # the lease of the dead worker still holds
    with time_machine.travel(clock.now() + lifecycle.LEASE + dt.timedelta(seconds=1), tick=True):
        assert lifecycle.sweep() == 1
        made = make_and_read(report)
    assert (made.state, made.attempts) == (ReportState.DONE, 2)
    assert len(quick_content) == 1  # the figures of the first attempt: the report is of one moment
    folder = store.path_of(made.files.first().storage_name).parent
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        file.storage_name.rpartition("/")[2] for file in made.files.all()
    )


def test_a_worker_that_lost_its_lease_can_no_longer_write(report):
    slow = lifecycle.take(report.pk)
    with time_machine.travel(clock.now() + lifecycle.LEASE + dt.timedelta(seconds=1), tick=True):
        quick = lifecycle.take(report.pk)
        assert quick is not None
        with pytest.raises(lifecycle.LostLease):
            lifecycle.advance(slow, 50, "")
        lifecycle.attempt_failed(slow, "不应写入")
        lifecycle.advance(quick, 50, "继续")
    report.refresh_from_db()
    assert (report.progress, report.error) == (50, "")


def test_the_third_failure_parks_it_with_a_sentence_and_it_can_be_tried_again(
    report, world, quick_content, monkeypatch
):
    def fail(document):
        raise RuntimeError("disk full: /secret/path")

    with monkeypatch.context() as patch:
        patch.setattr(official, "render", fail)
        for attempt in (1, 2, 3):
            assert make_and_read(report).attempts == attempt
    assert report.state == ReportState.FAILED
    assert report.error.endswith("。") and "secret" not in report.error
    making.make(report.pk)
    report.refresh_from_db()
    assert report.attempts == 3  # parked: nobody takes it by himself
    lifecycle.retry(report, by=world.actor("county_officer"))
    assert make_and_read(report).state == ReportState.DONE


def test_a_worker_killed_three_times_parks_it(report):
    moment = clock.now()
    for _attempt in range(3):
        with time_machine.travel(moment, tick=True):
            assert lifecycle.take(report.pk) is not None
        moment += lifecycle.LEASE + dt.timedelta(seconds=1)
        with time_machine.travel(moment, tick=True):
            lifecycle.sweep()
    report.refresh_from_db()
    assert report.state == ReportState.FAILED
    assert "三次" in report.error
    assert Event.objects.of(report).last().verb == "report.failed"


def test_the_sweep_wakes_what_waits_and_nothing_else(report):
    assert lifecycle.sweep() == 0  # asked for a moment ago: its own message is on its way
    with time_machine.travel(clock.now() + lifecycle.WAKE_AGAIN + dt.timedelta(seconds=1), tick=True):
        assert lifecycle.sweep() == 1
        assert lifecycle.sweep() == 0  # and not again right away


def test_only_a_failed_report_is_tried_again(report, world):
    with pytest.raises(Refused):
        lifecycle.retry(report, by=world.actor("county_officer"))


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("county_officer", 2),
        ("leader", 2),
        ("chain_secretary", 1),
        ("team_member", 0),
        ("department_officer", 0),
        ("branch_secretary", 0),
        ("auditor", 0),
        ("system_admin", 0),
        ("stranger_officer", 0),
        ("stranger_secretary", 0),
    ],
)
def test_who_sees_which_reports(report, world, person, sees):
    committee = scopes.parse(f"committee:{world.own.committees[0].pk}")
    lifecycle.request_report(committee, MONTH, by=world.actor("county_officer"))
    assert Report.objects.visible_to(world.actor(person)).count() == sees


def test_every_event_of_a_report_has_its_sentence(report, world, quick_content):
    from audit import sentences

    make_and_read(report)
    said = [sentences.sentence(event) for event in Event.objects.of(report)]
    assert said[0] == "申请生成2026-10月报（第1版）"
    assert said[1].startswith("月报已生成，数据截至2026-11-05")
    assert {"report.failed", "report.retried", "report.downloaded"} <= set(sentences.verbs())
