"""Periods of days that figures are asked for: a week (周) and a 旬, which no month holds evenly.

They answer the same questions as `core.periods.Period`, which reads them back from their codes: `2022-W31` is the ISO
week, Monday to Sunday, and `2022-08-T3` the third 旬 of August, the 21st to the 31st, all in Asia/Shanghai.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import ClassVar

from django.utils import dateformat
from django.utils.translation import gettext as _

from core import clock
from core.cycles import TEN_DAYS, WEEK, Cycle
from core.periods import FIRST_YEAR, LAST_YEAR, Month

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_TEN_DAYS = re.compile(r"([0-9]{4}-[0-9]{2})-T([123])")


@dataclass(frozen=True)
class DayPeriod:
    """A week or a 旬. `first` and `last` are the months of its first and of its last day."""

    cycle: Cycle
    by_day: ClassVar[bool] = True

    @classmethod
    def of(cls, kind: str, day: dt.date) -> DayPeriod:
        """The week or the 旬 that the day lies in."""
        return cls(Cycle.of(kind, day))

    @classmethod
    def week(cls, year: int, number: int) -> DayPeriod:
        """The ISO week of that number. Raises ValueError where the year has no such week."""
        return cls.of(WEEK, dt.date.fromisocalendar(year, number, 1))

    @classmethod
    def ten_days(cls, month: Month, number: int) -> DayPeriod:
        """上旬 is 1, 中旬 2, 下旬 3."""
        return cls.of(TEN_DAYS, month.first_day.replace(day=number * 10 - 9))

    @classmethod
    def read(cls, text: str) -> DayPeriod | None:
        """The one with this code in capitals; None where the text is none."""
        try:
            if match := _WEEK.fullmatch(text):
                year = int(match[1])
                return cls.week(year, int(match[2])) if FIRST_YEAR <= year <= LAST_YEAR else None
            if match := _TEN_DAYS.fullmatch(text):
                return cls.ten_days(Month.parse(match[1]), int(match[2]))
        except ValueError:
            return None
        return None

    @property
    def kind(self) -> str:
        return self.cycle.kind

    @property
    def start(self) -> dt.date:
        return self.cycle.first

    @property
    def end(self) -> dt.date:
        return self.cycle.last

    @property
    def first(self) -> Month:
        return Month.of(self.start)

    @property
    def last(self) -> Month:
        return Month.of(self.end)

    def __len__(self) -> int:
        """The months that it touches."""
        return self.last - self.first + 1

    def months(self) -> list[Month]:
        return [self.first + n for n in range(len(self))]

    def as_of(self, today: dt.date | None = None) -> dt.date:
        """The day that stocks are told for: its end, or today while it runs or is yet to come."""
        return min(self.end, today or clock.today())

    def contains(self, day: dt.date) -> bool:
        return self.cycle.contains(day)

    def previous(self) -> DayPeriod:
        """The one before, for 环比."""
        return DayPeriod(self.cycle.previous())

    def next(self) -> DayPeriod:
        return DayPeriod(self.cycle.next())

    def year_ago(self) -> DayPeriod:
        """The week of the same number, or the same 旬 of the same month, of last year (同比).

        Where last year had no week 53, its last week stands in; the third 旬 ends with its month.
        """
        if self.kind == TEN_DAYS:
            return DayPeriod.ten_days(self.first - 12, self._part)
        year, number, _day = self.start.isocalendar()
        # The 28th of December is always in the last week of its year.
        return DayPeriod.week(year - 1, min(number, dt.date(year - 1, 12, 28).isocalendar().week))

    @property
    def _part(self) -> int:
        return self.start.day // 10 + 1

    @property
    def code(self) -> str:
        """The text that `Period.parse` reads back."""
        if self.kind == TEN_DAYS:
            return f"{self.first}-T{self._part}"
        year, number, _day = self.start.isocalendar()
        return f"{year:04d}-W{number:02d}"

    def query(self) -> dict[str, str]:
        """The parameters that name it in an address."""
        return {"period": self.code}

    @property
    def name(self) -> str:
        """As people say it, a week with its days, which its number does not tell: 2022年第31周（8月1日—8月7日）."""
        if self.kind == TEN_DAYS:
            return self.cycle.name
        days = [dateformat.format(day, _("n月j日")) for day in (self.start, self.end)]
        return _("%(week)s（%(first)s—%(last)s）") % {"week": self.cycle.name, "first": days[0], "last": days[1]}

    def __str__(self) -> str:
        return self.name
