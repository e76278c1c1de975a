"""Who was told what: notices and messages, and the first of them that reached whom it had to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from rules.setting import Setting

To = Literal["parents", "homeroom_teacher", "deputy_director", "addressee"]
_ROLES: dict[str, tuple[str, ...]] = {
    "parents": ("parent",),
    "homeroom_teacher": ("teacher", "homeroom_teacher"),
    "deputy_director": ("deputy_director", "director"),
}
_COLUMNS = ["event", "done", "low", "actor", "to", "student", "class", "concerned", "message"]


def told(about: tuple[str, ...], to: To, setting: Setting, *, messages: bool) -> tuple[pd.DataFrame, bool]:
    """Give whatever may have told this kind of people about it, and whether the log shows that anything is ever told to them.

    Columns: event, done, low, actor, to, student, class, concerned (codes, -1 not named), message (its content is not known).
    """
    journal = setting.journal
    fields = {"to": "person", "student": "person", "class": "class", "person": "person"}
    notices = journal.entries("notice.sent", **fields).rename(columns={"person": "concerned"}).assign(message=False)
    fits = journal.table("notice.sent")["about"].astype(object).isin(about).to_numpy()
    parts = [notices[_reaches(notices, to, setting)]]
    if messages:
        sent = journal.entries("message.sent", to="person").assign(message=True)
        parts.append(sent[_reaches(sent, to, setting)])
    known = pd.concat(parts, ignore_index=True)
    off = notices["event"].to_numpy()[~fits]
    table = known[~known["event"].isin(off)].reindex(columns=_COLUMNS)
    for name in ("to", "student", "class", "concerned"):
        table[name] = table[name].fillna(-1).astype(np.int32)
    return table.sort_values("event", ignore_index=True), bool(len(known))


def _reaches(table: pd.DataFrame, to: To, setting: Setting) -> npt.NDArray[np.bool_]:
    """Tell which were sent to people of this kind; to parents also whatever names a student and goes to nobody known."""
    receiver = table["to"].to_numpy()
    if to == "addressee":
        return np.ones(len(table), dtype=bool)
    reached = setting.people.ever(*_ROLES[to])[receiver]
    if to == "parents" and "student" in table:
        reached |= ~setting.people.known[receiver] & (table["student"].to_numpy() >= 0)
    return np.asarray(reached, dtype=bool)


def first_told(causes: pd.DataFrame, table: pd.DataFrame, to: To, setting: Setting, *, responsible: bool) -> pd.DataFrame:
    """Give for each cause (`rules.notice_causes`) the first telling that counts: event (-1 none), done, low (NaT none).

    A message of unknown content counts only from whoever answers; so does everything where `responsible`.
    """
    numbered = causes[["since", "student", "class", "person", "recipient"]].reset_index(drop=True).reset_index(names="row")
    pairs = _pairs(numbered, table, to, setting)
    actor, person = pairs["actor"].to_numpy(), pairs["person"].to_numpy()
    counts = (pairs["done"].to_numpy() >= pairs["since"].to_numpy()) & (~pairs["message"].to_numpy(dtype=bool) | (actor == person))
    if responsible:
        counts &= (actor == person) | (actor < 0)
    first = pairs[counts].sort_values("event").drop_duplicates("row").set_index("row")
    found: pd.DataFrame = first[["event", "done", "low"]].reindex(np.arange(len(causes)))
    found["event"] = found["event"].fillna(-1).astype(np.int32)
    return found


def _pairs(causes: pd.DataFrame, table: pd.DataFrame, to: To, setting: Setting) -> pd.DataFrame:
    """Every cause with every telling that could be about it."""
    if to == "parents":
        named = table[table["student"] >= 0]
        links = setting.people.families[["parent", "student"]].rename(columns={"parent": "to"})
        unnamed = table[table["student"] < 0].drop(columns="student").merge(links, on="to")
        return causes.merge(pd.concat([named, unnamed], ignore_index=True).drop(columns="class"), on="student")
    if to in ("homeroom_teacher", "addressee"):
        pairs = causes.merge(table, left_on="recipient", right_on="to", suffixes=("", "_told"))
        return pairs[_agree(pairs, "student_told", "student") & _agree(pairs, "class_told", "class")]
    pairs = causes.merge(table, how="cross", suffixes=("", "_told"))
    concerned = _agree(pairs, "concerned", "recipient") | (pairs["recipient"] < 0)
    return pairs[concerned & _agree(pairs, "class_told", "class")]


def _agree(pairs: pd.DataFrame, said: str, meant: str) -> pd.Series:
    """Tell where a telling names nobody, or the one it should."""
    return (pairs[said] < 0) | (pairs[said] == pairs[meant])
