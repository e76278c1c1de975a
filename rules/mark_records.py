"""Marks that are due: marks for work in the lesson, marks for works. Each function gives one row per cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from rules.cases import acts, empty_act
from rules.lesson_records import LESSON
from rules.marks import first_standing_at

if TYPE_CHECKING:
    from rules.due import Due
    from rules.norm import Scope
    from rules.setting import Setting

_BASE = [*LESSON, "teacher", "ev_scheduled", "grade"]


def lesson_marks(scope: Scope, due: Due, setting: Setting) -> pd.DataFrame:
    """Give each mark for work in the lesson (a mark without a known work).

    Columns: LESSON, person, student, limit, due, done, low, act, ev_…

    Marks beside an absence code, and marks deleted later, are left out: the first were earned at another time, the second do not stand.
    """
    marks = setting.standing_marks
    lessons = setting.lessons(scope)
    wanted = np.zeros(len(setting.journal.lessons), dtype=bool)
    wanted[lessons["lesson"].to_numpy()] = True
    known_work = np.append(setting.journal.works["known"].to_numpy(), False)[marks["work"].to_numpy()]
    chosen = ~known_work & setting.mark_values.mark[marks["value"].to_numpy()] & wanted[marks["lesson"].to_numpy()]
    # Half a million rows: who was there is asked before the columns are taken.
    at = np.flatnonzero(chosen)
    lesson, student = marks["lesson"].to_numpy()[at], marks["student"].to_numpy()[at]
    at = at[~setting.absent(lesson, student, setting.journal.lessons["day"].to_numpy()[lesson])]
    rows = _on_lessons(marks[["event", "done", "low", "lesson", "student"]].take(at), lessons)
    terms = due.terms(lessons, setting)
    at = np.searchsorted(lessons["lesson"].to_numpy(), rows["lesson"].to_numpy())
    rows["limit"], rows["due"] = terms.limit[at], terms.due[at]
    return rows.rename(columns={"teacher": "person", "ev_scheduled": "ev_lesson", "event": "ev_record"}).assign(
        act=rows["event"].to_numpy(dtype=np.int64)
    )


def _on_lessons(entries: pd.DataFrame, lessons: pd.DataFrame) -> pd.DataFrame:
    """Give `entries` with their lesson's columns; `lessons` is sorted by `lesson`, entries of other lessons are dropped."""
    codes = lessons["lesson"].to_numpy()
    if not len(codes):
        return entries.iloc[:0].assign(**{column: lessons[column].iloc[:0] for column in _BASE if column != "lesson"})
    at = np.minimum(np.searchsorted(codes, entries["lesson"].to_numpy()), len(codes) - 1)
    inside = codes[at] == entries["lesson"].to_numpy()
    rows: pd.DataFrame = (entries if inside.all() else entries[inside]).reset_index(drop=True)
    own = at if inside.all() else at[inside]
    return rows.assign(**{column: lessons[column].to_numpy()[own] for column in _BASE if column != "lesson"})


def works_in(scope: Scope, setting: Setting) -> pd.DataFrame:
    """Give the works of which the scope speaks: work, kind (text), students (tuple or None), ev_work, and their lesson's columns."""
    works = setting.journal.works
    rows = np.flatnonzero(works["known"].to_numpy())
    table = works.take(rows).assign(work=rows.astype(np.int32))
    kinds = np.append(setting.work_kinds, "")[table["kind"].to_numpy()]
    found = _on_lessons(table.drop(columns="kind").assign(kind=kinds), setting.lessons(scope))
    chosen = setting.selects(
        scope, grades=found["grade"].to_numpy(), subjects=found["subject"].to_numpy(), kinds=found["kind"].to_numpy(dtype=object)
    )
    return found[chosen].reset_index(drop=True)


def work_marks(scope: Scope, due: Due, setting: Setting) -> pd.DataFrame:
    """Give each mark owed for a work: a row per work and student present, and per mark entered; limit, due, done, low, act, ev_….

    A student who was away from the work owes nothing for it; a mark of such a student in a later lesson for the same work (written
    afterwards) has its term from that lesson. Where nobody knows who was there and no mark stands, one row without a student asks for
    the marks.
    """
    works = works_in(scope, setting)
    marks = setting.journal.marks
    entered = marks.loc[np.isin(marks["work"].to_numpy(), works["work"].to_numpy())]
    entered = entered[(entered["value"] < 0) | setting.mark_values.mark[entered["value"].to_numpy()]]
    cells = pd.concat([_expected(works, setting), entered.groupby(["work", "student"], as_index=False)["lesson"].min()])
    cells = cells.groupby(["work", "student"], as_index=False).agg({"lesson": "max", "ev_member": "max"})
    rows = cells.merge(works.drop(columns=["students", "lesson"]).assign(held_in=works["lesson"]), on="work")
    rows = _own_lesson(rows, setting)
    away = setting.absent(rows["lesson"].to_numpy(), rows["student"].to_numpy(), rows["day"].to_numpy())
    home = setting.home_schooled(rows["student"].to_numpy(), rows["day"].to_numpy())
    rows = rows[~away & ~home].reset_index(drop=True)
    terms = due.terms(rows, setting)
    rows["limit"], rows["due"] = terms.limit, terms.due
    return _with_entries(rows, entered)


def _expected(works: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Who should have a mark: the students the work names, else those of its lesson; -1 where nobody is known."""
    named = works.loc[works["students"].notna(), ["work", "lesson", "students"]].explode("students")
    named["student"] = setting.journal.log.dtype("person").categories.get_indexer(pd.Index(named["students"].astype(object)))
    roster = setting.students_of(works.loc[works["students"].isna(), ["lesson", "class", "subject", "group", "day"]].drop_duplicates())
    listed = works.loc[works["students"].isna(), ["work", "lesson"]].merge(roster, on="lesson")
    unknown = works.loc[~works["work"].isin(pd.concat([named["work"], listed["work"]])), ["work", "lesson"]].assign(student=np.int32(-1))
    table = pd.concat([named[["work", "lesson", "student"]], listed, unknown], ignore_index=True)
    return table.assign(ev_member=table["ev_member"].fillna(-1) if "ev_member" in table else -1)


def _own_lesson(rows: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Where the mark of a student who was away from the work stands in a later lesson, take that day: the work was written then."""
    lessons = setting.journal.lessons
    other = lessons.take(rows["lesson"].to_numpy())
    later = other["held"].to_numpy() & (other["day"].to_numpy() > rows["day"].to_numpy())
    # Marks of those who were there do not get a new term by standing in another column.
    later &= setting.absent(rows["held_in"].to_numpy(), rows["student"].to_numpy(), rows["day"].to_numpy())
    rows["day"] = np.where(later, other["day"].to_numpy(), rows["day"].to_numpy())
    rows["lesson"] = np.where(later, rows["lesson"].to_numpy(), rows["held_in"].to_numpy()).astype(np.int32)
    return rows


def _with_entries(rows: pd.DataFrame, entered: pd.DataFrame) -> pd.DataFrame:
    key = ["work", "student"]
    limits = entered[key].merge(rows[[*key, "limit"]], on=key, how="left")["limit"].to_numpy()
    first = first_standing_at(entered, limits, key)
    joined = rows.merge(first[[*key, "event", "done", "low"]], on=key, how="left")
    marked = joined.loc[joined["event"].notna(), "work"].unique()
    # The row without a student stands only while the work has no mark at all.
    joined = joined[(joined["student"] >= 0) | ~joined["work"].isin(marked)].reset_index(drop=True)
    event = joined["event"].fillna(-1).to_numpy(dtype=np.int32)
    joined["act"] = acts(event, empty_act("mark", joined["work"].to_numpy(), joined["student"].to_numpy()))
    joined["ev_record"] = event
    return joined.rename(columns={"teacher": "person", "ev_scheduled": "ev_lesson"})


def terms_of_marks(lessons: npt.NDArray[np.int32], due: Due, setting: Setting) -> npt.NDArray[np.datetime64]:
    """Give the limit of `due` for each mark, counted from its lesson."""
    table = setting.journal.lessons
    used = np.unique(lessons)
    limit = np.full(len(table), np.datetime64("NaT", "us"))
    limit[used] = due.terms(table.take(used).assign(lesson=used), setting).limit
    return limit[lessons]
