"""How many marks students have: counts per student, class, subject and study period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rules.marks import standing
from rules.period_records import PERIOD_KINDS, owed_cells, period_lines

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.setting import Setting

_CELL = ["class", "subject", "student", "period"]


def mark_counts(scope: Scope, setting: Setting, kinds: tuple[str, ...] = PERIOD_KINDS) -> pd.DataFrame:
    """Give every student, class, subject and period with the number of marks: class, subject, group, student, period, person, marks."""
    lines = period_lines(scope, kinds, setting)
    lessons = setting.journal.lessons
    marks = standing(setting.journal.marks)
    marks = marks[setting.mark_values.mark[marks["value"].to_numpy()]]
    lesson = marks["lesson"].to_numpy()
    starts = np.sort(lines["starts"].unique())
    period_of = lines.drop_duplicates("starts").set_index("starts")["period"].reindex(starts).to_numpy()
    place = np.maximum(np.searchsorted(starts, lessons["day"].to_numpy()[lesson], side="right") - 1, 0)
    given = pd.DataFrame(
        {
            "class": lessons["class"].to_numpy()[lesson],
            "subject": lessons["subject"].to_numpy()[lesson],
            "student": marks["student"].to_numpy(),
            "period": period_of[place] if len(period_of) else np.full(len(marks), -1),
        }
    )
    counts = given.groupby(_CELL).size().rename("marks").reset_index()
    cells = owed_cells(lines, setting).merge(counts, on=_CELL, how="left")
    return cells.assign(marks=cells["marks"].fillna(0).astype(np.int64))
