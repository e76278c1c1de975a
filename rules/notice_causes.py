"""What somebody has to be told: failing students, truants, remarks. Each function gives one row per thing to be told.

Columns: day (from which the term runs), since (the instant from which a notice counts), class, subject, group, student, period (codes, as
they apply), person (who answers), recipient (the homeroom teacher, or to whom a remark was made), object (text or None), about (the
subjects, as text), ev_cause.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from rules.calendar import week_start
from rules.density import in_cells
from rules.mark_cells import digits_of
from rules.period_lines import lines_of, placed, standing_period_marks
from rules.period_records import PERIOD_KINDS, owed_cells

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.setting import Setting

_LINE = ["class", "subject", "group"]
_HIGHEST = 5


def failing(
    scope: Scope, marks: tuple[str, ...], mean_below: Decimal | None, least_marks: int, setting: Setting, *, by_subject: bool
) -> pd.DataFrame:
    """Give the students whose mark for a period is one of `marks`, or whose marks of it have a lower mean than `mean_below`.

    One row per student and period, from the first such mark on; `by_subject`: per subject, for its teacher.
    """
    parts = [_failing_marks(scope, marks, setting)]
    if mean_below is not None:
        parts.append(_low_means(scope, mean_below, least_marks, setting))
    found = pd.concat(parts, ignore_index=True).sort_values(["day", "ev_cause"], kind="stable")
    key = [*(_LINE if by_subject else ["class"]), "student", "period"]
    return _summed_up(found, key, by_subject=by_subject, setting=setting)


def _failing_marks(scope: Scope, marks: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    given = standing_period_marks(scope, (*PERIOD_KINDS, "year"), setting)
    low = np.isin(setting.mark_values.digits[given["value"].to_numpy()].astype(str), marks)
    given = placed(given[low].reset_index(drop=True), lines_of(scope, (*PERIOD_KINDS, "year"), setting), setting)
    given["day"] = setting.journal.local_day(given["done"].to_numpy())
    return _from_period(given.assign(ev_cause=given["event"]), setting)


def _from_period(cells: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Notices count from the beginning of the period on."""
    since = setting.calendar.midnight(cells["starts"].to_numpy(dtype=np.int64))
    columns: pd.DataFrame = cells.assign(since=since)[[*_LINE, "student", "period", "person", "day", "since", "ev_cause"]]
    return columns


def _low_means(scope: Scope, mean_below: Decimal, least_marks: int, setting: Setting) -> pd.DataFrame:
    """Students with at least so many marks in a period that is over, and a mean below the limit; `day` is the period's last."""
    cells = owed_cells(scope, PERIOD_KINDS, setting)
    ends = cells["ends"].to_numpy(dtype=np.int64)
    cells = cells[(setting.calendar.end_of(ends) <= setting.as_of) & cells["expected"].to_numpy(dtype=bool)].reset_index(drop=True)
    digits = digits_of(setting, _HIGHEST)
    marks = setting.current_marks
    value, lesson = marks["value"].to_numpy(), marks["lesson"].to_numpy()
    lessons = setting.journal.lessons.take(lesson)
    place = {"subject": lessons["subject"].to_numpy(), "student": marks["student"].to_numpy(), "day": lessons["day"].to_numpy()}
    sums = in_cells(cells, pd.DataFrame(place | {"total": digits.total[value], "count": digits.count[value]}), ("total", "count"), setting)
    above, below = mean_below.as_integer_ratio()
    total, count = sums["total"].to_numpy(), sums["count"].to_numpy()
    low = cells[(count >= least_marks) & (total * below < above * count)].reset_index(drop=True)
    return _from_period(low.assign(day=low["ends"].astype(np.int64), ev_cause=low["ev_period"]), setting)


def truants(scope: Scope, codes: tuple[str, ...], setting: Setting, *, by_subject: bool) -> pd.DataFrame:
    """Give the students with an absence of one of these codes that still stands: one row per student and calendar week, from the day on
    which the first of its absences was entered; `by_subject`: per subject, for the teacher of the lesson.
    """
    lessons = setting.lessons(scope)
    entered = _coded(codes, setting).merge(lessons[["lesson", *_LINE, "teacher", "day", "start"]], on="lesson")
    entered = entered.rename(columns={"teacher": "person", "start": "since"}).assign(week=week_start(entered["day"].to_numpy()))
    entered["day"] = np.maximum(entered["day"].to_numpy(), setting.journal.local_day(entered["done"].to_numpy()))
    key = [*(_LINE if by_subject else ["class"]), "student", "week"]
    return _summed_up(entered.sort_values(["day", "ev_cause"], kind="stable"), key, by_subject=by_subject, setting=setting)


def _coded(codes: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    """The cells that hold one of the codes now, alone or beside marks: lesson, student, done, ev_cause."""
    journal = setting.journal
    wanted = {code.strip().upper() for code in codes}
    named = np.array([*(str(code).strip().upper() in wanted for code in journal.names("code")), False], dtype=bool)
    last = journal.attendance.drop_duplicates(["lesson", "student"], keep="last")
    alone = last[named[last["code"].to_numpy()]]
    marks = journal.marks
    beside = marks[np.isin(setting.mark_values.code[marks["value"].to_numpy()].astype(str), sorted(wanted))]
    cells = pd.concat([part[["lesson", "student", "done", "event"]] for part in (alone, beside)], ignore_index=True)
    cells = cells.sort_values("event").drop_duplicates(["lesson", "student"])
    renamed: pd.DataFrame = cells.set_axis(["lesson", "student", "done", "ev_cause"], axis="columns")
    return renamed


def _summed_up(found: pd.DataFrame, key: list[str], *, by_subject: bool, setting: Setting) -> pd.DataFrame:
    """One row per `key`: the first of `found`, with the earliest `since` and all subjects in words."""
    journal = setting.journal
    groups = found.groupby(key, sort=False)
    first: pd.DataFrame = groups.first().reset_index()
    names: list[set[str]] = [set() for _row in range(len(first))]
    subjects = np.append(journal.names("subject"), "")[found["subject"].to_numpy(dtype=np.int64)]
    for row, name in zip(groups.ngroup().tolist(), subjects.tolist(), strict=True):
        names[row].add(name)
    about = np.array([", ".join(sorted(each)) for each in names], dtype=object)
    classes, days = first["class"].to_numpy(dtype=np.int32), first["day"].to_numpy(dtype=np.int64)
    homeroom = journal.homeroom(classes, days)
    if not by_subject:
        first = first.drop(columns=["subject", "group"]).assign(person=homeroom)
    return first.assign(since=groups["since"].min().to_numpy(), about=about, recipient=homeroom, object=None)


def remarks(scope: Scope, role: str, setting: Setting, *, own: bool) -> pd.DataFrame:
    """Give the remarks that were made to others: `recipient` is whom each was made to, `person` who made it, in `role` where it fits.

    `own`: only those that a homeroom teacher made in lessons of the own class.
    """
    journal = setting.journal
    table = journal.remarks
    issued = journal.entries("remark.issued").set_index("event")["actor"]
    actor = issued.reindex(table["ev_issued"]).to_numpy(dtype=np.int32)
    day = journal.local_day(table["issued"].to_numpy())
    found = table[["student"]].assign(
        **_of_lesson(table["lesson"].to_numpy(), setting), day=day, since=table["issued"], person=actor, recipient=table["person"]
    )
    names = np.append(journal.names("remark"), "")
    found["role"] = setting.people.role_shown(actor, day, role)
    found = found.assign(object=names[table["remark"].to_numpy()], about="", ev_cause=table["ev_issued"])
    homeroom = journal.homeroom(found["class"].to_numpy(dtype=np.int32), day)
    chosen = actor != found["recipient"].to_numpy()
    if own:
        chosen &= (actor == homeroom) & (actor >= 0)
    made: pd.DataFrame = found[chosen & _chosen(found, scope, setting)].reset_index(drop=True)
    return made


def _of_lesson(lessons: npt.NDArray[np.int32], setting: Setting) -> dict[str, npt.NDArray[np.int32]]:
    table = setting.journal.lessons
    return {name: np.append(table[name].to_numpy(), -1).astype(np.int32)[lessons] for name in _LINE}


def _chosen(found: pd.DataFrame, scope: Scope, setting: Setting) -> npt.NDArray[np.bool_]:
    grades = setting.journal.grade(found["class"].to_numpy(dtype=np.int32), found["day"].to_numpy(dtype=np.int64))
    subjects = found["subject"].to_numpy(dtype=np.int32) if "subject" in found else np.full(len(found), -1, dtype=np.int32)
    return setting.selects(scope, grades=grades, subjects=subjects)
