"""Reading figures: from the rolled-up facts, one query for any number of figures of a scope.

The cost depends on the number of months and figures asked for, never on the size of the tables
counted. Figures of a single enterprise are the exception: counted from its own few rows.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.db import connections
from django.urls import reverse
from django.utils import timezone

from core import clock, units
from core.periods import Period
from indicators import by_day, declarations
from indicators.drain import MARKER
from indicators.histogram import Histogram
from indicators.models import Fact
from indicators.rows import live_values, rows
from indicators.scopes import Scope

FACT = Fact._meta.db_table
# Figures older than this say so (数据滞后).
STALE_AFTER = dt.timedelta(seconds=15)


@dataclass
class Figure:
    """One number with all that must be said about it.

    `value` is an int, or a Decimal where the unit has places, or None where it has no meaning
    (a ratio over nothing, a mean of no cases, a kind that the scope cannot have). `as_of` is the
    moment up to which changes are in; `stale` says that later ones have waited for too long.
    `day` is the day that a stock is told for.
    """

    code: str
    scope: Scope
    period: Period
    value: int | Decimal | None
    numerator: int | Decimal | None = None
    denominator: int | Decimal | None = None
    mean: Decimal | None = None
    median: Decimal | None = None
    p90: int | None = None
    cases: int | None = None
    day: dt.date | None = None
    as_of: dt.datetime | None = None
    stale: bool = False
    declared: declarations.Indicator = field(default=None, repr=False)

    @property
    def unit(self):
        return self.declared.unit

    @property
    def name(self):
        return self.declared.name

    @property
    def definition(self):
        return self.declared.definition

    @property
    def number(self):
        """The value as printed, without its unit."""
        return units.number(self.value, self.declared.places)

    @property
    def text(self):
        """The value as printed, with its unit; a dash where there is none."""
        return units.text(self.value, self.unit, self.declared.places)

    @property
    def rows_url(self):
        """The address of the rows that make it up."""
        return rows_url(self.code, self.scope, self.period)

    def change_from(self, other):
        """The Change from `other`, the same figure of another period."""
        return units.change(self.value, other.value if other else None, self.unit)


def rows_url(code, scope, period, part=None):
    query = {"indicator": code, **scope.query(), **period.query()}
    if part:
        query["part"] = part
    return f"{reverse('indicators:rows')}?{urlencode(query)}"


def read(codes, scope, period, today=None, using="default"):
    """{code: Figure} of one scope and period, in one query. Raises KeyError for an unknown code."""
    return read_many(codes, scope, [period], today, using)[0]


def read_many(codes, scope, periods, today=None, using="default"):
    """[{code: Figure}, ...] for each of `periods` (this one, the one before, a year ago): one query."""
    codes = list(dict.fromkeys(codes))
    today = today or clock.today()
    if scope.kind == "enterprise":
        return _live(codes, scope, periods, today)
    where = "region_id = %s AND chain_id = %s AND committee_id = %s"
    found = _Query(codes, today, using).run("0", where, scope.cell, periods, scope.cell_class)
    return [
        {code: found.figure(code, scope, period, 0, number) for code in codes} for number, period in enumerate(periods)
    ]


def by_chain(codes, scope, period, today=None, using="default", chain_ids=None):
    """{code: {chain_id: Figure}} of a region's chains: those with any fact, or exactly those named. One query."""
    found = _Query(list(codes), today or clock.today(), using).run(
        "chain_id", "region_id = %s AND committee_id = 0 AND chain_id <> 0", [scope.region_id], [period], "chain"
    )
    return _spread(found, codes, period, lambda key: replace(scope, kind="region", chain_id=key), chain_ids)


def series_by_chain(codes, scope, months, chain_ids=None, today=None, using="default"):
    """{code: {chain_id: [value, ...]}} for a list of Months, in one query; the key 0 is the whole region. The chains
    named, or those with any fact.

    As `series`: a stock in a month yet to come is None.
    """
    months, today = list(months), today or clock.today()
    where = "region_id = %s AND committee_id = 0"
    found = _Query(list(codes), today, using).run_months(where, [scope.region_id], months, "chain_id")

    def told(code, key, number):
        if declarations.get(code).kind == "stock" and months[number].first_day > today:
            return None
        place, month = replace(scope, kind="region", chain_id=key), months[number]
        return found.figure(code, place, Period(month, month), key, number).value

    keys = [0, *(sorted(found.keys() - {0}) if chain_ids is None else chain_ids)]
    return {code: {key: [told(code, key, n) for n in range(len(months))] for key in keys} for code in codes}


def by_region(codes, scope, period, region_ids, today=None, using="default"):
    """{code: {region_id: Figure}} of the regions named (usually those just below), within the
    scope's chain. One query. The figures' scopes carry no code; give `region_ids` as a dict
    {id: Scope} to have addresses of rows.
    """
    found = _Query(list(codes), today or clock.today(), using).run(
        "region_id",
        "region_id = ANY(%s::bigint[]) AND chain_id = %s AND committee_id = 0",
        [list(region_ids), scope.chain_id],
        [period],
        "chain" if scope.chain_id else "region",
    )

    def place(key):
        if isinstance(region_ids, dict):
            return replace(region_ids[key], chain_id=scope.chain_id)
        return replace(scope, region_id=key, ident="")

    return _spread(found, codes, period, place, region_ids)


def by_committee(codes, scopes, period, today=None, using="default"):
    """{code: {committee_id: Figure}} of the committees given as {id: Scope}. One query."""
    where = "region_id = 0 AND chain_id = 0 AND committee_id = ANY(%s::bigint[])"
    found = _Query(list(codes), today or clock.today(), using).run(
        "committee_id", where, [list(scopes)], [period], "committee"
    )
    return _spread(found, codes, period, scopes.__getitem__, scopes)


def by_enterprise(codes, scopes, period, today=None):
    """{code: {enterprise_id: Figure}} of the enterprises given as {id: Scope}: counted from their rows, one query for
    each counted figure, whatever their number."""
    codes, today, now = list(codes), today or clock.today(), timezone.now()
    sums = live_values(list(dict.fromkeys(parts_of(codes))), list(scopes), period, today)
    return {
        code: {
            key: _live_figure(code, scope, period, {part: values.get(key) for part, values in sums.items()}, today, now)
            for key, scope in scopes.items()
        }
        for code in codes
    }


def _spread(found, codes, period, place, keys=None):
    keys = sorted(found.keys()) if keys is None else list(keys)
    return {code: {key: found.figure(code, place(key), period, key, 0) for key in keys} for code in codes}


def series(codes, scope, months, today=None, using="default"):
    """{code: [value, ...]} for a list of Months, in one query: for sparklines and charts by month.

    A stock in a month yet to come is None.
    """
    codes, months = list(dict.fromkeys(codes)), list(months)
    today = today or clock.today()
    if scope.kind == "enterprise":
        found = _live(codes, scope, [Period(m, m) for m in months], today)
        return {code: [one[code].value for one in found] for code in codes}
    where = "region_id = %s AND chain_id = %s AND committee_id = %s"
    found = _Query(codes, today, using).run_months(where, scope.cell, months)

    def told(code, number, month):
        if declarations.get(code).kind == "stock" and month.first_day > today:
            return None
        return found.figure(code, scope, Period(month, month), 0, number).value

    return {code: [told(code, number, month) for number, month in enumerate(months)] for code in codes}


class _Query:
    """Builds and runs the one query behind every reading; keeps its sums until figures are made."""

    def __init__(self, codes, today, using):
        self.today, self.using = today, using
        self.sums = defaultdict(dict)  # (code, key, number of period) -> {bucket: sum}
        self.kinds = defaultdict(list)
        self.oldest = None
        self.moment = timezone.now()
        for code in dict.fromkeys(parts_of(codes)):
            self.kinds[_kind(declarations.get(code))].append(code)

    def run(self, key, where, where_params, periods, cell):
        """The sums of each of `periods` by `key`, in the cells of class `cell` that `where` names."""
        branches, params = [], []
        for number, period in enumerate(periods):
            for codes, condition, values, bucket in self._conditions(period):
                branches.append(
                    f"SELECT {number} AS n, {key} AS key, indicator, {bucket} AS bucket, SUM(total) AS v FROM {FACT} "
                    f"WHERE {where} AND indicator = ANY(%s::varchar[]) AND {condition} GROUP BY 1, 2, 3, 4"
                )
                params += [*where_params, codes, *values]
            if period.by_day:
                for sql, values in by_day.branches(self.kinds, cell, period, self.today, self.using):
                    branches.append(f"SELECT {number}, {key}, {sql} WHERE {where} GROUP BY 1, 2, 3, 4")
                    params += [*values, *where_params]
        self._fetch(branches, params)
        return self

    def _conditions(self, period):
        """(codes, condition, its params, what to group by beside the indicator) for each kind."""
        first, last, day = period.start, period.last.first_day, period.as_of(self.today)
        within = "month BETWEEN %s AND %s"
        as_of_month = day.replace(day=1)
        plan = {
            "flow": (within, [first, last], "0"),
            "stock": ("month <= %s", [as_of_month], "0"),
            "daily": (
                "month <= %s AND (month < %s OR bucket <= %s)",
                [as_of_month, as_of_month, day.day],
                "0",
            ),
            "distinct": (f"{within} AND bucket < %s", [first, last, period.first.code], "0"),
            "duration": (within, [first, last], "bucket"),
        }
        if period.by_day:
            # Of days the facts know the daily stocks, and what the others were when their month began.
            plan = {"daily": plan["daily"], "stock": ("month < %s", [as_of_month], "0")}
        for kind, codes in self.kinds.items():
            if kind in plan:
                yield codes, *plan[kind]

    def run_months(self, where, where_params, months, key="0"):
        """The sums of each of `months` by `key`; of stocks also of all before the first."""
        first, last = min(months).first_day, max(months).first_day
        branches, params = [], []
        month = "(EXTRACT(YEAR FROM month) * 12 + EXTRACT(MONTH FROM month) - 1)::int"
        for kind, codes in self.kinds.items():
            lower = "TRUE" if kind in ("stock", "daily") else "month >= %s"
            column = month
            if kind == "stock":
                column = f"GREATEST({month}, {min(months).index})"
            bucket = {"duration": "bucket", "daily": "CASE WHEN month = %s AND bucket > %s THEN 1 ELSE 0 END"}
            values = [self.today.replace(day=1), self.today.day] if kind == "daily" else []
            values += [*where_params, codes]
            values += [] if lower == "TRUE" else [first]
            branches.append(
                f"SELECT {column} AS n, {key} AS key, indicator, {bucket.get(kind, '0')} AS bucket, SUM(total) AS v "
                f"FROM {FACT} WHERE {where} AND indicator = ANY(%s::varchar[]) AND {lower} AND month <= %s "
                "GROUP BY 1, 2, 3, 4"
            )
            params += [*values, last]
        self._fetch(branches, params)
        self._lay_out(months)
        return self

    def _lay_out(self, months):
        """From sums by month to sums by position; stocks add up what came before."""
        found, self.sums = self.sums, defaultdict(dict)
        by_month = defaultdict(dict)  # (code, key) -> {month: {bucket: sum}}
        for (code, key, index), sums in found.items():
            by_month[code, key][index] = sums
        for (code, key), sums in by_month.items():
            if _kind(declarations.get(code)) not in ("stock", "daily"):
                for number, month in enumerate(months):
                    self.sums[code, key, number] = sums.get(month.index, {})
                continue
            steps = sorted(sums.items())
            for number, month in enumerate(months):
                level = sum(
                    v.get(0, 0) + (v.get(1, 0) if index < month.index else 0)
                    for index, v in steps
                    if index <= min(month.index, self.today.year * 12 + self.today.month - 1)
                )
                self.sums[code, key, number] = {0: level}

    def _fetch(self, branches, params):
        branches.append(f"SELECT -1, 0, '', 0, (SELECT EXTRACT(EPOCH FROM clock_timestamp() - MIN(at)) FROM {MARKER})")
        with connections[self.using].cursor() as cursor:
            cursor.execute(" UNION ALL ".join(branches), params)
            for number, key, code, bucket, value in cursor.fetchall():
                if number < 0:
                    if value is not None:
                        self.oldest = self.moment - dt.timedelta(seconds=float(value))
                else:
                    sums = self.sums[code, key, number]
                    sums[bucket] = sums.get(bucket, 0) + value

    def keys(self):
        return {key for (_code, key, _number), sums in self.sums.items() if sums}

    def value(self, code, key, number):
        one = declarations.get(code)
        return tidy(self.sums[code, key, number].get(0, 0), one)

    def figure(self, code, scope, period, key, number):
        one = declarations.get(code)
        result = Figure(code, scope, period, None, declared=one)
        result.as_of = self.oldest or self.moment
        result.stale = self.oldest is not None and self.moment - self.oldest > STALE_AFTER
        if not declarations.told_for(code, scope.cell_class):
            return result
        if one.kind == "ratio":
            set_ratio(result, self.value(one.numerator, key, number), self.value(one.denominator, key, number))
        elif one.kind == "duration":
            set_duration(result, Histogram(self.sums[code, key, number]))
        else:
            result.value = self.value(code, key, number)
        if one.kind == "stock":
            result.day = period.as_of(self.today)
        return result


def parts_of(codes):
    """`codes` with ratios replaced by their two parts."""
    for code in codes:
        one = declarations.get(code)
        yield from (one.numerator, one.denominator) if one.kind == "ratio" else (code,)


def _kind(one):
    return "daily" if one.kind == "stock" and one.daily else one.kind


def tidy(value, one):
    """A sum as an int where it is whole and its unit counts whole things."""
    value = units.exact(value or 0)
    return int(value) if value == value.to_integral_value() and not one.places else value


def set_ratio(figure, numerator, denominator):
    one = figure.declared
    figure.numerator, figure.denominator = numerator, denominator
    if one.unit.rate:
        figure.value = units.share(numerator, denominator)
    elif denominator:
        figure.value = units.exact(numerator) * one.per / units.exact(denominator)


def set_duration(figure, histogram):
    figure.cases = histogram.cases
    figure.mean = figure.value = histogram.mean
    figure.median, figure.p90 = histogram.median, histogram.quantile(90)


def _live(codes, scope, periods, today):
    """Figures of one enterprise, from its rows."""
    now, parts = timezone.now(), list(dict.fromkeys(parts_of(codes)))
    result = []
    for period in periods:
        read = live_values(parts, [scope.entity_id], period, today)
        sums = {part: values[scope.entity_id] for part, values in read.items()}
        result.append({code: _live_figure(code, scope, period, sums, today, now) for code in codes})
    return result


def _live_figure(code, scope, period, sums, today, now):
    """A figure made of what was counted from the rows, `sums` by figure."""
    one = declarations.get(code)
    made = Figure(code, scope, period, None, declared=one, as_of=now)
    if one.kind == "ratio":
        set_ratio(made, sums.get(one.numerator), sums.get(one.denominator))
    elif one.kind == "duration":
        set_duration(made, Histogram(sums.get(code) or {}))
    else:
        made.value = sums.get(code)
    if one.kind == "stock":
        made.day = period.as_of(today)
    return made


__all__ = [
    "Figure", "by_chain", "by_committee", "by_enterprise", "by_region", "read", "read_many", "rows", "rows_url",
    "series", "series_by_chain",
]  # fmt: skip
