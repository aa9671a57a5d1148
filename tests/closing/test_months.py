"""A committee's month goes up to the county, is locked, and stands; what comes late is told in its corrections."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.actors import build_actor
from alliances.models import Region
from closing import corrections, frozen, lifecycle, places
from closing.models import Closing, Frozen
from core import clock
from core.periods import Month, Period
from core.transitions import Conflict, Refused
from indicators import figures, scopes
from indicators.drain import drain
from problems import lifecycle as ledger
from reports import content
from tests import factories as make
from tests.problems.steps import day, in_state, raised

MARCH, APRIL = Month(2026, 3), Month(2026, 4)


@pytest.fixture
def month(world):
    """A March with an entry in progress and one resolved, all counted; the committees and the county as units."""
    in_state(world, "in_progress")
    in_state(world, "resolved")
    counted()
    world.units = [places.Place(one.region, one) for one in world.own.committees]
    world.county = places.Place(world.own.region)
    return world


def counted():
    while drain():
        pass


def refused(act, *args, **values):
    with pytest.raises(Refused) as found, transaction.atomic():
        act(*args, **values)
    return found.value.refusal.code


def closed(world, place, month=MARCH, reason="本月数据已核对"):
    """The unit's month through all its steps by the officer."""
    officer = world.actor("county_officer")
    lifecycle.submit(place, month, by=officer)
    lifecycle.approve(place, month, by=officer)
    return lifecycle.lock(place, month, by=officer, reason=reason)


def test_a_month_goes_up_and_is_locked_by_whom_the_roles_say(month):
    first, second = month.units
    secretary, officer = month.actor("chain_secretary"), month.actor("county_officer")
    assert refused(lifecycle.submit, first, MARCH, by=month.actor("branch_secretary")) == "not_yours"
    assert refused(lifecycle.submit, first, MARCH, by=month.actor("stranger_officer")) == "not_yours"
    assert refused(lifecycle.submit, second, MARCH, by=secretary) == "not_yours"
    assert not Closing.objects.exists()
    assert refused(lifecycle.submit, first, Month.of(clock.today()), by=secretary) == "running"

    closing = lifecycle.submit(first, MARCH, by=secretary)
    assert refused(lifecycle.approve, first, MARCH, by=secretary) == "not_officer"
    assert refused(lifecycle.lock, first, MARCH, by=officer, reason="早了") == "state"
    with pytest.raises(Conflict), transaction.atomic():
        lifecycle.approve(first, MARCH, by=officer, version=closing.version - 1)
    lifecycle.approve(first, MARCH, by=officer, version=closing.version)
    with pytest.raises(ValidationError), transaction.atomic():
        lifecycle.lock(first, MARCH, by=officer, reason="  ")
    locked = lifecycle.lock(first, MARCH, by=officer, reason="一季度数据已核对")
    assert (locked.state, locked.round, locked.locked_by_id) == ("locked", 1, officer.user_id)

    # The county waits for the second committee, which is given time; then it need not.
    assert refused(lifecycle.submit, month.county, MARCH, by=officer) == "below"
    yesterday, later = clock.today() - dt.timedelta(days=1), clock.today() + dt.timedelta(days=5)
    with pytest.raises(ValidationError), transaction.atomic():
        lifecycle.exempt(second, MARCH, by=officer, reason="书记出差", until=yesterday)
    row = lifecycle.exempt(second, MARCH, by=officer, reason="书记出差", until=later)
    assert closed(month, month.county).state == "locked"
    row.exemptions.update(until=yesterday)
    assert lifecycle.waiting_for(month.county, MARCH) == [second]


def test_the_lock_freezes_every_declared_figure_of_the_unit_and_waits_for_what_is_not_counted(month):
    first = month.units[0]
    officer = month.actor("county_officer")
    lifecycle.submit(first, MARCH, by=officer)
    lifecycle.approve(first, MARCH, by=officer)
    raised(month, at=day(10))
    assert refused(lifecycle.lock, first, MARCH, by=officer, reason="已核对") == "uncounted"
    counted()
    lifecycle.lock(first, MARCH, by=officer, reason="已核对")

    kept = {one.indicator: one for one in Frozen.objects.all()}
    assert set(kept) == set(frozen.codes_for(first.scope)) and len(kept) > 40
    live = figures.read(list(kept), first.scope, Period.month(2026, 3))
    assert all(kept[code].value == frozen.settled(live[code].value) for code in kept)
    assert kept["problems_raised"].value == 3 and len(kept["problems_raised"].row_ids) == 3
    for change in ("UPDATE closing_frozen SET value = 9", "DELETE FROM closing_frozen"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_a_late_change_joins_the_corrections_and_the_next_report_prints_it(month):
    for unit in month.units:
        closed(month, unit)
    closed(month, month.county)
    scope, officer = month.county.scope, month.actor("county_officer")
    assert corrections.corrections(scope, MARCH, officer) == []

    # One entry of March is recorded late; one of April turns out to have been submitted in March.
    late = raised(month, at=day(20), title="补登的事项")
    april = raised(month, at=day(40), title="错记在四月")
    ledger.correct_dates(april, by=officer, submitted_on=dt.date(2026, 3, 30), reason="登记晚了")
    counted()
    found = {one.code: one for one in corrections.corrections(scope, MARCH, officer)}
    one = found["problems_raised"]
    assert (one.frozen.value, one.live.value, one.difference) == (2, 4, "+2个")
    assert [(row.came, late.title in row.name or april.title in row.name) for row in one.rows] == [(True, True)] * 2
    assert "更正提交日期" in [row.told for row in one.rows]

    # The chain of the county and the committee say the same of themselves; the stranger's officer sees no rows.
    for other in (month.units[0].scope, scopes.parse(f"chain:{month.own.chains[0].pk}")):
        assert "problems_raised" in {one.code for one in corrections.corrections(other, MARCH)}
    hidden = corrections.corrections(scope, MARCH, month.actor("stranger_officer"))
    assert [(one.rows, one.unseen) for one in hidden if one.code == "problems_raised"] == [([], 2)]

    # What stood in March opens April, with the corrections beside it.
    line = next(one for one in corrections.stocks(month.county, APRIL) if one.figure.code == "problems_open")
    assert line.opening + line.corrected + line.moved == line.closing
    assert (
        line.opening == Frozen.objects.get(indicator="problems_open", region_id=month.own.region.pk, chain_id=0).value
    )

    april_period = Period.month(2026, 4)
    document = content.build(scope, april_period, officer, today=dt.date(2026, 5, 6))
    table = next(block for block in document.blocks if getattr(block, "key", "") == "corrections_table")
    assert tuple(getattr(cell, "text", cell) for row in table.rows for cell in row if row[1] == "收集困难问题") == (
        "2026年3月",
        "收集困难问题",
        "2",
        "4",
        "+2",
    )
    quiet = content.build(month.units[1].scope, april_period, officer, today=dt.date(2026, 5, 6))
    assert not any(getattr(block, "key", "") == "corrections_table" for block in quiet.blocks)


def test_reopened_for_a_time_the_figures_stand_until_the_next_lock(month):
    first, officer = month.units[0], month.actor("county_officer")
    closed(month, first)
    until = clock.today() + dt.timedelta(days=3)
    assert refused(lifecycle.reopen, first, MARCH, by=month.actor("chain_secretary"), reason="补报", until=until)
    row = lifecycle.reopen(first, MARCH, by=officer, reason="补报两件", until=until)
    assert lifecycle.in_force(row).reason == "补报两件"
    raised(month, at=day(15))
    counted()
    assert {
        one.frozen.value for one in corrections.corrections(first.scope, MARCH) if one.code == "problems_raised"
    } == {2}
    assert closed(month, first).round == 2
    assert corrections.corrections(first.scope, MARCH) == []
    assert set(Frozen.objects.filter(indicator="problems_raised").values_list("round", "value")) == {(1, 2), (2, 3)}


def test_a_city_waits_for_its_counties_and_sees_only_its_own(month):
    city = places.Place(Region.objects.get(pk=month.city.pk))
    assert [str(one) for one in places.below(city, MARCH)] == ["云岭县", "望川县"]
    user = make.UserFactory(name="市官员")
    make.PostFactory(user=user, role="county_officer", region=month.city)
    actor = build_actor(user, clock.today())
    assert refused(lifecycle.submit, city, MARCH, by=actor) == "below"
    assert refused(lifecycle.submit, city, MARCH, by=month.actor("county_officer")) == "not_yours"
    seen = [str(one) for one in places.visible_to(month.actor("chain_secretary"), MARCH)]
    assert seen == [str(month.units[0])]
    assert places.visible_to(month.actor("team_member"), MARCH) == []
