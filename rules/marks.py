"""What a mark value means: absence code, marks, both; and the cells of the journal in which marks stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.journal import DELETED, RECORDED

if TYPE_CHECKING:
    from rules.setting import Setting
    from rules.vocabulary import Vocabulary

Mask = npt.NDArray[np.bool_]
OFFICES = ("secretary", "administrator", "backup_administrator", "deputy_director", "director")
"""Roles that enter or change records for others; of several that somebody holds the last counts."""


@dataclass(frozen=True)
class MarkValues:
    """By value code (and -1, last): `absent` – the cell says that the student was away; `mark` – it holds more than an absence code;
    `code` – the absence code it begins with, "" if none; `digits` – what stands after the code.
    """

    absent: Mask
    mark: Mask
    code: npt.NDArray[np.object_]
    digits: npt.NDArray[np.object_]

    @staticmethod
    def read(values: npt.NDArray[np.object_], vocabulary: Vocabulary) -> MarkValues:
        """Read every distinct value once, longest absence code first."""
        ordered = "|".join(re.escape(code) for code in sorted(vocabulary.absence_codes, key=len, reverse=True))
        # «н/а» and «незач.» are words of their own, no absence code with something beside it.
        cell = re.compile(rf"^(?:({ordered})(?!/|[^\W\d_]{{2}}))?(.*)$", re.DOTALL)
        pairs = [cell.match(re.sub(r"\s+", "", str(value)).upper()) for value in values]
        code = [match.group(1) or "" if match else "" for match in pairs]
        rest = [match.group(2) if match else "" for match in pairs]
        absent = [bool(c) for c in code]
        return MarkValues(
            np.array([*absent, False], dtype=bool),
            np.array([*(bool(r) for r in rest), False], dtype=bool),
            np.array([*code, ""], dtype=object),
            np.array([*rest, ""], dtype=object),
        )


def acting_roles(frame: pd.DataFrame, setting: Setting) -> npt.NDArray[np.object_]:
    """Give in which role the actor of each entry made it: teacher of the lesson, homeroom teacher of the class, an office, else teacher.

    `frame` has actor, class, day, teacher.
    """
    actor, teacher = frame["actor"].to_numpy(), frame["teacher"].to_numpy()
    role = np.full(len(frame), "teacher", dtype=object)
    # Nearly all entries are the lesson's own teacher's; only of the others does anybody have to ask who they are.
    others = np.flatnonzero((actor != teacher) & (actor >= 0))
    if len(others):
        role[others] = _roles_of_others(actor[others], frame.iloc[others], setting)
    return role


def _roles_of_others(actor: npt.NDArray[np.int32], frame: pd.DataFrame, setting: Setting) -> npt.NDArray[np.object_]:
    role = np.full(len(frame), "teacher", dtype=object)
    for office in OFFICES:
        role[np.append(setting.journal.holding(office), False)[actor]] = office
    homeroom = setting.journal.homeroom(frame["class"].to_numpy(), frame["day"].to_numpy())
    role[(actor == homeroom) & (homeroom >= 0)] = "homeroom_teacher"
    return role


def standing(marks: pd.DataFrame) -> pd.DataFrame:
    """Give the recorded marks that were not deleted later in the same cell (lesson, student, work)."""
    recorded = marks[marks["act"] == RECORDED]
    deleted = marks[marks["act"] == DELETED]
    if not len(deleted):
        return recorded
    last = deleted.groupby(["lesson", "student", "work"])["event"].max().rename("wiped")
    wiped = recorded[["lesson", "student", "work"]].join(last, on=["lesson", "student", "work"])["wiped"]
    return recorded[~(wiped.to_numpy() > recorded["event"].to_numpy())]


def first_standing_at(marks: pd.DataFrame, limit: npt.NDArray[np.datetime64], cell: list[str]) -> pd.DataFrame:
    """Give each cell's first record that no deletion before the cell's `limit` has wiped: the columns of `marks`, one row per cell.

    `limit` is aligned with `marks`. A mark entered in time, deleted and entered again after the term is late; one that was there at
    the term and was deleted later is not.
    """
    wiping = (marks["act"] == DELETED).to_numpy() & ((marks["done"].to_numpy() < limit) | np.isnat(limit))
    entries = marks[marks["act"] != DELETED]
    if wiping.any():
        last = marks[wiping].groupby(cell)["event"].max().rename("wiped")
        wiped = entries[cell].join(last, on=cell)["wiped"]
        entries = entries[~(wiped.to_numpy() > entries["event"].to_numpy())]
    return entries.sort_values("event").drop_duplicates(cell, keep="first")
