"""Acts of the archive (check, export, print, binding, deposit, destruction) by class, school year and document, and their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.wording import _
from rules.cases import empty_act
from rules.class_years import UNKNOWN_YEAR, class_years, years_named

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.setting import Setting

Act = Literal["checked", "exported", "printed", "bound", "deposited"]
Document = Literal["journal", "summary"]
Copy = Literal["main", "working"]
CELL = ["class", "year"]
NEVER = np.datetime64("NaT", "us")
TICK = np.timedelta64(1, "us")
_DOCUMENTS = ("journal", "summary")


def acts_done(act: str, document: Document, setting: Setting) -> pd.DataFrame:
    """Give the acts of one kind on one document whose school year can be read, in the order of time.

    Columns: class, year, event, done, low, actor, format (lower case, "" unknown), copy ("" unknown), signed (True, False or None),
    pages (-1 unknown), act (whether it names an act on paper).
    """
    event_type = f"archive.{act}"
    entries = setting.journal.entries(event_type, **{"class": "class"})
    table = setting.journal.table(event_type)
    signed = table["signed"].astype(object)
    words = {name: table[name].astype(object).fillna("").astype(str).to_numpy() for name in ("format", "copy", "act")}
    acts = entries.assign(
        year=years_named(table["school_year"]),
        format=pd.Series(words["format"], dtype=object).str.strip().str.lstrip(".").str.lower().to_numpy(),
        copy=words["copy"],
        signed=signed.where(signed.notna(), None).to_numpy(dtype=object),
        pages=table["pages"].fillna(-1).to_numpy(dtype=np.int64),
        act=np.array([bool(text.strip()) for text in words["act"].tolist()], dtype=bool),
    )
    chosen = (table["document"].astype(str) == document).to_numpy() & (acts["year"] != UNKNOWN_YEAR).to_numpy()
    return acts[chosen & (acts["class"] >= 0).to_numpy()].reset_index(drop=True)


def graded_acts(acts: pd.DataFrame, scope: Scope, setting: Setting) -> pd.DataFrame:
    """Give the acts of which the scope speaks with the class's homeroom teacher (`homeroom`, -1 unknown) and `gone` (dissolved).

    A class that the journal does not know belongs to no list of grades.
    """
    known = class_years(scope, setting)[[*CELL, "homeroom", "gone"]].assign(known=True)
    joined = acts.merge(known, on=CELL, how="left")
    if scope.grades:
        joined = joined[joined["known"].notna()]
    return joined.assign(
        homeroom=joined["homeroom"].fillna(-1).astype(np.int32),
        gone=joined["gone"].astype(object).eq(other=True),
        known=joined["known"].notna(),
    ).reset_index(drop=True)


def cell_acts(frame: pd.DataFrame, document: Document) -> npt.NDArray[np.int64]:
    """Give the act number of each (class, year) of a document: one for all that is done with it or left undone, so that a rule on a later
    step of the archive can absorb one on an earlier.
    """
    cell = frame["class"].to_numpy(dtype=np.int64) * (1 << 12) + frame["year"].to_numpy(dtype=np.int64)
    return empty_act("archive", cell, _DOCUMENTS.index(document))


def banned(frame: pd.DataFrame, broken: npt.NDArray[np.bool_], uncertain: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Give rows of a prohibition on acts (done, low) with the limits by which it is broken, kept, or cannot be decided; none is shown."""
    done, low = (frame[name].to_numpy(dtype="datetime64[us]") for name in ("done", "low"))
    return frame.assign(
        limit=np.where(broken, NEVER, np.where(uncertain, done, done + TICK)),
        due=np.full(len(frame), NEVER),
        low=np.where(uncertain & ~broken, np.minimum(low, done - TICK), low),
    )


def act_names() -> dict[str, str]:
    """Give the acts in words."""
    return {
        "checked": _("проверка"),
        "exported": _("выгрузка"),
        "printed": _("печать"),
        "bound": _("сшивка"),
        "deposited": _("сдача в архив"),
        "destroyed": _("уничтожение"),
    }
