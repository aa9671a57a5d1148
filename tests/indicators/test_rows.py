"""Every figure opens onto exactly the rows that make it up; the rows add up to it."""

import datetime as dt
import random
from dataclasses import replace

import pytest

from core.actor import SYSTEM, Actor
from core.periods import Period
from indicators import figures, scopes
from indicators.rows import NoRows, rows
from tests.indicators import world as make
from tests.indicators.toys import CODES
from tests.indicators.truth import all_scopes, verify

PERIODS = [Period.parse(text) for text in ("2022-01", "2022-02", "2022-Q1", "2022-02..2022-05", "2022", "2021")]
# The week lies in two months, the 旬 is one of eight days.
DAYS = [Period.parse(text) for text in ("2022-W05", "2022-02-T3")]


def of(region):
    return scopes.region_scope(region.pk, region.code or "", region.name)


@pytest.fixture
def busy(toy):
    """Sixty problems in every condition, by a fixed seed."""
    rng = random.Random(11)
    for _ in range(60):
        start = dt.date(2021, 11, 1) + dt.timedelta(days=rng.randint(0, 240))
        values = {"bounces": rng.randint(0, 3), "urgency": rng.choice(["ordinary", "ordinary", "complex"])}
        if rng.random() < 0.6:
            days = rng.randint(1, 30)
            values |= {
                "resolved_on": start + dt.timedelta(days=days), "handling_days": days,
                "outcome": rng.choice(["solved", "partly"]),
                "ended_on": start + dt.timedelta(days=days + rng.randint(0, 40)),
            }  # fmt: skip
        if rng.random() < 0.5:
            values["due_on"] = start + dt.timedelta(days=rng.randint(1, 20))
        if rng.random() < 0.1:
            values["chain"] = None
        make.problem(toy, rng.choice(toy.firms), start, **values)
    return toy


def test_every_kind_at_every_scope_equals_a_straight_count_and_its_rows(busy, settle):
    settle()
    opened = [PERIODS[1], PERIODS[3], PERIODS[4], DAYS[0]]
    assert verify(CODES, all_scopes(), PERIODS + DAYS, opened) > 2500
    week, city = DAYS[0], of(busy.city)
    below = {region.pk: of(region) for region in (busy.city, busy.east)}
    for code, told in figures.by_region(CODES, city, week, below).items():
        assert told[busy.east.pk].value == figures.read([code], of(busy.east), week)[code].value
    for code, told in figures.by_chain(CODES, city, week).items():
        for key, figure in told.items():
            assert figure.value == figures.read([code], replace(city, chain_id=key), week)[code].value


def test_scope_of_what_the_actor_may_see(busy, settle):
    settle()
    nobody = Actor(user_id=None)
    assert not rows("toy_raised", of(busy.city), Period.parse("2022"), nobody).exists()
    assert rows("toy_raised", of(busy.city), Period.parse("2022"), SYSTEM).exists()


def test_row_knows_its_columns_and_amount(toy, settle):
    made = make.problem(toy, toy.firms[0], "2022-01-05", bounces=4)
    settle()
    found = rows("toy_bounces", of(toy.east), Period.parse("2022-01"), SYSTEM).get()
    assert (found.pk, found.figure_amount) == (made.pk, 4)
    firm = rows("toy_firms", of(toy.east), Period.parse("2022-01"), SYSTEM).get()
    assert firm == toy.firms[0]


def test_ratio_has_rows_for_both_parts(toy, settle):
    make.problem(toy, toy.firms[0], "2022-01-05")
    make.problem(toy, toy.firms[0], "2022-01-06", outcome="solved", resolved_on="2022-01-07")
    settle()
    january = Period.parse("2022-01")
    assert rows("toy_rate", of(toy.east), january, SYSTEM).count() == 1
    assert rows("toy_rate", of(toy.east), january, SYSTEM, part="denominator").count() == 2


def test_figure_that_the_scope_cannot_have_has_no_rows(toy):
    with pytest.raises(NoRows):
        rows("toy_members", scopes.enterprise_scope(toy.firms[0].pk), Period.parse("2022"), SYSTEM)
