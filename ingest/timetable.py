"""Lessons as they were held: the timetable with its moves, cancellations and substitutions applied as of a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from ingest.journal import Journal


def lessons_as_held(journal: Journal) -> pd.DataFrame:
    """Give one row per lesson code of the log's domain.

    Columns: known (it stands in the timetable), held (known and not cancelled), class, subject, group, teacher (who held it),
    planned_teacher (codes), start, end (UTC), day (local day number), grade, number (0 unknown), ev_scheduled, ev_moved,
    ev_substituted, ev_cancelled (event numbers, -1 none). A lesson scheduled again after a move or cancellation starts anew.
    """
    from ingest.journal import codes_of

    n = journal.size("lesson")
    scheduled = journal.timetable("lesson.scheduled").drop_duplicates("lesson", keep="last")
    at = codes_of(scheduled["lesson"])
    lessons: dict[str, np.ndarray] = {"known": _placed(n, at, np.ones(len(at), dtype=bool), fill=False)}
    for column in ("class", "subject", "group", "teacher"):
        lessons[column] = _placed(n, at, codes_of(scheduled[column]), fill=-1)
    lessons["planned_teacher"] = lessons["teacher"].copy()
    for column, source in (("start", "starts_at"), ("end", "ends_at")):
        lessons[column] = _placed(n, at, scheduled[source].to_numpy(dtype="datetime64[us]"), fill=np.datetime64("NaT"))
    lessons["number"] = _placed(n, at, scheduled["number"].fillna(0).to_numpy(dtype=np.int64), fill=0)
    lessons["ev_scheduled"] = _placed(n, at, scheduled["event"].to_numpy(dtype=np.int32), fill=-1)
    _apply(journal, lessons, "lesson.moved", "ev_moved", {"start": "starts_at", "end": "ends_at"})
    _apply(journal, lessons, "lesson.substituted", "ev_substituted", {"teacher": "teacher"})
    _apply(journal, lessons, "lesson.cancelled", "ev_cancelled", {})
    known = lessons["known"]
    lessons["held"] = known & (lessons["ev_cancelled"] < 0)
    day = np.zeros(n, dtype=np.int64)
    day[known] = journal.local_day(lessons["start"][known])
    lessons["day"] = day
    lessons["grade"] = journal.grade(lessons["class"], day)
    return pd.DataFrame(lessons, copy=False)


def _placed(n: int, at: np.ndarray, values: np.ndarray, fill: object) -> np.ndarray:
    placed = np.full(n, fill, dtype=values.dtype)
    placed[at] = values
    return placed


def _apply(journal: Journal, lessons: dict[str, np.ndarray], event_type: str, mark: str, fields: dict[str, str]) -> None:
    from ingest.journal import codes_of

    table = journal.timetable(event_type).drop_duplicates("lesson", keep="last")
    at = codes_of(table["lesson"])
    # A later scheduling overrides: what was said of the lesson before it no longer counts.
    newer = table["event"].to_numpy() > lessons["ev_scheduled"][at]
    at, table = at[newer], table[newer]
    lessons[mark] = _placed(len(lessons["known"]), at, table["event"].to_numpy(dtype=np.int32), fill=-1)
    for column, source in fields.items():
        lessons[column][at] = codes_of(table[source]) if column == "teacher" else table[source].to_numpy()
