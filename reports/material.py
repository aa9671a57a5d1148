"""What the sentences of one report are written from: its figures and rows, read when they are first asked for."""

import datetime as dt
from functools import cached_property

from alliances.models import Region
from chains.models import Chain
from closing import targets
from core import clock
from core.periods import Period
from core.workdays import everywhere
from indicators import figures
from indicators.rows import NoRows
from reports import corrected, lists, narrative, reading
from reports.enums import ScopeKind
from reports.facts import FACTS

# Nobody is ranked on fewer cases.
FEWEST = 5
# How many months back a first time is a first time.
MONTHS_BACK = 12


class Material:
    """Scope, month, reader and day of one report, with all it may say. `more` are codes that its sentences ask for."""

    def __init__(self, scope, period, actor, today=None, more=()):
        self.scope, self.period, self.actor = scope, period, actor
        self.today = today or clock.today()
        self.day = period.as_of(self.today)
        self._more = tuple(more)
        # Codes of the figures that the text has printed: they stand in the table of figures, too.
        self.printed = frozenset()

    # --- for the language ---

    def always(self, name):
        return FACTS[name].always

    def fact(self, name):
        text = FACTS[name].tell(self)
        return None if text is None else (text,) if text else ()

    def measure(self, code):
        return self.measures.get(code)

    def about(self, codes, way):
        """What a way of `reports.language` says of figures: parts of a sentence, or None for nothing."""
        if way in ("均持平", "有数时", "皆零时"):
            return narrative.about_all([self.measure(code) for code in codes], way)
        measure = self.measure(codes[0])
        if way in _OWN_WAYS:
            return _OWN_WAYS[way](self, measure) if measure is not None and measure.known else None
        return narrative.about(measure, way)

    # --- figures ---

    @cached_property
    def measures(self):
        return reading.measures(self.scope, self.period, self.today, self._more)

    @cached_property
    def chains(self):
        """[(name, {code: Measure})] of the chains of a region; empty for other scopes."""
        if self.scope.kind != ScopeKind.REGION:
            return []
        found = reading.by_chain(self.scope, self.period, self.today)
        names = dict(Chain.objects.filter(pk__in=[key for key, _measures in found]).values_list("pk", "name"))
        return [(names[key], entries) for key, entries in found if key in names]

    def by_chain(self, code):
        return [(name, entries[code]) for name, entries in self.chains if code in entries]

    def rows_to_date(self, code):
        """The rows of a figure in the year so far; None where there are none of the kind."""
        if not reading.declared([code]):
            return None
        try:
            return figures.rows(code, self.scope, Period.to_date(self.period.last), self.actor)
        except NoRows:
            return None

    @cached_property
    def targets(self):
        """{code: the target with its figure up to the day}; of several the one of the fewest years."""
        standing = sorted(targets.of(self.scope, self.period, self.day), key=lambda one: -len(one.target.period))
        return {one.target.indicator: one for one in standing}

    def first_time(self, code):
        """Whether the month has what none of the months before had, in which the house was used already."""
        months = [self.period.last - back for back in range(MONTHS_BACK, 0, -1)]
        series = figures.series(dict.fromkeys([code, *reading.declared(reading.TREND)]), self.scope, months, self.today)
        used = any(value for values in series.values() for value in values)
        return used and not any(series[code])

    # --- rows ---

    @cached_property
    def place_name(self):
        return place_name(self.scope)

    @cached_property
    def overdue(self):
        return lists.overdue_problems(self.scope, self.period, self.actor, self.day)

    @cached_property
    def held_by(self):
        return lists.held_by(self.overdue)

    @cached_property
    def meetings(self):
        return lists.meeting_rows(self.scope, self.period, self.actor)

    @cached_property
    def decisions(self):
        return lists.decision_rows(self.scope, self.period, self.actor)

    @cached_property
    def team_table(self):
        return lists.team_table(self.scope, self.period, self.actor)

    @cached_property
    def quarterly(self):
        return lists.quarterly_rule(self.scope, self.period, self.actor, self.day)

    @cached_property
    def late(self):
        return corrected.lines(self.scope, self.period.first)

    def longest(self, code):
        """The row of a stock that has waited longest, in words; None where there is none."""
        if code == "problems_overdue":
            return _longest_overdue(self)
        rows = lists.figure_rows(code, self.scope, self.period, self.actor)
        return _longest_problem(self, rows) if code == "problems_open" else _longest_decision(self, rows)


def _years(period):
    first, last = period.first.year, period.last.year
    return f"{first}年" if first == last else f"{first}—{last}年"


def place_name(scope):
    """What the scope is called inside a sentence: 全县, or the name of a chain or committee."""
    return {"region": "全{}", "chain": "{}", "committee": "{}"}[scope.kind].format(_level_word(scope))


def _level_word(scope):
    if scope.kind != ScopeKind.REGION:
        return str(scope.name)
    level = Region.objects.filter(pk=scope.region_id).values_list("level", flat=True).first()
    name = str(scope.name)
    return {"province": "省", "city": "市", "county": name[-1:] if name else "县"}.get(level, "区域")


# --- single facts -------------------------------------------------------------------------------------------------


def _longest_overdue(material):
    if not material.overdue:
        return None
    problem, unit, _due_on, days = material.overdue[0]
    held = f"，由{unit}承办" if unit else ""
    return f"{problem.enterprise.name}“{problem.title}”（{problem.number}，已超期{days}个工作日{held}）"


def _longest_problem(material, rows):
    row = rows.select_related("problem__enterprise", "problem__region").order_by("problem__submitted_on", "pk").first()
    if row is None:
        return None
    problem = row.problem
    days = abs(everywhere().at(problem.region.path).remaining(problem.submitted_on, material.day))
    return f"{problem.enterprise.name}“{problem.title}”（{problem.number}，提交以来{days}个工作日）"


def _longest_decision(material, rows):
    row = rows.select_related("committee").order_by("decided_on", "pk").first()
    if row is None:
        return None
    days = (material.day - row.decided_on) // dt.timedelta(days=1)
    return f"{row.committee.name}“{row.text}”（议定以来{days}天）"


def _longest(material, measure):
    told = material.longest(measure.code) if measure.value else None
    return (told,) if told else None


def _against_target(material, measure):
    found = material.targets.get(measure.code)
    if found is None:
        return None
    mine, years = reading.measure_of(found.figure), _years(found.target.period)
    told = narrative.against_target(mine, (found.target.value, years), found.at_most) if mine.known else ""
    return (told,) if told else None


def _first_time(material, measure):
    return ("近十二个月首次",) if measure.value and material.first_time(measure.code) else None


def _ranking(material, measure):
    """The three chains with most, nobody on fewer than five cases: 甲链9个、乙链6个."""
    rows = [(name, one) for name, one in material.by_chain(measure.code) if one.value and one.value >= FEWEST]
    parts = []
    for name, one in sorted(rows, key=lambda row: -row[1].value)[:3]:
        parts += ["、"] if parts else []
        parts += [name, *narrative.printed(one.value, one.figure, one.unit, one.places)]
    return tuple(parts) or None


_OWN_WAYS = {"最久": _longest, "对目标": _against_target, "首次": _first_time, "按产业链": _ranking}
