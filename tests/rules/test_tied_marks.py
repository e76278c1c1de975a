"""A mark says for what it was given."""

from __future__ import annotations

from tests.conftest import Json, event
from tests.rules.norms import findings, lesson

RULE = "family: tied_marks\n"
BASE = [
    event(1, "class.formed", "2024-08-26T10:00:00+05:00", class_="7А", grade=7),
    lesson(1, "2024-09-04"),
    event(2, "work.set", "2024-09-04T08:00:00+05:00", "t-01", work="W-1", lesson="L-1", kind="control"),
]


def mark(**data: object) -> Json:
    return event(20, "mark.recorded", "2024-09-05T12:00:00+05:00", "t-01", student="s-01", value="4", **data)


def test_a_mark_in_a_known_lesson_or_for_a_known_work_is_tied(log_of) -> None:
    for entry in (mark(lesson="L-1"), mark(lesson="L-1", work="W-1")):
        assert [] == findings(log_of([*BASE, entry]), RULE, "verdict")


def test_a_mark_for_an_unknown_work_is_for_a_person_to_decide(log_of) -> None:
    """The work is named in the explanation; the finding is dated by the lesson."""
    found = findings(
        log_of([*BASE, mark(lesson="L-1", work="W-9")]), RULE, "verdict", "status", "responsible", "class_", "students", "date"
    )
    ((text,),) = findings(log_of([*BASE, mark(lesson="L-1", work="W-9")]), RULE, "explanation")

    assert [("review", "mismatch", "t-01", "7А", ("s-01",), "2024-09-04")] == found
    assert "«W-9»" in text


def test_a_mark_in_an_unknown_lesson_is_for_a_person_to_decide(log_of) -> None:
    """Nobody knows its class; the finding is dated by the record."""
    found = findings(log_of([*BASE, mark(lesson="L-9")]), RULE, "verdict", "status", "responsible", "class_", "lesson", "date")

    assert [("review", "mismatch", "t-01", None, "L-9", "2024-09-05")] == found
    assert [] == findings(log_of([*BASE, mark(lesson="L-9")]), RULE + "where: {grades: [7]}", "verdict")
