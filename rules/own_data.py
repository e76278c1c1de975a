"""Family `own_data`: parents and students see the data of their own child, or their own, only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.cases import Cases, silent, units
from rules.norm import Norm, Role
from rules.telling import some, when

if TYPE_CHECKING:
    from rules.setting import Setting

_GRAIN = ("person", "student")
_VIEWS = ("diary.viewed", "page.viewed")


class OwnData(Norm):
    """A family looks at nobody else's diary or pages.

    Broken: a parent tied to one student looks at another's diary; a student at a classmate's. Kept: at the own child's; a teacher's look.
    """

    family: Literal["own_data"]
    role: Role = Field(default="parent", description="Кто отвечает")
    of: tuple[Literal["parent", "student"], ...] = Field(
        default=("parent", "student"), min_length=1, description="О чьих просмотрах норма: parent, student"
    )

    def cases(self, setting: Setting) -> Cases:
        """Give one row per look at a student's data by somebody else's parent or another student; a finding per viewer and student."""
        people = setting.people
        if not setting.journal.has(*_VIEWS):
            return silent(self, _GRAIN, int(people.family.sum()), ban=True)
        views = self._views(setting)
        viewer, student = views["person"].to_numpy(), views["student"].to_numpy()
        pairs = people.families
        width = np.int64(setting.journal.size("person") + 1)
        own = np.isin(viewer * width + student, pairs["parent"].to_numpy(dtype=np.int64) * width + pairs["student"].to_numpy())
        has_child = np.isin(viewer, pairs["parent"].to_numpy())
        is_student = people.ever("student")[viewer]
        strange = people.family[viewer] & ~own & (viewer != student) & np.where(is_student, "student" in self.of, "parent" in self.of)
        # A parent tied to nobody may be this student's: the tie is what is missing.
        untied = ~has_child & ~is_student
        undecidable = strange & untied if not len(pairs) else np.zeros(len(views), dtype=bool)
        doubtful = "review" if self.verdict == "violation" else self.verdict
        frame = views.assign(
            act=views["event"],
            late=np.where(untied, doubtful, self.verdict),
            role=np.where(is_student, "student", "parent"),
            ev_record=views["event"],
            **{"class": people.class_of(student.astype(np.int32), views["day"].to_numpy())},
            fig_done=views["done"],
            fig_untied=untied,
        )
        chosen = strange & ~undecidable
        return Cases(self, units(frame[chosen]), _GRAIN, ban=True, status="forbidden", undecidable=int(undecidable.sum()))

    def _views(self, setting: Setting) -> pd.DataFrame:
        diaries = setting.people.acts("diary.viewed", "parent", student="person")
        pages = setting.people.acts("page.viewed", student="person")
        views = pd.concat([diaries, pages], ignore_index=True)
        return views[(views["person"] >= 0) & (views["student"] >= 0)].sort_values("event", ignore_index=True)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian when another's data were looked at, and whether the viewer is tied to anybody."""
        told = some([when(case["done"], setting) for case in figures])
        if all(case["untied"] for case in figures):
            return _("просмотр {told}; ни с одним учеником этот родитель не связан — возможно, связь не внесена").format(told=told)
        return _("просмотр {told}, а эти данные — другого ученика").format(told=told)
