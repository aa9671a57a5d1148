"""Ledgers that come with a way of working (运行模式): one file each under `presets/`, taken over with the scheme.

What a region has already, by its code or under the same name, stays as it is.
"""

from functools import cache
from pathlib import Path

import yaml
from django.db import transaction

from core.actor import Actor
from ledgers.lifecycle import defining
from ledgers.models import Ledger

FOLDER = Path(__file__).parent / "presets"


@cache
def definitions(scheme: str) -> tuple[dict, ...]:
    """The ledgers of a scheme in order; none for a scheme without a file."""
    path = FOLDER / f"{scheme}.yaml"
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8"))) if path.exists() else ()


def _lacking(scheme: str, region) -> list[dict]:
    there = Ledger.objects.filter(region=region).values_list("code", "name")
    codes, names = {code for code, _name in there}, {name for _code, name in there}
    return [one for one in definitions(scheme) if one["code"] not in codes and one["name"] not in names]


def missing(scheme: str, region) -> tuple[list[str], int]:
    """(names of the ledgers that the region lacks, how many it has)."""
    lacking = _lacking(scheme, region)
    return [one["name"] for one in lacking], len(definitions(scheme)) - len(lacking)


@transaction.atomic
def take(scheme: str, region, *, by: Actor) -> list[Ledger]:
    """Define what the region lacks. Raises Refused (`not_officer`)."""
    return [define(one, region, by=by) for one in _lacking(scheme, region)]


def define(definition: dict, region, *, by: Actor) -> Ledger:
    """One ledger with its columns and statuses."""
    ledger = Ledger(code=definition["code"])
    ledger = defining.save_ledger(
        ledger,
        {
            "region": region, "name": definition["name"], "purpose": definition.get("purpose", ""),
            "fill_roles": definition["fill_roles"], "see_roles": definition.get("see_roles", []),
            "personal": definition.get("personal", False),
        },
        by=by,
    )  # fmt: skip
    first, last = ledger.statuses.order_by("order")
    *others, final = definition["statuses"]
    defining.change_status(first, _status(others[0], 1) | {"is_initial": True}, by=by)
    for order, one in enumerate(others[1:], start=2):
        defining.add_status(ledger, _status(one, order), by=by)
    defining.change_status(last, {"name": final["name"], "is_final": True, "order": 9}, by=by)
    for order, one in enumerate(definition["fields"], start=1):
        defining.add_field(ledger, {**one, "order": order}, by=by)
    return Ledger.objects.get(pk=ledger.pk)


def _status(one: dict, order: int) -> dict:
    return {"name": one["name"], "days": one.get("days"), "order": order}
