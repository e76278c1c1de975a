"""Family `subgroups`: students are divided into groups by the first lesson of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.journal import codes_of
from ingest.wording import _
from rules.answering import answerable
from rules.cases import Cases, empty_act, silent, units
from rules.class_years import first_lessons, school_year_of
from rules.due import short_instant
from rules.norm import Answer, Norm, Role

if TYPE_CHECKING:
    from rules.setting import Setting

_LINE = ["class", "subject", "year"]
_GRAIN = ("class", "subject", "day")


class Subgroups(Norm):
    """The students of a class are in the groups of a subject before the first lesson of a group of it in the school year.

    Broken: English in groups since 3 September, five students assigned on the 10th; a group has lessons, and nobody is in it. Kept: all
    assigned in August; a student who joined the class later; a student who is in no group of a subject that only some take.
    """

    family: Literal["subgroups"]
    role: Role = Field(default="study_operator", description="Кто отвечает")
    before: Literal["first_lesson"] = Field(description="До чего: first_lesson – до первого урока группы")
    missing: Answer = Field(default="violation", description="Вывод, если в группе, у которой идут уроки, никого нет")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per student assigned and per group with nobody in it, for the first lesson of a subject in groups in a year."""
        lines = self._lines(setting)
        if not setting.journal.has("group.assigned"):
            return silent(self, _GRAIN, int((lines["limit"].to_numpy() <= setting.as_of).sum()))
        frame = pd.concat([self._students(lines, setting), self._empty_groups(lines, setting)], ignore_index=True)
        days = frame["day"].to_numpy(dtype=np.int64)
        frame["person"] = answerable(
            self.role,
            days,
            setting,
            homerooms=setting.journal.homeroom(frame["class"].to_numpy(dtype=np.int32), days),
            actors=np.full(len(frame), -1, dtype=np.int32),
        )
        return Cases(self, units(frame), _GRAIN, missing=self.missing)

    def _grouped(self, setting: Setting) -> pd.DataFrame:
        """Lessons of groups in the school years that the log shows from their beginning."""
        lessons = setting.lessons(self.where)
        lessons = lessons[(lessons["group"] >= 0).to_numpy()]
        lessons = lessons.assign(year=school_year_of(lessons["day"].to_numpy(dtype=np.int64)))
        return lessons[lessons["year"].isin(first_lessons(setting)["year"]).to_numpy()].sort_values("start")

    def _lines(self, setting: Setting) -> pd.DataFrame:
        """The first lesson of a group, per class, subject and year: LINE, day, limit, ev_lesson."""
        first = self._grouped(setting).drop_duplicates(_LINE, keep="first")
        return first[[*_LINE, "day", "start", "ev_scheduled"]].rename(columns={"start": "limit", "ev_scheduled": "ev_lesson"})

    def _assigned(self, setting: Setting) -> pd.DataFrame:
        entries = setting.journal.entries("group.assigned", **{"class": "class", "subject": "subject", "group": "group"})
        return entries.assign(student=codes_of(setting.journal.table("group.assigned")["student"]))

    def _students(self, lines: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Students of the class at the first lesson who are in a group of the subject in that year: with their first assignment."""
        members = setting.journal.enrolment[["class", "student", "starts", "ends"]]
        inside = lines.merge(members, on="class")
        inside = inside[(inside["starts"] <= inside["day"]) & (inside["day"] < inside["ends"])].drop(columns=["starts", "ends"])
        first = self._assigned(setting).drop_duplicates(["class", "subject", "student"], keep="first").drop(columns=["group", "actor"])
        frame = inside.merge(first, on=["class", "subject", "student"])
        # A first assignment in a later school year says nothing of this one.
        made = school_year_of(setting.journal.local_day(frame["done"].to_numpy(dtype="datetime64[us]")), first_month=6)
        frame = frame[made <= frame["year"].to_numpy()]
        return frame.assign(act=frame["event"].to_numpy(dtype=np.int64), ev_record=frame["event"]).reset_index(drop=True)

    def _empty_groups(self, lines: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Groups that have lessons, and in which nobody is to this day."""
        groups = self._grouped(setting).drop_duplicates([*_LINE, "group"], keep="first")
        filled = self._assigned(setting)[["class", "subject", "group"]].drop_duplicates().assign(filled=True)
        left = groups[[*_LINE, "group"]].merge(filled, on=["class", "subject", "group"], how="left")
        empty = left[left["filled"].isna()].drop(columns="filled").merge(lines, on=_LINE)
        cell = (empty["class"].to_numpy(dtype=np.int64) * (setting.journal.size("subject") + 1) + empty["subject"].to_numpy()) * (
            setting.journal.size("group") + 1
        ) + empty["group"].to_numpy()
        nothing = np.full(len(empty), np.datetime64("NaT", "us"))
        return empty.assign(act=empty_act("data", cell, empty["year"].to_numpy(dtype=np.int64)), done=nothing, low=nothing, ev_record=-1)

    def term_words(self) -> str:
        """Give the term in Russian words."""
        return _("до первого урока группы в учебном году")

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give when the first lesson of a group began, in Russian."""
        return _("первый урок по группам начался {due}").format(due=short_instant(due, setting))
