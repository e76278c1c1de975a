"""Family `forbidden`: an entry that must not be made at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.journal import CHANGED
from ingest.wording import _
from rules.cases import Cases, units
from rules.lesson_records import is_homework
from rules.marks import acting_roles
from rules.norm import Norm
from rules.setting import within

if TYPE_CHECKING:
    from rules.setting import Setting


class Forbidden(Norm):
    """Marks or homework where there must be none: in grade 1, for the home-schooled, a bad mark right after a long absence, a mark from a
    sanatorium that does not stand beside an absence code.

    Broken: a mark in grade 1. Kept: a mark before the order on home schooling took effect; «УП5» from the sanatorium.
    """

    family: Literal["forbidden"]
    entry: Literal["mark", "homework"] = Field(description="Какая запись запрещена")
    students: Literal["all", "home_schooled", "returned", "sanatorium"] = Field(
        default="all",
        description="Кому: всем, обучающимся на дому, вернувшимся после долгого отсутствия, бывшим в санатории – без кода пропуска рядом",
    )
    period_marks: bool = Field(default=False, description="Запрет и на отметки за период")
    values: tuple[str, ...] = Field(default=(), description="Только эти отметки (пусто – любые)")
    absence_days: int = Field(
        default=5, ge=1, description="Для students: returned – сколько учебных дней подряд считаются долгим отсутствием"
    )
    lessons: int = Field(default=1, ge=1, description="Для students: returned – сколько первых уроков предмета защищены")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per entry that must not have been made and still stands."""
        frames = [self._homework(setting) if self.entry == "homework" else self._marks(setting)]
        if self.period_marks:
            frames.append(self._period_marks(setting))
        frame = pd.concat(frames, ignore_index=True)
        return Cases(self, units(frame.assign(act=frame["ev_record"])), ("act",), ban=True, status="forbidden")

    def _marks(self, setting: Setting) -> pd.DataFrame:
        marks = setting.journal.marks
        wanted = setting.mark_values.mark
        if self.values:
            wanted = wanted & np.isin(setting.mark_values.digits.astype(str), self.values)
        parts = (setting.standing_marks, marks[(marks["act"] == CHANGED).to_numpy()])
        meant = pd.concat([part[wanted[part["value"].to_numpy()] & self._concerned(part, setting)] for part in parts])
        frame = self._in_lessons(meant, setting)
        return frame[self._returned(frame, setting)] if self.students == "returned" else frame

    def _concerned(self, marks: pd.DataFrame, setting: Setting) -> np.ndarray:
        """Tell for each mark whether the student is meant on the lesson's day, as far as orders tell."""
        if self.students not in ("home_schooled", "sanatorium"):
            return np.ones(len(marks), dtype=bool)
        lessons, students = marks["lesson"].to_numpy(), marks["student"].to_numpy()
        days = setting.journal.lessons["day"].to_numpy()[lessons]
        if self.students == "home_schooled":
            return setting.home_schooled(students, days)
        concerned = within(setting.journal.ordered("sanatorium"), students, days)
        # No absence code beside the mark, neither in the cell nor in the attendance.
        at = np.flatnonzero(concerned)
        concerned[at] = ~setting.coded_absent(lessons[at], students[at])
        return concerned

    def _homework(self, setting: Setting) -> pd.DataFrame:
        texts = setting.journal.texts("homework.recorded")
        return self._in_lessons(texts[is_homework(setting)[texts["text"].to_numpy()]], setting)

    def _in_lessons(self, entries: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        frame: pd.DataFrame
        lessons = setting.journal.lessons.take(entries["lesson"].to_numpy()).reset_index(drop=True)
        frame = entries.reset_index(drop=True).assign(
            **{column: lessons[column] for column in ("class", "subject", "group", "day", "teacher", "grade", "start")},
            ev_lesson=lessons["ev_scheduled"],
        )
        chosen = setting.selects(self.where, grades=frame["grade"].to_numpy(), subjects=frame["subject"].to_numpy())
        frame = frame[chosen & lessons["held"].to_numpy()].reset_index(drop=True)
        person = np.where(frame["actor"] < 0, frame["teacher"], frame["actor"])
        return frame.assign(person=person, role=acting_roles(frame, setting), ev_record=frame["event"])

    def _period_marks(self, setting: Setting) -> pd.DataFrame:
        journal = setting.journal
        columns = {"class": "class", "subject": "subject", "student": "person", "period": "period"}
        entries = pd.concat([journal.entries(t, **columns) for t in ("period_mark.recorded", "period_mark.changed")], ignore_index=True)
        entries["day"] = journal.local_day(entries["done"].to_numpy())
        grades = journal.grade(entries["class"].to_numpy(), entries["day"].to_numpy())
        chosen = setting.selects(self.where, grades=grades, subjects=entries["subject"].to_numpy())
        found = entries[chosen].assign(teacher=np.int32(-1))
        return found.assign(person=found["actor"], role=acting_roles(found, setting), ev_record=found["event"])

    def _returned(self, marks: pd.DataFrame, setting: Setting) -> np.ndarray:
        """Marks in the first lessons of a subject after at least `absence_days` school days of absence in a row."""
        students = pd.unique(marks["student"])
        enrolment = setting.journal.enrolment
        lessons = setting.journal.lessons
        held = lessons[lessons["held"].to_numpy()].assign(lesson=lambda frame: frame.index.to_numpy(dtype=np.int32))
        roster = setting.students_of(held[held["class"].isin(enrolment.loc[enrolment["student"].isin(students), "class"])])
        attended = roster[roster["student"].isin(students)].merge(held[["lesson", "class", "subject", "day", "start"]], on="lesson")
        attended["away"] = setting.absent(attended["lesson"].to_numpy(), attended["student"].to_numpy(), attended["day"].to_numpy())
        days = attended.groupby(["student", "day"])["away"].all().reset_index().sort_values(["student", "day"])
        block = (~days["away"]).groupby(days["student"]).cumsum()
        days["run"] = days.groupby(["student", block])["away"].cumsum()
        days["before"] = days.groupby("student")["run"].shift(1).fillna(0)
        returns = days.loc[~days["away"] & (days["before"] >= self.absence_days), ["student", "day"]].rename(columns={"day": "back"})
        after = attended[~attended["away"]].merge(returns, on="student")
        after = after[after["day"] >= after["back"]].sort_values("start")
        after["nth"] = after.groupby(["student", "subject", "back"]).cumcount()
        protected = after.loc[after["nth"] < self.lessons, ["student", "lesson"]]
        keys = protected["lesson"].to_numpy(dtype=np.int64) * (1 << 32) + protected["student"].to_numpy()
        return np.isin(marks["lesson"].to_numpy(dtype=np.int64) * (1 << 32) + marks["student"].to_numpy(), keys)

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give what the ban rests on, in Russian; a plain ban has no sum."""
        if self.students == "returned":
            return _("долгим отсутствием считаются {n} учебных дней подряд").format(n=self.absence_days)
        return ""
