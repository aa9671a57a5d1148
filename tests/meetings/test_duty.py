"""A quarter on duty is handed over; a yearly account is written in words alone, its figures are the records'."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from docx import Document

from core.clock import now, today
from core.periods import Period
from core.transitions import Conflict, Refused
from meetings.enums import TOOK_PLACE
from meetings.lifecycle import duty, save_activity
from meetings.models import ActivityKind, AnnualReport, DutyTerm
from tests import factories as make

pytestmark = pytest.mark.django_db
THIS = Period.quarter(today().year, (today().month + 2) // 3)
NEXT = THIS.end + dt.timedelta(days=1)


def on_duty(world, department=0, starts_on=THIS.start):
    return duty.save_term(
        None, by=world.actor("chain_secretary"), committee=world.own.committees[0],
        department=world.own.departments[department], starts_on=starts_on,
    )  # fmt: skip


def text_of(content: bytes) -> str:
    paper = Document(BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def test_a_quarter_is_handed_over_with_what_was_done_and_left(world, client_of):
    term, unit = on_duty(world), world.actor("department_officer")
    save_activity(
        None, by=unit, region=world.own.region, kind=ActivityKind.objects.get(region=None, code="visit"),
        title="轮值走访", starts_at=now() - dt.timedelta(minutes=5), enterprises=world.own.enterprises[:2],
        units=[{"department": world.own.departments[0]}],
    )  # fmt: skip
    with pytest.raises(Refused, match="还没有排定"):
        duty.hand_over(term, by=unit, left_over="无")
    following = on_duty(world, 1, NEXT)
    with pytest.raises(ValidationError, match="已有轮值单位"):
        on_duty(world, 1)
    with pytest.raises(ValidationError, match="第一天"):
        on_duty(world, 1, NEXT + dt.timedelta(days=100))
    client = client_of("department_officer")
    page = client.get(f"/meetings/duty/{term.pk}/").content.decode()
    assert "2 户（2 户次）" in page and "轮值走访" in page
    assert (
        client.post(f"/meetings/duty/{term.pk}/findings/", {"findings": "用电紧张", "version": "1"}).status_code == 302
    )
    with pytest.raises(Conflict):
        duty.note_findings(term, by=unit, findings="晚了", version=1)
    answer = client.post(
        f"/meetings/duty/{term.pk}/hand-over/", {"on": today(), "left_over": "增容继续办", "version": "2"}
    )
    assert answer.status_code == 302
    term.refresh_from_db()
    assert term.handed_over_on == today()
    with pytest.raises(Refused, match="已经交接"):
        duty.note_findings(term, by=unit, findings="再改")
    paper = text_of(client.get(f"/meetings/duty/{term.pk}/sheet/").content)
    assert "用电紧张" in paper and "增容继续办" in paper and str(following.unit) in paper and "2户（2户次）" in paper
    assert client_of("stranger_officer").get(f"/meetings/duty/{term.pk}/").status_code == 404
    assert DutyTerm.objects.count() == 2


def test_an_annual_report_takes_its_figures_from_the_records_and_keeps_them(world, client_of):
    seat, year = world.own.seats[0], today().year
    meeting = make.MeetingFactory(committee=world.own.committees[0], held_on=dt.date(year, 1, 20))
    make.AttendanceFactory(meeting=meeting, seat=seat, name=seat.person)
    make.DecisionFactory(meeting=meeting, owner_name=seat.person)
    client = client_of("chain_secretary")
    page = client.post("/meetings/annual/new/", {"seat": seat.pk, "year": year})
    report = AnnualReport.objects.get()
    address = f"/meetings/annual/{report.pk}/"
    assert page["Location"] == address
    told = {row["label"]: row["value"] for row in duty.yearly.figures_of(seat, year)}
    held = (seat.started_on <= meeting.held_on) * 1
    assert (told["本党委召开会议"], told["出席会议"], told["承担议定事项"], told["其中已落实"]) == (held, held, held, 0)
    client.post(f"{address}submit/", {"version": "1"})
    report.refresh_from_db()
    assert report.state == "draft"  # not a word written yet
    client.post(f"{address}edit/", {"duties": "抓组织覆盖", "shortfalls": "走访不够", "plans": "补强", "version": "1"})
    client.post(f"{address}submit/", {"version": "2"})
    report.refresh_from_db()
    assert report.state == "submitted" and len(report.figures) == len(told)
    make.MeetingFactory(committee=world.own.committees[0], held_on=dt.date(year, 1, 22))
    page = client.get(address).content.decode()
    assert "数据固定于提交日期" in page and "抓组织覆盖" in page
    with pytest.raises(ValidationError, match="已召开的会议"):
        foreign = make.MeetingFactory(committee=world.other.committees[0])
        duty.receive_report(report, by=world.actor("county_officer"), meeting=foreign)
    assert client.post(f"{address}receive/", {"meeting": meeting.pk, "version": "3"}).status_code == 302
    report.refresh_from_db()
    assert report.meeting == meeting and meeting.state in TOOK_PLACE
    assert "抓组织覆盖" in text_of(client.get(f"{address}paper/").content)
    assert client_of("leader").get(f"{address}edit/").status_code == 403
    with pytest.raises(Refused, match="以后年度"):
        duty.open_report(seat, year + 1, by=world.actor("chain_secretary"))
