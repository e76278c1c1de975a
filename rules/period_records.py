"""Marks for a period, an exam, a certificate. Each function gives one row per cell with its term."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ingest.journal import codes_of, day_numbers
from rules.cases import acts, empty_act
from rules.due import Terms
from rules.study_periods import graded

if TYPE_CHECKING:
    from rules.due import Due
    from rules.norm import Scope
    from rules.setting import Setting

PERIOD_KINDS = ("quarter", "trimester", "half_year")
_CELL = ["class", "subject", "student", "period"]


def period_lines(scope: Scope, kinds: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    """Give every (class, subject, group) that had lessons in a study period of these kinds.

    Columns: class, subject, group, period, kind, starts, ends (days), day (= ends), grade, person (who was to hold the last lesson),
    ev_period, ev_lesson. Where a school declares quarters and half-years for the same grades, the senior grades have half-years.
    """
    return setting.once(("period lines", scope, kinds), lambda: _period_lines(scope, kinds, setting))


_TAUGHT = ["class", "subject", "group", "grade", "day", "start", "planned_teacher", "ev_scheduled"]


def _period_lines(scope: Scope, kinds: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    lessons = setting.journal.lessons
    held = _under_one_name(lessons.loc[lessons["held"].to_numpy(), _TAUGHT], setting)
    chosen = setting.selects(scope, grades=held["grade"].to_numpy(), subjects=held["subject"].to_numpy())
    unmarked = setting.named_subjects(setting.vocabulary.unmarked_subjects)
    held = held[chosen & ~unmarked[held["subject"].to_numpy()]].sort_values("start")
    parts = []
    for period, kind, starts, ends, grades, event in _judged_periods(kinds, setting).to_numpy(dtype=object).tolist():
        inside = held[(held["day"] >= starts) & (held["day"] <= ends)]
        if grades is not None:
            inside = inside[inside["grade"].isin(grades)]
        last = inside.drop_duplicates(["class", "subject", "group"], keep="last")
        parts.append(
            pd.DataFrame(
                {
                    **{column: last[column] for column in ("class", "subject", "group", "grade")},
                    "person": last["planned_teacher"],
                    "ev_lesson": last["ev_scheduled"],
                    "period": np.int32(period),
                    "kind": kind,
                    "starts": np.int64(starts),
                    "ends": np.int64(ends),
                    "day": np.int64(ends),
                    "ev_period": np.int32(event),
                }
            )
        )
    if not parts:
        return pd.DataFrame(
            columns=["class", "subject", "group", "grade", "person", "ev_lesson", "period", "kind", "starts", "ends", "day", "ev_period"]
        )
    return pd.concat(parts, ignore_index=True)


def _judged_periods(kinds: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    periods = setting.journal.periods
    return graded(periods[periods["kind"].isin(kinds) & (periods["ends"] >= setting.starts) & (periods["ends"] <= setting.ends)])


def period_marks(scope: Scope, kinds: tuple[str, ...], due: Due, setting: Setting) -> pd.DataFrame:
    """Give each period mark owed or entered: CELL columns, group, person, day, limit, due, done, low, act, expected, ev_…."""
    lines = period_lines(scope, kinds, setting)
    entries = setting.journal.entries(
        "period_mark.recorded", **{"class": "class", "subject": "subject", "student": "person", "period": "period"}
    )
    first = _under_one_name(entries, setting).sort_values("event").drop_duplicates(_CELL, keep="first")
    owed = owed_cells(scope, kinds, setting)
    cells = owed.merge(first[[*_CELL, "event", "done", "low"]], on=_CELL, how="outer")
    line = lines.sort_values("group").drop_duplicates(["class", "subject", "period"], keep="first")
    extra = cells["person"].isna()
    if extra.any():
        known = cells.loc[extra, [*_CELL, "event", "done", "low"]].merge(line, on=["class", "subject", "period"])
        cells = pd.concat([cells[~extra], known.assign(expected=False, ev_member=-1)], ignore_index=True)
    cells = cells.astype({"person": np.int32, "group": np.int32, "student": np.int32, "day": np.int64})
    terms = due.terms(cells, setting)
    event = cells["event"].fillna(-1).to_numpy(dtype=np.int32)
    return cells.assign(
        limit=terms.limit,
        due=terms.due,
        ev_record=event,
        act=acts(event, empty_act("period_mark", _packed(cells, setting), cells["student"].to_numpy())),
    )


def _under_one_name(table: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Give `table` with one code for all the names of a subject: «Труд (технология)» in the timetable, «Технология» among the marks."""
    names = pd.Series(setting.subject_names)
    first = names.groupby(names).transform(lambda same: same.index[0]).to_numpy(dtype=np.int32)
    return table.assign(subject=np.append(first, -1).astype(np.int32)[table["subject"].to_numpy()])


def _packed(cells: pd.DataFrame, setting: Setting) -> np.ndarray:
    subjects, periods = setting.journal.size("subject") + 1, setting.journal.size("period") + 1
    packed = (cells["class"].to_numpy(dtype=np.int64) * subjects + cells["subject"].to_numpy()) * periods + cells["period"].to_numpy()
    return np.asarray(packed, dtype=np.int64)


def owed_cells(scope: Scope, kinds: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    """Students of each line (`period_lines`) on the period's last day; a student of a group owes there, not in the whole class's line."""
    return setting.once(("owed cells", scope, kinds), lambda: _owed_cells(period_lines(scope, kinds, setting), setting))


def _owed_cells(lines: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    whole = lines[lines["group"] < 0].merge(setting.journal.enrolment, on="class", suffixes=("", "_in"))
    grouping = _under_one_name(setting.journal.grouping, setting)
    split = lines[lines["group"] >= 0].merge(grouping, on=["class", "subject", "group"], suffixes=("", "_in"))
    parts = []
    for part, member in ((split, "ev_group"), (whole, "ev_joined")):
        inside = part[(part["starts_in"] <= part["day"]) & (part["day"] < part["ends_in"])].rename(columns={member: "ev_member"})
        parts.append(inside)
    owed = pd.concat(parts, ignore_index=True).drop_duplicates(_CELL, keep="first")
    enrolled = owed.merge(
        setting.journal.enrolment[["student", "class", "starts", "ends"]], on=["student", "class"], suffixes=("", "_class")
    )
    enrolled = enrolled[(enrolled["starts_class"] <= enrolled["day"]) & (enrolled["day"] < enrolled["ends_class"])]
    owed = enrolled.drop_duplicates(_CELL, keep="first")
    home = setting.home_schooled(owed["student"].to_numpy(dtype=np.int32), owed["day"].to_numpy(dtype=np.int64))
    return owed[[*_CELL, "group", "person", "day", "starts", "ends", "ev_lesson", "ev_period", "ev_member"]].assign(expected=~home)


# ---- exams and certificates ------------------------------------------------------------------------------------------------------


def exam_marks(scope: Scope, due: Due, setting: Setting) -> pd.DataFrame:
    """Give each exam result owed or entered.

    Columns: object (exam), student, class, subject, person, day (announced), limit, due, done, low, act, ev_….

    Students are those the announcement lists; where it lists none, those with a result; where none has, one row without a student.
    """
    journal = setting.journal
    table = journal.table("exam.announced").drop_duplicates("exam", keep="last")
    exams = pd.DataFrame(
        {
            "exam": codes_of(table["exam"]),
            "subject": codes_of(table["subject"]),
            "day": day_numbers(table["date"], 0),
            "grade": table["grade"].fillna(0).to_numpy(dtype=np.int64),
            "students": table["students"].to_numpy(dtype=object),
            "ev_announced": table["event"].to_numpy(),
        }
    )
    exams = _under_one_name(exams, setting)
    marked = journal.entries("exam_mark.recorded", exam="exam", student="person").drop_duplicates(["exam", "student"], keep="first")
    named = exams.explode("students")[["exam", "students"]].dropna()
    named["student"] = journal.log.dtype("person").categories.get_indexer(pd.Index(named["students"].astype(object)))
    cells = pd.concat([named[["exam", "student"]], marked[["exam", "student"]]]).drop_duplicates()
    none = exams.loc[~exams["exam"].isin(cells["exam"]), ["exam"]].assign(student=-1)
    rows = pd.concat([cells, none], ignore_index=True).merge(exams, on="exam").merge(marked, on=["exam", "student"], how="left")
    rows = _with_teacher(rows.astype({"student": np.int32, "subject": np.int32, "day": np.int64}), setting)
    rows = _with_only_class(rows, setting)
    rows["grade"] = np.where(rows["grade"] > 0, rows["grade"], journal.grade(rows["class"].to_numpy(), rows["day"].to_numpy()))
    rows = rows[setting.selects(scope, grades=rows["grade"].to_numpy(), subjects=rows["subject"].to_numpy())].reset_index(drop=True)
    terms = due.terms(rows, setting)
    event = rows["event"].fillna(-1).to_numpy(dtype=np.int32)
    names = journal.names("exam") if len(rows) else np.array([], dtype=object)
    return rows.assign(
        object=names[rows["exam"].to_numpy(dtype=np.int32)] if len(rows) else None,
        limit=terms.limit,
        due=terms.due,
        ev_record=event,
        act=acts(event, empty_act("exam_mark", rows["exam"].to_numpy(), rows["student"].to_numpy())),
    )


def final_marks(scope: Scope, due: Due, setting: Setting) -> pd.DataFrame:
    """Give each certificate mark whose term runs from the entry of the student's last exam result: exam subjects are owed.

    Columns as `period_marks`; day is the local day of that last entry, per student.
    """
    journal = setting.journal
    results = journal.entries("exam_mark.recorded", exam="exam", student="person").drop_duplicates(["exam", "student"], keep="first")
    announced = journal.table("exam.announced").drop_duplicates("exam", keep="last")
    subjects = pd.DataFrame({"exam": codes_of(announced["exam"]), "subject": codes_of(announced["subject"])})
    sat = results.merge(_under_one_name(subjects, setting), on="exam")
    last = sat.groupby("student").agg(entered=("done", "max"), ev_result=("event", "max")).reset_index()
    entered = _under_one_name(
        journal.entries("final_mark.recorded", **{"class": "class", "subject": "subject", "student": "person"}), setting
    )
    first = entered.drop_duplicates(["subject", "student"], keep="first")
    cells = pd.concat([sat[["subject", "student"]], first[["subject", "student"]]]).drop_duplicates().merge(last, on="student")
    cells["day"] = journal.local_day(cells["entered"].to_numpy())
    rows = _with_teacher(cells.astype({"student": np.int32, "subject": np.int32}), setting)
    rows["grade"] = journal.grade(rows["class"].to_numpy(), rows["day"].to_numpy(dtype=np.int64))
    rows = rows[setting.selects(scope, grades=rows["grade"].to_numpy(), subjects=rows["subject"].to_numpy())]
    rows = rows.merge(first[["subject", "student", "event", "done", "low"]], on=["subject", "student"], how="left")
    terms: Terms = due.terms(rows, setting)
    event = rows["event"].fillna(-1).to_numpy(dtype=np.int32)
    return rows.assign(
        limit=terms.limit,
        due=terms.due,
        ev_record=event,
        act=acts(event, empty_act("final_mark", rows["subject"].to_numpy(), rows["student"].to_numpy())),
    )


def _with_teacher(rows: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Add class, person and role of each row's student: who was to hold the last lesson of the subject, else the homeroom teacher."""
    journal = setting.journal
    inside = rows.reset_index(names="row").merge(journal.enrolment, on="student")
    # Results come in June: the student's last class that was joined before the day counts.
    inside = inside[inside["starts"] <= inside["day"]].sort_values("starts").drop_duplicates("row", keep="last")
    member = rows.join(inside.set_index("row")[["class", "ev_joined"]])
    joined = member.assign(**{"class": member["class"].fillna(-1).astype(np.int32)}).merge(
        _last_lessons(setting)[["class", "subject", "planned_teacher"]], on=["class", "subject"], how="left"
    )
    taught = joined["planned_teacher"].notna().to_numpy()
    homeroom = journal.homeroom(joined["class"].to_numpy(), joined["day"].to_numpy(dtype=np.int64))
    return joined.assign(
        person=np.where(taught, joined["planned_teacher"].fillna(-1), homeroom).astype(np.int32),
        role=np.where(taught | (homeroom < 0), "teacher", "homeroom_teacher"),
        ev_member=joined["ev_joined"].fillna(-1).astype(np.int32),
    ).drop(columns=["planned_teacher", "ev_joined"])


def _last_lessons(setting: Setting) -> pd.DataFrame:
    lessons = setting.journal.lessons
    held = _under_one_name(lessons[lessons["held"].to_numpy()], setting)
    return held.sort_values("start").drop_duplicates(["class", "subject"], keep="last")


def _with_only_class(rows: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Where no student is known, but one class alone of the exam's grade is taught the subject: that class and its teacher."""
    lessons = _last_lessons(setting)
    alone = lessons[["subject", "grade", "class", "planned_teacher"]].drop_duplicates(["subject", "grade"], keep=False)
    found = rows[["subject", "grade"]].merge(alone, on=["subject", "grade"], how="left")
    take = (rows["student"] < 0).to_numpy() & found["class"].notna().to_numpy()
    return rows.assign(
        **{"class": np.where(take, found["class"], rows["class"]).astype(np.int32)},
        person=np.where(take, found["planned_teacher"], rows["person"]).astype(np.int32),
    )
