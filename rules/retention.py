"""Family `retention`: archived documents are kept for their years, destroyed by an act, and deposited when the first term is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, Self, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, model_validator

from ingest.wording import _, ngettext
from rules.answering import answerable
from rules.archive import GRAIN
from rules.archive_acts import CELL, NEVER, TICK, Document, acts_done, cell_acts, graded_acts
from rules.calendar import date_of, day_number
from rules.cases import Cases, silent, units
from rules.class_years import class_years, midnights, year_label, years_named
from rules.due import MonthDay, short_day, short_instant
from rules.norm import Norm

if TYPE_CHECKING:
    from rules.setting import Setting

_FAR = np.datetime64("9999-01-01", "us")


class Retention(Norm):
    """Documents are kept for whole years from 1 January of the year after the record was closed.

    Broken (`term`, 5 years, closed in June 2024): destroyed on 31 December 2029. Kept: destroyed on 1 January 2030.
    Broken (`act`): destroyed without an act. Broken (`deposit`): destroyed after the first term and never deposited, or left where it was.
    The record was closed when its school year was, by the log or else on its last day.
    """

    family: Literal["retention"]
    document: Document = Field(default="journal", description="Что хранится: journal – журнал, summary – сводная ведомость")
    demand: Literal["term", "act", "deposit"] = Field(
        default="term",
        description="term – не уничтожать раньше; act – уничтожать по акту; deposit – сдать в архив, когда кончился первый срок",
    )
    years: tuple[int, ...] = Field(default=(), description="Сколько лет хранить; несколько сроков идут друг за другом (5, затем 75)")
    deposited: tuple[Document, ...] = Field(default=(), description="Для deposit: что сдаётся (пусто – сам документ)")
    answers: Literal["actor", "role"] = Field(
        default="role", description="Кто отвечает: кто держит роль или кто уничтожил (если пункт никого не называет)"
    )
    until: MonthDay | None = Field(default=None, description="Для deposit: до какой даты (месяц-день) первого года после срока")

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if (self.demand == "act") == bool(self.years):
            raise ValueError("years are needed for term and deposit, and mean nothing for act")
        if any(years < 1 for years in self.years):
            raise ValueError("years are counted from 1")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per class and school year whose document was destroyed, or (`deposit`) has to be deposited."""
        destroyed = acts_done("destroyed", self.document, setting).drop_duplicates(CELL, keep="first")
        destroyed = graded_acts(destroyed, self.where, setting)
        destroyed["day"] = setting.journal.local_day(destroyed["done"].to_numpy(dtype="datetime64[us]"))
        match self.demand:
            case "term":
                return self._kept(destroyed, setting)
            case "act":
                return self._by_act(destroyed, setting)
            case _:
                return self._deposited(destroyed, setting)

    def _kept(self, destroyed: pd.DataFrame, setting: Setting) -> Cases:
        lawful = self._lawful(destroyed, sum(self.years), setting)
        frame = destroyed.assign(opens=midnights(lawful, setting), limit=_FAR, due=NEVER)
        frame = self._answered(frame.assign(fig_done=frame["done"], fig_closed=lawful), setting)
        return Cases(self, units(frame), GRAIN, early=self.verdict)

    def _by_act(self, destroyed: pd.DataFrame, setting: Setting) -> Cases:
        named = destroyed["act"].to_numpy(dtype=bool)
        done = destroyed["done"].to_numpy(dtype="datetime64[us]")
        frame = destroyed.assign(limit=np.where(named, done + TICK, done), due=done, fig_destroyed=done)
        frame = frame.assign(done=np.where(named, done, NEVER), low=np.where(named, done, NEVER))
        return Cases(self, units(self._answered(frame, setting)), GRAIN, missing=self.verdict)

    def _deposited(self, destroyed: pd.DataFrame, setting: Setting) -> Cases:
        """The document is deposited by `until` of the first year after the term, and in any case before it is destroyed after the term."""
        rows = class_years(self.where, setting)
        rows = rows[(rows["ends"] >= setting.duties_from).to_numpy()].drop(columns=["ev_class"])
        late = destroyed.rename(columns={"event": "ev_destroyed", "done": "gone_at", "actor": "destroyer"})
        rows = rows.merge(late[[*CELL, "ev_destroyed", "gone_at", "destroyer"]], on=CELL, how="outer")
        rows["homeroom"] = rows["homeroom"].fillna(-1)
        lawful = self._lawful(rows, self.years[0], setting)
        last = self._last_days(lawful)
        limit = midnights(last + 1, setting) if self.until else np.full(len(rows), NEVER)
        gone_at = rows["gone_at"].to_numpy(dtype="datetime64[us]")
        # What was destroyed before its first term ended is another breach.
        after = gone_at >= midnights(lawful, setting)
        bound = after & ((gone_at < limit) | np.isnat(limit))
        frame = rows.assign(limit=np.where(bound, gone_at, limit), assumed=~bound & bool(self.assumed))
        frame["day"] = np.where(bound, setting.journal.local_day(np.where(bound, gone_at, np.datetime64(0, "us"))), last)
        frame = frame[after | np.isnat(gone_at)].reset_index(drop=True)
        if not setting.journal.has("archive.*"):
            return silent(self, GRAIN, int((frame["limit"].to_numpy() <= setting.as_of).sum()))
        parts = [acts_done("deposited", document, setting) for document in self.deposited or (self.document,)]
        first = pd.concat(parts, ignore_index=True).sort_values("done").drop_duplicates(CELL)
        frame = frame.merge(first[[*CELL, "event", "done", "low", "actor"]], on=CELL, how="left")
        frame["actor"] = frame["actor"].fillna(frame["destroyer"]).fillna(-1)
        frame["fig_destroyed"] = np.where(frame["ev_destroyed"].notna(), frame["gone_at"].to_numpy(dtype="datetime64[us]"), NEVER)
        return Cases(self, units(self._answered(frame, setting)), GRAIN, missing=self.verdict)

    def _last_days(self, lawful: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        month, day = (int(part) for part in (self.until or "12-31").split("-"))
        return np.array([day_number(date_of(first).replace(month=month, day=day)) for first in lawful.tolist()], dtype=np.int64)

    def _lawful(self, rows: pd.DataFrame, years: int, setting: Setting) -> npt.NDArray[np.int64]:
        """The first day on which the document may be destroyed: 1 January, `years` after the one that follows its closing."""
        closed = _closing_years(rows["year"].to_numpy(dtype=np.int64), setting)
        return np.array([day_number(date(int(year) + 1 + years, 1, 1)) for year in closed], dtype=np.int64)

    def _answered(self, frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        days, actors = frame["day"].to_numpy(dtype=np.int64), frame["actor"].to_numpy(dtype=np.int32)
        person = answerable(self.role, days, setting, homerooms=frame["homeroom"].to_numpy(dtype=np.int32), actors=actors, ban=True)
        if self.answers == "actor":
            person = np.where(actors >= 0, actors, person)
            frame = frame.assign(role=setting.people.role_shown(person, days, self.role))
        return frame.assign(
            person=person,
            object=[year_label(year) for year in frame["year"]],
            act=cell_acts(frame, self.document),
            ev_record=frame["event"],
        )

    # ---- in words ------------------------------------------------------------------------------------------------------------------

    def term_words(self) -> str:
        """Give how long the document is kept, in Russian words."""
        return " + ".join(f"{years} {ngettext(years, 'год', 'года', 'лет')}" for years in self.years)

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the sum in Russian that leads to the first day on which the document may be destroyed or must be deposited."""
        if self.demand == "act":
            return ""
        lawful = date_of(int(setting.journal.local_day(np.array([due]))[0]))
        years = sum(self.years) if self.demand == "term" else self.years[0]
        if self.demand == "deposit":
            return _("первый срок хранения: {years}").format(years=f"{years} {ngettext(years, 'год', 'года', 'лет')}")
        begun = date(lawful.year - years, 1, 1)
        return _("срок хранения идёт с {begun}: {years} — уничтожать можно с {lawful}").format(
            begun=short_day(day_number(begun)), years=self.term_words(), lawful=short_day(day_number(lawful))
        )

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian when the document was destroyed, and what was lacking."""
        case = figures[0]
        if self.demand == "term":
            return _("уничтожено {done}, раньше этого дня").format(done=_told(case["done"], setting))
        if not np.isnat(cast("np.datetime64", case["destroyed"])):
            done = _told(case["destroyed"], setting)
            if self.demand == "act":
                return _("уничтожено {done}, акт не назван").format(done=done)
            return _("уничтожено {done}, а сдача в архив до этого не отмечена").format(done=done)
        return ""


def _closing_years(years: npt.NDArray[np.int64], setting: Setting) -> npt.NDArray[np.int64]:
    """The calendar year in which the records of each school year were closed: by the log, else the one in which the school year ends."""
    table = setting.journal.table("year.closed")
    entries = setting.journal.entries("year.closed")
    closed = pd.DataFrame({"year": years_named(table["school_year"]), "day": setting.journal.local_day(entries["low"].to_numpy())})
    first = closed.groupby("year")["day"].min().reindex(years).to_numpy()
    return np.array([year + 1 if np.isnan(day) else date_of(int(day)).year for year, day in zip(years, first, strict=True)], dtype=np.int64)


def _told(instant: object, setting: Setting) -> str:
    return short_instant(cast("np.datetime64", instant), setting)
