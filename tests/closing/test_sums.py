"""Whatever comes late: frozen figures and corrections together are the live ones."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from closing import corrections, frozen, lifecycle, places
from core.periods import Month, Period
from indicators import figures
from indicators.drain import drain
from meetings.models import Meeting
from problems.models import Problem
from tests import factories as make
from tests.problems.steps import in_state, raised

MARCH = Month(2026, 3)
DAYS = some.integers(-40, 60).map(lambda n: dt.date(2026, 3, 2) + dt.timedelta(days=n))
CHANGES = some.lists(
    some.one_of(
        some.tuples(some.just("meeting"), DAYS),
        some.tuples(some.just("entry"), DAYS),
        some.tuples(some.just("move meeting"), DAYS),
        some.tuples(some.just("move entry"), DAYS),
        some.tuples(some.just("close"), DAYS),
    ),
    min_size=1,
    max_size=4,
)


class _Undo(Exception):
    """Takes back what an example wrote."""


def apply(world, kind, day):
    """A late change, some of them past the lifecycle: the engine's triggers see all of them alike."""
    if kind == "meeting":
        make.MeetingFactory(committee=world.own.committees[0], held_on=day)
    elif kind == "entry":
        raised(world, at=dt.datetime.combine(min(day, dt.date(2026, 4, 30)), dt.time(9), tzinfo=dt.UTC))
    elif kind == "move meeting":
        Meeting.objects.update(held_on=day)
    elif kind == "move entry":
        Problem.objects.filter(closed_on=None).update(submitted_on=min(day, dt.date(2026, 3, 2)))
    else:
        Problem.objects.filter(resolved_on__isnull=False).update(resolved_on=day)


@pytest.fixture
def locked(world):
    in_state(world, "resolved")
    make.MeetingFactory(committee=world.own.committees[0])
    while drain():
        pass
    place, officer = places.Place(world.own.region, world.own.committees[0]), world.actor("county_officer")
    lifecycle.submit(place, MARCH, by=officer)
    lifecycle.approve(place, MARCH, by=officer)
    lifecycle.lock(place, MARCH, by=officer, reason="已核对")
    world.place = place
    return world


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(changes=CHANGES)
def test_frozen_and_corrections_are_the_live_figures(locked, changes):
    scope = locked.place.scope
    try:
        with transaction.atomic():
            for kind, day in changes:
                apply(locked, kind, day)
            while drain():
                pass
            closing = frozen.closing_of(locked.place, MARCH)
            kept = frozen.standing(closing, scope)
            moved = {one.code: one for one in corrections.corrections(scope, MARCH)}
            live = figures.read(list(kept), scope, Period.month(2026, 3))
            for code, figure in live.items():
                assert (code in moved) == (frozen.numbers(figure) != _numbers(kept[code])), code
                difference = moved[code].change.difference if code in moved else Decimal(0)
                if difference is not None and figure.value is not None:
                    assert kept[code].value + difference == frozen.settled(figure.value), code
            raise _Undo
    except _Undo:
        assert not connection.needs_rollback


def _numbers(one):
    return one.value, one.numerator, one.denominator
