"""Family `substitutions`: who held an absent teacher's lesson is registered in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.answering import answerable
from rules.cases import Cases, acts, empty_act, units
from rules.due import short_instant
from rules.norm import Answer, Norm, Role
from rules.setting import within

if TYPE_CHECKING:
    from rules.setting import Setting

_GRAIN = ("lesson",)
_OFFICE = (
    "administrator", "backup_administrator", "deputy_director", "director", "secretary", "study_operator", "student_operator",
    "technical_specialist",
)  # fmt: skip


class Substitutions(Norm):
    """A substitution is registered by the beginning, or on the day, of the lesson.

    Broken: registered a day later. Kept: registered at 7:55 for a lesson at 9:00; a move entered on the lesson's day. Doubtful: while a
    teacher's absence is registered, somebody else wrote into the teacher's lesson, who is neither its homeroom teacher nor of the office;
    no substitution is registered.
    """

    family: Literal["substitutions"]
    role: Role = Field(default="deputy_director", description="Кто отвечает")
    by: Literal["lesson_start", "day_end"] = Field(description="До начала урока (lesson_start) или до конца его дня (day_end)")
    changes: tuple[Literal["substituted", "moved"], ...] = Field(
        default=("substituted",), min_length=1, description="Какие изменения расписания: substituted – замены, moved – переносы"
    )
    unregistered: Answer = Field(default="review", description="Вывод, если урок отсутствующего вёл другой, а замены нет")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per lesson substituted, and per lesson that looks as if it was."""
        lessons = setting.lessons(self.where)
        entries = setting.journal.entries("lesson.substituted", lesson="lesson").drop_duplicates("lesson", keep="first")
        unregistered = self._unregistered(lessons[~lessons["lesson"].isin(entries["lesson"])], setting)
        # The last move is the one that the lesson followed.
        moves = setting.journal.entries("lesson.moved", lesson="lesson").drop_duplicates("lesson", keep="last")
        changed = [lessons.merge(entries if change == "substituted" else moves, on="lesson") for change in self.changes]
        frame = pd.concat([*changed, *([unregistered] if "substituted" in self.changes else [])], ignore_index=True)
        days = frame["day"].to_numpy(dtype=np.int64)
        limit = frame["start"].to_numpy(dtype="datetime64[us]") if self.by == "lesson_start" else setting.calendar.end_of(days)
        event = frame["event"].fillna(-1).to_numpy(dtype=np.int64)
        actors = frame["actor"].fillna(-1).to_numpy(dtype=np.int32)
        nobody = np.full(len(frame), -1, dtype=np.int32)
        frame = frame.assign(
            limit=limit,
            person=answerable(self.role, days, setting, actors=actors),
            act=acts(event, empty_act("other", frame["lesson"].to_numpy(dtype=np.int64))),
            ev_record=event,
            ev_lesson=frame["ev_scheduled"],
            fig_other=frame["other"].fillna(-1).to_numpy(dtype=np.int64) if "other" in frame else nobody,
            fig_teacher=frame["teacher"],
        )
        return Cases(self, units(frame), _GRAIN, missing=self.unregistered)

    def _unregistered(self, lessons: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Lessons of absent teachers into which somebody else wrote: with `other` (who), ev_other, ev_absence."""
        journal = setting.journal
        away = within(journal.absences, lessons["teacher"].to_numpy(), lessons["day"].to_numpy())
        lessons = lessons[away].reset_index(drop=True)
        written = self._records(lessons["lesson"].to_numpy(), setting)
        both = written.merge(lessons[["lesson", "teacher", "class", "day"]], on="lesson")
        homeroom = journal.homeroom(both["class"].to_numpy(dtype=np.int32), both["day"].to_numpy(dtype=np.int64))
        office = np.append(journal.holding(*_OFFICE), False)
        actor = both["actor"].to_numpy(dtype=np.int32)
        other = (actor >= 0) & (actor != both["teacher"].to_numpy()) & (actor != homeroom) & ~office[actor]
        found = both[other].sort_values("event").drop_duplicates("lesson", keep="first")
        absences = journal.absences.rename(columns={"person": "teacher", "starts": "first", "ends": "last"})
        lessons = lessons.merge(found[["lesson", "actor", "event"]].rename(columns={"actor": "other", "event": "ev_other"}), on="lesson")
        lessons = lessons.merge(absences, on="teacher")
        lessons = lessons[(lessons["first"] <= lessons["day"]) & (lessons["day"] <= lessons["last"])].drop_duplicates(
            "lesson", keep="first"
        )
        nothing = np.full(len(lessons), np.datetime64("NaT", "us"))
        return lessons.drop(columns=["first", "last"]).assign(event=-1, done=nothing, low=nothing, actor=-1)

    def _records(self, lessons: npt.NDArray[np.int32], setting: Setting) -> pd.DataFrame:
        """First entries made in these lessons: event, actor, lesson."""
        journal = setting.journal
        kinds = ("topic.recorded", "homework.recorded", "attendance.taken", "attendance.recorded", "mark.recorded")
        wanted = np.zeros(journal.size("lesson") + 1, dtype=bool)
        wanted[lessons] = True
        parts = []
        for kind in kinds:
            entries = journal.entries(kind, lesson="lesson")
            parts.append(entries.loc[wanted[entries["lesson"].to_numpy()], ["event", "actor", "lesson"]])
        written: pd.DataFrame = pd.concat(parts, ignore_index=True)
        return written

    def term_words(self) -> str:
        """Give the term in Russian words."""
        return _("до начала урока") if self.by == "lesson_start" else _("до конца дня урока")

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the term in Russian."""
        shown = short_instant(due, setting)
        if self.by == "lesson_start":
            return _("урок начался {due}").format(due=shown)
        if "moved" in self.changes:
            return _("изменение расписания отмечается не позже дня урока — срок до {due}").format(due=shown)
        return _("замена отмечается не позже дня урока — срок до {due}").format(due=shown)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian who wrote into whose lesson, where no substitution is registered."""
        case = figures[0]
        other, teacher = int(str(case["other"])), int(str(case["teacher"]))
        if other < 0:
            return ""
        return _("учитель {teacher} отсутствует, записи сделал {other}, а замена не отмечена — решает человек").format(
            teacher=setting.journal.name("person", teacher), other=setting.journal.name("person", other)
        )
