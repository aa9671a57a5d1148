"""A correction of a closed month is printed once: in the next report of its unit, and again only where that is made
again."""

import datetime as dt
from decimal import Decimal

import pytest

from closing import corrections, entered, places
from closing.models import EnteredKind
from core.periods import Month, Period
from exchange.structure import from_json, to_json
from problems import lifecycle as ledger
from reports import content, lifecycle, tasks
from tests.closing.test_months import MARCH, closed, counted
from tests.problems.steps import day, raised

pytestmark = pytest.mark.django_db
APRIL, MAY, JUNE = Month(2026, 4), Month(2026, 5), Month(2026, 6)
RAISED = "收集困难问题"


@pytest.fixture
def locked(world, monkeypatch, time_machine):
    """March of the first committee is locked with one entry; today is in July."""
    time_machine.move_to("2026-07-08 10:00:00+08:00")
    monkeypatch.setattr(tasks, "wake", lambda report_id: None)
    raised(world)
    counted()
    world.unit = places.Place(world.own.region, world.own.committees[0])
    closed(world, world.unit)
    return world


def issued(world, month, scope=None, finished=True):
    """What the report of the committee and month prints of the past, {figure: (month, before, now, difference)}."""
    scope, officer = scope or world.unit.scope, world.actor("county_officer")
    counted()
    report, _new = lifecycle.request_report(scope, month, by=officer)
    report = lifecycle.take(report.pk)
    document = content.build(scope, Period.month(month.year, month.number), officer)
    lifecycle.advance(report, 45, "", snapshot=to_json(document), as_of=document.as_of)
    if not finished:
        lifecycle.give_up(report, "磁盘已满。", by=officer)
    else:
        lifecycle.finish(report, by=officer)
    report.refresh_from_db()
    assert from_json(report.snapshot) == document
    return printed(document)


def printed(document):
    tables = [block for block in document.blocks if getattr(block, "key", "") == "corrections_table"]
    rows = [[getattr(cell, "text", cell) for cell in row] for table in tables for row in table.rows]
    return {name: (month, *values) for month, name, *values in rows}


def test_told_in_the_next_report_and_in_no_later_one(locked):
    assert issued(locked, APRIL) == {}
    raised(locked, at=day(9), title="补登一件")
    told = issued(locked, MAY)
    assert told[RAISED] == ("2026年3月", "1", "2", "+1")
    assert issued(locked, MAY) == told, "made again, it says the same"
    assert issued(locked, JUNE) == {}
    assert RAISED in {str(one.name) for one in corrections.corrections(locked.unit.scope, MARCH)}, "the list keeps it"

    # The next late entry is told beside what the report before said, and not beside the frozen figure.
    raised(locked, at=day(10), title="又补登一件")
    assert issued(locked, JUNE)[RAISED] == ("2026年3月", "2", "3", "+1")
    assert issued(locked, MAY) == told, "a later report has followed it: its list stands"
    assert issued(locked, Month(2026, 7)) == {}


def test_what_goes_back_to_the_frozen_figure_is_told_too(locked):
    late = raised(locked, at=day(9), title="登错月份")
    assert issued(locked, APRIL)[RAISED][1:] == ("1", "2", "+1")
    ledger.correct_dates(late, by=locked.actor("county_officer"), submitted_on=dt.date(2026, 4, 2), reason="登记错了")
    assert issued(locked, MAY)[RAISED] == ("2026年3月", "2", "1", "-1")
    assert issued(locked, JUNE) == {}


def test_only_a_finished_report_of_the_same_scope_has_told(locked):
    raised(locked, at=day(9), title="补登一件")
    told = issued(locked, APRIL, finished=False)
    assert told[RAISED][1:] == ("1", "2", "+1")
    assert issued(locked, MAY) == told
    closed(locked, places.Place(locked.own.region, locked.own.committees[1]))
    county = places.Place(locked.own.region)
    closed(locked, county)
    raised(locked, at=day(10), title="再补登一件")
    assert issued(locked, JUNE)[RAISED][1:] == ("2", "3", "+1")
    assert issued(locked, JUNE, county.scope)[RAISED][1:] == ("2", "3", "+1"), "the county was locked with two"


def test_a_new_lock_begins_anew(locked):
    """Locked again with what came late, the month has nothing to correct; what comes after is beside the new lock."""
    from closing import lifecycle as months
    from core import clock

    raised(locked, at=day(9), title="补登一件")
    assert issued(locked, APRIL)[RAISED][1:] == ("1", "2", "+1")
    raised(locked, at=day(10), title="再补登一件")
    counted()
    months.reopen(locked.unit, MARCH, by=locked.actor("county_officer"), reason="补报", until=clock.today())
    closed(locked, locked.unit)
    assert issued(locked, MAY) == {}
    raised(locked, at=day(11), title="锁后补登")
    assert issued(locked, JUNE)[RAISED][1:] == ("3", "4", "+1")


def test_an_entered_figure_corrected_after_the_close_is_told_once(locked):
    """Beside what stood before the close, then beside what the report before said; of the unit's own report only."""
    name, values = "地区生产总值增速（填报数，%）", {"unit": "%", "source": "县统计局", "as_of": dt.date(2026, 4, 1)}
    county, march, april = places.Place(locked.own.region), Period.month(2026, 3), Period.month(2026, 4)
    kind = EnteredKind.objects.get(region=None, code="gdp_growth")

    def enter(value, period=march, **more):
        by = locked.actor("county_officer")
        return entered.enter(county, by=by, kind=kind, period=period, value=Decimal(value), **values | more)

    enter("5.1")
    for place in (places.Place(locked.own.region, locked.own.committees[1]), county):
        closed(locked, place)
    assert name not in issued(locked, APRIL, county.scope)
    enter("5.4", reason="统计口径调整", seen=1)
    enter("5.3", reason="抄写有误", seen=2)
    enter("6.0", april, as_of=dt.date(2026, 5, 1))
    told = issued(locked, MAY, county.scope)
    assert told[name] == ("2026年3月", "5.1", "5.3", "+0.2个百分点"), "April is open: its first figure corrects nothing"
    assert issued(locked, MAY, county.scope) == told, "made again, it says the same"
    assert name not in issued(locked, JUNE, county.scope) and name not in issued(locked, JUNE)
    enter("5.0", reason="终核", seen=3)
    assert issued(locked, JUNE, county.scope)[name] == ("2026年3月", "5.3", "5.0", "-0.3个百分点")
