"""Family `delegation`: a deputy acts for the administrator only while the administrator is away or has given leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.journal import NEVER
from ingest.wording import _
from rules.cases import Cases, silent, units
from rules.norm import Answer, Norm, Role
from rules.setting import within
from rules.telling import some, when

if TYPE_CHECKING:
    from rules.setting import Setting

_ACTS = {"parameter": ("parameter.changed", "name"), "reference": ("reference.entered", "kind")}


class Delegation(Norm):
    """Parameters and reference data are set by the deputy only during an absence of the principal or a dated delegation.

    Broken: the backup administrator changes a parameter while the administrator is at work. Kept: during the administrator's leave.
    """

    family: Literal["delegation"]
    role: Role = Field(default="backup_administrator", description="Кто отвечает")
    verdict: Answer = Field(default="review", description="Вывод; поручение могло быть и устным")
    acts: tuple[Literal["parameter", "reference"], ...] = Field(default=("parameter", "reference"), description="Какие действия")
    deputy: Role = Field(default="backup_administrator", description="Кто замещает")
    principal: Role = Field(default="administrator", description="Кого замещают")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per act of a deputy outside every delegation and absence."""
        acts = pd.concat([self._acts(act, setting) for act in self.acts], ignore_index=True).sort_values("event", ignore_index=True)
        acts = acts[self._deputies(acts, setting)].reset_index(drop=True)
        if not setting.journal.has("absence.registered") and not len(self._delegations(setting)):
            return silent(self, ("act",), len(acts), ban=True)
        persons, days = acts["person"].to_numpy(), acts["day"].to_numpy()
        covered = within(self._delegations(setting), persons, days) | self._principal_away(days, setting)
        frame = acts.assign(act=acts["event"], ev_record=acts["event"], fig_done=acts["done"], fig_what=acts["object"])
        return Cases(self, units(frame[~covered]), ("act",), ban=True, status="forbidden")

    def _acts(self, act: str, setting: Setting) -> pd.DataFrame:
        event_type, field = _ACTS[act]
        names = setting.journal.names("word")
        acts = setting.people.acts(event_type, "actor")
        codes = setting.journal.entries(event_type, **{field: "word"})[field].to_numpy()
        return acts.assign(object=np.array([*names, None], dtype=object)[codes])

    def _deputies(self, acts: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
        """Acts of people who were ever deputies and are no principals of their own."""
        persons, days = acts["person"].to_numpy(), acts["day"].to_numpy()
        deputies: npt.NDArray[np.bool_] = setting.people.ever(self.deputy)[persons]
        return deputies & ~setting.people.holds([self.principal], persons, days)

    def _delegations(self, setting: Setting) -> pd.DataFrame:
        """The dated assignments of the deputy's role: person, starts, ends."""
        roles = setting.journal.roles
        dated = (roles["role"] == self.deputy) & ((roles["starts"] > 0) | (roles["ends"] < NEVER))
        return roles.loc[dated, ["person", "starts", "ends"]]

    def _principal_away(self, days: npt.NDArray[np.int64], setting: Setting) -> npt.NDArray[np.bool_]:
        """Whether any holder of the principal's role was absent on the day."""
        roles, absences = setting.journal.roles, setting.journal.absences
        away = np.zeros(len(days), dtype=bool)
        for person in roles.loc[roles["role"] == self.principal, "person"].unique():
            away |= within(absences, np.full(len(days), person, dtype=np.int32), days)
        return away

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian what was changed when, without an absence or a delegation in the journal."""
        told = [_("«{what}» — {done}").format(what=case["what"], done=when(case["done"], setting)) for case in figures]
        return _("изменено {told}; ни отсутствия администратора, ни поручения на этот день в журнале нет").format(told=some(told))
