"""Marks in lessons from which the same student is coded absent."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

RULE = "family: contradicted_attendance\n"
BEFORE = "2024-08-26T10:00:00+05:00"
SCHOOL = [event(1, "class.formed", BEFORE, class_="7А", grade=7), lesson(1, "2024-10-01")]
WORK = event(2, "work.set", BEFORE, work="W-1", lesson="L-1", kind="control")


def absent(code: str = "Н", number: int = 10, kind: str = "attendance.recorded") -> Json:
    return event(number, kind, f"2024-10-01T09:{number}:00+05:00", "t-01", lesson="L-1", student="s-01", code=code)


def mark(value: str = "5", day: str = "01", **data: str) -> Json:
    return event(20, "mark.recorded", f"2024-10-{day}T09:38:00+05:00", "t-01", lesson="L-1", student="s-01", value=value, **data)


def found(log_of, *events: Json, rule: str = RULE) -> list[tuple[object, ...]]:
    return findings(log_of([*SCHOOL, *events]), rule, "verdict", "status", "responsible", "lesson", "students")


BROKEN = [("review", "mismatch", "t-01", "L-1", ("s-01",))]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([absent(), mark()], BROKEN),
        ([absent(), mark(day="03")], BROKEN),
        ([mark()], []),
        ([absent()], []),
        ([absent(), mark("Н5")], BROKEN),
        ([mark("УП5")], BROKEN),
        ([absent(), mark("н/а")], []),  # no mark, a word
        ([mark("н/а")], []),
        ([absent(), absent("П", 11, "attendance.changed"), mark()], []),  # was there after all
        ([absent("ОП"), mark()], []),  # came late
        ([WORK, absent(), mark(work="W-1")], BROKEN),  # written while away
        ([WORK, absent(), mark(day="08", work="W-1")], []),  # written afterwards
    ],
)
def test_a_mark_against_an_absence(log_of, events: list[Json], expected: list[object]) -> None:
    """As things stand, the code says away and the cell holds a mark that was not earned at another time."""
    assert expected == found(log_of, *events)


def test_deleted_marks_contradict_nothing(log_of) -> None:
    """Only what stands is looked at."""
    deleted = event(30, "mark.deleted", "2024-10-01T10:00:00+05:00", "t-01", lesson="L-1", student="s-01")

    assert [] == found(log_of, absent(), mark(), deleted)


def test_where_combined_cells_are_allowed(log_of) -> None:
    """A mark beside the code is right there; a plain one is right when it was entered after the lesson's day."""
    allowed = RULE + "combined: true\n"

    assert [] == found(log_of, absent(), mark("Н45"), rule=allowed)
    assert [] == found(log_of, absent(), mark("5", day="03"), rule=allowed)
    assert BROKEN == found(log_of, absent(), mark("5"), rule=allowed)


def test_sanatorium(log_of) -> None:
    """Marks of a student in a sanatorium come from there."""
    order = event(
        40, "order.signed", BEFORE, order="O-1", kind="sanatorium", person="s-01", date="2024-09-20", from_="2024-09-25", to="2024-10-15"
    )  # fmt: skip

    assert [] == found(log_of, order, absent("УП"), mark("УП5"))


def test_grades_and_cancelled_lessons(log_of) -> None:
    """The rule speaks of lessons held in its grades; records of a cancelled lesson are another matter."""
    cancelled = event(41, "lesson.cancelled", "2024-10-01T08:00:00+05:00", lesson="L-1")

    assert [] == found(log_of, absent(), mark(), rule=RULE + "where: {grades: [8]}\n")
    assert [] == found(log_of, absent(), mark(), cancelled)


def test_both_records_are_named(log_of) -> None:
    """The explanation names mark and code, the evidence both events."""
    (finding,) = tried(log_of([*SCHOOL, absent(), mark()]), RULE).findings

    assert "стоит отметка «5», а в посещаемости этого урока — «Н»" in finding.explanation
    assert {"e-010", "e-020", "l-001"} == set(finding.evidence)
    assert (None, "2024-10-01T09:38:00+05:00") == (finding.due_at, finding.done_at)
