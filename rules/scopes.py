"""Who may write where: the teachers of a lesson, of a class and subject, and those to whom access was granted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.journal import MICROSECOND, codes_of, day_numbers

if TYPE_CHECKING:
    from rules.setting import Setting

Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int32]
_WIDE = np.int64(1 << 31)
_TEACHERS = ("teacher", "planned_teacher")
_INSTANTS, _CODES = ("done", "low"), ("event", "actor", "lesson", "student")
_NONE = pd.DataFrame({name: np.zeros(0, "M8[us]") for name in _INSTANTS} | {name: np.zeros(0, np.int32) for name in _CODES})


class Scopes:
    """The pages that people hold in one journal; tables given to its methods have actor, class, subject (codes) and day."""

    def __init__(self, setting: Setting) -> None:
        """Look at the timetable and the grants of `setting`."""
        self._setting = setting

    def of_lesson(self, actors: npt.NDArray[np.int32], lessons: npt.NDArray[np.int32]) -> Mask:
        """Tell for each actor whether the lesson was ever planned for them or given to them as substitutes."""
        return np.isin(actors.astype(np.int64) * _WIDE + lessons, self._named)

    @cached_property
    def _named(self) -> npt.NDArray[np.int64]:
        tables = [self._setting.journal.table(kind) for kind in ("lesson.scheduled", "lesson.substituted")]
        pairs = [codes_of(table["teacher"]).astype(np.int64) * _WIDE + codes_of(table["lesson"]) for table in tables]
        return np.unique(np.concatenate(pairs))

    def of_line(self, rows: pd.DataFrame) -> Mask:
        """Tell for each row whether the actor holds lessons of the class in the subject, at any time."""
        return np.isin(self._lines(rows["actor"], rows["class"], rows["subject"]), self._held_lines)

    def of_group(self, rows: pd.DataFrame) -> Mask:
        """Tell for each row whether the actor holds lessons of its group (or of the whole class) in the subject, at any time."""
        lessons = self._setting.journal.lessons
        lessons = lessons.loc[lessons["known"].to_numpy() & lessons["class"].isin(rows["class"]).to_numpy()]
        line = ["actor", "class", "subject"]
        held = pd.concat([lessons[["class", "subject", "group", who]].set_axis([*line[1:], "group", "actor"], axis=1) for who in _TEACHERS])
        pairs = rows[[*line, "group"]].assign(row=np.arange(len(rows))).merge(held.drop_duplicates(), on=line, suffixes=("", "_held"))
        own = (pairs["group_held"] == pairs["group"]) | (pairs["group_held"] < 0)
        return np.isin(np.arange(len(rows)), pairs.loc[own, "row"].to_numpy())

    def planned(self, rows: pd.DataFrame) -> Mask:
        """Tell for each row whether lessons of the class in the subject are planned for the actor, at any time."""
        return np.isin(self._lines(rows["actor"], rows["class"], rows["subject"]), self._lines_of("planned_teacher"))

    @cached_property
    def _held_lines(self) -> npt.NDArray[np.int64]:
        return np.concatenate([self._lines_of("teacher"), self._lines_of("planned_teacher")])

    def _lines_of(self, who: str) -> npt.NDArray[np.int64]:
        lessons = self._setting.journal.lessons
        lessons = lessons[lessons["known"].to_numpy()]
        return np.unique(self._lines(lessons[who], lessons["class"], lessons["subject"]))

    def _lines(self, people: pd.Series, classes: pd.Series, subjects: pd.Series) -> npt.NDArray[np.int64]:
        width = np.int64(self._setting.journal.size("subject") + 1)
        line = (classes.to_numpy(dtype=np.int64) + 1) * width + subjects.to_numpy(dtype=np.int64) + 1
        return np.asarray(people.to_numpy(dtype=np.int64) * _WIDE + line)

    def granted(self, rows: pd.DataFrame) -> Mask:
        """Tell for each row whether the actor had been granted access by the day; a grant that names no class or subject is for all."""
        table = self._setting.journal.table("access.granted")
        grants = pd.DataFrame({name: codes_of(table[name]) for name in ("person", "class", "subject")})
        grants["since"] = day_numbers(table["from"], 0)
        read = rows[["actor", "class", "subject", "day"]].assign(row=np.arange(len(rows)))
        read = read.merge(grants.rename(columns={"person": "actor"}), on="actor", suffixes=("", "_granted"))
        fits = read["since"] <= read["day"]
        for name in ("class", "subject"):
            fits &= (read[f"{name}_granted"] < 0) | (read[f"{name}_granted"] == read[name])
        return np.isin(np.arange(len(rows)), read.loc[fits, "row"].to_numpy())

    def of_homeroom(self, rows: pd.DataFrame) -> Mask:
        """Tell for each row whether the actor has the homeroom of the class on the day."""
        homeroom = self._setting.journal.homeroom(rows["class"].to_numpy(dtype=np.int32), rows["day"].to_numpy(dtype=np.int64))
        return np.asarray((homeroom == rows["actor"].to_numpy()) & (homeroom >= 0), dtype=bool)


def entries_in_lessons(event_types: Sequence[str], setting: Setting, wanted: Callable[[Codes, Codes], Mask]) -> pd.DataFrame:
    """Give the entries in known lessons that `wanted` (a function of their actors and lessons) chooses, in order.

    Columns: event, done, low, actor, lesson, student (-1 where the entry names none). Of the many others nothing is built.
    """
    journal = setting.journal
    known = np.append(journal.lessons["known"].to_numpy(), False)
    parts = [_NONE]
    for event_type in event_types:
        table = journal.table(event_type)
        actors, lessons = codes_of(table["actor"]), codes_of(table["lesson"])
        rows = np.flatnonzero(wanted(actors, lessons))
        rows = rows[known[lessons[rows]]]
        time, notbefore = (table[name].to_numpy()[rows] for name in ("time", "notbefore"))
        parts.append(
            pd.DataFrame(
                {
                    "event": table["event"].to_numpy()[rows],
                    "done": time,
                    "low": np.where(np.isnat(notbefore), time, notbefore + MICROSECOND),
                    "actor": actors[rows],
                    "lesson": lessons[rows],
                    "student": codes_of(table["student"])[rows] if "student" in table else np.int32(-1),
                }
            )
        )
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled, ignore_index=True).sort_values("event", ignore_index=True)
