"""Targets: set by officers in units that fit, beside the figures of the engine, with where a straight line leads."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from closing import places, targets
from closing.models import Target
from core.periods import Period
from core.transitions import Refused
from indicators.drain import drain
from tests import factories as make
from tests.problems.steps import in_state, raised

TODAY = dt.date(2026, 4, 10)  # the hundredth day of the year


@pytest.fixture
def unit(world):
    return places.Place(world.own.region, world.own.committees[0])


def set_by(world, place, indicator, value, person="county_officer", **more):
    values = {"unit": "个", "first_year": 2026, "years": 1, "source": "年度计划", **more}
    return targets.set_target(place, by=world.actor(person), indicator=indicator, value=Decimal(value), **values)


def refusal(world, place, *args, **more):
    with pytest.raises((ValidationError, Refused)) as found, transaction.atomic():
        set_by(world, place, *args, **more)
    return found.value.refusal.code if isinstance(found.value, Refused) else set(found.value.message_dict)


def test_a_target_is_set_by_officers_in_a_unit_that_converts(world, unit):
    for person in ("chain_secretary", "stranger_officer", "leader"):
        assert refusal(world, unit, "problems_raised", 10, person=person) == "not_officer"
    assert refusal(world, unit, "problems_raised", 10, unit="家次") == {"unit"}
    assert refusal(world, unit, "problems_raised", 10, unit="万元") == {"unit"}
    assert refusal(world, unit, "problems_raised", "10.5") == {"value"}
    assert refusal(world, unit, "on_time_rate", 101, unit="%") == {"value"}
    assert refusal(world, unit, "help_teams", 3) == {"indicator"}, "help teams belong to regions"
    assert refusal(world, unit, "nothing_known", 3) == {"indicator"}
    assert refusal(world, unit, "problems_raised", 10, source=" ") == {"source"}
    target = set_by(world, unit, "problems_raised", 10)
    assert "__all__" in refusal(world, unit, "problems_raised", 12), "one target for a unit, figure and year"
    set_by(world, unit, "problems_raised", 30, years=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=target.pk).update(last_year=2027)

    officer = world.actor("county_officer")
    target = targets.revise(target, by=officer, value=Decimal(12), unit="个", source="调整通知", version=0)
    with pytest.raises(Refused), transaction.atomic():
        targets.revise(target, by=officer, value=Decimal(13), unit="个", source="调整通知", version=0)
    targets.withdraw(target, by=officer, reason="计划取消", version=1)
    assert [one.last_year for one in Target.objects.standing()] == [2028]
    seen = Target.objects.visible_to
    assert seen(world.actor("chain_secretary")).count() == 2 and not seen(world.actor("stranger_officer")).exists()
    assert not seen(world.actor("team_member")).exists()


def test_attainment_and_outlook_come_from_the_engine(world, unit):
    in_state(world, "in_progress")
    in_state(world, "resolved")
    raised(world)
    set_by(world, unit, "problems_raised", 10)
    set_by(world, unit, "problems_raised", 60, years=3)
    set_by(world, unit, "problems_open", 2)
    set_by(world, unit, "on_time_rate", 95, unit="%")
    while drain():
        pass
    found = targets.of(unit.scope, Period.year(2026), TODAY)
    year, plan, still_open, rate = sorted(found, key=lambda one: one.target.pk)

    # Three entries in a hundred of 365 days lead to 10.95; over 1,096 days to 32.88.
    assert (year.figure.value, year.percent, year.reached) == (3, 30, False)
    assert round(year.projected, 2) == Decimal("10.95") and year.tone == "green"
    assert "2026年底" in year.outlook and "11个，可以完成" in year.outlook
    assert round(plan.projected, 2) == Decimal("32.88") and plan.tone == "yellow" and "2028年底" in plan.outlook

    # Fewer open entries are better: two at most, none at the beginning, and a line that rises above.
    assert still_open.at_most and still_open.wanted == "不高于2个" and still_open.percent is None
    assert still_open.figure.value in (2, 3) and still_open.projected > 2 and still_open.tone in ("yellow", "grey")
    assert rate.projected is None and "以现值为准" in rate.outlook
    early = targets.of(unit.scope, Period.year(2026), dt.date(2026, 1, 20))
    assert all(one.projected is None for one in early)
    assert targets.of(places.Place(world.other.region).scope, Period.year(2026), TODAY) == []


def test_no_figure_no_verdict(world):
    """An enterprise has no targets, and a figure without cases is neither reached nor missed."""
    county = places.Place(world.own.region)
    set_by(world, county, "on_time_rate", 90, unit="%")
    make.ProblemFactory(enterprise=world.own.enterprises[0])
    (one,) = targets.of(county.scope, Period.year(2026), TODAY)
    assert (one.verdict, one.tone, one.percent) == ("暂无数据", "grey", None)
