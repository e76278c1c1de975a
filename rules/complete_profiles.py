"""Family `complete_profiles`: the cards of a class's students are complete by a date, those of later students when they join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, model_validator

from ingest.journal import codes_of
from ingest.wording import _
from rules.answering import answerable
from rules.cases import Cases, acts, empty_act, silent, units
from rules.class_years import class_years, first_of_september, first_school_days, last_days, midnights
from rules.due import Due, short_day, short_instant
from rules.norm import Answer, Norm, Role

if TYPE_CHECKING:
    from rules.setting import Setting

_GRAIN = ("class", "day")


class CompleteProfiles(Norm):
    """The card of every student (or parent) of a class is complete before the school year begins; who joins later has it on that day.

    Broken: a card completed on 1 September where it must stand before. Kept: completed on 31 August at 23:30; complete since last year.
    Who was in the school already owes nothing for changing the class. Parents are those tied to a student, from the day of the tie on.
    """

    family: Literal["complete_profiles"]
    role: Role = Field(default="homeroom_teacher", description="Кто отвечает")
    of: Literal["students", "parents"] = Field(default="students", description="Чьи карточки: students, parents")
    due: Due = Field(description="Срок: date в год начала учебного года")
    missing: Answer = Field(default="violation", description="Вывод, если данные так и не заполнены")

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.due.form != "date":
            raise ValueError("the term of cards is a date")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per student and school year; one finding for the students of a class with the same term."""
        rows = self._owed(setting)
        if self.of == "parents":
            rows = self._parents(rows, setting)
        cards = codes_of(setting.journal.table("profile.updated")["person"])
        if not len(cards) or (self.of == "parents" and not setting.people.ever("parent")[cards].any()):
            return silent(self, _GRAIN, int((rows["limit"].to_numpy() <= setting.as_of).sum()))
        frame = self._completed(rows, setting)
        event = frame["event"].fillna(-1).to_numpy(dtype=np.int64)
        days = frame["day"].to_numpy(dtype=np.int64)
        frame = frame.assign(
            person=answerable(
                self.role,
                days,
                setting,
                homerooms=setting.journal.homeroom(frame["class"].to_numpy(dtype=np.int32), days),
                actors=np.full(len(frame), -1, dtype=np.int32),
            ),
            act=acts(event, empty_act("data", frame["card"].to_numpy(dtype=np.int64) + 1, frame["year"].to_numpy(dtype=np.int64))),
            ev_record=event,
        )
        return Cases(self, units(frame), _GRAIN, missing=self.missing)

    def _owed(self, setting: Setting) -> pd.DataFrame:
        """Who owes a complete card: class, year, student, card (whose it is), day (the last of the term), limit, ev_joined."""
        classes = class_years(self.where, setting)[["class", "year", "ends"]]
        classes = classes[classes["ends"].to_numpy() >= setting.duties_from]
        joined = setting.journal.enrolment.merge(classes.rename(columns={"ends": "closes"}), on="class")
        years = joined["year"].to_numpy(dtype=np.int64)
        begins = np.maximum(first_school_days(years, setting), first_of_september(years))
        joined = joined.assign(begins=begins)[(joined["starts"] <= joined["closes"]) & (joined["ends"] > begins)]
        # The first class of the school year is the one that owes the card.
        joined = joined.sort_values(["student", "year", "starts"]).drop_duplicates(["student", "year"], keep="first")
        recorded = self._recorded(joined["ev_joined"].to_numpy(dtype=np.int32), setting)
        fixed = last_days(self.due, joined["year"].to_numpy(dtype=np.int64))
        starts = joined["starts"].to_numpy(dtype=np.int64)
        # On the list before the term, for the first school day: the date is meant; else the day on which the class got the student.
        initial = (starts <= joined["begins"].to_numpy()) & (recorded <= fixed)
        day = np.where(initial, fixed, np.maximum(starts, recorded))
        joined = joined.assign(day=day, limit=midnights(day + 1, setting))
        inside = (day >= setting.starts) & (joined["ends"].to_numpy() > day)
        owed = joined.loc[inside, ["class", "year", "student", "day", "limit", "ev_joined"]].reset_index(drop=True)
        return owed.assign(card=owed["student"])

    def _parents(self, rows: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """The parents of those students, each once in a year, with the student whose term is the mildest; not before the tie is there."""
        ties = setting.people.families.rename(columns={"parent": "card_of"})
        pairs = rows.merge(ties[ties["linked"].to_numpy(dtype=bool)][["student", "card_of", "ev_link"]], on="student")
        day = np.maximum(pairs["day"].to_numpy(), self._recorded(pairs["ev_link"].to_numpy(dtype=np.int32), setting))
        pairs = pairs.assign(day=day, limit=midnights(day + 1, setting), card=pairs["card_of"]).drop(columns="card_of")
        return pairs.sort_values(["day", "class", "student"]).drop_duplicates(["card", "year"], keep="last").reset_index(drop=True)

    def _recorded(self, events: npt.NDArray[np.int32], setting: Setting) -> npt.NDArray[np.int64]:
        return setting.journal.local_day(setting.journal.log.events["time"].to_numpy()[events])

    def _completed(self, rows: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """The rows with the record that completed the card: the first after the last one before the term that found it incomplete."""
        table = setting.journal.table("profile.updated")
        updates = setting.journal.entries("profile.updated").assign(card=codes_of(table["person"]))
        complete = table["complete"].fillna(value=True).to_numpy(dtype=bool)
        pairs = rows[["card", "year", "limit"]].merge(updates.assign(complete=complete), on="card")
        key = ["card", "year"]
        found = pairs[~pairs["complete"] & (pairs["done"] < pairs["limit"])].groupby(key)["event"].max().rename("incomplete")
        good = pairs[pairs["complete"]].join(found, on=key)
        good = good[good["event"] > good["incomplete"].fillna(-1)].sort_values("event").drop_duplicates(key, keep="first")
        return rows.merge(good[[*key, "event", "done", "low"]], on=key, how="left")

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date, or the day of joining, in Russian."""
        fixed = last_days(self.due, np.array([day]).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970)[0]
        if day == fixed:
            return _("данные нужны {words} — срок до {due}").format(words=self.due.words(), due=short_instant(due, setting))
        if self.of == "parents":
            return _("родитель связан с учеником {day} — срок до {due}").format(day=short_day(day), due=short_instant(due, setting))
        return _("ученик пришёл {day} — срок до {due}").format(day=short_day(day), due=short_instant(due, setting))
