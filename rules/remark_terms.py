"""Family `remark_terms`: a remark of the administration is met by its term."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from rules.cases import Cases, acts, empty_act, units
from rules.due import Due
from rules.norm import Answer, Norm, Role

if TYPE_CHECKING:
    import pandas as pd

    from rules.setting import Setting


class RemarkTerms(Norm):
    """Remarks are met in time: by the date on the remark, else by the school's assumed term, which gives a notice only.

    Broken: a remark due on Thursday resolved on Friday. Kept: resolved on Thursday at 23:00.
    """

    family: Literal["remark_terms"]
    due: Due = Field(description="Срок, если в замечании он не назван")
    by: tuple[Role, ...] = Field(default=(), description="Чьи замечания; пусто – чьи угодно. Замечание неизвестно чьё засчитывается")
    missing: Answer = Field(default="violation", description="Вывод, если замечание не устранено")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per remark; `day` is the day on which it was issued."""
        journal = setting.journal
        remarks = self._made(setting)
        lessons = journal.lessons.take(np.maximum(remarks["lesson"].to_numpy(), 0)) if len(journal.lessons) else None
        frame = remarks.rename(columns={"resolved": "done", "ev_resolved": "ev_record", "due": "due_day"})
        frame["day"] = journal.local_day(frame["issued"].to_numpy())
        if lessons is not None:
            named = (frame["lesson"] >= 0).to_numpy()
            for column in ("class", "subject", "group"):
                frame[column] = np.where(named, lessons[column].to_numpy(), -1)
        named_term = (frame["due_day"] >= 0).to_numpy()
        fallback = self.due.terms(frame, setting).limit
        limit = np.where(named_term, setting.calendar.end_of(frame["due_day"].to_numpy()), fallback)
        names = journal.names("remark")
        frame = frame.assign(
            limit=limit,
            due=limit,
            assumed=~named_term & bool(self.assumed),
            object=names[frame["remark"].to_numpy()] if len(frame) else None,
            act=acts(frame["ev_record"].to_numpy(), empty_act("remark", frame["remark"].to_numpy())),
        )
        return Cases(self, units(frame), ("object",), missing=self.missing)

    def _made(self, setting: Setting) -> pd.DataFrame:
        """The remarks of those whose remarks count."""
        journal, remarks = setting.journal, setting.journal.remarks
        if not self.by:
            return remarks
        issued = journal.entries("remark.issued").set_index("event")["actor"]
        actor = issued.reindex(remarks["ev_issued"]).to_numpy(dtype=np.int32)
        held = setting.people.holds(self.by, actor, journal.local_day(remarks["issued"].to_numpy()))
        made: pd.DataFrame = remarks[held | ~setting.people.known[actor]]
        return made.reset_index(drop=True)

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date arithmetic of the assumed term in Russian; a term named on the remark needs none."""
        limit = setting.calendar.end_of(setting.calendar.add_working_days(np.array([day]), self.due.working_days or 1))[0]
        return self.due.arithmetic(day, due, setting) if limit == due else ""
