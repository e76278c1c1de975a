"""The lessons of a class's line in a study period: scheduled, held, recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.journal import codes_of
from rules.period_lines import subjects_as

if TYPE_CHECKING:
    from rules.setting import Setting

_RECORDS = ("topic.recorded", "homework.recorded", "attendance.taken", "attendance.recorded", "mark.recorded")


def recorded(setting: Setting) -> npt.NDArray[np.bool_]:
    """Tell for each lesson code whether anything was recorded for the lesson."""
    found = np.zeros(setting.journal.size("lesson"), dtype=bool)
    for event_type in _RECORDS:
        found[codes_of(setting.journal.table(event_type)["lesson"])] = True
    return found


def lessons_of(lines: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Give the lessons of each line (`period_lines.lines_of`; row: its index): row, lesson, start, held (with a record); ordered by row
    and start. The whole class's lessons are those of each group too; cancelled ones stand here with held False.
    """
    table = setting.journal.lessons
    known = np.flatnonzero(table["known"].to_numpy())
    lessons = (
        table[["class", "group", "day", "start"]]
        .take(known)
        .assign(
            lesson=known.astype(np.int32),
            subject_as=subjects_as(setting)[table["subject"].to_numpy()[known]],
            held=(table["held"].to_numpy() & recorded(setting))[known],
        )
    )
    rows = lines[["class", "subject_as", "group", "starts", "ends"]].rename_axis("row").reset_index()
    rows = rows.astype({"group": np.int32, "class": np.int32})
    key = ["class", "subject_as", "group"]
    shared = rows[rows["group"] >= 0].assign(group=np.int32(-1))
    found = pd.concat([rows, shared], ignore_index=True).merge(lessons, on=key)
    found = found[(found["starts"] <= found["day"]) & (found["day"] <= found["ends"])]
    return found[["row", "lesson", "start", "held"]].sort_values(["row", "start"], ignore_index=True)
