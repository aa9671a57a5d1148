"""Typed units of figures (计量单位): what may be added, converted and how a number is written.

A figure without its unit is half a figure, and 家 added to 家次 is a wrong one. Every unit
has a *kind of thing* it measures; numbers add only inside one kind, after exact conversion.
Classifiers such as 个, 家 and 户 count different things by convention and never mix.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

DASH = "—"


class UnitMismatch(ValueError):
    """Two numbers of unlike units were added, subtracted or compared."""


@dataclass(frozen=True)
class Unit:
    """One unit: `code` is the Chinese sign as printed, `factor` its size in the kind's base unit.

    `decimals` is how many places a number of this unit is printed with unless told otherwise.
    `rate` marks shares (%), whose difference is in percentage points (百分点) and which
    never add up. `short` is the English word behind a number where `english` is too long for a cell.
    """

    code: str
    kind: str
    english: str
    factor: Decimal = Decimal(1)
    decimals: int = 0
    rate: bool = False
    short: str = ""

    def __str__(self):
        return self.code

    @property
    def label(self):
        """The sign in the language of the reader."""
        from django.utils.translation import get_language

        return self.code if (get_language() or "zh").startswith("zh") else self.english

    @property
    def suffix(self):
        """What stands behind a number: the sign in Chinese; in English no classifier, and a space before a word."""
        word = self.label
        if word == self.code:
            return word
        if self.kind.startswith("count:") or (self.kind == "people" and self.factor == 1) or not word:
            return ""
        return f" {self.short or word}"


def _count(code, english):
    return Unit(code, f"count:{code}", english)


GE = _count("个", "")
JIA = _count("家", "enterprises")
HU = _count("户", "households")
MING = _count("名", "persons")
WEI = _count("位", "persons")
JIAN = _count("件", "cases")
XIANG = _count("项", "items")
TIAO = _count("条", "")
QI = _count("起", "cases")
FEN = _count("份", "documents")
CI = _count("次", "times")
CHANG_CI = _count("场次", "sessions")
REN_CI = _count("人次", "attendances")
JIAN_CI = _count("件次", "case-times")
HU_CI = _count("户次", "visits")
JIA_CI = _count("家次", "visits")

REN = Unit("人", "people", "people")
WAN_REN = Unit("万人", "people", "10,000 people", Decimal(10_000), 2)

YUAN = Unit("元", "money", "yuan", Decimal(1), 2)
WAN_YUAN = Unit("万元", "money", "10,000 yuan", Decimal(10_000), 2)
YI_YUAN = Unit("亿元", "money", "100 million yuan", Decimal(100_000_000), 2)

PERCENT = Unit("%", "rate", "%", decimals=1, rate=True)
POINTS = Unit("百分点", "points", "pp", decimals=1)

WORKDAYS = Unit("工作日", "workdays", "working days", decimals=1, short="days")
DAYS = Unit("天", "days", "days", decimals=1)
MONTHS = Unit("个月", "months", "months")
NONE = Unit("", "none", "", decimals=2)

ALL = {
    unit.code: unit
    for unit in (
        GE, JIA, HU, MING, WEI, JIAN, XIANG, TIAO, QI, FEN, CI, CHANG_CI, REN_CI, JIAN_CI,
        HU_CI, JIA_CI, REN, WAN_REN, YUAN, WAN_YUAN, YI_YUAN, PERCENT, POINTS, WORKDAYS,
        DAYS, MONTHS, NONE,
    )
}  # fmt: skip


def get(code):
    """The unit printed as `code`. Raises ValueError for an unknown sign."""
    try:
        return ALL[code]
    except KeyError:
        raise ValueError(_("没有这个计量单位：%(code)s") % {"code": code}) from None


def exact(value):
    """`value` as a Decimal without binary noise (a float goes through its shortest text)."""
    if isinstance(value, Decimal):
        return value
    return Decimal(str(value)) if isinstance(value, float) else Decimal(value)


def convert(value, source, target):
    """`value` of unit `source` in unit `target`, exactly. Raises UnitMismatch for unlike kinds."""
    if value is None:
        return None
    if source.kind != target.kind:
        raise UnitMismatch(_("“%(a)s”不能换算成“%(b)s”。") % {"a": source.code, "b": target.code})
    if source.factor == target.factor:
        return value
    return exact(value) * source.factor / target.factor


@dataclass(frozen=True)
class Quantity:
    """A number with its unit. `+`, `-` and ordering refuse unlike units (UnitMismatch).

    Adding converts to the unit of the left side. Rates never add; the difference of two rates
    is a Quantity in percentage points.
    """

    value: int | Decimal
    unit: Unit

    def to(self, unit):
        return Quantity(convert(self.value, self.unit, unit), unit)

    def __add__(self, other):
        if not isinstance(other, Quantity):
            return NotImplemented
        if self.unit.rate or other.unit.rate:
            raise UnitMismatch(_("比率不能相加。"))
        return Quantity(self.value + other.to(self.unit).value, self.unit)

    def __sub__(self, other):
        if not isinstance(other, Quantity):
            return NotImplemented
        value = self.value - other.to(self.unit).value
        return Quantity(value, POINTS if self.unit.rate else self.unit)

    def __lt__(self, other):
        return self.value < other.to(self.unit).value

    def __le__(self, other):
        return self.value <= other.to(self.unit).value

    def __str__(self):
        return text(self.value, self.unit)


def total(quantities):
    """The sum of like quantities in the unit of the first; None for none at all."""
    result = None
    for quantity in quantities:
        result = quantity if result is None else result + quantity
    return result


def rounded(value, decimals):
    """Half up, as offices round (四舍五入), not half to even."""
    step = Decimal(1).scaleb(-decimals)
    return exact(value).quantize(step, rounding=ROUND_HALF_UP)


def number(value, decimals=0):
    """`value` as text with thousands separators; None is a dash, trailing places stay."""
    if value is None:
        return DASH
    result = rounded(value, decimals)
    if result == 0:
        result = abs(result)  # no "-0.0"
    return f"{result:,f}"


def text(value, unit, decimals=None):
    """`value` with its unit as read: `1,513个` (`1,513` in English), `97.1%`, `—` for None."""
    if value is None:
        return DASH
    return number(value, unit.decimals if decimals is None else decimals) + unit.suffix


def share(numerator, denominator):
    """numerator / denominator in percent, exact Decimal; None where it has no meaning."""
    if numerator is None or not denominator:
        return None
    return exact(numerator) * 100 / exact(denominator)


@dataclass(frozen=True)
class Change:
    """How a figure moved against another period.

    `difference` is in `unit` (百分点 for rates); `percent` is the growth in %, None for rates
    and where the earlier value is zero or missing.
    """

    difference: int | Decimal | None
    unit: Unit
    percent: Decimal | None

    @property
    def direction(self):
        """1 up, -1 down, 0 the same or unknown."""
        if not self.difference:
            return 0
        return 1 if self.difference > 0 else -1


def change(now, before, unit):
    """The Change from `before` to `now`, both of `unit`."""
    moved_in = POINTS if unit.rate else unit
    if now is None or before is None:
        return Change(None, moved_in, None)
    difference = now - before
    if unit.rate or not before:
        return Change(difference, moved_in, None)
    return Change(difference, moved_in, exact(difference) * 100 / abs(exact(before)))


def axis(values):
    """How to scale an axis for `values`: (divisor, prefix), the prefix being "", "万" or "亿".

    Chart libraries know k, M and G only; Chinese readers count in 万 and 亿.
    """
    largest = max((abs(exact(v)) for v in values if v is not None), default=Decimal(0))
    if largest >= 100_000_000:
        return 100_000_000, "亿"
    if largest >= 10_000:
        return 10_000, "万"
    return 1, ""
