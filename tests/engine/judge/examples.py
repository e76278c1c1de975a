"""One plain unit, and case files made of it, for tests that say only what differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.judge.casefile import CaseFile, Outage, Remark, Unit

LATE = Unit(
    n=0, rule="a", ban=False, act=1, opens=0, limit=50, due=50, former=0, done=70, low=70,
    late="violation", missing="violation", early="ignore", status="late",
    lesson=3, student=5, person=7, actor_known=True, edit=False, assumed=False,
)  # fmt: skip
"""A record made at 70 that was due before 50."""

EDIT = replace(LATE, ban=True, edit=True, status="forbidden")
"""An edit at 70 of what closed at 50."""


def unit(**differs: Any) -> Unit:
    return replace(LATE, **differs)


def edit(**differs: Any) -> Unit:
    return replace(EDIT, **differs)


def file(
    *units: Unit, as_of: int = 90, outages: tuple[Outage, ...] = (), remarks: tuple[Remark, ...] = (), person: str = "t-1"
) -> CaseFile:
    """A case file of `units`, numbered in their order."""
    return CaseFile(person, "Q1", as_of, tuple(replace(item, n=n) for n, item in enumerate(units)), outages, remarks)
