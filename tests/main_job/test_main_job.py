"""The main job as people do it: five of them in a real browser, the real web server, the real worker.

An enterprise raises a problem, the chain secretary accepts it, the county assigns it to the help team, the team signs,
works and resolves it, the enterprise rates it, it is closed; a meeting with a decision is logged; the cockpit follows
within seconds; the month's report says the same figures.
"""

import io
import re
import time

import pytest
from docx import Document
from playwright.sync_api import expect

from tests.factories import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True)]

TITLE = "厂区用电增容迟迟未批"
# Seconds from the last click to the changed figure on the cockpit; the worker is woken at once.
PATIENCE = 20


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, open_page, name: str, **options):
        self.page = open_page(**options)
        self.page.goto("/sign-in/")
        self.page.fill("input[name=username]", f"{name}.yunling")
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)

    def choose(self, name: str, text: str) -> None:
        """Pick from a searchable select by typing, as a person does."""
        box = self.page.locator(f"select[name={name}] + .ts-wrapper")
        box.locator(".ts-control").click()
        box.locator("input").first.press_sequentially(text[:4])
        box.locator(".ts-dropdown .option", has_text=text).first.click()

    def do(self, address: str, step: str, **fields) -> None:
        """Open the entry, click the step, fill its form in, send it."""
        self.page.goto(address)
        self.page.locator("#actions").get_by_role("link", name=step, exact=True).click()
        for name, value in fields.items():
            control = self.page.locator(f"[name={name}]").first
            if name == "lead":
                self.choose(name, value)
            elif control.get_attribute("type") == "radio":
                self.page.check(f"[name={name}][value={value}]")
            elif control.evaluate("element => element.tagName") == "SELECT":
                self.page.select_option(f"[name={name}]", value)
            else:
                self.page.fill(f"[name={name}]", value)
        self.page.locator("form.confirm button[type=submit]").click()
        self.page.wait_for_url(lambda url: "/do/" not in url)

    def state(self, word: str) -> None:
        expect(self.page.locator(".st", has_text=word).first).to_be_visible()


def figure_on_cockpit(person: Person, label: str) -> str:
    """The number that the cockpit shows beside a label, as printed."""
    row = person.page.locator(".figure-table tr", has=person.page.get_by_role("rowheader", name=label, exact=True))
    return row.locator("strong").inner_text()


def wait_for_figures(person: Person, wanted: dict[str, str]) -> float:
    """Seconds until the cockpit shows these numbers. It is loaded anew, as an impatient leader would."""
    begun = time.monotonic()
    while True:
        person.page.goto("/cockpit/")
        shown = {label: figure_on_cockpit(person, label) for label in wanted}
        if shown == wanted:
            return time.monotonic() - begun
        assert time.monotonic() - begun < PATIENCE, f"the cockpit shows {shown}, wanted {wanted}"


def raise_problem(branch: Person) -> str:
    branch.page.goto("/problems/new/")
    branch.page.fill("[name=title]", TITLE)
    branch.choose("category", "融资")
    branch.page.fill("[name=text]", "新生产线年内投产，需增容八百千伏安，三个月没有答复。")
    branch.page.locator("main form button[type=submit]", has_text="提交").click()
    branch.page.wait_for_url(re.compile(r"/problems/\d+/"))
    branch.state("待受理")
    return re.search(r"/problems/\d+/", branch.page.url)[0]


def log_meeting(secretary: Person, owner: str) -> None:
    page = secretary.page
    page.goto("/meetings/new/")
    page.fill("[name=title]", "肉牛产业链党委季度会议")
    page.fill("[name=place]", "产业园党群服务中心")
    page.fill("[name=chair]", "书记")
    page.fill("[name=agenda-0-title]", "研究用电增容")
    page.fill("[name=decisions-0-text]", "由供电单位十日内完成增容")
    page.fill("[name=decisions-0-owner_name]", owner)
    page.get_by_role("button", name="保存并登记为已召开").click()
    page.wait_for_url(re.compile(r"/meetings/\d+/$"))
    expect(page.get_by_text("由供电单位十日内完成增容").first).to_be_visible()


def report_of_the_month(officer: Person) -> str:
    """All text of the Word file that the county makes for the running month and downloads."""
    page = officer.page
    page.goto("/cockpit/")
    page.get_by_role("link", name="导出月报").click()
    page.select_option("[name=month]", index=0)
    page.get_by_role("button", name="生成月报").click()
    page.wait_for_url(re.compile(r"/reports/\d+/"))
    word = page.get_by_role("link", name=re.compile("下载.*Word")).first
    for _attempt in range(40):
        if word.is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()
    with page.expect_download() as started:
        word.click()
    with open(started.value.path(), "rb") as file:
        document = Document(io.BytesIO(file.read()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


@pytest.mark.usefixtures("celery_worker_process", "celery_beat_process")
def test_from_a_problem_raised_to_the_monthly_report(open_page, world, server):
    branch = Person(open_page, "branch_secretary")
    secretary = Person(open_page, "chain_secretary", viewport={"width": 390, "height": 844})
    officer = Person(open_page, "county_officer")
    member = Person(open_page, "team_member")
    leader = Person(open_page, "leader")

    entry = raise_problem(branch)
    waited = wait_for_figures(leader, {"收集困难问题": "1", "受理问题": "0"})
    print(f"\nfrom click to figure: {waited:.1f} s")

    secretary.do(entry, "受理")
    secretary.state("待交办")
    officer.do(entry, "交办", lead=world.own.team.name)
    officer.state("待签收")
    member.do(entry, "签收")
    member.do(entry, "登记进展", text="已会同供电单位勘查现场。")
    member.do(entry, "办结", outcome="solved", text="增容手续已办妥，新变压器投运。")
    member.state("待评价")
    branch.do(entry, "评价", rating="satisfied")
    secretary.do(entry, "销号")
    secretary.state("已销号")
    log_meeting(secretary, owner="供电所长")

    wanted = {
        "收集困难问题": "1", "受理问题": "1", "交办问题": "1", "办结问题": "1", "企业确认问题": "1", "销号问题": "1",
        "召开会议": "1", "议定事项": "1", "按期办结率": "100.0", "满意率": "100.0",
    }  # fmt: skip
    waited = wait_for_figures(leader, wanted)
    print(f"from click to figures: {waited:.1f} s")

    leader.page.goto("/cockpit/")
    row = leader.page.locator(".figure-table tr", has=leader.page.get_by_role("rowheader", name="销号问题", exact=True))
    row.get_by_role("link").click()
    expect(leader.page.get_by_text(TITLE).first).to_be_visible()

    text = report_of_the_month(officer)
    assert "云岭县" in text
    for sentence in ("收集企业困难问题1个", "满意率100.0%"):
        assert sentence in text.replace(" ", ""), f"{sentence} is not in the report:\n{text}"
