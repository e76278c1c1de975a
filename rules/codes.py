"""Family `codes`: what may stand in a cell, and who may enter it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.journal import DELETED
from rules.cases import Cases, units
from rules.marks import OFFICES, acting_roles
from rules.norm import Norm

if TYPE_CHECKING:
    from rules.setting import Setting


_STRANGE = re.compile(r"[^\W\d_]+\d")


class Codes(Norm):
    """Only the allowed marks or codes may stand in a cell.

    Broken: «5+» where marks are 2 to 5; a teacher's «Б» where teachers only mark «ОТ». Kept: «Н45», «УП4» where marks may stand
    beside an absence code.
    """

    family: Literal["codes"]
    cell: Literal["mark", "combined_mark", "attendance"] = Field(
        description="mark – любая отметка; combined_mark – отметка рядом с кодом пропуска; attendance – код посещаемости"
    )
    allowed: tuple[str, ...] = Field(min_length=1, description="Допустимые отметки (по одной) или коды")
    doubtful: tuple[str, ...] = Field(default=(), description="Коды, о которых текст молчит или говорит двояко: дают notice")
    most: int | None = Field(default=None, ge=1, description="Сколько отметок может стоять рядом с кодом")
    by: Literal["anyone", "teacher", "homeroom_teacher"] = Field(
        default="anyone", description="Чьи записи: учителя без классного руководства в этом классе, классного руководителя, любые"
    )

    def cases(self, setting: Setting) -> Cases:
        """Give one row per entry of a mark or code that must not stand there."""
        history = setting.journal.attendance if self.cell == "attendance" else setting.journal.marks
        codes = history["code" if self.cell == "attendance" else "value"].to_numpy()
        wrong, doubtful = self._wrong(setting)
        chosen = wrong[codes] & (history["act"].to_numpy() != DELETED)
        history = history[chosen].assign(late=np.where(doubtful[codes[chosen]], "notice", self.verdict))
        lessons = setting.journal.lessons.take(history["lesson"].to_numpy()).reset_index(drop=True)
        frame = history.reset_index(drop=True).assign(
            **{column: lessons[column] for column in ("class", "subject", "group", "day", "teacher", "grade")},
            ev_lesson=lessons["ev_scheduled"],
        )
        meant = setting.selects(self.where, grades=frame["grade"].to_numpy(), subjects=frame["subject"].to_numpy())
        frame = frame[meant & self._made_by(frame, setting)].reset_index(drop=True)
        frame = frame.assign(
            person=np.where(frame["actor"] < 0, frame["teacher"], frame["actor"]),
            role=acting_roles(frame, setting),
            ev_record=frame["event"],
            act=frame["event"],
        )
        return Cases(self, units(frame), ("act",), ban=True, status="forbidden")

    def _wrong(self, setting: Setting) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """By code in the domain (and -1, last): whether the value is wrong, and whether only doubtful."""
        if self.cell == "attendance":
            names = [str(code).strip().upper() for code in setting.journal.names("code")]
            absence = [setting.vocabulary.absent(name) for name in names]
            wrong = [away and name not in self.allowed for name, away in zip(names, absence, strict=True)]
            doubt = [name in self.doubtful for name in names]
            return np.array([*wrong, False], dtype=bool), np.array([*doubt, False], dtype=bool)
        values = setting.mark_values
        marks = "|".join(re.escape(mark) for mark in sorted(self.allowed, key=len, reverse=True))
        fits = re.compile(rf"^(?:{marks}){{0,{self.most or ''}}}$")
        # Letters that are no absence code and then a digit are a combined cell too, with a code that nobody knows.
        combined = [bool(code or _STRANGE.match(rest)) for code, rest in zip(values.code, values.digits, strict=True)]
        bad = np.array([not fits.match(str(rest)) for rest in values.digits], dtype=bool)
        if self.cell == "combined_mark":
            bad &= np.array(combined, dtype=bool)
        return bad, np.zeros(len(bad), dtype=bool)

    def _made_by(self, frame: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
        if self.by == "anyone":
            return np.ones(len(frame), dtype=bool)
        homeroom = setting.journal.homeroom(frame["class"].to_numpy(), frame["day"].to_numpy())
        of_class = (frame["actor"].to_numpy() == homeroom) & (homeroom >= 0)
        if self.by == "homeroom_teacher":
            return np.asarray(of_class, dtype=bool)
        office = np.append(setting.journal.holding(*OFFICES), False)
        teaches = (
            np.append(setting.journal.holding("teacher"), False)[frame["actor"].to_numpy()]
            | (frame["actor"] == frame["teacher"]).to_numpy()
        )
        return np.asarray(teaches & ~of_class & ~office[frame["actor"].to_numpy()], dtype=bool)
