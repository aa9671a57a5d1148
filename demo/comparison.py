"""Published figures against those that the records roll up to (公开数对照): each compared, or with the reason why not.

An entry of `published/NAME.yaml` under `compared` says its page key, the `value` as printed with its `comparison`
(eq, ge, gt, lt, about, band), and where the figure is: `indicator`, in the system's scope and period unless it says
its own (`scope`, `period`), or `each`/`sum` of a kind of scope (`over` another figure), or only the rows behind it
that meet `where` (`distinct` in a column); or `counted`, rows that no figure counts; or `entered`, the kind of a figure
that is entered with the page's `source`, by its code or, a kind of the place's own, by its name. `minus` takes off the
same figure of another period.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, Sum

from accounts.actors import build_actor
from accounts.models import User
from alliances.models import Region
from chains.enums import CommitteeKind, SeatKind, SegmentPosition
from chains.models import Chain, Committee, Seat, Segment
from closing import entered, places
from core import clock, units
from core.periods import Period
from demo.published import band as published_band
from demo.published import published
from enterprises.models import ChainMembership, Facility, Honour, Pairing, PairingAspect, Posting
from indicators import figures, scopes
from meetings.enums import ReportState
from meetings.models import ActivityKind
from services.models import FinanceProduct, Project

SIGNS = {"eq": "=", "ge": "≥", "gt": ">", "lt": "<", "about": "≈", "band": "="}


@dataclass(frozen=True)
class Comparison:
    """One published figure beside ours. `found` is in the printed unit, rounded as printed."""

    key: str
    how: str
    sign: str
    printed: str
    unit: str
    found: Decimal
    fits: bool

    def __str__(self):
        word = "ok" if self.fits else "DIFFERENT"
        return f"{self.key:28} published {self.sign} {self.printed} {self.unit}, here {self.found} ({self.how}) {word}"


class Comparer:
    """Compares a loaded system, reading as its county officer does."""

    def __init__(self, name: str):
        self.name, self.page = name, published(name)
        self.region = Region.objects.get(code=self.page["scope"].split(":")[1])
        self.period = Period.parse(self.page["period"])
        officer = User.objects.get(username=f"county_officer.{name}")
        self.actor = build_actor(officer, clock.today())

    def all(self) -> Iterator[Comparison]:
        for one in [*self.page["compared"], *self.page.get("derived", [])]:
            yield self.one(one)

    def one(self, one: dict) -> Comparison:
        found = [self._in_unit(value, one) for value in self._values(one)]
        worst = min(found) if found else Decimal(0)
        fits = bool(found) and all(self._fits(value, one) for value in found)
        return Comparison(
            one["key"], self._how(one), SIGNS[one["comparison"]], str(one["value"]), one["unit"], worst, fits
        )

    def _how(self, one: dict) -> str:
        parts = [
            one.get("indicator")
            or one.get("counted")
            or one.get("entered")
            or f"{one['numerator']} / {one['denominator']}"
        ]
        parts += [
            f"{word} {one[word]}"
            for word in ("each", "sum", "over", "distinct", "scope", "period", "minus")
            if word in one
        ]
        parts += [f"{column}: {value}" for column, value in one.get("where", {}).items()]
        return ", ".join(parts)

    def _in_unit(self, value, one: dict) -> Decimal:
        return (Decimal(value) / one.get("divisor", 1)).quantize(Decimal(1).scaleb(-one.get("places", 0)))

    def _fits(self, found: Decimal, one: dict) -> bool:
        if one["comparison"] == "band":
            low, high = published_band(self.name, one["key"])
            return low <= found <= high
        printed = Decimal(str(one["value"]))
        low, high = (Decimal(str(end)) for end in one.get("within", (0, 0)))
        return {
            "eq": found == printed, "ge": found >= printed, "gt": found > printed, "lt": found < printed,
            "about": low <= found <= high,
        }[one["comparison"]]  # fmt: skip

    # --- where the figure is ---

    def _values(self, one: dict) -> list:
        if "entered" in one:
            return [self._entered(one)]
        if "counted" in one:
            found = getattr(self, f"_{one['counted']}")()
            return found if isinstance(found, list) else [found]
        if "numerator" in one:
            top, below = (self._figure(one[part], one) for part in ("numerator", "denominator"))
            return [Decimal(top) * one.get("factor", 1) / Decimal(below)]
        if "each" in one:
            return [self._figure(one["indicator"], one, scope) for scope in self._scopes(one["each"])]
        if "sum" in one:
            whole = sum(self._figure(one["indicator"], one, scope) for scope in self._scopes(one["sum"]))
            return [whole / Decimal(self._figure(one["over"], one)) if "over" in one else whole]
        if "where" in one:
            scope, period = scopes.parse(self.page["scope"]), self._period(one)
            rows = figures.rows(one["indicator"], scope, period, self.actor).filter(**one["where"])
            if "distinct" in one:
                return [rows.order_by().values(one["distinct"]).distinct().count()]
            return [rows.aggregate(whole=Sum("figure_amount"))["whole"] or 0]
        value = self._figure(one["indicator"], one)
        if "minus" in one:
            value -= self._figure(one["indicator"], {"period": one["minus"]})
        return [value]

    def _entered(self, one: dict) -> Decimal:
        """What stands for the place and period, in the printed unit; zero where nothing was entered."""
        place = places.of_scope(scopes.parse(one.get("scope") or self.page["scope"]))
        kind = entered.kind_named(place, one["entered"])
        row = entered.standing(place, kind, self._period(one)) if kind else None
        return units.convert(row.value, kind.typed, units.get(one["unit"])) if row else Decimal(0)

    def _period(self, one: dict) -> Period:
        return Period.parse(one["period"]) if "period" in one else self.period

    def _figure(self, code: str, one: dict, scope: str = ""):
        scope = scopes.parse(scope or one.get("scope") or self.page["scope"])
        return figures.read([code], scope, self._period(one))[code].value or 0

    def _scopes(self, kind: str) -> list[str]:
        if kind == "chain":
            return [f"chain:{pk}" for pk in self._mine(Chain).values_list("pk", flat=True)]
        wanted = CommitteeKind.INDUSTRY if kind == "industry committee" else CommitteeKind.CHAIN
        found = self._mine(Committee).filter(kind=wanted)
        return [f"committee:{pk}" for pk in found.values_list("pk", flat=True)]

    def _mine(self, model):
        return model.objects.filter(region__path__startswith=self.region.path)

    # --- rows that no figure counts ---

    def _level(self, *levels: str) -> int:
        return Region.objects.filter(path__startswith=self.region.path, level__in=levels).count()

    def _townships(self) -> int:
        return self._level("township")

    def _villages(self) -> int:
        return self._level("village")

    def _village_groups(self) -> int:
        return self._level("group")

    def _units(self) -> int:
        return self._level("county", "township", "village", "group", "station")

    def _levels_of_units(self) -> int:
        return Region.objects.filter(path__startswith=self.region.path).values("level").distinct().count()

    def _downstream_segments(self) -> int:
        downstream = Segment.objects.filter(position=SegmentPosition.DOWNSTREAM)
        return downstream.filter(chain__region__path__startswith=self.region.path).count()

    # Kinds of a place's own that no figure is declared for.

    def _planned(self, **where) -> Decimal:
        """Planned investment of projects that have not been stopped, in 万元."""
        found = self._mine(Project).filter(stopped_on=None, **where)
        return found.aggregate(whole=Sum("planned_investment"))["whole"] or Decimal(0)

    def _planned_investment(self) -> Decimal:
        return self._planned(kind__code__endswith="-agri")

    def _planned_factory(self) -> Decimal:
        return self._planned(themes__contains="智能工厂")

    def _planned_platform(self) -> Decimal:
        return self._planned(themes__contains="平台")

    def _loan_cap(self) -> Decimal:
        return self._mine(FinanceProduct).aggregate(found=Max("cap"))["found"]

    def _rate_floor(self) -> Decimal:
        return self._mine(FinanceProduct).aggregate(found=Min("rate"))["found"]

    def _term_cap(self) -> Decimal:
        return Decimal(self._mine(FinanceProduct).aggregate(found=Max("months"))["found"]) / 12

    def _liaised_firms(self) -> int:
        found = self._mine(Posting).filter(kind__code__endswith="leader-liaison")
        return found.values("enterprise").distinct().count()

    def _parks(self) -> int:
        return self._mine(Facility).filter(kind__code__endswith="park").count()

    def _honours(self, kind: str) -> int:
        return self._mine(Honour).filter(kind__code__endswith=kind).count()

    def _provincial_stars(self) -> int:
        return self._honours("provincial-3star")

    def _city_stars(self) -> int:
        return self._honours("city-5star")

    def _interconnected_factories(self) -> int:
        return self._honours("interconnected-factory")

    def _pairing_aspects(self) -> int:
        return PairingAspect.objects.filter(pairings__in=self._mine(Pairing)).distinct().count()

    def _households_per_member(self) -> Decimal:
        sums = self._mine(Pairing).aggregate(members=Sum("members"), households=Sum("households"))
        return Decimal(sums["households"]) / sums["members"]

    def _reports_per_member(self) -> int:
        """The least that any member of a committee handed in of the year before; a chief is heard as secretary."""
        year = self.period.first.year - 1
        seats = Seat.objects.filter(committee__region__path__startswith=self.region.path, ended_on=None)
        seats = seats.exclude(kind=SeatKind.CHAIN_CHIEF)
        reports = Count("annual_reports", Q(annual_reports__year=year) & ~Q(annual_reports__state=ReportState.DRAFT))
        return min(seats.annotate(reports=reports).values_list("reports", flat=True), default=0)

    def _demo_projects(self) -> list[int]:
        """Of each committee in the year of the period, as its mechanism counts them."""
        year = Q(activities__kind__code="demo_project", activities__held_on__year=self.period.first.year)
        committees = self._mine(Committee).filter(kind=CommitteeKind.CHAIN)
        return list(committees.annotate(number=Count("activities", year)).values_list("number", flat=True))

    def _direct_lines(self) -> int:
        """Kinds of activity that are a direct line (直通车)."""
        return self._mine(ActivityKind).filter(code__endswith="_line").count()

    def _midstream_firms(self) -> int:
        found = self._mine(ChainMembership).filter(link__segment__position=SegmentPosition.MIDSTREAM)
        return found.values("enterprise").distinct().count()


def lines(name: str) -> Iterator[str]:
    """What `manage.py demo --compare` prints of one system."""
    page = published(name)
    compared = list(Comparer(name).all())
    yield f"{name}: {page['scope']}, {page['period']}"
    yield from (f"  {one}" for one in compared)
    equal = sum(one.fits for one in compared)
    yield f"  compared {len(compared)}, fitting {equal}, not held {len(page['not_held']['keys'])}:"
    yield from (f"    {key:30} {reason}" for key, reason in page["not_held"]["keys"].items())
