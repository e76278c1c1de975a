"""Family `family_report`: families are told how their children do, on paper where they want no electronic form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from ingest.journal import NEVER
from rules.cases import Cases, acts, empty_act, silent, units
from rules.duty_acts import Form, ReportKind, named
from rules.interval_acts import absence, answering, fulfilled, gap_outcome, gaps, gaps_due
from rules.interval_rows import intervals
from rules.intervals import Every
from rules.norm import Answer, Norm, Role
from rules.student_duties import Paper, paper_families, student_intervals, student_spells

if TYPE_CHECKING:
    from rules.setting import Setting

_GRAIN = ("class", "student", "period", "day")
_GAP_GRAIN = ("student", "day")


class FamilyReport(Norm):
    """Families get reports on their children in every interval, or with so many days between two at most.

    Broken: fifteen days between two printouts for a family that opted out. Kept: fourteen; none after the family signed a consent.
    """

    family: Literal["family_report"]
    role: Role = Field(default="homeroom_teacher", description="Кто отвечает")
    families: Literal["all", "paper"] = Field(default="paper", description="Кому: всем или тем, кто не получает электронной формы")
    paper: tuple[Paper, ...] = Field(
        default=("opted_out", "refused"), min_length=1, description="Кто такие families: paper – отказавшиеся от формы, от согласия"
    )
    per: Literal["student", "class"] = Field(default="student", description="За каждого ученика или хотя бы кому-то в классе")
    reports: tuple[ReportKind, ...] = Field(default=(), description="Виды отчётов; пусто – любой")
    form: Form = Field(default="any", description="В каком виде: paper, electronic или any")
    notices: tuple[str, ...] = Field(default=(), description="Извещения на эти темы (notice.sent, about), которые тоже годятся")
    every: Every = Field(description="Как часто")
    missing: Answer = Field(default="violation", description="Вывод, если семью не известили")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.per == "class" and (self.families == "paper" or self.every.form == "days"):
            raise ValueError("paper and days between two go by student")
        if self.every.day == "all":
            raise ValueError("families are told on days with lessons")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per interval (or gap) and student, or class: done with the first report that counts for it."""
        gapped = self.every.form == "days"
        rows = self._spells(setting) if gapped else self._intervals(setting)
        grain = _GAP_GRAIN if gapped else _GRAIN
        sources = ("report.delivered", *(("notice.sent",) if self.notices else ()))
        if not setting.journal.has(*sources):
            due = gaps_due(rows, self.every, setting) if gapped else int((rows["limit"] <= setting.as_of).sum())
            return silent(self, grain, due)
        told = self._told(rows, setting)
        frame = gaps(rows, told, self.every, setting) if gapped else fulfilled(rows, told, self.every)
        days = frame["due_day"].to_numpy(dtype=np.int64)
        if gapped:
            frame["class"] = setting.people.class_of(frame["student"].to_numpy(dtype=np.int32), days)
        else:
            frame = self._still_owed(frame)
            days = frame["due_day"].to_numpy(dtype=np.int64)
        event, first = frame["event"].to_numpy(dtype=np.int32), frame["first"].to_numpy(dtype=np.int64)
        cell = frame["student"].to_numpy(dtype=np.int64) * 2 + 1 if self.per == "student" else frame["class"].to_numpy(dtype=np.int64) * 2
        frame = frame.assign(
            person=answering(self.role, frame["class"].to_numpy(dtype=np.int32), days, setting),
            day=first,
            ev_record=event,
            act=acts(event, empty_act("report", first, cell)),
        )
        return Cases(self, units(frame), grain, missing=self.missing)

    # ---- whom it is owed to ----------------------------------------------------------------------------------------------------

    def _families(self, setting: Setting) -> pd.DataFrame:
        if self.families == "paper":
            return paper_families(self.paper, setting)
        students = np.unique(setting.journal.enrolment["student"].to_numpy())
        return pd.DataFrame({"student": students, "starts": 0, "ends": NEVER, "ev_start": -1})

    def _spells(self, setting: Setting) -> pd.DataFrame:
        return student_spells(self._families(setting), setting)

    def _intervals(self, setting: Setting) -> pd.DataFrame:
        if self.per == "class":
            rows = intervals(self.every, self.where, setting, "class").rename(columns={"owner": "class"})
            return rows.assign(student=-1, key=rows["class"], ends=NEVER)
        families = self._families(setting)
        rows = student_intervals(self.every, self.where, families["student"], setting).merge(families, on="student")
        # What follows an interval is owed to whoever filed before its end; else the interval must begin after the filing.
        begun = rows["starts"] <= (rows["last"] if self.every.follows else rows["first"] - int(self.every.form == "day"))
        inside = begun & (rows["last"] < rows["ends"])
        return rows.assign(key=rows["student"])[inside].reset_index(drop=True)

    def _still_owed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Without the intervals whose report the family no longer needed when it fell due."""
        lapsed = (frame["ends"] <= frame["due_day"]) & ~(frame["done"] < frame["limit"])
        owed: pd.DataFrame = frame[~lapsed].reset_index(drop=True)
        return owed

    # ---- what was told ---------------------------------------------------------------------------------------------------------

    def _told(self, rows: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Reports and notices with `key`, the student (or class) that they tell about."""
        journal = setting.journal
        parts = [self._reports(setting)]
        if self.notices:
            parts.append(self._notices(setting))
        told = pd.concat(parts, ignore_index=True)
        told = told.assign(day=journal.local_day(told["done"].to_numpy(dtype="datetime64[us]")))
        of_student = told[told["student"] >= 0]
        if self.per == "class":
            classes = setting.people.class_of(of_student["student"].to_numpy(dtype=np.int32), of_student["day"].to_numpy(dtype=np.int64))
            of_class = told[told["student"] < 0].assign(key=lambda frame: frame["class"])
            return pd.concat([of_student.assign(key=classes), of_class], ignore_index=True)
        members = journal.enrolment.loc[journal.enrolment["student"].isin(rows["student"]), ["student", "class", "starts", "ends"]]
        handed = told[told["student"] < 0].drop(columns="student").merge(members, on="class")
        handed = handed[(handed["starts"] <= handed["day"]) & (handed["day"] < handed["ends"])]
        both = pd.concat([of_student, handed[of_student.columns]], ignore_index=True)
        return both.assign(key=both["student"])

    def _reports(self, setting: Setting) -> pd.DataFrame:
        """Reports on a student, or on a whole class where they were not handed to the administration."""
        fields = {"report": "word", "student": "person", "class": "class", "form": "word", "to": "person"}
        reports = setting.journal.entries("report.delivered", **fields)
        to = reports["to"].to_numpy()
        outward = setting.people.family[to] | ~setting.people.known[to]
        chosen = (reports["student"].to_numpy() >= 0) | ((reports["class"].to_numpy() >= 0) & outward)
        if self.reports:
            chosen &= named(self.reports, setting)[reports["report"].to_numpy()]
        if self.form != "any":
            chosen &= named((self.form,), setting)[reports["form"].to_numpy()]
        found: pd.DataFrame = reports.loc[chosen, ["event", "done", "low", "student", "class"]]
        return found

    def _notices(self, setting: Setting) -> pd.DataFrame:
        """Notices about a student, named in them or by the parent to whom they went."""
        fields = {"about": "word", "student": "person", "class": "class", "form": "word", "to": "person"}
        notices = setting.journal.entries("notice.sent", **fields)
        chosen = named(self.notices, setting)[notices["about"].to_numpy()]
        if self.form != "any":
            chosen &= named((self.form,), setting)[notices["form"].to_numpy()]
        notices = notices[chosen]
        by_parent = notices[notices["student"] < 0].drop(columns="student")
        by_parent = by_parent.merge(setting.people.families[["parent", "student"]], left_on="to", right_on="parent")
        found = pd.concat([notices[notices["student"] >= 0], by_parent], ignore_index=True)
        about: pd.DataFrame = found[["event", "done", "low", "student", "class"]]
        return about

    # ---- in words --------------------------------------------------------------------------------------------------------------

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the interval and its term in Russian."""
        return self.every.arithmetic(day, due, setting)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give the intervals missed in a gap, or the reports before and after, in Russian."""
        return gap_outcome(self.every, figures, setting) if self.every.form == "days" else absence(figures, setting)
