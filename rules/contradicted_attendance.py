"""Family `contradicted_attendance`: a mark says that the student was in the lesson, the attendance says not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.cases import Cases, units
from rules.norm import Norm
from rules.setting import within

if TYPE_CHECKING:
    from rules.setting import Setting

_CELL = ["lesson", "student"]
_CARRIED = ("class", "subject", "group", "day", "start", "teacher", "grade", "ev_scheduled")


class ContradictedAttendance(Norm):
    """Marks and attendance of a lesson agree: who is coded absent from it has no mark for work in it.

    Broken: «5» for an answer in a lesson from which the student is coded «Н». Kept: the code was corrected later; the mark is for a work
    that the student wrote afterwards; «УП5» of a student in a sanatorium.
    """

    family: Literal["contradicted_attendance"]
    verdict: Literal["review", "notice", "ignore"] = Field(default="review", description="Вывод; какая из записей верна, решает человек")
    combined: bool = Field(default=False, description="Отметка рядом с кодом пропуска в одной клетке (Н5) разрешена")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per mark that stands in a lesson from which the student is coded absent as things stand."""
        journal = setting.journal
        marks = setting.current_marks
        marks = marks[_figured(setting)[marks["value"].to_numpy()]]
        coded = setting.mark_values.absent[marks["value"].to_numpy()]
        away = marks[_CELL].merge(self._away(setting), on=_CELL, how="left")["ev_absence"].fillna(-1).to_numpy(dtype=np.int32)
        contradicting = ~coded & (away >= 0) if self.combined else coded | (away >= 0)
        marks = marks.assign(ev_absence=away)[contradicting]
        lessons = journal.lessons.take(marks["lesson"].to_numpy()).reset_index(drop=True)
        frame = marks.reset_index(drop=True).assign(**{name: lessons[name] for name in _CARRIED})
        chosen = setting.selects(self.where, grades=frame["grade"].to_numpy(), subjects=frame["subject"].to_numpy())
        frame = frame[chosen & lessons["held"].to_numpy() & ~self._written_later(frame, setting) & ~_ill_elsewhere(frame, setting)]
        frame = frame.assign(
            person=np.where(frame["actor"] < 0, frame["teacher"], frame["actor"]),
            act=frame["event"],
            ev_record=frame["event"],
            ev_lesson=frame["ev_scheduled"],
            fig_mark=journal.names("value")[frame["value"]] if len(frame) else None,
            fig_code=self._codes(frame, setting),
        )
        return Cases(self, units(frame.reset_index(drop=True)), ("act",), ban=True, status="mismatch")

    def _away(self, setting: Setting) -> pd.DataFrame:
        """Cells whose attendance ends with an absence code: lesson, student, ev_absence."""
        history = setting.journal.attendance
        last = history.drop_duplicates(_CELL, keep="last")
        absent = np.array([*(setting.vocabulary.absent(str(code)) for code in setting.journal.names("code")), False], dtype=bool)
        away: pd.DataFrame = last.loc[absent[last["code"].to_numpy()], [*_CELL, "event"]]
        return away.rename(columns={"event": "ev_absence"})

    def _written_later(self, frame: pd.DataFrame, setting: Setting) -> np.ndarray:
        """Marks that may be for something the student did afterwards: a work's, or a mark beside the code that may stand there, when it
        was entered after the lesson's day.
        """
        known = np.append(setting.journal.works["known"].to_numpy(), False)[frame["work"].to_numpy()]
        first = setting.journal.log.events["time"].to_numpy()[frame["first"].to_numpy()]
        later = first >= setting.calendar.end_of(frame["day"].to_numpy(dtype=np.int64))
        return np.asarray(later & (known | self.combined))

    def _codes(self, frame: pd.DataFrame, setting: Setting) -> np.ndarray:
        """The absence code of each row, from the attendance or else from the mark's cell."""
        journal = setting.journal
        table = pd.concat([journal.entries(name, code="code")[["event", "code"]] for name in ("attendance.recorded", "attendance.changed")])
        code = table.set_index("event")["code"].reindex(frame["ev_absence"]).fillna(-1).to_numpy(dtype=np.int32)
        names = np.append(journal.names("code"), "")[code]
        return np.asarray(np.where(code >= 0, names, setting.mark_values.code[frame["value"].to_numpy()]))

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give the two records that contradict each other."""
        row = figures[0]
        return _("за урок стоит отметка «{mark}», а в посещаемости этого урока — «{code}»; какая запись верна, решает человек").format(
            mark=row["mark"], code=row["code"]
        )


def _figured(setting: Setting) -> np.ndarray:
    """Tell for each mark value whether a figure stands in it: «Н5» and «5» are marks, «н/а» is a word."""
    return np.array([any(sign.isdigit() for sign in str(rest)) for rest in setting.mark_values.digits], dtype=bool)


def _ill_elsewhere(frame: pd.DataFrame, setting: Setting) -> np.ndarray:
    """Students under a sanatorium order on the day: their marks come from there."""
    orders = setting.journal.ordered("sanatorium")
    return within(orders, frame["student"].to_numpy(dtype=np.int32), frame["day"].to_numpy(dtype=np.int64))
