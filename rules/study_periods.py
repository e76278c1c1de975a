"""Study periods of classes: which quarter, trimester or half-year a day belongs to for a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from rules.setting import Setting

Days = npt.NDArray[np.int64]
_SENIOR = (10, 11)
_HALF_YEAR = "half_year"


def graded(periods: pd.DataFrame) -> pd.DataFrame:
    """Give study periods (`Journal.periods`) with their grades filled in: where a school declares quarters and half-years for the same
    grades, the senior grades have half-years and the others the quarters.
    """
    halves = periods["kind"] == _HALF_YEAR
    if not halves.any() or not periods["kind"].isin(("quarter", "trimester")).any():
        return periods
    junior = tuple(grade for grade in range(1, 12) if grade not in _SENIOR)
    shares = {"year": None, _HALF_YEAR: _SENIOR}
    given = zip(periods["grades"], periods["kind"], strict=True)
    filled = [shares.get(kind, junior) if grades is None else grades for grades, kind in given]
    return periods.assign(grades=pd.Series(filled, index=periods.index, dtype=object))


def period_ends(days: Days, grades: Days, setting: Setting) -> Days:
    """Give for each day and grade the last day of the study period (not the year) in which it lies, -1 where none is declared."""
    ends = np.full(len(days), -1, dtype=np.int64)
    periods = graded(setting.journal.periods)
    for first, last, own in periods.loc[periods["kind"] != "year", ["starts", "ends", "grades"]].itertuples(index=False):
        inside = (days >= first) & (days <= last) & (np.isin(grades, own) if own is not None else True)
        # Where two periods share a day, the one that ends later gives the milder term.
        ends[inside] = np.maximum(ends[inside], last)
    return ends
