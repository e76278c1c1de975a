"""Acts that an order calls for, and which act answers which order."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from rules.cases import empty_act

if TYPE_CHECKING:
    from rules.setting import Setting

OrderAct = Literal["account_created", "account_disabled", "profile_updated", "joined", "left", "administrator_told"]
ORDER_ACTS: tuple[OrderAct, ...] = ("account_created", "account_disabled", "profile_updated", "joined", "left", "administrator_told")

_EVENT = {
    "account_created": ("account.created", "person"),
    "account_disabled": ("account.disabled", "person"),
    "profile_updated": ("profile.updated", "person"),
    "joined": ("student.joined", "student"),
    "left": ("student.left", "student"),
}
_UNDONE_BY = {
    "account_created": ("account.disabled", "person"),
    "account_disabled": ("account.created", "person"),
    "joined": ("student.left", "student"),
    "left": ("student.joined", "student"),
}
"""What takes the act back: of an act in force before the order is known that it was done before it."""

_SHOWN: dict[str, OrderAct] = {
    "hire": "account_created", "dismiss": "account_disabled", "enrol": "joined", "leave": "left", "transfer": "joined",
}  # fmt: skip
"""The act by which the journal itself shows that what an order changes is known."""

_LISTS = {"hire": "teachers", "dismiss": "teachers", "enrol": "classes", "leave": "classes", "transfer": "classes"}
_WIDE = np.int64(1 << 32)
_COLUMNS = ["event", "done", "low", "actor", "person", "class", "day"]


@dataclass(frozen=True)
class Answers:
    """For each order: the event that answers it (-1 none), when it was done (NaT none) and at the earliest, on which local day, by whom
    (-1 unknown), whether that was before the order was signed, and whether the event only shows that it was done by then.
    """

    event: npt.NDArray[np.int32]
    done: npt.NDArray[np.datetime64]
    low: npt.NDArray[np.datetime64]
    before: npt.NDArray[np.bool_]
    day: npt.NDArray[np.int64]
    actor: npt.NDArray[np.int32]
    by_then: npt.NDArray[np.bool_]


def recorded(act: OrderAct, setting: Setting) -> bool:
    """Tell whether the log has any event of the kind that does the act."""
    if act == "administrator_told":
        return setting.journal.has("list.delivered", "message.sent", "notice.sent")
    return setting.journal.has(_EVENT[act][0])


def answers(act: OrderAct, orders: pd.DataFrame, by: tuple[str, ...], setting: Setting) -> Answers:
    """Give the act that answers each order (`People.orders`): the first on or after the day of signing, else the one in force before it.

    An order that names a class is answered by an act in that class; `by` are the roles whose messages tell the administrator.
    """
    if act == "administrator_told":
        return _told(orders, by, setting)
    acts, undone = _acts(*_EVENT[act], setting), _acts(*_UNDONE_BY[act], setting) if act in _UNDONE_BY else None
    if act == "profile_updated":
        complete = setting.journal.table("profile.updated")["complete"].fillna(value=True).to_numpy(dtype=bool)
        acts = acts[complete].reset_index(drop=True)
        # Whoever is new may have a card before the paper is signed; a change needs a new entry.
        undone = acts.iloc[:0]
    named = orders["class"].to_numpy() if act in ("joined", "left") else np.full(len(orders), -1)
    after = _first(acts, orders, named)
    nothing = np.full(len(orders), -1, dtype=np.int32)
    before = nothing if undone is None else _in_force(acts, undone, orders, named, opens=act != "left")
    if act == "profile_updated":
        before = np.where(orders["kind"].isin(("hire", "enrol")).to_numpy(), before, np.int32(-1))
    event = np.where(before >= 0, before, after)
    return _answers(event, before >= 0, acts)


def undone_act(act: OrderAct, orders: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Give the act numbers of what was not done under each order."""
    # A collective order is one order of several people: the cell is the order and the person.
    cell = orders["order"].to_numpy(dtype=np.int64) * 8 + ORDER_ACTS.index(act)
    return empty_act("order", cell, orders["person"].to_numpy(dtype=np.int64))


def _acts(event_type: str, person: str, setting: Setting) -> pd.DataFrame:
    fields = {"class": "class"} if event_type.startswith(("student", "profile")) else {}
    acts = setting.people.acts(event_type, person, **fields)
    return acts.assign(**{"class": -1})[_COLUMNS] if not fields else acts[_COLUMNS]


def _first(acts: pd.DataFrame, orders: pd.DataFrame, named: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """The first act for the person (and the class, where one is named) on or after the day on which the order was signed."""
    found = np.full(len(orders), -1, dtype=np.int32)
    persons, signed = orders["person"].to_numpy(dtype=np.int64), orders["signed"].to_numpy(dtype=np.int64)
    for by_class in (False, True):
        rows = np.flatnonzero((named >= 0) == by_class)
        keyed = acts.assign(key=_key(acts["person"], acts["class"] if by_class else -1)).sort_values(["key", "day", "event"])
        wanted = _key(persons[rows], named[rows] if by_class else -1)
        found[rows] = _next_of(keyed, wanted, signed[rows])
    return found


def _key(persons: pd.Series | npt.NDArray[np.int64], classes: pd.Series | npt.NDArray[np.int32] | int) -> npt.NDArray[np.int64]:
    return np.asarray(persons, dtype=np.int64) * (1 << 20) + np.asarray(classes, dtype=np.int64) + 1


def _next_of(keyed: pd.DataFrame, wanted: npt.NDArray[np.int64], days: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """The event of the first row of each wanted key whose day is not before the day, -1 where there is none; `keyed` is sorted."""
    if not len(keyed):
        return np.full(len(wanted), -1, dtype=np.int32)
    # Keys and days are matched in two steps: together they do not fit into 63 bits.
    ranks, inverse = np.unique(keyed["key"].to_numpy(), return_inverse=True)
    places = inverse.astype(np.int64) * _WIDE + keyed["day"].to_numpy()
    rank = np.minimum(np.searchsorted(ranks, wanted), len(ranks) - 1)
    at = np.searchsorted(places, rank * _WIDE + days)
    inside = (ranks[rank] == wanted) & (at < len(places))
    at = np.minimum(at, len(places) - 1)
    same = inside & (keyed["key"].to_numpy()[at] == wanted)
    return np.where(same, keyed["event"].to_numpy()[at], -1).astype(np.int32)


def _in_force(
    acts: pd.DataFrame, undone: pd.DataFrame, orders: pd.DataFrame, named: npt.NDArray[np.int32], *, opens: bool
) -> npt.NDArray[np.int32]:
    """The act that was in force when the order was signed, -1 where none was: the last word before that day is such an act.

    Of a leaving and a joining (a closing and an opening) made at one moment the leaving was first; `opens`: the act is the second of them.
    """
    steps = pd.concat([acts.assign(does=True), undone.assign(does=False)], ignore_index=True)
    steps = steps.assign(second=steps["does"] == opens).sort_values(["person", "day", "done", "second", "event"])
    if not len(steps):
        return np.full(len(orders), -1, dtype=np.int32)
    keys = steps["person"].to_numpy(dtype=np.int64) * _WIDE + steps["day"].to_numpy()
    persons = orders["person"].to_numpy(dtype=np.int64)
    at = np.searchsorted(keys, persons * _WIDE + orders["signed"].to_numpy(dtype=np.int64)) - 1
    place = np.maximum(at, 0)
    found = (at >= 0) & (steps["person"].to_numpy()[place] == persons) & steps["does"].to_numpy()[place]
    # A transfer that names no class is not done by the membership that it ends.
    found &= np.where(named < 0, orders["kind"].to_numpy() != "transfer", steps["class"].to_numpy()[place] == named)
    return np.where(found, steps["event"].to_numpy()[place], -1).astype(np.int32)


def _told(orders: pd.DataFrame, by: tuple[str, ...], setting: Setting) -> Answers:
    """The first sign that the administrator knows of the change: a list, a message, a notice, or the change itself in the journal."""
    journal, people = setting.journal, setting.people
    lists = people.acts("list.delivered", "actor").rename(columns={"person": "actor"})
    lists = lists.assign(kind=journal.table("list.delivered")["kind"].astype(str).to_numpy())
    letters = pd.concat([people.acts(kind, "to") for kind in ("message.sent", "notice.sent")], ignore_index=True)
    to_administrator = people.holds(["administrator", "backup_administrator"], letters["person"].to_numpy(), letters["day"].to_numpy())
    own = people.holds(by, letters["actor"].to_numpy(), letters["day"].to_numpy()) | (letters["actor"].to_numpy() < 0)
    letters = letters[to_administrator & own].assign(kind="")
    acts = pd.concat([lists, letters], ignore_index=True).assign(key=np.int64(0), **{"class": -1})
    event = np.full(len(orders), -1, dtype=np.int32)
    for kind in set(orders["kind"]):
        rows = np.flatnonzero((orders["kind"] == kind).to_numpy())
        fitting = acts[acts["kind"].isin([_LISTS[kind], ""])].sort_values(["day", "event"])
        event[rows] = _next_of(fitting, np.zeros(len(rows), np.int64), orders["signed"].to_numpy(dtype=np.int64)[rows])
    found = _answers(event, np.zeros(len(orders), dtype=bool), acts)
    changes = orders["kind"].map(_SHOWN).to_numpy(dtype=object)
    for act in sorted(set(changes)):
        rows = np.flatnonzero(changes == act)
        found = _shown(found, rows, answers(act, orders.iloc[rows].reset_index(drop=True), by, setting))
    return found


def _shown(found: Answers, rows: npt.NDArray[np.int64], change: Answers) -> Answers:
    """The answers, for `rows` with the change itself where it is the earlier sign: whoever entered it may have known since the signing."""
    # Events are numbered in the order of time.
    seen = (change.event >= 0) & ((found.event[rows] < 0) | (change.event < found.event[rows]))
    places = rows[seen]
    parts = {field.name: getattr(found, field.name).copy() for field in fields(Answers)}
    for name in ("event", "done", "low", "day", "actor"):
        parts[name][places] = getattr(change, name)[seen]
    parts["by_then"][places] = True
    return Answers(**parts)


def _answers(event: npt.NDArray[np.int32], before: npt.NDArray[np.bool_], acts: pd.DataFrame) -> Answers:
    table = acts.drop_duplicates("event").set_index("event")
    found = table.reindex(event)
    done, low = (found[name].to_numpy(dtype="datetime64[us]") for name in ("done", "low"))
    day, actor = (found[name].fillna(-1).to_numpy(dtype=np.int64) for name in ("day", "actor"))
    return Answers(event.astype(np.int32), done, low, before, day, actor.astype(np.int32), np.zeros(len(event), dtype=bool))
