"""Family `density`: how many marks students have by class, subject and study period; who has none, and who has a single one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.cases import Cases, figures_table, units
from rules.figures import Threshold, in_unit, outside, own_acts, share
from rules.norm import Norm, Number
from rules.period_lines import subjects_as
from rules.period_records import PERIOD_KINDS, owed_cells
from rules.spans import as_of_day

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.setting import Setting

LINE = ["class", "subject", "group", "period"]
_TYPES = {**dict.fromkeys([*LINE, "student", "person"], np.int32), "starts": np.int64, "ends": np.int64, "expected": bool}
WITHOUT_MARKS, ONE_MARK = "students_without_marks", "students_with_one_mark"
ENOUGH_LESSONS = 3
"""A student who was at fewer lessons of the subject in the period is not counted, where a rule does not say otherwise."""


class Density(Norm):
    """Not too many students have no mark, or a single one, in a subject and study period.

    Broken: 8 of 25 have no mark in physics in the second quarter where the school allows 10 %. Kept: the eighth came back a week before its
    end, the seven others fell ill on its first day. Without thresholds: figures, and no verdict.
    """

    family: Literal["density"]
    without_marks: Number | None = Field(default=None, ge=0, description="Сколько процентов учеников могут быть без отметок")
    one_mark: Number | None = Field(default=None, ge=0, description="Сколько процентов учеников могут иметь одну отметку")
    least_lessons: int = Field(
        default=ENOUGH_LESSONS, ge=1, description="Кто был меньше чем на стольких уроках предмета за период, тот не считается"
    )
    periods: tuple[str, ...] = Field(default=PERIOD_KINDS, description="Какие учебные периоды")

    @property
    def judges(self) -> bool:
        """Whether a threshold is set."""
        return super().judges and (self.without_marks is not None or self.one_mark is not None)

    def cases(self, setting: Setting) -> Cases:
        """Give one row per student concerned, in every line (class, subject, group, period) that is over and has too many of them."""
        cells = counted(self.where, setting, self.periods, self.least_lessons)
        lines = shares(cells, setting)
        figures = pd.concat([figures_table(part.assign(measure=name)) for name, part in lines.items()], ignore_index=True)
        over = [self._over(cells, lines[name], name, most, setting) for name, most in self._limits()]
        rows = pd.concat(over or [cells.iloc[:0]]).sort_values([*LINE, "student"], kind="stable").reset_index(drop=True)
        frame = rows.assign(day=rows["starts"], act=own_acts(self, len(rows)))
        return Cases(self, units(frame), (*LINE,), ban=True, status="insufficient", figures=figures)

    def _limits(self) -> list[tuple[str, Decimal]]:
        limits = ((WITHOUT_MARKS, self.without_marks), (ONE_MARK, self.one_mark))
        return [(name, most) for name, most in limits if most is not None]

    def _over(self, cells: pd.DataFrame, lines: pd.DataFrame, name: str, most: Decimal, setting: Setting) -> pd.DataFrame:
        """The students of one kind in the lines in which there are too many of them."""
        broken = lines[lines["closed"] & outside(figures_table(lines), "percent", Threshold(most=most))]
        concerned = cells[cells["counted"] & (cells["marks"] == _MARKS[name])]
        told = broken[[*LINE, "part", "whole"]].rename(columns={"part": "fig_part", "whole": "fig_whole"})
        return concerned.merge(told, on=LINE).assign(fig_measure=name)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian how many students have too few marks, beside what the school allows."""
        cases = {str(case["measure"]): case for case in figures}
        parts = []
        for name, most in self._limits():
            if name in cases:
                found = share(int(str(cases[name]["part"])), int(str(cases[name]["whole"])))
                parts.append(_("{what}: {found}, допускается не больше {most}").format(
                    what=few_words(name), found=found, most=in_unit(most, "percent")
                ))  # fmt: skip
        return "; ".join(parts)


_MARKS = {WITHOUT_MARKS: 0, ONE_MARK: 1}


def few_words(name: str) -> str:
    """Give in Russian what the share of students with too few marks is called."""
    return {WITHOUT_MARKS: _("учеников без отметок"), ONE_MARK: _("учеников с одной отметкой")}[name]


def shares(cells: pd.DataFrame, setting: Setting) -> dict[str, pd.DataFrame]:
    """Give measure → for every line with counted students: LINE, day (the period's first), part, whole, closed, answers, ev_period."""
    of_line = cells[cells["counted"]].groupby(LINE)
    facts = of_line.agg(day=("starts", "first"), ends=("ends", "first"), answers=("person", "first"), ev_period=("ev_period", "first"))
    lines = facts.assign(whole=of_line.size()).reset_index().astype({"day": np.int64, "ends": np.int64, "answers": np.int32})
    lines["closed"] = setting.calendar.end_of(lines["ends"].to_numpy()) <= setting.as_of
    found = {}
    for name, marks in _MARKS.items():
        few = cells[cells["counted"] & (cells["marks"] == marks)].groupby(LINE).size().rename("part")
        joined = lines.join(few, on=LINE)
        found[name] = joined.assign(part=joined["part"].fillna(0).astype(np.int64))
    return found


def counted(scope: Scope, setting: Setting, kinds: tuple[str, ...], least_lessons: int) -> pd.DataFrame:
    """Give `mark_counts` of the periods that have begun, with `counted`: the student owes current marks, and was there enough for them."""
    return setting.once(("counted", scope, kinds, least_lessons), lambda: _counted(scope, setting, kinds, least_lessons))


def _counted(scope: Scope, setting: Setting, kinds: tuple[str, ...], least_lessons: int) -> pd.DataFrame:
    cells = mark_counts(scope, setting, kinds)
    cells = cells[cells["starts"] <= as_of_day(setting)].reset_index(drop=True)
    enough = (cells["marks"] > 1).to_numpy(copy=True)
    few = cells[~enough & cells["expected"].to_numpy(dtype=bool)]
    enough[few.index] = lessons_attended(few, setting) >= least_lessons
    return cells.assign(counted=enough & cells["expected"].to_numpy(dtype=bool))


def lessons_attended(cells: pd.DataFrame, setting: Setting) -> npt.NDArray[np.int64]:
    """Give how many lessons of the subject each student was at in the period, up to `as_of`, as a member of the class.

    `cells` are rows of `mark_counts`.
    """
    table = setting.journal.lessons
    past = table["held"].to_numpy() & (table["end"].to_numpy() <= setting.as_of) & np.isin(table["class"], cells["class"].unique())
    numbers = subjects_as(setting)
    lessons = table.loc[past, ["class", "group", "day"]].assign(
        lesson=np.flatnonzero(past).astype(np.int32), subject_as=numbers[table["subject"].to_numpy()[past]]
    )
    attended = np.zeros(len(cells), dtype=np.int64)
    numbered = cells.assign(cell=np.arange(len(cells)), since=_joined(cells, setting), subject_as=numbers[cells["subject"].to_numpy()])
    for starts, ends in cells[["starts", "ends"]].drop_duplicates().itertuples(index=False):
        inside = lessons[lessons["day"].between(starts, ends)]
        of_period = numbered[(numbered["starts"] == starts) & (numbered["ends"] == ends)]
        pairs = of_period.merge(inside, on=["class", "subject_as"], suffixes=("", "_of"))
        pairs = pairs[((pairs["group_of"] < 0) | (pairs["group_of"] == pairs["group"])) & (pairs["day_of"] >= pairs["since"])]
        lesson, student, day = (pairs[name].to_numpy() for name in ("lesson", "student", "day_of"))
        there = ~setting.absent(lesson, student, day) & ~setting.home_schooled(student, day)
        attended += np.bincount(pairs["cell"].to_numpy()[there], minlength=len(cells))
    return attended


def _joined(cells: pd.DataFrame, setting: Setting) -> npt.NDArray[np.int64]:
    """The day since which each student was in the class on the period's last day."""
    member = cells[["student", "class", "starts", "ends"]].reset_index(drop=True).reset_index(names="cell")
    member = member.merge(setting.journal.enrolment[["student", "class", "starts", "ends"]], on=["student", "class"], suffixes=("", "_in"))
    inside = member[(member["starts_in"] <= member["ends"]) & (member["ends"] < member["ends_in"])]
    since = np.zeros(len(cells), dtype=np.int64)
    np.maximum.at(since, inside["cell"].to_numpy(), inside["starts_in"].to_numpy())
    return since


def mark_counts(scope: Scope, setting: Setting, kinds: tuple[str, ...] = PERIOD_KINDS) -> pd.DataFrame:
    """Give every student, class, subject and period with the number of marks that stand.

    Columns: class, subject, group, student, period, person (the subject's teacher), starts, ends (days, inclusive), expected (no order on
    home schooling on the last day), ev_…, marks. Marks that a student got in the subject in another class or group, before moving, count.
    """
    # A school without periods gives a table without types.
    cells = owed_cells(scope, kinds, setting).astype(_TYPES)
    lessons = setting.journal.lessons
    marks = setting.standing_marks
    counts_here = setting.mark_values.mark[marks["value"].to_numpy()]
    lesson, student = marks["lesson"].to_numpy()[counts_here], marks["student"].to_numpy()[counts_here]
    given = _pairs(lessons["subject"].to_numpy()[lesson], student, setting)
    wanted = _pairs(cells["subject"].to_numpy(), cells["student"].to_numpy(), setting)
    day = lessons["day"].to_numpy()[lesson]
    counts = np.zeros(len(cells), dtype=np.int64)
    for place, starts, ends in _periods(cells):
        inside = np.sort(given[(day >= starts) & (day <= ends)])
        counts[place] = np.searchsorted(inside, wanted[place], side="right") - np.searchsorted(inside, wanted[place], side="left")
    return cells.assign(marks=counts)


def _pairs(subjects: npt.NDArray[np.int32], students: npt.NDArray[np.int32], setting: Setting) -> npt.NDArray[np.int64]:
    """One number per subject, under any of its names, and student."""
    return (subjects_as(setting)[subjects.astype(np.int32)] << 32) + students.astype(np.int64)


def _periods(cells: pd.DataFrame) -> Iterator[tuple[npt.NDArray[np.int64], int, int]]:
    """The rows of each period, with its first and last day."""
    for starts, ends in cells[["starts", "ends"]].drop_duplicates().itertuples(index=False):
        yield np.flatnonzero((cells["starts"] == starts).to_numpy() & (cells["ends"] == ends).to_numpy()), starts, ends


def in_cells(cells: pd.DataFrame, marks: pd.DataFrame, names: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    """Give for each cell (subject, student, starts, ends) the sums of `names` over `marks` (subject, student, day) inside it."""
    pair = _pairs(marks["subject"].to_numpy(), marks["student"].to_numpy(), setting)
    wanted = _pairs(cells["subject"].to_numpy(), cells["student"].to_numpy(), setting)
    day = marks["day"].to_numpy()
    sums = {name: np.zeros(len(cells), dtype=np.int64) for name in names}
    for place, starts, ends in _periods(cells):
        inside = np.flatnonzero((day >= starts) & (day <= ends))
        order = inside[np.argsort(pair[inside], kind="stable")]
        low, high = (np.searchsorted(pair[order], wanted[place], side=side) for side in ("left", "right"))
        for name, column in sums.items():
            running = np.concatenate([[0], np.cumsum(marks[name].to_numpy()[order])])
            column[place] = running[high] - running[low]
    return pd.DataFrame(sums)
