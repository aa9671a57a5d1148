"""Mechanisms for tests, made by their lifecycle as the system (which may let them begin in the past)."""

import datetime as dt

from core.actor import SYSTEM
from mechanisms import lifecycle

QUARTERLY = {
    "name": "常态一季一议", "actor": "committee", "actor_filters": {}, "act": "meetings.meeting",
    "act_filters": {"kind": ["committee"]}, "cadence": "quarter", "minimum": 1, "starts_on": dt.date(2026, 1, 1),
}  # fmt: skip
SECRETARY = {
    "name": "书记席位不空缺", "actor": "committee", "act": "chains.seat", "act_filters": {"kind": ["secretary"]},
    "cadence": "standing", "minimum": 1, "starts_on": dt.date(2026, 1, 1),
}  # fmt: skip


def made(region, code="T-M01", by=SYSTEM, **changes):
    """A mechanism of the region: quarterly committee meetings unless told otherwise."""
    return lifecycle.add(region, code, QUARTERLY | changes, by=by)


def standing(region, code="T-M02", **changes):
    return lifecycle.add(region, code, SECRETARY | changes, by=SYSTEM)
