"""Months of 云岭县 that are closed, on the way to it or excused, a correction to one of them, and targets.

Told through the product itself after the figures are counted, because a lock writes down what they say.
"""

import datetime as dt
from decimal import Decimal

from accounts.actors import build_actor
from accounts.models import Post
from alliances.models import Region
from chains.models import Committee
from closing import lifecycle, places, targets
from core.actor import Actor, Role
from core.clock import at_local, today
from core.periods import Month, Period
from indicators import declarations, figures
from indicators.drain import drain
from mechanisms import drain as radar
from meetings.lifecycle import save_activity
from meetings.models import ActivityKind

SOURCE, PLAN = "云岭县产业链党建联盟年度工作要点（虚构）", "云岭县产业链党建三年行动计划（虚构）"
CHECKED, BUSY = "各项数据已与台账逐项核对。", "书记外出招商，材料待补，给予宽限。"
LATE = "补登：安全生产专题辅导"
# Figures with a target of a year, and how much more than the year before is wanted, in percent.
COUNTY, COMMITTEE = [("problems_resolved", 110), ("visits", 110), ("meetings", 105)], [("problems_resolved", 110)]
RATE, OVER_THREE, MORE = ("on_time_rate", 90), "party_orgs", 15


def tell(region: Region) -> None:
    """The month before last closed in the whole county, the last month half-way; one late record; targets."""
    officer, last = _officer(region), Month.of(today()) - 1
    county = places.Place(region)
    committees = Committee.objects.filter(region=region, dissolved_on=None).order_by("pk")
    units = [places.Place(region, one) for one in committees]
    done = last - 1
    for unit in places.below(county, done):
        _close(unit, done, officer)
    _close(county, done, officer)
    _half_way(units, last, officer)
    _late(units[0], done, officer)
    _targets(county, COUNTY, officer)
    for unit in units:
        _targets(unit, COMMITTEE, officer)
    radar.drain()
    drain()


def _officer(region: Region) -> Actor:
    post = Post.objects.filter(role=Role.COUNTY_OFFICER, region=region, chain=None).in_force(today()).order_by("pk")
    return build_actor(post.first().user, today())


def _keeper(unit, officer: Actor) -> Actor:
    """The committee's secretary where there is an account, else the officer."""
    posts = Post.objects.filter(role=Role.CHAIN_SECRETARY, committee=unit.committee).in_force(today())
    post = posts.order_by("pk").first() if unit.committee else None
    return build_actor(post.user, today()) if post else officer


def _close(unit, month: Month, officer: Actor) -> None:
    lifecycle.submit(unit, month, by=_keeper(unit, officer))
    lifecycle.approve(unit, month, by=officer)
    lifecycle.lock(unit, month, by=officer, reason=CHECKED)


def _half_way(units, month: Month, officer: Actor) -> None:
    """Approved, submitted, excused, and the rest not begun."""
    approved, submitted, excused = units[:3]
    lifecycle.submit(approved, month, by=_keeper(approved, officer))
    lifecycle.approve(approved, month, by=officer)
    lifecycle.submit(submitted, month, by=_keeper(submitted, officer))
    lifecycle.exempt(excused, month, by=officer, reason=BUSY, until=today() + dt.timedelta(days=7))


def _late(unit, month: Month, officer: Actor) -> None:
    """What was recorded after the lock: a correction to the month."""
    kind = ActivityKind.objects.get(region=None, code="policy_lecture")
    save_activity(
        None, by=officer, region=unit.region, committee=unit.committee, kind=kind, title=LATE,
        starts_at=at_local(month.last_day, 15), text="会后才收到签到表，补登。",
        people=[{"category": "staff", "number": 36}],
    )  # fmt: skip


def _targets(unit, wanted, officer: Actor) -> None:
    """More than in the year before; a rate of the year, and one stock over three years."""
    this = today().year
    codes = [code for code, _percent in wanted]
    before = figures.read(codes, unit.scope, Period.year(this - 1))
    for code, percent in wanted:
        value = max(Decimal(5), Decimal(round((before[code].value or 0) * percent / 100)))
        _set(unit, code, value, this, 1, SOURCE, officer)
    _set(unit, RATE[0], Decimal(RATE[1]), this, 1, SOURCE, officer)
    now = figures.read([OVER_THREE], unit.scope, Period.to_date(Month.of(today())))[OVER_THREE].value or 0
    _set(unit, OVER_THREE, Decimal(now + max(1, now * MORE // 100)), this, 3, PLAN, officer)


def _set(unit, code: str, value: Decimal, year: int, years: int, source: str, officer: Actor) -> None:
    told = declarations.get(code).unit.code
    targets.set_target(
        unit, by=officer, indicator=code, value=value, unit=told, first_year=year, years=years, source=source
    )
