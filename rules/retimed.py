"""Terms by the timetable that was known when they ended: a later change of the timetable must not make somebody late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from rules.due import Due
    from rules.setting import Setting

_NAT = np.datetime64("NaT", "us")


def former_limits(due: Due, rows: pd.DataFrame, setting: Setting) -> npt.NDArray[np.datetime64]:
    """Give for each row the limit by the timetable known at its limit, NaT where no later change of the timetable concerns it.

    `rows` has lesson, class, day, limit, due, done; only rows done at or after their limit are looked at.
    """
    former = np.full(len(rows), _NAT)
    late = np.flatnonzero(rows["done"].to_numpy() >= rows["limit"].to_numpy())
    if not len(late) or not due.needs_timetable:
        return former
    changes = setting.once("timetable changes", lambda: _changes(setting))
    if not len(changes):
        return former
    concerned = rows.iloc[late][["lesson", "class", "day", "due"]].assign(row=late)
    concerned["first_known"] = setting.once("lessons known", lambda: _first_known(setting))[concerned["lesson"].to_numpy()]
    concerned = concerned.merge(changes, on="class", suffixes=("", "_changed"))
    # Only a lesson between the row's own and its term can have brought the term forward.
    last = setting.calendar.day_of(concerned["due"].to_numpy())
    between = (concerned["day"] <= concerned["day_changed"]) & (concerned["day_changed"] <= last)
    concerned = concerned[between & (concerned["time"] > concerned["due"]) & (concerned["first_known"] <= concerned["due"])]
    for moment, group in concerned.drop_duplicates("row").groupby("due"):
        at = group["row"].to_numpy()
        earlier = _earlier(np.datetime64(pd.Timestamp(str(moment)), "us"), setting)
        lessons = earlier.journal.lessons
        then = lessons.take(rows["lesson"].to_numpy()[at]).assign(lesson=rows["lesson"].to_numpy()[at])
        held = then["held"].to_numpy()
        former[at[held]] = due.terms(then[held], earlier).limit
    return former


def _earlier(moment: np.datetime64, setting: Setting) -> Setting:
    """The setting with the timetable as it was known at a moment."""
    return setting.once(("timetable", moment), lambda: setting.with_journal(setting.journal.with_timetable(moment)))


def _changes(setting: Setting) -> pd.DataFrame:
    """Changes of the timetable: class, day (of the lesson now), time (of the change)."""
    journal = setting.journal
    parts = []
    for event_type in ("lesson.moved", "lesson.cancelled", "lesson.scheduled"):
        entries = journal.entries(event_type, lesson="lesson")[["lesson", "done"]]
        lessons = journal.lessons.take(entries["lesson"].to_numpy())
        # A scheduling is a change only when it came after the lesson itself: ordinary timetables are made before.
        after = (entries["done"].to_numpy() > lessons["start"].to_numpy()) | (event_type != "lesson.scheduled")
        known = lessons["known"].to_numpy() & after
        parts.append(
            pd.DataFrame({"class": lessons["class"].to_numpy(), "day": lessons["day"].to_numpy(), "time": entries["done"].to_numpy()})[
                known
            ]
        )
    return pd.concat(parts, ignore_index=True)


def _first_known(setting: Setting) -> npt.NDArray[np.datetime64]:
    """For each lesson code: when the timetable first knew the lesson (NaT: never)."""
    first = setting.journal.entries("lesson.scheduled", lesson="lesson").drop_duplicates("lesson", keep="first")
    known = np.full(len(setting.journal.lessons), _NAT)
    known[first["lesson"].to_numpy()] = first["done"].to_numpy()
    return known
