"""Terms of duties that no lesson is tied to: they are counted in days."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from rules.due import Due

_OF_LESSONS = ("next_lesson", "lessons", "minutes_after_last_lesson", "hours_after_period_end")


def _by_days(due: Due) -> Due:
    if due.form in _OF_LESSONS:
        raise ValueError("this term is counted in days")
    return due


DayDue = Annotated[Due, AfterValidator(_by_days)]
"""A term in days; the ones that a lesson or the end of a study period sets are refused."""
