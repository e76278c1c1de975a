"""What was confirmed by people, and the school years, study periods and months in which it has to be."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.journal import day_numbers
from rules.calendar import date_of, day_number

if TYPE_CHECKING:
    from rules.attestation import Every
    from rules.setting import Setting

Codes = npt.NDArray[np.int32]
Days = npt.NDArray[np.int64]
Instants = npt.NDArray[np.datetime64]
_COLUMNS = ("starts", "ends", "period", "ev_period")
_TURN = (8, 15)
"""Month and day from which on whatever begins belongs to the next school year."""
_SCHOOL_YEAR = re.compile(r"^(\d{4})[/-](\d{2}|\d{4})$")


class Confirmations:
    """The confirmations of one log under one version of a policy; what several clauses share is computed once."""

    def __init__(self, setting: Setting) -> None:
        """Look at the log of `setting`."""
        self._setting = setting
        self._intervals: dict[str, pd.DataFrame] = {}
        self._holders: dict[tuple[str, str], Codes] = {}

    @cached_property
    def any(self) -> bool:
        """Whether the log has any confirmation at all."""
        return self._setting.journal.has("attestation.given")

    def intervals(self, every: Every) -> pd.DataFrame:
        """Give the intervals to confirm for: starts, ends (days, inclusive), period (code) and ev_period (-1 where no declared
        period is meant); from the first day of duties on.
        """
        if every not in self._intervals:
            made = {"year": self._years, "once": self._once, "period": self._periods, "month": self._months}.get(every)
            self._intervals[every] = _table([]) if made is None else self._judged(made())
        return self._intervals[every]

    def holders(self, role: str, every: Every) -> Codes:
        """Give who holds a role on the last day of each interval, -1 where nobody or more than one does."""
        if (role, every) not in self._holders:
            self._holders[role, every] = self._setting.journal.holders(role, self.intervals(every)["ends"].to_numpy(dtype=np.int64))
        return self._holders[role, every]

    def _judged(self, table: pd.DataFrame) -> pd.DataFrame:
        inside = (table["starts"] >= self._setting.duties_from) & (table["starts"] <= self._setting.ends)
        return table[inside].reset_index(drop=True)

    def _years(self) -> pd.DataFrame:
        """School years: the declared ones, else from the first declared period (or lesson) to 31 August."""
        periods = self._setting.journal.periods
        begun = _school_year(periods["starts"].to_numpy(dtype=np.int64))
        rows: list[tuple[int, ...]] = []
        for year in np.unique(begun).tolist():
            of_year = periods[begun == year]
            whole = of_year[of_year["kind"] == "year"]
            if len(whole):
                longest = whole.sort_values("ends").iloc[-1]
                rows.append(tuple(int(longest[column]) for column in _COLUMNS))
            else:
                rows.append((int(of_year["starts"].min()), _closing(year), -1, -1))
        if not rows and len(self._lesson_days):
            years = _school_year(self._lesson_days)
            rows = [(int(self._lesson_days[years == year].min()), _closing(year), -1, -1) for year in np.unique(years).tolist()]
        return _table(rows)

    def _once(self) -> pd.DataFrame:
        return self._judged(self._years()).head(1)

    def _periods(self) -> pd.DataFrame:
        """Quarters and the like; senior grades' half-years only where there is nothing finer, years only where there is nothing else."""
        periods = self._setting.journal.periods
        parts = periods[periods["kind"] != "year"] if (periods["kind"] != "year").any() else periods
        finest = parts[parts["kind"] != "half_year"] if (parts["kind"] != "half_year").any() else parts
        # Where some grades end earlier than others, it is the later end that counts.
        return finest.sort_values(["starts", "ends"]).drop_duplicates("starts", keep="last")[[*_COLUMNS]].reset_index(drop=True)

    def _months(self) -> pd.DataFrame:
        """Calendar months that hold a lesson."""
        months = np.unique(self._lesson_days.astype("datetime64[D]").astype("datetime64[M]"))
        starts = months.astype("datetime64[D]").astype(np.int64)
        ends = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
        return _table([(start, end, -1, -1) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)])

    @cached_property
    def _lesson_days(self) -> Days:
        lessons = self._setting.journal.lessons
        return np.unique(lessons.loc[lessons["held"].to_numpy(), "day"].to_numpy(dtype=np.int64))

    # ---- what was confirmed ----------------------------------------------------------------------------------------------------

    @cached_property
    def _entries(self) -> pd.DataFrame:
        """Confirmations: event, done, low, clause (code), first, last (days they speak of, inclusive; -1 where they do not say)."""
        journal = self._setting.journal
        entries = journal.entries("attestation.given", clause="clause", period="period")
        table = journal.table("attestation.given")
        entries["first"], entries["last"] = day_numbers(table["from"], -1), day_numbers(table["to"], -1)
        spans = {code: self._named(code) for code in np.unique(entries["period"].to_numpy()).tolist()}
        for place, column in enumerate(("first", "last")):
            named = entries["period"].map(lambda code, place=place: spans[code][place]).to_numpy()
            entries[column] = np.where(entries[column] >= 0, entries[column], named)
        return entries

    def _named(self, code: int) -> tuple[int, int]:
        """The days of a period named by its id or as a school year «2023/24», (-1, -1) for any other text."""
        if code < 0:
            return -1, -1
        periods = self._setting.journal.periods
        known = periods[periods["period"] == code]
        if len(known):
            return int(known["starts"].iloc[0]), int(known["ends"].iloc[0])
        year = _SCHOOL_YEAR.match(self._setting.journal.name("period", code) or "")
        if year is None:
            return -1, -1
        opening = date(int(year[1]), *_TURN)
        return day_number(opening), day_number(opening.replace(year=opening.year + 1) - timedelta(days=1))

    @cached_property
    def _by_clause(self) -> dict[str, pd.DataFrame]:
        codes = self._entries["clause"].to_numpy()
        names = self._setting.journal.names("clause")
        return {str(names[code]): self._entries[codes == code] for code in np.unique(codes).tolist() if code >= 0}

    def given(self, clause: str, spans: pd.DataFrame, limit: Instants, *, ever: bool = False) -> pd.DataFrame:
        """Give for each interval its first confirmation: event (-1 none), done, low (NaT none).

        One given within the interval or its days of grace counts, unless it says that it speaks of other days; one given before or
        after counts when the days it speaks of hold the whole interval. With `ever` any counts, whenever it was given.
        """
        entries = self._by_clause.get(clause, self._entries.iloc[:0])
        days = self._setting.journal.local_day(entries["done"].to_numpy())
        first, last = entries["first"].to_numpy(), entries["last"].to_numpy()
        found = np.full(len(spans), -1, dtype=np.int64)
        for row, (starts, ends, too_late) in enumerate(zip(spans["starts"], spans["ends"], limit, strict=True)):
            inside = (days >= starts) & (entries["done"].to_numpy() < too_late)
            speaks = ((first < 0) | (first <= ends)) & ((last < 0) | (last >= starts))
            covers = (first >= 0) & (first <= starts) & (last >= ends)
            counting = np.flatnonzero((inside & speaks) | covers | ever)
            found[row] = counting[0] if len(counting) else -1
        event, done, low = (entries[column].to_numpy() for column in ("event", "done", "low"))
        never = np.datetime64("NaT", "us")
        # -1 leads to the last row, which says "none".
        return pd.DataFrame(
            {"event": np.append(event, -1)[found], "done": np.append(done, never)[found], "low": np.append(low, never)[found]}
        )


def _table(rows: list[tuple[int, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*_COLUMNS]).astype(np.int64)


def _closing(year: int) -> int:
    """The last day of the school year that begins in `year`, where nobody declared another."""
    return day_number(date(year + 1, 8, 31))


def _school_year(days: Days) -> Days:
    """The year in which each day's school year began."""
    return np.array([d.year if (d.month, d.day) >= _TURN else d.year - 1 for d in map(date_of, days.tolist())], dtype=np.int64)
