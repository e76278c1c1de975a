"""Entries only by those who hold the page."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

BEFORE = "2024-08-26T10:00:00+05:00"
RULE = "family: own_scope\n"
PEOPLE = [
    event(1, "person.registered", BEFORE, person="d-01", roles=["deputy_director"]),
    event(2, "person.registered", BEFORE, person="t-04", roles=["teacher"]),
    event(3, "person.registered", BEFORE, person="sec-01", roles=["secretary"]),
    event(4, "class.formed", BEFORE, class_="7А", grade=7, homeroom_teacher="h-01"),
    event(5, "class.formed", BEFORE, class_="7Б", grade=7, homeroom_teacher="h-02"),
    event(6, "student.joined", BEFORE, student="s-01", class_="7А", date="2024-09-02"),
    event(7, "access.granted", BEFORE, "a-01", person="t-04", class_="7Б", subject="История", from_="2024-09-10"),
    lesson(1, "2024-09-10"),
    lesson(2, "2024-09-11", teacher="t-02", class_="7А", group="2"),
    lesson(3, "2024-09-11", teacher="t-03", class_="7Б", subject="История"),
    lesson(4, "2024-09-12", teacher="t-05", subject="Физика"),
    event(8, "lesson.substituted", "2024-09-12T07:00:00+05:00", "d-01", lesson="L-4", teacher="t-03"),
    event(9, "lesson.substituted", "2024-09-12T07:30:00+05:00", "d-01", lesson="L-4", teacher="t-06"),
]


def mark(actor: str | None, in_lesson: str = "L-1", at: str = "2024-09-12T15:00:00") -> Json:
    return event(20, "mark.recorded", f"{at}+05:00", actor, lesson=in_lesson, student="s-01", value="4")


@pytest.mark.parametrize(
    ("actor", "in_lesson", "expected"),
    [
        ("t-01", "L-1", []),
        ("t-02", "L-1", []),  # holds the other group of the class and subject
        ("t-03", "L-1", [("violation", "forbidden", "t-03", "teacher")]),  # the same subject, but in another class
        ("t-05", "L-1", [("violation", "forbidden", "t-05", "teacher")]),  # the same class, but another subject
        ("h-01", "L-1", []),
        ("h-02", "L-1", [("violation", "forbidden", "h-02", "homeroom_teacher")]),
        ("d-01", "L-1", []),
        ("sec-01", "L-1", [("violation", "forbidden", "sec-01", "secretary")]),
        ("s-01", "L-1", [("violation", "forbidden", "s-01", "student")]),
        ("t-05", "L-4", []),  # planned
        ("t-06", "L-4", []),  # the last substitute
        ("t-03", "L-4", []),  # a substitute who was replaced again
        ("t-04", "L-3", []),  # access granted
        ("t-04", "L-1", [("violation", "forbidden", "t-04", "teacher")]),
    ],
)
def test_who_may_write_a_mark(log_of, actor: str, in_lesson: str, expected: list[object]) -> None:
    """Lesson, class and subject, homeroom, administration, or a grant: anything else is not one's own page."""
    assert expected == findings(log_of([*PEOPLE, mark(actor, in_lesson)]), RULE, "verdict", "status", "responsible", "role")


@pytest.mark.parametrize(
    ("actor", "in_lesson", "expected"),
    [
        ("t-02", "L-2", []),
        ("t-07", "L-2", [("review", "t-07", "2")]),  # holds the other group
        ("t-01", "L-2", []),  # holds lessons of the whole class
        ("h-01", "L-2", []),
        ("t-05", "L-1", []),  # no lesson of a group
    ],
)
def test_a_page_of_a_group(log_of, actor: str, in_lesson: str, expected: list[object]) -> None:
    """Where each group has its own page, the other group's teacher writes on a foreign one; other lessons are not spoken of."""
    other = lesson(5, "2024-09-11", teacher="t-07", class_="7А", group="1")
    log = log_of([*PEOPLE, other, mark(actor, in_lesson)])

    assert expected == findings(log, RULE + "page: group\nverdict: review\n", "verdict", "responsible", "group")


def test_a_grant_counts_from_its_day(log_of) -> None:
    """A record of the day before the grant begins is not covered."""
    assert [("t-04",)] == findings(log_of([*PEOPLE, mark("t-04", "L-3", "2024-09-09T15:00:00")]), RULE, "responsible")


def test_every_kind_of_entry(log_of) -> None:
    """Topics, homework, the roll, absences, marks and period marks are looked at, each as one finding; `entries` narrows them."""
    strange = "t-05"
    about = {"lesson": "L-1"}
    events = [
        event(20, "topic.recorded", "2024-09-12T15:00:00+05:00", strange, **about, text="Реформы"),
        event(21, "homework.recorded", "2024-09-12T15:00:00+05:00", strange, **about, text="§ 5"),
        event(22, "attendance.taken", "2024-09-12T15:00:00+05:00", strange, **about),
        event(23, "attendance.recorded", "2024-09-12T15:00:00+05:00", strange, **about, student="s-01", code="Н"),
        event(24, "mark.changed", "2024-09-12T15:00:00+05:00", strange, **about, student="s-01", value="5"),
        event(25, "period_mark.recorded", "2024-10-25T15:00:00+05:00", strange, class_="7А", subject="История",
              student="s-01", period="Q1", value="4"),
    ]  # fmt: skip
    log = log_of([*PEOPLE, *events])

    assert 6 == len(findings(log, RULE, "id"))
    assert 2 == len(findings(log, RULE + "entries: [topic, period_mark]\n", "id"))


def test_those_who_are_entitled_are_named_by_the_rule(log_of) -> None:
    """Where the text names only the director, a deputy's entry is not the deputy's own page."""
    assert [("d-01",)] == findings(log_of([*PEOPLE, mark("d-01")]), RULE + "entitled: [director]\n", "responsible")
    assert [("h-01",)] == findings(log_of([*PEOPLE, mark("h-01")]), RULE + "homeroom: false\n", "responsible")


@pytest.mark.parametrize(("actor", "undecided"), [("x-99", {"tried": 1}), (None, {})])
def test_an_unknown_hand_accuses_nobody(log_of, actor: str | None, undecided: dict[str, int]) -> None:
    """An actor whom no list knows is counted as undecidable; a record without an actor says nothing."""
    audit = tried(log_of([*PEOPLE, mark(actor)]), RULE)

    assert ([], undecided) == (audit.findings, audit.undecidable)


def test_the_explanation_names_the_entry(log_of) -> None:
    (finding,) = tried(log_of([*PEOPLE, mark("t-05")]), RULE).findings

    assert (
        "Норма (7А, История, 10.09.2024, ученик: s-01): запись внёс t-05 12.09.2024 15:00: этот урок, класс или предмет за ним не "
        "закреплён, доступ не давали (п. 1)."
    ) == finding.explanation
