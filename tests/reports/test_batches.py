"""Many reports in one go: one bar, one failure stops nothing, resumed after a kill, one zip; by the calendar."""

import datetime as dt
import io
import random
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core.periods import Month
from core.transitions import Refused
from exchange.structure import to_json
from indicators import scopes
from reports import batches, content, files, issuing, lifecycle, making, store, tasks
from reports.enums import BatchKind, FileKind, ReportState
from reports.models import BatchItem, Report, ReportBatch, ReportFile, ReportPractice
from tests.reports.conftest import document

pytestmark = pytest.mark.django_db
MONTH = Month(2026, 10)


@pytest.fixture(autouse=True)
def _place(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(tasks, "wake", lambda report_id: None)


@pytest.fixture
def officer(world):
    return world.actor("county_officer")


def make_all(batch):
    for item in batch.items.exclude(report=None):
        making.make(item.report_id)


def failing_for(monkeypatch, key):
    def build(scope, *args, **kwargs):
        if scope.key == key:
            raise RuntimeError("no figures")
        return document()

    monkeypatch.setattr(content, "build", build)


def test_a_batch_is_made_and_one_failure_stops_nothing(world, officer, client_of, monkeypatch):
    client, region = client_of("county_officer"), world.own.region
    answer = client.post(reverse("reports:batch_create"), {"what": f"{region.pk}:chains", "batch_month": "2026-10"})
    batch = ReportBatch.objects.get()
    assert answer.headers["Location"] == batch.get_absolute_url()
    keys = [item.scope_key for item in batch.items.all()]
    assert keys == [f"chain:{chain.pk}" for chain in world.own.chains]
    failing_for(monkeypatch, keys[0])
    page = client.get(reverse("reports:batch_progress", args=[batch.pk]))
    assert "<progress" in page.content.decode() and "HX-Refresh" not in page
    for _attempt in range(3):
        make_all(batch)
    told = batches.progress(list(batch.items.select_related("report")))
    assert (told["percent"], told["done"], told["failed"], told["running"]) == (100, 1, 1, 0)
    assert "HX-Refresh" in client.get(reverse("reports:batch_progress", args=[batch.pk]))
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "生成过程中出错" in page and "重新生成" in page
    archive = client.get(reverse("reports:batch_zip", args=[batch.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(archive.streaming_content))) as found:
        assert found.testzip() is None and len(found.namelist()) == 3
        assert all(entry.flag_bits & 0x800 for entry in found.infolist())
        word = next(name for name in found.namelist() if name.endswith("docx"))
        assert "云岭县" in word and found.read(word) == files.render(document(), FileKind.WORD)
        assert world.own.chains[0].name in found.read("未收入的月报.txt").decode("utf-8-sig")
    with pytest.raises(Refused):
        batches.request_batch(world.other.region, BatchKind.CHAINS, MONTH, by=officer)
    assert client_of("stranger_officer").get(batch.get_absolute_url()).status_code == 404


def test_drafts_of_last_month_are_made_once_on_the_first_working_day(world, quick_content):
    ReportPractice.objects.create(region=world.other.region, monthly_draft=False)
    ReportPractice.objects.create(region=world.own.region, committee_drafts=True)
    # 1 November 2026 is a Sunday.
    assert batches.draft_last_month(dt.date(2026, 11, 1)) == 0
    assert batches.draft_last_month(dt.date(2026, 11, 2)) == 2
    assert batches.draft_last_month(dt.date(2026, 11, 2)) == 0
    assert batches.draft_last_month(dt.date(2026, 12, 20)) == 0
    assert {(one.region_id, one.kind) for one in ReportBatch.objects.all()} == {
        (world.own.region.pk, "own"),
        (world.own.region.pk, "committees"),
    }
    own = ReportBatch.objects.get(kind="own")
    make_all(own)
    report = own.items.get().report
    assert (report.state, report.month, report.requested_by) == (ReportState.DONE, dt.date(2026, 10, 1), None)
    assert "系统" in str(report.asked_by)


def test_the_practice_of_a_county_is_its_officers(world, client_of):
    client, address = client_of("county_officer"), reverse("reports:practice")
    assert "每月自动起草" in client.get(address).content.decode()
    client.post(address, {"region": world.own.region.pk, "numbered": "on"})
    row = ReportPractice.objects.get()
    assert (row.region_id, row.numbered, row.monthly_draft) == (world.own.region.pk, True, False)
    client.post(address, {"region": world.other.region.pk, "numbered": "on"})
    assert ReportPractice.objects.count() == 1


def is_whole(file):
    stored = files.opened(file)
    if stored is None:
        return False
    stored.close()
    return True


class Killed(BaseException):
    """The worker is gone: nothing in the product catches it."""


# What the worker does, in order; it is stopped before or after one of them.
STEPS = ((lifecycle, "advance"), (lifecycle, "add_file"), (lifecycle, "finish"), (store, "put"), (files, "render"))


def test_a_worker_killed_at_ten_random_points_of_a_report_and_of_a_batch(world, officer, quick_content, monkeypatch):
    """Nothing half-written can be downloaded, and the next worker makes one whole result."""
    seed = 20261128
    print(f"seed {seed}")
    chosen = random.Random(seed)
    batch = batches.request_batch(world.own.region, BatchKind.COMMITTEES, MONTH, by=officer)
    single = lifecycle.request_report(scopes.parse("region:990100"), MONTH, by=officer)[0]
    reports = [item.report_id for item in batch.items.all()] + [single.pk]
    for _point in range(10):
        pk = chosen.choice(reports)
        Report.objects.filter(pk=pk).exclude(state=ReportState.DONE).update(attempts=0)
        step = chosen.choice(STEPS)
        is_last = step[1] == "finish"
        nth, before = (1, True) if is_last else (chosen.randint(1, 2), chosen.random() < 0.5)
        _kill_at(monkeypatch, step, nth, before, pk)
        for report in Report.objects.exclude(state=ReportState.DONE):
            assert not ReportFile.objects.visible_to(officer).filter(report=report).exists()
        for file in ReportFile.objects.visible_to(officer):
            assert is_whole(file)
    Report.objects.exclude(state=ReportState.DONE).update(attempts=0, lease_until=None)
    for pk in reports:
        making.make(pk)
    assert set(Report.objects.values_list("state", flat=True)) == {ReportState.DONE}
    assert Report.objects.count() == len(reports) and BatchItem.objects.count() == len(reports) - 1
    for report in Report.objects.all():
        assert report.snapshot == to_json(document()) or issuing.current(report) == document()
        assert {file.kind: file.sha256 for file in report.files.all()}.keys() == set(FileKind.values)
        assert all(files.is_same(file, files.render(document(), file.kind)) for file in report.files.all())


def _kill_at(monkeypatch, step, nth, before, pk):
    """Let a worker on report `pk` and kill it at the nth call of a step, before it or after it."""
    module, name = step
    real, calls = getattr(module, name), []

    def stopping(*args, **kwargs):
        calls.append(name)
        if len(calls) == nth and before:
            raise Killed
        result = real(*args, **kwargs)
        if len(calls) == nth:
            raise Killed
        return result

    Report.objects.filter(pk=pk).update(lease_until=None)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(module, name, stopping)
        making.make(pk)


def test_a_killed_issue_leaves_the_draft(world, officer, quick_content, monkeypatch):
    report = lifecycle.request_report(scopes.parse("region:990100"), MONTH, by=officer)[0]
    making.make(report.pk)
    report.refresh_from_db()
    for step, nth, before in (((store, "put"), 1, False), ((store, "put"), 2, True), ((files, "render"), 2, False)):
        module, name = step
        real, calls = getattr(module, name), []

        def stopping(*args, real=real, calls=calls, nth=nth, before=before):
            calls.append(1)
            if len(calls) == nth and before:
                raise Killed
            result = real(*args)
            if len(calls) == nth:
                raise Killed
            return result

        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(module, name, stopping)
            issuing.issue(report, by=officer, version=0)
        report.refresh_from_db()
        assert report.state == ReportState.DONE and not report.fingerprint
        assert all(is_whole(file) for file in report.files.all())
    assert issuing.issue(report, by=officer, version=0).state == ReportState.ISSUED
    with pytest.raises(ValidationError):
        issuing.withdraw(report, by=officer, version=1, reason="")
