"""The intervals of a recurring duty as tables: of the school, of each class, of each teacher.

Intervals that began before duties count (`Setting.duties_from`) are not judged (contract, 2.6), nor weeks, months and periods without a
lesson (contract, 4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.journal import NEVER
from rules.class_years import school_years
from rules.intervals import Every, Per, bounds
from rules.study_periods import graded

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.setting import Setting

_TICK = np.timedelta64(1, "us")
_COLUMNS = ("owner", "kind", "first", "last", "begins", "closes", "period", "ev_period", "ev_lesson")


def intervals(every: Every, scope: Scope, setting: Setting, per: Per = "school") -> pd.DataFrame:
    """Give the intervals of the school, each class or each teacher in which the duty is owed; not for the form `days`.

    Columns: owner (class or person code, -1 the school), first, last (days), begins, closes (first and last day with lessons), since,
    upto (days: an act made on them counts for the interval), limit (UTC, the first instant that is too late), due_day (the term's last
    day), period (code, -1 none), ev_period, ev_lesson. Sorted by owner and first.
    """
    if every.day == "all":
        found = _whole_days(setting)
    else:
        key = ("intervals", every.form, every.period, scope, per)
        found = setting.once(key, lambda: _with_lessons(every, scope, setting, per))
    if every.follows:
        # A quarter and a half-year that end together are followed by one act.
        found = found.sort_values("first").drop_duplicates(["owner", "last"], keep="last")
    found = found.sort_values(["owner", "kind", "first"], ignore_index=True)
    following = found.groupby(["owner", "kind"], sort=False)["last"].shift(-1).fillna(NEVER).astype(np.int64)
    limit = every.limits(found["last"].to_numpy(dtype=np.int64), setting)
    found = found.assign(
        since=np.maximum(found["first"], found["closes"] - every.lead_days) if every.follows else found["first"],
        upto=following if every.follows else found["last"],
        limit=limit,
        due_day=setting.calendar.day_of(limit - _TICK),
    )
    inside = (found["first"] >= setting.duties_from) & (found["first"] <= setting.ends)
    return found[inside].drop(columns="kind").sort_values(["owner", "first", "last"], ignore_index=True)


def _whole_days(setting: Setting) -> pd.DataFrame:
    today = int(setting.calendar.day_of(np.array([setting.as_of]))[0])
    days = np.arange(setting.duties_from, min(today, setting.ends) + 1, dtype=np.int64)
    none = np.full(len(days), -1, dtype=np.int64)
    return pd.DataFrame({column: days if column in ("first", "last", "begins", "closes") else none for column in _COLUMNS})


def taught_days(scope: Scope, setting: Setting) -> pd.DataFrame:
    """Give the days on which each class holds lessons of the scope: class, grade, day, ev_lesson; sorted by class and day."""
    return setting.once(("taught days", scope), lambda: _taught_days(scope, setting))


def _taught_days(scope: Scope, setting: Setting) -> pd.DataFrame:
    rows = _taught(scope, setting)
    lessons = setting.journal.lessons
    keys = lessons["class"].to_numpy()[rows].astype(np.int64) * (1 << 32) + lessons["day"].to_numpy()[rows]
    return _columns_of(rows[np.unique(keys, return_index=True)[1]], ("class", "grade", "day"), setting)


def _taught(scope: Scope, setting: Setting) -> npt.NDArray[np.int64]:
    lessons = setting.journal.lessons
    chosen = setting.selects(scope, grades=lessons["grade"].to_numpy(), subjects=lessons["subject"].to_numpy())
    return np.flatnonzero(chosen & lessons["held"].to_numpy())


def _columns_of(rows: npt.NDArray[np.int64], names: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    lessons = setting.journal.lessons
    columns = {name: lessons[name].to_numpy()[rows] for name in names}
    return pd.DataFrame({**columns, "ev_lesson": lessons["ev_scheduled"].to_numpy()[rows]})


def _with_lessons(every: Every, scope: Scope, setting: Setting, per: Per) -> pd.DataFrame:
    if per == "teacher":
        names = ("class", "subject", "group", "grade", "day", "start", "planned_teacher")
        days = _columns_of(_taught(scope, setting), names, setting).sort_values("start", kind="stable")
        days = days.rename(columns={"planned_teacher": "owner"})
    else:
        days = taught_days(scope, setting)
        days = days.assign(owner=days["class"] if per == "class" else np.int32(-1))
    if every.form in ("day", "week", "month"):
        first, last = bounds(every.form, days["day"].to_numpy(dtype=np.int64))
        return _grouped(days.assign(first=first, last=last, kind=-1, period=-1, ev_period=-1), per)
    spans = _years(setting) if every.form == "once" else _periods(every.period or (), setting)
    parts = []
    for period, kind, starts, ends, grades, event in spans.itertuples(index=False):
        inside = days[(days["day"] >= starts) & (days["day"] <= ends)]
        inside = inside if grades is None else inside[inside["grade"].isin(grades)]
        parts.append(inside.assign(first=starts, last=ends, kind=kind, period=period, ev_period=event))
    if not parts:
        return pd.DataFrame({column: np.zeros(0, dtype=np.int64) for column in _COLUMNS})
    return _grouped(pd.concat(parts, ignore_index=True), per)


def _grouped(days: pd.DataFrame, per: Per) -> pd.DataFrame:
    """One row per owner and interval of a table of days with lessons."""
    if per == "teacher":
        # Whoever was to hold the last lesson of a class and subject answers, not who left in the middle.
        days = days.drop_duplicates(["class", "subject", "group", "kind", "period", "first"], keep="last")
        days = days[days["owner"] >= 0]
    groups = days.groupby(["owner", "kind", "period", "first"], as_index=False)
    return groups.agg(
        last=("last", "first"),
        begins=("day", "min"),
        closes=("day", "max"),
        ev_period=("ev_period", "first"),
        ev_lesson=("ev_lesson", "first"),
    )


def _periods(kinds: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    """Declared periods of these kinds: period, kind (number), starts, ends, grades (tuple or None), ev_period."""
    periods = graded(setting.journal.periods)
    periods = periods[periods["kind"].isin(kinds)]
    numbers = periods["kind"].map({kind: place for place, kind in enumerate(kinds)})
    return periods.assign(kind=numbers)[["period", "kind", "starts", "ends", "grades", "ev_period"]]


def _years(setting: Setting) -> pd.DataFrame:
    """School years from the first day of duties on; columns as `_periods` gives them."""
    years = school_years(setting)
    years = years[years["ends"] >= setting.duties_from]
    starts, grades = years["starts"].clip(lower=setting.duties_from), pd.Series([None] * len(years), index=years.index, dtype=object)
    years = years.assign(period=-1, kind=-1, starts=starts, grades=grades, ev_period=-1)
    return years[["period", "kind", "starts", "ends", "grades", "ev_period"]]
