"""The table of cases a rule family gives: one row per instance of an obligation or a prohibition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from rules.norm import Norm

_NAT = np.datetime64("NaT", "us")

CODES = ("person", "class", "subject", "group", "lesson", "work", "student", "period")
"""Columns that hold codes into the journal's domains (person and student: domain person), -1 where they do not apply."""

INSTANTS = ("opens", "limit", "due", "former", "done", "low")
"""UTC instants: opens – the first allowed; limit – the first that is too late; due – the one shown; former – the limit by the
timetable that was known at the limit; done – the record was made at the latest then; low – and at the earliest then."""


@dataclass(frozen=True)
class Cases:
    """All instances of one norm.

    `units` has the columns CODES (int32), INSTANTS (datetime64[us], NaT = none), day (local date it is about, int64), act (int64:
    the same number = the same act or the same empty cell; ≥ 0 an event number), object (text or None), actor_known (bool), any
    number of `ev_…` columns (event numbers, -1 none), any number of `fig_…` columns (figures of the case, for `Norm.outcome`), and
    optionally role, late, missing, status (texts) and assumed (bool) that override the norm's.
    `grain` are the columns that make one finding; `ban` marks prohibitions, `edit` those a remark can lift, `status` what a breach
    by an act is called.
    """

    norm: Norm
    units: pd.DataFrame
    grain: tuple[str, ...]
    ban: bool = False
    edit: bool = False
    status: str = "late"
    missing: str = "ignore"
    early: str = "ignore"
    undecidable: int = 0
    """How many instances nobody can decide, because the log has no event of the kind that would."""
    figures: pd.DataFrame | None = None
    """What the norm measures (`figures_table`), for norms that give figures besides verdicts or instead of them."""

    @property
    def evidence(self) -> list[str]:
        """The columns that hold event numbers."""
        return [str(column) for column in self.units.columns if str(column).startswith("ev_")]


def units(frame: pd.DataFrame) -> pd.DataFrame:
    """Give `frame` as a table of units: columns that it lacks are filled with "does not apply", the others keep their values."""
    n = len(frame)
    columns: dict[str, object] = {}
    for name in CODES:
        columns[name] = _whole(frame[name], np.int32) if name in frame else np.full(n, -1, dtype=np.int32)
    for name in INSTANTS:
        columns[name] = frame[name].to_numpy(dtype="datetime64[us]") if name in frame else np.full(n, _NAT)
    if "due" not in frame:
        columns["due"] = columns["limit"]
    if "low" not in frame:
        columns["low"] = columns["done"]
    columns["day"] = frame["day"].to_numpy(dtype=np.int64)
    columns["act"] = _whole(frame["act"], np.int64)
    columns["object"] = _texts(frame["object"]) if "object" in frame else np.full(n, None, dtype=object)
    columns["actor_known"] = frame["actor_known"].to_numpy(dtype=bool) if "actor_known" in frame else np.ones(n, dtype=bool)
    for name in frame.columns:
        if str(name).startswith("ev_"):
            columns[str(name)] = _whole(frame[name], np.int32)
        elif str(name).startswith("fig_") or name in ("role", "late", "missing", "status", "assumed"):
            columns[str(name)] = _texts(frame[name])
    # Texts keep their None only under their own type. Without copy pandas would gather thirty columns into blocks that nobody needs.
    kept = {name: pd.Series(values, dtype=object) if _is_texts(values) else values for name, values in columns.items()}
    return pd.DataFrame(kept, copy=False)


def _is_texts(values: object) -> bool:
    return isinstance(values, np.ndarray) and values.dtype == object


def _whole(column: pd.Series, kind: type[np.integer]) -> np.ndarray:
    """Codes or event numbers; tables joined from parts have gaps where a part lacks the column."""
    return column.fillna(-1).to_numpy(dtype=kind) if column.dtype.kind == "f" else column.to_numpy(dtype=kind)


def _texts(column: pd.Series) -> np.ndarray:
    """The values of a column; texts that are missing are None, as they were before pandas took them for its own kind of texts."""
    if isinstance(column.dtype, pd.StringDtype):
        values = np.array(column.to_numpy(dtype=object), dtype=object)
        values[column.isna().to_numpy()] = None
        return values
    return np.asarray(column.to_numpy())


def silent(norm: Norm, grain: tuple[str, ...], undecidable: int, *, ban: bool = False) -> Cases:
    """Give no cases, because the log has no event of the kind that would fulfil the norm: so many instances are undecidable."""
    return Cases(norm, _no_units().copy(deep=False), grain, ban=ban, undecidable=undecidable)


@cache
def _no_units() -> pd.DataFrame:
    """Made once: in many a log half of the norms are silent."""
    empty = {"day": np.zeros(0, np.int64), "act": np.zeros(0, np.int64), "limit": np.zeros(0, "M8[us]"), "done": np.zeros(0, "M8[us]")}
    return units(pd.DataFrame(empty))


FIGURE_CODES = ("period", "class", "subject", "group", "person")


def figures_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Give `frame` as a table of figures: measure (what is measured, a text; "" where the rule says it), FIGURE_CODES (int32, -1 does not
    apply), day (int64, first day it speaks of), part and whole (Int64: a share, or a count where `whole` is missing), value (float64, for
    figures that are neither).
    """
    n = len(frame)
    columns: dict[str, object] = {
        "measure": frame["measure"].to_numpy(dtype=object) if "measure" in frame else np.full(n, "", dtype=object)
    }
    for name in FIGURE_CODES:
        columns[name] = _whole(frame[name], np.int32) if name in frame else np.full(n, -1, dtype=np.int32)
    columns["day"] = frame["day"].to_numpy(dtype=np.int64) if "day" in frame else np.zeros(n, dtype=np.int64)
    for name in ("part", "whole"):
        columns[name] = frame[name].astype("Int64").array if name in frame else pd.array([None] * n, dtype="Int64")
    columns["value"] = frame["value"].to_numpy(dtype=np.float64) if "value" in frame else np.full(n, np.nan)
    return pd.DataFrame(columns, copy=False)


_CELL_KINDS = (
    "topic", "homework", "attendance", "mark", "period_mark", "exam_mark", "final_mark", "reason", "remark", "briefing", "other",
    "control", "backup", "archive", "order", "account", "consent", "report", "notice", "view", "plan", "data", "access", "attestation",
)  # fmt: skip


def empty_act(kind: str, first: np.ndarray, second: np.ndarray | int = 0) -> np.ndarray:
    """Give the act number of a cell in which nothing was recorded: negative, the same for the same kind of record and cell.

    `first` is below 2**33, `second` below 2**24, so that every number fits into 63 bits.
    """
    cell = first.astype(np.int64) * (1 << 24) + second
    return -(cell * len(_CELL_KINDS) + _CELL_KINDS.index(kind) + 1)


def acts(events: np.ndarray, empty: np.ndarray) -> np.ndarray:
    """Give the act numbers: the event where there is one (≥ 0), else the empty cell's."""
    return np.where(events >= 0, events.astype(np.int64), empty)
