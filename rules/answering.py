"""Who answers for a duty of a role: its one holder on the day, the homeroom teacher of the class, or whoever of several did the act."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rules.setting import within

if TYPE_CHECKING:
    from rules.setting import Setting

Codes = npt.NDArray[np.int32]
Days = npt.NDArray[np.int64]

HOMEROOM = "homeroom_teacher"
NOBODY, SEVERAL = -1, -2


def holders(role: str, days: Days, setting: Setting) -> Codes:
    """Give for each day the one person who holds a role on it, NOBODY or SEVERAL."""
    table = setting.journal.roles
    table = table[table["role"] == role]
    turns = np.unique(np.concatenate([table["starts"].to_numpy(), table["ends"].to_numpy() + 1])).astype(np.int64)
    held = np.full(len(turns) + 1, NOBODY, dtype=np.int32)
    for place, day in enumerate(turns.tolist(), start=1):
        found = table.loc[(table["starts"] <= day) & (day <= table["ends"]), "person"].unique()
        held[place] = found[0] if len(found) == 1 else SEVERAL if len(found) else NOBODY
    return held[np.searchsorted(turns, days, side="right")]


def holds(role: str, persons: Codes, days: Days, setting: Setting) -> npt.NDArray[np.bool_]:
    """Tell for each person and day whether the person holds the role on it."""
    table = setting.journal.roles
    return within(table.loc[table["role"] == role, ["person", "starts", "ends"]], persons, days)


def answerable(role: str, days: Days, setting: Setting, *, actors: Codes, homerooms: Codes | None = None, ban: bool = False) -> Codes:
    """Give who answers for each row, -1 where the role alone can be named.

    A homeroom teacher's duty is that of the class's own (`homerooms`; nobody's, where the duty is of no class). Of several holders the one
    who did the act answers (`actors`, -1 where there is no act); under a ban whoever did it answers where nobody holds the role.
    """
    if role == HOMEROOM:
        return np.full(len(days), -1, dtype=np.int32) if homerooms is None else homerooms.astype(np.int32)
    held = holders(role, days, setting)
    own = (held == SEVERAL) & holds(role, actors, days, setting)
    if ban:
        own |= held == NOBODY
    return np.where(held >= 0, held, np.where(own, actors, -1)).astype(np.int32)
