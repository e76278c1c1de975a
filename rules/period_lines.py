"""Period marks as they stand, each with the group, the teacher and the lessons of its period behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.journal import codes_of
from rules.period_records import period_lines

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.setting import Setting

PERIOD_CELL = ["class", "subject", "student", "period"]
_LINE = ["class", "subject_as", "group", "period"]
_WIDE = np.int64(1 << 32)
UNPLACED = -2
"""The group of a mark whose class had no lessons of the subject in the period, as far as the log shows."""


def subjects_as(setting: Setting) -> npt.NDArray[np.int64]:
    """Give for each subject code (and -1, last) a number that all names of one subject share."""
    _names, number = np.unique(setting.subject_names.astype(str), return_inverse=True)
    return np.append(number.astype(np.int64), -1)


def standing_period_marks(scope: Scope, kinds: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    """Give the marks for periods that are over, with their last values: PERIOD_CELL, value, event, done, low, actor (of the last entry),
    first, first_done (event and time of the first entry), kind, starts, ends (of the period), grade, subject_as.
    """
    journal = setting.journal
    parts = []
    for event_type in ("period_mark.recorded", "period_mark.changed"):
        part = journal.entries(event_type, **{"class": "class", "subject": "subject", "student": "person", "period": "period"})
        parts.append(part.assign(value=codes_of(journal.table(event_type)["value"])))
    entries = pd.concat(parts).sort_values("event")
    first = entries.drop_duplicates(PERIOD_CELL, keep="first")[[*PERIOD_CELL, "event", "done"]]
    marks = entries.drop_duplicates(PERIOD_CELL, keep="last")
    marks = marks.merge(first.rename(columns={"event": "first", "done": "first_done"}), on=PERIOD_CELL)
    marks = marks.merge(_ended(kinds, setting), on="period")
    grades = journal.grade(marks["class"].to_numpy(), marks["ends"].to_numpy())
    chosen = setting.selects(scope, grades=grades, subjects=marks["subject"].to_numpy())
    marks = marks.assign(grade=grades, subject_as=subjects_as(setting)[marks["subject"]])
    return marks[chosen].reset_index(drop=True)


def _ended(kinds: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    periods = setting.journal.periods
    over = setting.calendar.end_of(periods["ends"].to_numpy()) <= setting.as_of
    inside = (periods["ends"] >= setting.starts) & (periods["ends"] <= setting.ends) & periods["kind"].isin(kinds)
    return periods.loc[over & inside, ["period", "kind", "starts", "ends"]]


def lines_of(scope: Scope, kinds: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    """Give `period_records.period_lines` with subject_as."""
    lines = period_lines(scope, kinds, setting)
    return lines.assign(subject_as=subjects_as(setting)[lines["subject"].to_numpy(dtype=np.int32)])


def placed(marks: pd.DataFrame, lines: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Give `marks` (`standing_period_marks`) with group, person and ev_lesson of their line (`lines_of`); group is UNPLACED where the
    class had no lessons of the subject in the period.

    Answers: the teacher who entered all marks of the line, if it is one who teaches it, else who was to hold its last lesson.
    """
    known = lines[[*_LINE, "person", "ev_lesson"]].drop_duplicates(_LINE).astype({"period": np.int32, "group": np.int32})
    own = _own_group(marks, setting)
    found = marks.assign(group=own).merge(known, on=_LINE, how="left")
    lost = found["person"].isna().to_numpy()
    if lost.any():
        # A student of no known group belongs to the whole class's line, or to the only ones there are.
        fallback = known.sort_values("group").drop_duplicates(["class", "subject_as", "period"])
        others = marks[lost].merge(fallback, on=["class", "subject_as", "period"], how="left")
        for name, none in (("group", UNPLACED), ("person", -1), ("ev_lesson", -1)):
            found.loc[lost, name] = others[name].fillna(none).to_numpy()
    found = found.astype({"group": np.int32, "person": np.int32, "ev_lesson": np.int32})
    return found.assign(person=_answering(found, setting))


def _own_group(marks: pd.DataFrame, setting: Setting) -> npt.NDArray[np.int32]:
    """The group of each mark's student in the subject, the last one within the period; -1 where there is none."""
    members = setting.journal.grouping
    members = members.assign(subject_as=subjects_as(setting)[members["subject"].to_numpy()])
    rows = marks[["student", "class", "subject_as", "starts", "ends"]].reset_index(names="row")
    inside = rows.merge(members, on=["student", "class", "subject_as"], suffixes=("", "_in"))
    inside = inside[(inside["starts_in"] <= inside["ends"]) & (inside["ends_in"] > inside["starts"])]
    last = inside.sort_values("starts_in").drop_duplicates("row", keep="last")
    group = np.full(len(marks), -1, dtype=np.int32)
    group[last["row"].to_numpy()] = last["group"].to_numpy()
    return group


def _answering(marks: pd.DataFrame, setting: Setting) -> npt.NDArray[np.int32]:
    lessons = setting.journal.lessons
    numbers = subjects_as(setting)[lessons["subject"].to_numpy()]
    who = ("teacher", "planned_teacher")
    pairs = [pd.DataFrame({"class": lessons["class"], "subject_as": numbers, "actor": lessons[name]}) for name in who]
    teaches = pd.concat(pairs).drop_duplicates().assign(teaches=True)
    by_teacher = marks[["class", "subject_as", "actor"]].merge(teaches, on=["class", "subject_as", "actor"], how="left")["teaches"]
    line = [marks[name] for name in _LINE]
    same = (marks["actor"].groupby(line).transform("nunique") == 1).to_numpy()
    return np.where(same & by_teacher.notna().to_numpy(), marks["actor"].to_numpy(), marks["person"].to_numpy()).astype(np.int32)


def left_out(marks: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
    """Tell for each mark whether the student's other marks may stand elsewhere: home schooling or a sanatorium within the period, or
    joined the school after the first lessons of it.
    """
    journal = setting.journal
    orders = journal.ordered("home_schooling", "sanatorium")
    rows = marks[["student", "starts", "ends"]].reset_index(names="row")
    away = rows.merge(orders[["person", "starts", "ends"]], left_on="student", right_on="person", suffixes=("", "_order"))
    away = away[(away["starts_order"] <= away["ends"]) & (away["ends_order"] >= away["starts"])]
    joined = journal.enrolment.groupby("student")["starts"].min()
    since = joined.reindex(marks["student"]).fillna(-1).to_numpy()
    return np.asarray(marks.index.isin(away["row"]) | (since > _first_days(marks, setting)))


def _first_days(marks: pd.DataFrame, setting: Setting) -> npt.NDArray[np.int64]:
    """The day of the class's first lesson in the period of each mark, the period's last day where there is none."""
    lessons = setting.journal.lessons
    held = lessons[lessons["held"].to_numpy()]
    keys = np.unique(held["class"].to_numpy(dtype=np.int64) * _WIDE + held["day"].to_numpy())
    at = np.searchsorted(keys, marks["class"].to_numpy(dtype=np.int64) * _WIDE + marks["starts"].to_numpy())
    found = np.append(keys, -1)[np.minimum(at, len(keys))]
    same = found // _WIDE == marks["class"].to_numpy()
    return np.asarray(np.where(same, np.minimum(found % _WIDE, marks["ends"].to_numpy()), marks["ends"].to_numpy()))
