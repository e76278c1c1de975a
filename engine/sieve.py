"""The sieve: which cases are worth a judge's time. It drops only what provably complies, is not due yet, or can give no finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from rules.cases import Cases

PENDING, MET, OPEN = 0, 1, 2
"""States of a case before the judge: not due yet; done as it should be; anything else."""


def states(cases: Cases, as_of: np.datetime64) -> npt.NDArray[np.int8]:
    """Give the state of every case at `as_of`: PENDING, MET or OPEN (int8)."""
    units = cases.units
    done, limit, low, opens = (units[name].to_numpy() for name in ("done", "limit", "low", "opens"))
    undone = np.isnat(done)
    # Comparisons with NaT are false: a ban without a window (limit NaT) is never "in time".
    in_time = done < limit
    if cases.ban:
        return np.where(in_time, np.int8(MET), np.int8(OPEN))
    early = in_time & (low < opens) & (cases.early != "ignore")
    no_term = np.isnat(limit)
    pending = undone & ((limit > as_of) | no_term)
    met = (in_time & ~early) | (~undone & no_term)
    return np.where(met, np.int8(MET), np.where(pending, np.int8(PENDING), np.int8(OPEN)))


def kept(cases: Cases, state: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """Tell which cases go to the judge: open ones, but for a missing record whose norm gives no verdict on it."""
    keep = state == OPEN
    missing = cases.units["missing"].to_numpy() if "missing" in cases.units else cases.missing
    silent = np.isnat(cases.units["done"].to_numpy()) & (missing == "ignore")
    return np.asarray(keep & (cases.ban | ~silent))
