"""What the database refuses of months and targets whoever writes, and the guards of the steps one by one."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.actors import build_actor
from closing import lifecycle, places, targets
from closing.models import Closing, Exemption, Frozen, Target
from core import clock
from core.actor import SYSTEM
from core.periods import Month
from core.transitions import Refused
from indicators.drain import drain
from tests import factories as make
from tests.closing.test_months import closed, refused

MARCH, FIRST = Month(2026, 3), dt.date(2026, 3, 1)


@pytest.fixture
def unit(world):
    while drain():
        pass
    world.county = places.Place(world.own.region)
    world.unit = places.Place(world.own.region, world.own.committees[0])
    return world


def broken(rule, act, **values):
    """The database refuses by the rule of this name."""
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        act(**values)


def test_the_database_refuses_what_a_row_alone_can_break(unit):
    officer = unit.actor("county_officer")
    own = {"region": unit.own.region, "committee": unit.own.committees[0]}
    closing = Closing.objects.create(**own, month=FIRST)
    county = Closing.objects.create(region=unit.own.region, month=FIRST)
    make_one = Closing.objects.create
    broken("closing_once_per_committee", make_one, **own, month=FIRST)
    broken("closing_once_per_region", make_one, region=unit.own.region, month=FIRST)
    broken("closing_month_first_day", make_one, **own, month=FIRST + dt.timedelta(days=1))
    broken("closing_state_known", Closing.objects.filter(pk=county.pk).update, state="half")
    locked = {"state": "locked", "round": 1, "locked_at": clock.now(), "locked_by_id": officer.user_id, "reason": "已"}
    for missing in ({"reason": ""}, {"round": 0}, {"locked_at": None}, {"locked_by_id": None}):
        broken("closing_locked_says_why", Closing.objects.filter(pk=county.pk).update, **locked | missing)
    given = {"until": clock.today(), "granted_by_id": officer.user_id, "granted_at": clock.now()}
    broken("exemption_says_why", Exemption.objects.create, closing=closing, reason="", **given)
    cell = {"closing": closing, "round": 1, "indicator": "meetings", "name": "会议", "as_of": clock.now(),
            "region_id": 1, "chain_id": 0, "committee_id": 0}  # fmt: skip
    Frozen.objects.create(**cell)
    broken("frozen_once", Frozen.objects.create, **cell)

    year = {"indicator": "meetings", "first_year": 2026, "last_year": 2026, "value": 3, "source": "年度计划",
            "set_by_id": officer.user_id, "set_at": clock.now()}  # fmt: skip
    Target.objects.create(**own, **year)
    Target.objects.create(region=unit.own.region, **year)
    broken("target_once_per_committee", Target.objects.create, **own, **year)
    broken("target_once_per_region", Target.objects.create, region=unit.own.region, **year)
    broken("target_one_year_or_three", Target.objects.create, **own, **year | {"last_year": 2027})
    broken("target_not_negative", Target.objects.create, **own, **year | {"last_year": 2028, "value": -1})
    broken("target_says_source", Target.objects.create, **own, **year | {"last_year": 2028, "source": ""})


def test_every_step_asks_for_its_reason_its_day_and_its_state(unit):
    officer, secretary, place = unit.actor("county_officer"), unit.actor("chain_secretary"), unit.unit
    today = clock.today()
    yesterday = today - dt.timedelta(days=1)
    month = Month.of(today)
    assert refused(lifecycle.exempt, place, month, by=officer, reason="忙", until=today) == "running"
    for step in (lifecycle.exempt, lifecycle.reopen):
        given = {"reason": "补报", "until": today}
        assert refused(step, place, MARCH, by=secretary, **given) == "not_officer"
    assert refused(lifecycle.send_back, place, MARCH, by=secretary, reason="补") == "not_officer"
    assert refused(lifecycle.send_back, place, MARCH, by=officer, reason="补") == "state"
    assert refused(lifecycle.approve, place, MARCH, by=officer) == "state"
    assert refused(lifecycle.reopen, place, MARCH, by=officer, reason="补", until=today) == "state"
    assert not Closing.objects.exists(), "what is refused leaves nothing"

    closing = lifecycle.submit(place, MARCH, by=secretary)
    assert refused(lifecycle.submit, place, MARCH, by=officer) == "state"
    for step, more in ((lifecycle.send_back, {}), (lifecycle.exempt, {"until": today})):
        with pytest.raises(ValidationError), transaction.atomic():
            step(place, MARCH, by=officer, reason=" ", **more)
    assert lifecycle.send_back(place, MARCH, by=officer, reason="漏报一件").state == "open"
    closed(unit, place)
    assert refused(lifecycle.exempt, place, MARCH, by=officer, reason="补", until=today) == "state"
    for bad in ({"reason": " ", "until": today}, {"reason": "补报", "until": yesterday}):
        with pytest.raises(ValidationError), transaction.atomic():
            lifecycle.reopen(place, MARCH, by=officer, **bad)
    closing.refresh_from_db()
    assert (closing.state, closing.exemptions.count()) == ("locked", 0)
    # Time given to a month is over with its lock: it must not excuse the month when it is opened again.
    lifecycle.reopen(place, MARCH, by=officer, reason="补报", until=today)
    assert lifecycle.in_force(Closing.objects.get()) is not None
    assert lifecycle.in_force(closed(unit, place)) is None


def test_a_county_locks_only_when_those_below_have(unit):
    """Between its submission and its lock a unit below may be opened again; its lock then waits."""
    first, second = (places.Place(one.region, one) for one in unit.own.committees)
    officer, until = unit.actor("county_officer"), clock.today()
    closed(unit, first)
    closed(unit, second)
    lifecycle.submit(unit.county, MARCH, by=officer)
    lifecycle.approve(unit.county, MARCH, by=officer)
    row = lifecycle.reopen(second, MARCH, by=officer, reason="补报", until=until)
    assert lifecycle.waiting_for(unit.county, MARCH) == [], "the time given excuses it"
    row.exemptions.update(until=until - dt.timedelta(days=1))
    assert refused(lifecycle.lock, unit.county, MARCH, by=officer, reason="已核对") == "below"
    closed(unit, second)
    assert lifecycle.lock(unit.county, MARCH, by=officer, reason="已核对").state == "locked"


def test_months_and_targets_are_seen_and_kept_by_whom_they_concern(unit):
    """The county's officer and leader see all of it, a secretary the own committee's, a chain's leader its chain's;
    nobody else anything. Targets change only in the hands of officers, and as one last read them."""
    for place in (unit.unit, places.Place(unit.own.region, unit.own.committees[1]), unit.county):
        Closing.objects.create(region=place.region, committee=place.committee, month=FIRST)
    chief = make.UserFactory()
    make.PostFactory(user=chief, role="leader", region=unit.own.region, chain=unit.own.chains[1])
    actors = {who: unit.actor(who) for who in ("county_officer", "leader", "chain_secretary", "branch_secretary",
              "team_member", "department_officer", "auditor", "system_admin", "stranger_officer")}  # fmt: skip
    actors |= {"chief": build_actor(chief, clock.today()), "system": SYSTEM}
    seen = {who: Closing.objects.visible_to(actor).count() for who, actor in actors.items()}
    listed = {who: len(places.visible_to(actor, MARCH)) for who, actor in actors.items()}
    expected = {"county_officer": 3, "leader": 3, "chain_secretary": 1, "chief": 1, "system": 3}
    assert seen == {who: expected.get(who, 0) for who in actors}
    own = {who: number for who, number in listed.items() if who not in ("system", "stranger_officer")}
    assert own == {who: expected.get(who, 0) for who in own}
    assert not {place.region.pk for place in places.visible_to(actors["stranger_officer"], MARCH)} & {
        unit.own.region.pk
    }

    values = {"indicator": "problems_raised", "value": Decimal(9), "unit": "个", "source": "年度计划"}
    target = targets.set_target(unit.unit, by=actors["county_officer"], first_year=2026, years=1, **values)
    change = {"value": Decimal(8), "unit": "个", "source": "通知"}
    for who in ("chain_secretary", "stranger_officer", "leader"):
        assert refused(targets.revise, target, by=actors[who], **change) == "not_officer"
        assert refused(targets.withdraw, target, by=actors[who], reason="误") == "not_officer"
    assert refused(targets.withdraw, target, by=actors["county_officer"], reason="误", version=7) == "conflict"
    with pytest.raises(ValidationError), transaction.atomic():
        targets.withdraw(target, by=actors["county_officer"], reason=" ")
    targets.withdraw(target, by=actors["county_officer"], reason="误")
    with pytest.raises(Refused, match="已撤销"), transaction.atomic():
        targets.revise(target, by=actors["county_officer"], **change)
