"""Reading the engine's figures for a report: each as a `Measure` with what it is compared against.

Indicators belong to the apps that declare them; what no app has declared is left out here, and the sentences do
without it.
"""

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from core import clock
from core.periods import Month, Period
from exchange.structure import Figure
from indicators import declarations, figures
from reports.narrative import Measure, amount

GENERAL = (
    "key_chains",
    "chain_committees",
    "member_enterprises",
    "party_orgs",
    "party_members",
    "organisation_coverage",
    "work_coverage",
)
LEDGER = (
    "problems_raised",
    "problems_accepted",
    "problems_assigned",
    "problems_decided",
    "problems_resolved",
    "problems_solved",
    "problems_confirmed",
    "problems_closed",
    "problems_open",
    "problems_overdue",
    "problems_near_limit",
    "problems_suspended",
    "on_time_rate",
    "handling_days",
    "rating_rate",
    "satisfaction_rate",
)
WORK = ("meetings", "matters_decided", "decisions_done", "decisions_open", "decisions_overdue", "help_teams")
ALL = GENERAL + LEDGER + WORK

BY_CHAIN = (
    "member_enterprises",
    "party_orgs",
    "problems_raised",
    "problems_resolved",
    "problems_closed",
    "problems_open",
    "problems_overdue",
    "on_time_rate",
    "meetings",
)
# A chain has one chain, a committee is one committee, and help teams belong to regions.
POINTLESS = {"chain": ("key_chains", "help_teams"), "committee": ("key_chains", "chain_committees", "help_teams")}
TREND = ("problems_raised", "problems_resolved", "problems_closed", "problems_open")
TREND_MONTHS = 12


def declared(codes):
    """Those of `codes` that some app declares, in order."""
    known = {one.code for one in declarations.indicators()}
    return [code for code in codes if code in known]


def measures(scope, period, today=None, more=()):
    """{code: Measure} of the report's scope and month, with the month before, a year ago and the year to date.

    `more` are further codes that the sentences ask for; what is not told for such a scope is left out.
    """
    today = today or clock.today()
    codes = [code for code in declared(dict.fromkeys([*ALL, *more])) if _told_for(code, scope)]
    periods = [period, period.previous(), period.year_ago(), Period.to_date(period.last)]
    running = period.end > today

    def part(entry):
        """Whether the figure is of a part of the month, which says nothing beside a whole one."""
        return running and entry.declared.kind in ("flow", "distinct")

    now, before, year_ago, to_date = figures.read_many(codes, scope, periods, today)
    return {
        code: measure_of(
            entry,
            before=None if part(entry) else _comparable(before, code),
            year_ago=None if part(entry) else _comparable(year_ago, code),
            to_date=to_date[code] if entry.declared.kind in ("flow", "distinct") else None,
        )
        for code, entry in now.items()
    }


def _told_for(code, scope):
    return code not in POINTLESS.get(scope.kind, ()) and (code in ALL or declarations.told_for(code, scope.cell_class))


def _comparable(found, code):
    """The earlier value, or None where that period has nothing of the kind at all: before a county used the system all
    is zero, and nothing can be compared with that."""
    flowing = found[code].declared.kind != "stock"
    # What the report always tells is judged among itself, whatever else a county's sentences ask for.
    near = ALL if code in ALL else found
    kin = (found[one] for one in near if one in found and (found[one].declared.kind != "stock") == flowing)
    return found[code].value if any(entry.value for entry in kin) else None


def measure_of(entry, *, before=None, year_ago=None, to_date=None):
    """A figure of the engine as a `Measure`; `to_date` is the same figure of the year so far."""
    one = entry.declared
    return Measure(
        code=entry.code,
        name=str(one.name),
        unit=one.unit,
        value=entry.value,
        figure=printed(entry),
        before=before,
        year_ago=year_ago,
        to_date=to_date.value if to_date else None,
        to_date_figure=printed(to_date) if to_date else None,
        numerator=entry.numerator,
        denominator=entry.denominator,
        mean=entry.mean,
        median=entry.median,
        definition=str(one.definition),
        decimals=one.places,
        is_flow=one.kind != "stock",
    )


def printed(entry):
    """A figure of the engine as the number that is printed, knowing where it came from."""
    return Figure(
        code=entry.code,
        scope=entry.scope.key,
        first=entry.period.start,
        last=entry.period.end,
        value=plain(entry.value),
        unit=entry.unit.code,
        text=amount(entry.value, entry.unit, entry.declared.places)[0],
        label=str(entry.name),
        extra=urlencode({"chain": entry.scope.chain_id}) if entry.scope.crossed else "",
    )


def plain(value):
    """A figure's value as JSON holds it."""
    return value if value is None or isinstance(value, int) else float(value)


def rows_url(figure):
    """The address of the rows behind a printed figure; empty where there is none."""
    if figure.value is None or not figure.code:
        return ""
    query = {
        "indicator": figure.code,
        "scope": figure.scope,
        "from": str(Month.of(figure.first)),
        "to": str(Month.of(figure.last)),
    }
    try:
        address = f"{reverse('indicators:rows')}?{urlencode(query)}"
    except NoReverseMatch:
        return ""
    return f"{address}&{figure.extra}" if figure.extra else address


def by_chain(scope, period, today=None):
    """[(chain id, {code: Measure})] of the chains with anything in this region."""
    codes = declared(BY_CHAIN)
    found = figures.by_chain(codes, scope, period, today or clock.today())
    keys = sorted({key for entries in found.values() for key in entries})
    return [(key, {code: measure_of(found[code][key]) for code in codes if key in found[code]}) for key in keys]


def by_region(scopes_by_id, scope, period, today=None):
    """[(region id, {code: Measure})] of the regions just below."""
    codes = declared(BY_CHAIN)
    found = figures.by_region(codes, scope, period, scopes_by_id, today or clock.today())
    return [(key, {code: measure_of(found[code][key]) for code in codes}) for key in scopes_by_id]


def trend(scope, period, today=None):
    """(months, {code: values}) of the year that ends with the report's month; None for a month yet to come."""
    last = period.last
    months = [last - back for back in range(TREND_MONTHS - 1, -1, -1)]
    return months, figures.series(declared(TREND), scope, months, today or clock.today())
