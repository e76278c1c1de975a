"""Family `compromise`: credentials that others may know are changed, and the administrator is told, by the term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.cases import Cases, acts, empty_act, silent, units
from rules.day_due import DayDue
from rules.due import short_instant
from rules.norm import Answer, Norm, Role
from rules.telling import late_by, some, when

if TYPE_CHECKING:
    from rules.setting import Setting

_GRAIN = ("object", "day")
_CREDENTIALS = "credentials"
_WIDE = np.int64(1 << 32)
_MADE = {"changed": ("credentials.changed",), "told": ("incident.reported", "message.sent", "notice.sent")}


class Compromise(Norm):
    """After a report that somebody's credentials are known to others, their owner changes them, and the administrator learns of it.

    Broken: reported on Monday at 12:00, changed on Tuesday. Kept: changed on Monday at 20:00, or that morning before the report.
    """

    family: Literal["compromise"]
    act: Literal["changed", "told"] = Field(description="changed – пароль сменён; told – администратор извещён")
    due: DayDue = Field(description="Срок от дня сообщения")
    missing: Answer = Field(default="violation", description="Вывод, если не сделано")
    of: tuple[Role, ...] = Field(default=(), description="Чьи реквизиты (пусто – любые)")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per person and day of a report; `day` is that day, done the first act on it or later."""
        reports = self._reports(setting)
        limit = self.due.terms(reports.assign(**{"class": -1}), setting).limit
        if not setting.journal.has(*_MADE[self.act]):
            known = reports["known"].to_numpy(dtype=bool) if self.act == "told" else np.zeros(len(reports), dtype=bool)
            return silent(self, _GRAIN, int(((limit <= setting.as_of) & ~known).sum()))
        made = self._changes(setting) if self.act == "changed" else self._tidings(reports, setting)
        found = _first_since(made, reports)
        event = found["event"].fillna(-1).to_numpy(dtype=np.int32)
        names = setting.journal.names("person")
        person, days = reports["person"].to_numpy(dtype=np.int32), reports["day"].to_numpy(dtype=np.int64)
        frame = reports.assign(
            limit=limit,
            done=found["done"].to_numpy(dtype="datetime64[us]"),
            low=found["low"].to_numpy(dtype="datetime64[us]"),
            object=names[person],
            act=acts(event, empty_act("access", person, days)),
            role=setting.people.role_shown(person, days, self.role),
            ev_reported=reports["event"],
            ev_record=event,
            fig_reported=reports["done"],
            fig_done=found["done"].to_numpy(dtype="datetime64[us]"),
            fig_due=limit,
        )
        return Cases(self, units(frame), _GRAIN, missing=self.missing)

    def _reports(self, setting: Setting) -> pd.DataFrame:
        """The first report of each person and day: person, day, done, event, known (the administrator made it)."""
        people = setting.people
        leaks = people.acts("credentials.compromised")
        incidents = people.acts("incident.reported", kind="word")
        kind: npt.NDArray[np.bool_] = np.append(setting.journal.names("word") == _CREDENTIALS, False)
        reports: pd.DataFrame = pd.concat([leaks, incidents[kind[incidents["kind"].to_numpy()]]], ignore_index=True)
        # A report that names nobody is about whoever made it.
        nobody = reports["person"].to_numpy() < 0
        reports["person"] = np.where(nobody, reports["actor"], reports["person"])
        reports["known"] = people.holds(["administrator"], reports["actor"].to_numpy(), reports["day"].to_numpy())
        chosen: npt.NDArray[np.bool_] = reports["person"].to_numpy() >= 0
        if self.of:
            chosen &= people.holds(self.of, reports["person"].to_numpy(), reports["day"].to_numpy())
        return reports[chosen].sort_values("event").drop_duplicates(["person", "day"]).reset_index(drop=True)

    def _changes(self, setting: Setting) -> pd.DataFrame:
        return setting.people.acts("credentials.changed")

    def _tidings(self, reports: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """What tells the administrator: an incident reported by the person or about it, a letter from the person, a report of their own."""
        people = setting.people
        incidents = people.acts("incident.reported", kind="word")
        kind: npt.NDArray[np.bool_] = np.append(setting.journal.names("word") == _CREDENTIALS, False)
        incidents = incidents[kind[incidents["kind"].to_numpy()]]
        letters = pd.concat([people.acts(event_type, "to") for event_type in ("message.sent", "notice.sent")], ignore_index=True)
        to_administrator = people.holds(["administrator", "backup_administrator"], letters["person"].to_numpy(), letters["day"].to_numpy())
        by_person = [part.assign(person=part["actor"]) for part in (incidents, letters[to_administrator])]
        own = reports[reports["known"].to_numpy(dtype=bool)]
        tidings: pd.DataFrame = pd.concat([incidents, *by_person, own], ignore_index=True)
        return tidings

    # ---- words -----------------------------------------------------------------------------------------------------------------

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date arithmetic of the term in Russian."""
        if self.due.form == "same_day":
            return _("в день сообщения — срок до {due}").format(due=short_instant(due, setting))
        return self.due.arithmetic(day, due, setting)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian when it was reported and when the password was changed or the administrator told."""
        return some([self._sentence(case, setting) for case in figures])

    def _sentence(self, case: Mapping[str, object], setting: Setting) -> str:
        reported = _("о доступе посторонних сообщено {reported}").format(reported=when(case["reported"], setting))
        done, due = np.datetime64(str(case["done"]), "us"), np.datetime64(str(case["due"]), "us")
        if np.isnat(done):
            none = _("смены пароля нет") if self.act == "changed" else _("сообщения администратору в журнале нет")
            return _("{reported}, на {as_of} {none}").format(reported=reported, as_of=short_instant(setting.as_of, setting), none=none)
        done_so = _("пароль сменён {done}") if self.act == "changed" else _("администратору сообщено {done}")
        return f"{reported}, {done_so.format(done=when(done, setting))}" + late_by(due, done, setting)


def _first_since(made: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """The first act of each report's person on the day of the report or later (event, done, low; missing where there is none)."""
    ordered = made.drop_duplicates(["person", "event"]).sort_values(["person", "day", "event"], ignore_index=True)
    keys = _keys(ordered)
    at = np.searchsorted(keys, _keys(reports))
    place = np.minimum(at, max(len(ordered) - 1, 0))
    same = (at < len(ordered)) & (ordered["person"].reindex(place).to_numpy() == reports["person"].to_numpy())
    return ordered[["event", "done", "low"]].reindex(np.where(same, place, -1)).reset_index(drop=True)


def _keys(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    return np.asarray(frame["person"].to_numpy(dtype=np.int64) * _WIDE + frame["day"].to_numpy(dtype=np.int64))
