"""What a rule family sees: the journal, the calendar, the school's words and readings, and joins that several norms share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.people import People
from rules.class_years import all_class_years, all_school_years
from rules.confirmations import Confirmations
from rules.mark_cells import current_marks
from rules.marks import MarkValues, standing
from rules.sequence import Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from ingest.journal import Journal
    from rules.calendar import SchoolCalendar
    from rules.cases import Cases
    from rules.norm import Norm, Scope
    from rules.vocabulary import Readings, Vocabulary

Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int32]
Days = npt.NDArray[np.int64]
Made = TypeVar("Made")
_WIDE = np.int64(1 << 32)


@dataclass(frozen=True)
class Setting:
    """One school's journal under one version of its policy; `starts` and `ends` are the version's first and last day in force."""

    journal: Journal
    calendar: SchoolCalendar
    vocabulary: Vocabulary
    readings: Readings
    as_of: np.datetime64
    starts: int
    ends: int
    norms: Mapping[str, Norm]

    @cached_property
    def _kept(self) -> dict[Hashable, object]:
        return {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Give what `make` gives, made once per `key`: tables that several norms ask for alike. Nobody may change them."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast("Made", self._kept[key])

    def with_journal(self, journal: Journal) -> Setting:
        """Give the same setting over another journal (an earlier state of the timetable)."""
        return replace(self, journal=journal)

    @cached_property
    def sequence(self) -> Sequence:
        """The order of lessons: next lesson of a class and subject, last lesson of a day."""
        return Sequence(self.journal)

    @cached_property
    def people(self) -> People:
        """Who people are: their roles, families and classes, and what was done to their accounts."""
        return People(self.journal)

    @cached_property
    def confirmations(self) -> Confirmations:
        """What people confirmed, and the intervals for which they have to."""
        return Confirmations(self)

    @cached_property
    def school_years(self) -> pd.DataFrame:
        """School years (`rules.class_years.all_school_years`)."""
        return all_school_years(self)

    @cached_property
    def class_years(self) -> pd.DataFrame:
        """Every class in every school year (`rules.class_years.all_class_years`)."""
        return all_class_years(self)

    @cached_property
    def mark_values(self) -> MarkValues:
        """What each mark value means under the school's codes, by its code in the domain `value`."""
        return MarkValues.read(self.journal.names("value"), self.vocabulary)

    @cached_property
    def standing_marks(self) -> pd.DataFrame:
        """The recorded marks that were not deleted later (`rules.marks.standing`)."""
        return standing(self.journal.marks)

    @cached_property
    def current_marks(self) -> pd.DataFrame:
        """Every mark that stands, with its last value (`rules.mark_cells.current_marks`)."""
        return current_marks(self.journal)

    @cached_property
    def subject_names(self) -> npt.NDArray[np.object_]:
        """Canonical name of each subject code."""
        return np.array([self.vocabulary.subject(str(name)) for name in self.journal.names("subject")], dtype=object)

    @cached_property
    def work_kinds(self) -> npt.NDArray[np.object_]:
        """Kind of each work-kind code, "" for a name nobody knows."""
        return np.array([self.vocabulary.work(str(name)) or "" for name in self.journal.names("work_kind")], dtype=object)

    @cached_property
    def duties_from(self) -> int:
        """The first day (number) on which periodic duties count: the later of the version's first day in force and the first day of the
        declared periods, or of the first lesson where none is declared (contract, 2.6).
        """
        periods = self.journal.periods
        lessons = self.journal.lessons
        known = lessons.loc[lessons["held"].to_numpy(), "day"]
        begun = periods["starts"] if len(periods) else known
        return max(self.starts, int(begun.min())) if len(begun) else self.starts

    # ---- norms -----------------------------------------------------------------------------------------------------------------

    @cached_property
    def _made(self) -> dict[str, Cases]:
        return {}

    def cases(self, norm: Norm) -> Cases:
        """Give a norm's cases, made once: what measures lateness looks at the cases of the norms that state the terms."""
        if norm.id not in self._made:
            self._made[norm.id] = norm.cases(self)
        return self._made[norm.id]

    # ---- selection -------------------------------------------------------------------------------------------------------------

    def named_subjects(self, names: tuple[str, ...]) -> Mask:
        """Tell for each subject code (and -1, last) whether it is one of these subjects under any of its names."""
        wanted = {self.vocabulary.subject(name) for name in names}
        return np.array([*(name in wanted for name in self.subject_names), False], dtype=bool)

    def selects(self, scope: Scope, *, grades: Days, subjects: Codes, kinds: npt.NDArray[np.object_] | None = None) -> Mask:
        """Tell for each row whether the scope speaks of it; `kinds` are work kinds (texts) where the rows are works."""
        chosen = np.ones(len(grades), dtype=bool)
        if scope.grades:
            chosen &= np.isin(grades, scope.grades)
        if scope.subjects:
            chosen &= self.named_subjects(scope.subjects)[subjects]
        if scope.except_subjects:
            chosen &= ~self.named_subjects(scope.except_subjects)[subjects]
        if kinds is not None and scope.works:
            chosen &= np.isin(kinds.astype(str), self._kinds(scope.works))
        if kinds is not None and scope.except_works:
            chosen &= ~np.isin(kinds.astype(str), self._kinds(scope.except_works))
        return chosen

    def _kinds(self, names: tuple[str, ...]) -> list[str]:
        return [self.vocabulary.work(name) or name for name in names]

    def lessons(self, scope: Scope) -> pd.DataFrame:
        """Give the lessons held of which the scope speaks, with their code in column `lesson`; grade 0 (unknown class) is never chosen
        by a list of grades.
        """
        table = self.journal.lessons
        chosen = self.selects(scope, grades=table["grade"].to_numpy(), subjects=table["subject"].to_numpy())
        if scope.substituted is not None:
            chosen &= (table["teacher"].to_numpy() != table["planned_teacher"].to_numpy()) == scope.substituted
        if scope.grouped is not None:
            chosen &= (table["group"].to_numpy() >= 0) == scope.grouped
        rows = np.flatnonzero(
            chosen & table["held"].to_numpy() & (table["day"].to_numpy() >= self.starts) & (table["day"].to_numpy() <= self.ends)
        )
        lessons = table.take(rows)
        lessons.insert(0, "lesson", rows.astype(np.int32))
        return lessons.reset_index(drop=True)

    # ---- students --------------------------------------------------------------------------------------------------------------

    @cached_property
    def _absent_cells(self) -> npt.NDArray[np.int64]:
        history = self.journal.attendance
        last = history.drop_duplicates(["lesson", "student"], keep="last")
        absent_code = np.array([*(self.vocabulary.absent(str(code)) for code in self.journal.names("code")), False], dtype=bool)
        away = last[absent_code[last["code"].to_numpy()]]
        marks = self.journal.marks
        coded = marks[self.mark_values.absent[marks["value"].to_numpy()]]
        return np.unique(np.concatenate([_cells(frame["lesson"].to_numpy(), frame["student"].to_numpy()) for frame in (away, coded)]))

    def coded_absent(self, lessons: Codes, students: Codes) -> Mask:
        """Tell for each (lesson, student) whether an absence code stands there, in the attendance or beside a mark."""
        known, wanted = self._absent_cells, _cells(lessons, students)
        if not len(known):
            return np.zeros(len(wanted), dtype=bool)
        return np.asarray(known[np.minimum(np.searchsorted(known, wanted), len(known) - 1)] == wanted)

    def absent(self, lessons: Codes, students: Codes, days: Days) -> Mask:
        """Tell for each (lesson, student) whether the student was away: by code, by a registered absence, or in a sanatorium."""
        by_code = self.coded_absent(lessons, students)
        return by_code | within(self._away, students, days)

    @cached_property
    def _away(self) -> pd.DataFrame:
        return pd.concat([self.journal.absences, self.journal.ordered("sanatorium")[["person", "starts", "ends"]]])

    def home_schooled(self, students: Codes, days: Days) -> Mask:
        """Tell for each student and day whether an order on home schooling covers the day."""
        return within(self._home_orders, students, days)

    @cached_property
    def _home_orders(self) -> pd.DataFrame:
        return self.journal.ordered("home_schooling")

    def students_of(self, lessons: pd.DataFrame) -> pd.DataFrame:
        """Give who belonged to each lesson on its day: lesson, student, ev_member; from the class, or the group where one is named.

        `lessons` has lesson, class, subject, group, day.
        """
        journal = self.journal
        whole = lessons.loc[lessons["group"] < 0, ["lesson", "class", "day"]].merge(journal.enrolment, on="class")
        split = lessons.loc[lessons["group"] >= 0, ["lesson", "class", "subject", "group", "day"]].merge(
            journal.grouping, on=["class", "subject", "group"]
        )
        parts = [
            part.loc[(part["starts"] <= part["day"]) & (part["day"] < part["ends"])].rename(columns={source: "ev_member"})
            for part, source in ((whole, "ev_joined"), (split, "ev_group"))
        ]
        return pd.concat([part[["lesson", "student", "ev_member"]] for part in parts], ignore_index=True)


def _cells(lessons: Codes, students: Codes) -> npt.NDArray[np.int64]:
    return lessons.astype(np.int64) * _WIDE + students


def within(intervals: pd.DataFrame, persons: Codes, days: Days) -> Mask:
    """Tell for each person and day whether one of the person's intervals (person, starts, ends inclusive) covers the day."""
    if not len(intervals):
        return np.zeros(len(persons), dtype=bool)
    ordered = intervals[["person", "starts", "ends"]].sort_values(["person", "starts"], ignore_index=True)
    reach = ordered.groupby("person")["ends"].cummax().to_numpy()
    owners = ordered["person"].to_numpy()
    keys = owners.astype(np.int64) * _WIDE + ordered["starts"].to_numpy()
    # Few people have an interval at all: the others are not looked up.
    known = np.zeros(int(max(owners.max(), persons.max(initial=-1))) + 2, dtype=bool)
    known[owners] = True
    covered = known[persons]
    rows = np.flatnonzero(covered)
    at = np.searchsorted(keys, persons[rows].astype(np.int64) * _WIDE + days[rows], side="right") - 1
    covered[rows] = (at >= 0) & (owners[at] == persons[rows]) & (reach[at] >= days[rows])
    return covered
