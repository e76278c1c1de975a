"""Family `control`: controls, analyses and reports to the administration that come back week by week, month by month, period by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self, get_args

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from ingest.wording import _
from rules.cases import Cases, acts, empty_act, silent, units
from rules.class_years import school_years
from rules.duty_acts import ControlKind, Direction, Handing, ReportKind, Sign, controls, owned, signs
from rules.interval_acts import absence, answering, fulfilled, gap_outcome, gaps, gaps_due
from rules.interval_rows import intervals
from rules.intervals import Every, Per
from rules.norm import Answer, Norm, Role

if TYPE_CHECKING:
    from rules.setting import Setting

_KINDS = (*get_args(ControlKind), *get_args(ReportKind), "")
_GRAIN = ("class", "person", "period", "day")


class Control(Norm):
    """A control or report of the staff is made in every interval, or after it.

    Broken: no check by the deputy in November; the analysis of last week published on Monday. Kept: the director's check on the last day
    of the quarter.
    """

    family: Literal["control"]
    role: Role = Field(description="Кто отвечает")
    controls: tuple[ControlKind, ...] = Field(default=(), description="Виды контроля; годится любой из них")
    handed: Handing = Field(default=Handing(), description="Отчёты, извещения, объявления, которые тоже исполняют обязанность")
    signs: tuple[Sign, ...] = Field(
        default=(), description="Записи классного руководителя, по которым контроль виден: reason – причина пропуска, card – карточка"
    )
    by: tuple[Role, ...] = Field(default=(), description="Чей контроль или отчёт засчитывается; пусто – того, кто отвечает")
    per: Per = Field(default="school", description="За что отчитываются: за школу, за каждый класс, каждый учитель")
    every: Every = Field(description="Как часто")
    published: bool = Field(default=False, description="Только опубликованные результаты")
    directions: tuple[Direction, ...] = Field(default=(), description="Направления, которые все должны быть проверены")
    instead: tuple[Direction, ...] = Field(default=(), description="Направления, проверка которых годится вместо любого из directions")
    missing: Answer = Field(default="violation", description="Вывод, если контроля не было")
    seen: Literal["any", "own"] = Field(
        default="any", description="Судят, если в журнале есть: any – хоть какая-то проверка, own – хоть одна такая (иначе её ведут не там)"
    )

    @model_validator(mode="after")
    def _some_act(self) -> Self:
        if not self.controls and not self.handed.event_types:
            raise ValueError("a control names `controls` or what is `handed`")
        if (self.directions or self.published) and not self.controls:
            raise ValueError("only `controls` are published and have directions")
        if self.instead and not self.directions:
            raise ValueError("`instead` stands beside `directions`")
        if self.per != "school" and (self.every.form == "days" or self.every.day == "all"):
            raise ValueError("a class or teacher owes by day with lessons, week, month or period")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per interval (or gap) and direction: done with the first control that counts for it."""
        sources = ("control.performed",) * bool(self.controls) + self.handed.event_types
        made = self._acts(setting)
        shown = [made, *(signs(sign, setting) for sign in self.signs)]
        known = pd.concat([part for part in shown if len(part)] or shown[:1], ignore_index=True)
        known = owned(known, self.per, self.by or (self.role,), setting)
        rows = _years(setting) if self.every.form == "days" else intervals(self.every, self.where, setting, self.per)
        rows = rows.assign(key=np.maximum(rows["owner"], 0))
        if not setting.journal.has(*sources) or (self.seen == "own" and not len(made)):
            return silent(self, _GRAIN, self._due(rows, setting))
        parts = [self._matched(rows, known, direction, setting) for direction in self.directions or ("",)]
        frame = pd.concat(parts, ignore_index=True)
        undecided = frame[frame["undecided"] & (frame["limit"] <= setting.as_of)].drop_duplicates(["owner", "period", "first"])
        frame = self._framed(frame[~frame["undecided"]].reset_index(drop=True), setting)
        return Cases(self, units(frame), _GRAIN, missing=self.missing, undecidable=len(undecided))

    def _due(self, rows: pd.DataFrame, setting: Setting) -> int:
        """How many intervals are over that no kind of event can show."""
        if self.every.form == "days":
            return gaps_due(rows, self.every, setting)
        return int((rows["limit"].to_numpy() <= setting.as_of).sum())

    def _acts(self, setting: Setting) -> pd.DataFrame:
        by = self.by or (self.role,)
        handed = self.handed.acts(by, setting, self.per).assign(published=1, directions=None)
        if not self.controls:
            return handed
        made = controls(self.controls, by, setting)
        return pd.concat([made, handed], ignore_index=True) if len(handed) else made

    def _matched(self, rows: pd.DataFrame, known: pd.DataFrame, direction: str, setting: Setting) -> pd.DataFrame:
        """The intervals with the act that counts for them in one direction ("": any), or the gaps between such acts."""
        if self.published:
            known = known[known["published"] != 0].assign(sure=lambda frame: frame["sure"] & (frame["published"] == 1))
        if direction:
            said = known["directions"]
            wanted = {direction, *self.instead}
            named = np.array([items is None or not wanted.isdisjoint(items) for items in said], dtype=bool)
            silent_on = np.array([items == () for items in said], dtype=bool)
            known = known.assign(sure=known["sure"].to_numpy(dtype=bool) & named)[named | silent_on]
        if self.every.form != "days":
            return fulfilled(rows, known, self.every).assign(fig_direction=direction)
        # An act that may count ends the gap: nobody is accused of what it leaves open.
        found = gaps(rows, known, self.every, setting).assign(undecided=False, period=-1, ev_period=-1, ev_lesson=-1)
        return found.assign(fig_direction=direction)

    def _framed(self, frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        owner, days = frame["owner"].to_numpy(dtype=np.int32), frame["due_day"].to_numpy(dtype=np.int64)
        classes = owner if self.per == "class" else np.full(len(frame), -1, dtype=np.int32)
        event = frame["event"].to_numpy(dtype=np.int32)
        kind = (*self.controls, *self.handed.reports, "")[0]
        cell = (owner.astype(np.int64) + 1) * 64 + _KINDS.index(kind)
        return frame.assign(
            **{"class": classes},
            person=owner if self.per == "teacher" else answering(self.role, classes, days, setting),
            day=frame["first"],
            object=self.controls[0] if self.controls else None,
            ev_record=event,
            act=acts(event, empty_act("control" if self.controls else "report", frame["first"].to_numpy(dtype=np.int64), cell)),
        )

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the interval and its term in Russian."""
        return self.every.arithmetic(day, due, setting)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give the intervals missed in a gap, else what nobody checked, with the controls before and after, in Russian."""
        if self.every.form == "days":
            return gap_outcome(self.every, figures, setting)
        text = absence([case for case in figures if not case["given"]] or figures, setting, _("не сказано, что об этом времени"))
        left = [direction_names()[str(case["direction"])] for case in figures if case["direction"] and not case["given"]]
        if not left:
            return text
        return _("не проверено: {directions}").format(directions=", ".join(dict.fromkeys(left))) + f"; {text}"


def direction_names() -> dict[str, str]:
    """Give the directions of a control in words."""
    return {
        "topics": _("запись тем"),
        "marks": _("выставление отметок"),
        "density": _("накопляемость отметок"),
        "attendance": _("учёт посещаемости"),
        "plan": _("выполнение учебного плана"),
        "homework": _("домашние задания"),
        "participation": _("участие учителей, родителей и учеников"),
    }


def _years(setting: Setting) -> pd.DataFrame:
    """School years as spells of a duty of the school: owner, starts, ends (first day after), ev_start."""
    years = school_years(setting)
    return pd.DataFrame({"owner": -1, "starts": years["starts"], "ends": years["ends"] + 1, "ev_start": -1})
