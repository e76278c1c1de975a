"""Family `parent_viewing`: parents look into the diary, week by week, and at the period marks when a period ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, model_validator

from rules.cases import Cases, acts, empty_act, silent, units
from rules.duty_acts import named
from rules.interval_acts import absence, fulfilled
from rules.intervals import Every
from rules.norm import Answer, Norm, Role
from rules.student_duties import Paper, paper_families, student_intervals

if TYPE_CHECKING:
    from rules.setting import Setting

Section = Literal["diary", "period_marks"]
_GRAIN = ("student", "period", "day")
_WIDE = np.int64(1 << 32)


class ParentViewing(Norm):
    """One of a student's parents looks into the diary (or one of its sections) in every interval, or after it.

    Broken: a week with lessons in which no parent of the student opened the diary. Kept: opened on Sunday evening. Nothing is owed by
    families that opted out, nor for students to whom no parent is linked.
    """

    family: Literal["parent_viewing"]
    role: Role = Field(default="parent", description="Кто отвечает")
    every: Every = Field(description="Как часто")
    sections: tuple[Section, ...] = Field(default=(), description="Какие разделы: diary, period_marks; пусто – любой")
    exempt: tuple[Paper, ...] = Field(default=("opted_out", "refused"), description="Семьи без электронной формы, которые не обязаны")
    missing: Answer = Field(default="violation", description="Вывод, если никто не смотрел")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.every.form not in ("week", "month", "period"):
            raise ValueError("parents look by week, month or period")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per student and interval: done with the first look of one of the student's parents."""
        rows = self._owed(setting)
        if not setting.journal.has("diary.viewed"):
            return silent(self, _GRAIN, int((rows["limit"] <= setting.as_of).sum()))
        frame = fulfilled(rows.assign(key=rows["student"]), self._looks(setting), self.every)
        undecidable = int((frame["undecided"] & (frame["limit"] <= setting.as_of)).sum())
        frame = frame[~frame["undecided"]].reset_index(drop=True)
        event, first = frame["event"].to_numpy(dtype=np.int32), frame["first"].to_numpy(dtype=np.int64)
        frame = frame.assign(
            day=first, ev_record=event, act=acts(event, empty_act("view", first, frame["student"].to_numpy(dtype=np.int64)))
        )
        return Cases(self, units(frame), _GRAIN, missing=self.missing, undecidable=undecidable)

    def _owed(self, setting: Setting) -> pd.DataFrame:
        """Intervals of the students with a linked parent whose family gets no paper; `person` is the parent where there is only one."""
        pairs = setting.people.families
        pairs = pairs[pairs["linked"].to_numpy(dtype=bool)]
        linked_at = setting.journal.log.events["time"].to_numpy()[pairs["ev_link"].to_numpy(dtype=np.int64)]
        pairs = pairs.assign(linked_on=setting.journal.local_day(linked_at))
        parents = pairs.groupby("student", as_index=False).agg(
            person=("parent", "first"), parents=("parent", "size"), linked_on=("linked_on", "min"), ev_link=("ev_link", "min")
        )
        parents["person"] = parents["person"].where(parents["parents"] == 1, -1)
        rows = student_intervals(self.every, self.where, parents["student"], setting).merge(parents, on="student")
        rows = rows[rows["linked_on"] <= (rows["last"] if self.every.follows else rows["first"])]
        return rows[~self._exempted(rows, setting)].reset_index(drop=True)

    def _exempted(self, rows: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
        """Whether the family was exempt on some day of the interval and its grace."""
        spells = paper_families(self.exempt, setting)
        pairs = rows[["student", "first", "due_day"]].assign(row=np.arange(len(rows))).merge(spells, on="student")
        touched = pairs.loc[(pairs["starts"] <= pairs["due_day"]) & (pairs["ends"] > pairs["first"]), "row"]
        return np.isin(np.arange(len(rows)), touched.to_numpy())

    def _looks(self, setting: Setting) -> pd.DataFrame:
        """Views of the diary with `key`, the student; sure where the parent is known as the student's and the section is named."""
        journal = setting.journal
        looks = journal.entries("diary.viewed", parent="person", student="person", section="word")
        pairs = setting.people.families
        own = np.isin(_pair(looks), _pair(pairs))
        section = looks["section"].to_numpy()
        wanted = named(self.sections, setting)[section] if self.sections else np.ones(len(looks), dtype=bool)
        looks = looks.assign(key=looks["student"], day=journal.local_day(looks["done"].to_numpy()), sure=own & wanted)
        found: pd.DataFrame = looks.loc[(looks["student"] >= 0) & (wanted | (section < 0)), ["key", "event", "done", "low", "day", "sure"]]
        return found

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the interval and its term in Russian."""
        return self.every.arithmetic(day, due, setting)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give the looks before and after an interval without one, in Russian."""
        return absence(figures, setting)


def _pair(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    return np.asarray(frame["parent"].to_numpy(dtype=np.int64) * _WIDE + frame["student"].to_numpy(dtype=np.int64))
