"""Standing cases: candidates with their rulings as plain rows, of which findings and their texts are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from engine.judge.casefile import Ruling

STANDING = ("violation", "notice", "review", "unproven")


@dataclass(frozen=True, slots=True)
class Standing:
    """One case with a finding: place of its norm, row in its units, codes (-1 none), instants in microseconds (0 none), its ruling."""

    n: int
    norm: int
    row: int
    codes: dict[str, int]
    day: int
    act: int
    object: str | None
    done: int
    low: int
    ruling: Ruling


def standing_rows(frame: pd.DataFrame, rulings: Sequence[Ruling], codes: Sequence[str]) -> list[Standing]:
    """Give the candidates (`engine.candidates.candidates`) that a finding speaks of, in the order of the rulings."""
    stands = [r for r in rulings if r.verdict in STANDING and r.absorbed_by is None]
    part = frame.loc[[r.n for r in stands]]
    columns = [part[name].tolist() for name in codes]
    done, low = (_micros(part[name]) for name in ("done", "low"))
    rows = zip(part.index.tolist(), part["norm"].tolist(), part["row"].tolist(), zip(*columns, strict=True), strict=True)
    about = zip(part["day"].tolist(), part["act"].tolist(), part["object"].tolist(), done, low, stands, strict=True)
    return [
        Standing(n, norm, row, dict(zip(codes, values, strict=True)), day, act, obj, made, lowest, ruling)
        for (n, norm, row, values), (day, act, obj, made, lowest, ruling) in zip(rows, about, strict=True)
    ]


def _micros(instants: pd.Series) -> list[int]:
    values = instants.to_numpy(dtype="datetime64[us]")
    return [int(value) for value in np.where(np.isnat(values), 0, values.astype(np.int64))]
