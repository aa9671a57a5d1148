"""Sentences: the right verb for every movement, and an honest sentence where there is nothing."""

import datetime as dt

import pytest

from core import units
from exchange.structure import Figure
from reports.narrative import LAST_MONTH, LAST_YEAR, Measure, amount, moved
from tests.reports import former


def measure(code, value, unit=units.JIAN, **more):
    shown = amount(value, unit, more.get("decimals"))[0]
    figure = Figure(code, "region:990100", dt.date(2026, 10, 1), dt.date(2026, 10, 31), value, unit.code, shown)
    return Measure(code, code, unit, value, figure, **more)


def told(*measures):
    return {entry.code: entry for entry in measures}


@pytest.mark.parametrize(
    ("now", "before", "unit", "clause"),
    [
        (45, 40, units.JIAN, "环比增长12.5%"),
        (40, 45, units.JIAN, "环比下降11.1%"),
        (40, 40, units.JIAN, "与上月持平"),
        (0, 0, units.JIAN, "与上月持平"),
        (3, 0, units.JIAN, "上月为零"),
        (0, 3, units.JIAN, "较上月减少3件"),
        (5, 3, units.JIAN, "较上月增加2件"),
        (12, 9, units.JIAN, "较上月增加3件"),
        (128, 40, units.JIAN, "为上月的3.2倍"),
        (10_001, 10_000, units.JIA, "与上月基本持平"),
        (97.1, 96.9, units.PERCENT, "较上月提高0.2个百分点"),
        (90, 92.5, units.PERCENT, "较上月下降2.5个百分点"),
        (92.54, 92.52, units.PERCENT, "与上月持平"),
        (50, 0, units.PERCENT, "较上月提高50.0个百分点"),
        (5.5, 6, units.WORKDAYS, "较上月缩短0.5个工作日"),
        (7, 6, units.WORKDAYS, "较上月延长1.0个工作日"),
        (7, 6, units.DAYS, "较上月延长1.0天"),
        (12_000, 11_000, units.WAN_YUAN, "环比增长9.1%"),
        (-5, -20, units.JIAN, "较上月增加15件"),
        (None, 3, units.JIAN, ""),
        (3, None, units.JIAN, ""),
    ],
)
def test_movement_has_its_right_word(now, before, unit, clause):
    assert moved(now, before, unit, LAST_MONTH) == clause
    assert "增长-" not in clause and "下降-" not in clause


def test_last_year_is_called_by_its_name():
    assert moved(45, 40, units.JIAN, LAST_YEAR) == "同比增长12.5%"
    assert moved(3, 5, units.JIAN, LAST_YEAR) == "较上年同期减少2件"
    assert moved(3, 0, units.JIAN, LAST_YEAR) == "上年同期为零"


def test_no_movement_of_any_pair_reads_as_a_negative_growth():
    for now in range(60):
        for before in range(60):
            for unit in (units.JIAN, units.PERCENT, units.WORKDAYS):
                clause = moved(now, before, unit)
                assert "-" not in clause
                falls = any(word in clause for word in ("下降", "减少", "缩短"))
                rises = any(word in clause for word in ("增长", "增加", "提高", "延长", "倍", "为零"))
                assert (falls, rises) == (now < before, now > before) or clause.endswith("持平")


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (1513, units.GE, ("1513", "个")),
        (97.125, units.PERCENT, ("97.1", "%")),
        (100, units.PERCENT, ("100.0", "%")),
        (8600, units.WAN_YUAN, ("8600", "万元")),
        (123_456, units.WAN_YUAN, ("12.35", "亿元")),
        (99_999, units.REN, ("99999", "人")),
        (123_456, units.REN, ("12.35", "万人")),
        (None, units.GE, ("—", "")),
        (-0.01, units.PERCENT, ("0.0", "%")),
    ],
)
def test_amounts_are_printed_as_offices_write_them(value, unit, shown):
    assert amount(value, unit) == shown


def test_the_funnel_in_full():
    m = told(
        measure("problems_raised", 45, before=40, year_ago=50, to_date=310),
        measure("problems_accepted", 44, before=44),
        measure("problems_resolved", 33, before=30, to_date=270),
        measure("problems_solved", 30, before=20, to_date=250),
        measure("problems_closed", 0, before=2),
        measure("problems_open", 60, before=61, is_flow=False),
        measure("problems_overdue", 4, before=0),
        measure("on_time_rate", 92.6, units.PERCENT, before=92.4, numerator=25, denominator=27),
        measure("handling_days", 5.5, units.WORKDAYS, before=6, mean=5.5, median=5),
        measure("rating_rate", 80, units.PERCENT, numerator=24, denominator=30),
        measure("satisfaction_rate", 95.8, units.PERCENT, numerator=23, denominator=24),
    )
    paragraphs = [entry.text for entry in former.funnel(m, "2026年10月")]
    assert paragraphs == [
        "2026年10月，收集企业困难问题45件（环比增长12.5%，同比下降10.0%），受理44件，"
        "办结33件（环比增长10.0%），其中全部解决30件，销号0件（较上月减少2件）。"
        "年初以来累计收集问题310件，办结270件。",
        "期末在办问题60件（较上月减少1件），其中超期4件（上月为零）。",
        "按期办结率92.6%（25/27，较上月提高0.2个百分点）。办理用时平均5.5个工作日（较上月缩短0.5个工作日），"
        "中位数5.0个工作日。企业评价率80.0%（24/30），已评价事项满意率95.8%（23/24）。",
    ]


def test_every_number_of_a_sentence_is_a_figure_that_opens():
    m = told(measure("problems_raised", 45, before=40), measure("problems_solved", 30))
    parts = former.funnel(m, "2026年10月")[0].parts
    assert [part.code for part in parts if isinstance(part, Figure)] == ["problems_raised", "problems_solved"]


def test_a_quiet_month_says_so():
    m = told(measure("problems_raised", 0, before=3), measure("problems_closed", 0))
    texts = [entry.text for entry in former.funnel(m, "2026年10月")]
    assert texts[0] == "2026年10月没有新收集、受理、交办或办结的企业困难问题。"
    assert texts[-1].endswith("无从计算。")


def test_nothing_at_all_is_said_in_every_section():
    for paragraphs in (
        former.general({}, "云岭县", "2026年10月31日"),
        former.funnel({}, "2026年10月"),
        former.chains([], "2026年10月"),
        former.meetings({}, "2026年10月", "第四季度", [], 0),
        former.teams({}, "2026年10月", []),
        former.overdue(0, "2026年10月31日", []),
    ):
        assert len(paragraphs) == 1
        text = paragraphs[0].text
        assert text.endswith("。") and any(word in text for word in ("没有", "尚未"))


def test_chains_with_few_cases_are_not_ranked():
    few = [("甲链", measure("problems_raised", 4), None), ("乙链", measure("problems_raised", 1), None)]
    assert "数量过少" in former.chains(few, "2026年10月")[0].text
    many = [("甲链", measure("problems_raised", 6), None), ("乙链", measure("problems_raised", 9), None), *few]
    assert "依次为：乙链9件、甲链6件。" in former.chains(many, "2026年10月")[0].text


def test_meetings_name_the_committees_that_have_not_met():
    m = told(measure("meetings", 3, units.CI, before=3), measure("matters_decided", 7, units.XIANG, before=2))
    text = former.meetings(m, "2026年10月", "2026年第四季度", ["甲党委", "乙党委"], 8)[0].text
    assert text == (
        "2026年10月召开会议3次（与上月持平），议定事项7项（较上月增加5项）。"
        "按产业链党委每季度至少召开一次会议的规定，2026年第四季度尚有2个产业链党委未召开：甲党委、乙党委。"
    )
    assert "均已召开" in former.meetings(m, "2026年10月", "2026年第四季度", [], 8)[0].text


def test_overdue_names_who_holds_it():
    text = former.overdue(5, "2026年10月31日", [("甲团", 3), ("乙局", 2)])[0].text
    assert text == "截至2026年10月31日，超期未办结的问题共5个，分布在：甲团3个、乙局2个。清单见附件。"


def test_what_stands_still_is_said_once():
    level = told(
        measure("key_chains", 8, units.TIAO, before=8), measure("member_enterprises", 150, units.JIA, before=150)
    )
    text = former.general(level, "全县", "2026年10月31日")[0].text
    assert text == "截至2026年10月31日，全县共有重点产业链8条，链上企业150家，均与上月持平。"
    moved_on = told(
        measure("key_chains", 8, units.TIAO, before=8),
        measure("member_enterprises", 150, units.JIA, before=147, is_flow=False),
    )
    text = former.general(moved_on, "全县", "2026年10月31日")[0].text
    assert text == "截至2026年10月31日，全县共有重点产业链8条，链上企业150家（较上月增加3家）。"
