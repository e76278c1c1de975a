"""Measures of the journal's own records: how many come late, how far they lag behind the lessons, how many marks and works there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.journal import codes_of
from ingest.wording import _
from rules.deadline import Deadline
from rules.density import ENOUGH_LESSONS, ONE_MARK, WITHOUT_MARKS, counted, few_words, shares
from rules.figures import Asked, Measure
from rules.mark_records import works_in
from rules.participation import in_spans
from rules.period_records import PERIOD_KINDS
from rules.spans import as_of_day, span_of, study_spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from rules.setting import Setting

    Figures = Callable[[Asked], pd.DataFrame]

_LINE = ["class", "subject", "group"]
_RECORDS = ("topic.recorded", "homework.recorded", "attendance.taken", "attendance.recorded", "mark.recorded", "mark.changed")


def _late_share(*records: str) -> Figures:
    """Give the share of records that came late or not at all, per teacher and period, by the terms that the bundle itself states."""

    def figures(asked: Asked) -> pd.DataFrame:
        setting = asked.setting
        spans = study_spans(setting)
        parts = [_owed(norm, setting) for norm in setting.norms.values() if isinstance(norm, Deadline) and norm.record in records]
        if not parts:
            return in_spans(pd.DataFrame({"span": [], "person": [], "part": [], "whole": []}, dtype=np.int64), spans)
        owed = pd.concat(parts, ignore_index=True).drop_duplicates("act")
        owed = owed[~_in_outage(owed["due"].to_numpy(), setting)]
        # What may have been made in time is not called late.
        owed = owed.assign(late=~(owed["low"] < owed["limit"]), span=span_of(owed["day"].to_numpy(), spans))
        owed = owed[(owed["span"] >= 0) & (owed["person"] >= 0)]
        return in_spans(owed.groupby(["span", "person"])["late"].agg(part="sum", whole="size").reset_index(), spans)

    return figures


def _owed(norm: Deadline, setting: Setting) -> pd.DataFrame:
    """The records of a norm that were made, or whose term has come; those that the norm does not demand only where they were made."""
    units: pd.DataFrame = setting.cases(norm).units[["person", "day", "act", "limit", "due", "low"]]
    if norm.assumed or not norm.scored:
        return units.iloc[:0]
    made = ~np.isnat(units["low"].to_numpy())
    demanded = (units["limit"].to_numpy() <= setting.as_of) & (norm.missing == "violation")
    owed: pd.DataFrame = units[~np.isnat(units["limit"].to_numpy()) & (made | demanded)]
    return owed


def _in_outage(due: npt.NDArray[np.datetime64], setting: Setting) -> npt.NDArray[np.bool_]:
    covered = np.zeros(len(due), dtype=bool)
    for begins, ends in setting.journal.outages[["begins", "ends"]].itertuples(index=False):
        covered |= (due >= np.datetime64(begins)) & ((due <= np.datetime64(ends)) | pd.isna(ends))
    return covered


def _days_behind(asked: Asked) -> pd.DataFrame:
    """Per class, subject and group: days from the last record to the last lesson held by `as_of`; from the first lesson where none is."""
    journal = asked.setting.journal
    spans = study_spans(asked.setting)
    lessons = asked.setting.lessons(asked.scope)
    lessons = lessons[lessons["end"].to_numpy() <= asked.setting.as_of].sort_values("start")
    written = np.full(len(journal.lessons), np.datetime64("NaT", "us"))
    for event_type in _RECORDS:
        table = journal.table(event_type).drop_duplicates("lesson", keep="last")
        at = codes_of(table["lesson"])
        written[at] = np.fmax(written[at], table["time"].to_numpy())
    own = written[lessons["lesson"].to_numpy()]
    recorded = np.where(np.isnat(own), np.iinfo(np.int64).min, journal.local_day(np.where(np.isnat(own), asked.setting.as_of, own)))
    line = lessons.assign(recorded=recorded).groupby(_LINE)
    lags = line.agg(first=("day", "first"), last=("day", "last"), answers=("planned_teacher", "last"), recorded=("recorded", "max"))
    lags = lags.reset_index().assign(span=lambda frame: span_of(frame["last"].to_numpy(), spans))
    lags = lags[lags["span"] >= 0]
    behind = lags["last"] - np.maximum(lags["recorded"], lags["first"])
    told = in_spans(lags[[*_LINE, "span", "answers"]].assign(value=np.maximum(behind, 0).astype(np.float64)), spans)
    return told.assign(closed=True)


def _few_marks(name: str) -> Figures:
    def figures(asked: Asked) -> pd.DataFrame:
        return shares(counted(asked.scope, asked.setting, PERIOD_KINDS, ENOUGH_LESSONS), asked.setting)[name]

    return figures


def _marks_per_student(asked: Asked) -> pd.DataFrame:
    """Per class, subject, group and period: marks, and students who are counted (`rules.density`)."""
    cells = counted(asked.scope, asked.setting, PERIOD_KINDS, ENOUGH_LESSONS)
    lines = shares(cells, asked.setting)[WITHOUT_MARKS]
    marks = cells[cells["counted"]].groupby([*_LINE, "period"])["marks"].sum().rename("given")
    joined = lines.join(marks, on=[*_LINE, "period"])
    return joined.assign(part=joined["given"].astype(np.int64)).drop(columns="given")


def _works(asked: Asked) -> pd.DataFrame:
    """Per class, subject, group and period: works done in lessons held by `as_of`."""
    spans = study_spans(asked.setting)
    lessons = asked.setting.lessons(asked.scope.model_copy(update={"works": (), "except_works": ()}))
    lessons = lessons[lessons["day"] <= as_of_day(asked.setting)]
    counts = works_in(asked.scope, asked.setting).groupby("lesson").size()
    frame = lessons.assign(span=span_of(lessons["day"].to_numpy(), spans), part=counts.reindex(lessons["lesson"], fill_value=0).to_numpy())
    frame = frame[frame["span"] >= 0].groupby(["span", *_LINE]).agg(part=("part", "sum"), answers=("planned_teacher", "last"))
    return in_spans(frame.reset_index(), spans)


MEASURES = (
    Measure("late_topics", "percent", lambda: _("тем, внесённых с опозданием или не внесённых"), _late_share("topic")),
    Measure(
        "late_marks",
        "percent",
        lambda: _("отметок за уроки и работы, выставленных с опозданием или не выставленных"),
        _late_share("lesson_marks", "work_marks"),
    ),
    Measure(
        "late_records",
        "percent",
        lambda: _("тем, заданий и отметок, внесённых с опозданием или не внесённых"),
        _late_share("topic", "homework", "lesson_marks", "work_marks"),
    ),
    Measure("days_behind", "days", lambda: _("на сколько последняя запись отстаёт от последнего урока"), _days_behind),
    Measure(WITHOUT_MARKS, "percent", lambda: few_words(WITHOUT_MARKS), _few_marks(WITHOUT_MARKS)),
    Measure(ONE_MARK, "percent", lambda: few_words(ONE_MARK), _few_marks(ONE_MARK)),
    Measure("marks_per_student", "ratio", lambda: _("отметок на ученика"), _marks_per_student),
    Measure("works", "count", lambda: _("проведённых работ"), _works),
)
