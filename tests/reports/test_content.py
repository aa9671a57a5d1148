"""The report from the engine: its figures are those of the engine, in Word, in Excel and on the screen."""

import datetime as dt
import io
import re

import docx
import openpyxl
import pytest

from closing import places, targets
from core.periods import Month, Period
from exchange import official
from exchange.structure import Heading, Paragraph, Table, from_json, iter_figures, to_json
from indicators import figures, scopes
from indicators.drain import drain
from problems.enums import State
from reports import content, reading, screen, workbook
from reports.sections import Section
from tests import factories as make
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db
MARCH = Period.month(2026, 3)
# The last day of the month; the entries were raised on Monday 2 March.
TODAY = dt.date(2026, 3, 31)
PLACES = ("region:990100", "chain", "committee")


@pytest.fixture
def busy(world):
    """A month with entries in every main state, two of them overdue at its end, a meeting and a decision."""
    for state in (State.SUBMITTED, State.ACCEPTED, State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED, State.CLOSED):
        in_state(world, state)
    raised(world, enterprise=world.own.enterprises[2], by="county_officer")
    meeting = make.MeetingFactory(committee=world.own.committees[0], held_on=dt.date(2026, 3, 10))
    make.DecisionFactory(meeting=meeting, text="=1+1 协调冷链车辆")
    while drain():
        pass
    return world


def scope_named(world, name):
    own = world.own
    address = {"chain": f"chain:{own.chains[0].pk}", "committee": f"committee:{own.committees[0].pk}"}.get(name, name)
    return scopes.parse(address)


def built(world, name="region:990100", person="county_officer"):
    scope = scope_named(world, name)
    return scope, content.build(scope, MARCH, world.actor(person), today=TODAY)


def words(document):
    return "\n".join(entry.text for entry in docx.Document(io.BytesIO(official.render(document))).paragraphs)


@pytest.mark.parametrize("name", PLACES)
def test_every_printed_figure_is_the_engines(busy, name):
    scope, document = built(busy, name)
    printed = list(iter_figures(document))
    assert len(printed) > 20
    for figure in printed:
        crossed = figure.extra.removeprefix("chain=") or None
        where = scopes.parse(figure.scope, chain=crossed)
        period = Period(Month.of(figure.first), Month.of(figure.last))
        read = figures.read([figure.code], where, period, today=TODAY)[figure.code]
        assert figure.value == reading.plain(read.value), figure.code
    assert scope.key in {figure.scope for figure in printed}


def test_the_word_file_says_the_figures_of_the_engine(busy):
    scope, document = built(busy)
    text = words(document)
    read = figures.read(["problems_raised", "problems_closed", "problems_overdue"], scope, MARCH, today=TODAY)
    assert read["problems_raised"].value == 7 and read["problems_overdue"].value == 2
    assert f"收集企业困难问题{read['problems_raised'].value}个" in text
    assert f"销号{read['problems_closed'].value}个" in text
    assert "其中超期2个" in text
    assert "超期未办结的问题共2个，分布在：云岭县营商帮办团2个。" in text
    assert "中共云岭县委组织部" in text and "2026年3月31日" in text


def test_the_overdue_list_has_as_many_rows_as_its_figure(busy):
    scope, document = built(busy)
    overdue = next(table for entry in document.attachments for table in entry.blocks if table.key == "overdue")
    figure = figures.read(["problems_overdue"], scope, MARCH, today=TODAY)["problems_overdue"]
    assert len(overdue.rows) == figure.value
    assert all(row[7] > 0 and row[5] == "云岭县营商帮办团" for row in overdue.rows)


def test_meetings_and_decisions_are_listed_as_often_as_they_are_counted(busy):
    scope, document = built(busy)
    tables = {table.key: table for entry in document.attachments for table in entry.blocks}
    read = figures.read(["meetings", "matters_decided"], scope, MARCH, today=TODAY)
    assert len(tables["meetings"].rows) == read["meetings"].value == 1
    assert len(tables["decisions"].rows) == read["matters_decided"].value == 1
    text = words(document)
    assert "召开会议1次" in text and "议定事项1项" in text
    assert "2026年第一季度尚有1个产业链党委未召开：云岭县果蔬产业链党委。" in text


def test_columns_by_chain_add_up_to_their_totals(busy):
    _scope, document = built(busy)
    table = next(block for block in document.blocks if isinstance(block, Table) and block.key == "chains")
    for position, column in enumerate(table.columns):
        if column.kind == "integer":
            cells = [getattr(row[position], "value", row[position]) or 0 for row in table.rows]
            assert sum(cells) == table.totals[position].value, column.label


def test_word_excel_and_screen_say_the_same(busy):
    _scope, document = built(busy)
    book = openpyxl.load_workbook(io.BytesIO(workbook.render(document)))
    rows = {row[0]: row for row in book["主要指标"].iter_rows(min_row=5, values_only=True)}
    of_month = (f for f in iter_figures(document.blocks) if f.scope == "region:990100" and f.first == MARCH.start)
    in_text = {f.label: f for f in of_month}
    assert len(in_text) > 10
    for label, figure in in_text.items():
        assert rows[label][2] == (pytest.approx(figure.value) if figure.value is not None else None), label
    shown = "".join(
        part["text"]
        for section in screen.sections(document)
        for block in section["blocks"]
        if block["is"] == "paragraph"
        for part in block["parts"]
    )
    text = words(document)
    for block in document.blocks:
        if isinstance(block, Paragraph):
            assert block.text in text and block.text in shown


def test_every_figure_on_the_screen_opens_its_rows(busy, client_of):
    _scope, document = built(busy)
    client = client_of("county_officer")
    addresses = {reading.rows_url(figure) for figure in iter_figures(document) if figure.value}
    assert len(addresses) > 10
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_a_snapshot_makes_the_same_files(busy):
    _scope, document = built(busy)
    again = from_json(to_json(document))
    assert official.render(again) == official.render(document)
    assert workbook.render(again) == workbook.render(document)


def test_a_county_without_anything_gets_a_report_that_says_so(world):
    while drain():
        pass
    scope = scopes.parse("region:990100")
    document = content.build(scope, Period.month(2024, 2), world.actor("county_officer"), today=TODAY)
    text = words(document)
    assert "2024年2月没有新收集、受理、交办或办结的企业困难问题。" in text
    assert "没有超期未办结的问题" in text
    assert not re.search(r"None|nan|—%|\{|\}", text)


def test_no_heading_stands_over_nothing(busy):
    for name in PLACES:
        _scope, document = built(busy, name)
        for heading, after in zip(document.blocks, [*document.blocks[1:], None], strict=True):
            assert not (isinstance(heading, Heading) and (after is None or isinstance(after, Heading))), heading


def test_a_secretary_reads_the_own_committees_report(busy):
    _scope, document = built(busy, "committee", "chain_secretary")
    assert "云岭县肉牛产业链党委" in document.title
    assert document.signer == "云岭县肉牛产业链党委" and document.addressee == "中共云岭县委组织部"
    assert "帮办团工作情况" not in words(document)


def test_a_running_month_says_until_when(busy):
    scope = scopes.parse("region:990100")
    document = content.build(scope, MARCH, busy.actor("county_officer"), today=dt.date(2026, 3, 20))
    text = words(document)
    assert "2026年3月（截至2026年3月20日）" in text
    assert "收集企业困难问题7个，受理5个" in text  # part of a month is not set beside a whole one


def test_its_cost_does_not_grow_with_the_ledger(busy, django_assert_max_num_queries):
    scope, actor = scopes.parse("region:990100"), busy.actor("county_officer")
    for _more in range(5):
        raised(busy)
    while drain():
        pass
    with django_assert_max_num_queries(40):
        content.build(scope, MARCH, actor, today=TODAY)


def test_single_rows_targets_and_first_times_are_named(busy):
    """What no measure says alone: the longest, what falls due next, the year's target, what is new."""
    officer, scope = busy.actor("county_officer"), scopes.parse("region:990100")
    targets.set_target(
        places.of_scope(scope), by=officer, indicator="problems_raised", value=10, unit="个", first_year=2026, years=1,
        source="年度目标任务书",
    )  # fmt: skip
    asked = "\n".join(
        ["{problems_raised|对目标}。", "最久的是{problems_open|最久}。", "{decisions_open|最久}。",
         "{matters_decided}[，为{matters_decided|首次}]。", "{problems_raised}[，为{problems_raised|首次}]。"]
    )  # fmt: skip
    section = Section("free-1", "特色", asked)
    lines = [block.text for block in content.Writing(scope, MARCH, officer, TODAY, [section]).blocks(section)[1:]]
    assert lines[0] == "完成2026年目标（10个）的70.0%。"
    assert lines[1].startswith(f"最久的是{busy.own.enterprises[0].name}“冷链运输车辆不足”（")
    assert lines[1].endswith("个工作日）。") and "=1+1 协调冷链车辆" in lines[2]
    assert lines[3:] == ["1项。", "7个。"], "the months before were not used at all: nothing is a first time"
    _scope, document = built(busy)
    text = words(document)
    assert "其中超期最久的是：" in text and "督促落实下月底前到期的议定事项，共1项：" in text
    assert text.index("下一步工作") > text.index("超期未办结问题")
