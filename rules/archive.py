"""Family `archive`: a step of archiving (check, export, print, binding, deposit) is done for every class by its term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self, cast

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from ingest.wording import _
from rules.answering import answerable
from rules.archive_acts import CELL, NEVER, Act, Copy, Document, act_names, acts_done, cell_acts
from rules.cases import Cases, silent, units
from rules.class_years import class_years, last_days, midnights, year_label
from rules.due import Due, short_day, short_instant
from rules.norm import Answer, Norm

if TYPE_CHECKING:
    from rules.setting import Setting

GRAIN = ("class", "object")
_FORMS = ("date", "same_day", "working_days", "calendar_days")


class Archive(Norm):
    """Every class formed for a school year has its journal (or summary) checked, exported, printed, bound or deposited by the term.

    Broken: bound on 1 July where 30 June is the last day; printed, but never bound; exported as a database file where PDF is wanted.
    Kept: bound on Sunday 30 June at 23:00; exported twice, the first time as PDF in time.

    The term is a date in the calendar year in which the school year ends, or days from its last day; with `after` it runs from another
    act, and a class where that was not done owes nothing yet. What a bound document says of printing needs no print of its own.
    """

    family: Literal["archive"]
    act: Act = Field(description="Что делается: checked, exported, printed, bound, deposited")
    document: Document = Field(default="journal", description="С чем: journal – журнал, summary – сводная ведомость")
    due: Due = Field(description="Срок: date, а от конца года или действия after – same_day, working_days, calendar_days")
    after: Act | None = Field(default=None, description="Срок идёт от этого действия («сразу после проверки»)")
    after_document: Document | None = Field(default=None, description="С чем сделано действие after, если с другим документом")
    counted_after: Act | None = Field(default=None, description="Из нескольких таких действий считается первое после этого")
    formats: tuple[str, ...] = Field(default=(), description="Только эти форматы (pdf, html, …); пусто – любые")
    copies: tuple[Copy, ...] = Field(default=(), description="Нужны все эти экземпляры: main, working")
    missing: Answer = Field(default="violation", description="Вывод, если этого не сделано совсем")
    early: Answer = Field(default="ignore", description="Для after: вывод, если сделано раньше него и больше не повторено")

    @model_validator(mode="after")
    def _fitting_term(self) -> Self:
        if self.due.form not in _FORMS:
            raise ValueError("an archive's term is one of " + ", ".join(_FORMS))
        if self.due.form == ("same_day" if self.after is None else "date"):
            raise ValueError("a date stands without `after`, same_day with it")
        if self.copies and self.after is not None:
            raise ValueError("copies are wanted by a term without `after`")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per class, school year and wanted copy."""
        rows = self._owed(setting)
        if not setting.journal.has("archive.*"):
            return silent(self, GRAIN, int((self._termed(rows, setting)["limit"].to_numpy() <= setting.as_of).sum()))
        done = self._done(setting)
        if self.after is None:
            frame = self._first(self._termed(rows, setting), done)
        else:
            frame = self._following(rows, acts_done(self.after, self.after_document or self.document, setting), done, setting)
        frame = self._unfit(frame, setting)
        return Cases(self, units(self._finished(frame, setting)), GRAIN, missing=self.missing, early=self.early)

    # ---- what is owed, and what was done -------------------------------------------------------------------------------------------

    def _owed(self, setting: Setting) -> pd.DataFrame:
        rows = class_years(self.where, setting)
        rows = rows[(rows["ends"] >= setting.duties_from).to_numpy()]
        return rows.merge(pd.DataFrame({"wanted": list(self.copies or ("",))}), how="cross")

    def _termed(self, rows: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """The rows with `day` (the last of the term) and `limit`."""
        if self.due.form == "date":
            day = last_days(self.due, rows["year"].to_numpy(dtype=np.int64) + 1)
            limit = midnights(day + 1, setting)
        else:
            limit = self.due.terms(rows.assign(day=rows["ends"]), setting).limit
            day = rows["ends"].to_numpy(dtype=np.int64)
        return rows.assign(day=day, limit=limit, due=limit)

    def _done(self, setting: Setting) -> pd.DataFrame:
        """The acts with `fit` (nothing known speaks against them) and `ordered` (done after `counted_after`)."""
        acts = acts_done(self.act, self.document, setting)
        acts = acts.assign(fit=~_unfitting(acts, self.formats), ordered=True)
        if self.counted_after is not None:
            before = acts_done(self.counted_after, self.document, setting).groupby(CELL)["low"].min().rename("from")
            acts["ordered"] = (acts["done"] >= acts.join(before, on=CELL)["from"]).to_numpy()
        if self.act == "printed":
            acts = pd.concat([acts, self._implied(acts, setting)], ignore_index=True)
        return acts

    def _implied(self, acts: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Prints that are known only by the binding: they were made at the latest then, whatever was printed after it."""
        bound = acts_done("bound", self.document, setting).drop_duplicates(CELL)
        printed = acts.groupby(CELL)["done"].min().rename("printed").reset_index()
        bound = bound.merge(printed, on=CELL, how="left")
        bound = bound[~(bound["printed"] <= bound["done"])].drop(columns="printed")
        opening = pd.to_datetime(bound["year"].astype(str) + "-09-01").to_numpy().astype("datetime64[us]")
        return bound.assign(fit=True, ordered=True, low=np.minimum(opening, bound["low"].to_numpy()))

    def _first(self, rows: pd.DataFrame, done: pd.DataFrame) -> pd.DataFrame:
        """Each row with the act that counts for it: the first that fits and is in order, else the first that fits, else the first."""
        ordered = done.sort_values(["fit", "ordered", "done"], ascending=[False, False, True])
        if not self.copies:
            return _beside(rows, ordered.drop_duplicates(CELL))
        parts = []
        for copy in self.copies:
            of_copy = ordered[ordered["copy"].isin(["", copy])]
            parts.append(_beside(rows[rows["wanted"] == copy], of_copy.drop_duplicates(CELL)))
        return pd.concat(parts, ignore_index=True)

    def _following(self, rows: pd.DataFrame, triggers: pd.DataFrame, done: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Rows of classes with a trigger: each with the act that came soonest after one, else with one that came before all."""
        calendar = setting.calendar
        day = setting.journal.local_day(triggers["done"].to_numpy())
        start = calendar.roll(day) if self.due.form == "same_day" and len(day) else day
        limit = self.due.terms(triggers.assign(day=start), setting).limit
        triggers = triggers.assign(day=day, limit=limit, due=limit, opens=triggers["low"], since=triggers["done"])
        triggers = triggers.rename(columns={"event": "ev_after"})[[*CELL, "day", "limit", "due", "opens", "since", "ev_after"]]
        pairs = triggers.merge(done, on=CELL)
        pairs["behind"] = pairs["done"] >= pairs["opens"]
        pairs["kept"] = pairs["behind"] & (pairs["done"] < pairs["limit"])
        order = ["kept", "behind", "fit", "done", "since"]
        best = pairs.sort_values(order, ascending=[False, False, False, True, False]).drop_duplicates(CELL)
        behind = best.loc[best["behind"] | (self.early != "ignore"), [*CELL, "ev_after"]].assign(chosen=True)
        # Where nothing followed, the latest trigger is what the term still runs from.
        latest = triggers.drop_duplicates(CELL, keep="last")
        left = latest.merge(best[CELL].assign(chosen=True), on=CELL, how="left")
        undone = left[left["chosen"].isna()].drop(columns="chosen")
        found = best.merge(behind, on=[*CELL, "ev_after"])
        counted = pd.concat([found.drop(columns=["behind", "kept", "chosen"]), undone], ignore_index=True)
        return rows.merge(counted, on=CELL).rename(columns={"event": "ev_record"})

    # ---- verdicts ------------------------------------------------------------------------------------------------------------------

    def _unfit(self, frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """An act in a wrong format does not meet the duty: until its term the duty is open, then the act is what contradicts it."""
        unfit = frame["fit"].astype(object).eq(other=False).to_numpy()
        over = unfit & (frame["limit"].to_numpy() <= setting.as_of)
        done, low, limit = (frame[name].to_numpy(dtype="datetime64[us]") for name in ("done", "low", "limit"))
        return frame.assign(
            limit=np.where(over, np.minimum(limit, low), limit),
            done=np.where(unfit & ~over, NEVER, done),
            low=np.where(unfit & ~over, NEVER, low),
            status=np.where(over, "mismatch", "late"),
            fig_format=np.where(over, frame["format"].astype(object).fillna(""), ""),
        )

    def _finished(self, frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        gone = frame["gone"].to_numpy(dtype=bool)
        person = answerable(
            self.role,
            frame["day"].to_numpy(dtype=np.int64),
            setting,
            homerooms=frame["homeroom"].to_numpy(dtype=np.int32),
            actors=frame["actor"].fillna(-1).to_numpy(dtype=np.int32),
        )
        undone = frame["done"].isna().to_numpy()
        return frame.assign(
            person=person,
            object=[year_label(year) for year in frame["year"]],
            act=cell_acts(frame, self.document),
            # A class that was dissolved may have been closed under another name: a person must look.
            late=np.where(gone & (self.verdict != "ignore"), "review", self.verdict),
            missing=np.where(gone & (self.missing != "ignore"), "review", self.missing),
            fig_undone=undone,
            fig_gone=gone,
            fig_copy=frame["wanted"].to_numpy(dtype=object),
            fig_done=frame["done"].to_numpy(dtype="datetime64[us]"),
        )

    # ---- in words ------------------------------------------------------------------------------------------------------------------

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the term in Russian; `day` is its last day, or the day of the act from which it runs."""
        shown = short_instant(due, setting)
        if self.due.form == "date":
            text = _("дата {day} — срок до {due}").format(day=short_day(day), due=shown)
            off = self.due.inclusive and not setting.calendar.is_working(np.array([day]))[0]
            return text + (_(" (выходной, но названная дата не переносится)") if off else "")
        if self.after is not None and self.due.form == "same_day":
            return _("{act} {day}, в тот же рабочий день — срок до {due}").format(
                act=act_names()[self.after], day=short_day(day), due=shown
            )
        return self.due.arithmetic(day, due, setting)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian that the act is not recorded, or in which wrong format it was done."""
        act = act_names()[self.act]
        tail = _("; в конце года в классе никого не было — решает человек") if any(case["gone"] for case in figures) else ""
        wrong = [case for case in figures if case["format"]]
        if wrong:
            done = short_instant(cast("np.datetime64", wrong[0]["done"]), setting)
            text = _("{act} {done} — в формате {format}, а нужен {formats}")
            return text.format(act=act, done=done, format=wrong[0]["format"], formats=_(" или ").join(self.formats)) + tail
        undone = [case for case in figures if case["undone"]]
        if not undone:
            return ""
        copies = {"main": _("основной экземпляр"), "working": _("рабочий экземпляр")}
        lacking = [copies[str(case["copy"])] for case in undone if case["copy"]]
        text = _("на {as_of} {act} не отмечена").format(as_of=short_instant(setting.as_of, setting), act=act)
        return text + (f": {', '.join(lacking)}" if lacking else "") + tail


def _unfitting(acts: pd.DataFrame, formats: tuple[str, ...]) -> np.ndarray:
    """Acts whose format is named and is none of these."""
    return np.asarray((acts["format"] != "").to_numpy() & ~acts["format"].isin(formats).to_numpy() & bool(formats))


def _beside(rows: pd.DataFrame, acts: pd.DataFrame) -> pd.DataFrame:
    return rows.merge(acts, on=CELL, how="left").rename(columns={"event": "ev_record"})
