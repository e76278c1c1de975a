"""What discharges duties of the staff: controls, reports to the administration, notices and announcements, and whose duty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.journal import day_numbers
from rules.answering import HOMEROOM
from rules.intervals import Per
from rules.norm import Role, Strict

if TYPE_CHECKING:
    from rules.setting import Setting

Mask = npt.NDArray[np.bool_]
ControlKind = Literal[
    "weekly_analysis", "monthly_analysis", "period_analysis", "deputy_check", "director_check", "roster_check", "attendance_check",
    "profile_check", "access_check",
]  # fmt: skip
ReportKind = Literal["progress", "homework", "period", "attendance", "programme", "class"]
Direction = Literal["topics", "marks", "density", "attendance", "plan", "homework", "participation"]
Form = Literal["any", "paper", "electronic"]
Sign = Literal["reason", "card"]
_COLUMNS = ["event", "done", "low", "actor", "day", "class", "from", "to", "sure"]


class Handing(Strict):
    """Reports, notices, announcements and messages that discharge a duty of the staff; several kinds: any of them does."""

    reports: tuple[ReportKind, ...] = Field(default=(), description="Отчёты администрации этих видов (report.delivered без ученика)")
    form: Form = Field(default="any", description="В каком виде отчёт: paper, electronic или any")
    notices: tuple[str, ...] = Field(default=(), description="Извещения на эти темы (notice.sent, about)")
    announcements: bool = Field(default=False, description="Годится и объявление (announcement.posted)")
    messages: bool = Field(default=False, description="Годится и сообщение (message.sent): о чём оно, журнал не знает")
    to: tuple[Role, ...] = Field(default=(), description="Кому вручено; пусто – кому угодно из работников")

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of events that it looks at."""
        given = (
            ("report.delivered", self.reports),
            ("notice.sent", self.notices),
            ("announcement.posted", self.announcements),
            ("message.sent", self.messages),
        )
        return tuple(kind for kind, wanted in given if wanted)

    def acts(self, by: tuple[str, ...], setting: Setting, per: Per = "school") -> pd.DataFrame:
        """Give what was handed over by one of the roles, or by nobody knows whom: event, done, low, actor, day, class, from, to, sure."""
        parts = [_nothing()]
        if self.reports:
            parts.append(self._reports(setting))
        if self.notices:
            parts.append(self._notices(setting))
        if self.announcements:
            parts.append(setting.journal.entries("announcement.posted").assign(**{"class": -1}))
        if self.messages:
            letters = setting.journal.entries("message.sent", to="person").assign(**{"class": -1})
            parts.append(letters[self._received(letters["to"].to_numpy(), setting)])
        acts = pd.concat(parts, ignore_index=True)
        acts = acts.assign(
            day=setting.journal.local_day(acts["done"].to_numpy(dtype="datetime64[us]")), sure=True, **{"from": -1, "to": -1}
        )
        actors = acts["actor"].to_numpy(dtype=np.int32)
        own = setting.people.holds(by, actors, acts["day"].to_numpy()) | ~setting.people.known[actors]
        if per == "class":
            # A report that names its class is that class's, whoever carried it.
            own |= (acts["class"] >= 0).to_numpy()
        found: pd.DataFrame = acts.loc[own, _COLUMNS].reset_index(drop=True)
        return found

    def _reports(self, setting: Setting) -> pd.DataFrame:
        journal = setting.journal
        fields = {"report": "word", "student": "person", "class": "class", "form": "word", "to": "person"}
        reports = journal.entries("report.delivered", **fields)
        chosen = named(self.reports, setting)[reports["report"].to_numpy()] & (reports["student"].to_numpy() < 0)
        if self.form != "any":
            chosen &= named((self.form,), setting)[reports["form"].to_numpy()]
        found: pd.DataFrame = reports[chosen & self._received(reports["to"].to_numpy(), setting)]
        return found

    def _notices(self, setting: Setting) -> pd.DataFrame:
        notices = setting.journal.entries("notice.sent", about="word", to="person", **{"class": "class"})
        chosen = named(self.notices, setting)[notices["about"].to_numpy()]
        found: pd.DataFrame = notices[chosen & self._received(notices["to"].to_numpy(), setting)]
        return found

    def _received(self, to: npt.NDArray[np.int32], setting: Setting) -> Mask:
        """Whether each recipient can be one of those wanted: not when it is known to be somebody else."""
        people = setting.people
        wanted = people.ever(*self.to) if self.to else people.staff
        return np.asarray(wanted[to] | ~people.known[to], dtype=bool)


def _nothing() -> pd.DataFrame:
    empty = {"event": np.int32, "done": "datetime64[us]", "low": "datetime64[us]", "actor": np.int32, "class": np.int32}
    return pd.DataFrame({name: np.zeros(0, dtype=kind) for name, kind in empty.items()})


def named(words: tuple[str, ...], setting: Setting) -> Mask:
    """Tell for each code of the domain of words (and -1, last) whether it is one of these."""
    return np.append(np.isin(setting.journal.names("word").astype(str), words), False)


def controls(kinds: tuple[str, ...], by: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    """Give the controls of these kinds made as, or by, one of the roles: event, done, low, actor, day, class, from, to, sure, published
    (1, 0, -1 not said), directions (tuple, empty where none is named).
    """
    journal = setting.journal
    entries = journal.entries("control.performed", control="word", role="word", **{"class": "class"})
    table = journal.table("control.performed")
    entries = entries.assign(
        **{"from": day_numbers(table["from"], -1), "to": day_numbers(table["to"], -1)},
        day=journal.local_day(entries["done"].to_numpy()),
        sure=True,
        published=table["published"].astype("Int64").fillna(-1).to_numpy(dtype=np.int64),
        directions=pd.Series([tuple(items or ()) for items in table["directions"]], index=entries.index, dtype=object),
    )
    held = setting.people.holds(by, entries["actor"].to_numpy(), entries["day"].to_numpy())
    chosen = named(kinds, setting)[entries["control"].to_numpy()] & (named(by, setting)[entries["role"].to_numpy()] | held)
    found: pd.DataFrame = entries.loc[chosen, [*_COLUMNS, "published", "directions"]].reset_index(drop=True)
    return found


def signs(sign: Sign, setting: Setting) -> pd.DataFrame:
    """Give what homeroom teachers entered in the course of a control of their classes, as controls: the first of each class and day."""
    made = _reasons(setting) if sign == "reason" else _cards(setting)
    made = made.assign(day=setting.journal.local_day(made["done"].to_numpy(dtype="datetime64[us]")))
    classes, days = made["class"].to_numpy(dtype=np.int32), made["day"].to_numpy(dtype=np.int64)
    own = (made["actor"].to_numpy() == setting.journal.homeroom(classes, days)) & (made["actor"].to_numpy() >= 0)
    first = made[own].drop_duplicates(["class", "day"], keep="first").reset_index(drop=True)
    said_nothing = pd.Series([()] * len(first), index=first.index, dtype=object)
    acts: pd.DataFrame = first.assign(**{"from": -1, "to": -1}, sure=True, published=-1, directions=said_nothing)
    return acts


def _reasons(setting: Setting) -> pd.DataFrame:
    """Reasons of absences, with the class of the lesson."""
    journal = setting.journal
    history = journal.attendance
    names_reason = np.array([*(setting.vocabulary.reasoned(str(code)) for code in journal.names("code")), False], dtype=bool)
    history = history[names_reason[history["code"].to_numpy()]]
    classes = journal.lessons["class"].to_numpy()[history["lesson"].to_numpy()]
    reasons: pd.DataFrame = history[["event", "done", "low", "actor"]].assign(**{"class": classes})
    return reasons


def _cards(setting: Setting) -> pd.DataFrame:
    """Entries on personal cards, with the class that they name, else that of the student or of a parent's child."""
    people = setting.people
    cards = people.acts("profile.updated", **{"class": "class"})
    of_student = people.class_of(people.pupils(cards["person"].to_numpy(dtype=np.int32)), cards["day"].to_numpy(dtype=np.int64))
    named = cards["class"].to_numpy(dtype=np.int32)
    return cards[["event", "done", "low", "actor"]].assign(**{"class": np.where(named >= 0, named, of_student).astype(np.int32)})


def owned(acts: pd.DataFrame, per: Per, by: tuple[str, ...], setting: Setting) -> pd.DataFrame:
    """Give the acts with `key`, the code of the class or teacher whose duty each can discharge (0 for the school's).

    An act that names no class is that of every class whose homeroom teacher made it; where the duty is not the homeroom teacher's, of
    every class. A homeroom teacher's act may be any class's where nobody knows who made it, or whose the class is.
    """
    if per == "school":
        return acts.assign(key=0)
    if per == "teacher":
        return acts[acts["actor"] >= 0].assign(key=lambda frame: frame["actor"])
    placed = acts[acts["class"] >= 0].assign(key=lambda frame: frame["class"])
    loose = acts[acts["class"] < 0]
    spread = loose.merge(pd.DataFrame({"key": np.arange(setting.journal.size("class"))}), how="cross")
    if HOMEROOM in by:
        homeroom = setting.journal.homeroom(spread["key"].to_numpy(dtype=np.int32), spread["day"].to_numpy(dtype=np.int64))
        actor = spread["actor"].to_numpy()
        known = (actor >= 0) & (homeroom >= 0)
        spread = spread.assign(sure=spread["sure"].to_numpy(dtype=bool) & known)[~known | (actor == homeroom)]
    return pd.concat([placed, spread], ignore_index=True)
