"""Lists handed out: at once or by a worker, the same rows; to their owner alone, while they last and rights last."""

import csv
import datetime as dt
import io
import random

import openpyxl
import pytest
from django.db import connection
from django.urls import resolve, reverse

from audit.models import Event
from core import clock
from core.listings import Listing
from core.transitions import Refused
from exchange.enums import ExportState
from exchange.exports import doors, files, lifecycle, working
from exchange.models import Export
from tests import factories as make
from tests.access.walk import addresses
from tests.ledgers import makers as ledgers

pytestmark = pytest.mark.django_db
LIST = "/enterprises/export/?q=公司&sort=-name"


@pytest.fixture(autouse=True)
def short_lists_only(settings, tmp_path):
    settings.EXPORT_DIRECT_ROWS, settings.MEDIA_ROOT = 2, tmp_path


@pytest.fixture
def firms(world):
    for name in ("乙公司", "=1+1公司", "甲公司", "丙公司", "@丁公司"):
        make.EnterpriseFactory(region=world.own.towns[0], name=name)
    return world


def book(content):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def body_rows(rows, head="企业名称"):
    """The rows under the header, without the lines that say who exported it when."""
    return rows[next(n for n, row in enumerate(rows) if row[0] == head) :]


def asked(world, address=LIST, person="county_officer", kind="xlsx", **more):
    path, query = doors.parts_of(address)
    actor = world.actor(person)
    listing = doors.open_list(path, query, actor, reason=more.get("reason", ""))
    return lifecycle.ask(listing, path, query, by=actor, kind=kind, **more)


def worked(one):
    working.work(one.pk)
    one.refresh_from_db()
    return one


def stored(settings):
    return sorted(path.name for path in (settings.MEDIA_ROOT / files.FOLDER).iterdir())


def test_a_long_list_is_handed_to_a_worker_and_fetched_by_its_owner(firms, client_of, settings):
    client, settings.EXPORT_DIRECT_ROWS = client_of("county_officer"), 100
    direct = book(client.get(LIST).content)
    shown = client.get(LIST.replace("export/", "")).context["page"].rows
    assert [row[0] for row in body_rows(direct)[1:]] == [row.name for row in shown] and len(shown) > 5
    settings.EXPORT_DIRECT_ROWS = 2
    page = client.get(LIST)
    assert "在后台生成" in page.content.decode() and not Export.objects.exists(), "looking asks for nothing"
    client.post(reverse("exports:create"), {"address": page.context["address"], "format": "xlsx"})
    client.post(reverse("exports:create"), {"address": page.context["address"], "format": "xlsx"})
    one = Export.objects.get()
    assert "生成中" in client.get(reverse("exports:list")).content.decode()
    assert client.get(reverse("exports:download", args=[one.pk])).status_code == 403
    assert worked(one).state == ExportState.DONE and one.rows == one.total == len(body_rows(direct)) - 1
    assert client.get(reverse("exports:progress", args=[one.pk]))["HX-Refresh"] == "true"
    answer = client.get(reverse("exports:download", args=[one.pk]))
    assert body_rows(book(b"".join(answer))) == body_rows(direct)
    for person in ("leader", "chain_secretary", "auditor", "stranger_officer"):
        assert client_of(person).get(reverse("exports:download", args=[one.pk])).status_code == 404
        assert one.title not in client_of(person).get(reverse("exports:list")).content.decode()
    for verb in ("export.asked", "export.made", "export.downloaded"):
        assert Event.objects.filter(verb=verb, object_id=one.pk).exists(), verb
    assert (
        Event.objects.filter(verb="export.taken", data__count=one.rows, data__conditions__icontains="公司").count() == 2
    )


def test_csv_holds_the_same_rows_and_no_formula(firms, client_of, settings):
    client, settings.EXPORT_DIRECT_ROWS = client_of("county_officer"), 100
    wanted = body_rows(book(client.get(LIST).content))
    told = list(csv.reader(io.StringIO(client.get(f"{LIST}&as=csv").content.decode("utf-8-sig"))))
    settings.EXPORT_DIRECT_ROWS = 2
    one = worked(asked(firms, kind="csv"))
    late = list(csv.reader(io.StringIO(files.path_of(one.storage_name).read_bytes().decode("utf-8-sig"))))
    assert body_rows(late) == body_rows(told)
    assert [row[0].removeprefix("'") for row in body_rows(told)] == [row[0] for row in wanted]
    assert not [cell for row in told for cell in row if cell.startswith(("=", "+", "@"))]


def test_files_end_and_are_discarded(firms, client_of, settings, django_capture_on_commit_callbacks):
    client, one = client_of("county_officer"), worked(asked(firms))
    assert stored(settings) == [one.storage_name.rpartition("/")[2]]
    Export.objects.update(expires_at=clock.now())
    assert client.get(reverse("exports:download", args=[one.pk])).status_code == 403, "over before it is cleared away"
    with django_capture_on_commit_callbacks(execute=True):
        assert lifecycle.expire() == 1 and lifecycle.expire() == 0
    one.refresh_from_db()
    assert one.state == ExportState.EXPIRED and stored(settings) == []
    two = worked(asked(firms))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("exports:discard", args=[two.pk]))
    assert stored(settings) == [] and client.get(reverse("exports:download", args=[two.pk])).status_code == 403
    with pytest.raises(Refused):
        lifecycle.discard(two, by=firms.actor("county_officer"))


def test_rights_are_those_of_the_moment(firms, client_of):
    early, made = asked(firms), worked(asked(firms, kind="csv"))
    post = firms.people["county_officer"].posts.get()
    type(post).objects.filter(pk=post.pk).update(ended_on=clock.today() - dt.timedelta(days=1))
    assert worked(early).state == ExportState.FAILED and "权限" in early.error and not early.storage_name
    make.PostFactory(user=post.user, role="leader", region=firms.own.region)
    refused = client_of("county_officer").get(reverse("exports:download", args=[made.pk]))
    assert refused.status_code == 403 and "岗位有变化" in refused.content.decode()


def test_nobody_asks_for_what_is_no_list_of_theirs(firms, client_of):
    officer, leader = client_of("county_officer"), client_of("stranger_officer")
    ledger = ledgers.ledger(firms.own.region)
    for address in (
        "",
        "//evil.example/enterprises/export/",
        "/enterprises/",
        "/nowhere/",
        "/audit/export/",
        "x" * 9000,
    ):
        assert officer.post(reverse("exports:create"), {"address": address}).status_code in (403, 404), address
    path = reverse("ledgers:entry_export", args=[ledger.pk])
    assert leader.post(reverse("exports:create"), {"address": path}).status_code == 404
    take_out = reverse("ledgers:entry_take_out", args=[ledger.pk])
    officer.post(reverse("exports:create"), {"address": take_out})
    assert not Export.objects.exists(), "personal data need a reason, whatever way is taken"


def test_a_person_has_a_few_in_the_making(firms):
    for number in range(lifecycle.AT_ONCE):
        asked(firms, f"/enterprises/export/?q={number}")
    with pytest.raises(Refused) as refused:
        asked(firms)
    assert refused.value.refusal.code == "too_many"
    assert asked(firms, "/enterprises/export/?q=1").query == "q=1", "what already waits is not asked for twice"


class Killed(BaseException):
    """Stands for a worker that is gone between two lines."""


def _die_at(monkeypatch, point, steps):
    """Let the worker die at its `point`-th step: a statement, or a row that is written."""

    def step():
        steps.append(1)
        if len(steps) == point:
            raise Killed

    def statement(execute, *arguments):
        step()
        return execute(*arguments)

    read = Listing.read

    def rows(self):
        for row in read(self):
            step()
            yield row

    monkeypatch.setattr(Listing, "read", rows)
    return connection.execute_wrapper(statement)


def test_a_worker_killed_anywhere_leaves_nothing_half(
    firms, client_of, settings, monkeypatch, django_capture_on_commit_callbacks
):
    client, steps = client_of("county_officer"), []
    one = asked(firms)
    with monkeypatch.context() as patch, _die_at(patch, -1, steps):
        working.work(one.pk)
    one.refresh_from_db()
    wanted = body_rows(book(files.path_of(one.storage_name).read_bytes()))
    Export.objects.all().delete()
    for point in sorted(random.Random(20260401).sample(range(1, len(steps)), 10)):
        with django_capture_on_commit_callbacks(execute=True):
            one = asked(firms)
        with monkeypatch.context() as patch, _die_at(patch, point, []), pytest.raises(Killed):
            working.work(one.pk)
        one.refresh_from_db()
        assert one.state == ExportState.WAITING, point
        assert client.get(reverse("exports:download", args=[one.pk])).status_code == 403
        Export.objects.filter(pk=one.pk).update(lease_until=clock.now() - dt.timedelta(seconds=1))
        with django_capture_on_commit_callbacks(execute=True):
            assert worked(one).state == ExportState.DONE, (point, one.error)
        assert body_rows(book(files.path_of(one.storage_name).read_bytes())) == wanted, point
        assert one.storage_name.rpartition("/")[2] in stored(settings)
        assert Event.objects.filter(verb="export.made", object_id=one.pk).count() == 1
        with django_capture_on_commit_callbacks(execute=True):
            lifecycle.discard(one, by=firms.actor("county_officer"))
    print(f"killed at 10 of {len(steps)} steps")


def test_the_third_failure_parks_it_and_a_lost_message_is_told_again(firms, monkeypatch):
    one = asked(firms)
    Export.objects.update(queued_at=clock.now() - dt.timedelta(minutes=1))
    assert lifecycle.sweep() == 1, "nobody has taken it"
    monkeypatch.setattr(files, "write", lambda *args, **more: 1 / 0)
    for _attempt in range(lifecycle.MAX_ATTEMPTS):
        assert one.state == ExportState.WAITING
        worked(one)
    assert one.state == ExportState.FAILED and "系统管理员" in one.error and lifecycle.sweep() == 0


def test_a_ledger_of_persons_leaves_with_its_reason_also_from_the_worker(world, client_of):
    ledger, client = ledgers.persons(world.own.region), client_of("county_officer")
    for number in range(4):
        ledgers.person(ledger, f"禾{number}", f"DEMO{number}")
    address = f"{reverse('ledgers:entry_take_out', args=[ledger.pk])}?sort=number"
    assert client.post(address, {"reason": "春节慰问"})["Location"] == reverse("exports:list")
    one = worked(Export.objects.get())
    rows = body_rows(book(files.path_of(one.storage_name).read_bytes()), "序号")
    page = client.get(f"/ledgers/{ledger.pk}/?sort=number")
    assert [int(row[0]) for row in rows[1:]] == [row.number for row in page.context["page"].rows] == [1, 2, 3, 4]
    assert "禾3" in str(rows) and Event.objects.get(verb="ledger.exported").data["reason"] == "春节慰问"
    assert "重新导出" not in client.get(reverse("exports:list")).content.decode()


# Lists that are not handed out, each with its reason.
NOT_HANDED_OUT = {
    "accounts:deputy_list": "who stands in today: a board of deeds, told in full by the trail",
    "closing:list": "a board of months and units; its months are reports",
    "closing:entered_list": "figures of one unit, in its report",
    "closing:target_list": "targets of one year, in its report",
    "dashboards:wall_key_list": "keys",
    "enterprises:gap_list": "cards; their rows are the registers'",
    "enterprises:kind_list": "a handful of choices",
    "exchange:list": "files that came in, each given back whole",
    "exports:list": "the exports themselves",
    "mechanisms:list": "rules, with their own page to print",
    "meetings:feed_list": "keys",
    "meetings:scheme_list": "comes with the product",
    "notices:channel_list": "keys",
    "problems:category_list": "a tree of choices",
    "problems:rulebook_list": "versions of rules, each a page to print",
    "problems:team_list": "figures of teams, each opens its rows",
    "problems:view_list": "one's own saved views",
    "reports:list": "files",
    "reports:template_list": "versions of sections and sentences, each a page",
}


def test_every_list_is_handed_out_or_says_why_not():
    found = {address.name: address for address in addresses()}
    lists = {name for name in found if name.endswith(("_list", ":list", ":rows", "_rows", "call_backs", "_tree"))}
    handed_out = {name for name in found if name.endswith(("export", "_export"))}

    def export_of(name):
        base = name.removesuffix("list").removesuffix("tree")
        base = base.removesuffix("s") if base.endswith("call_backs") else base
        return {f"{base}export", f"{base}_export"} & handed_out

    without = {name for name in lists if not export_of(name)}
    assert without == set(NOT_HANDED_OUT)
    builders = [resolve(path_of_nothing(found[name])).func for name in handed_out]
    assert all(hasattr(view, "listing") for view in builders), "one way for all: a worker can write each of them"


def path_of_nothing(address):
    return reverse(address.name, kwargs=dict.fromkeys(address.takes, 1))
