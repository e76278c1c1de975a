"""Family `group_transfer`: students change groups of a split class only between study periods, and only by whoever may move them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.journal import day_numbers
from ingest.wording import _
from rules.cases import Cases, units
from rules.due import short_day
from rules.norm import Norm, Role
from rules.study_periods import graded
from rules.telling import some, when

if TYPE_CHECKING:
    from rules.setting import Setting

_KEYS = {"student": "person", "class": "class", "subject": "subject", "group": "group"}


class GroupTransfer(Norm):
    """A student's group in a subject changes from the first day of a study period or between periods, by those who may change it.

    Broken: group 2 from 20 November, in the middle of the quarter. Kept: from 5 November, its first day; the first division into groups;
    a newcomer's group.
    """

    family: Literal["group_transfer"]
    role: Role = Field(default="administrator", description="Кто отвечает")
    between_periods: bool = Field(default=True, description="Переводить можно только по окончании учебного периода")
    by: tuple[Role, ...] = Field(default=(), description="Кто может переводить (пусто – любой); классный руководитель – своего класса")
    initial: bool = Field(default=False, description="Кем сделано, проверяется и у первого деления на группы")
    arrival_days: int = Field(default=7, ge=0, description="Столько дней после зачисления в класс группу ещё выбирают")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per assignment that was made inside a period or by somebody else: done is its record."""
        steps = self._steps(setting)
        changed = steps["former"].to_numpy() >= 0
        inside, period = self._periods(steps, setting)
        moved = changed & ~self._arriving(steps, setting)
        # Entered in the middle of a period for a day on which it was allowed: a late record, or a way around the ban.
        entered, _period = self._periods(steps.assign(day=steps["recorded"]), setting)
        backdated = moved & ~inside & entered & (steps["recorded"] > steps["day"]).to_numpy() & self.between_periods
        at_wrong_time = moved & inside & self.between_periods
        foreign, nameless = self._foreign(steps, setting)
        by_other = foreign & (changed | self.initial)
        chosen = at_wrong_time | by_other | backdated
        undecided = nameless & (changed | self.initial) & ~chosen if self.by else np.zeros(len(steps), dtype=bool)
        if self.between_periods and not len(_declared(setting)):
            undecided |= moved & ~chosen
        frame = steps.assign(
            person=steps["actor"],
            period=np.where(at_wrong_time, period, -1),
            act=steps["event"],
            late=np.where(at_wrong_time | by_other, self.verdict, "review" if self.verdict == "violation" else self.verdict),
            role=setting.people.role_shown(steps["actor"].to_numpy(), steps["recorded"].to_numpy(), self.role),
            ev_record=steps["event"],
            fig_former=np.append(setting.journal.names("group"), "")[steps["former"].to_numpy()],
            fig_group=np.append(setting.journal.names("group"), "")[steps["group"].to_numpy()],
            fig_day=steps["day"],
            fig_recorded=steps["done"],
            fig_at_wrong_time=at_wrong_time,
            fig_by_other=by_other,
            fig_backdated=backdated,
        )
        return Cases(self, units(frame[chosen]), ("act",), ban=True, status="forbidden", undecidable=int(undecided.sum()))

    def _steps(self, setting: Setting) -> pd.DataFrame:
        """Every assignment that says something new: its fields, day (from when), recorded (local day), former (group before, -1 first)."""
        journal = setting.journal
        steps = journal.entries("group.assigned", **_KEYS)
        steps["day"] = day_numbers(journal.table("group.assigned")["from"], 0)
        steps["recorded"] = journal.local_day(steps["done"].to_numpy())
        line = ["student", "class", "subject"]
        by_line = steps.groupby(line, sort=False)
        steps["former"] = by_line["group"].shift(1).fillna(-1).astype(np.int32)
        steps["ev_former"] = by_line["event"].shift(1).fillna(-1).astype(np.int32)
        steps["grade"] = journal.grade(steps["class"].to_numpy(), steps["day"].to_numpy())
        steps = steps[steps["former"] != steps["group"]]
        chosen = setting.selects(self.where, grades=steps["grade"].to_numpy(), subjects=steps["subject"].to_numpy())
        return steps[chosen].reset_index(drop=True)

    def _periods(self, steps: pd.DataFrame, setting: Setting) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int32]]:
        """Tell for each row whether its day lies inside a study period of the class, after the first day, and in which."""
        days, grades = steps["day"].to_numpy(), steps["grade"].to_numpy()
        inside, period = np.zeros(len(steps), dtype=bool), np.full(len(steps), -1, dtype=np.int32)
        opening = np.zeros(len(steps), dtype=bool)
        for code, starts, ends, own in _declared(setting)[["period", "starts", "ends", "grades"]].itertuples(index=False):
            of_class = np.isin(grades, own) if own is not None else np.ones(len(steps), dtype=bool)
            within = of_class & (starts < days) & (days <= ends)
            inside, opening = inside | within, opening | (of_class & (days == starts))
            period[within] = code
        return inside & ~opening, period

    def _arriving(self, steps: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
        rows = steps[["student", "class", "day"]].assign(row=np.arange(len(steps)))
        joined = setting.journal.enrolment[["student", "class", "starts"]]
        near = rows.merge(joined, on=["student", "class"])
        near = near[(near["starts"] <= near["day"]) & (near["day"] <= near["starts"] + self.arrival_days)]
        return np.isin(np.arange(len(steps)), near["row"].to_numpy())

    def _foreign(self, steps: pd.DataFrame, setting: Setting) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Tell of which rows the actor is known to be none of those who may; and of which nobody knows who or what the actor is."""
        actor, days = steps["actor"].to_numpy(), steps["recorded"].to_numpy()
        allowed = setting.people.holds([role for role in self.by if role != "homeroom_teacher"], actor, days)
        if "homeroom_teacher" in self.by:
            for day in (days, steps["day"].to_numpy()):
                allowed |= (setting.journal.homeroom(steps["class"].to_numpy(), day) == actor) & (actor >= 0)
        known = setting.people.known[actor]
        return known & ~allowed & bool(self.by), ~known

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian from which group to which the student was moved, and why that must not be."""
        return some([self._sentence(case, setting) for case in figures])

    def _sentence(self, case: Mapping[str, object], setting: Setting) -> str:
        day = short_day(int(str(case["day"])))
        text = (
            _("из группы {former} в группу {group} с {day}").format(former=case["former"], group=case["group"], day=day)
            if case["former"]
            else _("в группу {group} с {day}").format(group=case["group"], day=day)
        )
        if case["at_wrong_time"]:
            text += _(": этот день внутри учебного периода, перевести можно с первого дня следующего")
        if case["backdated"]:
            text += _(": день разрешён, но внесено {recorded}, уже внутри периода — решает человек").format(
                recorded=when(case["recorded"], setting)
            )
        if case["by_other"]:
            text += _("; сделал тот, кто этого не может")
        return text


def _declared(setting: Setting) -> pd.DataFrame:
    periods = setting.journal.periods
    return graded(periods[periods["kind"] != "year"])
