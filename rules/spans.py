"""The study periods by which shares and counts are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from rules.setting import Setting

Days = npt.NDArray[np.int64]
_KINDS = (("quarter", "trimester"), ("half_year",), ("year",))
"""Which periods divide the year, the finest there are: senior grades' half-years would cut the quarters of the others."""


def study_spans(setting: Setting) -> pd.DataFrame:
    """Give the study periods begun by `as_of` under the version in force: quarters and the like, else half-years, else years.

    Columns: period (code), starts, ends (days, inclusive), until (the last day looked at), closed (the period is over), ev_period.
    Where no period is declared, one that is never over begins with the first day of duties and has the code -1.
    """
    now = as_of_day(setting)
    periods = setting.journal.periods
    chosen = next((periods[periods["kind"].isin(kinds)] for kinds in _KINDS if periods["kind"].isin(kinds).any()), periods)
    spans = chosen.drop_duplicates("starts")[["period", "starts", "ends", "ev_period"]]
    if not len(periods):
        spans = pd.DataFrame({"period": [-1], "starts": [setting.duties_from], "ends": [setting.ends], "ev_period": [-1]})
    begun = (spans["starts"] >= setting.starts) & (spans["starts"] <= min(setting.ends, now))
    spans = spans[begun].sort_values("starts", ignore_index=True)
    ends = spans["ends"].to_numpy(dtype=np.int64)
    return spans.assign(
        period=spans["period"].astype(np.int32),
        until=np.minimum(ends, now),
        closed=(setting.calendar.end_of(ends) <= setting.as_of) & (len(periods) > 0),
    )


def as_of_day(setting: Setting) -> int:
    """Give the local day of `as_of`."""
    return int(setting.journal.local_day(np.array([setting.as_of]))[0])


def span_of(days: Days, spans: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Give for each day the row of its period in `spans`, -1 for a day outside of all."""
    row = np.searchsorted(spans["starts"].to_numpy(), days, side="right") - 1
    return np.where((row >= 0) & (days <= np.append(spans["until"].to_numpy(), -1)[row]), row, -1)
