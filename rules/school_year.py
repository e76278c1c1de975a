"""Family `school_year`: the year is closed after what belongs to it, and opened before its first lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self, cast

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from ingest.wording import _
from rules.answering import answerable
from rules.archive_acts import CELL, Act, Document, act_names, acts_done, banned
from rules.cases import Cases, acts, empty_act, silent, units
from rules.class_years import UNKNOWN_YEAR, class_years, first_lessons, school_year_of, year_label, years_named
from rules.due import short_instant
from rules.norm import Answer, Norm, Role

if TYPE_CHECKING:
    from rules.setting import Setting

Step = Literal["period_marks", "final_marks", "checked", "exported", "printed", "bound", "deposited"]
_GRAIN = ("object",)
_MARKS = {"period_marks": "period_mark.recorded", "final_marks": "final_mark.recorded"}


class SchoolYear(Norm):
    """A school year is closed when its marks stand and its journals are archived; the next one is opened before the first lesson.

    Broken: closed on 20 June, class 7В printed on the 28th (or never); opened on 3 September, lessons since the 2nd. Kept: closed on
    1 July, all printed. Marks count as coming after when they were first entered between the closing and the end of August.
    """

    family: Literal["school_year"]
    role: Role = Field(default="administrator", description="Кто отвечает")
    act: Literal["closed", "opened"] = Field(
        description="closed – год закрыт после всего, что названо в after; opened – открыт до первого урока"
    )
    after: tuple[Step, ...] = Field(
        default=(), description="Для closed: period_marks, final_marks, checked, exported, printed, bound, deposited"
    )
    document: Document = Field(default="journal", description="Для closed: с чем сделаны действия архива")
    before: Literal["first_lesson"] | None = Field(default=None, description="Для opened: до чего (first_lesson)")
    missing: Answer = Field(default="violation", description="Для opened: вывод, если год не открыт совсем")

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if (self.act == "closed") != bool(self.after) or (self.act == "opened") != (self.before is not None):
            raise ValueError("closed needs `after`, opened needs `before`")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per school year closed, or begun."""
        return self._closed(setting) if self.act == "closed" else self._opened(setting)

    # ---- opened ----------------------------------------------------------------------------------------------------------------------

    def _opened(self, setting: Setting) -> Cases:
        first = first_lessons(setting)
        first = first[(first["day"] >= setting.duties_from).to_numpy()].rename(columns={"start": "limit"})
        if not setting.journal.has("year.opened"):
            return silent(self, _GRAIN, int((first["limit"].to_numpy() <= setting.as_of).sum()))
        opened = _named(setting, "opened").drop_duplicates("year", keep="first")
        frame = first.merge(opened, on="year", how="left")
        event = frame["event"].fillna(-1).to_numpy(dtype=np.int64)
        years = frame["year"].to_numpy(dtype=np.int64)
        frame = frame.assign(act=acts(event, empty_act("data", years)), ev_record=event)
        return Cases(self, units(self._answered(frame, setting)), _GRAIN, missing=self.missing)

    # ---- closed ----------------------------------------------------------------------------------------------------------------------

    def _closed(self, setting: Setting) -> Cases:
        # Of several closings the last counts: the year had been opened again.
        closed = _named(setting, "closed").drop_duplicates("year", keep="last").rename(columns={"event": "ev_closed"})
        closed["day"] = setting.journal.local_day(closed["done"].to_numpy(dtype="datetime64[us]"))
        archived = [step for step in self.after if step not in _MARKS]
        silenced = bool(archived) and not setting.journal.has("archive.*")
        parts = [self._late_marks(_MARKS[step], closed, setting) for step in self.after if step in _MARKS]
        parts += [] if silenced else [self._unarchived(cast("Act", step), closed, setting) for step in archived]
        if not parts:
            return silent(self, _GRAIN, len(closed), ban=True)
        frame = self._shown(closed, pd.concat(parts, ignore_index=True), setting)
        frame = self._answered(frame.assign(act=frame["ev_closed"].to_numpy(dtype=np.int64)), setting)
        undecidable = len(closed) if silenced else 0
        return Cases(self, units(frame), _GRAIN, ban=True, status="out_of_order", undecidable=undecidable)

    def _shown(self, closed: pd.DataFrame, found: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Each closing with what came after it: the first of what surely did, else of what may have, and all classes concerned."""
        surely = found["sure"].to_numpy(dtype=bool)
        broken = closed["year"].isin(found.loc[surely, "year"]).to_numpy()
        shown = found[surely | ~found["year"].isin(found.loc[surely, "year"]).to_numpy()].sort_values("then")
        frame = closed.merge(shown.drop_duplicates("year")[["year", "ev_late", "then", "step"]], on="year", how="left")
        of_year = {year: sorted(set(part["class"].tolist()) - {-1}) for year, part in shown.groupby("year")}
        classes = [of_year.get(year, []) for year in frame["year"]]
        frame["class"] = np.array([codes[0] if len(codes) == 1 else -1 for codes in classes], dtype=np.int32)
        names = ["; ".join(str(setting.journal.name("class", code)) for code in codes) for codes in classes]
        return banned(frame, broken, closed["year"].isin(found["year"]).to_numpy()).assign(
            fig_classes=np.array(names, dtype=object),
            fig_step=frame["step"].astype(object).fillna(""),
            fig_then=frame["then"].to_numpy(dtype="datetime64[us]"),
            fig_done=frame["done"].to_numpy(dtype="datetime64[us]"),
            fig_sure=broken,
        )

    def _late_marks(self, event_type: str, closed: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Marks first entered after their year was closed, before the next school year: year, class, then, ev_late, sure, step."""
        columns = {"class": "class", "subject": "subject", "student": "person"}
        if event_type == "period_mark.recorded":
            columns["period"] = "period"
        entries = setting.journal.entries(event_type, **columns).drop_duplicates([*columns], keep="first")
        days = setting.journal.local_day(entries["done"].to_numpy(dtype="datetime64[us]"))
        entries["year"] = school_year_of(days, first_month=9)
        if "period" in columns:
            periods = setting.journal.periods
            of_period = pd.Series(school_year_of(periods["starts"].to_numpy(dtype=np.int64)), index=periods["period"].to_numpy())
            entries = entries[entries["period"].map(of_period).to_numpy() == entries["year"].to_numpy()]
        entries = entries.rename(columns={"done": "then", "low": "then_low", "event": "ev_late"})
        late = entries.merge(closed[["year", "done", "low"]], on="year")
        late = late[late["then"] > late["low"]]
        known = class_years(self.where, setting)[CELL] if self.where.grades else None
        late = late if known is None else late.merge(known, on=CELL)
        step = "final_marks" if event_type == _MARKS["final_marks"] else "period_marks"
        return late.assign(sure=late["then_low"] > late["done"], step=step)[["year", "class", "then", "ev_late", "sure", "step"]]

    def _unarchived(self, act: Act, closed: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Classes whose journals were archived only after their year was closed, or never: as `_late_marks`, `then` NaT for never."""
        rows = class_years(self.where, setting)
        rows = rows[~rows["gone"].to_numpy(dtype=bool)][CELL].merge(closed[["year", "done", "low"]], on="year")
        first = acts_done(act, self.document, setting).drop_duplicates(CELL, keep="first")
        first = first.rename(columns={"done": "then", "low": "then_low", "event": "ev_late"})[[*CELL, "then", "then_low", "ev_late"]]
        both = rows.merge(first, on=CELL, how="left")
        both = both[~(both["then"] <= both["low"])]
        sure = both["then"].isna() | (both["then_low"] > both["done"])
        return both.assign(sure=sure, step=act)[["year", "class", "then", "ev_late", "sure", "step"]]

    def _answered(self, frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        actors = frame["actor"].fillna(-1).to_numpy(dtype=np.int32)
        days = frame["day"].to_numpy(dtype=np.int64)
        person = answerable(self.role, days, setting, actors=actors, ban=self.act == "closed")
        return frame.assign(person=person, object=[year_label(year) for year in frame["year"]])

    # ---- in words ------------------------------------------------------------------------------------------------------------------

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give when the first lesson began, in Russian; a closing has no term."""
        return _("первый урок учебного года начался {due}").format(due=short_instant(due, setting)) if self.act == "opened" else ""

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian what came after the closing of the year, or never."""
        if self.act == "opened":
            return ""
        case = figures[0]
        done, then = (cast("np.datetime64", case[name]) for name in ("done", "then"))
        text = _("год закрыт {done}, а {step} {then}").format(
            done=short_instant(done, setting),
            step=step_names()[str(case["step"])],
            then=_("не отмечена") if np.isnat(then) else short_instant(then, setting),
        )
        text += _(" (классы: {classes})").format(classes=case["classes"]) if case["classes"] else ""
        return text if case["sure"] else text + _("; что было раньше, по данным не решить")


def step_names() -> dict[str, str]:
    """Give what has to come before the closing of a year in words."""
    return {"period_marks": _("отметка за период выставлена"), "final_marks": _("итоговая отметка выставлена"), **act_names()}


def _named(setting: Setting, act: str) -> pd.DataFrame:
    """The openings or closings of school years that can be read: event, done, low, actor, year."""
    entries = setting.journal.entries(f"year.{act}")
    entries["year"] = years_named(setting.journal.table(f"year.{act}")["school_year"])
    return entries[(entries["year"] != UNKNOWN_YEAR).to_numpy()].reset_index(drop=True)
