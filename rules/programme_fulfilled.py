"""Family `programme_fulfilled`: the hours planned for a period are held, and its marks wait until they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _, ngettext
from rules.cases import Cases, empty_act, figures_table, units
from rules.line_lessons import lessons_of
from rules.norm import Norm, Number
from rules.period_lines import UNPLACED, left_out, lines_of, placed, standing_period_marks
from rules.period_records import PERIOD_KINDS
from rules.plans import plans, plans_of

if TYPE_CHECKING:
    from rules.setting import Setting

_ALL = (*PERIOD_KINDS, "year")
_GRAIN = ("class", "subject", "group", "period")
_LINE = ["class", "subject_as", "group", "period"]
_APART = 1 << 23
"""Keeps the acts of this family apart from those of others about plans."""
_SECOND = np.int64(1_000_000)
_WIDE = np.int64(1 << 32)


class ProgrammeFulfilled(Norm):
    """The programme of a study period is taught in full; marks for the period are given when it is.

    Broken: 16 hours planned, 14 held and recorded when the marks for the quarter were entered. Kept: all 16; or 15 where the school lets
    one hour lack.

    Planned is what the plan of the period (of the year) says; without a plan, what the timetable had, cancelled lessons included. An
    hour is held when anything is recorded for the lesson.
    """

    family: Literal["programme_fulfilled"]
    verdict: Literal["review", "notice", "ignore"] = Field(default="review", description="Вывод; часы бывают потеряны не по вине учителя")
    measure: Literal["marks", "hours"] = Field(description="marks – отметки за период раньше программы; hours – выданные часы к плану")
    lacking: int = Field(default=0, ge=0, description="Для marks: скольких часов может не хватать, когда выставляют отметки")
    least: Number | None = Field(default=None, ge=0, le=100, description="Для hours: сколько процентов плана нужно; не задано – без вывода")
    periods: tuple[str, ...] = Field(default=_ALL, description="Какие учебные периоды")

    @property
    def judges(self) -> bool:
        """Whether a threshold is set."""
        return super().judges and (self.measure == "marks" or self.least is not None)

    def cases(self, setting: Setting) -> Cases:
        """Give one row per period mark entered too soon, or per line that lacks hours; and for `hours` the figures of every line."""
        lines, lessons = self._planned(setting)
        if self.measure == "marks":
            return self._marks(lines, lessons[lessons["held"]], setting)
        lines["held"] = lessons.groupby("row")["held"].sum().reindex(lines.index).fillna(0).astype(np.int64)
        over = setting.calendar.end_of(lines["ends"].to_numpy(dtype=np.int64)) <= setting.as_of
        lines = lines[over & (lines["hours"] > 0).to_numpy()]
        table = figures_table(lines.assign(day=lines["starts"], part=lines["held"], whole=lines["hours"]))
        wanted, of_hundred = (self.least or 0).as_integer_ratio()
        short = lines[lines["held"] * 100 * of_hundred < lines["hours"] * wanted]
        person = self._answers(short, setting)
        place = short["class"].to_numpy(dtype=np.int64) * (setting.journal.size("subject") + 1) + short["subject"].to_numpy(dtype=np.int64)
        frame = short.assign(person=person, act=empty_act("plan", place, short["period"].to_numpy(dtype=np.int64) + _APART))
        frame = frame.assign(fig_held=frame["held"], fig_planned=frame["hours"], fig_by_plan=frame["planned"])
        return Cases(self, units(frame), _GRAIN, ban=True, status="insufficient", figures=table)

    def _planned(self, setting: Setting) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Give every line with hours (planned) and ev_plan, by its plan, a year's by those of its periods, else by the timetable; and the
        lessons of the lines (`lessons_of`).
        """
        lines = lines_of(self.where, _ALL, setting).reset_index(drop=True)
        lessons = lessons_of(lines, setting)
        known = plans_of(lines, plans(setting))
        own = known["hours"].where(known["hours"] > 0, -1).to_numpy(dtype=np.int64)
        scheduled = lessons.groupby("row").size().reindex(lines.index).fillna(0).to_numpy(dtype=np.int64)
        planned = np.where(own > 0, own, _of_periods(lines, own))
        lines = lines.assign(hours=np.where(planned > 0, planned, scheduled), planned=planned > 0, ev_plan=known["ev_plan"].to_numpy())
        return lines[lines["kind"].isin(self.periods)].copy(), lessons

    def _marks(self, lines: pd.DataFrame, held: pd.DataFrame, setting: Setting) -> Cases:
        marks = standing_period_marks(self.where, self.periods, setting)
        marks = placed(marks, lines, setting)
        unknown = (marks["group"] == UNPLACED).to_numpy() | left_out(marks, setting)
        of_line = lines[[*_LINE, "hours", "planned", "ev_plan"]].rename_axis("row").reset_index()
        marks = marks[~unknown].merge(of_line.astype({"group": np.int32, "period": np.int32}), on=_LINE)
        by_then = _held_before(marks, held)
        frame = marks.assign(by_then=by_then)[(marks["hours"] - by_then > self.lacking).to_numpy()]
        frame = frame.assign(
            day=frame["ends"],
            act=frame["first"],
            done=frame["first_done"],
            ev_record=frame["first"],
            fig_held=frame["by_then"],
            fig_planned=frame["hours"],
            fig_by_plan=frame["planned"],
        ).drop(columns="low")
        return Cases(self, units(frame), _GRAIN, ban=True, status="out_of_order", undecidable=int(unknown.sum()))

    def _answers(self, lines: pd.DataFrame, setting: Setting) -> np.ndarray:
        """Who answers for a line: its teacher, or the holder of the role that the rule names."""
        if self.role == "teacher":
            return lines["person"].to_numpy(dtype=np.int32)
        return setting.journal.holders(self.role, lines["ends"].to_numpy(dtype=np.int64))

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give planned hours beside held ones."""
        row = min(figures, key=lambda row: int(str(row["held"])))
        held, planned = int(str(row["held"])), int(str(row["planned"]))
        source = _("по плану") if row["by_plan"] else _("по расписанию, с отменёнными уроками,")
        hours = ngettext(planned, "час", "часа", "часов")
        text = _("{source} {planned} {hours}, проведено и записано {held}")
        if self.measure == "marks":
            text = _("{source} {planned} {hours}, к выставлению отметки проведено и записано {held}")
        return text.format(source=source, planned=planned, hours=hours, held=held) + _("; решает человек")


def _of_periods(lines: pd.DataFrame, hours: np.ndarray) -> np.ndarray:
    """For each year's line without a plan of its own: the hours of the plans of all its periods, -1 where one of these has none."""
    key = ["class", "subject_as", "group"]
    parts = lines.assign(hours=hours, row=lines.index)[[*key, "kind", "starts", "ends", "hours", "row"]]
    inside = parts[parts["kind"] == "year"].merge(parts[parts["kind"] != "year"], on=key, suffixes=("", "_in"))
    inside = inside[(inside["starts"] <= inside["starts_in"]) & (inside["ends_in"] <= inside["ends"])]
    sums = inside.groupby("row")["hours_in"].agg(["sum", "min"])
    total = sums["sum"].where(sums["min"] > 0, -1).reindex(lines.index).fillna(-1)
    return total.to_numpy(dtype=np.int64)


def _held_before(marks: pd.DataFrame, held: pd.DataFrame) -> np.ndarray:
    """How many lessons of its line (row) were held, and begun before the mark was entered, for each mark."""
    keys = held["row"].to_numpy(dtype=np.int64) * _WIDE + _seconds(held["start"])
    rows = marks["row"].to_numpy(dtype=np.int64) * _WIDE
    return np.asarray(np.searchsorted(keys, rows + _seconds(marks["first_done"]), side="right") - np.searchsorted(keys, rows))


def _seconds(instants: pd.Series) -> np.ndarray:
    return np.asarray(instants.to_numpy(dtype="datetime64[us]").astype(np.int64) // _SECOND)
