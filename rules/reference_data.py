"""Family `reference_data`: the data on which the journal stands are entered before the first lesson of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from ingest.wording import _
from rules.answering import answerable
from rules.cases import Cases, acts, empty_act, silent, units
from rules.class_years import first_lessons, years_named
from rules.due import short_instant
from rules.norm import Answer, Norm, Role

if TYPE_CHECKING:
    from rules.setting import Setting

Kind = Literal[
    "periods", "subjects", "curriculum_profiles", "load_limits", "parallel_subjects", "period_types", "period_bounds", "timetable",
    "teacher_load", "subgroups",
]  # fmt: skip
_KINDS = Kind.__args__  # type: ignore[attr-defined]  # the members of a Literal
_GRAIN = ("day",)


class ReferenceData(Norm):
    """A set of reference data is entered for the school year before its first lesson.

    Broken: the timetable entered on 2 September at 12:00, lessons since 8:30. Kept: entered in August. A year whose beginning the log does
    not show is not judged.
    """

    family: Literal["reference_data"]
    role: Role = Field(default="study_operator", description="Кто отвечает")
    kind: Kind = Field(description="Какие данные: periods, subjects, timetable, teacher_load, subgroups и другие")
    before: Literal["first_lesson"] = Field(description="До чего: first_lesson – до первого урока учебного года")
    missing: Answer = Field(default="violation", description="Вывод, если данных нет совсем")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per school year."""
        first = first_lessons(setting).rename(columns={"start": "limit"})
        first = first[((first["day"] >= setting.duties_from) & (first["day"] <= setting.ends)).to_numpy()].reset_index(drop=True)
        journal = setting.journal
        if not journal.has("reference.entered"):
            return silent(self, _GRAIN, int((first["limit"].to_numpy() <= setting.as_of).sum()))
        table = journal.table("reference.entered")
        entries = journal.entries("reference.entered").assign(year=years_named(table["school_year"]))
        entries = entries[(table["kind"].astype(str) == self.kind).to_numpy()].drop_duplicates("year", keep="first")
        frame = first.merge(entries, on="year", how="left")
        event = frame["event"].fillna(-1).to_numpy(dtype=np.int64)
        place = _KINDS.index(self.kind) + len(_KINDS)
        frame = frame.assign(
            person=answerable(
                self.role, frame["day"].to_numpy(dtype=np.int64), setting, actors=frame["actor"].fillna(-1).to_numpy(dtype=np.int32)
            ),
            act=acts(event, empty_act("data", frame["year"].to_numpy(dtype=np.int64), place)),
            ev_record=event,
        )
        return Cases(self, units(frame), _GRAIN, missing=self.missing)

    def term_words(self) -> str:
        """Give the term in Russian words."""
        return _("до первого урока учебного года")

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give when the first lesson began, in Russian."""
        return _("первый урок учебного года начался {due}").format(due=short_instant(due, setting))
