"""The pages: asking, waiting, reading, downloading; by whom, and what a stranger gets."""

import datetime as dt
import io
import re
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from django.db import transaction
from django.urls import reverse
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from audit.models import Event
from core import clock
from core.periods import Month
from indicators import scopes
from reports import lifecycle, making, store, tasks
from reports.enums import ReportState
from reports.models import Report

pytestmark = pytest.mark.django_db
LIST = "/reports/"


@pytest.fixture(autouse=True)
def _place(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(tasks, "wake", lambda report_id: None)


@pytest.fixture
def queued(world):
    scope = scopes.parse("region:990100")
    return lifecycle.request_report(scope, Month(2026, 10), by=world.actor("county_officer"))[0]


@pytest.fixture
def made(queued, quick_content):
    making.make(queued.pk)
    queued.refresh_from_db()
    return queued


def test_an_empty_list_says_what_to_do(client_of):
    page = client_of("county_officer").get(LIST).content.decode()
    assert "还没有月报" in page and "生成月报" in page
    assert 'value="region:990100"' in page
    assert "990200" not in page


def test_a_reader_sees_no_form(client_of):
    page = client_of("leader").get(LIST).content.decode()
    assert "reports/new/" not in page
    assert "不能生成月报" in page


def test_a_secretary_is_offered_the_own_committee_only(client_of, world):
    page = client_of("chain_secretary").get(LIST).content.decode()
    own, other = world.own.committees
    assert f'value="committee:{own.pk}"' in page
    assert f"committee:{other.pk}" not in page and "region:" not in page


def test_asking_queues_it_and_wakes_a_worker_after_the_commit(
    client_of, monkeypatch, django_capture_on_commit_callbacks
):
    woken = []
    monkeypatch.setattr(tasks, "wake", woken.append)
    client = client_of("county_officer")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("reports:create"), {"scope": "region:990100", "month": "2026-10"})
    report = Report.objects.get()
    assert (report.state, report.edition, str(report.month)) == (ReportState.QUEUED, 1, "2026-10-01")
    assert answer.headers["Location"] == report.get_absolute_url()
    assert woken == [report.pk]
    page = client.get(report.get_absolute_url()).content.decode()
    assert "<progress" in page and f"/reports/{report.pk}/progress/" in page and "刷新看进度" in page
    for waited, delay in ((0, 1), (15, 2), (90, 5)):
        Report.objects.update(queued_at=clock.now() - dt.timedelta(seconds=waited))
        assert f"load delay:{delay}s" in client.get(f"/reports/{report.pk}/progress/").content.decode()


@pytest.mark.parametrize(
    "away", [ConnectionError("no broker"), OperationalError("no broker"), RedisConnectionError("no broker")]
)
def test_the_broker_away_is_no_error_and_the_page_says_that_it_waits(client_of, monkeypatch, queued, world, away):
    monkeypatch.undo()

    def refuse(*args, **kwargs):
        raise away

    monkeypatch.setattr(tasks.make_report, "delay", refuse)
    tasks.wake(queued.pk)
    Report.objects.update(queued_at=queued.queued_at - lifecycle.WAKE_AGAIN)
    page = client_of("county_officer").get(queued.get_absolute_url()).content.decode()
    assert "申请已保存" in page


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"scope": "region:990200", "month": "2026-10"},
        {"scope": "region:990100", "month": "2026-13"},
        {"scope": "region:990100\x00", "month": "2026-10"},
        {"scope": "x" * 10_000, "month": "9" * 10_000},
        {"scope": "enterprise:1", "month": "2026-10"},
        {"scope": "committee:99999999999999999999", "month": "2999-01"},
    ],
)
def test_bad_input_is_told_by_the_field_and_makes_nothing(client_of, data):
    answer = client_of("county_officer").post(reverse("reports:create"), data)
    assert answer.status_code == 200
    assert "invalid" in answer.content.decode()
    assert not Report.objects.exists()


def test_who_may_only_read_cannot_ask_by_hand(client_of):
    answer = client_of("leader").post(reverse("reports:create"), {"scope": "region:990100", "month": "2026-10"})
    assert answer.status_code == 200
    assert not Report.objects.exists()


def test_progress_is_polled_and_ends_with_the_whole_page(client_of, queued, quick_content):
    client = client_of("county_officer")
    address = reverse("reports:progress", args=[queued.pk])
    waiting = client.get(address, headers={"HX-Request": "true"})
    assert "hx-get" in waiting.content.decode() and "HX-Refresh" not in waiting.headers
    making.make(queued.pk)
    done = client.get(address, headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    assert "hx-get" not in done.content.decode()


def test_the_report_is_read_on_the_screen_and_every_figure_opens(client_of, made):
    page = client_of("county_officer").get(made.get_absolute_url()).content.decode()
    assert "一、总体情况" in page and "中共云岭县委组织部" in page and "2026年11月5日" in page
    links = re.findall(r'href="([^"]*indicator=problems_raised[^"]*)"', page)
    assert links and "scope=region%3A990100" in links[0] and "from=2026-10" in links[0]
    assert "=1+1" in page


def test_downloads_are_attachments_with_their_chinese_names_and_are_in_the_trail(client_of, made):
    client = client_of("county_officer")
    word = client.get(reverse("reports:download", args=[made.pk, "word"]))
    raw = b"".join(word.streaming_content)
    assert word.headers["Content-Disposition"].startswith("attachment; ")
    name = unquote(word.headers["Content-Disposition"].partition("UTF-8''")[2])
    assert name == "云岭县关于2026年10月工作情况的通报（第1版）.docx"
    assert "收集23件，按期率92.6%。" in [p.text for p in docx.Document(io.BytesIO(raw)).paragraphs]
    excel = client.get(reverse("reports:download", args=[made.pk, "excel"]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(excel.streaming_content)))
    assert book["主要指标"].cell(5, 3).value == 23
    downloads = Event.objects.filter(verb="report.downloaded")
    assert [event.data["file"] for event in downloads.order_by("id")] == [name, name.replace("docx", "xlsx")]


def test_a_file_lost_or_altered_on_the_disk_is_made_again_the_same(client_of, made):
    file = made.files.get(kind="word")
    path = store.path_of(file.storage_name)
    before = path.read_bytes()
    address = reverse("reports:download", args=[made.pk, "word"])
    for damage in (path.unlink, lambda: path.write_bytes(b"something else")):
        damage()
        assert client_of("county_officer").get(address).content == before


@pytest.mark.parametrize(
    "person", ["stranger_officer", "branch_secretary", "team_member", "auditor", "chain_secretary"]
)
def test_out_of_scope_is_as_if_it_were_not_there(client_of, made, person):
    client = client_of(person)
    # An auditor is turned away at the gate of the three powers, before anything is looked up.
    answer = 403 if person == "auditor" else 404
    for name, arguments in (
        ("reports:detail", [made.pk]),
        ("reports:progress", [made.pk]),
        ("reports:download", [made.pk, "word"]),
    ):
        assert client.get(reverse(name, args=arguments)).status_code == answer
    assert client.post(reverse("reports:retry", args=[made.pk])).status_code == answer


def test_nothing_can_be_fetched_before_it_is_finished_nor_by_another_kind(client_of, queued, made):
    client = client_of("county_officer")
    assert client.get(reverse("reports:download", args=[made.pk, "pdf"])).status_code == 404
    Report.objects.filter(pk=made.pk).update(state=ReportState.RUNNING)
    assert client.get(reverse("reports:download", args=[made.pk, "word"])).status_code == 404


def test_a_right_withdrawn_closes_the_download_at_once(client_of, made, world):
    client = client_of("county_officer")
    world.people["county_officer"].posts.all().update(ended_on="2024-06-01")
    assert client.get(reverse("reports:download", args=[made.pk, "word"])).status_code == 403


def test_a_failed_report_says_why_and_offers_to_try_again(client_of, queued, quick_content):
    with transaction.atomic():
        lifecycle.take(queued.pk)
    Report.objects.filter(pk=queued.pk).update(
        state=ReportState.FAILED, error="生成过程中出错。", lease=None, lease_until=None
    )
    client = client_of("county_officer")
    page = client.get(queued.get_absolute_url()).content.decode()
    assert "生成过程中出错。" in page and "重新生成" in page
    client.post(reverse("reports:retry", args=[queued.pk]))
    queued.refresh_from_db()
    assert queued.state == ReportState.QUEUED


def test_reading_writes_nothing_but_the_trail(client_of, made):
    client = client_of("county_officer")
    before = list(Report.objects.values())
    for address in (LIST, made.get_absolute_url(), reverse("reports:progress", args=[made.pk])):
        client.get(address)
    client.get(f"{LIST}?before=abc"), client.get(f"{LIST}?before={'9' * 50}")
    assert list(Report.objects.values()) == before


@pytest.mark.parametrize("rows", [3, 12])
def test_the_list_costs_the_same_whatever_its_length(client_of, world, django_assert_max_num_queries, rows):
    officer = world.actor("county_officer")
    for back in range(rows):
        lifecycle.request_report(scopes.parse("region:990100"), Month(2026, 10) - back, by=officer)
    client = client_of("county_officer")
    with django_assert_max_num_queries(16):
        client.get(LIST)
