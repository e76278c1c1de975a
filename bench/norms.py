"""The eight norms of the comparison as the engine has them: the rules of a bundle, and a count."""

from __future__ import annotations

import numpy as np

from engine.sieve import kept, states
from ingest.journal import Journal
from rules.codes import Codes
from rules.deadline import Deadline
from rules.density import mark_counts
from rules.edit_window import EditWindow
from rules.norm import Norm, Scope
from rules.setting import Setting

_COMMON = {"title": "Норма сравнения", "clause": "1", "severity": "major"}
_GRADES = {"grades": (2, 3, 4, 5, 6, 7, 8, 9, 10, 11)}
LEAST_MARKS = 3


def _deadline(name: str, **parameters: object) -> Deadline:
    return Deadline.model_validate({"id": name, "family": "deadline", **_COMMON, **parameters})


NORMS: tuple[Norm, ...] = (
    _deadline("topic", record="topic", due={"same_day": True}),
    _deadline("homework", record="homework", where=_GRADES, due={"minutes_after_last_lesson": 60}),
    _deadline("control-5-days", record="work_marks", where={"works": ("control",)}, due={"working_days": 5}),
    _deadline("control-next-lesson", record="work_marks", where={"works": ("control",)}, due={"next_lesson": True}),
    EditWindow.model_validate({"id": "window", "family": "edit_window", "record": "marks", "days": 14, **_COMMON}),
    Codes.model_validate({"id": "codes", "family": "codes", "cell": "mark", "allowed": ("2", "3", "4", "5"), **_COMMON}),
    _deadline("period-marks", record="period_marks", where=_GRADES, periods=("quarter",), due={"hours_after_period_end": 0}),
)


def run(journal: Journal, setting: Setting) -> dict[str, int]:
    """Build the cases of every norm from a fresh journal and sieve them; give norm → how many cases are left."""
    fresh = setting.with_journal(Journal(journal.log, journal.zone, journal.as_of))
    found = {}
    for norm in NORMS:
        cases = norm.cases(fresh)
        found[norm.id] = int(kept(cases, states(cases, fresh.as_of)).sum())
    counts = mark_counts(Scope(**_GRADES), fresh, ("quarter",))
    found["few-marks"] = int((counts["marks"].to_numpy() < LEAST_MARKS).sum())
    return found


def working_days(setting: Setting) -> np.ndarray:
    """Give the working days of the staff as day numbers, for the other side of the comparison."""
    return np.flatnonzero(setting.calendar.working) + setting.calendar.first
