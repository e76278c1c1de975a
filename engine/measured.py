"""Figures: what norms measure where no verdict is due, or beside it; one table for all norms, by names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rules.cases import FIGURE_CODES

if TYPE_CHECKING:
    from engine.candidates import Judged

COLUMNS = ("rule", "clause", "measure", "date", *FIGURE_CODES, "part", "whole", "value")


def figures(judged: Sequence[Judged]) -> pd.DataFrame:
    """Give the figures of all norms: rule, clause, measure (texts; `rules.measure.measures` says what each measure is, "" where the rule
    does), date (ISO date of the first day they speak of), period, class, subject, group, person (ids, "" does not apply), part, whole
    (Int64), value (float64); sorted by all of them.
    """
    parts = [_named(item) for item in judged if item.cases.figures is not None and len(item.cases.figures)]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts, ignore_index=True).sort_values([*COLUMNS], ignore_index=True)


def _named(item: Judged) -> pd.DataFrame:
    table, journal = item.cases.figures, item.setting.journal
    assert table is not None
    inside = table["day"].between(item.setting.starts, item.setting.ends)
    table = table[inside].reset_index(drop=True)
    named: dict[str, object] = {
        "rule": item.cases.norm.id,
        "clause": item.cases.norm.clause,
        "measure": table["measure"].to_numpy(dtype=object),
        "date": table["day"].to_numpy().astype("datetime64[D]").astype(str),
    }
    for column in FIGURE_CODES:
        named[column] = np.append(journal.names(column), "")[table[column].to_numpy()]
    return pd.DataFrame(named | {name: table[name].array for name in ("part", "whole", "value")})
