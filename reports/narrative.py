"""From figures to sentences: pure functions, no database, no clock.

The right verb for every movement: what fell never "grew by -3%", what was nothing has no percentage, a share moves in
percentage points, a length of time gets longer or shorter. Small numbers are compared in themselves, not in percent.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core import units
from exchange.structure import Figure

# Below this, "grew by 200%" would say less than "two more".
SMALL = 10
# From this on a rise is told as a multiple.
MANY_TIMES = 200

LAST_MONTH, LAST_YEAR = "month", "year"
# How a comparison is opened: (for a percentage, for a difference in the figure itself).
_OPENINGS = {LAST_MONTH: ("环比", "较上月"), LAST_YEAR: ("同比", "较上年同期")}
_BASES = {LAST_MONTH: "上月", LAST_YEAR: "上年同期"}


@dataclass(frozen=True)
class Measure:
    """One indicator in the report's scope and period, with what it is compared against.

    `figure` is made by the caller and is what gets printed; `before` and `year_ago` are None where nothing is known.
    """

    code: str
    name: str
    unit: units.Unit
    value: Any
    figure: Figure
    before: Any = None
    year_ago: Any = None
    to_date: Any = None
    to_date_figure: Figure | None = None
    numerator: Any = None
    denominator: Any = None
    mean: Any = None
    median: Any = None
    definition: str = ""
    decimals: int | None = None
    is_flow: bool = True  # False for what there is at a day

    @property
    def known(self):
        return self.value is not None

    @property
    def places(self):
        return self.unit.decimals if self.decimals is None else self.decimals


def amount(value, unit, decimals=None):
    """(number, unit) as printed: thousands without separators, money from ten thousand 万元 on in 亿元, people from a
    hundred thousand on in 万人. Unknown is a dash without unit."""
    if value is None:
        return units.DASH, ""
    places = unit.decimals if decimals is None else decimals
    if unit is units.WAN_YUAN and abs(units.exact(value)) >= 10_000:
        value, unit, places = units.convert(value, unit, units.YI_YUAN), units.YI_YUAN, 2
    elif unit is units.REN and abs(units.exact(value)) >= 100_000:
        value, unit, places = units.convert(value, unit, units.WAN_REN), units.WAN_REN, 2
    return plain_number(value, places), unit.code


def plain_number(value, places):
    """Half up to `places`, without thousands separators, without a tail of zeros after the point; a dash for None."""
    if value is None:
        return units.DASH
    rounded = units.rounded(value, places)
    text = f"{rounded:f}"
    if "." in text and places != 1:
        text = text.rstrip("0").rstrip(".")
    return text.removeprefix("-") if Decimal(text) == 0 else text


def moved(now, before, unit, against=LAST_MONTH, decimals=None, flow=True):
    """How a figure moved against `before`, as a clause such as 环比增长12.5%; empty with nothing to compare.

    What there is at a day (`flow=False`) is compared in itself: three enterprises more, not 2%.
    """
    if now is None or before is None:
        return ""
    in_percent, in_itself = _OPENINGS[against]
    places = unit.decimals if decimals is None else decimals
    now, before = units.rounded(now, places), units.rounded(before, places)
    if now == before:
        return f"与{_BASES[against]}持平"
    more, gap = now > before, abs(now - before)
    if unit.rate:
        return f"{in_itself}{'提高' if more else '下降'}{plain_number(gap, places)}个百分点"
    if unit in (units.WORKDAYS, units.DAYS):
        return f"{in_itself}{'延长' if more else '缩短'}{plain_number(gap, places)}个{unit.code}".replace("个天", "天")
    if before == 0:
        return f"{_BASES[against]}为零"
    if not flow or abs(before) < SMALL or abs(now) < SMALL:
        return f"{in_itself}{'增加' if more else '减少'}{''.join(amount(gap, unit, places))}"
    percent = gap * 100 / abs(before)
    if more and percent >= MANY_TIMES:
        return f"为{_BASES[against]}的{plain_number(units.exact(now) / before, 1)}倍"
    share = plain_number(percent, 1)
    if share == "0.0":
        return f"与{_BASES[against]}基本持平"
    return f"{in_percent}{'增长' if more else '下降'}{share}%"


def comparisons(measure, *, year=True, level=True):
    """Both comparisons of a measure, joined: 环比增长12.5%，同比下降3.0%. Empty where neither can be made.

    With `level=False` what stayed level goes unsaid.
    """
    clauses = [moved(measure.value, measure.before, measure.unit, LAST_MONTH, measure.places, measure.is_flow)]
    if year:
        clauses.append(moved(measure.value, measure.year_ago, measure.unit, LAST_YEAR, measure.places, measure.is_flow))
    return "，".join(told for told in clauses if told and (level or not told.endswith("持平")))


# --- what can be said about figures (the ways of `reports.language`) ----------------------------------------------


def printed(value, figure, unit, places):
    """A figure with its unit, as parts of a sentence."""
    number, sign = amount(value, unit, places)
    return (figure or number, spoken(sign))


def spoken(sign):
    """The unit behind a number in a sentence: 5.5个工作日."""
    return f"个{sign}" if sign == units.WORKDAYS.code else sign


def about(measure, way):
    """What `way` says of one measure, as parts; None where it has nothing to say."""
    if measure is None or not measure.known:
        return None
    return _WAYS[way](measure)


def _value(measure):
    return printed(measure.value, measure.figure, measure.unit, measure.places)


def _to_date(measure):
    if measure.to_date is None:
        return None
    return printed(measure.to_date, measure.to_date_figure, measure.unit, measure.places)


def _told(text):
    return (text,) if text else None


def _parts(measure):
    if measure.numerator is None or not measure.denominator:
        return None
    return (f"{plain_number(measure.numerator, 0)}/{plain_number(measure.denominator, 0)}",)


def _median(measure):
    return None if measure.median is None else (f"{plain_number(measure.median, 1)}{spoken(measure.unit.code)}",)


_WAYS = {
    "": _value,
    "非零": lambda one: _value(one) if one.value else None,
    "环比": lambda one: _told(comparisons(one, year=False)),
    "环比变动": lambda one: _told(comparisons(one, year=False, level=False)),
    "同比": lambda one: _told(moved(one.value, one.year_ago, one.unit, LAST_YEAR, one.places, one.is_flow)),
    "对比": lambda one: _told(comparisons(one)),
    "累计": _to_date,
    "累计非零": lambda one: _to_date(one) if one.to_date else None,
    "比": _parts,
    "中位数": _median,
}


def about_all(measures, way):
    """What `way` says of several measures at once: a condition (nothing, or missing) or that all stand still."""
    known = [one for one in measures if one is not None and one.known]
    if not known:
        return None
    if way == "均持平":
        level = (moved(one.value, one.before, one.unit, LAST_MONTH, one.places, one.is_flow) for one in known)
        return ("均与上月持平",) if all(told.endswith("持平") for told in level) else None
    some = any(one.value for one in known)
    return () if some == (way == "有数时") else None


def against_target(measure, target, at_most):
    """The figure beside its target, as a clause: 完成2026年目标（120个）的62.5%. `target` is (value, its years)."""
    value, years = target
    places = measure.places
    now, wanted = units.rounded(measure.value, places), units.rounded(value, places)
    gap = abs(now - wanted)
    number, sign = amount(gap, measure.unit, places)
    apart = f"{number}个百分点" if measure.unit.rate else f"{number}{spoken(sign)}"
    if measure.unit.rate or measure.mean is not None:
        if now == wanted:
            return f"与{years}目标持平"
        return f"{'高于' if now > wanted else '低于'}{years}目标{apart}"
    told = "".join(amount(value, measure.unit, places))
    if at_most:
        return f"超出{years}目标{apart}" if now > wanted else f"未超出{years}目标（{told}）"
    if not wanted:
        return ""
    return f"完成{years}目标（{told}）的{plain_number(units.exact(measure.value) * 100 / units.exact(value), 1)}%"
