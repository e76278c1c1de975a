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
    lessons = pd.DataFrame({"known": np.zeros(n, dtype=bool)})
    lessons.loc[at, "known"] = True
    for column, source in (("class", "class"), ("subject", "subject"), ("group", "group"), ("teacher", "teacher")):
        values = np.full(n, -1, dtype=np.int32)
        values[at] = codes_of(scheduled[source])
        lessons[column] = values
    lessons["planned_teacher"] = lessons["teacher"]
    for column, source in (("start", "starts_at"), ("end", "ends_at")):
        instants = np.full(n, np.datetime64("NaT"), dtype="datetime64[us]")
        instants[at] = scheduled[source].to_numpy()
        lessons[column] = instants
    number = np.zeros(n, dtype=np.int64)
    number[at] = scheduled["number"].fillna(0).to_numpy(dtype=np.int64)
    lessons["number"] = number
    events = np.full(n, -1, dtype=np.int32)
    events[at] = scheduled["event"].to_numpy()
    lessons["ev_scheduled"] = events
    _apply(journal, lessons, "lesson.moved", "ev_moved", {"start": "starts_at", "end": "ends_at"})
    _apply(journal, lessons, "lesson.substituted", "ev_substituted", {"teacher": "teacher"})
    _apply(journal, lessons, "lesson.cancelled", "ev_cancelled", {})
    lessons["held"] = lessons["known"] & (lessons["ev_cancelled"] < 0)
    day = np.zeros(n, dtype=np.int64)
    known = lessons["known"].to_numpy()
    day[known] = journal.local_day(lessons.loc[known, "start"].to_numpy())
    lessons["day"] = day
    lessons["grade"] = journal.grade(lessons["class"].to_numpy(), day)
    return lessons


def _apply(journal: Journal, lessons: pd.DataFrame, event_type: str, mark: str, fields: dict[str, str]) -> None:
    from ingest.journal import codes_of

    table = journal.timetable(event_type).drop_duplicates("lesson", keep="last")
    at = codes_of(table["lesson"])
    # A later scheduling overrides: what was said of the lesson before it no longer counts.
    newer = table["event"].to_numpy() > lessons["ev_scheduled"].to_numpy()[at]
    at, table = at[newer], table[newer]
    events = np.full(len(lessons), -1, dtype=np.int32)
    events[at] = table["event"].to_numpy()
    lessons[mark] = events
    for column, source in fields.items():
        values = lessons[column].to_numpy().copy()
        values[at] = codes_of(table[source]) if column == "teacher" else table[source].to_numpy()
        lessons[column] = values
