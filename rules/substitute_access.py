"""Family `substitute_access`: who stands in for a teacher for long gets access of their own before the first record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.journal import codes_of, day_numbers
from ingest.wording import _, ngettext
from rules.cases import Cases, silent, units
from rules.due import short_day
from rules.norm import Answer, Norm, Role
from rules.scopes import Scopes, entries_in_lessons
from rules.telling import some, when

if TYPE_CHECKING:
    from rules.setting import Setting

_GRAIN = ("person", "class", "subject", "act")
_LINE = ["teacher", "class", "subject", "since"]
_STATUS = {"access_later": "out_of_order", "no_access": "missing", "other_grantor": "forbidden", "borrowed": "forbidden"}
_ABOUT = ["lesson", "class", "subject", "group", "day", "teacher", "planned_teacher", "since", "ev_absence", "ev_substituted"]
_ENTRIES = (
    "topic.recorded", "homework.recorded", "attendance.taken", "attendance.recorded", "attendance.changed", "mark.recorded",
    "mark.changed", "mark.deleted",
)  # fmt: skip


class SubstituteAccess(Norm):
    """From the day on which an absence is longer than so many days, a substitute records only under access granted before.

    Broken: the teacher is away from Monday, a substitute writes Thursday's topic and gets access on Friday. Kept: access on Thursday
    morning; on Wednesday nothing is asked.
    """

    family: Literal["substitute_access"]
    days: int = Field(default=3, ge=0, description="Столько календарных дней отсутствия доступ ещё не нужен, считая с первого")
    by: tuple[Role, ...] = Field(default=(), description="Кто даёт доступ (пусто – любой); доступ от другого решает человек")
    borrowed: Answer = Field(default="review", description="Вывод, если запись сделана под записью отсутствующего учителя")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per substitute, class, subject and absence without access before the first record; `day` is that lesson's."""
        lessons = self._lessons(setting)
        if not len(lessons):
            return silent(self, _GRAIN, 0, ban=True)
        entries = self._entries(lessons, setting)
        own = entries[(entries["actor"] == entries["teacher"]).to_numpy()].drop_duplicates(_LINE).reset_index(drop=True)
        # Who teaches the class in the subject anyway has access of their own.
        own = own[~self._planned(own, setting)].reset_index(drop=True)
        borrowed = entries[self._by_the_absent(entries, setting)].drop_duplicates(_LINE).reset_index(drop=True)
        undecidable = 0
        if not setting.journal.has("access.granted"):
            undecidable, own = len(own), own.iloc[:0]
        parts = [part for part in (self._judged(own, setting), self._borrowed(borrowed)) if len(part)]
        if not parts:
            return silent(self, _GRAIN, undecidable, ban=True)
        frame = pd.concat(parts, ignore_index=True)
        people = setting.journal.names("person")
        frame = frame.assign(
            person=frame["teacher"],
            act=frame["event"],
            object=people[frame["planned_teacher"].to_numpy(dtype=np.int64)],
            status=frame["reason"].map(_STATUS),
            ev_record=frame["event"],
            fig_done=frame["done"],
            fig_since=frame["since"],
            fig_day=frame["day"],
            fig_reason=frame["reason"],
            fig_granted=frame["granted"].to_numpy(dtype="datetime64[us]"),
        )
        return Cases(self, units(frame), _GRAIN, ban=True, status="out_of_order", undecidable=undecidable)

    def _borrowed(self, entries: pd.DataFrame) -> pd.DataFrame:
        return entries.assign(late=self.borrowed, reason="borrowed", granted=np.datetime64("NaT", "us"), ev_granted=np.int32(-1))

    def _lessons(self, setting: Setting) -> pd.DataFrame:
        """Lessons held by a substitute late in an absence of the planned teacher, with its first day (`since`) and ev_absence."""
        table = setting.lessons(self.where)
        table = table[(table["teacher"] != table["planned_teacher"]) & (table["teacher"] >= 0)]
        spells = self._spells(setting).rename(columns={"person": "planned_teacher"})
        read = table.merge(spells, on="planned_teacher")
        inside = (read["starts"] <= read["day"]) & (read["day"] <= read["ends"]) & (read["day"] >= read["since"] + self.days)
        return read[inside].sort_values("ev_absence").drop_duplicates("lesson").reset_index(drop=True)

    def _spells(self, setting: Setting) -> pd.DataFrame:
        """Registered absences with the first day of the unbroken absence each belongs to."""
        absences = setting.journal.absences.sort_values(["person", "starts"], ignore_index=True)
        reach = absences.groupby("person")["ends"].cummax().groupby(absences["person"]).shift(1)
        begins = reach.isna() | (absences["starts"] > reach + 1)
        since = absences["starts"].where(begins).ffill().fillna(0).astype(np.int64)
        return absences.assign(since=since)

    def _entries(self, lessons: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """What was recorded in these lessons, in order."""
        meant = np.zeros(setting.journal.size("lesson") + 1, dtype=bool)
        meant[lessons["lesson"].to_numpy()] = True
        entries = entries_in_lessons(_ENTRIES, setting, lambda _actors, places: meant[places])
        return entries.drop(columns=["low", "student"]).merge(lessons[_ABOUT], on="lesson").sort_values("event", ignore_index=True)

    def _planned(self, rows: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
        return Scopes(setting).planned(rows.assign(actor=rows["teacher"]))

    def _by_the_absent(self, entries: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
        """Records under the account of the absent teacher, made in the journal on a day of the absence."""
        made = setting.journal.local_day(entries["done"].to_numpy())
        away = setting.journal.absences.rename(columns={"person": "planned_teacher"})
        read = entries[["planned_teacher"]].assign(row=np.arange(len(entries)), made=made).merge(away, on="planned_teacher")
        on_leave = np.isin(np.arange(len(entries)), read.loc[(read["starts"] <= read["made"]) & (read["made"] <= read["ends"]), "row"])
        return np.asarray(on_leave & (entries["actor"] == entries["planned_teacher"]).to_numpy(), dtype=bool)

    def _judged(self, first: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """The first records that no access preceded, with the grant that came later; an absence registered later is for a person."""
        table = setting.journal.table("access.granted")
        grants = setting.journal.entries("access.granted").rename(columns={"done": "granted", "low": "granted_low", "actor": "grantor"})
        grants = grants.rename(columns={"event": "ev_granted"}).assign(
            **{name: codes_of(table[column]) for name, column in (("teacher", "person"), ("of_class", "class"), ("of_subject", "subject"))},
            from_day=day_numbers(table["from"], 0),
        )
        recorded = setting.journal.local_day(first["done"].to_numpy())
        read = first.assign(row=np.arange(len(first)), recorded=recorded).merge(grants, on="teacher")
        for name in ("class", "subject"):
            read = read[(read[f"of_{name}"] < 0) | (read[f"of_{name}"] == read[name])]
        in_time = (read["granted_low"] <= read["done"]) & (read["from_day"] <= read["recorded"])
        days = setting.journal.local_day(read["granted"].to_numpy())
        by_entitled = setting.people.holds(self.by, read["grantor"].to_numpy(), days) | (read["grantor"] < 0).to_numpy() | (not self.by)
        met = read.loc[in_time.to_numpy() & by_entitled, "row"]
        by_other = np.isin(np.arange(len(first)), read.loc[in_time, "row"])
        later = read[~in_time.to_numpy()].sort_values("ev_granted").drop_duplicates("row").set_index("row")
        doubtful = "review" if self.verdict == "violation" else self.verdict
        unannounced = first["ev_absence"].to_numpy() > first["event"].to_numpy()
        frame = first.assign(
            late=np.where(by_other | unannounced, doubtful, self.verdict),
            reason=np.where(by_other, "other_grantor", np.where(np.isin(np.arange(len(first)), later.index), "access_later", "no_access")),
            granted=later["granted"].reindex(np.arange(len(first))).to_numpy(dtype="datetime64[us]"),
            ev_granted=later["ev_granted"].reindex(np.arange(len(first))).fillna(-1).to_numpy(dtype=np.int32),
        )
        kept: npt.NDArray[np.bool_] = ~np.isin(np.arange(len(first)), met.to_numpy())
        return frame[kept]

    # ---- words -----------------------------------------------------------------------------------------------------------------

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian since when the teacher was away, when the first record was made and when access was granted."""
        return some([self._sentence(case, setting) for case in figures])

    def _sentence(self, case: Mapping[str, object], setting: Setting) -> str:
        since, day = int(str(case["since"])), int(str(case["day"]))
        n = day - since + 1
        text = _("учитель отсутствует с {since}, {day} — {n}-й день (больше {days} {words})").format(
            since=short_day(since), day=short_day(day), n=n, days=self.days, words=ngettext(self.days, "дня", "дней", "дней")
        )
        done = when(case["done"], setting)
        match case["reason"]:
            case "access_later":
                return text + _("; первая запись {done}, доступ дан {granted}").format(done=done, granted=when(case["granted"], setting))
            case "no_access":
                return text + _("; первая запись {done}, доступ не дан").format(done=done)
            case "other_grantor":
                return text + _("; первая запись {done}, доступ до неё дал не тот, кто должен").format(done=done)
            case _:
                return text + _("; запись {done} сделана под учётной записью отсутствующего учителя").format(done=done)
