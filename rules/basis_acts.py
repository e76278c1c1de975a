"""Acts that need a paper before them, with the papers there are: accounts and consents, moves of students and orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.journal import day_numbers
from rules.calendar import date_of

if TYPE_CHECKING:
    from rules.setting import Setting

Act = Literal["account", "credentials", "moved", "enrolled", "left"]
NAT = np.datetime64("NaT", "us")
_EVENT = {"account": "account.created", "credentials": "credentials.issued"}
_MAIN_ORDER = {"moved": "transfer", "enrolled": "enrol", "left": "leave"}
_ORDERS = {"moved": ("transfer",), "enrolled": ("enrol", "transfer"), "left": ("leave", "transfer")}
_TURN = (6, 9)
"""Months in which classes are formed anew: by collective orders that name no student."""
_SAME_MOVE_DAYS = 14
"""A student who leaves a class and joins another within so many days was moved."""


@dataclass(frozen=True)
class Found:
    """Acts without a basis before them, one row each, and how many acts nobody can decide.

    `breaches`: what (the act), event, done, low, actor, day (local day it is about), about (person), student, class (codes, -1 unknown),
    basis (when the later basis was recorded, NaT none), signed (its day, -1), ev_basis, refused, unsure (a bracket leaves it open).
    """

    breaches: pd.DataFrame
    undecidable: int


_COLUMNS: dict[str, type | str] = {
    "what": object, "event": np.int32, "done": "M8[us]", "low": "M8[us]", "actor": np.int32, "day": np.int64, "about": np.int32,
    "student": np.int32, "class": np.int32, "basis": "M8[us]", "signed": np.int64, "ev_basis": np.int32, "refused": bool, "unsure": bool,
}  # fmt: skip


def _found(parts: list[pd.DataFrame], undecidable: int) -> Found:
    filled = [part[[*_COLUMNS]] for part in parts if len(part)]
    empty = pd.DataFrame({name: np.zeros(0, dtype=kind) for name, kind in _COLUMNS.items()})
    return Found(pd.concat(filled, ignore_index=True) if filled else empty, undecidable)


# ---- consents ------------------------------------------------------------------------------------------------------------------


def consents(acts: tuple[Act, ...], setting: Setting) -> Found:
    """Give the families' first accounts or credentials that no consent preceded.

    A consent serves the student it names, and every parent of that student. Where nobody knows whose parent somebody is, no consent can
    be looked for.
    """
    people = setting.people
    given = [people.acts(_EVENT[act]).assign(what=act) for act in acts]
    first = pd.concat(given, ignore_index=True).sort_values("event").drop_duplicates("person")
    first = first[people.family[first["person"].to_numpy()]].reset_index(drop=True)
    if not len(first) or not len(people.consents):
        return _found([], len(first))
    ties = pd.concat(
        [
            people.families[["parent", "student"]].rename(columns={"parent": "person"}),
            pd.DataFrame({"person": first["person"], "student": first["person"]})[people.ever("student")[first["person"].to_numpy()]],
        ]
    )
    tied = first.assign(row=np.arange(len(first))).merge(ties, on="person")
    papers = people.consents.rename(columns={"event": "ev_basis", "done": "basis", "low": "basis_low"}).drop(columns="actor")
    read = tied.merge(papers, on="student")
    met, unsure, refused = _standing(read)
    breach = first.index.isin(tied["row"]) & ~first.index.isin(met)
    later = read[read["signed"] & (read["basis"] > read["done"])].sort_values("ev_basis").drop_duplicates("row").set_index("row")
    frame = first.assign(
        about=first["person"],
        student=tied.drop_duplicates("row").set_index("row")["student"].reindex(first.index).fillna(-1).astype(np.int32),
        basis=later["basis"].reindex(first.index),
        signed=-1,
        ev_basis=later["ev_basis"].reindex(first.index).fillna(-1).astype(np.int32),
        refused=first.index.isin(refused),
        unsure=first.index.isin(unsure),
        **{"class": -1},
    )
    return _found([frame[breach]], int((~first.index.isin(tied["row"])).sum()))


def _standing(read: pd.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows with a consent in force at the act; rows of which a bracket leaves that open; rows where the last word was a refusal."""
    before = read[read["basis"] <= read["done"]].sort_values("ev_basis").drop_duplicates(["row", "student", "parent"], keep="last")
    unsure = read[read["signed"] & (read["basis"] > read["done"]) & (read["basis_low"] <= read["done"])]
    rows = (before.loc[before["signed"], "row"], unsure["row"], before.loc[~before["signed"], "row"])
    met, open_, refused = (np.unique(part.to_numpy(dtype=np.int64)) for part in rows)
    return met, open_, refused


# ---- orders --------------------------------------------------------------------------------------------------------------------


def movements(acts: tuple[Act, ...], setting: Setting) -> Found:
    """Give the moves of students that no order had been signed for by their date.

    The yearly forming of classes is no move; a student's first class list is an enrolment only in the course of a year.
    """
    steps = _steps(setting)
    ordered = set(setting.journal.table("order.signed")["kind"].astype(str))
    parts, undecidable = [], 0
    for act in acts:
        moves = steps[steps["what"] == act]
        if _MAIN_ORDER[act] in ordered:
            parts.append(_without_order(moves, setting.people.orders(*_ORDERS[act])))
        else:
            undecidable += len(moves)
    return _found(parts, undecidable)


def _steps(setting: Setting) -> pd.DataFrame:
    """Every joining and leaving in order, with what it is: moved, enrolled, left, or "" for the yearly forming of classes."""
    journal = setting.journal
    parts = []
    for event_type in ("student.joined", "student.left"):
        entries = setting.people.acts(event_type, "student", **{"class": "class"})
        days = day_numbers(journal.table(event_type)["date"], 0)
        parts.append(entries.assign(day=days, joins=event_type == "student.joined"))
    # Who leaves one class and joins another on one day is in the new one: leaving sorts first.
    steps = pd.concat(parts, ignore_index=True).sort_values(["person", "day", "joins", "event"], ignore_index=True)
    person, day, joins, classes = (steps[name].to_numpy() for name in ("person", "day", "joins", "class"))
    before, after = _neighbour(person, -1), _neighbour(person, 1)
    at_join = _last_join(person, joins)
    class_before = np.where(at_join < 0, -1, classes[at_join])
    since = np.where(at_join < 0, -1, day[at_join])
    turn = _at_turn(day)
    turned = turn & (_school_year(day) != _school_year(since))
    returned = (before >= 0) & ~joins[before] & (day - day[before] > _SAME_MOVE_DAYS)
    first = class_before < 0
    moved = joins & ~first & (class_before != classes) & ~returned & ~turned
    opening = journal.local_day(journal.log.events["time"].to_numpy()[:1])
    enrolled = joins & (first | returned) & ~turn & (day > (opening[0] if len(opening) else 0))
    passes = (after >= 0) & joins[after] & (day[after] - day <= _SAME_MOVE_DAYS)
    left = ~joins & ~passes & ~turn
    steps["since"] = since
    steps["what"] = np.select([moved, enrolled, left], ["moved", "enrolled", "left"], "")
    return steps[steps["what"] != ""].reset_index(drop=True)


def _neighbour(person: npt.NDArray[np.int32], by: int) -> npt.NDArray[np.int64]:
    """The place of the same person's next (1) or former (-1) step, -1 where there is none; `person` is sorted."""
    place = np.arange(len(person)) + by
    inside = (place >= 0) & (place < len(person))
    place = np.where(inside, place, 0)
    return np.where(inside & (person[place] == person), place, -1)


def _last_join(person: npt.NDArray[np.int32], joins: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """The place of the same person's last joining before each step, -1 where there is none."""
    last = np.maximum.accumulate(np.where(joins, np.arange(len(person)), -1)) if len(person) else np.zeros(0, np.int64)
    before = np.append(-1, last)[:-1]
    return np.where((before >= 0) & (person[before] == person), before, -1)


def _at_turn(days: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    months = np.array([date_of(day).month for day in np.unique(days)], dtype=np.int64)
    inside = (months >= _TURN[0]) & (months <= _TURN[1])
    return np.asarray(inside[np.searchsorted(np.unique(days), days)])


def _school_year(days: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray((months - _TURN[0] + 1) // 12)


def _without_order(moves: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """The moves without an order signed by their day, each with the first order that was signed after it."""
    moves = moves.reset_index(drop=True)
    papers = orders[["person", "class", "signed", "done", "ev_order"]].rename(columns={"class": "class_ordered", "done": "basis"})
    read = moves.assign(row=moves.index).merge(papers, on="person")
    # An order from before the student's last class list belongs to that one, unless it names this class.
    own = (read["signed"] >= read["since"]) | (read["class_ordered"] == read["class"])
    met = read.loc[(read["signed"] <= read["day"]) & own, "row"]
    later = read[read["signed"] > read["day"]].sort_values("signed").drop_duplicates("row").set_index("row")
    frame = moves.assign(
        about=moves["person"],
        student=moves["person"],
        basis=later["basis"].reindex(moves.index),
        signed=later["signed"].reindex(moves.index).fillna(-1).astype(np.int64),
        ev_basis=later["ev_order"].reindex(moves.index).fillna(-1).astype(np.int32),
        refused=False,
        unsure=False,
    )
    return frame[~frame.index.isin(met)]
