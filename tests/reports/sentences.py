"""Random months for sentences: measures of every declared indicator, and facts that are there or are not."""

import datetime as dt
import random

from core import units
from exchange.structure import Figure
from indicators import declarations
from reports import narrative
from reports.facts import FACTS
from reports.narrative import Measure, amount

FIRST, LAST = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
TOLD = {
    "月份": "2026年10月", "截至": "2026年10月31日", "范围": "全县", "季度": "2026年第四季度", "未召开党委数": "2个",
    "未召开党委": "甲党委、乙党委", "各党委均已召开": "各产业链党委均已召开", "超期责任单位": "甲团3个、乙局2个",
    "更正月份": "2026年8月2项", "到期议定事项": "共1项：甲党委“协调车辆”（2026年11月9日）",
    "到期机制事项": "共1项：甲党委“每季度一次会议”（2026年11月30日）", "签约来源": "节会12个、3.5亿元",
    "代办种类": "方案服务12次", "其他活动种类": "党员创新12次", "填报数": "2026年上半年生产总值增速8.0%",
}  # fmt: skip

ONCE = {"最久": "甲公司“车辆不足”（YL-1，提交以来12个工作日）", "首次": "近十二个月首次"}


def figure(one, value):
    text = amount(value, one.unit, one.places)[0]
    return Figure(one.code, "region:990100", FIRST, LAST, value, one.unit.code, text)


def measure(one, value, rng=None, **more):
    """A measure of a declared indicator as `reading` makes it."""
    counted = one.kind in ("flow", "distinct")
    to_date = None if not counted or value is None else value + (rng.randint(0, 50) if rng else 0)
    if one.kind == "duration" and value is not None:
        more |= {"mean": value, "median": value}
    if one.kind == "ratio" and value is not None:
        more |= {"numerator": 25, "denominator": 27}
    return Measure(
        one.code, str(one.name), one.unit, value, figure(one, value), decimals=one.places,
        is_flow=one.kind != "stock", to_date=to_date, to_date_figure=None if to_date is None else figure(one, to_date),
        **more,
    )  # fmt: skip


def drawn(one, rng):
    """A value that the indicator can have: nothing, zero, few, many."""
    if rng.random() < 0.15:
        return None
    if one.unit.rate:
        return rng.choice([0, 100, round(rng.uniform(0, 100), 1)])
    whole = rng.choice([0, 1, rng.randint(0, 20), rng.randint(0, 5000), rng.randint(0, 3_000_000)])
    return whole if not one.places else round(whole + rng.random(), 1)


def another(one, value, course, rng):
    """An earlier value that `value` rose from, fell from or equals."""
    if value is None or course == "level":
        return value
    gap = rng.choice([1, 2, rng.randint(1, 30)]) if not one.unit.rate else rng.choice([0.5, 3])
    earlier = value - gap if course == "rise" else value + gap
    return earlier if earlier >= 0 else None


def month(seed, course=None):
    """{code: Measure} of every declared indicator; with `course` all of them rise, fall or stand still."""
    rng, found = random.Random(seed), {}
    for one in declarations.indicators():
        value = drawn(one, rng)
        way = course or rng.choice(["rise", "fall", "level"])
        before, year_ago = (another(one, value, way, rng) if rng.random() < 0.8 else None for _twice in "12")
        found[one.code] = measure(one, value, rng, before=before, year_ago=year_ago)
    return found


class Month:
    """As `reports.material.Material`, of measures and facts by hand."""

    def __init__(self, measures, facts=None, chains=(), target=None):
        self.measures, self.chains, self.target = measures, chains, target
        self.facts = TOLD if facts is None else facts

    def always(self, name):
        return FACTS[name].always

    def fact(self, name):
        text = self.facts.get(name, "" if FACTS[name].condition else None)
        return None if text is None else (text,) if text else ()

    def about(self, codes, way):
        if way in ("均持平", "有数时", "皆零时"):
            return narrative.about_all([self.measures.get(code) for code in codes], way)
        one = self.measures.get(codes[0])
        if one is None or not one.known:
            return None
        if way == "对目标":
            told = narrative.against_target(one, (self.target, "2026年"), False) if self.target else ""
            return (told,) if told else None
        if way == "按产业链":
            parts = []
            for name, chain in self.chains:
                parts += ["、"] if parts else []
                parts += [name, *narrative.printed(chain.value, chain.figure, chain.unit, chain.places)]
            return tuple(parts) or None
        if way in ("最久", "首次"):
            return (
                ("甲公司“车辆不足”（YL-1，提交以来12个工作日）" if way == "最久" else "近十二个月首次",)
                if one.value
                else None
            )
        return narrative.about(one, way)


def declared(code):
    return declarations.get(code)


UNITS = sorted({unit.code for unit in units.ALL.values() if unit.code} | {"个工作日"}, key=len, reverse=True)
