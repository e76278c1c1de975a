"""Family `unheld_lesson`: records speak of lessons that were held, by those who held them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.cases import Cases, units
from rules.due import short_instant
from rules.norm import Norm
from rules.setting import within

if TYPE_CHECKING:
    from rules.setting import Setting

Entry = Literal["topic", "homework", "attendance", "mark"]
_COLUMNS = ["event", "done", "low", "actor", "lesson", "student"]
_CARRIED = ("class", "subject", "group", "day", "start", "teacher", "grade", "ev_scheduled", "ev_cancelled", "held")


class UnheldLesson(Norm):
    """Nothing is recorded for a lesson that is known to be cancelled, or by a teacher who is known to be absent that day.

    Broken: a topic written in the evening for a lesson that was cancelled in the morning. Kept: the topic stood there before the lesson
    was cancelled; the lesson was scheduled again; a substitute held it.

    A person decides: the cancellation or the absence may be the wrong record.
    """

    family: Literal["unheld_lesson"]
    verdict: Literal["review", "notice", "ignore"] = Field(default="review", description="Вывод; какая из записей верна, решает человек")
    entries: tuple[Entry, ...] = Field(
        default=("topic", "homework", "attendance", "mark"), min_length=1, description="Какие записи: topic, homework, attendance, mark"
    )
    absent_teacher: bool = Field(default=True, description="Смотреть и записи учителя, отсутствие которого в этот день зарегистрировано")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per record made after it was known that the lesson is not held, or that its teacher is away."""
        journal = setting.journal
        entries = self._entries(self._doubtful(setting), setting)
        lessons = journal.lessons.take(entries["lesson"].to_numpy()).reset_index(drop=True)
        frame = entries.assign(**{name: lessons[name] for name in _CARRIED})
        cancelled = frame[frame["ev_cancelled"] >= 0].rename(columns={"ev_cancelled": "ev_ground"}).assign(fig_ground="cancelled")
        times = journal.log.events["time"].to_numpy()
        cancelled["known"] = times[cancelled["ev_ground"].to_numpy()]
        parts = [cancelled, self._absent(frame, setting)] if self.absent_teacher else [cancelled]
        found = pd.concat(parts, ignore_index=True)
        found = found.assign(
            person=np.where(found["actor"] < 0, found["teacher"], found["actor"]),
            # A record is a breach from the moment on which the cancellation was known; one between two snapshots may be older.
            limit=found["known"],
            due=np.full(len(found), np.datetime64("NaT", "us")),
            act=found["event"],
            ev_record=found["event"],
            ev_lesson=found["ev_scheduled"],
            fig_known=found["known"],
        )
        return Cases(self, units(found), ("act",), ban=True, status="mismatch")

    def _doubtful(self, setting: Setting) -> npt.NDArray[np.bool_]:
        """Tell for each lesson code whether the lesson is cancelled, or its teacher registered as absent on its day."""
        lessons = setting.journal.lessons
        doubtful = lessons["ev_cancelled"].to_numpy() >= 0
        if self.absent_teacher:
            doubtful = doubtful | within(setting.journal.absences, lessons["teacher"].to_numpy(), lessons["day"].to_numpy())
        return doubtful & setting.selects(self.where, grades=lessons["grade"].to_numpy(), subjects=lessons["subject"].to_numpy())

    def _entries(self, wanted: npt.NDArray[np.bool_], setting: Setting) -> pd.DataFrame:
        """Give the records of the wanted lessons that stand: the last text, the last code of a cell, the marks that were not deleted."""
        journal = setting.journal
        texts = [name for name in ("topic", "homework") if name in self.entries]
        parts = [journal.texts(f"{name}.recorded").drop_duplicates("lesson", keep="last") for name in texts]
        if "attendance" in self.entries:
            parts.append(journal.entries("attendance.taken", lesson="lesson").drop_duplicates("lesson", keep="last"))
            parts.append(journal.attendance.drop_duplicates(["lesson", "student"], keep="last"))
        if "mark" in self.entries:
            parts.append(setting.current_marks)
        kept = [part[np.append(wanted, False)[part["lesson"].to_numpy()]].reindex(columns=_COLUMNS, fill_value=-1) for part in parts]
        table: pd.DataFrame = pd.concat(kept, ignore_index=True)
        return table.astype({"student": np.int32})

    def _absent(self, frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Records of a held lesson by its own teacher, whose absence on its day was known: before the lesson, or on an earlier day."""
        own = frame[frame["held"] & (frame["actor"] == frame["teacher"]) & (frame["actor"] >= 0)]
        absences = setting.journal.absences.rename(columns={"person": "actor", "ev_absence": "ev_ground"})
        away = own.merge(absences, on="actor")
        away = away[(away["starts"] <= away["day"]) & (away["day"] <= away["ends"])]
        away["known"] = setting.journal.log.events["time"].to_numpy()[away["ev_ground"].to_numpy()]
        # Whoever falls ill during the day has held the first lessons of it.
        certain = (away["known"] <= away["start"]) | (away["day"] > away["starts"])
        first = away[certain].sort_values(["event", "known"]).drop_duplicates("event")
        return first.assign(fig_ground="absent")

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give what the record contradicts, and since when that was known."""
        row = figures[0]
        known = short_instant(np.datetime64(pd.Timestamp(str(row["known"])), "us"), setting)
        if row["ground"] == "absent":
            text = _("запись сделал учитель, отсутствие которого в день урока зарегистрировано {known}; какая запись верна, решает человек")
        else:
            text = _("урок отменён {known}, запись сделана позже; какая из записей верна, решает человек")
        return text.format(known=known)
