"""What was published about each system that the demonstrations prove: figures, periods, and why some are not held."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

SYSTEMS = ("pingliang", "longjiang", "nanqiao", "renshou", "zitong", "hefei")


@cache
def published(name: str) -> dict:
    """The published figures of a system and the reasons why others are not held yet."""
    return yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))


def total(name: str, key: str) -> int:
    """The published value by the page's key, in the unit of the figure that holds it.

    `records` says how many there are where the printed value is rounded or only a bound ("more than 200").
    """
    return next(int(one.get("records", one["value"])) for one in published(name)["compared"] if one["key"] == key)


def printed(name: str, key: str) -> Decimal:
    """The published value as it is printed, e.g. a rate with its decimals."""
    return next(Decimal(str(one["value"])) for one in published(name)["compared"] if one["key"] == key)


def band(name: str, key: str) -> tuple[int, int]:
    """Least and most of a published value printed as a band (1..2)."""
    printed = next(str(one["value"]) for one in published(name)["compared"] if one["key"] == key)
    low, _dots, high = printed.partition("..")
    return int(low), int(high)
