"""Family `absence_reasons`: the homeroom teacher names the reason of every absence by its term."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.journal import day_numbers
from rules.calendar import week_start
from rules.cases import Cases, acts, empty_act, units
from rules.due import Due
from rules.norm import Answer, Norm, Role

if TYPE_CHECKING:
    from rules.setting import Setting


class AbsenceReasons(Norm):
    """Every absence gets its reason (valid, invalid, illness) by its term.

    Broken: «ОТ» of Tuesday still without a reason on Monday. Kept: «УП» entered on Sunday at 22:00.
    """

    family: Literal["absence_reasons"]
    role: Role = Field(default="homeroom_teacher", description="Кто отвечает")
    due: Due = Field(description="Срок")
    missing: Answer = Field(default="violation", description="Вывод, если причины нет совсем")
    accounted: bool = Field(default=False, description="Хватает записи или проверки классного руководителя, причина не обязательна")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per absence (lesson and student): done when the reason was entered, or the absence was taken back."""
        journal = setting.journal
        history = journal.attendance
        codes = [str(code) for code in journal.names("code")]
        absent = np.array([*(setting.vocabulary.absent(code) for code in codes), False], dtype=bool)
        reasoned = np.array([*(setting.vocabulary.reasoned(code) for code in codes), False], dtype=bool)
        cell = ["lesson", "student"]
        missed = history[absent[history["code"].to_numpy()]].drop_duplicates(cell, keep="first")
        lessons = journal.lessons.take(missed["lesson"].to_numpy()).reset_index(drop=True)
        frame = missed[[*cell, "event"]].reset_index(drop=True).rename(columns={"event": "ev_absence"})
        frame = frame.assign(**{c: lessons[c] for c in ("class", "subject", "group", "day", "grade")}, ev_lesson=lessons["ev_scheduled"])
        chosen = setting.selects(self.where, grades=frame["grade"].to_numpy(), subjects=frame["subject"].to_numpy())
        frame = frame[chosen & lessons["held"].to_numpy()].reset_index(drop=True)
        frame["person"] = journal.homeroom(frame["class"].to_numpy(), frame["day"].to_numpy())
        settled = history[reasoned[history["code"].to_numpy()] | ~absent[history["code"].to_numpy()]]
        if self.accounted:
            settled = self._accounted(history, settled, frame, setting)
        first = settled.merge(frame[[*cell, "ev_absence"]], on=cell)
        first = first[first["event"] >= first["ev_absence"]].drop_duplicates(cell, keep="first")
        frame = frame.merge(first[[*cell, "event", "done", "low"]], on=cell, how="left")
        event = frame["event"].fillna(-1).to_numpy(dtype=np.int32)
        terms = self.due.terms(frame, setting)
        frame = frame.assign(
            limit=terms.limit,
            due=terms.due,
            ev_record=event,
            act=acts(event, empty_act("reason", frame["lesson"].to_numpy(), frame["student"].to_numpy())),
        )
        return Cases(self, units(frame), ("lesson", "student"), missing=self.missing)

    def _accounted(self, history: pd.DataFrame, settled: pd.DataFrame, frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Records that settle an absence where the duty is to account for it: a reason, any record by the homeroom teacher, or a check of
        attendance of that day's class.
        """
        cell = ["lesson", "student"]
        own = history.merge(frame[[*cell, "person"]], on=cell)
        own = own[own["actor"] == own["person"]].drop(columns="person")
        checks = _checks(setting).merge(frame[[*cell, "class", "day", "person"]], on="person", suffixes=("_checked", ""))
        of_class = (checks["class_checked"] == checks["class"]) | (checks["class_checked"] < 0)
        checks = checks[of_class & (checks["starts"] <= checks["day"]) & (checks["day"] <= checks["ends"])]
        return pd.concat([settled, own, checks[[*cell, "event", "done", "low"]]]).drop_duplicates([*cell, "event"]).sort_values("event")

    def term_words(self) -> str:
        """Give the term in Russian words."""
        return self.due.words(lesson=True)

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date arithmetic of the term in Russian."""
        return self.due.arithmetic(day, due, setting)


def _checks(setting: Setting) -> pd.DataFrame:
    """Checks of attendance: class, person (who checked), starts, ends (days it covers, inclusive), event, done, low."""
    entries = setting.journal.entries("control.performed", **{"class": "class"}).rename(columns={"actor": "person"})
    table = setting.journal.table("control.performed")
    made = setting.journal.local_day(entries["done"].to_numpy())
    starts, ends = day_numbers(table["from"], -1), day_numbers(table["to"], -1)
    checks = entries.assign(
        starts=np.where(starts >= 0, starts, np.where(ends >= 0, ends, week_start(made))), ends=np.where(ends >= 0, ends, made)
    )
    return checks[(table["control"].astype(str) == "attendance_check").to_numpy()]
