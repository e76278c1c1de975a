"""Family `delivered_lists`: the lists of classes and teachers are handed to the administrator by a date, every year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self, cast

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from ingest.wording import _
from rules.answering import answerable
from rules.cases import Cases, acts, empty_act, silent, units
from rules.class_years import last_days, midnights, school_year_of
from rules.due import Due, short_day, short_instant
from rules.norm import Answer, Norm, Role

if TYPE_CHECKING:
    from rules.setting import Setting

Kind = Literal["classes", "teachers"]
_GRAIN = ("day",)
_JUNE = 6
"""From June on lists are those of the coming school year."""


class DeliveredLists(Norm):
    """All the lists named are delivered by the date, in the year in which the school year begins.

    Broken: the list of teachers delivered on 6 September where the 5th is the last day. Kept: both on the 5th at 23:00, though a Saturday.
    """

    family: Literal["delivered_lists"]
    role: Role = Field(default="secretary", description="Кто отвечает")
    kinds: tuple[Kind, ...] = Field(default=("classes", "teachers"), min_length=1, description="Какие списки: classes, teachers")
    due: Due = Field(description="Срок: date")
    missing: Answer = Field(default="violation", description="Вывод, если списка нет совсем")

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.due.form != "date":
            raise ValueError("the term of lists is a date")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per list and school year; one finding for all lists of a year."""
        journal = setting.journal
        table = journal.table("list.delivered")
        entries = journal.entries("list.delivered")
        delivered_on = journal.local_day(entries["done"].to_numpy(dtype="datetime64[us]"))
        entries = entries.assign(
            kind=table["kind"].astype(str).to_numpy(dtype=object), year=school_year_of(delivered_on, first_month=_JUNE)
        )
        years = np.unique(np.concatenate([setting.school_years["year"].to_numpy(dtype=np.int64), entries["year"].to_numpy(dtype=np.int64)]))
        day = last_days(self.due, years)
        rows = pd.DataFrame({"year": years, "day": day, "limit": midnights(day + 1, setting)})
        rows = rows[self._judged(rows, setting)].merge(pd.DataFrame({"kind": list(self.kinds)}), how="cross")
        if not len(entries):
            return silent(self, _GRAIN, int((rows["limit"].to_numpy() <= setting.as_of).sum()))
        frame = rows.merge(entries.drop_duplicates(["year", "kind"], keep="first"), on=["year", "kind"], how="left")
        event = frame["event"].fillna(-1).to_numpy(dtype=np.int64)
        kinds = frame["kind"].map({kind: place for place, kind in enumerate(self.kinds)}).to_numpy(dtype=np.int64)
        frame = frame.assign(
            person=answerable(
                self.role, frame["day"].to_numpy(dtype=np.int64), setting, actors=frame["actor"].fillna(-1).to_numpy(dtype=np.int32)
            ),
            act=acts(event, empty_act("data", frame["year"].to_numpy(dtype=np.int64), kinds)),
            ev_record=event,
            fig_kind=frame["kind"].to_numpy(dtype=object),
            fig_done=frame["done"].to_numpy(dtype="datetime64[us]"),
        )
        return Cases(self, units(frame), _GRAIN, missing=self.missing)

    def _judged(self, rows: pd.DataFrame, setting: Setting) -> np.ndarray:
        """Years whose beginning the log shows, and no declared period precedes."""
        events = setting.journal.log.events
        begun = events["time"].to_numpy(dtype="datetime64[us]")[:1]
        periods = setting.journal.periods
        # A year of which only later periods are declared began before the journal did.
        first = setting.school_years.set_index("year")["starts"].reindex(rows["year"]).to_numpy(dtype=np.float64)
        late = (first > rows["day"].to_numpy()) & bool(len(periods))
        shown = rows["limit"].to_numpy() > begun if len(rows) else late
        return np.asarray(shown & ~late & (rows["day"].to_numpy() >= setting.starts))

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date in Russian; it never moves to a working day."""
        text = _("дата {day} — срок до {due}").format(day=short_day(day), due=short_instant(due, setting))
        off = not setting.calendar.is_working(np.array([day]))[0]
        return text + (_(" (выходной, но названная дата не переносится)") if off else "")

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian which list came when, and which did not."""
        told = []
        for case in figures:
            done = cast("np.datetime64", case["done"])
            when = _("не передан") if np.isnat(done) else _("передан {done}").format(done=short_instant(done, setting))
            told.append(f"{list_names()[str(case['kind'])]} {when}")
        return ", ".join(told)


def list_names() -> dict[str, str]:
    """Give the kinds of lists in words."""
    return {"classes": _("список классов"), "teachers": _("список учителей")}
