"""Family `period_mark_mean`: the mark for a period is justified by the marks of the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _, ngettext
from rules.cases import Cases, units
from rules.mark_cells import digits_of
from rules.norm import Norm, Number
from rules.period_lines import UNPLACED, left_out, lines_of, placed, standing_period_marks, subjects_as
from rules.period_records import PERIOD_KINDS

if TYPE_CHECKING:
    from rules.mark_cells import Digits
    from rules.setting import Setting

_FIGURES = ("mark", "total", "count", "total_of_year", "of_year", "shown")
_WIDE = np.int64(1 << 32)
_SHOWN = 5
_EVIDENCE = 40
"""How many marks of the period, the latest ones, a finding names as evidence."""


class PeriodMarkMean(Norm):
    """A period mark lies near the mean of the student's marks in the period; a person decides where it does not.

    Broken: 5 where the marks are 3, 3, 4, 3. Kept: 4 and 3 alike where the mean is 3.5 and half a mark is allowed.

    Marks in lessons and works count alike, each once; those beside an absence code count too. A mark for the year may also rest on the
    marks for its quarters. Students whose marks stand elsewhere (home schooling, sanatorium, joined during the period) are left out.
    """

    family: Literal["period_mark_mean"]
    verdict: Literal["review", "notice", "ignore"] = Field(default="review", description="Вывод; нарушением расхождение не бывает")
    distance: Number = Field(default=Decimal("0.5"), ge=0, description="Насколько отметка может отличаться от среднего")
    fewest: int = Field(default=1, ge=0, description="Сколько отметок за период нужно не меньше")
    highest: int = Field(default=5, ge=2, le=9, description="Высшая отметка шкалы")
    periods: tuple[str, ...] = Field(default=(*PERIOD_KINDS, "year"), description="Какие учебные периоды")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per period mark that the marks of the period do not justify; `day` is the period's last day."""
        digits = digits_of(setting, self.highest)
        given = standing_period_marks(self.where, self.periods, setting)
        # Words such as «зачтено» or «н/а» and numbers off the scale have no place on the scale.
        given = given[(digits.count[given["value"]] == 1) & ~digits.unclear[given["value"]]].reset_index(drop=True)
        given = given.assign(mark=digits.total[given["value"]])
        marks = _dated(setting.current_marks, digits, setting)
        rows = _with_year(_with_sums(placed(given, lines_of(self.where, self.periods, setting), setting), marks), given)
        unknown = (rows["group"] == UNPLACED).to_numpy() | left_out(rows, setting) | (rows["unclear"] > 0).to_numpy()
        broken = rows[~unknown & ~self._near(rows)].reset_index(drop=True)
        frame = broken.assign(day=broken["ends"], act=broken["event"], ev_record=broken["event"], **_evidence(broken, marks))
        frame = frame.rename(columns={name: f"fig_{name}" for name in _FIGURES})
        return Cases(
            self, units(frame), ("class", "subject", "group", "period"), ban=True, status="mismatch", undecidable=int(unknown.sum())
        )

    def _near(self, rows: pd.DataFrame) -> np.ndarray:
        """Tell for each period mark whether it is near the mean of the period's marks, or for a year near that of its period marks."""
        above, below = self.distance.as_integer_ratio()
        mark = rows["mark"].to_numpy()
        near = np.full(len(rows), self.fewest == 0) & (rows["count"] + rows["of_year"] == 0).to_numpy()
        for total, count, least in (("total", "count", self.fewest), ("total_of_year", "of_year", 1)):
            sums, n = rows[total].to_numpy(), rows[count].to_numpy()
            near |= (np.abs(mark * n - sums) * below <= above * n) & (n >= max(least, 1))
        return np.asarray(near)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give mark and mean of each student, as a fraction and as a decimal."""
        ordered = sorted(figures, key=lambda row: str(row["student"]))
        text = "; ".join(self._told(row) for row in ordered[:_SHOWN])
        if len(ordered) > _SHOWN:
            text += _(" и ещё {n}").format(n=len(ordered) - _SHOWN)
        return text + _(" — допускается расхождение {distance}, решает человек").format(distance=comma(self.distance))

    def _told(self, row: Mapping[str, object]) -> str:
        total, count, of_year = (int(str(row[name])) for name in ("total", "count", "of_year"))
        names = {"student": row["student"], "mark": row["mark"]}
        if count >= max(self.fewest, 1):
            return _("{student}: отметка {mark}, а среднее {total}/{count} = {mean} ({shown})").format(
                **names, total=total, count=count, mean=_mean(total, count), shown=row["shown"]
            )
        if of_year:
            total = int(str(row["total_of_year"]))
            return _("{student}: отметка {mark}, а среднее отметок за периоды {total}/{count} = {mean}").format(
                **names, total=total, count=of_year, mean=_mean(total, of_year)
            )
        if not count:
            return _("{student}: отметка {mark}, а за период нет ни одной отметки").format(**names)
        marks = ngettext(count, "отметка", "отметки", "отметок")
        return _("{student}: отметка {mark}, а за период только {n} {marks}").format(**names, n=count, marks=marks)


def _mean(total: int, count: int) -> str:
    return comma((Decimal(total) / count).quantize(Decimal("0.01"), ROUND_HALF_UP))


def comma(number: Decimal) -> str:
    """Give a number as it is written in Russian: «0,5»."""
    return f"{number:f}".replace(".", ",")


def _dated(marks: pd.DataFrame, digits: Digits, setting: Setting) -> pd.DataFrame:
    """The marks that count: student, subject_as, day, event, total, count, unclear, shown."""
    lessons = setting.journal.lessons
    value, lesson = marks["value"].to_numpy(), marks["lesson"].to_numpy()
    counts = (digits.count[value] > 0) | digits.unclear[value]
    value, lesson = value[counts], lesson[counts]
    table = pd.DataFrame(
        {
            "student": marks["student"].to_numpy()[counts],
            "subject_as": subjects_as(setting)[lessons["subject"].to_numpy()[lesson]],
            "day": lessons["day"].to_numpy()[lesson],
            "event": marks["event"].to_numpy()[counts],
            "value": value,
        }
    )
    for name in ("total", "count", "unclear", "shown"):
        table[name] = getattr(digits, name)[value]
    return table


def _with_sums(rows: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """Add total, count and unclear: sum and number of the student's marks in the subject within the period, and of unclear ones."""
    sums = {name: np.zeros(len(rows), dtype=np.int64) for name in ("total", "count", "unclear")}
    own, place = np.unique(_cells(rows), return_inverse=True)
    at = np.minimum(np.searchsorted(own, _cells(marks)), max(len(own) - 1, 0))
    at = np.where(np.append(own, -1)[at] == _cells(marks), at, len(own))
    days = marks["day"].to_numpy()
    for (starts, ends), part in rows.groupby(["starts", "ends"]):
        inside = (days >= starts) & (days <= ends)
        for name, column in sums.items():
            weights = marks[name].to_numpy(dtype=np.float64)[inside]
            column[part.index] = np.bincount(at[inside], weights, minlength=len(own) + 1).astype(np.int64)[place[part.index]]
    return rows.assign(**sums)


def _cells(rows: pd.DataFrame) -> np.ndarray:
    return np.asarray(rows["student"].to_numpy(dtype=np.int64) * _WIDE + rows["subject_as"].to_numpy())


def _with_year(rows: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Add total_of_year and of_year: for a year, the sum and number of the student's marks for the periods inside it; else 0."""
    years = rows.loc[rows["kind"] == "year", ["student", "subject_as", "starts", "ends"]].reset_index(names="row")
    parts = given.loc[given["kind"] != "year", ["student", "subject_as", "starts", "ends", "mark"]]
    inside = years.merge(parts, on=["student", "subject_as"], suffixes=("", "_in"))
    inside = inside[(inside["starts"] <= inside["starts_in"]) & (inside["ends_in"] <= inside["ends"])]
    sums = inside.groupby("row")["mark"].agg(["sum", "size"]).reindex(rows.index).fillna(0).astype(np.int64)
    return rows.assign(total_of_year=sums["sum"].to_numpy(), of_year=sums["size"].to_numpy())


def _evidence(broken: pd.DataFrame, marks: pd.DataFrame) -> dict[str, object]:
    """The marks behind each mean, the latest ones: their events in ev_… columns, and `shown`, the marks as text."""
    rows = pd.DataFrame({"cell": _cells(broken), "starts": broken["starts"], "ends": broken["ends"]}).reset_index(names="row")
    cells = _cells(marks)
    near = np.isin(cells, rows["cell"].to_numpy())
    found = rows.merge(marks.loc[near, ["day", "event", "shown"]].assign(cell=cells[near]), on="cell")
    found = found[(found["starts"] <= found["day"]) & (found["day"] <= found["ends"])].sort_values(["row", "day", "event"])
    bounds = np.searchsorted(found["row"].to_numpy(), np.arange(len(broken) + 1))
    later = bounds[found["row"].to_numpy() + 1] - 1 - np.arange(len(found))
    width = min(int(later.max(initial=-1)) + 1, _EVIDENCE)
    events = np.full((len(broken), width), -1, dtype=np.int64)
    events[found["row"].to_numpy()[later < width], later[later < width]] = found["event"].to_numpy()[later < width]
    texts = found["shown"].tolist()
    shown = [", ".join(texts[max(start, end - _EVIDENCE) : end]) for start, end in zip(bounds, bounds[1:], strict=False)]
    return {"shown": np.array(shown, dtype=object), **{f"ev_mark_{nth}": events[:, nth] for nth in range(width)}}
