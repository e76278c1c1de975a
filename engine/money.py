"""A fund shared out by points: exact to the kopeck, the same for any order of the people."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

KOPECK = Decimal("0.01")


def shares(fund: Decimal, points: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Give each person's part of `fund` in proportion to the points, in whole kopecks that add up to the fund.

    Largest remainder: everybody gets the kopecks rounded down; those left over go one by one to the largest remainders, among equal ones
    to the name that sorts first. So equal points give amounts that differ by at most one kopeck. Where nobody has points nobody gets
    anything. Raises ValueError for a fund that is negative or not in whole kopecks, and for negative points.
    """
    if fund < 0 or fund != fund.quantize(KOPECK):
        raise ValueError(f"a fund is a whole number of kopecks, not {fund}")
    if any(value < 0 for value in points.values()):
        raise ValueError("points are never negative")
    whole = _common(points)
    total = sum(whole.values())
    kopecks = int(fund / KOPECK)
    if not total:
        return dict.fromkeys(points, Decimal("0.00"))
    parts = {name: divmod(kopecks * value, total) for name, value in whole.items()}
    left = kopecks - sum(part for part, _rest in parts.values())
    lucky = sorted(parts, key=lambda name: (-parts[name][1], name))[:left]
    return {name: (part + (name in lucky)) * KOPECK for name, (part, _rest) in parts.items()}


def _common(points: Mapping[str, Decimal]) -> dict[str, int]:
    """The points as whole numbers of one common unit, so that no division is ever rounded."""
    places = max((-int(exponent) for value in points.values() if isinstance(exponent := value.as_tuple().exponent, int)), default=0)
    scale = Decimal(10) ** max(places, 0)
    return {name: int(value * scale) for name, value in points.items()}
