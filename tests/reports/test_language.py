"""The language of sentences: what it reads, what falls away, what it never prints; what the shipped text says."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.structure import Figure
from indicators import declarations
from reports.facts import FACTS
from reports.language import LONGEST, WAYS, NotComputable, parse, say
from reports.sections import OFFERS, SHIPPED
from tests.reports import former
from tests.reports.sentences import TOLD, UNITS, Month, declared, measure, month

RISES, FALLS = re.compile("增长|增加|提高|延长|倍"), re.compile("下降|减少|缩短")
# A number and what stands behind it: its unit, a date, a sign that it is one of two, or the next digits.
NUMBER = re.compile(r"\d+(?:\.\d+)?(.{0,4})")
BEHIND = ("年", "月", "日", "/", "倍", "个百分点", "—", "（", *UNITS)
BROKEN = re.compile(r"None|nan|—%|[{}\[\]|]|（）|（[，、；]|[，、；]{2}|[，、；][。）]|。。|^[，、；。]")


def text_of(parts):
    return "".join(part if isinstance(part, str) else part.text for part in parts)


def told(text, m=None, facts=None, **more):
    return text_of(say(parse(text, FACTS), Month(m or {}, facts, **more)))


def counted(code, value, **more):
    return {code: measure(declared(code), value, **more)}


def shipped():
    return [(one.code, number, parse(line, FACTS)) for one in SHIPPED for number, line in one.paragraphs]


def lines(code):
    return [parse(line, FACTS) for one in SHIPPED if one.code == code for _number, line in one.paragraphs]


# --- what it says -------------------------------------------------------------------------------------------------


def test_a_figure_is_printed_with_its_unit_and_stays_bound():
    parts = say(
        parse("收集{problems_raised}[（{problems_raised|环比}）]。", FACTS),
        Month(counted("problems_raised", 45, before=40)),
    )
    assert text_of(parts) == "收集45个（环比增长12.5%）。"
    bound = [part for part in parts if isinstance(part, Figure)]
    assert [(one.code, one.scope, one.value) for one in bound] == [("problems_raised", "region:990100", 45)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[收集{problems_raised}][，办结{problems_resolved}]。",
            "办结3个。",
        ),
        ("{月份}[，收集{problems_raised}][，办结{problems_resolved}]。", "2026年10月，办结3个。"),
        ("[办结{problems_resolved}][（{problems_resolved|环比}）][，销号{problems_closed}]。", "办结3个，销号0个。"),
        ("办结{problems_resolved}。收集{problems_raised}。", "办结3个。"),  # a sentence falls away with what it lacks
        ("收集{problems_raised}。 || {月份}没有收集。", "2026年10月没有收集。"),
        ("销号{problems_closed|非零}。 || 没有销号。", "没有销号。"),
        ("{problems_resolved,problems_closed|有数时}有。 || 无。", "有。"),
        ("{problems_closed|皆零时}没有销号。", "没有销号。"),
        ("只有文字。", "只有文字。"),
        ("[收集{problems_raised}]", ""),
        ("办结{problems_resolved|对目标}。", "办结完成2026年目标（6个）的50.0%。"),
        ("发放{credit_issued|累计}。", "发放134.2亿元。"),
        ("覆盖率{organisation_coverage}，{organisation_coverage|环比}。", "覆盖率92.6%，较上月提高0.2个百分点。"),
    ],
)
def test_what_is_missing_takes_its_clause_along(text, said):
    m = counted("problems_resolved", 3) | counted("problems_closed", 0) | counted("credit_issued", 1_342_000)
    m |= counted("organisation_coverage", 92.6, before=92.4)
    assert told(text, m, target=6) == said


# --- what it refuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("收集{problems_new}。", 3, "没有“problems_new”"),
        ("收集{problems_raise}。", 3, "是不是“problems_raised”"),
        ("收集{problems_raised|环此}。", 3, "没有“环此”这种写法"),
        ("共{problems_open|累计}。", 2, "不能用“累计”"),
        ("[收集{problems_raised}。", 1, "没有对应的“]”"),
        ("收集{problems_raised。", 3, "没有对应的“}”"),
        ("收集]。", 3, "多了一个“]”"),
        ("[只有字]。", 1, "没有指标"),
        ("收集|。", 3, "“|”只用在大括号里"),
        ("增长{problems_raised|环比}。", 3, "升降由数字决定"),
        ("{problems_raised,problems_open}。", 1, "只用于一项指标"),
        ("{__class__}{0.a!r}", 1, "没有“__class__”"),
        ("[" * 9 + "{problems_raised}" + "]" * 9, 5, "最多套4层"),
        ("长" * (LONGEST + 1), LONGEST + 1, "最多"),
    ],
)
def test_what_does_not_compute_is_told_at_its_place(text, at, words):
    with pytest.raises(NotComputable) as refused:
        parse(text, FACTS)
    assert refused.value.wrong[0].at == at
    assert words in str(refused.value.wrong[0])


@settings(max_examples=150)
@given(st.text(alphabet="{}[]|，。环比problems_raised,月份\x00a ", max_size=60))
def test_no_text_does_more_than_be_refused(text):
    try:
        template = parse(text, FACTS)
    except NotComputable as refused:
        assert all(1 <= one.at <= len(text) + 1 for one in refused.wrong)
    else:
        assert not re.search(r"[{}]", text_of(say(template, Month(counted("problems_raised", 3)))))


# --- what no sentence prints --------------------------------------------------------------------------------------


def every_way():
    """Each declared indicator in each way that fits it, as a sentence of its own."""
    return [
        parse(f"其中{{{one.code}{'|' if way else ''}{way}}}。", FACTS)
        for one in declarations.indicators()
        for way, known in WAYS.items()
        if known.fits(one)
    ]


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), course=st.sampled_from(["rise", "fall", "level"]))
def test_no_sentence_says_a_wrong_direction_a_bare_number_or_nothing(seed, course):
    rng = random.Random(seed)
    m = month(seed, course)
    facts = {name: text for name, text in TOLD.items() if FACTS[name].always or rng.random() < 0.6}
    chains = [(name, m["problems_raised"]) for name in ("甲链", "乙链") if m["problems_raised"].value]
    material = Month(m, facts, chains)
    for template in [*rng.sample(EVERY, 300), *(one for _code, _number, one in SAID)]:
        parts = say(template, material)
        text = text_of(parts)
        assert not BROKEN.search(text), text
        assert not re.search(r"[多少高低长短加降出]-", text), text
        assert course != "rise" or not FALLS.search(text), text
        assert course != "fall" or not RISES.search(text), text
        assert course != "level" or not (RISES.search(text) or FALLS.search(text)), text
        if all(declared(code).unit.code for code in template.codes()):  # 平均帮带数 is a mere number
            for number in NUMBER.finditer(text):
                counted_out = text[: number.start()].endswith(("/", "YL-"))
                assert counted_out or number[1].startswith(BEHIND), (number[0], text)


EVERY, SAID = [], []


@pytest.fixture(scope="module", autouse=True)
def _read_once():
    EVERY[:], SAID[:] = every_way(), shipped()


# --- the shipped text ---------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32))
def test_the_shipped_sentences_say_what_was_said_before_they_were_data(seed):
    rng = random.Random(seed)
    m = month(seed)
    # Nobody counts half of the funnel: where one of these is unknown, all are.
    for code in ("problems_raised", "key_chains", "help_teams", "meetings", "problems_overdue"):
        if not m[code].known:
            m |= counted(code, rng.choice([0, 7]))
    # A report adds the year up in the problems' own unit, however many there are.
    held = list(zip("甲乙丙丁戊己", (9, 5, 4, 3, 2, 1), strict=True))[: rng.randint(0, 6)]
    holders = "、".join(f"{name}{number}个" for name, number in held[:5]) + ("等" if len(held) > 5 else "")
    late = ["甲党委", "乙党委"] if rng.random() < 0.5 else []
    total = rng.choice([0, 8]) if not late else 8
    rows = [
        (name, measure(declared("problems_raised"), value), None)
        for name, value in (("甲链", rng.randint(0, 9)), ("乙链", rng.randint(0, 30)))
    ][: rng.randint(0, 2)]
    busy = sorted((row for row in rows if row[1].value >= 5), key=lambda row: -row[1].value)
    cases = rng.random() < 0.5
    facts = {
        **{name: TOLD[name] for name in ("月份", "截至", "范围", "季度")},
        "未召开党委数": f"{len(late)}个" if late else None,
        "未召开党委": "、".join(late) or None,
        "各党委均已召开": "各产业链党委均已召开" if total and not late else None,
        "超期责任单位": holders or None,
        "帮办团有办件时": "" if cases else None,
        "帮办团无办件时": None if cases else "",
        "各链收集较少时": "" if rows and not busy else None,
    }
    m |= counted("problems_overdue", sum(number for _name, number in held))
    material = Month(m, facts, [(name, one) for name, one, _open in busy])
    of = {
        "general": former.general(m, "全县", TOLD["截至"]),
        "ledger": former.funnel(m, TOLD["月份"]),
        "chains": former.chains(rows, TOLD["月份"]),
        "meetings": former.meetings(m, TOLD["月份"], TOLD["季度"], late, total),
        "teams": former.teams(m, TOLD["月份"], [1] if cases else []),
        "overdue": former.overdue(m["problems_overdue"].value, TOLD["截至"], held),
    }
    for code, paragraphs in of.items():
        said = [text_of(say(template, material)) for template in lines(code)]
        assert [one for one in said if one][: len(paragraphs)] == [one.text for one in paragraphs], code


def test_the_shipped_sections_are_whole():
    codes = [one.code for one in SHIPPED]
    assert codes == list(OFFERS)
    for one in SHIPPED:
        assert set(one.tables) == set(OFFERS[one.code].tables)
    assert {"general", "ledger", "overdue", "meetings", "activities", "teams", "lists", "mechanisms", "corrections",
            "next"} <= set(codes)  # fmt: skip
