"""Shares of a fund: kopecks that add up, whatever the points."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.money import shares

FUNDS = st.decimals(min_value=0, max_value=10_000_000, places=2)
POINTS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.decimals(min_value=0, max_value=1000, places=3), max_size=30)


@settings(max_examples=10_000)
@given(FUNDS, POINTS)
def test_amounts_are_whole_kopecks_that_add_up_to_the_fund(fund: Decimal, points: dict[str, Decimal]) -> None:
    """Nothing is negative, nothing is lost, equal points differ by a kopeck at most, more points never get less."""
    amounts = shares(fund, points)
    ordered = sorted(points, key=lambda name: points[name])

    assert all(amount >= 0 and amount == amount.quantize(Decimal("0.01")) for amount in amounts.values())
    assert sum(amounts.values()) == (fund if any(points.values()) else 0)
    for less, more in zip(ordered, ordered[1:], strict=False):
        if points[less] == points[more]:
            assert abs(amounts[less] - amounts[more]) <= Decimal("0.01")
        else:
            assert amounts[less] <= amounts[more]


@given(FUNDS, POINTS, st.randoms())
def test_the_order_of_people_changes_nothing(fund: Decimal, points: dict[str, Decimal], random: object) -> None:
    """A kopeck left over goes by remainder and name, not by place in a list."""
    mixed = list(points.items())
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert shares(fund, dict(mixed)) == shares(fund, points)


def test_the_kopeck_left_over_goes_to_the_largest_remainder_then_to_the_first_name() -> None:
    """100 rubles among three equal: 33.34, 33.33, 33.33; ten kopecks by 1, 1, 4: the exact parts are 1.67, 1.67, 6.67."""
    assert shares(Decimal(100), {"c": Decimal(1), "a": Decimal(1), "b": Decimal(1)}) == {
        "a": Decimal("33.34"), "b": Decimal("33.33"), "c": Decimal("33.33"),
    }  # fmt: skip
    assert shares(Decimal("0.10"), {"a": Decimal(1), "b": Decimal(1), "c": Decimal(4)}) == {
        "a": Decimal("0.02"), "b": Decimal("0.02"), "c": Decimal("0.06"),
    }  # fmt: skip


def test_a_fund_without_points_stays_whole() -> None:
    """Nobody earned anything, so nobody gets anything."""
    assert shares(Decimal(100), {"a": Decimal(0)}) == {"a": Decimal("0.00")}


@pytest.mark.parametrize(("fund", "points"), [("-1", "1"), ("0.001", "1"), ("1", "-1")])
def test_impossible_funds_and_points_are_refused(fund: str, points: str) -> None:
    """A negative fund, a fund in parts of kopecks, negative points."""
    with pytest.raises(ValueError, match=r"fund|points"):
        shares(Decimal(fund), {"a": Decimal(points)})
