"""Family `tied_marks`: a mark says for what it was given: for a lesson of the timetable, and for a work that was set where it names one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.cases import Cases, units
from rules.norm import Norm

if TYPE_CHECKING:
    from rules.setting import Setting

_PLACE = ("class", "subject", "group", "grade", "teacher")


class TiedMarks(Norm):
    """Every mark belongs to a lesson that the timetable knows, and to a known work of it where it names a work.

    Broken, for a person to decide: a mark in a lesson that nobody scheduled; a mark for a work that nobody set. Kept: a mark without a
    work in a lesson held: a lesson mark.
    """

    family: Literal["tied_marks"]
    verdict: Literal["review", "notice", "ignore"] = Field(
        default="review", description="Вывод; нарушением это не бывает: запись могла потеряться"
    )

    def cases(self, setting: Setting) -> Cases:
        """Give one row per mark that is tied to nothing known; `day` is the lesson's, or that of the record where the lesson is unknown."""
        journal = setting.journal
        entries = journal.entries("mark.recorded", lesson="lesson", student="person", work="work")
        lesson, work = entries["lesson"].to_numpy(), entries["work"].to_numpy()
        in_lesson = journal.known_lesson(lesson)
        of_work = np.append(journal.works["known"].to_numpy(), True)[work]
        loose = ~in_lesson | ~of_work
        rows = entries[loose].reset_index(drop=True).assign(fig_lesson=in_lesson[loose], ev_record=entries["event"].to_numpy()[loose])
        lessons = journal.lessons
        place = pd.DataFrame({name: np.append(lessons[name].to_numpy(), -1)[rows["lesson"].to_numpy()] for name in (*_PLACE, "day")})
        recorded = journal.local_day(rows["done"].to_numpy())
        rows = rows.assign(**{name: place[name] for name in _PLACE}, day=np.where(rows["fig_lesson"], place["day"], recorded))
        rows["fig_work"] = np.append(journal.names("work"), "")[rows["work"].to_numpy()]
        rows["person"] = np.where(rows["actor"] >= 0, rows["actor"], rows["teacher"])
        chosen = setting.selects(
            self.where, grades=rows["grade"].to_numpy(dtype=np.int64), subjects=rows["subject"].to_numpy(dtype=np.int32)
        )
        frame = rows[chosen].reset_index(drop=True)
        return Cases(self, units(frame.assign(act=frame["event"])), ("act",), ban=True, status="mismatch")

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian what the mark lacks."""
        if not figures[0]["lesson"]:
            return _("отметка стоит на уроке, которого нет в расписании, — решает человек")
        return _("отметка поставлена за работу «{work}», которая нигде не задана, — решает человек").format(work=figures[0]["work"])
