"""Family `backup`: backups of the journal are made every day, or with so many days between two at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from rules.cases import Cases, acts, empty_act, silent, units
from rules.duty_acts import named
from rules.interval_acts import absence, answering, fulfilled, gap_outcome, gaps, gaps_due
from rules.interval_rows import intervals
from rules.intervals import Every
from rules.norm import Answer, Norm, Role

if TYPE_CHECKING:
    from rules.setting import Setting

Medium = Literal["server", "removable"]
_GRAIN = ("day",)


class Backup(Norm):
    """A backup is made in every interval; weekends, vacations and summer count where the duty is daily or by days between two.

    Broken: no backup with Sunday's date; three weeks between two copies on removable media. Kept: one at 00:10 and the next at 23:50 of
    the following day.
    """

    family: Literal["backup"]
    role: Role = Field(default="administrator", description="Кто отвечает")
    every: Every = Field(description="Как часто")
    media: tuple[Medium, ...] = Field(default=(), description="На каком носителе: server, removable; пусто – на любом")
    missing: Answer = Field(default="violation", description="Вывод, если копии нет")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per interval (or gap): done with the first backup that counts for it."""
        gapped = self.every.form == "days"
        spells = pd.DataFrame({"key": [0], "starts": [setting.duties_from], "ends": [setting.ends + 1], "ev_start": [-1]})
        rows = spells if gapped else intervals(self.every, self.where, setting).assign(key=0)
        if not setting.journal.has("backup.created"):
            due = gaps_due(spells, self.every, setting) if gapped else int((rows["limit"] <= setting.as_of).sum())
            return silent(self, _GRAIN, due)
        made = self._backups(setting)
        frame = gaps(spells, made, self.every, setting) if gapped else fulfilled(rows, made, self.every)
        days = frame["due_day"].to_numpy(dtype=np.int64)
        event = frame["event"].to_numpy(dtype=np.int32)
        medium = len(self.media) and 1 + ("server", "removable").index(self.media[0])
        frame = frame.assign(
            person=answering(self.role, np.full(len(frame), -1, dtype=np.int32), days, setting),
            day=frame["first"],
            ev_record=event,
            act=acts(event, empty_act("backup", frame["first"].to_numpy(dtype=np.int64), medium)),
        )
        return Cases(self, units(frame), _GRAIN, missing=self.missing)

    def _backups(self, setting: Setting) -> pd.DataFrame:
        journal = setting.journal
        made = journal.entries("backup.created", medium="word")
        if self.media:
            made = made[named(self.media, setting)[made["medium"].to_numpy()]].reset_index(drop=True)
        return made.assign(key=0, day=journal.local_day(made["done"].to_numpy()))

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the interval and its term in Russian."""
        return self.every.arithmetic(day, due, setting)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give the intervals missed in a gap, or the backups before and after, in Russian."""
        return gap_outcome(self.every, figures, setting) if self.every.form == "days" else absence(figures, setting)
