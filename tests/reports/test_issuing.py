"""From draft to issued: text edited around bound figures, figures checked, frozen, replaced, withdrawn, verified."""

import dataclasses

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import Event
from core.periods import Month
from core.transitions import Conflict, Refused
from exchange.structure import Heading, Paragraph
from indicators import scopes
from reports import changes, content, editing, files, issuing, lifecycle, making, store, tasks
from reports.enums import FileKind, ReportState
from reports.models import Report, ReportFile, ReportPractice
from tests.reports.conftest import document, figure

pytestmark = pytest.mark.django_db
MONTH = Month(2026, 10)


@pytest.fixture(autouse=True)
def _place(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(tasks, "wake", lambda report_id: None)


@pytest.fixture
def officer(world):
    return world.actor("county_officer")


@pytest.fixture
def draft(officer, quick_content):
    return made(officer)


def made(officer, month=MONTH):
    report = lifecycle.request_report(scopes.parse("region:990100"), month, by=officer)[0]
    making.make(report.pk)
    report.refresh_from_db()
    return report


def later(monkeypatch, raised=25):
    """The engine tells another figure from now on."""
    new = figure("problems_raised", raised)

    def build(*args, **kwargs):
        blocks = (Heading(1, "总体情况", "general"), Paragraph(("收集", new, "件，按期率", _rate(), "%。")))
        return document(blocks=(*blocks, document().blocks[2]))

    monkeypatch.setattr(content, "build", build)


def _rate():
    return figure("on_time_rate", 92.592, "%", "92.6")


def test_a_bound_figure_is_moved_or_removed_but_never_typed_over(draft, officer):
    place = editing.places(issuing.as_made(draft), issuing.current(draft))[0]
    assert place.text == "收集{1:23}件，按期率{2:92.6}%。"
    for text, told in (("收集{1:24}件。", "不能改写"), ("收集{9:23}件。", "没有编号为9"), ("收集{1:23件。", "花括号")):
        with pytest.raises(ValidationError, match=told):
            issuing.save_text(draft, {1: text}, by=officer, version=0)
    saved = issuing.save_text(draft, {1: "按期率{2:92.6}%。\n收集情况平稳。"}, by=officer, version=0)
    blocks = issuing.current(saved).blocks
    assert [one.text for one in blocks if isinstance(one, Paragraph)] == ["按期率92.6%。", "收集情况平稳。"]
    back = issuing.save_text(saved, {2: "收集{1:23}件。"}, by=officer, version=1)
    assert issuing.current(back).blocks[2].parts[1].code == "problems_raised"
    with pytest.raises(Conflict):
        issuing.save_text(draft, {1: "旧页"}, by=officer, version=0)
    restored = issuing.restore(back, by=officer, version=2)
    assert issuing.current(restored) == document() and restored.made is None


def test_a_bare_number_is_told_and_confirmed_as_typed_by_hand(draft, officer):
    text = "收集{1:23}件，其中三件、约１２家由一名干部办理。"
    with pytest.raises(ValidationError) as told:
        issuing.save_text(draft, {1: text}, by=officer, version=0)
    assert [error.code for error in told.value.error_dict["confirmed"]] == ["bare"]
    assert (
        "三件" in str(told.value) and "１２家" in str(told.value) and "一名" not in str(told.value).split("；")[0][:2]
    )
    saved = issuing.save_text(draft, {1: text}, by=officer, version=0, confirmed=True)
    assert len(issuing.current(saved).meta[editing.TYPED]) == 2
    again = issuing.save_text(saved, {1: text + "继续努力。"}, by=officer, version=1)
    gone = issuing.save_text(again, {1: "收集{1:23}件。"}, by=officer, version=2)
    assert issuing.current(gone).meta[editing.TYPED] == ()


def test_the_files_of_a_changed_draft_are_made_from_its_text(
    draft, officer, client_of, django_capture_on_commit_callbacks
):
    path = store.path_of(draft.files.get(kind=FileKind.WORD).storage_name)
    with django_capture_on_commit_callbacks(execute=True):
        issuing.save_text(draft, {1: "收集{1:23}件，形势平稳。"}, by=officer, version=0)
    assert not draft.files.exists() and not path.exists()
    answer = client_of("leader").get(reverse("reports:download", args=[draft.pk, "word"]))
    draft.refresh_from_db()
    assert answer.content == files.render(issuing.current(draft), FileKind.WORD)


def test_new_figures_are_listed_and_taken_and_typed_words_stay(draft, officer, monkeypatch):
    saved = issuing.save_text(draft, {1: "全县收集{1:23}件，形势平稳。"}, by=officer, version=0)
    later(monkeypatch)
    differing = changes.differing(issuing.current(saved), issuing.fresh(saved, officer))
    assert [(one.old, one.new, one.change) for one in differing] == [("23件", "25件", "+2件")]
    with pytest.raises(Refused) as refused:
        issuing.issue(saved, by=officer, version=1)
    assert refused.value.refusal.code == "differs"
    taken = issuing.take_new(saved, by=officer, version=1)
    assert issuing.current(taken).blocks[1].text == "全县收集25件，形势平稳。"
    assert issuing.issue(taken, by=officer, version=2).state == ReportState.ISSUED


def test_issuing_freezes_and_the_database_keeps_it(draft, officer, world):
    ReportPractice.objects.create(region=world.own.region, numbered=True)
    issued = issuing.issue(draft, by=officer, version=0)
    assert issued.number == "云岭县联盟通报〔2026〕1号" or issued.number.endswith("〕1号")
    assert issuing.current(issued).number == issued.number
    result = issuing.verify(Report.objects.get(pk=issued.pk), officer)
    assert result["fingerprint"] and [how for _file, how in result["files"]] == ["same", "same"]
    for change in (
        lambda: Report.objects.filter(pk=issued.pk).update(snapshot={}),
        lambda: ReportFile.objects.filter(report=issued).update(sha256="0" * 64),
        lambda: ReportFile.objects.filter(report=issued).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(Refused):
        issuing.save_text(issued, {1: "改"}, by=officer, version=1)
    assert "report.issued" in [event.verb for event in Event.objects.of(issued)]


def test_a_corrected_edition_replaces_and_withdrawing_says_why(draft, officer, world, monkeypatch):
    first = issuing.issue(draft, by=officer, version=0)
    second = made(officer)
    issuing.issue(second, by=officer, version=0)
    first.refresh_from_db()
    assert (first.state, first.superseded_by_id) == (ReportState.SUPERSEDED, second.pk)
    second.refresh_from_db()
    with pytest.raises(ValidationError):
        issuing.withdraw(second, by=officer, version=1, reason=" ")
    with pytest.raises(Refused):
        issuing.withdraw(second, by=world.actor("leader"), version=1, reason="数据有误")
    assert issuing.withdraw(second, by=officer, version=1, reason="数据有误").state == ReportState.WITHDRAWN


def test_an_altered_file_of_an_issued_report_is_healed_or_kept_back(draft, officer, client_of, monkeypatch):
    issued = issuing.issue(draft, by=officer, version=0)
    file = issued.files.get(kind=FileKind.WORD)
    path = store.path_of(file.storage_name)
    whole = path.read_bytes()
    path.write_bytes(b"altered")
    client, address = client_of("leader"), reverse("reports:download", args=[issued.pk, "word"])
    assert client.get(address).content == whole
    assert {one.kind: how for one, how in issuing.verify(issued, officer)["files"]}["word"] == "healed"
    monkeypatch.setattr(files, "render", lambda document, kind: b"another version")
    assert client.get(address).status_code == 302
    assert {one.kind: how for one, how in issuing.verify(issued, officer)["files"]}["word"] == "lost"
    page = client_of("county_officer").get(reverse("reports:verify", args=[issued.pk])).content.decode()
    assert "请从备份中恢复" in page and issued.fingerprint in page


def test_what_is_new_since_last_month():
    before = document()
    rate = dataclasses.replace(_rate(), value=94.0, text="94.0")
    now = document(blocks=(before.blocks[0], Paragraph(("按期率", rate, "%。形势向好。"))))
    told = changes.between(before, now, months=True)
    assert (told.figures[0].name, told.figures[0].change) == ("on_time_rate", "+1.4个百分点")
    assert [sentence for _heading, sentence in told.added][-1] == "形势向好。"


def test_the_pages_from_text_to_issue(draft, client_of, monkeypatch):
    client = client_of("county_officer")
    edit = reverse("reports:edit", args=[draft.pk])
    page = client.get(edit).content.decode()
    assert "{1:23}" in page and "problems_raised · 2026-10-01—2026-10-31" in page
    bare = client.post(edit, {"version": 0, "p1": "收集{1:23}件，新增88家。"}).content.decode()
    assert "没有绑定指标" in bare and "新增88家" in bare and 'name="confirmed"' in bare
    wrong = client.post(edit, {"version": 0, "p1": "收集{1:99}件。"}).content.decode()
    assert "不能改写" in wrong and "{1:99}" in wrong
    answer = client.post(edit, {"version": 0, "p1": "收集{1:23}件，新增88家。", "confirmed": "on"}, follow=True)
    assert "与现在的数一致" in answer.content.decode()
    stale = client.post(edit, {"version": 0, "p1": "别人的旧页", "p7": "没有了的一段"}).content.decode()
    assert "刚被他人改动" in stale and "别人的旧页" in stale and "没有了的一段" in stale
    later(monkeypatch)
    issue = reverse("reports:issue", args=[draft.pk])
    page = client.get(issue).content.decode()
    assert "25件" in page and "尚未封账" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert client.post(issue, {"version": 1, "seen": seen}).headers["Location"] == issue
    client.post(issue, {"version": 1, "seen": seen, "keep": "on"})
    draft.refresh_from_db()
    assert draft.state == ReportState.ISSUED
    shown = client.get(draft.get_absolute_url()).content.decode()
    assert "手工填写的数字" in shown and draft.fingerprint[:8] in shown
    assert client.get(reverse("reports:withdraw", args=[draft.pk])).status_code == 200
