"""Family `deadline`: a record of the journal is made by its term."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from rules import lesson_records, mark_records, period_records
from rules.cases import Cases, units
from rules.due import Due
from rules.norm import Answer, Norm
from rules.retimed import former_limits

if TYPE_CHECKING:
    from rules.setting import Setting

Record = Literal["topic", "homework", "attendance", "lesson_marks", "work_marks", "period_marks", "exam_marks", "final_marks"]

GRAIN: dict[str, tuple[str, ...]] = {
    "topic": ("lesson",),
    "homework": ("lesson",),
    "attendance": ("lesson",),
    "lesson_marks": ("lesson",),
    "work_marks": ("work", "lesson"),
    "period_marks": ("class", "subject", "group", "period"),
    "exam_marks": ("object", "class"),
    "final_marks": ("class", "subject"),
}
"""Which columns make one finding, per record (contract, section 3)."""


class Deadline(Norm):
    """A record (topic, homework, roll call, marks) must be made by its term.

    Broken: the topic of Wednesday's lesson written on Thursday. Kept: written at 23:59 on Wednesday.
    """

    family: Literal["deadline"]
    record: Record = Field(description="Какая запись")
    due: Due = Field(description="Срок")
    missing: Answer = Field(default="violation", description="Вывод, если записи нет совсем: violation, notice, review или ignore")
    early: Answer = Field(default="ignore", description="Вывод, если запись сделана раньше, чем можно")
    not_before: Literal["lesson_start", "period_end", "last_days"] | None = Field(default=None, description="Раньше какого момента нельзя")
    last_days: int = Field(default=7, ge=1, description="Для not_before: last_days — сколько последних дней периода открыты")
    periods: tuple[str, ...] = Field(default=(*period_records.PERIOD_KINDS, "year"), description="Какие учебные периоды")
    students: Literal["all", "home_schooled"] = Field(
        default="all",
        description="Для period_marks: home_schooled – только обучающимся на дому, по предметам, за которые у них есть отметка; "
        "в all без отметки они не считаются",
    )

    roll_call: ClassVar[str] = "attendance.taken"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.students != "all" and self.record != "period_marks":
            raise ValueError("`students` goes with period_marks")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per lesson, mark or cell that owes the record."""
        frame = self._rows(setting)
        frame["former"] = self._former(frame, setting)
        frame["opens"] = self._opens(frame, setting)
        missing: Answer = "ignore" if self.record == "lesson_marks" else self.missing
        undecidable = 0
        if self.record == "attendance" and not setting.journal.has(self.roll_call):
            silent = frame["done"].isna() & (frame["limit"].to_numpy() <= setting.as_of)
            missing, undecidable = "ignore", int(silent.sum())
        return Cases(self, units(frame), GRAIN[self.record], missing=missing, early=self.early, undecidable=undecidable)

    def _rows(self, setting: Setting) -> pd.DataFrame:
        match self.record:
            case "topic":
                return self._termed(lesson_records.topics(self.where, setting), setting)
            case "homework":
                demanded = self.missing != "ignore"
                return self._termed(lesson_records.homework(self.where, setting, demanded=demanded), setting)
            case "attendance":
                return self._termed(lesson_records.attendance(self.where, setting), setting)
            case "lesson_marks":
                return mark_records.lesson_marks(self.where, self.due, setting)
            case "work_marks":
                return mark_records.work_marks(self.where, self.due, setting)
            case "period_marks":
                return self._period_marks(setting)
            case "exam_marks":
                return period_records.exam_marks(self.where, self.due, setting)
            case "final_marks":
                return period_records.final_marks(self.where, self.due, setting)

    def _period_marks(self, setting: Setting) -> pd.DataFrame:
        frame = period_records.period_marks(self.where, self.periods, self.due, setting)
        expected = frame["expected"].to_numpy(dtype=bool)
        if self.students == "home_schooled":
            at_home = setting.home_schooled(frame["student"].to_numpy(dtype=np.int32), frame["day"].to_numpy(dtype=np.int64))
            # Nobody knows the plan of a student taught at home: a mark in another period shows that the subject is in it.
            pairs = pd.MultiIndex.from_frame(frame[["student", "subject"]])
            expected = pairs.isin(pairs[(frame["ev_record"] >= 0).to_numpy()])
            return frame.assign(missing=np.where(expected, self.missing, "ignore"))[at_home].reset_index(drop=True)
        return frame.assign(missing=np.where(expected, self.missing, "ignore"))

    def _termed(self, frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        if self.where.works:
            with_work = mark_records.works_in(self.where, setting)["lesson"]
            frame = frame[frame["lesson"].isin(with_work)].reset_index(drop=True)
        terms = self.due.terms(frame, setting)
        return frame.assign(limit=terms.limit, due=terms.due)

    def _former(self, frame: pd.DataFrame, setting: Setting) -> np.ndarray:
        if self.record in ("period_marks", "exam_marks", "final_marks"):
            return np.full(len(frame), np.datetime64("NaT", "us"))
        return former_limits(self.due, frame, setting)

    def _opens(self, frame: pd.DataFrame, setting: Setting) -> np.ndarray:
        none = np.full(len(frame), np.datetime64("NaT", "us"))
        match self.not_before:
            case "lesson_start":
                return frame["start"].to_numpy(dtype="datetime64[us]")
            case "period_end":
                return setting.calendar.end_of(frame["day"].to_numpy(dtype=np.int64))
            case "last_days":
                return setting.calendar.midnight(self._last_school_days(frame, setting) - self.last_days + 1)
            case _:
                return none

    def _last_school_days(self, frame: pd.DataFrame, setting: Setting) -> np.ndarray:
        """The last working day of the period, or a later day of it on which the class still had lessons."""
        lessons = setting.journal.lessons
        held = lessons.loc[lessons["held"].to_numpy(), ["class", "day"]].drop_duplicates().sort_values(["class", "day"])
        ends = frame["day"].to_numpy(dtype=np.int64)
        working = setting.calendar.roll_back(ends)
        if not len(held):
            return working
        keys = held["class"].to_numpy(dtype=np.int64) * (1 << 32) + held["day"].to_numpy()
        classes = frame["class"].to_numpy(dtype=np.int64)
        at = np.maximum(np.searchsorted(keys, classes * (1 << 32) + ends, side="right") - 1, 0)
        taught = np.where(held["class"].to_numpy()[at] == classes, held["day"].to_numpy()[at], 0)
        return np.asarray(np.minimum(ends, np.maximum(working, taught)))

    def term_words(self) -> str:
        """Give the term in Russian words."""
        return self.due.words(lesson=self.record in ("topic", "homework", "attendance", "lesson_marks"))

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date arithmetic of the term in Russian."""
        return self.due.arithmetic(day, due, setting)
