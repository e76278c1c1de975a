"""Family `after_entry`: what an entry on the lists calls for (a consent, a tie to the parent, a corrected card) is done by its term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, model_validator

from ingest.wording import _
from rules.cases import Cases, acts, empty_act, silent, units
from rules.day_due import DayDue
from rules.due import short_day, short_instant
from rules.norm import Answer, Norm, Role
from rules.telling import late_by, some, when

if TYPE_CHECKING:
    from rules.setting import Setting

Entry = Literal["joined", "account", "incomplete_card"]
Act = Literal["account", "credentials", "consent", "link", "card"]
_GRAIN = ("object", "day")
_COLUMNS = ["person", "event", "done", "low", "day", "since"]
_TICK = np.timedelta64(1, "us")
_CELL: dict[Act, str] = {"account": "account", "credentials": "access", "consent": "consent", "link": "other", "card": "data"}
_SOURCES: dict[Act, tuple[str, ...]] = {
    "account": ("account.created",),
    "credentials": ("credentials.issued",),
    "consent": ("consent.signed", "consent.refused"),
    "link": ("parent.linked",),
    "card": ("profile.updated",),
}


class AfterEntry(Norm):
    """A student who joins, a new account, a card found incomplete: what it calls for is done by its term.

    Broken: a parent's account made on Monday, no tie to the student a week later, under a term of five working days. Kept: tied on
    Friday, or before the account was made. What the log begins with (the lists on its first day) says nothing of when it was done.
    """

    family: Literal["after_entry"]
    role: Role = Field(default="student_operator", description="Кто отвечает")
    entry: Entry = Field(
        description="После чего: joined – ученик внесён в класс, account – создана учётная запись, incomplete_card – карточка неполна"
    )
    of: tuple[Role, ...] = Field(min_length=1, description="О ком: роли людей (для joined – student)")
    act: Act = Field(description="Что нужно: account, credentials, consent (подписано или отказ), link (родитель связан), card (полная)")
    due: DayDue = Field(description="Срок в днях")
    missing: Answer = Field(default="violation", description="Вывод, если этого нет")

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.entry == "joined" and set(self.of) != {"student"}:
            raise ValueError("only students join a class")
        if self.entry == self.act or (self.entry == "incomplete_card" and self.act != "card"):
            raise ValueError("an incomplete card calls for a card, an account for something else")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per entry; `day` is that of the entry, done the first act for the person (for a card: the first after it)."""
        entries = self._entries(setting)
        days = entries["since"].to_numpy(dtype=np.int64)
        classes = self._classes(entries["person"].to_numpy(dtype=np.int32), days, setting)
        limit = self.due.terms(entries.assign(day=days, **{"class": classes}), setting).limit
        if not setting.journal.has(*_SOURCES[self.act]):
            return silent(self, _GRAIN, int((limit <= setting.as_of).sum()))
        found = self._found(entries, setting)
        event, person = found["event"].to_numpy(dtype=np.int32), entries["person"].to_numpy(dtype=np.int32)
        names = np.append(setting.journal.names("person"), "")
        frame = pd.DataFrame(
            {
                "person": self._who(person, classes, days, setting),
                "student": np.where(setting.people.ever("student")[person], person, -1),
                "class": classes,
                "limit": limit,
                "done": found["done"].to_numpy(dtype="datetime64[us]"),
                "low": found["low"].to_numpy(dtype="datetime64[us]"),
                "day": days,
                "act": acts(event, empty_act(_CELL[self.act], person.astype(np.int64), days)),
                "object": names[person],
                "ev_entry": entries["event"].to_numpy(),
                "ev_record": event,
                "fig_whom": names[person],
                "fig_entered": days,
                "fig_done": found["done"].to_numpy(dtype="datetime64[us]"),
                "fig_due": limit,
            }
        )
        still = self._still_owed(entries, limit, setting) | (frame["done"].to_numpy() < limit)
        return Cases(self, units(frame[still].reset_index(drop=True)), _GRAIN, missing=self.missing)

    # ---- what calls for the act ------------------------------------------------------------------------------------------------

    def _entries(self, setting: Setting) -> pd.DataFrame:
        """What calls for the act: person, event, done, low, day (recorded), since (the day from which the term runs)."""
        people = setting.people
        match self.entry:
            case "joined":
                joined = setting.journal.enrolment.sort_values("ev_joined").drop_duplicates("student")
                recorded = people.acts("student.joined", "student").set_index("event").reindex(joined["ev_joined"])
                made = recorded.reset_index(names="event").assign(person=joined["student"].to_numpy())
                made["since"] = np.maximum(made["day"].to_numpy(), joined["starts"].to_numpy())
            case "account":
                made = people.acts("account.created").drop_duplicates("person").assign(since=lambda frame: frame["day"])
            case _:
                made = self._incomplete(setting)
        if self.entry != "incomplete_card":
            made = made[made["day"].to_numpy() > _opening(setting)]
        held = people.holds(self.of, made["person"].to_numpy(dtype=np.int32), made["day"].to_numpy(dtype=np.int64))
        chosen: pd.DataFrame = made.loc[held & (made["since"] >= setting.duties_from).to_numpy(), _COLUMNS].reset_index(drop=True)
        return chosen

    def _cards(self, setting: Setting) -> pd.DataFrame:
        complete = setting.journal.table("profile.updated")["complete"].fillna(value=True).to_numpy(dtype=bool)
        return setting.people.acts("profile.updated").assign(complete=complete)

    def _incomplete(self, setting: Setting) -> pd.DataFrame:
        """The first record of each time in which a card was incomplete."""
        cards = self._cards(setting).sort_values(["person", "event"])
        before = cards.groupby("person")["complete"].shift(1).fillna(value=True).astype(bool)
        found: pd.DataFrame = cards[before.to_numpy() & ~cards["complete"].to_numpy()]
        return found.assign(since=found["day"]).sort_values("event")

    # ---- what was done ---------------------------------------------------------------------------------------------------------

    def _found(self, entries: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """The act that answers each entry: event (-1 none), done, low."""
        made = self._acts(setting)
        pairs = entries[["person", "event"]].reset_index(names="row").merge(made, on="person", suffixes=("_entry", ""))
        if self.entry == "incomplete_card":
            pairs = pairs[pairs["event"] > pairs["event_entry"]]
        first = pairs.sort_values("event").drop_duplicates("row").set_index("row")[["event", "done", "low"]]
        found: pd.DataFrame = first.reindex(np.arange(len(entries)))
        return found.assign(event=found["event"].fillna(-1).astype(np.int32))

    def _acts(self, setting: Setting) -> pd.DataFrame:
        """Every act of the kind: person, event, done, low."""
        people = setting.people
        match self.act:
            case "consent":
                papers = people.consents
                of_child = papers.drop(columns="parent").merge(people.families[["parent", "student"]], on="student")
                parts = [papers.assign(person=papers["student"]), papers.assign(person=papers["parent"])]
                parts.append(of_child.assign(person=of_child["parent"]))
                made = pd.concat(parts, ignore_index=True)
            case "link":
                tied = people.acts("parent.linked", "parent", student="person")
                made = pd.concat([tied, tied.assign(person=tied["student"])], ignore_index=True)
            case "card":
                made = self._cards(setting)
                made = made[made["complete"].to_numpy()]
            case _:
                made = people.acts(_SOURCES[self.act][0])
        chosen: pd.DataFrame = made.loc[(made["person"] >= 0).to_numpy(), ["person", "event", "done", "low"]]
        return chosen

    # ---- whom it concerns ------------------------------------------------------------------------------------------------------

    def _classes(self, person: npt.NDArray[np.int32], days: npt.NDArray[np.int64], setting: Setting) -> npt.NDArray[np.int32]:
        """The class of each student, or of a parent's first child, on the day; -1 where there is none."""
        return setting.people.class_of(setting.people.pupils(person), days, ahead=True)

    def _who(
        self, person: npt.NDArray[np.int32], classes: npt.NDArray[np.int32], days: npt.NDArray[np.int64], setting: Setting
    ) -> npt.NDArray[np.int32]:
        if self.role == "homeroom_teacher":
            return setting.journal.homeroom(classes, days)
        if self.role == "parent":
            return setting.people.sole_parent(setting.people.pupils(person))
        return setting.journal.holders(self.role, days)

    def _still_owed(self, entries: pd.DataFrame, limit: npt.NDArray[np.datetime64], setting: Setting) -> npt.NDArray[np.bool_]:
        """Tell whether the student was still in a class, and the account still open, when the term ran out."""
        person = entries["person"].to_numpy(dtype=np.int32)
        last = setting.calendar.day_of(np.asarray(np.where(np.isnat(limit), setting.as_of, limit) - _TICK, dtype="datetime64[us]"))
        left = setting.people.ever("student")[person] & (setting.people.class_of(person, last) < 0)
        closed = setting.people.acts("account.disabled").sort_values("event").drop_duplicates("person", keep="last").set_index("person")
        ended = closed["done"].reindex(person).to_numpy(dtype="datetime64[us]")
        gone = (self.entry == "account") & (ended < limit)
        return np.asarray(~left & ~gone, dtype=bool)

    # ---- in words --------------------------------------------------------------------------------------------------------------

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date arithmetic of the term in Russian."""
        if self.due.form == "same_day":
            return _("в тот же день — срок до {due}").format(due=short_instant(due, setting))
        return self.due.arithmetic(day, due, setting)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian what was entered when, and what was done after it."""
        return some([self._sentence(case, setting) for case in figures])

    def _sentence(self, case: Mapping[str, object], setting: Setting) -> str:
        text = entry_words()[self.entry].format(whom=case["whom"], day=short_day(int(str(case["entered"]))))
        done, due = np.datetime64(str(case["done"]), "us"), np.datetime64(str(case["due"]), "us")
        words = act_words()[self.act]
        if np.isnat(done):
            return _("{entry}; на {as_of} нет: {act}").format(entry=text, as_of=short_instant(setting.as_of, setting), act=words)
        return _("{entry}; {act} — {done}").format(entry=text, act=words, done=when(done, setting)) + late_by(due, done, setting)


def _opening(setting: Setting) -> int:
    """The local day on which the log begins."""
    times = setting.journal.log.events["time"].to_numpy()[:1]
    return int(setting.journal.local_day(times)[0]) if len(times) else 0


def entry_words() -> dict[str, str]:
    """Give in words what called for the act, with places for the person and the day."""
    return {
        "joined": _("{whom} в классе с {day}"),
        "account": _("учётная запись {whom} создана {day}"),
        "incomplete_card": _("карточка {whom} неполна с {day}"),
    }


def act_words() -> dict[str, str]:
    """Give in words what is called for."""
    return {
        "account": _("учётная запись"),
        "credentials": _("реквизиты выданы"),
        "consent": _("согласие (или отказ)"),
        "link": _("связь родителя с учеником"),
        "card": _("полная карточка"),
    }
