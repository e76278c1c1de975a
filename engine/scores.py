"""Counts per person and period: obligations met, met late, missing, excused, unproven, and violations by severity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from engine.candidates import period_of, periods_of
from engine.sieve import MET, PENDING
from engine.standing import STANDING

if TYPE_CHECKING:
    from engine.candidates import Judged
    from engine.judge.casefile import Ruling

SEVERITIES = ("critical", "major", "minor")
# In the order in which one student's state speaks for the whole lesson or work: the greatest wins.
_PENDING, _MET, _EXCUSED, _UNPROVEN, _LATE, _MISSING = range(6)
_WIDE = np.int64(1 << 32)
_COUNTED = {"met": _MET, "excused": _EXCUSED, "unproven": _UNPROVEN, "late": _LATE, "missing": _MISSING}
COLUMNS = ["period", "person", "role", "obligations", *(_COUNTED), *(f"violations_{severity}" for severity in SEVERITIES)]


@dataclass(frozen=True)
class Scores:
    """`table`: period, person (ids, "" unknown), role, obligations (those whose term has come), met, excused, unproven, late, missing,
    violations_critical, violations_major, violations_minor; sorted by period, person, role.
    """

    table: pd.DataFrame

    @property
    def obligations(self) -> int:
        """How many obligations have come due."""
        return int(self.table["obligations"].sum())

    @property
    def met(self) -> int:
        """How many of them were met in time."""
        return int(self.table["met"].sum())


def scores(frame: pd.DataFrame, rulings: Sequence[Ruling], judged: Sequence[Judged]) -> Scores:
    """Give the counts. Only norms that are scored and can give a violation count as obligations; breaches of bans count as violations."""
    verdicts = pd.DataFrame(
        [(r.n, r.verdict, r.status, r.absorbed_by is None) for r in rulings], columns=["n", "verdict", "found", "own"]
    ).set_index("n")
    ruled = frame.join(verdicts) if len(frame) else frame.assign(verdict=[], found=[], own=[])
    # Candidates stand in the order of their norms.
    bounds = np.searchsorted(ruled["norm"].to_numpy(dtype=np.int64), np.arange(len(judged) + 1))
    standing = (ruled["verdict"] == STANDING[0]).to_numpy() & ruled["own"].fillna(value=False).to_numpy(dtype=bool)
    parts = []
    for place, item in enumerate(judged):
        if not len(item.cases.units):
            continue
        low, high = bounds[place], bounds[place + 1]
        of_norm = ruled.iloc[low:high]
        if standing[low:high].any():
            parts.append(_violations(item, of_norm[standing[low:high]]))
        norm = item.cases.norm
        if norm.scored and not item.cases.ban and norm.verdict == "violation" and not norm.assumed:
            parts.append(_obligations(item, of_norm))
    return Scores(_table(parts, judged))


def _obligations(item: Judged, ruled: pd.DataFrame) -> pd.DataFrame:
    """Finding-sized obligations by period, person and role: how many there are, and how many in each state."""
    state = np.where(item.state == MET, _MET, np.where(item.state == PENDING, _PENDING, _MET)).astype(np.int8)
    # Cases that were open but not sent (missing where that is no breach) are no obligations; sent ones get their ruling's state.
    state[(item.state != MET) & (item.state != PENDING)] = _PENDING
    rows = ruled["row"].to_numpy(dtype=np.int64)
    state[rows] = np.where(item.state[rows] == MET, _MET, _PENDING)
    given = ruled["verdict"].notna().to_numpy()
    state[rows[given]] = _ruled_states(ruled[given])
    units = item.cases.units
    table = units[["person", "day", *(column for column in item.cases.grain if column not in ("person", "day"))]].assign(state=state)
    if "assumed" in units:
        table = table[~units["assumed"].to_numpy(dtype=bool)]
    grain = list(item.cases.grain)
    if table.duplicated(grain).any():
        table = table.sort_values("state").drop_duplicates(grain, keep="last")
    table = table[table["state"] != _PENDING]
    # Counted here, as whole numbers: half a million rows with a role each would be joined and grouped by words.
    period = period_of(table["day"].to_numpy(dtype=np.int64), item.setting)
    keys, place = np.unique(period * _WIDE + table["person"].to_numpy(dtype=np.int64) + 1, return_inverse=True)
    counts = {name: np.bincount(place[(table["state"] == code).to_numpy()], minlength=len(keys)) for name, code in _COUNTED.items()}
    counts["obligations"] = np.bincount(place, minlength=len(keys))
    return pd.DataFrame(counts).assign(period=keys // _WIDE, person=keys % _WIDE - 1, role=item.cases.norm.role)


def _ruled_states(ruled: pd.DataFrame) -> np.ndarray:
    verdict, status = ruled["verdict"].to_numpy(dtype=object), ruled["found"].to_numpy(dtype=object)
    broken = np.where(status == "missing", _MISSING, _LATE)
    return np.where(
        verdict == "violation",
        broken,
        np.where(np.isin(verdict, ["unproven", "review"]), _UNPROVEN, np.where(verdict == "excused", _EXCUSED, _MET)),
    ).astype(np.int8)


def _violations(item: Judged, standing: pd.DataFrame) -> pd.DataFrame:
    """One row per violation that stands: period, person, role and a one in the column of its severity."""
    found = standing.drop_duplicates(list(item.cases.grain))
    severity = item.cases.norm.severity
    return pd.DataFrame(
        {
            "period": period_of(found["day"].to_numpy(dtype=np.int64), item.setting),
            "person": found["person"].to_numpy(),
            "role": item.cases.norm.role,
            f"violations_{severity}": 1,
        }
    )


def _table(parts: list[pd.DataFrame], judged: Sequence[Judged]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=COLUMNS)
    setting = judged[0].setting
    total = pd.concat(filled, ignore_index=True).groupby(["period", "person", "role"], as_index=False).sum()
    total = total.reindex(columns=COLUMNS, fill_value=0)
    names = np.append(setting.journal.names("person"), "")
    period_names = [*(setting.journal.name("period", int(code)) or "" for code in periods_of(setting)["period"]), ""]
    total["person"] = names[total["person"].to_numpy(dtype=np.int64)]
    total["period"] = [period_names[int(place)] for place in total["period"]]
    counts = [column for column in COLUMNS if column not in ("period", "person", "role")]
    total[counts] = total[counts].fillna(0).astype(np.int64)
    return total.groupby(["period", "person", "role"], as_index=False).sum().sort_values(["period", "person", "role"], ignore_index=True)
