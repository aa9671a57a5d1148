"""Figures that are entered (填报数): what was published of the economy of each system, and invented ones of 云岭县.

Told through the product itself, by the officers and secretaries whose figures they are.
"""

from decimal import Decimal

from accounts.actors import build_actor
from accounts.models import Post, User
from alliances.models import Region
from chains.models import Committee
from closing import entered, places
from closing.models import EnteredKind
from core import units
from core.actor import Role
from core.clock import today
from core.periods import Month, Period
from demo.published import SYSTEMS, published
from enterprises.lifecycle.kinds import save_kind
from indicators import scopes

# Invented: (kind, growth in percent of the newest quarter first, then back quarter by quarter).
COUNTY = [
    ("gdp_growth", ["7.1", "6.8", "6.4", "6.9", "6.2"]),
    ("industry_growth", ["10.3", "9.1", "8.8", "9.6", "8.2"]),
    ("investment_growth", ["6.5", "7.4", "5.9", "6.1", "5.0"]),
]
OUTPUT, GREATER = Decimal("3.42"), Decimal("1.37")
STATISTICS, BOOKS = "云岭县统计局季度公报（虚构）", "链上企业季度报表汇总（虚构）"


def tell(name: str) -> None:
    """What a system's page says under `entered`; its own kinds are made where they are not common."""
    if name not in SYSTEMS:
        return
    page = published(name)
    officer = build_actor(User.objects.get(username=f"county_officer.{name}"), today())
    for one in page["compared"]:
        if "entered" not in one:
            continue
        place = places.of_scope(scopes.parse(one.get("scope") or page["scope"]))
        kind = entered.kind_named(place, one["entered"]) or _own_kind(place, one, officer)
        period = Period.parse(one.get("period") or page["period"])
        entered.enter(
            place, by=officer, kind=kind, period=period, value=Decimal(str(one.get("records", one["value"]))),
            unit=one["unit"], source=page["source"], as_of=min(period.end, today()),
        )  # fmt: skip


def _own_kind(place, one: dict, officer) -> EnteredKind:
    data = {
        "region": place.region, "name": one["entered"], "unit": units.get(one["unit"]).code,
        "places": one.get("places", 0), "definition": "公开报道中的数，原文口径。",
    }  # fmt: skip
    return save_kind(EnteredKind(), data, by=officer)


def invent(region: Region) -> None:
    """Growth of the county and output of each chain in the last quarters, one of them corrected."""
    this, county = Month.of(today()), places.Place(region)
    last = Period.quarter(this.year, (this.number + 2) // 3).previous()
    officer = _actor(role=Role.COUNTY_OFFICER, region=region, chain=None)
    for code, values in COUNTY:
        period = last
        for value in values:
            _enter(county, officer, code, period, Decimal(value), "%", STATISTICS)
            period = period.previous()
    for number, committee in enumerate(Committee.objects.filter(region=region, dissolved_on=None).order_by("pk")):
        unit = places.Place(region, committee)
        by = _actor(role=Role.CHAIN_SECRETARY, committee=committee) or officer
        for back, period in enumerate((last, last.previous())):
            value = OUTPUT + GREATER * number - Decimal("0.15") * back
            _enter(unit, by, "output_value", period, value, "亿元", BOOKS)
    kind = EnteredKind.objects.get(code="gdp_growth")
    entered.enter(
        county, by=officer, kind=kind, period=last, value=Decimal("7.2"), unit="%", source=STATISTICS, as_of=last.end,
        reason="统计局发布修订数。", seen=1,
    )  # fmt: skip


def _actor(**post):
    found = Post.objects.filter(**post).in_force(today()).order_by("pk").first()
    return build_actor(found.user, today()) if found else None


def _enter(place, by, code, period, value, unit, source) -> None:
    kind = EnteredKind.objects.get(code=code)
    entered.enter(place, by=by, kind=kind, period=period, value=value, unit=unit, source=source, as_of=period.end)
