"""The yearly notice by Excel: seen before it takes effect, taken over once, hostile files refused."""

import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import workdays
from core.clock import at_local
from core.models import CalendarDay, CalendarEdition
from problems.models import Problem
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db
NOTICE = [
    ["２０２７年部分节假日安排"],
    ["节日", "日期", "类型"],
    ["元旦", "1月1日至3日", "放假"],
    ["国庆节", "10月1日—7日", "放假"],
    ["国庆节", dt.date(2027, 9, 26), "上班"],
    ["国庆节", "2027.10.9", "补班"],
]


def file_of(rows, name="通知.xlsx"):
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return SimpleUploadedFile(name, target.getvalue())


def send(client, rows, source="国办发明电〔2026〕9号", place=""):
    return client.post(reverse("core:calendar_import"), {"file": file_of(rows), "source": source, "place": place})


def confirm(client, page):
    return client.post(reverse("core:calendar_import"), {**dict(page.context["hidden"]), "confirmed": "1"})


def test_a_notice_is_seen_then_taken_over_once(client_of):
    client = client_of("system_admin")
    page = send(client, NOTICE)
    assert len(page.context["days"]) == 12 and not CalendarEdition.objects.exists(), "only looked at"
    assert confirm(client, page).status_code == 302
    calendar = workdays.current()
    assert calendar.is_published(2027) and calendar.is_workday(dt.date(2027, 9, 26))
    assert calendar.add(dt.date(2027, 9, 30), 2) == dt.date(2027, 10, 9)
    edition = CalendarEdition.objects.get()
    assert edition.source == "国办发明电〔2026〕9号" and edition.begun.count() == 12
    assert CalendarDay.objects.in_force().get(day="2027-10-03").name == "国庆节"
    again = send(client, NOTICE)
    assert again.context["days"] == [] and confirm(client, again).status_code == 302
    assert CalendarEdition.objects.count() == 1, "the same file twice changes nothing"


def test_a_corrected_notice_ends_what_it_no_longer_names(client_of):
    client = client_of("system_admin")
    confirm(client, send(client, NOTICE))
    corrected = [row for row in NOTICE if row[-1] != "补班"] + [["国庆节", "2027-10-10", "上班"]]
    page = send(client, corrected)
    assert [(str(one["day"]), one["after"]) for one in page.context["days"]] == [
        ("2027-10-09", None), ("2027-10-10", "调休上班"),
    ]  # fmt: skip
    confirm(client, page)
    assert not workdays.current().is_workday(dt.date(2027, 10, 9))
    assert workdays.as_of(1).at().is_workday(dt.date(2027, 10, 9)), "the earlier edition can be read again"


def test_errors_are_told_by_row_and_the_rest_can_be_taken(client_of):
    client = client_of("system_admin")
    page = send(client, [*NOTICE, ["国庆节", "2027-02-30", "放假"]])
    assert page.context["errors"] == [(7, "没有“2027-02-30”这一天。")] and len(page.context["days"]) == 12
    page = send(client, [["日期", "类型"], ["十月一日", "放假"]])
    assert "第 2 行" in str(page.context["form"].errors["file"])


def test_the_preview_counts_the_deadlines_and_the_import_moves_them(world, client_of):
    client = client_of("system_admin")
    with time_machine.travel(at_local(dt.date(2026, 3, 5)), tick=False):
        problem = in_state(world, "assigned")
        page = send(client, [["日期", "类型"], ["2026-03-09", "放假"]])
        assert page.context["moved"] == 1
        lead = next(line for line in page.context["lines"] if not line.note)
        assert (lead.label, lead.old, lead.new) == (problem.number, dt.date(2026, 3, 13), dt.date(2026, 3, 16))
        assert lead.url not in page.content.decode(), "the administrator has no business in the ledger"
        confirm(client, page)
    assert Problem.objects.get().due_on == dt.date(2026, 3, 16)


def test_what_is_confirmed_is_what_was_shown(world, client_of):
    client, url = client_of("system_admin"), reverse("core:calendar_import")
    page = send(client, NOTICE)
    days = dict(page.context["hidden"])["days"]
    for altered in (days[:-2], days + "x", "", "\x00"):
        assert client.post(url, {"days": altered, "confirmed": "1"}).context["stale"]
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)):
        client = client_of("system_admin")
        assert client.post(url, {"days": days, "confirmed": "1"}).context["stale"]
    assert not CalendarEdition.objects.exists()


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("a.xlsx", b"nothing"),
        SimpleUploadedFile("a.xls", b"\xd0\xcf\x11\xe0"),
        SimpleUploadedFile("a.exe", b"MZ"),
        SimpleUploadedFile("a.xlsx", b""),
        file_of([["=HYPERLINK(1)"]]),
    ],
)
def test_a_hostile_file_is_refused_beside_the_field(client_of, upload):
    upload.seek(0)
    page = client_of("system_admin").post(reverse("core:calendar_import"), {"file": upload, "source": "x"})
    assert page.status_code == 200 and page.context["form"].errors["file"]
    assert not CalendarEdition.objects.exists()


def test_the_template_is_itself_a_notice_that_changes_nothing(client_of):
    client = client_of("system_admin")
    answer = client.get(reverse("core:calendar_template"))
    upload = SimpleUploadedFile("模板.xlsx", answer.getvalue())
    page = client.post(reverse("core:calendar_import"), {"file": upload, "source": "模板"})
    assert page.context["errors"] == [] and page.context["days"] == []


def test_a_county_imports_its_own_days_for_itself_alone(world, client_of):
    """Local days off and make-up days: previewed, moved, traced, for the county and below; never statutory ones."""
    client, county, url = client_of("county_officer"), world.own.region, reverse("core:calendar_import")
    rows = [["名称", "日期", "类型"], ["牛羊交易会", "2026-03-09", "本地放假"], ["牛羊交易会", "2026年3月14日", "补班"]]
    with time_machine.travel(at_local(dt.date(2026, 3, 5)), tick=False):
        own = in_state(world, "assigned")
        assert county.path in dict(client.get(url).context["form"].fields["place"].choices)
        for place in ("", world.other.region.path, world.city.path, "x"):
            refused = send(client, rows, place=place)
            assert set(refused.context["form"].errors) == {"place"}, place
        page = send(client, rows, "云政办发〔2026〕3号", county.path)
        assert [(str(one["day"]), one["after"]) for one in page.context["days"]] == [
            ("2026-03-09", "本地放假"), ("2026-03-14", "本地补班"),
        ]  # fmt: skip
        assert page.context["moved"] == 1 and not CalendarEdition.objects.exists(), "only looked at"
        hidden = dict(page.context["hidden"])
        stranger = client_of("stranger_officer").post(url, {**hidden, "confirmed": "1"})
        assert stranger.context["stale"], "another's preview cannot be confirmed"
        assert confirm(client, page).status_code == 302
    edition = CalendarEdition.objects.get()
    assert (edition.region_path, edition.source) == (county.path, "云政办发〔2026〕3号") and edition.made_by_name
    assert Problem.objects.get(pk=own.pk).due_on == dt.date(2026, 3, 14), "the day off moves it on, the make-up back"
    assert not workdays.current(world.own.towns[0].path).is_workday(dt.date(2026, 3, 9))
    assert workdays.current(world.other.region.path).is_workday(dt.date(2026, 3, 9))
    assert workdays.current().is_published(2026), "the statutory days stand as they were"
    template = client.get(reverse("core:calendar_template"), {"place": county.path})
    upload = SimpleUploadedFile("模板.xlsx", template.getvalue())
    again = client.post(url, {"file": upload, "source": "模板", "place": county.path})
    assert again.context["errors"] == [] and again.context["days"] == [], "the template holds what is in force"


@pytest.mark.parametrize("person", ["leader", "auditor"])
def test_only_who_keeps_days_imports_them(client_of, person):
    assert client_of(person).get(reverse("core:calendar_import")).status_code == 403
