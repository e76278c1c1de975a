"""Family `participation`: what share of teachers keep the journal, and of families and students look into it, by study period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.journal import codes_of
from ingest.wording import _
from rules.cases import Cases
from rules.figures import Asked, Measure, Threshold, measured_cases, told
from rules.norm import Norm, Number
from rules.spans import span_of, study_spans
from rules.student_duties import paper_families

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.setting import Setting

Mask = npt.NDArray[np.bool_]
_RECORDS = ("topic.recorded", "homework.recorded", "attendance.taken", "attendance.recorded", "mark.recorded")


class Participation(Norm):
    """The share of lessons that their teachers recorded, of teachers who record at all, of families or students who look into the diary.

    Broken: in the first quarter 9 of 25 families looked into the diary where the school wants half. Kept: 13 of 25. Without a threshold:
    figures, and no verdict.
    """

    family: Literal["participation"]
    of: Literal["lessons", "teachers", "families", "students"] = Field(
        description="Доля: lessons – уроков с записью своего учителя (по учителям); teachers – учителей, которые ведут журнал; "
        "families – семей, которые смотрели дневник; students – учеников, которые входили в журнал (по классам)"
    )
    least: Number | None = Field(default=None, ge=0, description="Сколько процентов нужно; не задано – только показатели")

    @property
    def judges(self) -> bool:
        """Whether a threshold is set."""
        return super().judges and self.least is not None

    def cases(self, setting: Setting) -> Cases:
        """Give the shares, and one row per share of a finished period that is below the threshold."""
        return measured_cases(self, MEASURES[self.of], self._threshold, setting)

    @property
    def _threshold(self) -> Threshold:
        return Threshold(least=self.least)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian the share beside its threshold."""
        return told(MEASURES[self.of], figures[0], self._threshold)


# ---- teachers ------------------------------------------------------------------------------------------------------------------------


def recorded_lessons(setting: Setting) -> Mask:
    """Tell for each lesson code whether whoever held the lesson, or somebody unknown, made any record in it."""
    journal = setting.journal
    teacher = journal.lessons["teacher"].to_numpy()
    recorded = np.zeros(len(teacher), dtype=bool)
    for event_type in _RECORDS:
        table = journal.table(event_type)
        lesson, actor = codes_of(table["lesson"]), codes_of(table["actor"])
        recorded[lesson[(actor == teacher[lesson]) | (actor < 0)]] = True
    return recorded


def _own_lessons(scope: Scope, setting: Setting) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The periods, and per period (row of it) and teacher: lessons held by `as_of`, and how many of them the teacher recorded."""
    spans = study_spans(setting)
    lessons = setting.lessons(scope)
    lessons = lessons[(lessons["end"].to_numpy() <= setting.as_of) & (lessons["teacher"] >= 0)]
    frame = pd.DataFrame(
        {
            "span": span_of(lessons["day"].to_numpy(), spans),
            "person": lessons["teacher"].to_numpy(),
            "recorded": recorded_lessons(setting)[lessons["lesson"].to_numpy()],
        }
    )
    counts = frame[frame["span"] >= 0].groupby(["span", "person"])["recorded"].agg(part="sum", whole="size").reset_index()
    return spans, counts


def in_spans(frame: pd.DataFrame, spans: pd.DataFrame) -> pd.DataFrame:
    """Give `frame` (with `span`, a row of `spans`) with its period, day (the first), closed and ev_period."""
    row = frame["span"].to_numpy(dtype=np.int64)
    return frame.reset_index(drop=True).assign(
        period=spans["period"].to_numpy()[row],
        day=spans["starts"].to_numpy()[row],
        closed=spans["closed"].to_numpy(dtype=bool)[row],
        ev_period=spans["ev_period"].to_numpy()[row],
    )


def _recorded_share(asked: Asked) -> pd.DataFrame:
    spans, counts = _own_lessons(asked.scope, asked.setting)
    return in_spans(counts, spans)


def _teachers_taking_part(asked: Asked) -> pd.DataFrame:
    spans, counts = _own_lessons(asked.scope, asked.setting)
    totals = counts.assign(takes=counts["part"] > 0).groupby("span")["takes"].agg(part="sum", whole="size").reset_index()
    return in_spans(totals, spans)


# ---- families and students -----------------------------------------------------------------------------------------------------------


def roster(scope: Scope, spans: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Give who was in which class on the last day looked at of each period: span (row of `spans`), class, student."""
    parts = []
    for row, until in enumerate(spans["until"].tolist()):
        enrolment = setting.journal.enrolment
        inside = enrolment[(enrolment["starts"] <= until) & (until < enrolment["ends"])]
        grades = setting.journal.grade(inside["class"].to_numpy(), np.full(len(inside), until))
        chosen = np.isin(grades, scope.grades) if scope.grades else np.ones(len(inside), dtype=bool)
        parts.append(inside.loc[chosen, ["class", "student"]].assign(span=row))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"span": [], "class": [], "student": []}, dtype=np.int64)


def _parent_visits(setting: Setting) -> pd.DataFrame:
    """Every visit of a family to the diary: student, done."""
    journal, people = setting.journal, setting.people
    viewed = journal.entries("diary.viewed", student="person")
    pages = journal.entries("page.viewed", person="person", student="person")
    own = pd.concat([pages[["person", "done"]], _sessions("parent", setting)])
    own = own.merge(people.families[["parent", "student"]], left_on="person", right_on="parent")
    of_child: pd.DataFrame = pages[people.ever("parent")[pages["person"].to_numpy()] & (pages["student"] >= 0).to_numpy()]
    return pd.concat([part[["student", "done"]] for part in (viewed, own, of_child)], ignore_index=True)


def _student_visits(setting: Setting) -> pd.DataFrame:
    """Every visit of a student to the journal: student, done."""
    journal = setting.journal
    pages = journal.entries("page.viewed", person="person")[["person", "done"]]
    visits = pd.concat([pages, _sessions("student", setting)], ignore_index=True)
    return visits.set_axis(["student", "done"], axis="columns")


def _sessions(role: str, setting: Setting) -> pd.DataFrame:
    """Every session that was opened in a role, or in none that is named: person, done."""
    journal = setting.journal
    sessions = journal.entries("session.opened", account="person").rename(columns={"account": "person"})
    roles = journal.table("session.opened")["role"].astype(object)
    opened: pd.DataFrame = sessions.loc[(roles.isna() | (roles == role)).to_numpy(), ["person", "done"]]
    return opened


def _visited(members: pd.DataFrame, visits: pd.DataFrame, spans: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Shares per period and class, and per period of the whole school (class -1): part of `members` who have a visit in the period."""
    when = span_of(setting.journal.local_day(visits["done"].to_numpy()), spans)
    seen = np.unique((when << 32) + visits["student"].to_numpy())
    took = np.isin((members["span"].to_numpy(dtype=np.int64) << 32) + members["student"].to_numpy(), seen)
    frame = members.assign(took=took)
    by_class = frame.groupby(["span", "class"])["took"].agg(part="sum", whole="size").reset_index()
    school = frame.groupby("span")["took"].agg(part="sum", whole="size").reset_index().assign(**{"class": -1})
    shares = in_spans(pd.concat([by_class, school], ignore_index=True).astype(np.int64), spans)
    until = spans["until"].to_numpy()[shares["span"].to_numpy()]
    answers = setting.journal.homeroom(shares["class"].to_numpy(dtype=np.int32), until)
    # The whole school's share is nobody's own: only classes are held against a threshold.
    return shares.assign(answers=answers, closed=shares["closed"] & (shares["class"] >= 0))


def _families_viewing(asked: Asked) -> pd.DataFrame:
    spans = study_spans(asked.setting)
    members = roster(asked.scope, spans, asked.setting)
    paper = paper_families(("opted_out", "refused"), asked.setting)
    electronic = np.ones(len(members), dtype=bool)
    for row, until in enumerate(spans["until"].tolist()):
        on_paper = paper.loc[(paper["starts"] <= until) & (until < paper["ends"]), "student"]
        electronic &= ~((members["span"] == row) & members["student"].isin(on_paper)).to_numpy()
    return _visited(members[electronic], _parent_visits(asked.setting), spans, asked.setting)


def _students_viewing(asked: Asked) -> pd.DataFrame:
    spans = study_spans(asked.setting)
    return _visited(roster(asked.scope, spans, asked.setting), _student_visits(asked.setting), spans, asked.setting)


MEASURES = {
    "lessons": Measure("recorded_share", "percent", lambda: _("уроков с записью учителя, который их провёл"), _recorded_share),
    "teachers": Measure("teachers_taking_part", "percent", lambda: _("учителей, которые ведут журнал"), _teachers_taking_part),
    "families": Measure(
        "families_viewing",
        "percent",
        lambda: _("семей, которые смотрели дневник"),
        _families_viewing,
        lambda setting: len(_parent_visits(setting)) > 0,
    ),
    "students": Measure(
        "students_viewing",
        "percent",
        lambda: _("учеников, которые входили в журнал"),
        _students_viewing,
        lambda setting: bool(_student_visits(setting)["student"].isin(setting.journal.enrolment["student"]).any()),
    ),
}
