"""Periods that figures are asked for (统计期间): whole months, counted in Asia/Shanghai.

month 月, quarter 季度, half-year 半年, year 年, year to date 年初至今, and any range of months. Weeks and 旬, which no
month holds evenly, are `core.day_periods`; `Period.parse` reads them too.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import ClassVar

from django.utils import dateformat
from django.utils.translation import gettext as _

from core import clock

FIRST_YEAR, LAST_YEAR = 1949, 2200

MONTH, QUARTER, HALF, YEAR, TO_DATE, RANGE = (
    "month",
    "quarter",
    "half",
    "year",
    "ytd",
    "range",
)
_LENGTH = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month. `+` and `-` move by months."""

    year: int
    number: int

    @classmethod
    def of(cls, day):
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text):
        """`2022-01`. Raises ValueError with a sentence."""
        match = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", (text or "").strip())
        if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR and 1 <= int(match[2]) <= 12:
            return cls(int(match[1]), int(match[2]))
        raise ValueError(_("月份应写作 2022-01 这样的年月。"))

    @property
    def index(self):
        return self.year * 12 + self.number - 1

    @classmethod
    def at(cls, index):
        return cls(index // 12, index % 12 + 1)

    def __add__(self, months):
        return Month.at(self.index + months)

    def __sub__(self, other):
        """Months between two months, or the month that many months earlier."""
        if isinstance(other, Month):
            return self.index - other.index
        return Month.at(self.index - other)

    @property
    def first_day(self):
        return dt.date(self.year, self.number, 1)

    @property
    def last_day(self):
        return (self + 1).first_day - dt.timedelta(days=1)

    @property
    def code(self):
        """YYYYMM as a number, as the facts keep it."""
        return self.year * 100 + self.number

    def __str__(self):
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def name(self):
        return dateformat.format(self.first_day, _("Y年n月"))


def _kind_of(first, last):
    """The kind that a range of months is by its shape; year to date is never guessed."""
    length = last - first + 1
    for kind, months in _LENGTH.items():
        if length == months and (first.number - 1) % months == 0:
            return kind
    return RANGE


@dataclass(frozen=True)
class Period:
    """Whole months from `first` to `last`, both included."""

    first: Month
    last: Month
    kind: str = ""
    # Whether it is made of days that no month holds evenly.
    by_day: ClassVar[bool] = False

    def __post_init__(self):
        if self.last < self.first:
            raise ValueError(_("结束月份不能早于开始月份。"))
        # What can be asked for begins with FIRST_YEAR; what it is compared with may lie before it.
        if self.last.year > LAST_YEAR:
            raise ValueError(_("月份应写作 2022-01 这样的年月。"))
        if not self.kind:
            object.__setattr__(self, "kind", _kind_of(self.first, self.last))

    # making one

    @classmethod
    def month(cls, year, number):
        return cls(Month(year, number), Month(year, number), MONTH)

    @classmethod
    def quarter(cls, year, number):
        return cls(Month(year, number * 3 - 2), Month(year, number * 3), QUARTER)

    @classmethod
    def half(cls, year, number):
        return cls(Month(year, number * 6 - 5), Month(year, number * 6), HALF)

    @classmethod
    def year(cls, year):
        return cls(Month(year, 1), Month(year, 12), YEAR)

    @classmethod
    def to_date(cls, month):
        """From January to `month` (a Month), by default for "today" the running month."""
        return cls(Month(month.year, 1), month, TO_DATE)

    @classmethod
    def current_month(cls):
        month = Month.of(clock.today())
        return cls(month, month, MONTH)

    @classmethod
    def parse(cls, text):
        """`2022-03`, `2022-Q3`, `2022-H1`, `2022`, `2022-08-YTD`, `ytd`, `2022-01..2022-08`; of `2022-W31` and
        `2022-08-T3` the DayPeriod.

        Raises ValueError with a sentence.
        """
        text = (text or "").strip().upper()
        if text == "YTD":
            return cls.to_date(Month.of(clock.today()))
        if ".." in text:
            first, _dots, last = text.partition("..")
            return cls(Month.parse(first), Month.parse(last))
        if text.endswith("-YTD"):
            return cls.to_date(Month.parse(text.removesuffix("-YTD")))
        match = re.fullmatch(r"([0-9]{4})(?:-(Q[1-4]|H[12]))?", text)
        if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            part = match[2] or ""
            if part.startswith("Q"):
                return cls.quarter(int(match[1]), int(part[1]))
            if part.startswith("H"):
                return cls.half(int(match[1]), int(part[1]))
            return cls.year(int(match[1]))
        month = re.fullmatch(r"[0-9]{4}-[0-9]{1,2}", text)
        if not month:
            return cls._of_days(text)
        found = Month.parse(text)
        return cls(found, found, MONTH)

    @staticmethod
    def _of_days(text):
        from core.day_periods import DayPeriod  # it is made of what stands here

        found = DayPeriod.read(text)
        if found is None:
            raise ValueError(
                _(
                    "期间应写作 2022-03、2022-Q3、2022-H1、2022、2022-08-YTD、2022-01..2022-08、"
                    "2022-W31（周）或 2022-08-T3（下旬）。"
                )
            )
        return found

    @classmethod
    def from_query(cls, params, default=None):
        """The period asked for by `from` and `to` (`period` where neither is given).

        `params` is a mapping such as request.GET. With only one of the two, the period is that
        one month. With nothing, `default` or the running month. Raises PeriodError, a ValueError that
        knows the field (`from`, `to` or `period`).
        """
        first, last = params.get("from", ""), params.get("to", "")
        if not first and not last:
            if not params.get("period"):
                return default or cls.current_month()
            try:
                return cls.parse(params["period"])
            except ValueError as error:
                raise PeriodError(str(error), "period") from None
        months = []
        asked = [("from", first or last), ("to", last or first)]
        for name, text in asked if first else reversed(asked):
            try:
                months.append(Month.parse(text))
            except ValueError as error:
                raise PeriodError(str(error), name) from None
        try:
            return cls(*(months if first else reversed(months)))
        except ValueError as error:
            raise PeriodError(str(error), "to") from None

    # asking one

    def __len__(self):
        return self.last - self.first + 1

    def months(self):
        return [self.first + n for n in range(len(self))]

    @property
    def start(self):
        """Its first day."""
        return self.first.first_day

    @property
    def end(self):
        """Its last day."""
        return self.last.last_day

    def as_of(self, today=None):
        """The day that stocks are told for: its end, or today while it runs or is yet to come."""
        return min(self.end, today or clock.today())

    def contains(self, day):
        return self.start <= day <= self.end

    def previous(self):
        """The period before, for "compared with the last one" (环比).

        Of a year to date: the same number of months just before January is of no use to anybody,
        so it is the year to date of one month less; January's is last year's whole.
        """
        if self.kind == TO_DATE:
            before = self.last - 1
            return Period.to_date(before)
        return Period(self.first - len(self), self.last - len(self), self.kind)

    def next(self):
        """The period that this one is the `previous` of."""
        if self.kind == TO_DATE:
            return Period.to_date(self.last + 1)
        return Period(self.first + len(self), self.last + len(self), self.kind)

    def year_ago(self):
        """The same period of last year (同比)."""
        return Period(self.first - 12, self.last - 12, self.kind)

    @property
    def code(self):
        """The text that `parse` reads back."""
        first = self.first
        return {
            MONTH: str(first),
            QUARTER: f"{first.year}-Q{(first.number + 2) // 3}",
            HALF: f"{first.year}-H{(first.number + 5) // 6}",
            YEAR: str(first.year),
            TO_DATE: f"{self.last}-YTD",
        }.get(self.kind) or f"{first}..{self.last}"

    def query(self):
        """The parameters that name it in an address."""
        return {"from": str(self.first), "to": str(self.last)}

    @property
    def name(self):
        """As people say it: 2022年第三季度, 2022年1—8月."""
        first, last = self.first, self.last
        values = {
            "year": first.year,
            "month": first.number,
            "to_year": last.year,
            "to_month": last.number,
            "quarter": (first.number + 2) // 3,
        }
        if self.kind == MONTH:
            return first.name
        if self.kind == QUARTER:
            return _("%(year)d年第%(quarter)d季度") % values
        if self.kind == HALF:
            return (_("%(year)d年上半年") if first.number == 1 else _("%(year)d年下半年")) % values
        if self.kind == YEAR:
            return _("%(year)d年") % values
        if first == last:
            return first.name
        if first.year == last.year:
            return _("%(year)d年%(month)d—%(to_month)d月") % values
        return _("%(year)d年%(month)d月—%(to_year)d年%(to_month)d月") % values

    def __str__(self):
        return self.name


class PeriodError(ValueError):
    """A period that cannot be read; `field` is the parameter to blame."""

    def __init__(self, sentence, field):
        super().__init__(sentence)
        self.field = field
