"""Which marks stand in the journal now: every cell with its last value, after changes and deletions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.journal import CHANGED, DELETED, RECORDED, codes_of

if TYPE_CHECKING:
    from ingest.journal import Journal
    from rules.setting import Setting

_CELL = ["lesson", "student", "work"]
_SIGNS = re.compile(r"[\s/,;.+\-−–:]+")


def current_marks(journal: Journal) -> pd.DataFrame:
    """Give every mark that stands, in no particular order: lesson, student, work, value (codes), event (that gave the value), done, low,
    actor, first (the event with which the mark began).

    A second mark recorded in a cell stands beside the first, unless it names an `old` value, which it replaces then. A change or a
    deletion that names no value is about the last mark, or about all marks, of its cell.
    """
    marks = journal.marks
    replacing = _replacing(journal)
    touching = (marks["act"].to_numpy() != RECORDED) | np.isin(marks["event"].to_numpy(), list(replacing))
    marks = marks.assign(first=marks["event"])
    if not touching.any():
        return marks.drop(columns="act")
    # Only the lessons in which something was changed are looked at cell by cell.
    near = marks["lesson"].isin(marks.loc[touching, "lesson"].unique()).to_numpy()
    cells = marks[near].assign(touched=touching[near])
    touched = cells.groupby(_CELL)["touched"].transform("any").to_numpy()
    parts = [marks[~near], cells[~touched].drop(columns="touched"), _replayed(cells[touched], replacing)]
    return pd.concat(parts, ignore_index=True).drop(columns="act")


def _replacing(journal: Journal) -> dict[int, int]:
    """Which value (code) each recording, change or deletion says that it replaces: event → code."""
    found: dict[int, int] = {}
    for event_type in ("mark.recorded", "mark.changed", "mark.deleted"):
        table = journal.table(event_type)
        old = codes_of(table["old"])
        if event_type == "mark.deleted":
            old = np.where(old < 0, codes_of(table["value"]), old)
        at = np.flatnonzero(old >= 0)
        found.update(zip(table["event"].to_numpy()[at].tolist(), old[at].tolist(), strict=True))
    return found


def _replayed(cells: pd.DataFrame, replacing: dict[int, int]) -> pd.DataFrame:
    """The marks that stand in cells in which something was changed; cells with one recording need no replay."""
    recorded = (cells["act"] == RECORDED).groupby([cells[name] for name in _CELL]).transform("sum").to_numpy()
    simple, others = cells[recorded <= 1], cells[recorded > 1]
    last = simple.drop_duplicates(_CELL, keep="last")
    began = simple.drop_duplicates(_CELL, keep="first")[[*_CELL, "event"]].rename(columns={"event": "began"})
    last = last.merge(began, on=_CELL)
    standing = [last[last["act"] != DELETED].assign(first=lambda rows: rows["began"]).drop(columns="began")]
    for _cell, part in others.groupby(_CELL, sort=False):
        kept = _stack(part["event"].tolist(), part["act"].tolist(), part["value"].tolist(), replacing)
        mine = part[part["event"].isin(list(kept))]
        standing.append(mine.assign(first=mine["event"].map(kept)))
    return pd.concat(standing).drop(columns="touched")


def _stack(events: list[int], acts: list[int], values: list[int], replacing: dict[int, int]) -> dict[int, int]:
    """Play a cell's events: which events' values stand at the end, and for each the event with which that mark began."""
    marks: list[tuple[int, int, int]] = []
    for event, act, value in zip(events, acts, values, strict=True):
        old = replacing.get(event, -1)
        place = next((at for at in reversed(range(len(marks))) if marks[at][1] == old), -1)
        if act == DELETED:
            marks = [*marks[:place], *marks[place + 1 :]] if place >= 0 else []
        elif marks and (place >= 0 or act == CHANGED):
            marks[place] = (event, value, marks[place][2])
        else:
            marks.append((event, value, event))
    return {event: first for event, _value, first in marks}


@dataclass(frozen=True)
class Digits:
    """By value code (and -1, last): the sum and number of the marks in it, and whether its figures cannot be read as marks."""

    total: npt.NDArray[np.int64]
    count: npt.NDArray[np.int64]
    unclear: npt.NDArray[np.bool_]
    shown: npt.NDArray[np.object_]


def digits_of(setting: Setting, highest: int) -> Digits:
    """Give what each mark value counts: «4» one mark, «45», «4/5» and «Н45» two, «н/а» none; «10» is unclear where `highest` is 5."""
    rows = [_marks_in(str(rest), highest) for rest in setting.mark_values.digits]
    return Digits(
        np.array([sum(row or ()) for row in rows], dtype=np.int64),
        np.array([len(row or ()) for row in rows], dtype=np.int64),
        np.array([row is None for row in rows], dtype=bool),
        np.array([", ".join(map(str, row or ())) for row in rows], dtype=object),
    )


def _marks_in(text: str, highest: int) -> tuple[int, ...] | None:
    """The marks in a cell's text without its absence code, None when its figures are no marks."""
    signs = _SIGNS.sub("", text)
    if not any(sign.isdigit() for sign in signs):
        return ()
    if not signs.isdecimal():
        return None
    marks = tuple(int(sign) for sign in signs)
    return marks if all(1 <= mark <= highest for mark in marks) else None
