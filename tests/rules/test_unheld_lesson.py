"""Records of lessons that were not held, or not by those who recorded them."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

RULE = "family: unheld_lesson\n"
BEFORE = "2024-08-26T10:00:00+05:00"
SCHOOL = [event(1, "class.formed", BEFORE, class_="7А", grade=7), lesson(1, "2024-10-02")]
ENTRIES = {
    "topic": ("topic.recorded", {"text": "Реформы"}),
    "homework": ("homework.recorded", {"text": "§ 5"}),
    "roll": ("attendance.taken", {}),
    "absence": ("attendance.recorded", {"student": "s-01", "code": "Н"}),
    "mark": ("mark.recorded", {"student": "s-01", "value": "4"}),
}


def entry(name: str = "topic", at: str = "2024-10-02T14:00:00", actor: str = "t-01", **more: str) -> Json:
    kind, data = ENTRIES[name]
    return event(20, kind, f"{at}+05:00", actor, **(data | {"lesson": "L-1"} | more))


def cancelled(at: str = "2024-10-02T08:00:00") -> Json:
    return event(10, "lesson.cancelled", f"{at}+05:00", lesson="L-1", reason="мороз")


def away(at: str, starts: str = "2024-10-01", ends: str = "2024-10-04", person: str = "t-01") -> Json:
    return event(11, "absence.registered", f"{at}+05:00", person=person, from_=starts, to=ends, reason="болезнь")


def found(log_of, *events: Json, rule: str = RULE) -> list[tuple[object, ...]]:
    return findings(log_of([*SCHOOL, *events]), rule, "verdict", "status", "responsible", "lesson")


BROKEN = [("review", "mismatch", "t-01", "L-1")]


@pytest.mark.parametrize("name", ENTRIES)
def test_records_of_a_cancelled_lesson(log_of, name: str) -> None:
    """Each record made after the cancellation was known is a finding; the school may look at some kinds only."""
    assert BROKEN == found(log_of, cancelled(), entry(name))
    assert [] == found(log_of, cancelled("2024-10-02T14:00:01"), entry(name))
    assert [] == found(log_of, entry(name))
    expected = BROKEN if name == "topic" else []
    assert expected == found(log_of, cancelled(), entry(name), rule=RULE + "entries: [topic]\n")


def test_a_lesson_scheduled_again_was_held(log_of) -> None:
    """The last word on the timetable counts."""
    again = lesson(1, "2024-10-03") | {"id": "l-901", "time": "2024-10-02T09:00:00+05:00"}

    assert [] == found(log_of, cancelled(), again, entry(at="2024-10-03T09:30:00"))


def test_a_corrected_record_is_none(log_of) -> None:
    """A mark that was deleted again does not stand."""
    deleted = event(30, "mark.deleted", "2024-10-02T15:00:00+05:00", "t-01", lesson="L-1", student="s-01")

    assert [] == found(log_of, cancelled(), entry("mark"), deleted)


def test_between_two_snapshots_nobody_knows(log_of) -> None:
    """A record that may be older than the cancellation is unproven."""
    bracketed = entry() | {"evidence": "bracketed", "notbefore": "2024-10-01T20:00:00+05:00"}

    assert [("unproven", "mismatch", "t-01", "L-1")] == found(log_of, cancelled(), bracketed)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([away("2024-10-01T08:00:00"), entry()], BROKEN),
        ([away("2024-10-02T08:00:00", "2024-10-02"), entry()], BROKEN),  # known before the lesson
        ([away("2024-10-02T12:00:00", "2024-10-02"), entry()], []),  # fell ill during the day
        ([away("2024-10-02T12:00:00"), entry()], BROKEN),  # away since yesterday
        ([away("2024-10-03T12:00:00"), entry()], []),  # the record is older than the absence's
        ([away("2024-10-01T08:00:00", "2024-10-03"), entry()], []),  # came back later, or was there
        ([away("2024-10-01T08:00:00", person="t-02"), entry(actor="t-02")], []),  # another's lesson
        ([away("2024-10-01T08:00:00"), entry(actor="a-01")], []),
        ([away("2024-10-01T08:00:00"), event(12, "lesson.substituted", "2024-10-01T09:00:00+05:00", lesson="L-1", teacher="t-02"), entry()],
         []),  # the substitute held it
    ],
)  # fmt: skip
def test_records_of_an_absent_teacher(log_of, events: list[Json], expected: list[object]) -> None:
    """The lesson's own teacher records it although registered as absent on its day."""
    assert expected == found(log_of, *events)
    assert [] == found(log_of, *events, rule=RULE + "absent_teacher: false\n")


def test_explanations(log_of) -> None:
    """They name what is contradicted and since when it was known; both events are evidence."""
    (of_lesson,) = tried(log_of([*SCHOOL, cancelled(), entry()]), RULE).findings
    (of_teacher,) = tried(log_of([*SCHOOL, away("2024-10-01T08:00:00"), entry()]), RULE).findings

    assert "урок отменён 02.10.2024 08:00, запись сделана позже" in of_lesson.explanation
    assert "отсутствие которого в день урока зарегистрировано 01.10.2024 08:00" in of_teacher.explanation
    assert ({"e-010", "e-020", "l-001"}, {"e-011", "e-020", "l-001"}) == (set(of_lesson.evidence), set(of_teacher.evidence))
    assert (None, "2024-10-02T14:00:00+05:00", "2024-10-02") == (of_lesson.due_at, of_lesson.done_at, of_lesson.date)
