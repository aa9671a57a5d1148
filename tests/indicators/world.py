"""A small invented district for the engine's tests, made straight through the ORM."""

import datetime as dt
import itertools
from types import SimpleNamespace

from alliances.models import Region
from chains.models import Chain, Committee
from core import clock
from enterprises.models import ChainMembership, Enterprise
from problems.models import Category, Problem

DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
_numbers = itertools.count(1)


def credit_code(number):
    body = f"91990100MA{number:07d}"
    rest = sum(DIGITS.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True)) % 31
    return body + DIGITS[(31 - rest) % 31]


def region(name, parent=None, level="county", code=None):
    segment = f"{next(_numbers):04d}"
    return Region.objects.create(
        name=name, parent=parent, level=level, code=code, path=(parent.path if parent else "") + segment
    )


def build():
    """A city of two counties; the first county has two townships. Two chains, a committee each in the county."""
    city = region("云湖市", level="city", code="990000")
    east, west = region("东湖县", city, code="990101"), region("西湖县", city, code="990102")
    mill, ford = region("磨坊镇", east, "township"), region("渡口镇", east, "township")
    beef, corn = (Chain.objects.create(region=city, name=name, founded_on="2020-01-01") for name in ("牛", "玉米"))
    committees = {
        (chain.pk, place.pk): Committee.objects.create(
            chain=chain, region=place, name=f"{place}{chain}产业链党委", founded_on="2020-02-01"
        )
        for chain in (beef, corn)
        for place in (east, west)
    }
    category = Category.objects.order_by("pk").first() or Category.objects.create(name="融资", code="toy")
    made = SimpleNamespace(
        city=city, east=east, west=west, mill=mill, ford=ford, beef=beef, corn=corn, category=category,
        committees=committees, places=[mill, ford, east, west],
    )  # fmt: skip
    made.firms = [firm(made, place, chain) for place in (mill, ford, west) for chain in (beef, corn)]
    return made


def county_of(world, place):
    return world.west if place == world.west else world.east


def firm(world, place, chain, joined_on="2020-03-01"):
    number = next(_numbers)
    made = Enterprise.objects.create(
        name=f"云湖第{number}公司", credit_code=credit_code(number), region=place, joined_on=joined_on
    )
    ChainMembership.objects.create(
        enterprise=made, chain=chain, region=place, joined_on=joined_on, is_primary=True,
        committee=world.committees[chain.pk, county_of(world, place).pk],
    )  # fmt: skip
    made.chain = chain
    return made


def problem(world, owner, on, **values):
    """A submitted problem of `owner`, dated `on`."""
    on = dt.date.fromisoformat(on) if isinstance(on, str) else on
    chain = values.pop("chain", owner.chain)
    number = next(_numbers)
    return Problem.objects.create(
        **{
            "number": f"T{number}", "enterprise": owner, "region": owner.region, "chain": chain,
            "committee": world.committees[chain.pk, county_of(world, owner.region).pk] if chain else None,
            "category": world.category, "title": f"问题{number}", "text": "说明", "state": "submitted",
            "created_at": clock.now(), "submitted_at": clock.at_local(on), "submitted_on": on,
        } | values
    )  # fmt: skip
