"""Notice, minutes and hand-over slips, read back from their files."""

import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from core.clock import at_local, today
from meetings import lifecycle, papers
from meetings.models import Meeting
from tests.meetings.test_lifecycle import DAY, values
from tests.meetings.test_pages import NEW, typed

pytestmark = pytest.mark.django_db


def read(raw):
    """(all text of the paper, its first section), once it is seen to be a whole official paper."""
    opened = docx.Document(io.BytesIO(raw))
    section = opened.sections[0]
    edges = [section.top_margin, section.left_margin, section.bottom_margin, section.right_margin]
    assert [round(edge.mm) for edge in edges] == [37, 28, 35, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    body = zipfile.ZipFile(io.BytesIO(raw)).read("word/document.xml").decode()
    faces = set(re.findall(r'w:eastAsia="([^"]+)"', body))
    assert (
        {"方正小标宋简体", "仿宋_GB2312"} <= faces <= {"方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"}
    )
    assert all(run.find(qn("w:rFonts")) is not None for run in opened.element.body.iter(qn("w:rPr")))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    assert not [cell for cell in cells if cell in ("", "—", "None")], "an empty field"
    text = "\n".join([*(paragraph.text for paragraph in opened.paragraphs if paragraph.text), *cells])
    assert not re.search(r"None|%\(|\{\{|：。|“”|（）", text)
    return text


def held(world, client_of):
    """A meeting of yesterday with two decisions of one owner and one of another, logged on its page."""
    rows = {"decisions-TOTAL_FORMS": "4"}
    for number, (text, owner) in enumerate((("贷款贴息", "department"), ("品牌设计", "name")), start=2):
        rows[f"decisions-{number}-text"] = text
        rows[f"decisions-{number}-due_on"] = (today() + 9 * DAY).isoformat()
        if owner == "name":
            rows[f"decisions-{number}-owner_name"] = "牛立群"
        else:
            rows[f"decisions-{number}-owner_department"] = world.own.departments[0].pk
    client_of("chain_secretary").post(NEW, typed(world, minutes="会议听取了汇报。\n\n会议要求抓紧落实。", **rows))
    return Meeting.objects.get()


def test_a_notice_says_when_where_who_and_what(world):
    secretary = world.actor("chain_secretary")
    agenda = [{"title": "饲草短缺"}, {"title": "传达文件。"}]
    roll = [{"seat": None, "name": "", "unit": "云岭县工信局", "presence": "invited"}]
    given = values(world, starts_at=at_local(today() + 9 * DAY, 14, 30), place="县政府三楼", decisions=[])
    meeting = lifecycle.save_meeting(None, by=secretary, **given | {"agenda": agenda, "attendance": roll})
    raw = papers.notice(meeting)
    text = read(raw)
    assert "关于召开党委会的通知" in text and "下午2时30分召开党委会" in text and "县政府三楼。" in text
    assert "2.传达文件。" in text and "云岭县书记（" in text and "列席：云岭县工信局。" in text
    assert raw == papers.notice(Meeting.objects.get(pk=meeting.pk))
    bare = lifecycle.save_meeting(None, by=secretary, **values(world, attendance=[], decisions=[]))
    assert "会议议题" not in read(papers.notice(bare)) and "主持人" not in read(papers.notice(bare))


def test_minutes_carry_the_roll_the_ends_and_the_decisions(world, client_of):
    meeting = held(world, client_of)
    text = read(papers.minutes(meeting))
    for word in ("二季度党委会纪要", "应到3席，实到2席", "云岭县委员", "刘来宾（县银行）", "会议要求抓紧落实。",
                 "两周内落实饲草", "云岭县农业局", "议题结果", "议定"):  # fmt: skip
        assert word in text, word


def test_slips_go_to_each_owner_and_all_papers_of_a_meeting_into_one_archive(world, client_of):
    meeting = held(world, client_of)
    client = client_of("chain_secretary")
    answer = client.get(f"/meetings/{meeting.pk}/papers.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    names = ["会议通知.docx", "会议纪要.docx", "交办单01_云岭县农业局.docx", "交办单02_牛立群.docx"]
    assert archive.namelist() == names and answer.content == papers.bundle(meeting)
    several, one = (read(archive.read(name)) for name in names[2:])
    assert "两周内落实饲草" in several and "贷款贴息" in several and "品牌设计" not in several
    assert "品牌设计" in one and "签收人（签字）" in one
    # The unit that owes a decision sees its slip, not the meeting.
    decision = meeting.decisions.get(text="贷款贴息")
    department = client_of("department_officer")
    assert "贷款贴息" in read(department.get(f"/meetings/decisions/{decision.pk}/slip.docx").content)
    assert department.get(f"/meetings/{meeting.pk}/papers.zip").status_code == 404
