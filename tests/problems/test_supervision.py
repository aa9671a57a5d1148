"""Slips, instructions and the board: who does what, what is shown, and that its numbers are the ledger's."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock, workdays
from core.actor import SYSTEM
from core.periods import Month, Period
from core.transitions import Refused
from indicators import figures, recount, scopes
from indicators.check import compare
from problems import lifecycle
from problems.enums import LimitStep
from problems.filters import ProblemFilter
from problems.models import Instruction, Problem, Slip
from problems.supervision import board, documents, instructions, ladder, past, slips
from tests.problems.rulebooks import past_book
from tests.problems.steps import MONDAY, day, in_state, raised

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_twelfth(monkeypatch):
    """Thursday 12 March 2026, ten in the morning."""
    monkeypatch.setattr(clock, "now", lambda: day(10, 10))


def issue(world, problem, **values):
    leg = next(iter(slips.addressees(problem)), None)
    given = {"kind": "reminder", "text": "请抓紧办理。", "answer_due_on": MONDAY + dt.timedelta(days=14), "leg": leg}
    return slips.issue(problem, by=world.actor("county_officer"), **{**given, **values})


# --- slips --------------------------------------------------------------------------------------------------------
def test_slips_are_numbered_by_county_kind_and_year(world, monkeypatch):
    problem = in_state(world, "in_progress")
    numbers = [
        issue(world, problem).number,
        issue(world, problem, kind="supervision").number,
        issue(world, problem).number,
    ]
    assert numbers == ["云岭县提醒〔2026〕1号", "云岭县督办〔2026〕1号", "云岭县提醒〔2026〕2号"]
    strange = lifecycle.raise_problem(
        by=SYSTEM, enterprise=world.other.enterprises[0], category=world.category, title="外县", text="外事"
    )
    assert (
        slips.issue(
            strange, by=SYSTEM, kind="reminder", text="请抓紧。", answer_due_on=MONDAY + dt.timedelta(days=14)
        ).number
        == "望川县提醒〔2026〕1号"
    )
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2027, 1, 5, 2, tzinfo=dt.UTC))
    assert issue(world, problem, answer_due_on=dt.date(2027, 1, 8)).number == "云岭县提醒〔2027〕1号"


def test_only_an_officer_issues_and_only_the_unit_answers(world):
    problem = in_state(world, "in_progress")
    leg = slips.addressees(problem)[0]
    for person in ("chain_secretary", "team_member", "branch_secretary", "leader", "stranger_officer"):
        with pytest.raises(Refused):
            slips.issue(
                problem, by=world.actor(person), kind="reminder", text="请抓紧。", leg=leg,
                answer_due_on=MONDAY + dt.timedelta(days=14),
            )  # fmt: skip
    slip = issue(world, problem)
    for person in ("county_officer", "department_officer", "branch_secretary"):
        with pytest.raises(Refused):
            slips.answer(slip, by=world.actor(person), text="已办")
    answered = slips.answer(slip, by=world.actor("team_member"), text="已协调三台车，本周五前到位。")
    assert (answered.answered_on, answered.answer) == (clock.today(), "已协调三台车，本周五前到位。")
    with pytest.raises(Refused):
        slips.answer(slip, by=world.actor("team_member"), text="再答")
    told = [event["title"] for event in _timeline(problem)]
    assert any("提醒单" in title and slip.number in title for title in told) and any("反馈" in title for title in told)


def _timeline(problem):
    from problems import sentences

    return sentences.timeline(problem)


def test_what_a_slip_asks_is_checked(world):
    problem = in_state(world, "in_progress")
    with pytest.raises(ValidationError) as caught:
        issue(world, problem, answer_due_on=clock.today())
    assert "answer_due_on" in caught.value.message_dict
    with pytest.raises(ValidationError):
        issue(world, problem, text=" ")
    other = in_state(world, "in_progress", title="另一件")
    with pytest.raises(ValidationError):
        issue(world, problem, leg=slips.addressees(other)[0])
    with pytest.raises(Refused):
        issue(world, in_state(world, "closed"), leg=None)


def test_the_paper_is_the_same_each_time(world):
    problem = in_state(world, "in_progress")
    slip = issue(world, problem, kind="supervision", text="云岭县金牛牧业有限公司反映的问题超期，请立即办理。")
    first = documents.word(slip)
    lifecycle.edit(problem, by=world.actor("county_officer"), title="后来改过的事项")
    slips.answer(slip, by=world.actor("team_member"), text="已办")
    assert documents.word(Slip.objects.get(pk=slip.pk)) == first
    text = re.sub("<[^>]+>", "", zipfile.ZipFile(io.BytesIO(first)).read("word/document.xml").decode())
    for part in (
        "企业困难问题督办单",
        "云岭县督办〔2026〕1号",
        "云岭县营商帮办团：",
        "请立即办理",
        "2026年3月16日",
        "2026年3月12日",
    ):
        assert part in text, part


def test_the_text_proposed_says_what_is_late(world):
    problem = in_state(world, "in_progress")  # due on Friday 13 March
    proposed = slips.proposed(problem, "reminder")
    assert "期限为2026年3月13日，请按期完成" in proposed["text"] and proposed["leg"] == slips.addressees(problem)[0].pk
    assert proposed["answer_due_on"] == dt.date(2026, 3, 17)
    past_book(world.own.region, dt.date(2026, 3, 1), reminder_answer_days=5)
    assert slips.proposed(Problem.objects.get(pk=problem.pk), "reminder")["answer_due_on"] == dt.date(2026, 3, 19)
    late = raised(world, title="还没人受理")
    assert "“受理”期限为2026年3月3日，现已超过7个工作日" in slips.proposed(late, "supervision")["text"]


def test_a_slip_by_the_pages(world, client_of):
    problem = in_state(world, "in_progress")
    officer, team = client_of("county_officer"), client_of("team_member")
    address = reverse("problems:slip_issue", args=[problem.pk])
    page = officer.get(address, {"kind": "supervision"}).content.decode()
    assert "请立即研究办理" in page and "云岭县营商帮办团" in page
    values = {"kind": "supervision", "leg": slips.addressees(problem)[0].pk, "text": "", "answer_due_on": "2026-03-17"}
    answer = officer.post(address, values)
    assert answer.status_code == 200 and not Slip.objects.exists()
    officer.post(address, {**values, "text": "请立即办理。"})
    slip = Slip.objects.get()
    assert slip.issued_by == world.people["county_officer"]
    assert slip.number in team.get(problem.get_absolute_url()).content.decode()
    assert team.post(reverse("problems:slip_answer", args=[slip.pk]), {"text": "已办"}).status_code == 302
    assert "已反馈" in officer.get(reverse("problems:slip_list")).content.decode()
    word = officer.get(reverse("problems:slip_download", args=[slip.pk]))
    assert word.status_code == 200 and "attachment" in word["Content-Disposition"]


def test_bad_filters_of_the_lists_do_no_harm(world, client_of):
    in_state(world, "in_progress")
    client = client_of("county_officer")
    bad = {"region": "x", "chain": "99999999999999999999", "since": "2026-13-45", "kind": "?", "answered": "'"}
    for name in ("problems:supervision", "problems:slip_list", "problems:instruction_list"):
        assert client.get(reverse(name), bad).status_code == 200


def test_late_answers_are_listed(world, client_of, monkeypatch):
    problem = in_state(world, "in_progress")
    slip = issue(world, problem)
    monkeypatch.setattr(clock, "now", lambda: day(15, 10))
    client = client_of("county_officer")
    late = client.get(reverse("problems:slip_list"), {"answered": "late"}).content.decode()
    assert slip.number in late and "逾期未反馈" in late
    assert slip.number not in client.get(reverse("problems:slip_list"), {"answered": "answered"}).content.decode()


# --- instructions -------------------------------------------------------------------------------------------------
def test_an_instruction_is_followed_up(world, client_of):
    problem = in_state(world, "in_progress")
    leader, team = client_of("leader"), client_of("team_member")
    act = reverse("problems:act", args=[problem.pk, "instruct"])
    leader.post(act, {"text": "请本周内解决。", "report_by_on": "2026-03-11", "version": problem.version})
    assert not Instruction.objects.exists(), "the day has passed"
    leader.post(act, {"text": "请本周内解决。", "report_by_on": "2026-03-16", "version": problem.version})
    row = Instruction.objects.get()
    assert (row.given_by, row.given_on) == (world.people["leader"], clock.today())
    assert "未反馈的领导批示" in leader.get(reverse("problems:supervision")).content.decode()
    report = reverse("problems:instruction_report", args=[row.pk])
    assert leader.post(report, {"text": "我来答"}).status_code == 403
    assert team.post(report, {"text": "已协调三台车。"}).status_code == 302
    page = leader.get(problem.get_absolute_url()).content.decode()
    assert "请本周内解决。" in page and "已协调三台车。" in page
    with pytest.raises(Refused):
        instructions.report(row, by=world.actor("team_member"), text="再答")


def test_the_light_of_an_instruction(world):
    problem, calendar = in_state(world, "in_progress"), workdays.current()
    lifecycle.instruct(problem, by=world.actor("leader"), text="抓紧", report_by_on=dt.date(2026, 3, 18))
    row = Instruction.objects.get()
    lights = {date: str(instructions.light(row, dt.date(2026, 3, date), calendar)) for date in (13, 16, 18, 19)}
    assert lights == {13: "green", 16: "yellow", 18: "yellow", 19: "red"}


# --- the board ----------------------------------------------------------------------------------------------------
def a_mixed_ledger(world):
    for title in ("甲", "乙", "丙"):
        in_state(world, "in_progress", title=title)
    in_state(world, "suspended", title="停")
    in_state(world, "submitted", title="未受理")
    fresh = raised(world, title="新", at=day(9))
    fresh = lifecycle.accept(fresh, by=SYSTEM, at=day(9, 10))
    lifecycle.assign(fresh, by=SYSTEM, department=world.own.departments[1], urgency="complex", at=day(9, 11))
    old = in_state(world, "in_progress", title="旧")
    lifecycle.transfer(old, by=SYSTEM, department=world.own.departments[0], reason="职责", at=day(4))


def test_the_board_counts_as_the_ledger_and_the_figures_do(world):
    a_mixed_ledger(world)
    actor = world.actor("county_officer")
    shown = {column["light"]: column["count"] for column in board.build({}, actor)["columns"]}
    counts = ProblemFilter({}, actor).counts()
    assert shown == {light: counts[light] for light in ("red", "yellow", "grey", "green")}
    assert shown["yellow"] and shown["green"] and shown["grey"]
    recount.rebuild()
    scope, period = scopes.parse(f"region:{world.own.region.code}"), Period(Month(2026, 3), Month(2026, 3))
    codes = {"red": "problems_overdue", "yellow": "problems_near_limit", "green": "problems_in_time"}
    found = figures.read_many([*codes.values(), "problems_paused"], scope, [period])[0]
    assert {light: found[code].value or 0 for light, code in codes.items()} == {light: shown[light] for light in codes}
    assert found["problems_paused"].value == shown["grey"]


def test_the_board_tells_what_each_unit_holds(world):
    a_mixed_ledger(world)
    units = {unit.name: unit for unit in board.build({}, world.actor("county_officer"))["units"]}
    team = units["云岭县营商帮办团"]
    # Assigned on 4 March: six working days by the 12th; the suspended one stood since the 6th, after two.
    assert (team.count, team.late, team.longest, team.median) == (4, 0, 6, 6)
    assert (2, 1) in team.days
    moved = units["云岭县农业局"]
    assert (moved.count, moved.longest) == (1, 4), "its own leg alone"
    assert sum(unit.count for unit in units.values()) == 6


def test_the_board_of_a_past_day_is_that_day_s_figures_and_lists(world, client_of, monkeypatch):
    """At the end of February and of two days in March, whatever happened since; then the tables beside it."""
    a_mixed_ledger(world)
    actor, client = world.actor("county_officer"), client_of("county_officer")
    stopped = Problem.objects.get(title="停")
    late = Problem.objects.get(title="甲")
    instructions.give(late, by=actor, text="请督办", report_by_on=dt.date(2026, 3, 16), at=day(10, 11))
    slip = issue(world, late)
    monkeypatch.setattr(clock, "now", lambda: day(37, 10))  # 8 April
    lifecycle.resume(stopped, by=actor, note="批复已到")
    lifecycle.resolve(late, by=world.actor("team_member"), outcome="solved", text="已解决")
    slips.answer(slip, by=world.actor("team_member"), text="已办结")
    recount.rebuild()
    scope = scopes.parse(f"region:{world.own.region.code}")
    for month, last in ((2, "2026-02-28"), (3, "2026-03-31")):
        period = Period(Month(2026, month), Month(2026, month))
        found = figures.read_many(list(past.FIGURES.values()), scope, [period])[0]
        shown = board.build({"day": last}, actor)
        for column in shown["columns"]:
            assert column["count"] == (found[past.FIGURES[column["light"]]].value or 0), (last, column["light"])
            page = client.get(column["url"])
            assert page.status_code == 200 and len(page.context["page"].rows) == column["count"]
    counts = {column["light"]: column["count"] for column in shown["columns"]}
    assert counts == {"red": 4, "yellow": 1, "grey": 1, "green": 0}, "the complex one had time until the 1st of April"
    assert {row.title for column in shown["columns"] if column["light"] == "grey" for row in column["rows"]} == {"停"}
    team = next(unit for unit in shown["units"] if unit.name == "云岭县营商帮办团")
    assert (team.count, team.late, team.longest) == (4, 3, 19) and (2, 1) in team.days, "the stopped one had two days"
    assert (shown["slips"]["count"], shown["slips"]["late"]) == (1, 1) and shown["instructions"]["count"] == 1
    assert {step["label"]: step["number"] for step in shown["steps"]}[LimitStep.RESOLVE.label] == 5, (
        "the stopped one has no clock"
    )
    now = board.build({"day": "2026-04-08"}, actor)
    assert now["day"] is None and now["slips"]["count"] == 0, "today is now"
    html = client.get(reverse("problems:supervision"), {"day": "2026-03-31"}).content.decode()
    assert "2026-03-31 当天结束时" in html and "回到现在" in html
    ahead = client.get(reverse("problems:supervision"), {"day": "2026-05-01"})
    assert ahead.context["filter_form"].errors and ahead.context["day"] is None
    strange = board.build({"day": "2026-03-31"}, world.actor("stranger_officer"))
    assert not any(column["count"] for column in strange["columns"]) and strange["units"] == []


def test_the_board_by_scope_and_by_person(world):
    a_mixed_ledger(world)
    everything = board.build({}, world.actor("county_officer"))
    chain = world.own.chains[1].pk
    assert (
        sum(column["count"] for column in board.build({"chain": chain}, world.actor("county_officer"))["columns"]) == 0
    )
    assert sum(column["count"] for column in board.build({}, world.actor("stranger_officer"))["columns"]) == 0
    assert board.build({}, world.actor("stranger_officer"))["units"] == []
    assert sum(column["count"] for column in everything["columns"]) == 6


def test_the_board_asks_as_much_of_a_large_ledger(world, client_of):
    client = client_of("county_officer")
    a_mixed_ledger(world)
    client.get(reverse("problems:supervision"))
    earlier = {"day": "2026-03-11"}
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("problems:supervision"))
        client.get(reverse("problems:supervision"), earlier)
    for title in "子丑寅卯辰巳":
        issue(world, in_state(world, "in_progress", title=title))
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("problems:supervision"))
        client.get(reverse("problems:supervision"), earlier)
    assert len(few) == len(many)


# --- figures ------------------------------------------------------------------------------------------------------
def test_figures_of_supervision(world):
    problem = in_state(world, "in_progress")
    late = raised(world, title="受理晚了")
    lifecycle.accept(late, by=world.actor("chain_secretary"), at=day(7))
    issue(world, problem)
    issue(world, problem, kind="supervision")
    lifecycle.instruct(problem, by=world.actor("leader"), text="抓紧")
    row = Instruction.objects.get()
    lifecycle.instruct(problem, by=world.actor("leader"), text="再抓紧")
    instructions.report(row, by=world.actor("team_member"), text="已办")
    recount.rebuild()
    scope, period = scopes.parse(f"region:{world.own.region.code}"), Period(Month(2026, 3), Month(2026, 3))
    codes = [
        "slips_reminder", "slips_supervision", "instructions_given", "instructions_answered", "accept_on_time_rate",
        "sign_on_time_rate", "first_reply_on_time_rate",
    ]  # fmt: skip
    found = figures.read_many(codes, scope, [period])[0]
    assert [found[code].value for code in codes[:5]] == [1, 1, 2, 1, 50]
    assert found["sign_on_time_rate"].value == 100
    assert found["first_reply_on_time_rate"].value is None


def test_a_ladder_run_leaves_the_figures_true(world, monkeypatch):
    in_state(world, "in_progress")
    recount.rebuild()
    monkeypatch.setattr(clock, "now", lambda: day(28, 10))
    assert ladder.run() > 0
    from indicators.drain import drain

    drain()
    assert not compare().differences
