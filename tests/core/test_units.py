"""Typed units: what must not be added is refused, conversion is exact, Chinese readers see 万 and 亿."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import units
from core.units import Quantity, UnitMismatch

COUNTS = [one for one in units.ALL.values() if not one.rate]
amounts = st.decimals(-(10**12), 10**12, places=4)


@given(st.sampled_from(COUNTS), st.sampled_from(COUNTS), amounts, amounts)
def test_only_like_units_add(a, b, x, y):
    if a.kind != b.kind:
        with pytest.raises(UnitMismatch):
            Quantity(x, a) + Quantity(y, b)
        with pytest.raises(UnitMismatch):
            Quantity(x, a) - Quantity(y, b)
        with pytest.raises(UnitMismatch):
            units.convert(x, a, b)
    else:
        total = Quantity(x, a) + Quantity(y, b)
        assert total.unit == a and total - Quantity(y, b) == Quantity(x, a)


@given(amounts, st.sampled_from([(units.YI_YUAN, units.WAN_YUAN), (units.WAN_REN, units.REN)]))
def test_conversion_there_and_back_is_exact(value, pair):
    large, small = pair
    there = units.convert(value, large, small)
    assert isinstance(there, Decimal) and units.convert(there, small, large) == value
    assert there == value * 10_000


def test_known_conversions():
    assert units.convert(Decimal("3.2"), units.YI_YUAN, units.WAN_YUAN) == 32000
    assert units.convert(12345, units.REN, units.WAN_REN) == Decimal("1.2345")
    assert units.convert(None, units.REN, units.WAN_REN) is None
    assert Quantity(1, units.YI_YUAN) + Quantity(500, units.WAN_YUAN) == Quantity(Decimal("1.05"), units.YI_YUAN)


@pytest.mark.parametrize(("a", "b"), [("家", "家次"), ("件", "件次"), ("人", "人次"), ("家", "户"), ("个", "万元")])
def test_lookalikes_do_not_mix(a, b):
    with pytest.raises(UnitMismatch, match=a):
        Quantity(1, units.get(a)) + Quantity(1, units.get(b))


@given(amounts, amounts)
def test_rates_differ_in_points_and_never_add(x, y):
    difference = Quantity(x, units.PERCENT) - Quantity(y, units.PERCENT)
    assert difference == Quantity(x - y, units.POINTS)
    with pytest.raises(UnitMismatch):
        Quantity(x, units.PERCENT) + Quantity(y, units.PERCENT)
    moved = units.change(x, y, units.PERCENT)
    assert moved.unit == units.POINTS and moved.difference == x - y and moved.percent is None


def test_total():
    assert units.total([]) is None
    assert units.total([Quantity(1, units.WAN_YUAN), Quantity(1, units.YI_YUAN)]).value == 10001


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (None, units.GE, "—"),
        (1513, units.GE, "1,513个"),
        (0, units.JIA, "0家"),
        (Decimal("97.1014"), units.PERCENT, "97.1%"),
        (Decimal("0.25"), units.PERCENT, "0.3%"),
        (Decimal("-0.04"), units.PERCENT, "0.0%"),
        (Decimal("1234567.891"), units.WAN_YUAN, "1,234,567.89万元"),
    ],
)
def test_printed(value, unit, expected):
    assert units.text(value, unit) == expected


@given(amounts, st.integers(0, 4))
def test_printed_number_reads_back(value, decimals):
    back = Decimal(units.number(value, decimals).replace(",", ""))
    assert abs(back - value) <= Decimal(5).scaleb(-decimals - 1)


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_change(now, before):
    moved = units.change(now, before, units.GE)
    assert moved.difference == now - before
    assert moved.direction == (now > before) - (now < before)
    assert (moved.percent is None) == (before == 0)
    if before > 0:
        assert round(moved.percent * before / 100 + before, 6) == now


def test_change_of_unknown():
    assert units.change(None, 3, units.GE).difference is None and units.change(3, None, units.GE).direction == 0


@given(st.lists(st.one_of(st.none(), amounts), max_size=8))
def test_axis(values):
    divisor, prefix = units.axis(values)
    largest = max((abs(v) for v in values if v is not None), default=0)
    assert {1: "", 10_000: "万", 100_000_000: "亿"}[divisor] == prefix
    assert divisor == 1 or largest >= divisor
    assert divisor == 100_000_000 or largest < divisor * 10_000 or divisor * 10_000 > 100_000_000


def test_unknown_unit():
    with pytest.raises(ValueError, match="计量单位"):
        units.get("光年")
