"""On which days a recurring meeting falls: a pure function of the rule and the working-day calendar.

The n-th working day of each week, month, quarter, half-year or year; negative ones count from the end. Where a period
has fewer working days than that, it is its last one (or first one, counted from the end); where it has none, none.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from core import workdays
from core.clock import today
from core.periods import Month
from core.workdays import DAY, WorkCalendar
from meetings.enums import SeriesPeriod

_MONTHS = {SeriesPeriod.MONTH: 1, SeriesPeriod.QUARTER: 3, SeriesPeriod.HALF: 6, SeriesPeriod.YEAR: 12}
_NUMERALS = "一二三四"


@dataclass(frozen=True)
class Span:
    """One period: `key` is unique in its series, `name` what stands behind the title of its meeting."""

    key: str
    name: str
    first: dt.date
    last: dt.date


def span_of(period: str, day: dt.date) -> Span:
    """The week (Monday to Sunday), month, ... that the day lies in. Names are stored in titles, hence Chinese."""
    if period == SeriesPeriod.WEEK:
        year, week, weekday = day.isocalendar()
        monday = day - (weekday - 1) * DAY
        return Span(f"{year}-W{week:02}", f"{year}年第{week}周", monday, monday + 6 * DAY)
    months = _MONTHS[period]
    number = (day.month - 1) // months
    first = Month(day.year, number * months + 1)
    last = (first + (months - 1)).last_day
    key, name = {
        SeriesPeriod.MONTH: (f"{day.year}-{day.month:02}", f"{day.year}年{day.month}月"),
        SeriesPeriod.QUARTER: (f"{day.year}-Q{number + 1}", f"{day.year}年第{_NUMERALS[number % 4]}季度"),
        SeriesPeriod.HALF: (f"{day.year}-H{number + 1}", f"{day.year}年{'上下'[number % 2]}半年"),
        SeriesPeriod.YEAR: (f"{day.year}", f"{day.year}年"),
    }[period]
    return Span(key, name, first.first_day, last)


def date_in(span: Span, workday: int, calendar: WorkCalendar) -> dt.date | None:
    """The `workday`-th working day of the span (negative: from its end), or the nearest it has; None without any."""
    if workday > 0:
        found = calendar.add(span.first - DAY, workday)
        if found > span.last:
            found = calendar.add(span.last + DAY, -1)
    else:
        found = calendar.add(span.last + DAY, workday)
        if found < span.first:
            found = calendar.next_workday(span.first)
    return found if span.first <= found <= span.last else None


def dates(series, calendar: WorkCalendar, first: dt.date, last: dt.date) -> Iterator[tuple[Span, dt.date]]:
    """(period, day) of every meeting from `first` to `last`, inside the series' own dates and the committee's life."""
    first = max(first, series.starts_on)
    last = min(filter(None, [last, series.ends_on, series.committee.dissolved_on]))
    span = span_of(series.period, first) if first <= last else None
    while span is not None and span.first <= last:
        day = date_in(span, series.workday, calendar)
        if day is not None and first <= day <= last:
            yield span, day
        span = span_of(series.period, span.last + DAY)


def next_dates(series, most: int) -> list[dict]:
    """The next days on which it falls from today on, with the day on which each draft is made."""
    calendar, day = workdays.current(series.committee.region.path), today()
    found = dates(series, calendar, day, day + dt.timedelta(days=366 * (most + 1)))
    ahead = dt.timedelta(days=series.days_ahead)
    return [{"name": span.name, "day": date, "draft_on": date - ahead} for span, date in itertools.islice(found, most)]
