"""Duties towards one student's family: families that get paper, families with a linked parent, a student's intervals and spells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ingest.journal import NEVER
from rules.class_years import school_years
from rules.interval_rows import intervals
from rules.intervals import Every

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.setting import Setting

Paper = Literal["opted_out", "refused"]
_FILED = {"opted_out": "optout.filed", "refused": "consent.refused"}


def paper_families(kinds: tuple[Paper, ...], setting: Setting) -> pd.DataFrame:
    """Give the students whose family opted out or refused consent: student, starts, ends (days; `ends` is the day on which it signed a
    consent after all, NEVER while it has not), ev_start.
    """
    journal = setting.journal
    filed = [journal.entries(_FILED[kind], student="person").assign(signed=False) for kind in kinds]
    signed = journal.entries("consent.signed", student="person").assign(signed=True)
    steps = pd.concat([*filed, signed], ignore_index=True).sort_values(["student", "done", "event"], ignore_index=True)
    steps = steps[steps["student"] >= 0].assign(day=lambda frame: journal.local_day(frame["done"].to_numpy()))
    steps["block"] = steps.groupby("student")["signed"].cumsum()
    begun = steps[~steps["signed"]].drop_duplicates(["student", "block"], keep="first")
    ended = steps.loc[steps["signed"], ["student", "block", "day"]].rename(columns={"day": "ends"})
    spells = begun.assign(block=begun["block"] + 1).merge(ended, on=["student", "block"], how="left")
    spells["ends"] = spells["ends"].fillna(NEVER).astype(np.int64)
    return spells.rename(columns={"day": "starts", "event": "ev_start"})[["student", "starts", "ends", "ev_start"]]


def student_intervals(every: Every, scope: Scope, students: pd.Series | None, setting: Setting) -> pd.DataFrame:
    """Give each student's intervals, by the lessons of the class: columns of `intervals`, class, student, ev_joined.

    A student owes nothing (and is owed nothing) for an interval in which the class was left or joined; what follows an interval concerns
    those who were in the class at its last lesson. `students`: only these.
    """
    enrolment = setting.journal.enrolment
    if students is not None:
        enrolment = enrolment[enrolment["student"].isin(students)]
    rows = intervals(every, scope, setting, "class").rename(columns={"owner": "class"})
    pairs = rows.merge(enrolment[["student", "class", "starts", "ends", "ev_joined"]], on="class")
    from_day = pairs["closes"] if every.follows else pairs["begins"]
    inside = (pairs["starts"] <= from_day) & (pairs["closes"] < pairs["ends"])
    return pairs[inside].drop(columns=["starts", "ends"]).reset_index(drop=True)


def student_spells(families: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Give the times in which students of these `families` (student, starts, ends, ev_start) were at school, year by year: key (= student),
    student, starts, ends (days; first day outside), ev_start. A change of class ends nothing, the summer does.
    """
    enrolment = setting.journal.enrolment.sort_values(["student", "starts"])
    enrolment = enrolment[enrolment["student"].isin(families["student"])]
    joined = enrolment["starts"] > enrolment.groupby("student")["ends"].shift(1).fillna(-1)
    stays = (
        enrolment.assign(stay=joined.cumsum())
        .groupby(["student", "stay"], as_index=False)
        .agg(first=("starts", "min"), end=("ends", "max"))
    )
    years = school_years(setting)
    years = pd.DataFrame({"opens": years["starts"], "closes": years["ends"]})
    spells = families.merge(stays, on="student").merge(years, how="cross")
    starts = spells[["starts", "first", "opens"]].max(axis=1)
    ends = pd.concat([spells["ends"], spells["end"], spells["closes"] + 1], axis=1).min(axis=1)
    spells = spells.assign(starts=starts, ends=ends, key=spells["student"])
    return spells.loc[starts < ends, ["key", "student", "starts", "ends", "ev_start"]].reset_index(drop=True)
