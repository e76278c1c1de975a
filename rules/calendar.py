"""The school's calendar: which local dates are working days of the staff, and when a local day begins in UTC.

Days are whole numbers: days since 1970-01-01 (numpy int64). Instants are naive UTC `datetime64[us]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Days = npt.NDArray[np.int64]
Instants = npt.NDArray[np.datetime64]

_EPOCH = date(1970, 1, 1)
_RUSSIAN = {"KG": "ru_KG"}
"""What the source of holidays calls Russian in a country, where not "ru"."""
MARGIN_YEARS = 2
"""Years added on both sides of the journal's own, so that every term ends inside the calendar."""


def day_number(day: date) -> int:
    """Give the number of a date: days since 1970-01-01."""
    return (day - _EPOCH).days


def date_of(number: int) -> date:
    """Give the date with this number."""
    return _EPOCH + timedelta(days=int(number))


def holidays_version() -> str:
    """Give the version of the state calendar's source, recorded with every audit."""
    from importlib.metadata import version

    return f"holidays {version('holidays')}"


@dataclass(frozen=True)
class SchoolCalendar:
    """Working days of the staff between `first` and `first + len(working) - 1`.

    `working` is one bool per day; `reasons` says for days off that are no plain weekend, and for working weekend days, why.
    """

    zone: ZoneInfo
    first: int
    working: npt.NDArray[np.bool_]
    reasons: Mapping[int, str]

    @staticmethod
    def build(
        zone: ZoneInfo, country: str, week: int, years: tuple[int, int], own_days: Iterable[tuple[int, bool, str]] = ()
    ) -> SchoolCalendar:
        """Give the calendar of a school.

        `country` is "RU" or "KG", `week` 5 or 6 working days, `years` the first and last year of the journal, `own_days` are
        (day, working, reason) that win over the state's: regional days first, then the school's own orders.
        """
        import holidays

        low, high = years[0] - MARGIN_YEARS, years[1] + MARGIN_YEARS
        first, last = day_number(date(low, 1, 1)), day_number(date(high, 12, 31))
        number = np.arange(first, last + 1)
        weekday = (number + 3) % 7
        working = weekday < week
        state = holidays.country_holidays(country, years=range(low, high + 1), language=_RUSSIAN.get(country, "ru"))
        reasons: dict[int, str] = {}
        for day, name in state.items():
            if low <= day.year <= high:
                working[day_number(day) - first] = False
                reasons[day_number(day)] = str(name)
        for day in state.weekend_workdays:
            if low <= day.year <= high:
                working[day_number(day) - first] = True
                reasons[day_number(day)] = "перенос рабочего дня"
        for day_no, works, reason in own_days:
            if first <= day_no <= last:
                working[day_no - first] = works
                reasons[day_no] = reason
        return SchoolCalendar(zone, first, working, reasons)

    @cached_property
    def _work_days(self) -> Days:
        return np.flatnonzero(self.working).astype(np.int64) + self.first

    @cached_property
    def _midnights(self) -> Instants:
        days = np.arange(self.first, self.first + len(self.working)).astype("datetime64[D]").astype("datetime64[us]")
        local = pd.DatetimeIndex(days).tz_localize(self.zone, nonexistent="shift_forward", ambiguous=np.ones(len(days), dtype=bool))
        return np.asarray(local.tz_convert("UTC").tz_localize(None).to_numpy(), dtype="datetime64[us]")

    def midnight(self, days: Days) -> Instants:
        """Give the UTC instant at which each local day begins; days outside the calendar are clipped to its edges."""
        return self._midnights[np.clip(days - self.first, 0, len(self._midnights) - 1)]

    def end_of(self, days: Days) -> Instants:
        """Give 24:00 of each local day, as UTC instants."""
        return self.midnight(days + 1)

    def day_of(self, instants: Instants) -> Days:
        """Give the local day in which each UTC instant lies; NaT gives the day before the calendar."""
        return np.searchsorted(self._midnights, instants, side="right").astype(np.int64) - 1 + self.first

    def is_working(self, days: Days) -> npt.NDArray[np.bool_]:
        """Tell for each day whether the staff works."""
        return self.working[np.clip(days - self.first, 0, len(self.working) - 1)]

    def add_working_days(self, days: Days, n: int) -> Days:
        """Give the n-th working day after each day (n ≥ 1); the day itself is never counted."""
        at = np.searchsorted(self._work_days, days, side="right") + n - 1
        return self._work_days[np.clip(at, 0, len(self._work_days) - 1)]

    def roll(self, days: Days) -> Days:
        """Give each day itself when it is a working day, else the next working day."""
        at = np.searchsorted(self._work_days, days, side="left")
        return self._work_days[np.clip(at, 0, len(self._work_days) - 1)]

    def roll_back(self, days: Days) -> Days:
        """Give each day itself when it is a working day, else the last working day before it."""
        at = np.searchsorted(self._work_days, days, side="right") - 1
        return self._work_days[np.clip(at, 0, len(self._work_days) - 1)]

    def working_between(self, after: int, upto: int) -> list[int]:
        """Give the working days later than `after` and not later than `upto`, in order."""
        low, high = np.searchsorted(self._work_days, [after, upto], side="right")
        return [int(day) for day in self._work_days[low:high]]

    def off_between(self, after: int, upto: int) -> list[int]:
        """Give the days off later than `after` and not later than `upto` that are not plain weekend days, in order."""
        return [day for day in range(after + 1, upto + 1) if not self.working[day - self.first] and day in self.reasons]


def week_start(days: Days) -> Days:
    """Give the Monday of each day's calendar week."""
    return days - (days + 3) % 7
