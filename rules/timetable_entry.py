"""Family `timetable_entry`: a lesson stands in the timetable before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from ingest.journal import codes_of
from ingest.wording import _
from rules.answering import answerable
from rules.cases import Cases, units
from rules.due import short_instant
from rules.norm import Norm, Role

if TYPE_CHECKING:
    from rules.setting import Setting

_GRAIN = ("lesson",)


class TimetableEntry(Norm):
    """Every lesson held was entered into the timetable before it began, by its first entry.

    Broken: a lesson of Monday 9:00 entered on Tuesday. Kept: entered on Sunday, moved later. Lessons from before the log begins are not
    judged: a timetable that was loaded with it says nothing of when it was made.
    """

    family: Literal["timetable_entry"]
    role: Role = Field(default="deputy_director", description="Кто отвечает")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per lesson held."""
        lessons = setting.lessons(self.where)
        entries = setting.journal.entries("lesson.scheduled", lesson="lesson")
        table = setting.journal.table("lesson.scheduled")
        first = entries.assign(limit=table["starts_at"].to_numpy(), homeroom=np.int32(-1)).drop_duplicates("lesson", keep="first")
        at = np.full(setting.journal.size("lesson"), -1, dtype=np.int64)
        at[codes_of(table["lesson"])[first.index.to_numpy()]] = np.arange(len(first))
        frame = first.take(at[lessons["lesson"].to_numpy()]).reset_index(drop=True)
        frame = frame.assign(**{name: lessons[name].to_numpy() for name in ("class", "subject", "group", "day")})
        # A lesson that was moved stood in the timetable in time when it did so before the later of its two times.
        frame["limit"] = np.maximum(frame["limit"].to_numpy(), lessons["start"].to_numpy())
        begun = setting.journal.log.events["time"].to_numpy()[:1]
        frame = frame[frame["limit"].to_numpy() >= begun] if len(frame) else frame
        days = frame["day"].to_numpy(dtype=np.int64)
        homerooms, actors = frame["homeroom"].to_numpy(), frame["actor"].to_numpy(dtype=np.int32)
        frame = frame.assign(
            person=answerable(self.role, days, setting, homerooms=homerooms, actors=actors),
            act=frame["event"].to_numpy(dtype=np.int64),
            ev_record=frame["event"],
        )
        return Cases(self, units(frame), _GRAIN)

    def term_words(self) -> str:
        """Give the term in Russian words."""
        return _("до начала урока")

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give when the lesson began, in Russian."""
        return _("урок начался {due}").format(due=short_instant(due, setting))
