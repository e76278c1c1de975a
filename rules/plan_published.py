"""Family `plan_published`: every teacher has a plan in the journal for what is taught."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.calendar import day_number
from rules.cases import Cases, acts, empty_act, silent, units
from rules.class_years import first_lessons
from rules.due import MonthDay, short_instant
from rules.norm import Answer, Norm
from rules.plans import plans, taught

if TYPE_CHECKING:
    from rules.setting import Setting

_LINE = ["class", "subject_as", "year"]
_GRAIN = ("class", "subject", "person", "day")


class PlanPublished(Norm):
    """The calendar-thematic plan of a class and subject stands in the journal in time.

    Broken: lessons of history since 3 September, the plan published on the 20th. Kept: published on 2 September, or by the teacher from
    whom the class was taken over.
    """

    family: Literal["plan_published"]
    by_lesson: int = Field(default=1, ge=1, description="К началу какого по счёту урока предмета план должен быть")
    date: MonthDay | None = Field(default=None, description="Или до какой даты года включительно (месяц-день)")
    missing: Answer = Field(default="violation", description="Вывод, если плана нет")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per class, subject, teacher and school year; `day` is that of the lesson by which the plan is due."""
        frame = self._owed(setting)
        known = frame["year"].isin(first_lessons(setting)["year"]).to_numpy()
        unseen = int((frame["limit"].to_numpy()[~known] <= setting.as_of).sum())
        frame = frame[known]
        if not setting.journal.has("plan.published"):
            return silent(self, _GRAIN, unseen + int((frame["limit"].to_numpy() <= setting.as_of).sum()))
        first = plans(setting).drop_duplicates([*_LINE, "teacher"], keep="first")
        first = first[[*_LINE, "teacher", "event", "done", "low"]].rename(columns={"teacher": "person"})
        frame = frame.merge(first, on=[*_LINE, "person"], how="left")
        event = frame["event"].fillna(-1).to_numpy(dtype=np.int32)
        place = frame["class"].to_numpy(dtype=np.int64) * (setting.journal.size("subject") + 1) + frame["subject"].to_numpy()
        frame = frame.assign(ev_record=event, act=acts(event, empty_act("plan", place, frame["person"].to_numpy())))
        return Cases(self, units(frame), _GRAIN, missing=self.missing, undecidable=unseen)

    def _owed(self, setting: Setting) -> pd.DataFrame:
        """Who owes a plan: the teachers who open the lessons of a class or group; who takes over later finds the plan there."""
        lessons = taught(self.where, setting)
        opening = lessons.drop_duplicates([*_LINE, "group"])[[*_LINE, "planned_teacher"]].drop_duplicates()
        own = lessons.merge(opening, on=[*_LINE, "planned_teacher"])
        nth = own.groupby([*_LINE, "planned_teacher"]).cumcount() + 1
        first = own.drop_duplicates([*_LINE, "planned_teacher"])
        term = own[nth == self.by_lesson].set_index([*_LINE, "planned_teacher"])["start"]
        limit = term.reindex(pd.MultiIndex.from_frame(first[[*_LINE, "planned_teacher"]])).to_numpy()
        if self.date is not None:
            limit = setting.calendar.end_of(self._dates(first["year"].to_numpy()))
        frame = first[["class", "subject", "subject_as", "year", "day"]].reset_index(drop=True)
        return frame.assign(person=first["planned_teacher"].to_numpy(), limit=limit, due=limit, ev_lesson=first["ev_scheduled"].to_numpy())

    def _dates(self, years: np.ndarray) -> np.ndarray:
        month, day = (int(part) for part in str(self.date).split("-"))
        return np.array([day_number(date(int(year) + (month < 8), month, day)) for year in years], dtype=np.int64)

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the term in Russian."""
        shown = short_instant(due, setting)
        if self.date is not None:
            return _("срок до {due}").format(due=shown)
        if self.by_lesson == 1:
            return _("план нужен к первому уроку предмета — он начался {due}").format(due=shown)
        return _("план нужен к уроку предмета № {n} — он начался {due}").format(n=self.by_lesson, due=shown)
